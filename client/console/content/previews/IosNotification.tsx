import type { ReactNode } from 'react';
import { FanfareMark } from '../../layout/FanfareMark';
import type { PreviewContent } from './previewContent';

/** A notification of iOS: the icon and the name of the installed web app, and the words. */
export function IosNotification({ content }: { content: PreviewContent }): ReactNode {
  return (
    <div className="preview-text">
      <FanfareMark size={38} />
      <div className="preview-words">
        <div className="preview-head">
          <strong className="preview-title" data-lines="1" dir="auto">
            {content.title}
          </strong>
          <span className="preview-when">now</span>
        </div>
        <span className="preview-from">from Your app</span>
        {content.body && (
          <span className="preview-body" data-lines="4" dir="auto">
            {content.body}
          </span>
        )}
      </div>
    </div>
  );
}
