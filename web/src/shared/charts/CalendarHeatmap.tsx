/** Days by weekday and week, darker where more happened. */
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';

import { integer, shortDay } from '../format';

interface CalendarHeatmapProps {
  title: string;
  cells: readonly { day: string; value: number }[];
}

const CELL = 18;
const GAP = 3;
const LEFT = 36;
const SHADES = 4;
/** 1 January 2024 was a Monday. */
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const weekday = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

export function CalendarHeatmap({ title, cells }: CalendarHeatmapProps) {
  const { t } = useTranslation('usage');
  const first = cells[0];
  if (!first) return null;
  const offset = weekday(first.day);
  const top = Math.max(1, ...cells.map((cell) => cell.value));
  const weeks = Math.ceil((cells.length + offset) / 7);
  const names = new Intl.DateTimeFormat(i18next.resolvedLanguage, { weekday: 'short', timeZone: 'UTC' });
  return (
    <div className="lm-scroll-x" tabIndex={0} role="region" aria-label={title}>
      <svg width={LEFT + weeks * (CELL + GAP)} height={7 * (CELL + GAP)} role="img" aria-label={title}>
        {[0, 2, 4, 6].map((row) => (
          <text key={row} className="lm-axis" x={0} y={row * (CELL + GAP) + CELL / 2} dominantBaseline="middle">
            {names.format(A_MONDAY + row * DAY_MS)}
          </text>
        ))}
        {cells.map((cell, index) => {
          const shade = cell.value === 0 ? 0 : Math.ceil((cell.value / top) * SHADES);
          return (
            <rect
              key={cell.day}
              className={`lm-heat-${shade}`}
              x={LEFT + Math.floor((index + offset) / 7) * (CELL + GAP)}
              y={weekday(cell.day) * (CELL + GAP)}
              width={CELL}
              height={CELL}
              rx={3}
            >
              <title>{t('heatmapCell', { day: shortDay(cell.day), requests: integer(cell.value) })}</title>
            </rect>
          );
        })}
      </svg>
    </div>
  );
}
