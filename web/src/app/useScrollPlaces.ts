/** A new page begins at its top; going back leads to where one was. `main` scrolls, so that browsers do not see to it. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

export function useScrollPlaces(mainId: string): void {
  const { key, pathname } = useLocation();
  const isBack = useNavigationType() === NavigationType.Pop;
  const places = useRef(new Map<string, number>());
  const opened = useRef({ key, pathname });
  useLayoutEffect(() => {
    const main = document.getElementById(mainId);
    const before = opened.current;
    opened.current = { key, pathname };
    if (!main || before.key === key) return;
    if (isBack) main.scrollTop = places.current.get(key) ?? 0;
    else if (before.pathname !== pathname) main.scrollTop = 0;
  }, [mainId, key, pathname, isBack]);
  useEffect(() => {
    const main = document.getElementById(mainId);
    const remember = () => void places.current.set(opened.current.key, main?.scrollTop ?? 0);
    main?.addEventListener('scroll', remember, { passive: true });
    return () => main?.removeEventListener('scroll', remember);
  }, [mainId]);
}
