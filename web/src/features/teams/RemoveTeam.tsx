/** Asks before a team is removed. */
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Team } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { useToast } from '@/shared/Toasts';

import { TEAM_READS } from './TeamForm';

interface RemoveTeamProps {
  team: Team;
  onRemoved?: () => void;
  onClose: () => void;
}

export function RemoveTeam({ team, onRemoved, onClose }: RemoveTeamProps) {
  const { t } = useTranslation(['people', 'common']);
  const toast = useToast();
  const remove = useChange(() => call('delete', '/admin/teams/{team_id}', { path: { team_id: team.id } }), TEAM_READS);
  return (
    <ConfirmDialog
      title={t('removeTeamTitle', { name: team.name })}
      consequence={t('removeTeamConsequence', { count: team.keys_count })}
      verb={t('removeTeam')}
      mustType={team.name}
      onConfirm={async () => {
        await remove.mutateAsync();
        toast(t('common:saved'));
        onRemoved?.();
      }}
      onClose={onClose}
    />
  );
}
