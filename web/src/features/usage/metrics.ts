/** The figures that a usage chart can show. */
import type { UsageTotals } from '@/api/types';
import { compact, money } from '@/shared/format';

export const METRICS = ['cost', 'requests', 'tokens'] as const;
export type Metric = (typeof METRICS)[number];

/** A figure as a number, for drawing only; sums of money come from the server. */
export const valueOf = (metric: Metric, totals: UsageTotals): number =>
  metric === 'cost' ? Number(totals.cost) : metric === 'requests' ? totals.requests : totals.input_tokens + totals.output_tokens;

export const formatOf = (metric: Metric): ((value: number) => string) =>
  metric === 'cost' ? (value) => (value === 0 ? money('0') : money(String(value))) : compact;
