/** What a model costs: first what calls of its kind are paid by, the rest on request. */
import { ExpandableSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isMode, type Mode } from '@/api/choices';
import { MoneyField } from '@/shared/fields/Fields';

import { NO_PRICES, type GivenPrices } from './modelDraft';

type Unit = keyof GivenPrices;

const TOKENS: readonly Unit[] = ['input_per_million', 'output_per_million', 'cached_input_per_million', 'request'];
const PAID_BY: Partial<Record<Mode, readonly Unit[]>> = {
  embedding: ['input_per_million', 'request'],
  image_generation: ['output_image', 'image', 'request'],
  audio_transcription: ['second', 'request'],
  audio_speech: ['characters_per_million', 'request'],
  rerank: ['search', 'request'],
};
const UNITS = Object.keys(NO_PRICES) as Unit[];

interface PriceFieldsProps {
  mode: string;
  value: GivenPrices;
  onChange: (value: GivenPrices) => void;
}

export function PriceFields({ mode, value, onChange }: PriceFieldsProps) {
  const { t } = useTranslation('adminModels');
  const [open, setOpen] = useState(false);
  const usual = (isMode(mode) ? PAID_BY[mode] : undefined) ?? TOKENS;
  const others = UNITS.filter((unit) => !usual.includes(unit));
  const isUsed = others.some((unit) => value[unit] !== null);
  const fields = (units: readonly Unit[]) => (
    <div className="lm-fields">
      {units.map((unit) => (
        <MoneyField key={unit} label={t(`prices.${unit}`)} value={value[unit]} onChange={(price) => onChange({ ...value, [unit]: price })} />
      ))}
    </div>
  );
  return (
    <>
      {fields(usual)}
      <ExpandableSection toggleText={t(open || isUsed ? 'lessPrices' : 'morePrices')} isExpanded={open || isUsed} onToggle={(_, on) => setOpen(on)}>
        {fields(others)}
      </ExpandableSection>
    </>
  );
}
