import { type ReactNode, useState } from 'react';

/**
 * A picture of the notification. Loaded by https or from the console's own origin only; anything else, and what does
 * not load, is a placeholder with the file's name.
 */
export function PreviewPicture({ url, className }: { url: string; className: string }): ReactNode {
  const [broken, setBroken] = useState('');
  if (isLoadable(url) && broken !== url) {
    return (
      <img
        className={className}
        src={url}
        alt=""
        referrerPolicy="no-referrer"
        onError={() => setBroken(url)}
      />
    );
  }
  return (
    <span className={`${className} preview-placeholder`} title={url}>
      {fileNameOf(url)}
    </span>
  );
}

function isLoadable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || (typeof location === 'object' && origin === location.origin);
}

function fileNameOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.split('/').findLast((part) => part !== '') ?? url;
}
