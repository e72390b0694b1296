/** What usage can be narrowed to: one's own, a team's, and for administrators everybody's. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { Team } from '@/api/types';
import type { Choice } from '@/shared/fields/MultiSelect';
import { named, useChoices, type Choices } from '@/shared/fields/useChoices';

import type { FilterList } from './useUsageFilter';

export interface FilterChoices {
  list: FilterList;
  label: string;
  choices: readonly Choice[];
  /** Left out where all choices are here. */
  onSearch?: Choices['onSearch'];
}

const BY_NAME = { sort: 'name' } as const;
const BY_ALIAS = { sort: 'alias' } as const;

const aliased = ({ id, alias }: { id: string; alias: string }): Choice => ({ value: id, label: alias });

function useModelChoices(): FilterChoices {
  const { t } = useTranslation('usage');
  const models = useChoices({ path: '/models', query: { ...BY_NAME, access: 'all' }, choiceOf: ({ name }) => ({ value: name, label: name }) });
  return { list: 'models', label: t('dimension.model'), ...models };
}

export function useOwnChoices(): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useChoices({ path: '/keys', query: BY_ALIAS, choiceOf: aliased });
  return [useModelChoices(), { list: 'keys', label: t('dimension.key'), ...keys }];
}

export function useTeamChoices(team: Team): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useChoices({ path: '/keys', query: { ...BY_ALIAS, team_id: team.id }, choiceOf: aliased });
  const members = (team.members ?? []).map(({ user_id, name }) => ({ value: user_id, label: name }));
  return [useModelChoices(), { list: 'keys', label: t('dimension.key'), ...keys }, { list: 'users', label: t('dimension.user'), choices: members }];
}

export function useAllChoices(): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useChoices({ path: '/admin/keys', query: BY_ALIAS, choiceOf: aliased });
  const users = useChoices({ path: '/admin/users', query: BY_NAME, choiceOf: named });
  const teams = useChoices({ path: '/admin/teams', query: BY_NAME, choiceOf: named });
  const providers = useGet('/admin/providers');
  return [
    useModelChoices(),
    { list: 'keys', label: t('dimension.key'), ...keys },
    { list: 'users', label: t('dimension.user'), ...users },
    { list: 'teams', label: t('dimension.team'), ...teams },
    { list: 'providers', label: t('dimension.provider'), choices: (providers.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title })) },
  ];
}
