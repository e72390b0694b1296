/** A model's price as people compare it: tokens per million, all else each; as a sentence, and as figures of a column. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import type { Prices } from '@/api/types';
import { price } from '@/shared/format';

const UNITS = {
  request: 'pricePerRequest',
  output_image: 'priceOutputImage',
  image: 'priceImage',
  second: 'priceSecond',
  characters_per_million: 'priceCharacters',
  search: 'priceSearch',
} as const satisfies Partial<Record<keyof Prices, string>>;

type Texts = TFunction<'models'>;

const isPaid = (amount: string | null): amount is string => amount !== null && Number(amount) > 0;
const amountOf = (amount: string | null): string => (amount === null ? '–' : price(amount));

/** What is paid besides tokens. */
function unitTexts(prices: Prices, t: Texts): string[] {
  return (Object.keys(UNITS) as (keyof typeof UNITS)[]).flatMap((unit) => {
    const amount = prices[unit];
    return isPaid(amount) ? [t(UNITS[unit], { price: price(amount) })] : [];
  });
}

function tokenText({ input_per_million: input, output_per_million: output }: Prices, t: Texts): string[] {
  if (isPaid(output)) return [t('priceInOut', { input: amountOf(input), output: price(output) })];
  return isPaid(input) ? [t('priceTokens', { price: price(input) })] : [];
}

const isUnknown = (prices: Prices): boolean => prices.input_per_million === null && prices.output_per_million === null;

export function PriceText({ prices }: { prices: Prices }) {
  const { t } = useTranslation('models');
  const parts = [...tokenText(prices, t), ...unitTexts(prices, t)];
  if (parts.length === 0) return <span className="lm-subtle">{t(isUnknown(prices) ? 'noPrice' : 'free')}</span>;
  return <span className="lm-figure">{parts.join(' · ')}</span>;
}

export function PriceFigures({ prices }: { prices: Prices }) {
  const { t } = useTranslation('models');
  const units = unitTexts(prices, t);
  const hasTokens = tokenText(prices, t).length > 0;
  if (!hasTokens && units.length === 0) return <span className="lm-subtle">{t(isUnknown(prices) ? 'noPrice' : 'free')}</span>;
  return (
    <span className="lm-figure">
      {hasTokens && [prices.input_per_million, ...(isPaid(prices.output_per_million) ? [prices.output_per_million] : [])].map(amountOf).join(' / ')}
      {units.map((text) => (
        <div key={text} className="lm-subtle">
          {text}
        </div>
      ))}
    </span>
  );
}
