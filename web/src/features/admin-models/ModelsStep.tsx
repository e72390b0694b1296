/** Step two: which models of the endpoint, under which name; and whether they answer. */
import { Alert, Button, Checkbox, Form } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import { MODES } from '@/api/choices';
import { SelectField, TextField } from '@/shared/fields/Fields';
import { ErrorNotice } from '@/shared/Notices';

import { ConnectionTest } from './ConnectionTest';
import type { StepProps } from './EndpointStep';
import { deploymentOrder, publicNameOf, suggestedName } from './modelDraft';

function Discovered({ found, draft, onChange }: StepProps & { found: readonly string[] }) {
  const { t } = useTranslation('adminModels');
  const id = useId();
  if (found.length === 0) return <Alert component="h2" isInline variant="warning" title={t('discoveredNone')} />;
  const toggle = (model: string, on: boolean) =>
    onChange({ ...draft, upstreamModels: on ? [...draft.upstreamModels, model] : draft.upstreamModels.filter((one) => one !== model) });
  return (
    <fieldset>
      <legend className="lm-strong">{t('discovered', { count: found.length })}</legend>
      {found.map((model) => (
        <Checkbox
          key={model}
          id={`${id}-${model}`}
          label={model}
          isChecked={draft.upstreamModels.includes(model)}
          onChange={(_, on) => toggle(model, on)}
        />
      ))}
    </fieldset>
  );
}

export function ModelsStep({ draft, onChange }: StepProps) {
  const { t } = useTranslation(['adminModels', 'models']);
  const discover = useChange(
    () =>
      call('post', '/admin/models/discover', {
        body: { provider: draft.provider, api_base: draft.apiBase || null, ...(draft.apiKey && { api_key: draft.apiKey }) },
      }),
    [],
  );
  const [first] = draft.upstreamModels;
  const single = draft.upstreamModels.length === 1 && first !== undefined;
  return (
    <Form className="lm-form" onSubmit={(event) => event.preventDefault()}>
      <div>
        <Button variant="secondary" isLoading={discover.isPending} isDisabled={discover.isPending} onClick={() => discover.mutate()}>
          {t('discover')}
        </Button>
      </div>
      <ErrorNotice error={discover.error} />
      {discover.data && <Discovered found={discover.data.models} draft={draft} onChange={onChange} />}
      <TextField
        label={t('upstreamModels')}
        help={t('upstreamModelsHelp')}
        value={draft.upstreamModels.join(', ')}
        placeholder="granite-3-2-8b-instruct"
        isRequired
        autoComplete="off"
        onChange={(text) => onChange({ ...draft, upstreamModels: text === '' ? [] : text.split(/,\s*/) })}
      />
      {single && (
        <TextField
          label={t('publicName')}
          help={t('publicNameHelp')}
          value={draft.publicName}
          placeholder={suggestedName(first)}
          autoComplete="off"
          onChange={(publicName) => onChange({ ...draft, publicName })}
        />
      )}
      <SelectField
        label={t('mode')}
        value={draft.mode}
        options={MODES.map((mode) => ({ value: mode, label: t(`models:mode.${mode}`) }))}
        onChange={(mode) => onChange({ ...draft, mode })}
      />
      <ConnectionTest
        key={`${first ?? ''} ${draft.apiBase} ${draft.mode}`}
        order={first ? { ...deploymentOrder(draft, first), public_name: publicNameOf(draft, first), mode: draft.mode } : null}
      />
    </Form>
  );
}
