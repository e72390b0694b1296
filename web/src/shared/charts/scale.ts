/** Arithmetic of charts: round axis ends, few ticks, and positions of days. */

const STEPS = [1, 2, 2.5, 5, 10];

/** Ticks from zero to a round number at or above `maximum`; at most five, each different when printed. */
export function niceTicks(maximum: number, wanted = 4): number[] {
  if (maximum <= 0) return [0, 1];
  const rough = maximum / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((candidate) => candidate * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = 0; ticks.length === 0 || (ticks.at(-1) ?? 0) < maximum; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** Which of `count` labels to print so that they do not touch: always the last, then every n-th before it. */
export function labelledIndexes(count: number, width: number, labelWidth = 64): number[] {
  const fitting = Math.max(1, Math.floor(width / labelWidth));
  const every = Math.max(1, Math.ceil(count / fitting));
  return Array.from({ length: count }, (_, index) => index).filter((index) => (count - 1 - index) % every === 0);
}
