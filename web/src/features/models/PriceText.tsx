/** A model's price as people compare it: per million tokens, in and out; as a sentence, and as figures of a column. */
import { useTranslation } from 'react-i18next';

import type { Prices } from '@/api/types';
import { price } from '@/shared/format';

export function PriceText({ prices }: { prices: Prices }) {
  const { t } = useTranslation('models');
  const parts = [
    prices.input_per_million !== null && t('priceIn', { price: price(prices.input_per_million) }),
    prices.output_per_million !== null && t('priceOut', { price: price(prices.output_per_million) }),
    prices.request !== null && Number(prices.request) > 0 && t('pricePerRequest', { price: price(prices.request) }),
  ].filter((part): part is string => typeof part === 'string');
  if (parts.length === 0) return <span className="lm-subtle">{t('noPrice')}</span>;
  return <span className="lm-figure">{parts.join(' · ')}</span>;
}

export function PriceFigures({ prices }: { prices: Prices }) {
  const { t } = useTranslation('models');
  const { input_per_million: input, output_per_million: output, request } = prices;
  const perRequest = request !== null && Number(request) > 0 && t('pricePerRequest', { price: price(request) });
  if (input === null && output === null && !perRequest) return <span className="lm-subtle">{t('noPrice')}</span>;
  const amount = (value: string | null) => (value === null ? '–' : price(value));
  return (
    <span className="lm-figure">
      {amount(input)} / {amount(output)}
      {perRequest && <div className="lm-subtle">{perRequest}</div>}
    </span>
  );
}
