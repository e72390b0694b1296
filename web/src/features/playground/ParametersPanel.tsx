/** Which models answer, and how they are asked. */
import { Card, CardBody, Form } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { AreaField, NumberField, TextField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { useChoices } from '@/shared/fields/useChoices';

export interface Parameters {
  systemPrompt: string;
  temperature: number | null;
  maxTokens: number | null;
}

export const MOST_COLUMNS = 3;
/** What the server is asked for the models that one may chat with. */
export const CHATTED_WITH = { access: 'granted', mode: 'chat', sort: 'name' } as const;

interface ParametersPanelProps {
  chosen: readonly string[];
  onChoose: (models: string[]) => void;
  value: Parameters;
  onChange: (value: Parameters) => void;
}

export function ParametersPanel({ chosen, onChoose, value, onChange }: ParametersPanelProps) {
  const { t } = useTranslation('playground');
  const models = useChoices({ path: '/models', query: CHATTED_WITH, choiceOf: ({ name, provider }) => ({ value: name, label: name, description: provider }) });
  const setTemperature = (text: string) => {
    const temperature = Number(text);
    onChange({ ...value, temperature: text === '' || Number.isNaN(temperature) ? null : Math.min(2, Math.max(0, temperature)) });
  };
  return (
    <Card>
      <CardBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          <MultiSelect
            label={t('models')}
            help={t('modelsHelp', { count: MOST_COLUMNS })}
            value={chosen}
            {...models}
            most={MOST_COLUMNS}
            onChange={onChoose}
          />
          <AreaField
            label={t('systemPrompt')}
            value={value.systemPrompt}
            placeholder={t('systemPromptExample')}
            onChange={(systemPrompt) => onChange({ ...value, systemPrompt })}
          />
          <TextField
            label={t('temperature')}
            help={t('temperatureHelp')}
            type="number"
            value={value.temperature === null ? '' : String(value.temperature)}
            placeholder={t('modelDefault')}
            onChange={setTemperature}
          />
          <NumberField
            label={t('maxTokens')}
            value={value.maxTokens}
            placeholder={t('modelDefault')}
            onChange={(maxTokens) => onChange({ ...value, maxTokens })}
          />
        </Form>
      </CardBody>
    </Card>
  );
}
