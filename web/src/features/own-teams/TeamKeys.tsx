/** The keys of a team, for those who administer it. */
import { Button } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Team } from '@/api/types';
import { useKeyColumns } from '@/features/keys/keyColumns';
import { useKeyDeeds } from '@/features/keys/KeyDialogs';
import { GenerateKey } from '@/features/keys/KeyForms';
import { Empty } from '@/shared/Notices';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

const LIVE_MS = 15_000;

export function TeamKeys({ team }: { team: Team }) {
  const { t } = useTranslation(['people', 'keys']);
  const list = useListState('-created_at');
  const columns = useKeyColumns();
  const { actions, dialog } = useKeyDeeds();
  const [generating, setGenerating] = useState(false);
  const generate = <Button onClick={() => setGenerating(true)}>{t('keys:generate')}</Button>;
  return (
    <div className="lm-stack">
      <div>{generate}</div>
      <PagedTable
        label={t('keysOfTeam', { name: team.name })}
        path="/keys"
        list={{ ...list, query: { ...list.query, team_id: team.id } }}
        columns={columns}
        rowId={(key) => key.id}
        rowName={(key) => key.alias}
        actions={actions}
        searchLabel={t('keys:search')}
        refreshEvery={LIVE_MS}
        empty={<Empty title={t('teamKeysEmpty')} lesson={t('teamKeysEmptyLesson')} icon={KeyIcon} />}
      />
      {dialog}
      {generating && <GenerateKey onClose={() => setGenerating(false)} defaults={{ teamId: team.id, models: ['all-team-models'] }} />}
    </div>
  );
}
