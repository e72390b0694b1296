/** The figures that a usage chart can show. */
import type { UsageTotals } from '@/api/types';
import { compact, exactMoney, money } from '@/shared/format';

export const METRICS = ['cost', 'requests', 'tokens'] as const;
export type Metric = (typeof METRICS)[number];

/** A figure as a number, for drawing only; sums of money come from the server. */
export const valueOf = (metric: Metric, totals: UsageTotals): number =>
  metric === 'cost' ? Number(totals.cost) : metric === 'requests' ? totals.requests : totals.input_tokens + totals.output_tokens;

/** How a figure is written. */
export const formatOf = (metric: Metric): ((value: number) => string) => (metric === 'cost' ? (value) => money(String(value)) : compact);

/** How a tick of an axis is written: below a cent with its digits, so that no two read the same. */
export const tickFormatOf = (metric: Metric): ((value: number) => string) => (metric === 'cost' ? (value) => (value > 0 && value < 1 ? exactMoney : money)(String(value)) : compact);
