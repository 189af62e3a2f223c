import { useRef } from 'preact/hooks';

/** While somebody is about to choose something in a table, none of its rows moves away. */
export function useHeld() {
  const isHeld = useRef(false);
  const last = useRef<(string | number)[]>([]);
  const hold = () => (isHeld.current = true);
  const letGo = () => (isHeld.current = false);
  return {
    /** What the part of the page with the table listens to. */
    handlers: { onPointerEnter: hold, onPointerLeave: letGo, onFocusIn: hold, onFocusOut: letGo },
    /** The rows in the order of `keys`, or as they stood when they were held; what is new comes last then. */
    rows<T>(all: readonly T[], keyOf: (row: T) => string | number, keys: (string | number)[]): T[] {
      if (!isHeld.current || last.current.length === 0) last.current = keys;
      else last.current = [...last.current, ...keys.filter((key) => !last.current.includes(key))];
      const order = last.current;
      return [...all].sort((a, b) => order.indexOf(keyOf(a)) - order.indexOf(keyOf(b)));
    },
  };
}
