import { useEffect, useRef, useState } from 'preact/hooks';

/** Rows beyond the edge, so that scrolling and the arrow keys find them there. */
const margin = 8;

/** Which rows of a long table are in sight of its scroller. Their height stands in the style sheet, as `--row`. */
export function useWindow(total: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, rowHeight: 36 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 36;
      setView({ top: element.scrollTop, height: element.clientHeight, rowHeight });
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / view.rowHeight) - margin);
  const last = Math.min(total, Math.ceil((view.top + view.height) / view.rowHeight) + margin);
  return { scroller, first, last, rowHeight: view.rowHeight };
}
