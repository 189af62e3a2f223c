/** How a talk stands to its handling target: each level has a colour, a word and a shape of its own. */
export type Level = 'calm' | 'near' | 'over' | 'far';

export interface Target {
  level: Level;
  /** Seconds until the target; below zero: since it. */
  left: number;
  /** How much of the target has gone, from 0 to 1. */
  share: number;
}

/** Where no mark comes after the target, half as long again is far over it. */
const FAR = 1.5;

/** Judges a talk. `marks` are percentages of the target, rising; all else is in seconds. */
export function judge(handling: number, target: number, warning: number, marks: readonly number[]): Target {
  const far = marks[0] === undefined ? FAR : marks[0] / 100;
  const level: Level =
    handling >= target * far ? 'far' : handling >= target ? 'over' : handling >= target - warning ? 'near' : 'calm';
  return { level, left: target - handling, share: target > 0 ? Math.min(1, handling / target) : 1 };
}
