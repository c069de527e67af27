import type { ReactNode } from 'react';
import { PreviewActions } from './PreviewActions';
import { PreviewPicture } from './PreviewPicture';
import type { PreviewContent } from './previewContent';

/** A toast of Windows 11: app line, hero image, icon beside title, body and site, buttons. */
export function WindowsToast({ content }: { content: PreviewContent }): ReactNode {
  const { title, body, site, icon, image, actions } = content;
  return (
    <>
      <div className="preview-source">
        <span className="preview-logo" data-browser="chrome" />
        <span>Google Chrome</span>
        <span className="preview-controls">
          <span>⋯</span>
          <span>✕</span>
        </span>
      </div>
      {image && <PreviewPicture className="preview-image" url={image} />}
      <div className="preview-text">
        {icon && <PreviewPicture className="preview-icon" url={icon} />}
        <div className="preview-words">
          <strong className="preview-title" data-lines="2" dir="auto">
            {title}
          </strong>
          {body && (
            <span className="preview-body" data-lines="4" dir="auto">
              {body}
            </span>
          )}
          <span className="preview-site">{site}</span>
        </div>
      </div>
      <PreviewActions actions={actions} />
    </>
  );
}
