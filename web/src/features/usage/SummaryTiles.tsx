/** Totals of a span, each beside the same span before where that is known. */
import { useTranslation } from 'react-i18next';

import type { UsageTotals } from '@/api/types';
import { Money } from '@/shared/Figures';
import { compact, integer, money, percent } from '@/shared/format';
import { Tile } from '@/shared/Tile';

interface SummaryTilesProps {
  /** `previous` is null where nothing was used, and left out where nobody asked. */
  summary: { current: UsageTotals; previous?: UsageTotals | null };
}

export function SummaryTiles({ summary }: SummaryTilesProps) {
  const { t } = useTranslation('usage');
  const { current, previous } = summary;
  const before = (of: (totals: UsageTotals) => string) => {
    if (previous === undefined) return undefined;
    return previous ? t('before', { value: of(previous) }) : t('noUseBefore');
  };
  const tokens = (totals: { input_tokens: number; output_tokens: number }) => totals.input_tokens + totals.output_tokens;
  return (
    <div className="lm-tiles">
      <Tile name={t('metric.cost')} value={<Money amount={current.cost} />} note={before((totals) => money(totals.cost))} />
      <Tile name={t('metric.requests')} value={integer(current.requests)} note={before((totals) => integer(totals.requests))} />
      <Tile
        name={t('metric.tokens')}
        value={<span title={integer(tokens(current))}>{compact(tokens(current))}</span>}
        note={t('inOut', { input: compact(current.input_tokens), output: compact(current.output_tokens) })}
      />
      <Tile
        name={t('failedRequests')}
        value={integer(current.failed_requests)}
        note={current.requests > 0 ? t('ofRequests', { share: percent(current.failed_requests / current.requests) }) : undefined}
      />
    </div>
  );
}
