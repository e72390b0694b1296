/** A team, as an administrator adds or changes one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Team } from '@/api/types';
import { SwitchField, TextField } from '@/shared/fields/Fields';
import { LabelsField, type Labels } from '@/shared/fields/LabelsField';
import { BudgetFields, limitsOf, NO_LIMITS, RateFields } from '@/shared/fields/LimitFields';
import { ModelsField } from '@/shared/fields/ModelsField';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

export const TEAM_READS = ['/admin/teams', '/admin/users', '/teams'] as const;

export function TeamForm({ team, onClose }: { team?: Team; onClose: () => void }) {
  const { t } = useTranslation(['people', 'common']);
  const toast = useToast();
  const [name, setName] = useState(team?.name ?? '');
  const [blocked, setBlocked] = useState(team?.blocked ?? false);
  const [models, setModels] = useState<string[]>(team?.models ?? []);
  const [labels, setLabels] = useState<Labels | null>(team?.labels ?? {});
  const [limits, setLimits] = useState(team ? limitsOf(team) : NO_LIMITS);
  const save = useChange(
    () => {
      const body = { name: name.trim(), models, labels: labels ?? {}, ...limits };
      return team
        ? call('patch', '/admin/teams/{team_id}', { path: { team_id: team.id }, body: { ...body, blocked } })
        : call('post', '/admin/teams', { body });
    },
    TEAM_READS,
  );
  return (
    <FormDialog
      title={team ? t('editTeam', { name: team.name }) : t('addTeam')}
      verb={team ? t('common:save') : t('addTeam')}
      isValid={name.trim() !== '' && labels !== null}
      onSubmit={async () => {
        await save.mutateAsync();
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} isRequired autoFocus autoComplete="off" />
      <ModelsField value={models} onChange={setModels} />
      <BudgetFields value={limits} onChange={setLimits} />
      <RateFields value={limits} onChange={setLimits} />
      <LabelsField value={team?.labels ?? {}} onChange={setLabels} />
      {team && <SwitchField label={t('blockTeam')} help={t('blockTeamHelp')} checked={blocked} onChange={setBlocked} />}
    </FormDialog>
  );
}
