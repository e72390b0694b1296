/** Which days: the usual spans at one click, any two days behind "Custom". */
import { TextInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { SPANS, type Span } from './span';

interface SpanPickerProps {
  days: number | null;
  span: Span;
  onChange: (changes: Record<string, string | null>) => void;
}

export function SpanPicker({ days, span, onChange }: SpanPickerProps) {
  const { t } = useTranslation('usage');
  return (
    <div className="lm-row">
      <ToggleGroup aria-label={t('span')}>
        {SPANS.map((length) => (
          <ToggleGroupItem
            key={length}
            buttonId={`span-${length}`}
            text={t('days', { count: length })}
            isSelected={days === length}
            onChange={() => onChange({ days: String(length), since: null, until: null })}
          />
        ))}
        <ToggleGroupItem buttonId="span-custom" text={t('custom')} isSelected={days === null} onChange={() => onChange({ ...span, days: null })} />
      </ToggleGroup>
      {days === null && (
        <>
          <TextInput
            type="date"
            className="lm-date"
            aria-label={t('since')}
            value={span.since}
            max={span.until}
            onChange={(_, since) => since && onChange({ since, until: span.until })}
          />
          <TextInput
            type="date"
            className="lm-date"
            aria-label={t('until')}
            value={span.until}
            min={span.since}
            onChange={(_, until) => until && onChange({ since: span.since, until })}
          />
        </>
      )}
    </div>
  );
}
