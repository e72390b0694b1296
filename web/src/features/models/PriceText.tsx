/** A model's price as people compare it: per million tokens, in and out. */
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
