import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/**
 * Puts whoever goes to another page at its beginning, with the keyboard too: browsers do so for pages of their own only.
 * Going back leaves the place to the browser, which remembers it.
 * @param main the id of the element that holds the pages
 */
export function useArrival(main: string): void {
  const { pathname } = useLocation();
  const how = useNavigationType();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    if (how !== 'PUSH') return;
    scrollTo(0, 0);
    document.getElementById(main)?.focus({ preventScroll: true });
  }, [pathname, how, main]);
}
