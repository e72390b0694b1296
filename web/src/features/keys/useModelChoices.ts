/** Which models a key may be given: one's own, those of the team that it is for, or for administrators all. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { Choice } from '@/shared/fields/MultiSelect';

import type { KeyScope } from './scope';

export function useModelChoices(scope: KeyScope, teamId: string): Choice[] {
  const { t } = useTranslation();
  const ofTeam = scope === 'own' && teamId !== '';
  const team = useGet('/teams/{team_id}', { path: { team_id: teamId }, enabled: ofTeam });
  const models = useGet('/models', { query: { page_size: 200, sort: 'name', access: scope === 'own' && !ofTeam ? 'granted' : 'all' } });
  const granted = team.data?.models ?? [];
  const isGranted = (name: string) => !ofTeam || granted.some((grant) => grant === name || grant.startsWith('all-'));
  return [
    ...(scope === 'all' ? [{ value: 'all-proxy-models', label: t('allModels') }] : []),
    ...(ofTeam ? [{ value: 'all-team-models', label: t('allTeamModels') }] : []),
    ...(models.data?.items ?? []).filter(({ name }) => isGranted(name)).map(({ name, provider }) => ({ value: name, label: name, description: provider })),
  ];
}
