import 'uplot/dist/uPlot.min.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { span } from '../../base/clock';
import { language } from '../../base/words';
import type { FigureKind, Part } from '../figures';
import { drawable, series, type Series } from '../series';
import { w } from '../words/reports';
import { Field } from './Pick';

/** Lines differ in colour and in their dashes. */
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [5, 5], [1, 4], [14, 6], [4, 2]];
const COLOURS = ['--main', '--good', '--warn', '--bad', '--busy', '--text', '--soft', '--edge'];
const HEIGHT = 260;

const figureWords = (kind: FigureKind) => (value: number | null) =>
  value === null ? '' : kind === 'span' ? span(value) : kind === 'share' ? `${value}%` : String(value);

/** A plot of one figure of a report over its periods. */
export function Plot({ parts }: { parts: Part[] }) {
  const t = w.value;
  const chosen = useSignal('0 ');
  const place = useRef<HTMLDivElement>(null);
  const choices = useMemo(
    () => parts.flatMap((part, n) => drawable(part).map((column) => ({ id: `${n} ${column}`, name: part.heads[column] ?? '', part, column }))),
    [parts],
  );
  const choice = choices.find((one) => one.id === chosen.value) ?? choices[0];
  const what = useMemo(() => choice && series(choice.part, choice.column, language.value), [choice]);
  const isDrawn = what !== undefined && what.periods.length > 1;
  useEffect(() => {
    if (place.current && what && isDrawn) return draw(place.current, what);
    return undefined;
  }, [what, isDrawn]);
  if (!choice || !isDrawn) return null;
  return (
    <div class="stack">
      <div class="row">
        <Field name={t.figure}>
          <select value={choice.id} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            {choices.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <div ref={place} class="plot" role="img" aria-label={t.plot(choice.name)} />
    </div>
  );
}

/** Colours depend on the theme: the browser works them out. */
function painter(box: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    box.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
}

function draw(box: HTMLElement, { kind, periods, lines }: Series): () => void {
  const real = painter(box);
  const [text, hair] = [real('--soft'), real('--hair')];
  const words = figureWords(kind);
  const axis = { stroke: text, grid: { stroke: hair, width: 1 }, ticks: { stroke: hair, width: 1 } };
  const options: UPlot.Options = {
    width: box.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    axes: [
      { ...axis, space: 110, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500], values: (_, splits) => splits.map((split) => periods[split] ?? '') },
      { ...axis, size: 64, values: (_, splits) => splits.map(words) },
    ],
    series: [
      { label: w.value.by, value: (_, at) => periods[at] ?? '' },
      ...lines.map(
        (line, n): UPlot.Series => ({
          label: line.name,
          stroke: real(COLOURS[n] ?? '--text'),
          width: 2,
          dash: DASHES[n] ?? [],
          value: (_, value) => words(value),
        }),
      ),
    ],
  };
  const plot = new UPlot(options, [periods.map((_, n) => n), ...lines.map((line) => line.values)], box);
  const watcher = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
  watcher.observe(box);
  return () => {
    watcher.disconnect();
    plot.destroy();
  };
}
