import type { CSSProperties, ReactNode } from 'react';
import { FanfareMark } from '../layout/FanfareMark';
import type { Draft } from './draft';
import type { Platform } from './platforms';

/** One notification as a platform draws it; the site stands for the page that subscribed. */
export function PreviewCard({ draft, platform }: { draft: Draft; platform: Platform }): ReactNode {
  const actions = draft.actions.filter(({ title }) => title.trim() !== '').slice(0, platform.actions);
  const image = platform.image ? draft.image : '';
  return (
    <figure className="preview" data-platform={platform.name} aria-label={`Preview: ${platform.label}`}>
      <PreviewSource platform={platform.name} />
      <div className="preview-text">
        {platform.icon && <PreviewIcon url={draft.icon} />}
        {platform.name === 'ios' && <FanfareMark size={38} />}
        <div className="preview-words">
          <div className="preview-head">
            <strong className="preview-title" style={lines(platform.titleLines)}>
              {draft.title || 'Title'}
            </strong>
            {(platform.name === 'mac' || platform.name === 'ios') && (
              <span className="preview-when">now</span>
            )}
          </div>
          {platform.name === 'mac' && <span className="preview-site">{siteOf(draft)}</span>}
          {platform.name === 'ios' && <span className="preview-site">from Your app</span>}
          <span className="preview-body" style={lines(platform.bodyLines)}>
            {draft.body}
          </span>
          {platform.name === 'windows' && (
            <span className="preview-site">Google Chrome · {siteOf(draft)}</span>
          )}
          {platform.name === 'firefox' && <span className="preview-site">via {siteOf(draft)}</span>}
        </div>
      </div>
      {isShowable(image) && <img className="preview-image" src={image} alt="" />}
      {actions.length > 0 && (
        <div className="preview-actions">
          {actions.map(({ title }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no name but their place
            <span key={index}>{title}</span>
          ))}
        </div>
      )}
    </figure>
  );
}

/** The line above, where a platform has one. */
function PreviewSource({ platform }: { platform: Platform['name'] }): ReactNode {
  if (platform === 'windows') return <div className="preview-source">Google Chrome</div>;
  if (platform === 'android') return <div className="preview-source">Chrome · your-site.example · now</div>;
  if (platform === 'firefox') return <div className="preview-source">Firefox</div>;
  return null;
}

function PreviewIcon({ url }: { url: string }): ReactNode {
  return isShowable(url) ? (
    <img className="preview-icon" src={url} alt="" />
  ) : (
    <span className="preview-icon preview-no-icon" aria-hidden="true" />
  );
}

function siteOf({ navigate }: Draft): string {
  return URL.canParse(navigate) ? new URL(navigate).host : 'your-site.example';
}

function isShowable(url: string): boolean {
  return URL.canParse(url) && (url.startsWith('https:') || new URL(url).origin === location.origin);
}

function lines(count: number): CSSProperties {
  return { WebkitLineClamp: count };
}
