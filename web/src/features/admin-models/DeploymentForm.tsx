/** Adds a deployment to a model group, or changes one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { Deployment, ModelGroup, NewDeployment } from '@/api/types';
import { NumberField, SelectField, TextField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

import { MODEL_READS } from './AdminModels';

type Draft = NewDeployment & { provider: string };

/** Another deployment is most often of the same kind as the first one. */
const another = (group: ModelGroup): Draft => ({
  provider: group.deployments[0]?.provider ?? '',
  litellm_model: '',
  api_base: null,
  weight: 1,
});

const orderOf = (deployment: Deployment): Draft => ({
  provider: deployment.provider,
  litellm_model: deployment.litellm_model,
  api_base: deployment.api_base,
  weight: deployment.weight,
  rpm_limit: deployment.rpm_limit,
  tpm_limit: deployment.tpm_limit,
  max_parallel_requests: deployment.max_parallel_requests,
});

interface DeploymentFormProps {
  group: ModelGroup;
  deployment?: Deployment;
  onClose: () => void;
}

export function DeploymentForm({ group, deployment, onClose }: DeploymentFormProps) {
  const { t } = useTranslation(['adminModels', 'common']);
  const toast = useToast();
  const providers = useGet('/admin/providers');
  const [order, setOrder] = useState<Draft>(deployment ? orderOf(deployment) : another(group));
  const save = useChange(
    async (body: Draft) => {
      if (deployment) await call('patch', '/admin/deployments/{deployment_id}', { path: { deployment_id: deployment.id }, body });
      else await call('post', '/admin/models/{name}/deployments', { path: { name: group.name }, body });
    },
    MODEL_READS,
  );
  return (
    <FormDialog
      title={deployment ? t('editDeployment') : t('addDeployment')}
      description={t('deploymentHelp', { group: group.name })}
      verb={deployment ? t('common:save') : t('add')}
      isValid={order.litellm_model.trim() !== ''}
      onSubmit={async () => {
        await save.mutateAsync(order);
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      <SelectField
        label={t('provider')}
        value={order.provider}
        options={(providers.data?.items ?? []).map((one) => ({ value: one.id, label: one.title }))}
        onChange={(provider) => setOrder({ ...order, provider })}
      />
      <TextField
        label={t('upstreamModel')}
        value={order.litellm_model}
        onChange={(litellm_model) => setOrder({ ...order, litellm_model })}
        isRequired
        autoComplete="off"
      />
      <TextField
        label={t('apiBase')}
        type="url"
        value={order.api_base ?? ''}
        onChange={(text) => setOrder({ ...order, api_base: text.trim() || null })}
        autoComplete="off"
      />
      <TextField
        label={t('apiKey')}
        help={deployment?.has_api_key ? t('apiKeyKept') : t('apiKeyHelp')}
        type="password"
        value={order.api_key ?? ''}
        onChange={(text) => setOrder({ ...order, api_key: text || undefined })}
        autoComplete="new-password"
      />
      <div className="lm-fields">
        <NumberField label={t('weight')} help={t('weightHelp')} value={order.weight ?? null} onChange={(weight) => setOrder({ ...order, weight: weight ?? 1 })} />
        <NumberField label={t('common:field.rpm')} value={order.rpm_limit ?? null} onChange={(rpm_limit) => setOrder({ ...order, rpm_limit })} />
        <NumberField label={t('common:field.tpm')} value={order.tpm_limit ?? null} onChange={(tpm_limit) => setOrder({ ...order, tpm_limit })} />
        <NumberField
          label={t('common:field.parallel')}
          value={order.max_parallel_requests ?? null}
          onChange={(max_parallel_requests) => setOrder({ ...order, max_parallel_requests })}
        />
      </div>
    </FormDialog>
  );
}
