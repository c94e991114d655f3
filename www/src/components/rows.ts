import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { options as drawing, type RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks';

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;

/** Rows beyond the edge, so that scrolling and the arrow keys find them there. */
const overscan = 8;

/**
 * Which rows of a long list are drawn: those in sight of its scroller, and the one that has the focus; all of them on paper,
 * which does not scroll. Their height is in the style sheet, as `--row`.
 *
 * @param offset Where the scroller begins, in pixels.
 */
export function useRows(count: number, scroller: RefObject<HTMLElement | null>, focused: number, offset = 0) {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const isPrinting = usePrinting();
  const options: Options = {
    count,
    overscan,
    initialOffset: offset,
    getScrollElement: () => scroller.current,
    estimateSize: () => heightOf(scroller.current),
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    rangeExtractor: (range) => {
      if (isPrinting) return Array.from({ length: count }, (_, index) => index);
      const inSight = defaultRangeExtractor(range);
      if (focused < 0 || focused >= count || inSight.includes(focused)) return inSight;
      return [...inSight, focused].sort((a, b) => a - b);
    },
    onChange: () => draw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  // A phone that is turned has rows of another height, and so has a page in another font size.
  useEffect(() => {
    const measure = () => virtualizer.measure();
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, []);
  const items = virtualizer.getVirtualItems();
  const places = items.map(({ index, start }, place) => ({ index, gap: start - (items[place - 1]?.end ?? 0) }));
  const rest = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return { places, rest, show: (index: number) => virtualizer.scrollToIndex(index) };
}

/** Whether the page is being printed: from before it is laid out for that until it is done. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const change = ({ type }: Event) => drawNow(() => setPrinting(type === 'beforeprint'));
    addEventListener('beforeprint', change);
    addEventListener('afterprint', change);
    return () => {
      removeEventListener('beforeprint', change);
      removeEventListener('afterprint', change);
    };
  }, []);
  return isPrinting;
}

/** Draws at once what a change comes to: Firefox lays a page out for paper as soon as its listeners have returned. */
function drawNow(change: () => void): void {
  const { debounceRendering = queueMicrotask } = drawing;
  drawing.debounceRendering = (draw) => draw();
  change();
  drawing.debounceRendering = debounceRendering;
}

const heightOf = (element: HTMLElement | null): number =>
  (element && Number.parseFloat(getComputedStyle(element).getPropertyValue('--row'))) || 36;
