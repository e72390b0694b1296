/** One team: what it shares, and who is in it. */
import { Button, Card, CardBody, PageSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { segment } from '@/api/http';
import { useGet } from '@/api/query';
import { useMayAdminister } from '@/app/session';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';

import { Members } from './Members';
import { RemoveTeam } from './RemoveTeam';
import { TeamFacts } from './TeamFacts';
import { TeamForm } from './TeamForm';

export function TeamPage() {
  const { t } = useTranslation(['people', 'common']);
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const mayChange = useMayAdminister();
  const query = useGet('/admin/teams/{team_id}', { path: { team_id: id } });
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const close = () => setOpen(null);
  const team = query.data;
  return (
    <>
      <PageHeading
        title={team?.name ?? t('team')}
        purpose={t('teamPurpose')}
        aside={team && <BlockedLabel blocked={team.blocked} />}
        action={
          team &&
          mayChange && (
            <>
              <Button onClick={() => setOpen('edit')}>{t('common:edit')}</Button>
              <Button variant="link" isDanger onClick={() => setOpen('remove')}>
                {t('removeTeam')}
              </Button>
            </>
          )
        }
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(loaded) => (
            <div className="lm-stack">
              <Card>
                <CardBody>
                  <TeamFacts team={loaded} keysPage={`/admin/keys?team_id=${segment(loaded.id)}`} />
                </CardBody>
              </Card>
              <Members team={loaded} api="/admin/teams" mayChange={mayChange} />
            </div>
          )}
        </Loaded>
      </PageSection>
      {team && open === 'edit' && <TeamForm team={team} onClose={close} />}
      {team && open === 'remove' && <RemoveTeam team={team} onRemoved={() => void navigate('/admin/teams')} onClose={close} />}
    </>
  );
}
