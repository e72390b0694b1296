/** A day's figure as a bar, split into series; drawn by us because five series a day need no chart library. */
import { useId } from 'react';

import { shortDay } from '../format';

import { labelledIndexes, niceTicks } from './scale';
import { useWidth } from './useWidth';

export interface Series {
  name: string;
  /** One figure a day, in the order of `days`. */
  values: number[];
  /** Folded from many others: drawn in grey. */
  isRest?: boolean;
}

interface StackedBarsProps {
  /** What the chart shows, with the unit. */
  title: string;
  days: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
  /** How the axis is written, where that differs. */
  tickFormat?: (value: number) => string;
  height?: number;
}

const MARGIN = { top: 8, right: 4, bottom: 24, left: 56 };
/** How wide a digit of an axis is, at most. */
const DIGIT = 7.5;

export const seriesClass = (series: Series, index: number): string => `lm-series-${series.isRest ? 'rest' : (index % 5) + 1}`;

export function StackedBars({ title, days, series, format, tickFormat = format, height = 240 }: StackedBarsProps) {
  const [frame, width] = useWidth(600);
  const id = useId();
  const totals = days.map((_, day) => series.reduce((sum, one) => sum + (one.values[day] ?? 0), 0));
  const ticks = niceTicks(Math.max(0, ...totals));
  const top = ticks.at(-1) ?? 1;
  const printed = ticks.map(tickFormat);
  const left = Math.max(MARGIN.left, 8 + DIGIT * Math.max(...printed.map((text) => text.length)));
  const inner = { width: width - left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const slot = inner.width / Math.max(1, days.length);
  const bar = Math.max(1, Math.min(40, slot * 0.7));
  const y = (value: number) => MARGIN.top + inner.height * (1 - value / top);
  const x = (day: number) => left + slot * day + (slot - bar) / 2;
  const stacks = days.map((_, day) => {
    let base = 0;
    return series.map((one) => {
      const value = one.values[day] ?? 0;
      const from = base;
      base += value;
      return { from, value };
    });
  });
  return (
    <div ref={frame} className="lm-chart">
      <svg width={width} height={height} role="img" aria-labelledby={id}>
        <title id={id}>{title}</title>
        {ticks.map((tick, index) => (
          <g key={tick}>
            <line className="lm-grid" x1={left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text className="lm-axis" x={left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
              {printed[index]}
            </text>
          </g>
        ))}
        {stacks.map((stack, day) => (
          <g key={days[day]}>
            <title>{`${shortDay(days[day] ?? '')}: ${format(totals[day] ?? 0)}`}</title>
            <rect x={left + slot * day} y={MARGIN.top} width={slot} height={inner.height} fill="transparent" />
            {stack.map(({ from, value }, index) => {
              const one = series[index];
              return one && value > 0 ? (
                <rect
                  key={one.name}
                  className={seriesClass(one, index)}
                  x={x(day)}
                  width={bar}
                  y={y(from + value)}
                  height={Math.max(1, y(from) - y(from + value))}
                />
              ) : null;
            })}
          </g>
        ))}
        {labelledIndexes(days.length, inner.width).map((day) => (
          <text
            key={day}
            className="lm-axis"
            x={Math.min(x(day) + bar / 2, width - 20)}
            y={height - 6}
            textAnchor={day === days.length - 1 && slot < 40 ? 'end' : 'middle'}
          >
            {shortDay(days[day] ?? '')}
          </text>
        ))}
      </svg>
    </div>
  );
}
