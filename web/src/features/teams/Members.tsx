/** Who is in a team, and who may manage it. */
import { Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { call, segment } from '@/api/http';
import { useChange } from '@/api/query';
import type { Team, TeamMember, TeamRole } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { SelectField, TextField } from '@/shared/fields/Fields';
import { named, useChoices } from '@/shared/fields/useChoices';
import { ErrorNotice } from '@/shared/Notices';
import { DataTable } from '@/shared/table/DataTable';

import { TEAM_READS } from './TeamForm';

/** Administrators manage every team, team administrators their own. */
type TeamsApi = '/admin/teams' | '/teams';

function AddMember({ api, put }: { api: TeamsApi; put: (userId: string, role: TeamRole) => Promise<unknown> }) {
  const { t } = useTranslation('people');
  const [userId, setUserId] = useState('');
  const [role, setRole] = useState<TeamRole>('member');
  const users = useChoices({ path: '/admin/users', query: { sort: 'name' }, choiceOf: named, enabled: api === '/admin/teams' });
  return (
    <form
      className="lm-fields"
      onSubmit={(event) => {
        event.preventDefault();
        void put(userId.trim(), role)
          .then(() => setUserId(''))
          .catch(() => undefined);
      }}
    >
      <TextField
        label={t(api === '/teams' ? 'userIdOrEmail' : 'userId')}
        value={userId}
        suggestions={users.choices.map((user) => user.value)}
        onChange={(text) => {
          users.onSearch(text);
          setUserId(text);
        }}
        autoComplete="off"
      />
      <SelectField
        label={t('teamRole')}
        value={role}
        options={(['member', 'admin'] as const).map((one) => ({ value: one, label: t(`teamRoles.${one}`) }))}
        onChange={setRole}
      />
      <div className="lm-align-end">
        <Button type="submit" variant="secondary" isDisabled={!userId.trim()}>
          {t('addMember')}
        </Button>
      </div>
    </form>
  );
}

export function Members({ team, api, mayChange }: { team: Team; api: TeamsApi; mayChange: boolean }) {
  const { t } = useTranslation('people');
  const [removing, setRemoving] = useState<TeamMember | null>(null);
  const path = (userId: string) => ({ team_id: team.id, user_id: userId });
  const put = useChange(({ userId, role }: { userId: string; role: TeamRole }) => call('put', `${api}/{team_id}/members/{user_id}`, { path: path(userId), body: { role } }), TEAM_READS);
  const remove = useChange((userId: string) => call('delete', `${api}/{team_id}/members/{user_id}`, { path: path(userId) }), TEAM_READS);
  const other = (role: TeamRole): TeamRole => (role === 'admin' ? 'member' : 'admin');
  return (
    <Card>
      <CardTitle component="h2">{t('members')}</CardTitle>
      <CardBody>
        <div className="lm-stack">
          {mayChange && <AddMember api={api} put={(userId, role) => put.mutateAsync({ userId, role })} />}
          <ErrorNotice error={put.error} />
          {team.members?.length ? (
            <DataTable
              label={t('members')}
              rows={team.members}
              rowId={(member) => member.user_id}
              rowName={(member) => member.name}
              columns={[
                { title: t('name'), cell: (member) => (api === '/teams' ? member.name : <Link to={`/admin/users/${segment(member.user_id)}`}>{member.name}</Link>) },
                { title: t('teamRole'), cell: (member) => t(`teamRoles.${member.role}`) },
              ]}
              actions={
                mayChange
                  ? (member) => [
                      { title: t(`make.${other(member.role)}`), onClick: () => put.mutate({ userId: member.user_id, role: other(member.role) }) },
                      { isSeparator: true },
                      { title: t('removeMember'), isDanger: true, onClick: () => setRemoving(member) },
                    ]
                  : undefined
              }
            />
          ) : (
            <p className="lm-subtle">{t('noMembers')}</p>
          )}
        </div>
      </CardBody>
      {removing && (
        <ConfirmDialog
          title={t('removeMemberTitle', { name: removing.name })}
          consequence={t('removeMemberConsequence')}
          verb={t('removeMember')}
          onConfirm={() => remove.mutateAsync(removing.user_id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </Card>
  );
}
