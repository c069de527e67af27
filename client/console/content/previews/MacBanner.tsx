import type { ReactNode } from 'react';
import { PreviewActions } from './PreviewActions';
import { PreviewPicture } from './PreviewPicture';
import type { PreviewContent } from './previewContent';

/** A banner of macOS: the browser's icon left, the notification's own as a thumbnail right. */
export function MacBanner({ content }: { content: PreviewContent }): ReactNode {
  const { title, body, site, icon, actions } = content;
  return (
    <>
      <div className="preview-text">
        <span className="preview-app">
          <span className="preview-logo" data-browser="chrome" />
        </span>
        <div className="preview-words">
          <div className="preview-head">
            <strong className="preview-title" data-lines="1" dir="auto">
              {title}
            </strong>
            <span className="preview-when">now</span>
          </div>
          <span className="preview-site">{site}</span>
          {body && (
            <span className="preview-body" data-lines="2" dir="auto">
              {body}
            </span>
          )}
        </div>
        {icon && <PreviewPicture className="preview-icon" url={icon} />}
      </div>
      {actions.length > 0 && (
        <div className="preview-options">
          <span className="preview-options-button">Options ⌄</span>
          <PreviewActions actions={actions} />
        </div>
      )}
    </>
  );
}
