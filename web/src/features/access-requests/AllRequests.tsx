/** What waits for me? Access requests of everybody, decided one by one or many at once. */
import { Alert, Button, List, ListItem, PageSection, Popover, ToolbarItem } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { AccessRequest, ItemResult, RequestStatus } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { AreaField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { When } from '@/shared/Figures';
import { FormDialog } from '@/shared/FormDialog';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { RequestLabel } from '@/shared/States';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';
import { useToast } from '@/shared/Toasts';

import { RequestHistory } from './RequestHistory';

const FILTERS = ['status', 'model', 'user_id'] as const;
const WAITING_FIRST = { status: 'pending' } as const;
const STATUSES: readonly RequestStatus[] = ['pending', 'approved', 'denied', 'withdrawn'];
const LIVE_MS = 15_000;

type Decision = 'approve' | 'deny';

interface DecideProps {
  ids: string[];
  decision: Decision;
  onDecided: (failed: ItemResult[]) => void;
  onClose: () => void;
}

function Decide({ ids, decision, onDecided, onClose }: DecideProps) {
  const { t } = useTranslation('requests');
  const toast = useToast();
  const [reason, setReason] = useState('');
  const decide = useChange(
    (body: { ids: string[]; decision: Decision; reason: string }) =>
      call('post', '/admin/access-requests/decide', { body }),
    ['/admin/access-requests', '/admin/overview', '/models'],
  );
  const isDenial = decision === 'deny';
  return (
    <FormDialog
      title={t(`${decision}Title`, { count: ids.length })}
      description={t(`${decision}Help`)}
      verb={t(decision)}
      variant="small"
      isValid={!isDenial || reason.trim() !== ''}
      onSubmit={async () => {
        const { results } = await decide.mutateAsync({ ids, decision, reason });
        const failed = results.filter((result) => !result.ok);
        if (failed.length === 0) toast(t('decided', { count: results.length }));
        onDecided(failed);
        onClose();
      }}
      onClose={onClose}
    >
      <AreaField label={t(isDenial ? 'denialReason' : 'comment')} value={reason} onChange={setReason} isRequired={isDenial} />
    </FormDialog>
  );
}

function useColumns(): Column<AccessRequest>[] {
  const { t } = useTranslation('requests');
  return [
    { title: t('who'), sort: 'user_name', cell: (request) => request.user_name, modifier: 'breakWord' },
    { title: t('model'), sort: 'model', cell: (request) => request.model, modifier: 'breakWord' },
    { title: t('why'), share: 2, cell: (request) => request.reason ?? '–', modifier: 'breakWord' },
    {
      title: t('status'),
      sort: 'status',
      cell: (request) => (
        <Popover headerContent={t('history')} bodyContent={<RequestHistory request={request} />}>
          <Button variant="link" isInline aria-label={t('historyOf', { model: request.model, name: request.user_name })}>
            <RequestLabel status={request.status} />
          </Button>
        </Popover>
      ),
    },
    { title: t('since'), sort: 'created_at', cell: (request) => <When instant={request.created_at} /> },
  ];
}

export function AllRequests() {
  const { t } = useTranslation(['requests', 'common']);
  const list = useListState('created_at', FILTERS, WAITING_FIRST);
  const columns = useColumns();
  const mayChange = useMayAdminister();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = useState<{ ids: string[]; decision: Decision } | null>(null);
  const [failed, setFailed] = useState<ItemResult[]>([]);
  const decideChosen = (decision: Decision) => setDeciding({ ids: [...chosen], decision });
  const actions = (request: AccessRequest) => [
    ...(request.status === 'approved' ? [] : [{ title: t('approve'), onClick: () => setDeciding({ ids: [request.id], decision: 'approve' as const }) }]),
    ...(request.status === 'denied' ? [] : [{ title: t('deny'), isDanger: true, onClick: () => setDeciding({ ids: [request.id], decision: 'deny' as const }) }]),
  ];
  return (
    <>
      <PageHeading
        title={t('allTitle')}
        purpose={t('allPurpose')}
        action={
          mayChange && (
            <>
              <Button isDisabled={chosen.size === 0} onClick={() => decideChosen('approve')}>
                {chosen.size > 0 ? t('approveN', { count: chosen.size }) : t('approve')}
              </Button>
              <Button variant="secondary" isDisabled={chosen.size === 0} onClick={() => decideChosen('deny')}>
                {t('deny')}
              </Button>
            </>
          )
        }
      />
      <PageSection hasBodyWrapper={false}>
        <div className="lm-stack">
          {failed.length > 0 && (
            <Alert component="h2" isInline isLiveRegion variant="warning" title={t('notDecided', { count: failed.length })}>
              <List>
                {failed.map((result) => (
                  <ListItem key={result.id}>{result.error}</ListItem>
                ))}
              </List>
            </Alert>
          )}
          <PagedTable
            label={t('allTitle')}
            path="/admin/access-requests"
            list={list}
            columns={columns}
            rowId={(request) => request.id}
            rowName={(request) => `${request.user_name}, ${request.model}`}
            actions={mayChange ? actions : undefined}
            selection={mayChange ? { ids: chosen, onChange: setChosen } : undefined}
            searchLabel={t('search')}
            refreshEvery={LIVE_MS}
            filters={
              <ToolbarItem>
                <MultiSelect
                  isFilter
                  most={1}
                  label={t('status')}
                  value={list.filter('status')}
                  choices={STATUSES.map((status) => ({ value: status, label: t(`common:requestStatus.${status}`) }))}
                  onChange={(status) => list.change({ status: status.length > 0 ? status : '' })}
                />
              </ToolbarItem>
            }
            empty={<Empty title={t('allEmpty')} lesson={t('allEmptyLesson')} icon={CheckCircleIcon} />}
          />
        </div>
      </PageSection>
      {deciding && (
        <Decide
          {...deciding}
          onDecided={(refused) => {
            setFailed(refused);
            setChosen(new Set());
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </>
  );
}
