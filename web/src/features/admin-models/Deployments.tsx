/** The deployments behind a model group: where they are, whether they answer, and a test of each. */
import { Button, Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Deployment, ModelGroup } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { ErrorNotice } from '@/shared/Notices';
import { HealthLabel } from '@/shared/States';
import { DataTable } from '@/shared/table/DataTable';

import { MODEL_READS } from './AdminModels';
import { TestVerdicts } from './ConnectionTest';
import { DeploymentForm } from './DeploymentForm';

type Open = { deed: 'add' } | { deed: 'edit' | 'remove'; deployment: Deployment };

export function Deployments({ group }: { group: ModelGroup }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const mayChange = useMayAdminister();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const test = useChange((id: string) => call('post', '/admin/deployments/{deployment_id}/test', { path: { deployment_id: id } }), MODEL_READS);
  const remove = useChange((id: string) => call('delete', '/admin/deployments/{deployment_id}', { path: { deployment_id: id } }), MODEL_READS);
  const actions = (deployment: Deployment) => [
    { title: t('testConnection'), onClick: () => test.mutate(deployment.id) },
    { title: t('common:edit'), onClick: () => setOpen({ deed: 'edit', deployment }) },
    { isSeparator: true },
    { title: t('remove'), isDanger: true, onClick: () => setOpen({ deed: 'remove', deployment }) },
  ];
  return (
    <Card>
      <CardHeader
        actions={{
          actions: mayChange && (
            <Button variant="secondary" onClick={() => setOpen({ deed: 'add' })}>
              {t('addDeployment')}
            </Button>
          ),
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h2">{t('deployments')}</CardTitle>
      </CardHeader>
      <CardBody>
        <div className="lm-stack">
          <DataTable
            label={t('deployments')}
            rows={group.deployments}
            rowId={(deployment) => deployment.id}
            rowName={(deployment) => deployment.litellm_model}
            actions={mayChange ? actions : undefined}
            columns={[
              { title: t('upstreamModel'), cell: (one) => one.litellm_model, modifier: 'breakWord' },
              { title: t('provider'), cell: (one) => one.provider },
              { title: t('apiBase'), cell: (one) => one.api_base ?? '–', modifier: 'breakWord' },
              { title: t('weight'), isFigure: true, cell: (one) => integer(one.weight) },
              { title: t('health'), cell: (one) => <HealthLabel health={one.health} /> },
              { title: t('lastError'), cell: (one) => one.last_error ?? '–', modifier: 'breakWord' },
              { title: t('checked'), cell: (one) => <When instant={one.last_checked_at} /> },
            ]}
          />
          <div aria-live="polite">{test.data && <TestVerdicts report={test.data} />}</div>
          <ErrorNotice error={test.error} />
        </div>
      </CardBody>
      {open?.deed === 'add' && <DeploymentForm group={group} onClose={close} />}
      {open?.deed === 'edit' && <DeploymentForm group={group} deployment={open.deployment} onClose={close} />}
      {open?.deed === 'remove' && (
        <ConfirmDialog
          title={t('removeDeploymentTitle', { name: open.deployment.litellm_model })}
          consequence={t(group.deployments.length === 1 ? 'removeLastDeployment' : 'removeDeployment')}
          verb={t('remove')}
          onConfirm={() => remove.mutateAsync(open.deployment.id)}
          onClose={close}
        />
      )}
    </Card>
  );
}
