/** Labels, such as a cost centre, by which usage is told apart: names and values, one pair a line. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AreaField } from './Fields';

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

const pairsOf = (labels: Labels): string[] => Object.entries(labels).map(([name, value]) => `${name}=${value}`);

/** Labels on one line, to be read. */
export const labelLine = (labels: Labels): string => pairsOf(labels).join(', ') || '–';

export function LabelsField({ value, onChange }: { value: Labels; onChange: (value: Labels | null) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => pairsOf(value).join('\n'));
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
