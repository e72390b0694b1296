/** A week in a word's width. */
import { useTranslation } from 'react-i18next';

import { integer } from '../format';

const SIZE = { width: 56, height: 20 };

export function Sparkline({ values }: { values: readonly number[] }) {
  const { t } = useTranslation();
  const top = Math.max(1, ...values);
  const slot = SIZE.width / Math.max(1, values.length);
  return (
    <svg width={SIZE.width} height={SIZE.height} role="img" aria-label={t('sparkline', { values: values.map(integer).join(', ') })}>
      {values.map((value, day) => {
        const height = value === 0 ? 1 : Math.max(2, (value / top) * SIZE.height);
        return (
          <rect
            key={day}
            className={value === 0 ? 'lm-series-rest' : 'lm-series-1'}
            x={day * slot}
            y={SIZE.height - height}
            width={slot - 2}
            height={height}
          />
        );
      })}
    </svg>
  );
}
