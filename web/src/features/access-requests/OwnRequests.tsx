/** What I have asked for, and what came of it. */
import { Button, PageSection } from '@patternfly/react-core';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { AccessRequest } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { AreaField } from '@/shared/fields/Fields';
import { When } from '@/shared/Figures';
import { FormDialog } from '@/shared/FormDialog';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { RequestLabel } from '@/shared/States';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

const READS = ['/access-requests', '/models', '/me'] as const;

function AskAgain({ request, onClose }: { request: AccessRequest; onClose: () => void }) {
  const { t } = useTranslation('requests');
  const [reason, setReason] = useState('');
  const ask = useChange(
    (body: { reason: string }) => call('post', '/access-requests/{request_id}/review', { path: { request_id: request.id }, body }),
    READS,
  );
  return (
    <FormDialog
      title={t('askAgainTitle', { model: request.model })}
      description={request.decision_reason ?? undefined}
      verb={t('askAgain')}
      variant="small"
      isValid={reason.trim() !== ''}
      onSubmit={async () => {
        await ask.mutateAsync({ reason });
        onClose();
      }}
      onClose={onClose}
    >
      <AreaField label={t('whyAgain')} value={reason} onChange={setReason} isRequired />
    </FormDialog>
  );
}

export function OwnRequests() {
  const { t } = useTranslation('requests');
  const list = useListState('-created_at');
  const [withdrawing, setWithdrawing] = useState<AccessRequest | null>(null);
  const [asking, setAsking] = useState<AccessRequest | null>(null);
  const withdraw = useChange((id: string) => call('delete', '/access-requests/{request_id}', { path: { request_id: id } }), READS);
  const action = <Button component={(link) => <Link {...link} to="/models?access=requestable" />}>{t('findModels')}</Button>;
  return (
    <>
      <PageHeading title={t('ownTitle')} purpose={t('ownPurpose')} action={action} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('ownTitle')}
          path="/access-requests"
          list={list}
          rowId={(request) => request.id}
          rowName={(request) => request.model}
          columns={[
            { title: t('model'), cell: (request) => request.model, sort: 'model', modifier: 'breakWord' },
            { title: t('status'), cell: (request) => <RequestLabel status={request.status} />, sort: 'status' },
            { title: t('why'), share: 1.8, cell: (request) => request.reason ?? '–', modifier: 'breakWord' },
            { title: t('answer'), share: 1.8, cell: (request) => request.decision_reason ?? '–', modifier: 'breakWord' },
            { title: t('since'), cell: (request) => <When instant={request.created_at} />, sort: 'created_at' },
          ]}
          actions={(request) => [
            ...(request.status === 'pending' ? [{ title: t('withdraw'), onClick: () => setWithdrawing(request) }] : []),
            ...(request.status === 'denied' ? [{ title: t('askAgain'), onClick: () => setAsking(request) }] : []),
          ]}
          empty={<Empty title={t('ownEmpty')} lesson={t('ownEmptyLesson')} icon={LockIcon} action={action} />}
        />
      </PageSection>
      {asking && <AskAgain request={asking} onClose={() => setAsking(null)} />}
      {withdrawing && (
        <ConfirmDialog
          title={t('withdrawTitle', { model: withdrawing.model })}
          consequence={t('withdrawConsequence')}
          verb={t('withdraw')}
          danger={false}
          onConfirm={() => withdraw.mutateAsync(withdrawing.id)}
          onClose={() => setWithdrawing(null)}
        />
      )}
    </>
  );
}
