/** The span of days that a usage page shows. Days are UTC days, as the ledger counts them. */
import type { Day } from '@/api/types';

const DAY_MS = 86_400_000;
export const SPANS = [7, 30, 90] as const;

export interface Span {
  since: Day;
  until: Day;
}

const day = (time: number): Day => new Date(time).toISOString().slice(0, 10);

/** The last `days` days, today included. */
export const spanOf = (days: number, now: number = Date.now()): Span => ({
  since: day(now - (days - 1) * DAY_MS),
  until: day(now),
});

/** Every day of a span, so that days without use show as such. */
export function daysOf({ since, until }: Span): Day[] {
  const days: Day[] = [];
  for (let time = Date.parse(since); time <= Date.parse(until); time += DAY_MS) days.push(day(time));
  return days;
}
