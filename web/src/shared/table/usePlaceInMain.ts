/** Where a list lies in the part of the page that scrolls, which is `main`. */
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

export const mainOf = (element: Element | null): HTMLElement | null => element?.closest('main') ?? null;

/** How many pixels of `main` lie above the element, also when what stands there grows or wraps. */
export function useTop(element: RefObject<Element | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const main = mainOf(element.current);
    if (!main) return undefined;
    const measure = () => {
      const place = element.current?.getBoundingClientRect().top ?? 0;
      setTop(Math.round(place - main.getBoundingClientRect().top + main.scrollTop));
    };
    measure();
    const watch = new ResizeObserver(measure);
    for (const section of main.children) watch.observe(section);
    return () => watch.disconnect();
  }, [element]);
  return top;
}

/** Goes back to the first row when the list is another one: sorted or filtered anew. */
export function useFirstRowOf(list: string, element: RefObject<Element | null>): void {
  const shown = useRef(list);
  useEffect(() => {
    if (shown.current === list) return;
    shown.current = list;
    const main = mainOf(element.current);
    const table = element.current?.closest('table');
    if (main && table) main.scrollTop += Math.min(0, table.getBoundingClientRect().top - main.getBoundingClientRect().top);
  }, [list, element]);
}
