import { type ReactNode, useState } from 'react';
import { PreviewActions } from './PreviewActions';
import { PreviewPicture } from './PreviewPicture';
import type { PreviewContent } from './previewContent';

/** A notification in Android's drawer, open; the arrow folds it as a tap does there. */
export function AndroidNotification({ content }: { content: PreviewContent }): ReactNode {
  const { title, body, site, icon, image, badge, actions, age } = content;
  const [isOpen, setOpen] = useState(true);
  const bodyLines = isOpen && !image ? 8 : 1;
  return (
    <>
      <div className="preview-source">
        <span className="preview-badge">
          {badge ? <PreviewPicture className="preview-badge-picture" url={badge} /> : <BellShape />}
        </span>
        <span className="preview-origin">
          Chrome · {site} · {age}
        </span>
        <button
          type="button"
          className="preview-fold"
          aria-expanded={isOpen}
          aria-label={isOpen ? 'Fold the notification' : 'Open the notification'}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? '⌃' : '⌄'}
        </button>
      </div>
      <div className="preview-text">
        <div className="preview-words">
          <strong className="preview-title" data-lines="1" dir="auto">
            {title}
          </strong>
          {body && (
            <span className="preview-body" data-lines={bodyLines} dir="auto">
              {body}
            </span>
          )}
        </div>
        {icon && <PreviewPicture className="preview-icon" url={icon} />}
      </div>
      {isOpen && image && <PreviewPicture className="preview-image" url={image} />}
      {isOpen && <PreviewActions actions={actions} />}
    </>
  );
}

/** What Chrome puts there when a notification has no badge. */
function BellShape(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" width="12" height="12" fill="currentColor" aria-hidden="true">
      <path d="M12 22a2.2 2.2 0 0 0 2.2-2H9.8a2.2 2.2 0 0 0 2.2 2zm7-6v-5a7 7 0 0 0-5.5-6.8V3.5a1.5 1.5 0 0 0-3 0v.7A7 7 0 0 0 5 11v5l-2 2v1h18v-1z" />
    </svg>
  );
}
