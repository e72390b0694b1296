/** Which groups share models and money? */
import { Button, PageSection } from '@patternfly/react-core';
import UsersIcon from '@patternfly/react-icons/dist/esm/icons/users-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Team } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { BudgetBar } from '@/shared/BudgetBar';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

import { RemoveTeam } from './RemoveTeam';
import { TeamForm } from './TeamForm';

type Open = { deed: 'add' } | { deed: 'edit' | 'remove'; team: Team };

function useColumns(): Column<Team>[] {
  const { t } = useTranslation(['people', 'common']);
  return [
    { title: t('name'), sort: 'name', share: 1.6, modifier: 'breakWord', cell: (team) => <Link to={`/admin/teams/${team.id}`}>{team.name}</Link> },
    { title: t('state'), cell: (team) => <BlockedLabel blocked={team.blocked} /> },
    { title: t('members'), isFigure: true, sort: 'members_count', cell: (team) => integer(team.members_count) },
    { title: t('keys'), isFigure: true, sort: 'keys_count', cell: (team) => integer(team.keys_count) },
    {
      title: t('spent'),
      sort: 'spent',
      share: 1.8,
      cell: (team) => <BudgetBar spent={team.spent} maximum={team.max_budget} resetsAt={team.window_resets_at} label={t('spent')} />,
    },
    { title: t('common:models'), share: 1.6, cell: (team) => <ModelNames models={team.models} /> },
  ];
}

export function Teams() {
  const { t } = useTranslation(['people', 'common']);
  const list = useListState('name');
  const columns = useColumns();
  const mayChange = useMayAdminister();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const add = mayChange && <Button onClick={() => setOpen({ deed: 'add' })}>{t('addTeam')}</Button>;
  return (
    <>
      <PageHeading title={t('teamsTitle')} purpose={t('teamsPurpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('teamsTitle')}
          path="/admin/teams"
          list={list}
          columns={columns}
          rowId={(team) => team.id}
          rowName={(team) => team.name}
          searchLabel={t('searchTeams')}
          actions={
            mayChange
              ? (team) => [
                  { title: t('common:edit'), onClick: () => setOpen({ deed: 'edit', team }) },
                  { isSeparator: true },
                  { title: t('removeTeam'), isDanger: true, onClick: () => setOpen({ deed: 'remove', team }) },
                ]
              : undefined
          }
          empty={<Empty title={t('teamsEmpty')} lesson={t('teamsEmptyLesson')} icon={UsersIcon} action={add} />}
        />
      </PageSection>
      {open?.deed === 'add' && <TeamForm onClose={close} />}
      {open?.deed === 'edit' && <TeamForm team={open.team} onClose={close} />}
      {open?.deed === 'remove' && <RemoveTeam team={open.team} onClose={close} />}
    </>
  );
}
