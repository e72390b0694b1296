/** One team: what it shares, and who is in it. */
import { Button, Card, CardBody, PageSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { segment } from '@/api/http';
import { useGet } from '@/api/query';
import type { Team } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { BudgetBar } from '@/shared/BudgetBar';
import { Facts } from '@/shared/Facts';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';

import { Members } from './Members';
import { RemoveTeam } from './RemoveTeam';
import { TeamForm } from './TeamForm';

function TeamFacts({ team }: { team: Team }) {
  const { t } = useTranslation(['people', 'common']);
  const limit = (value: number | null) => (value === null ? t('common:unlimited') : integer(value));
  return (
    <Facts
      facts={[
        [t('spent'), <BudgetBar key="spent" spent={team.spent} maximum={team.max_budget} resetsAt={team.window_resets_at} label={t('spent')} />],
        [t('common:models'), <ModelNames key="models" models={team.models} shown={6} />],
        [t('keys'), <Link key="keys" to={`/admin/keys?team_id=${segment(team.id)}`}>{integer(team.keys_count)}</Link>],
        [t('common:field.rpm'), limit(team.rpm_limit)],
        [t('common:field.tpm'), limit(team.tpm_limit)],
        [t('common:field.parallel'), limit(team.max_parallel_requests)],
      ]}
    />
  );
}

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
                  <TeamFacts team={loaded} />
                </CardBody>
              </Card>
              <Members team={loaded} />
            </div>
          )}
        </Loaded>
      </PageSection>
      {team && open === 'edit' && <TeamForm team={team} onClose={close} />}
      {team && open === 'remove' && <RemoveTeam team={team} onRemoved={() => void navigate('/admin/teams')} onClose={close} />}
    </>
  );
}
