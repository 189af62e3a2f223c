import { picture, ROW, STEPS_MAX, type Step } from '../ladder';
import { w } from '../words/contacts';

const TIMES = 90;
const GAP = 220;
const HEAD = 46;
const MARKS = { plain: '•', decision: '◆', good: '✓', bad: '✗', figures: '≡' };

/** Messages as arrows between those who sent them, with sentences between, and times from the contact's arrival. */
export function Ladder({ entries }: { entries: readonly unknown[] }) {
  const t = w.value;
  const { columns, steps, height, isCut, missing } = picture(entries);
  const at = (column: number) => TIMES + 110 + column * GAP;
  const width = Math.max(760, at(Math.max(1, columns.length - 1)) + 260);
  return (
    <>
      <div class="scroll ladder" role="region" aria-label={t.ladder} tabIndex={0}>
        <svg width={width} height={height + HEAD} role="img" aria-label={t.ladderIs(steps.length)}>
          <defs>
            <marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
              <path d="M0 0L8 4L0 8z" class="tip" />
            </marker>
          </defs>
          {columns.map((column, place) => (
            <g key={place}>
              <text x={at(place)} y="16" text-anchor="middle" class="name">
                {column.name}
              </text>
              <text x={at(place)} y="32" text-anchor="middle" class="address">
                {column.address}
              </text>
              <line x1={at(place)} x2={at(place)} y1={HEAD - 6} y2={height + HEAD - ROW} class="life" />
            </g>
          ))}
          {steps.map((step, place) => (
            <Drawn key={place} step={step} at={at} />
          ))}
        </svg>
      </div>
      {isCut && <p class="soft">{t.cut(STEPS_MAX)}</p>}
      {missing !== null && <p class="soft">{missing}</p>}
      <details>
        <summary>{t.asList}</summary>
        <ol class="why">
          {steps.map((step, place) => (
            <li key={place}>
              <span class="soft">
                {step.millis.toFixed(1)} {t.ms}
              </span>{' '}
              {step.kind === 'note' ? (
                step.text
              ) : (
                <details>
                  <summary>
                    {columns[step.from]?.name} → {columns[step.to]?.name}: {step.title}
                  </summary>
                  <pre>{step.text}</pre>
                </details>
              )}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}

function Drawn({ step, at }: { step: Step; at: (column: number) => number }) {
  const y = step.y + HEAD;
  const time = (
    <text x={TIMES - 12} y={y + 4} text-anchor="end" class="millis">
      {step.millis.toFixed(1)}
    </text>
  );
  if (step.kind === 'note') {
    return (
      <g class={`note ${step.tone}`}>
        <title>{[step.text, ...step.reasons].join('\n')}</title>
        {time}
        <text x={TIMES} y={y + 4}>
          {MARKS[step.tone]} {step.text}
        </text>
      </g>
    );
  }
  const [from, to] = [at(step.from), at(step.to)];
  const away = Math.sign(to - from) * 4;
  return (
    <g class={step.again ? 'message again' : 'message'}>
      <title>{step.text}</title>
      {time}
      <line x1={from} x2={to - away} y1={y + 4} y2={y + 4} marker-end="url(#tip)" />
      <text x={(from + to) / 2} y={y - 1} text-anchor="middle">
        {step.title}
      </text>
    </g>
  );
}
