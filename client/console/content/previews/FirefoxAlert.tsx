import type { ReactNode } from 'react';
import { PreviewActions } from './PreviewActions';
import { PreviewPicture } from './PreviewPicture';
import type { PreviewContent } from './previewContent';

/** Firefox's own alert: icon, title, body, where it comes from, and the gear of its settings. */
export function FirefoxAlert({ content }: { content: PreviewContent }): ReactNode {
  const { title, body, site, icon, actions, dir, lang } = content;
  return (
    <>
      <div className="preview-source">
        <span className="preview-logo" data-browser="firefox" />
        <span>Firefox</span>
        <span className="preview-controls">
          <span>✕</span>
        </span>
      </div>
      <div className="preview-text">
        {icon && <PreviewPicture className="preview-icon" url={icon} />}
        <div className="preview-words">
          <strong className="preview-title" data-lines="1" dir={dir} lang={lang}>
            {title}
          </strong>
          {body && (
            <span className="preview-body" data-lines="4" dir={dir} lang={lang}>
              {body}
            </span>
          )}
          <span className="preview-via">
            <span>via {site}</span>
            <GearShape />
          </span>
        </div>
      </div>
      <PreviewActions actions={actions} />
    </>
  );
}

function GearShape(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" aria-hidden="true">
      <circle cx="12" cy="12" r="3.2" strokeWidth="2" />
      <circle cx="12" cy="12" r="7.6" strokeWidth="3" strokeDasharray="3.3 2.67" />
    </svg>
  );
}
