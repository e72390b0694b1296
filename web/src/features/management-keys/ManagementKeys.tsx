/** Which automation may do what, and until when? */
import { Button, Label, LabelGroup, PageSection } from '@patternfly/react-core';
import RobotIcon from '@patternfly/react-icons/dist/esm/icons/robot-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { ManagementKey } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { When } from '@/shared/Figures';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { KeyStateLabel } from '@/shared/States';
import { DataTable, type Column } from '@/shared/table/DataTable';
import { useToast } from '@/shared/Toasts';

import { IssueManagementKey, MANAGEMENT_KEY_READS } from './IssueManagementKey';

const SHOWN_SCOPES = 3;
const LIVE_MS = 30_000;

const stateOf = (key: ManagementKey): 'active' | 'expired' => (key.expires_at !== null && new Date(key.expires_at) <= new Date() ? 'expired' : 'active');

function useColumns(): Column<ManagementKey>[] {
  const { t } = useTranslation(['automation', 'common']);
  return [
    {
      title: t('name'),
      modifier: 'breakWord',
      cell: (key) => (
        <>
          {key.name}
          <div className="lm-subtle lm-figure">{`sk-mgmt-…${key.hint}`}</div>
        </>
      ),
    },
    {
      title: t('stateAndEnd'),
      cell: (key) => (
        <>
          <KeyStateLabel item={{ state: stateOf(key), expires_at: key.expires_at }} />
          <div className="lm-subtle">
            <When instant={key.expires_at} never={t('untilRevoked')} />
          </div>
        </>
      ),
    },
    {
      title: t('scopes'),
      cell: (key) => (
        <LabelGroup numLabels={SHOWN_SCOPES} aria-label={t('scopes')} collapsedText={t('common:nMore', { count: key.scopes.length - SHOWN_SCOPES })} expandedText={t('common:showLess')}>
          {key.scopes.map((scope) => (
            <Label key={scope} isCompact>
              {scope === '*' ? t('everything') : scope}
            </Label>
          ))}
        </LabelGroup>
      ),
    },
    { title: t('lastUsed'), modifier: 'nowrap', cell: (key) => <When instant={key.last_used_at} /> },
    {
      title: t('issued'),
      modifier: 'nowrap',
      cell: (key) => (
        <>
          <When instant={key.created_at} />
          <div className="lm-subtle">{key.created_by}</div>
        </>
      ),
    },
  ];
}

export function ManagementKeys() {
  const { t } = useTranslation('automation');
  const query = useGet('/admin/management-keys', { refreshEvery: LIVE_MS });
  const mayChange = useMayAdminister();
  const toast = useToast();
  const columns = useColumns();
  const [issuing, setIssuing] = useState(false);
  const [revoking, setRevoking] = useState<ManagementKey | null>(null);
  const revoke = useChange((key: ManagementKey) => call('delete', '/admin/management-keys/{key_id}', { path: { key_id: key.id } }), MANAGEMENT_KEY_READS);
  const issue = mayChange && <Button onClick={() => setIssuing(true)}>{t('issue')}</Button>;
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} action={issue} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('empty')} lesson={t('emptyLesson')} icon={RobotIcon} action={issue} />
            ) : (
              <DataTable
                label={t('title')}
                rows={items}
                rowId={(key) => key.id}
                rowName={(key) => key.name}
                columns={columns}
                actions={mayChange ? (key) => [{ title: t('revoke'), isDanger: true, onClick: () => setRevoking(key) }] : undefined}
              />
            )
          }
        </Loaded>
      </PageSection>
      {issuing && <IssueManagementKey onClose={() => setIssuing(false)} />}
      {revoking && (
        <ConfirmDialog
          title={t('revokeTitle', { name: revoking.name })}
          consequence={t('revokeConsequence')}
          verb={t('revoke')}
          mustType={revoking.name}
          onConfirm={async () => {
            await revoke.mutateAsync(revoking);
            toast(t('revoked', { name: revoking.name }));
          }}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}
