/** Totals of a span, each beside the same span before where that says something. */
import { useTranslation } from 'react-i18next';

import type { UsageSummary } from '@/api/types';
import { Money } from '@/shared/Figures';
import { compact, integer, money, percent } from '@/shared/format';
import { Tile } from '@/shared/Tile';

export function SummaryTiles({ summary }: { summary: UsageSummary }) {
  const { t } = useTranslation('usage');
  const { current, previous } = summary;
  const before = (text: string | undefined) => (text === undefined ? t('noUseBefore') : t('before', { value: text }));
  const tokens = (totals: { input_tokens: number; output_tokens: number }) => totals.input_tokens + totals.output_tokens;
  return (
    <div className="lm-tiles">
      <Tile name={t('metric.cost')} value={<Money amount={current.cost} />} note={before(previous ? money(previous.cost) : undefined)} />
      <Tile name={t('metric.requests')} value={integer(current.requests)} note={before(previous ? integer(previous.requests) : undefined)} />
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
