/** Which teams am I in, and what do they have left? */
import { PageSection } from '@patternfly/react-core';
import UsersIcon from '@patternfly/react-icons/dist/esm/icons/users-icon';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { segment } from '@/api/http';
import type { Team } from '@/api/types';
import { BudgetBar } from '@/shared/BudgetBar';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

export function OwnTeams() {
  const { t } = useTranslation(['people', 'common']);
  const list = useListState('name');
  const columns: Column<Team>[] = [
    { title: t('name'), sort: 'name', modifier: 'breakWord', cell: (team) => <Link to={`/teams/${segment(team.id)}`}>{team.name}</Link> },
    { title: t('state'), cell: (team) => <BlockedLabel blocked={team.blocked} /> },
    { title: t('members'), isFigure: true, sort: 'members_count', cell: (team) => integer(team.members_count) },
    {
      title: t('spent'),
      sort: 'spent',
      cell: (team) => <BudgetBar spent={team.spent} maximum={team.max_budget} resetsAt={team.window_resets_at} label={t('spent')} />,
    },
    { title: t('common:models'), cell: (team) => <ModelNames models={team.models} /> },
  ];
  return (
    <>
      <PageHeading title={t('teamsTitle')} purpose={t('ownTeamsPurpose')} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('teamsTitle')}
          path="/teams"
          list={list}
          columns={columns}
          rowId={(team) => team.id}
          rowName={(team) => team.name}
          searchLabel={t('searchTeams')}
          empty={<Empty title={t('ownTeamsEmpty')} lesson={t('ownTeamsEmptyLesson')} icon={UsersIcon} />}
        />
      </PageSection>
    </>
  );
}
