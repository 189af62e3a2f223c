import { useEffect } from 'preact/hooks';
import { announce } from '../../base/announce';
import { span } from '../../base/clock';
import { site, handling, atHand, queueOf } from '../state';
import { draftOf } from '../drafts';
import { judge, type Level } from '../target';
import { d } from '../words';

const SHAPES: Record<Level, string> = { calm: '●', near: '▲', over: '■', far: '✖' };

/** The clock of the handling target: colour, word and shape say together how the talk stands. */
export function TargetClock() {
  const t = d.value;
  const seconds = handling.value;
  const contact = atHand.value;
  const queue = queueOf(contact?.queue);
  const given = contact ? draftOf(contact.contact).given : null;
  const ofCode = site.value?.wrap_up_codes.find((code) => code.code === given)?.handling_target;
  const target = ofCode ?? queue?.handling_target;
  const judged =
    seconds === null || target === undefined || queue === undefined
      ? null
      : judge(seconds, target, queue.handling_warning, queue.handling_marks);
  const level = judged?.level;
  useEffect(() => {
    if (judged === null || level === undefined) return;
    if (level === 'near') announce(t.nearSaid(span(judged.left)));
    if (level === 'over') announce(t.overSaid);
  }, [level]);
  if (judged === null || seconds === null || target === undefined) return null;
  return (
    <div class={`target ${judged.level}`} role="group" aria-label={t.clock}>
      <p class="target-time">
        <span class="time">{span(seconds)}</span> <span class="target-of">{t.ofTarget(span(target))}</span>
      </p>
      <p class="target-word">
        <span aria-hidden="true">{SHAPES[judged.level]} </span>
        {t[judged.level]} · {judged.left >= 0 ? t.left(span(judged.left)) : t.beyond(span(-judged.left))}
      </p>
      <progress class="target-bar" max={1} value={judged.share} aria-label={t[judged.level]} />
    </div>
  );
}
