import 'uplot/dist/uPlot.min.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { Field } from './Pick';
import { series } from '../series';
import { w } from '../words/reports';

type Row = Record<string, string | number | null>;

/** Lines differ in colour and in their dashes. */
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [5, 5], [1, 4], [14, 6], [4, 2]];
const COLOURS = ['--main', '--good', '--warn', '--bad', '--busy', '--text', '--soft', '--edge'];

interface Props {
  rows: Row[];
  names: Record<string, string>;
  words: string[];
  figures: string[];
}

/** A plot of one figure of a report. */
export function Plot({ rows, names, words, figures }: Props) {
  const t = w.value;
  const chosen = useSignal('');
  const place = useRef<HTMLDivElement>(null);
  const figure = figures.includes(chosen.value) ? chosen.value : (figures.find((one) => one === 'offered') ?? figures[0]);
  useEffect(() => {
    const box = place.current;
    if (!box || figure === undefined) return;
    const { periods, lines } = series(rows, words, figure);
    if (periods.length < 2) return;
    const style = getComputedStyle(box);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const probe = document.createElement('span');
    box.append(probe);
    // Colours depend on the theme: the browser works them out.
    const real = (name: string) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color || colour(name);
    };
    const [text, hair] = [real('--soft'), real('--hair')];
    const strokes = COLOURS.map(real);
    probe.remove();
    const axis = { stroke: text, grid: { stroke: hair, width: 1 }, ticks: { stroke: hair, width: 1 } };
    const options: UPlot.Options = {
      width: box.clientWidth,
      height: 260,
      scales: { x: { time: false } },
      axes: [
        { ...axis, values: (_, splits) => splits.map((split) => (Number.isInteger(split) ? (periods[split] ?? '') : '')), space: 90 },
        { ...axis, size: 64 },
      ],
      series: [
        { label: t.by, value: (_, at) => periods[at] ?? '' },
        ...lines.map((line, n): UPlot.Series => ({ label: line.name, stroke: strokes[n] ?? text, width: 2, dash: DASHES[n] ?? [] })),
      ],
    };
    const plot = new UPlot(options, [periods.map((_, n) => n), ...lines.map((line) => line.values)], box);
    const watcher = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 260 }));
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [rows, figure, names]);
  if (figure === undefined) return null;
  return (
    <div class="stack">
      <div class="row">
        <Field name={t.figure}>
          <select value={figure} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            {figures.map((one) => (
              <option key={one} value={one}>
                {names[one]}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <div ref={place} class="plot" role="img" aria-label={t.plot(names[figure] ?? figure)} />
    </div>
  );
}
