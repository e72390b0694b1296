/** A span as the API writes it (`1h`, `30d`, `1mo`): the usual ones to pick, any other to type. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { SelectField, TextField } from './Fields';

const SPAN = /^\d+(s|m|h|d|w|mo|y)$/;
const CUSTOM = 'custom';
const NONE = '';

interface DurationFieldProps {
  label: string;
  help?: string;
  value: string | null;
  onChange: (value: string | null) => void;
  presets: readonly string[];
  /** What an absent span means; without it a span must be given. */
  none?: string;
}

/** Whether a text is a span that the server understands. */
export const isDuration = (text: string | null): boolean => text === null || SPAN.test(text);

export function DurationField({ label, help, value, onChange, presets, none }: DurationFieldProps) {
  const { t } = useTranslation();
  const [custom, setCustom] = useState(value !== null && !presets.includes(value));
  const words: Record<string, string> = {
    '1h': t('span.1h'),
    '1d': t('span.1d'),
    '7d': t('span.7d'),
    '30d': t('span.30d'),
    '90d': t('span.90d'),
    '180d': t('span.180d'),
    '365d': t('span.365d'),
    '1mo': t('span.1mo'),
  };
  const options = [
    ...(none === undefined ? [] : [{ value: NONE, label: none }]),
    ...presets.map((preset) => ({ value: preset, label: words[preset] ?? preset })),
    { value: CUSTOM, label: t('span.custom') },
  ];
  const choose = (chosen: string) => {
    setCustom(chosen === CUSTOM);
    onChange(chosen === NONE || chosen === CUSTOM ? null : chosen);
  };
  return (
    <>
      <SelectField label={label} help={help} value={custom ? CUSTOM : (value ?? NONE)} options={options} onChange={choose} />
      {custom && (
        <TextField
          label={t('span.customLabel', { field: label })}
          help={t('span.customHelp')}
          error={isDuration(value) ? undefined : t('span.invalid')}
          value={value ?? ''}
          placeholder="45d"
          onChange={(text) => onChange(text.trim() || null)}
        />
      )}
    </>
  );
}
