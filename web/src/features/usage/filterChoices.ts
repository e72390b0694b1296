/** What usage can be narrowed to: one's own, a team's, and for administrators everybody's. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { Team } from '@/api/types';
import type { Choice } from '@/shared/fields/MultiSelect';

import type { FilterList } from './useUsageFilter';

export interface FilterChoices {
  list: FilterList;
  label: string;
  choices: readonly Choice[];
}

const NAMES = { page_size: 200, sort: 'name' } as const;
const KEYS = { page_size: 200, sort: 'alias' } as const;

const named = (items: readonly { id: string; name: string }[] = []): Choice[] => items.map(({ id, name }) => ({ value: id, label: name }));
const aliased = (items: readonly { id: string; alias: string }[] = []): Choice[] => items.map(({ id, alias }) => ({ value: id, label: alias }));

function useModelChoices(): FilterChoices {
  const { t } = useTranslation('usage');
  const models = useGet('/models', { query: { ...NAMES, access: 'all' } });
  return { list: 'models', label: t('dimension.model'), choices: (models.data?.items ?? []).map(({ name }) => ({ value: name, label: name })) };
}

export function useOwnChoices(): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useGet('/keys', { query: KEYS });
  return [useModelChoices(), { list: 'keys', label: t('dimension.key'), choices: aliased(keys.data?.items) }];
}

export function useTeamChoices(team: Team): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useGet('/keys', { query: { ...KEYS, team_id: team.id } });
  const members = (team.members ?? []).map(({ user_id, name }) => ({ value: user_id, label: name }));
  return [
    useModelChoices(),
    { list: 'keys', label: t('dimension.key'), choices: aliased(keys.data?.items) },
    { list: 'users', label: t('dimension.user'), choices: members },
  ];
}

export function useAllChoices(): FilterChoices[] {
  const { t } = useTranslation('usage');
  const keys = useGet('/admin/keys', { query: KEYS });
  const users = useGet('/admin/users', { query: NAMES });
  const teams = useGet('/admin/teams', { query: NAMES });
  const providers = useGet('/admin/providers');
  return [
    useModelChoices(),
    { list: 'keys', label: t('dimension.key'), choices: aliased(keys.data?.items) },
    { list: 'users', label: t('dimension.user'), choices: named(users.data?.items) },
    { list: 'teams', label: t('dimension.team'), choices: named(teams.data?.items) },
    { list: 'providers', label: t('dimension.provider'), choices: (providers.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title })) },
  ];
}
