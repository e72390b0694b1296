/** What a team's administrators say about it themselves: its name, and from where on it is warned. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Team } from '@/api/types';
import { TEAM_READS } from '@/features/teams/TeamForm';
import { MoneyField, TextField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

export function OwnTeamForm({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation(['people', 'common']);
  const toast = useToast();
  const [name, setName] = useState(team.name);
  const [warning, setWarning] = useState(team.soft_budget);
  const save = useChange(
    () => call('patch', '/teams/{team_id}', { path: { team_id: team.id }, body: { name: name.trim(), soft_budget: warning } }),
    TEAM_READS,
  );
  return (
    <FormDialog
      title={t('editTeam', { name: team.name })}
      description={t('ownTeamLimits')}
      verb={t('common:save')}
      variant="small"
      isValid={name.trim() !== ''}
      onSubmit={async () => {
        await save.mutateAsync(undefined);
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} isRequired autoFocus autoComplete="off" />
      <MoneyField label={t('common:field.softBudget')} help={t('common:field.softBudgetHelp')} value={warning} onChange={setWarning} />
    </FormDialog>
  );
}
