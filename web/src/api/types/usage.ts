/** Usage figures; every number was measured, an absent one is absent. */
import type { Day, Money } from './shared';

export interface UsageTotals {
  cost: Money;
  requests: number;
  failed_requests: number;
  input_tokens: number;
  output_tokens: number;
}

export interface UsageSummary {
  current: UsageTotals;
  /** The span of the same length before; null where nothing was used then. */
  previous: UsageTotals | null;
}

export interface TrendPoint extends UsageTotals {
  day: Day;
}

export interface TrendSeries {
  /** Empty for the series that folds all others. */
  id: string;
  name: string;
  points: TrendPoint[];
}

export interface Trend {
  series: TrendSeries[];
}

export const DIMENSIONS = ['model', 'key', 'provider', 'endpoint', 'user', 'team'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface BreakdownRow extends UsageTotals {
  id: string;
  name: string;
}

export interface HeatmapCell {
  day: Day;
  requests: number;
  cost: Money;
}

export interface Heatmap {
  cells: HeatmapCell[];
}

export interface UsageFilter {
  since: Day;
  until: Day;
  models?: string[];
  keys?: string[];
  users?: string[];
  teams?: string[];
  providers?: string[];
}
