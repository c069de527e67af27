import type { ReactNode } from 'react';

/** The horn; decoration beside the name. */
export function FanfareMark({ size }: { size: number }): ReactNode {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="#23263a" />
      <path d="M12 29h19l19-11v28L31 35H12z" fill="#f2b632" />
      <path d="M18 35v6a5 5 0 0 0 10 0v-6" fill="none" stroke="#f2b632" strokeWidth="3.5" />
      <circle cx="12" cy="32" r="4.5" fill="#f2b632" />
    </svg>
  );
}
