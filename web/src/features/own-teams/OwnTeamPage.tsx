/** One of my teams: what it shares and who is in it; for its administrators also its keys and its usage. */
import { Button, Card, CardBody, PageSection, Tab, TabContentBody, Tabs, TabTitleText } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { segment } from '@/api/http';
import { useGet } from '@/api/query';
import type { Team } from '@/api/types';
import { useUser } from '@/app/session';
import { Members } from '@/features/teams/Members';
import { TeamFacts } from '@/features/teams/TeamFacts';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';

import { OwnTeamForm } from './OwnTeamForm';
import { TeamKeys } from './TeamKeys';
import { TeamUsage } from './TeamUsage';

const LIVE_MS = 15_000;

const TABS = {
  members: ({ team }: { team: Team }) => <Members team={team} api="/teams" mayChange />,
  keys: TeamKeys,
  usage: TeamUsage,
} as const;
type TabName = keyof typeof TABS;

function TeamTabs({ team }: { team: Team }) {
  const { t } = useTranslation('people');
  const { tab = 'members' } = useParams();
  const navigate = useNavigate();
  return (
    <Tabs
      activeKey={tab}
      aria-label={team.name}
      onSelect={(_, name) => void navigate(`/teams/${segment(team.id)}/${name}`, { replace: true })}
      mountOnEnter
      unmountOnExit
    >
      {(Object.keys(TABS) as TabName[]).map((name) => {
        const Body = TABS[name];
        return (
          <Tab key={name} eventKey={name} title={<TabTitleText>{t(`teamTab.${name}`)}</TabTitleText>}>
            <TabContentBody hasPadding>
              <Body team={team} />
            </TabContentBody>
          </Tab>
        );
      })}
    </Tabs>
  );
}

export function OwnTeamPage() {
  const { t } = useTranslation(['people', 'common']);
  const { id = '' } = useParams();
  const { id: me } = useUser();
  const query = useGet('/teams/{team_id}', { path: { team_id: id }, refreshEvery: LIVE_MS });
  const [editing, setEditing] = useState(false);
  const team = query.data;
  const administers = team?.members?.some((member) => member.user_id === me && member.role === 'admin') ?? false;
  return (
    <>
      <PageHeading
        title={team?.name ?? t('team')}
        purpose={t(administers ? 'ownTeamPurpose' : 'teamPurpose')}
        aside={team && <BlockedLabel blocked={team.blocked} />}
        action={administers && <Button onClick={() => setEditing(true)}>{t('common:edit')}</Button>}
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(loaded) => (
            <div className="lm-stack">
              <Card>
                <CardBody>
                  <TeamFacts team={loaded} keysPage={administers ? `/teams/${segment(loaded.id)}/keys` : undefined} />
                </CardBody>
              </Card>
              {administers ? <TeamTabs team={loaded} /> : <Members team={loaded} api="/teams" mayChange={false} />}
            </div>
          )}
        </Loaded>
      </PageSection>
      {team && editing && <OwnTeamForm team={team} onClose={() => setEditing(false)} />}
    </>
  );
}
