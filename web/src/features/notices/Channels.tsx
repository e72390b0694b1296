/** The channels, each with a test that says what came of it. */
import { Alert, Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { NoticeChannel } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { When } from '@/shared/Figures';
import { ErrorNotice } from '@/shared/Notices';
import { DataTable, type Column } from '@/shared/table/DataTable';
import { useToast } from '@/shared/Toasts';

import { NOTICE_READS } from './AddChannel';

const CHANNEL = '/admin/notice-channels/{name}';

interface Outcome {
  name: string;
  error: string | null;
}

function TestOutcome({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation(['notices', 'common']);
  const failed = outcome.error !== null;
  return (
    <Alert
      component="h3"
      isInline
      isLiveRegion
      variant={failed ? 'danger' : 'success'}
      title={t(failed ? 'testFailed' : 'testSent', { name: outcome.name })}
      actionLinks={
        <Button variant="link" isInline onClick={onClose}>
          {t('common:close')}
        </Button>
      }
    >
      {outcome.error ?? t('testSentHelp')}
    </Alert>
  );
}

export function Channels({ channels }: { channels: readonly NoticeChannel[] }) {
  const { t } = useTranslation('notices');
  const mayChange = useMayAdminister();
  const toast = useToast();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [removing, setRemoving] = useState<NoticeChannel | null>(null);
  const remove = useChange((channel: NoticeChannel) => call('delete', CHANNEL, { path: { name: channel.name } }), NOTICE_READS);
  const test = useChange(async ({ name }: NoticeChannel) => {
    const { error } = await call('post', `${CHANNEL}/test`, { path: { name } });
    setOutcome({ name, error });
  }, NOTICE_READS);
  const columns: Column<NoticeChannel>[] = [
    { title: t('name'), cell: (channel) => channel.name },
    { title: t('kind'), cell: (channel) => t(`kinds.${channel.kind}`) },
    { title: t('place'), modifier: 'breakWord', cell: (channel) => channel.place },
    { title: t('events'), modifier: 'breakWord', cell: (channel) => channel.events?.map((event) => t(`event.${event}`)).join(', ') ?? t('everything') },
    {
      title: t('added'),
      modifier: 'nowrap',
      cell: (channel) => (
        <>
          <When instant={channel.created_at} />
          <div className="lm-subtle">{channel.created_by}</div>
        </>
      ),
    },
  ];
  return (
    <Card>
      <CardTitle component="h2">{t('channels')}</CardTitle>
      <CardBody>
        <div className="lm-stack">
          {outcome && <TestOutcome outcome={outcome} onClose={() => setOutcome(null)} />}
          <ErrorNotice error={test.error} />
          <DataTable
            label={t('channels')}
            rows={channels}
            rowId={(channel) => channel.id}
            rowName={(channel) => channel.name}
            columns={columns}
            actions={
              mayChange
                ? (channel) => [
                    { title: t('test'), onClick: () => test.mutate(channel) },
                    { isSeparator: true },
                    { title: t('remove'), isDanger: true, onClick: () => setRemoving(channel) },
                  ]
                : undefined
            }
          />
        </div>
      </CardBody>
      {removing && (
        <ConfirmDialog
          title={t('removeTitle', { name: removing.name })}
          consequence={t('removeConsequence')}
          verb={t('remove')}
          onConfirm={async () => {
            await remove.mutateAsync(removing);
            toast(t('removed', { name: removing.name }));
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </Card>
  );
}
