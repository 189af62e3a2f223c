import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { daysAgo } from '../days';
import { site } from '../site';
import { w } from '../words';
import { Field } from './Pick';

/** Days, a queue, and what a section adds to them. */
export interface Asked {
  from: string;
  to: string;
  queue: string;
  more: string;
}

export const askedFor = (days: number): Asked => ({ from: daysAgo(days), to: daysAgo(0), queue: '', more: '' });

/** The part of a query that days and a queue make. */
export const within = ({ from, to, queue }: Asked) => ({ from, to, ...(queue ? { queue } : {}) });

/** A search in the history by days and queue; `children` may have one more field, `more`. */
export function Search({ asked, children }: { asked: Signal<Asked>; children?: ComponentChildren }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    asked.value = { from: text('from'), to: text('to'), queue: text('queue'), more: text('more') };
  };
  return (
    <form class="row fields" onSubmit={submit}>
      <Field name={w.value.from}>
        <input type="date" name="from" required defaultValue={asked.value.from} />
      </Field>
      <Field name={w.value.to}>
        <input type="date" name="to" required defaultValue={asked.value.to} />
      </Field>
      <Field name={w.value.queue}>
        <select name="queue">
          <option value="">{w.value.all}</option>
          {site.value?.queues.map((queue) => (
            <option key={queue.name} value={queue.name}>
              {queue.display}
            </option>
          ))}
        </select>
      </Field>
      {children}
      <button type="submit" class="main">
        {w.value.show}
      </button>
    </form>
  );
}
