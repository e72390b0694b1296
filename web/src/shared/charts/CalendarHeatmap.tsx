/** Days by weekday and week, darker where more happened; the weeks share the width that there is. */
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';

import { compact, integer, shortDay } from '../format';

import { labelledIndexes } from './scale';
import { useWidth } from './useWidth';

interface CalendarHeatmapProps {
  title: string;
  cells: readonly { day: string; value: number }[];
}

const HEIGHT = 24;
const GAP = 3;
const LEFT = 40;
const AXIS = 22;
const LEAST_WIDTH = 11;
/** From this width on a cell has room for its figure. */
const ROOM_FOR_TEXT = 36;
const SHADES = 4;
const ROWS = [0, 1, 2, 3, 4, 5, 6];
/** 1 January 2024 was a Monday. */
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const weekday = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;
const dayBefore = (day: string, days: number): string => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

export function CalendarHeatmap({ title, cells }: CalendarHeatmapProps) {
  const { t } = useTranslation('usage');
  const [frame, width] = useWidth(600);
  const first = cells[0];
  if (!first) return null;
  const offset = weekday(first.day);
  const top = Math.max(1, ...cells.map((cell) => cell.value));
  const weeks = Math.ceil((cells.length + offset) / 7);
  const slot = Math.max(LEAST_WIDTH + GAP, (width - LEFT) / weeks);
  const names = new Intl.DateTimeFormat(i18next.resolvedLanguage, { weekday: 'short', timeZone: 'UTC' });
  const x = (week: number) => LEFT + week * slot;
  const y = (row: number) => row * (HEIGHT + GAP);
  return (
    <div ref={frame} className="lm-scroll-x" tabIndex={0} role="region" aria-label={title}>
      <svg className="lm-block" width={x(weeks)} height={y(7) + AXIS} role="img" aria-label={title}>
        {ROWS.map((row) => (
          <text key={row} className="lm-axis" x={0} y={y(row) + HEIGHT / 2} dominantBaseline="central">
            {names.format(A_MONDAY + row * DAY_MS)}
          </text>
        ))}
        {cells.map((cell, index) => {
          const shade = cell.value === 0 ? 0 : Math.ceil((cell.value / top) * SHADES);
          const [left, above] = [x(Math.floor((index + offset) / 7)), y(weekday(cell.day))];
          return (
            <g key={cell.day}>
              <title>{t('heatmapCell', { day: shortDay(cell.day), requests: integer(cell.value) })}</title>
              <rect className={`lm-heat-${shade}`} x={left} y={above} width={slot - GAP} height={HEIGHT} rx={3} />
              {cell.value > 0 && slot - GAP >= ROOM_FOR_TEXT && (
                <text className={`lm-heat-text-${shade}`} x={left + (slot - GAP) / 2} y={above + HEIGHT / 2} textAnchor="middle" dominantBaseline="central">
                  {compact(cell.value)}
                </text>
              )}
            </g>
          );
        })}
        {labelledIndexes(weeks, slot * weeks).map((week) => (
          <text key={week} className="lm-axis" x={x(week)} y={y(7) + AXIS / 2} dominantBaseline="central">
            {shortDay(dayBefore(first.day, offset - week * 7))}
          </text>
        ))}
      </svg>
    </div>
  );
}
