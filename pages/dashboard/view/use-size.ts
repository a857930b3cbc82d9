// The size of an element, as it is now, and the unit of all drawings.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Zero by zero until the element is there. */
export function useSize<T extends Element>(): [RefObject<T | null>, Size] {
  const element = useRef<T>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}

/** Pixels for each unit of a drawing: 1 on most screens, more where the page's type is larger. */
export function drawingUnit(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}
