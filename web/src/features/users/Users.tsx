/** Who is here, what may they do, and what do they spend? */
import { Button, PageSection, ToolbarItem } from '@patternfly/react-core';
import UsersIcon from '@patternfly/react-icons/dist/esm/icons/users-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { User } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { BudgetBar } from '@/shared/BudgetBar';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';
import { BulkBar } from '@/shared/table/BulkBar';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

import { USER_READS, UserForm } from './UserForm';
import { useUserDeeds } from './useUserDeeds';

const FILTERS = ['role', 'blocked'] as const;

function useColumns(): Column<User>[] {
  const { t } = useTranslation(['people', 'shell']);
  return [
    {
      title: t('name'),
      sort: 'name',
      share: 1.7,
      modifier: 'breakWord',
      cell: (user) => (
        <>
          <Link to={`/admin/users/${encodeURIComponent(user.id)}`}>{user.name || user.id}</Link>
          {(user.email ?? user.id) !== user.name && <div className="lm-subtle">{user.email ?? user.id}</div>}
        </>
      ),
    },
    { title: t('role'), sort: 'role', share: 1.35, cell: (user) => t(`shell:role.${user.role}`) },
    { title: t('state'), sort: 'blocked', share: 1.2, cell: (user) => <BlockedLabel blocked={user.blocked} /> },
    { title: t('teams'), cell: (user) => user.teams.map((team) => team.name).join(', ') || '–', modifier: 'breakWord' },
    {
      title: t('spent'),
      sort: 'spent',
      share: 1.7,
      cell: (user) => <BudgetBar spent={user.spent} maximum={user.max_budget} resetsAt={user.window_resets_at} label={t('spent')} />,
    },
    { title: t('keys'), isFigure: true, sort: 'keys_count', share: 0.8, cell: (user) => integer(user.keys_count) },
    { title: t('lastActive'), sort: 'last_active_at', share: 1.25, cell: (user) => <When instant={user.last_active_at} /> },
  ];
}

export function Users() {
  const { t } = useTranslation(['people', 'common', 'shell']);
  const list = useListState('name', FILTERS);
  const columns = useColumns();
  const mayChange = useMayAdminister();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { actions, dialog } = useUserDeeds();
  const bulk = useChange(
    (body: { ids: string[]; action: 'block' | 'unblock' }) => call('post', '/admin/users/bulk', { body }),
    USER_READS,
  );
  const add = mayChange && <Button onClick={() => setAdding(true)}>{t('addUser')}</Button>;
  const roles = (['admin', 'admin-readonly', 'user'] as const).map((role) => ({ value: role, label: t(`shell:role.${role}`) }));
  return (
    <>
      <PageHeading title={t('usersTitle')} purpose={t('usersPurpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <div className="lm-stack">
          {mayChange && (
            <BulkBar
              ids={chosen}
              onClear={() => setChosen(new Set())}
              actions={(['block', 'unblock'] as const).map((action) => ({
                verb: t(action),
                consequence: t(`user.${action}ConsequenceMany`),
                danger: action === 'block',
                run: (ids) => bulk.mutateAsync({ ids, action }),
              }))}
            />
          )}
          <PagedTable
            label={t('usersTitle')}
            path="/admin/users"
            list={list}
            columns={columns}
            rowId={(user) => user.id}
            rowName={(user) => user.name}
            actions={mayChange ? actions : undefined}
            selection={mayChange ? { ids: chosen, onChange: setChosen } : undefined}
            searchLabel={t('searchUsers')}
            filters={
              <>
                <ToolbarItem>
                  <MultiSelect isFilter most={1} label={t('role')} value={list.filter('role')} choices={roles} onChange={(role) => list.change({ role })} />
                </ToolbarItem>
                <ToolbarItem>
                  <MultiSelect
                    isFilter
                    most={1}
                    label={t('state')}
                    value={list.filter('blocked')}
                    choices={[
                      { value: 'false', label: t('common:keyState.active') },
                      { value: 'true', label: t('common:keyState.blocked') },
                    ]}
                    onChange={(blocked) => list.change({ blocked })}
                  />
                </ToolbarItem>
              </>
            }
            empty={<Empty title={t('usersEmpty')} lesson={t('usersEmptyLesson')} icon={UsersIcon} action={add} />}
          />
        </div>
      </PageSection>
      {dialog}
      {adding && <UserForm onClose={() => setAdding(false)} />}
    </>
  );
}
