/** Which models a key may be given: one's own, those of the team that it is for, or for administrators all. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import { useChoices, type Choices } from '@/shared/fields/useChoices';

import type { KeyScope } from './scope';

export function useModelChoices(scope: KeyScope, teamId: string): Choices {
  const { t } = useTranslation();
  const ofTeam = scope === 'own' && teamId !== '';
  const team = useGet('/teams/{team_id}', { path: { team_id: teamId }, enabled: ofTeam });
  const granted = team.data?.models ?? [];
  const isGranted = (name: string) => !ofTeam || granted.some((grant) => grant === name || grant.startsWith('all-'));
  const { choices, onSearch } = useChoices({
    path: '/models',
    query: { sort: 'name', access: scope === 'own' && !ofTeam ? 'granted' : 'all' },
    choiceOf: ({ name, provider }) => ({ value: name, label: name, description: provider }),
    first: [
      ...(scope === 'all' ? [{ value: 'all-proxy-models', label: t('allModels') }] : []),
      ...(ofTeam ? [{ value: 'all-team-models', label: t('allTeamModels') }] : []),
    ],
  });
  return { choices: choices.filter(({ value }) => value.startsWith('all-') || isGranted(value)), onSearch };
}
