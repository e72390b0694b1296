/** What can be done to a user, and the dialogs that ask before. */
import type { IAction } from '@patternfly/react-table';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { User } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { useToast } from '@/shared/Toasts';

import { USER_READS, UserForm } from './UserForm';

type Deed = 'edit' | 'block' | 'unblock' | 'remove';

export function useUserDeeds(onRemoved: () => void = () => undefined): { actions: (user: User) => IAction[]; start: (user: User, deed: Deed) => void; dialog: ReactNode } {
  const { t } = useTranslation(['people', 'common']);
  const toast = useToast();
  const [open, setOpen] = useState<{ user: User; deed: Deed } | null>(null);
  const change = useChange(async ({ user, deed }: { user: User; deed: Deed }) => {
    const path = { user_id: user.id };
    if (deed === 'remove') await call('delete', '/admin/users/{user_id}', { path });
    else await call('patch', '/admin/users/{user_id}', { path, body: { blocked: deed === 'block' } });
  }, USER_READS);
  const start = (user: User, deed: Deed) => setOpen({ user, deed });
  const close = () => setOpen(null);
  const actions = (user: User): IAction[] => [
    { title: t('common:edit'), onClick: () => start(user, 'edit') },
    { title: t(user.blocked ? 'unblock' : 'block'), onClick: () => start(user, user.blocked ? 'unblock' : 'block') },
    { isSeparator: true },
    { title: t('removeUser'), isDanger: true, onClick: () => start(user, 'remove') },
  ];
  let dialog: ReactNode = null;
  if (open?.deed === 'edit') dialog = <UserForm user={open.user} onClose={close} />;
  else if (open) {
    const { user, deed } = open as { user: User; deed: Exclude<Deed, 'edit'> };
    dialog = (
      <ConfirmDialog
        title={t(`user.${deed}Title`, { name: user.name })}
        consequence={t(`user.${deed}Consequence`, { count: user.keys_count })}
        verb={t(deed === 'remove' ? 'removeUser' : deed)}
        danger={deed !== 'unblock'}
        mustType={deed === 'remove' ? user.id : undefined}
        onConfirm={async () => {
          await change.mutateAsync({ user, deed });
          toast(t('common:saved'));
          if (deed === 'remove') onRemoved();
        }}
        onClose={close}
      />
    );
  }
  return { actions, start, dialog };
}
