/** Labels, such as a cost centre, by which usage is told apart: names and values, one pair a line. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AreaField } from '@/shared/fields/Fields';

export type Labels = Record<string, string>;

/** The labels that a text says; null where a line is no `name=value`. */
export function labelsOf(text: string): Labels | null {
  const pairs = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => /^([^=]+)=(.+)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2]?.trim() ?? '']));
}

const textOf = (labels: Labels): string => Object.entries(labels).map(([name, value]) => `${name}=${value}`).join('\n');

export function LabelsField({ value, onChange }: { value: Labels; onChange: (value: Labels | null) => void }) {
  const { t } = useTranslation('people');
  const [text, setText] = useState(() => textOf(value));
  return (
    <AreaField
      label={t('labels')}
      help={t('labelsHelp')}
      error={labelsOf(text) === null ? t('labelsWrong') : undefined}
      rows={2}
      placeholder="cost_centre=4711"
      value={text}
      onChange={(written) => {
        setText(written);
        onChange(labelsOf(written));
      }}
    />
  );
}
