import { useClickOutside } from '@mantine/hooks';
import { localPoint } from '@visx/event';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';

const moves: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowLeft: (index) => Math.max(0, index - 1),
  ArrowDown: (index) => Math.max(0, index - 1),
  ArrowRight: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index, last) => Math.min(last, index + 1),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * The point of a chart that pointer, finger or arrow keys chose, if any.
 * @param indexAt which point is at so many pixels from the left of the drawing; points that are not there mean none
 * @returns handlers for the drawing and for what holds it, which has the focus and the `ref`
 */
export function useChosenPoint(count: number, indexAt: (x: number) => number) {
  const [chosen, setChosen] = useState<number>();
  const last = count - 1;
  const index = chosen !== undefined && chosen <= last ? chosen : undefined;
  const close = () => setChosen(undefined);
  const follow = (event: PointerEvent) => {
    const at = indexAt(localPoint(event)?.x ?? -1);
    setChosen(at >= 0 && at <= last ? at : undefined);
  };
  const press = (event: KeyboardEvent) => {
    const move = moves[event.key];
    if (move) {
      // keys that scroll the page otherwise
      event.preventDefault();
      setChosen(move(index ?? last, last));
    } else if (event.key === 'Escape') close();
  };
  return {
    index,
    ref: useClickOutside<HTMLDivElement>(close),
    holder: {
      onKeyDown: press,
      onFocus: () => setChosen((current) => current ?? last),
      onBlur: close,
    },
    drawing: {
      onPointerMove: follow,
      onPointerDown: follow,
      // a finger that is lifted leaves, too: what it chose is yet to be read
      onPointerLeave: ({ pointerType }: PointerEvent) => {
        if (pointerType === 'mouse') close();
      },
    },
  };
}
