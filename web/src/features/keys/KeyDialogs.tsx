/** What can be done to a key, and the dialogs that ask before. */
import type { IAction } from '@patternfly/react-table';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { IssuedKey, Key } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { SelectField } from '@/shared/fields/Fields';
import { integer } from '@/shared/format';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

import { IssuedKeyDialog } from './IssuedKeyDialog';
import { EditKey } from './KeyForms';
import { KEY_READS, useKeyScope, useMayRotate } from './scope';

const GRACE_PERIODS = ['', '1h', '1d', '7d'] as const;
type GracePeriod = (typeof GRACE_PERIODS)[number];

function RotateKey({ item, onClose }: { item: Key; onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const { api } = useKeyScope();
  const [grace, setGrace] = useState<GracePeriod>('');
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const rotate = useChange(
    () => call('post', `${api}/{key_id}/rotate`, { path: { key_id: item.id }, body: grace ? { grace_period: grace } : {} }),
    KEY_READS,
  );
  if (issued) return <IssuedKeyDialog issued={issued} onClose={onClose} />;
  return (
    <FormDialog
      title={t('rotateTitle', { name: item.alias })}
      description={t('rotateHelp')}
      verb={t('rotate')}
      variant="small"
      onSubmit={async () => setIssued(await rotate.mutateAsync())}
      onClose={onClose}
    >
      <SelectField
        label={t('grace')}
        value={grace}
        options={GRACE_PERIODS.map((period) => ({ value: period, label: period ? t(`common:span.${period}`) : t('graceNone') }))}
        onChange={setGrace}
      />
    </FormDialog>
  );
}

type Deed = 'edit' | 'rotate' | 'block' | 'unblock' | 'revoke';

interface KeyDeeds {
  actions: (item: Key) => IAction[];
  start: (item: Key, deed: Deed) => void;
  dialog: ReactNode;
}

/** The menu of a key and the dialog that is open for it. */
export function useKeyDeeds(onRevoked: () => void = () => undefined): KeyDeeds {
  const { t } = useTranslation(['keys', 'common']);
  const { api } = useKeyScope();
  const mayRotate = useMayRotate();
  const toast = useToast();
  const [open, setOpen] = useState<{ item: Key; deed: Deed } | null>(null);
  const change = useChange(async ({ item, deed }: { item: Key; deed: 'block' | 'unblock' | 'revoke' }) => {
    const path = { key_id: item.id };
    if (deed === 'revoke') await call('delete', `${api}/{key_id}`, { path });
    else await call('post', `${api}/{key_id}/${deed}`, { path });
  }, KEY_READS);
  const start = (item: Key, deed: Deed) => setOpen({ item, deed });
  const close = () => setOpen(null);
  const actions = (item: Key): IAction[] => {
    if (item.state === 'revoked') return [];
    const isBlocked = item.state === 'blocked';
    return [
      { title: t('common:edit'), onClick: () => start(item, 'edit') },
      ...(mayRotate(item) ? [{ title: t('rotate'), onClick: () => start(item, 'rotate') }] : []),
      { title: t(isBlocked ? 'unblock' : 'block'), onClick: () => start(item, isBlocked ? 'unblock' : 'block') },
      { isSeparator: true },
      { title: t('revoke'), isDanger: true, onClick: () => start(item, 'revoke') },
    ];
  };
  const confirm = (item: Key, deed: 'block' | 'unblock' | 'revoke') => (
    <ConfirmDialog
      title={t(`${deed}Title`, { name: item.alias })}
      consequence={
        <>
          <p>{t(`${deed}Consequence`)}</p>
          {deed !== 'unblock' && <p>{t('usedToday', { count: item.requests_today, requests: integer(item.requests_today) })}</p>}
        </>
      }
      verb={t(deed)}
      danger={deed !== 'unblock'}
      mustType={deed === 'revoke' ? item.alias : undefined}
      onConfirm={async () => {
        await change.mutateAsync({ item, deed });
        toast(t(`${deed}Done`, { name: item.alias }));
        if (deed === 'revoke') onRevoked();
      }}
      onClose={close}
    />
  );
  let dialog: ReactNode = null;
  if (open?.deed === 'edit') dialog = <EditKey item={open.item} onClose={close} />;
  else if (open?.deed === 'rotate') dialog = <RotateKey item={open.item} onClose={close} />;
  else if (open) dialog = confirm(open.item, open.deed);
  return { actions, start, dialog };
}
