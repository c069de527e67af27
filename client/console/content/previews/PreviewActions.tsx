import type { ReactNode } from 'react';

/** The buttons, as text: nothing here can be pressed. */
export function PreviewActions({ actions }: { actions: readonly string[] }): ReactNode {
  if (actions.length === 0) return null;
  return (
    <div className="preview-actions">
      {actions.map((title, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no name but their place
        <span key={index}>{title}</span>
      ))}
    </div>
  );
}
