import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { secondsSince, span } from '../../base/clock';

/** The time since a moment of turno's, counting up. Only this text changes each second, not what is around it. */
export function Since({ at }: { at: number }) {
  const moment = useSignal(at);
  useEffect(() => {
    moment.value = at;
  }, [at, moment]);
  const text = useComputed(() => span(secondsSince(moment.value)));
  return <span class="since">{text}</span>;
}
