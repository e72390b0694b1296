/** Step one of adding a model: where it is and what opens it. */
import { Form } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { Provider } from '@/api/types';
import { SelectField, TextField } from '@/shared/fields/Fields';

import { draftOfServed, needsKey, type ModelDraft } from './modelDraft';
import { OpenShiftAi } from './OpenShiftAi';

export interface StepProps {
  draft: ModelDraft;
  onChange: (draft: ModelDraft) => void;
}

export function EndpointStep({ draft, onChange, providers }: StepProps & { providers: readonly Provider[] }) {
  const { t } = useTranslation('adminModels');
  const provider = providers.find((one) => one.id === draft.provider);
  const choose = (id: string) => {
    const next = providers.find((one) => one.id === id);
    onChange({ ...draft, provider: id, apiBase: next?.default_api_base ?? '', deploymentId: '' });
  };
  return (
    <Form className="lm-form" onSubmit={(event) => event.preventDefault()}>
      <OpenShiftAi chosen={draft.deploymentId} onChoose={(service) => onChange(draftOfServed(draft, service))} />
      <SelectField
        label={t('provider')}
        help={t('providerHelp')}
        value={draft.provider}
        options={providers.map((one) => ({ value: one.id, label: one.title }))}
        onChange={choose}
        isRequired
      />
      <TextField
        label={t('apiBase')}
        help={t('apiBaseHelp')}
        type="url"
        value={draft.apiBase}
        placeholder="https://granite.models.example.com/v1"
        isRequired={provider?.needs_api_base}
        autoComplete="off"
        onChange={(apiBase) => onChange({ ...draft, apiBase: apiBase.trim(), deploymentId: '' })}
      />
      <TextField
        label={t('apiKey')}
        help={t('apiKeyHelp')}
        type="password"
        value={draft.apiKey}
        isRequired={needsKey(draft, provider)}
        autoComplete="new-password"
        onChange={(apiKey) => onChange({ ...draft, apiKey })}
      />
    </Form>
  );
}
