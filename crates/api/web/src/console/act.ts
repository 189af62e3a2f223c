import { give, type Order } from '../base/http';
import { fault, toast } from '../base/ui/Toasts';
import { w } from './words';

/** Gives an order and says how it went; `undo` is offered with it for some seconds. Whether it was done. */
export async function act(order: Order, said?: string, undo?: Order): Promise<boolean> {
  try {
    const came = await give(order);
    const t = w.value;
    const text = came !== undefined && 'done' in came && came.done === 'afterwards' ? t.afterwards : (said ?? t.done);
    toast(text, false, undo ? { word: t.undo, run: () => void act(undo, w.value.undone) } : undefined);
    return true;
  } catch (error) {
    toast(fault(error), true);
    return false;
  }
}
