/** Can I work, and what do I have left? */
import { Alert, Button, Card, CardBody, CardTitle, List, ListItem, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useGet } from '@/api/query';
import type { Home as HomeFigures } from '@/api/types';
import { useMayAdminister, useUser } from '@/app/session';
import { CallErrorsTable } from '@/features/keys/CallErrorsTable';
import { BudgetBar } from '@/shared/BudgetBar';
import { Money } from '@/shared/Figures';
import { integer, relative } from '@/shared/format';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { Tile } from '@/shared/Tile';

const LIVE_MS = 15_000;

/** The way from nothing to the first answer, as long as something of it is still to do. */
function FirstSteps({ home }: { home: HomeFigures }) {
  const { t } = useTranslation('home');
  const mayAdminister = useMayAdminister();
  const noModels = home.models_available === 0;
  if (!noModels && home.keys_active > 0) return null;
  const step = noModels ? (mayAdminister ? 'addModel' : 'askForModel') : 'getKey';
  const target = { addModel: '/admin/models/add', askForModel: '/models', getKey: '/models' }[step];
  return (
    <Card>
      <CardTitle component="h2">{t('firstSteps')}</CardTitle>
      <CardBody>
        <div className="lm-stack">
          <p>{t(`${step}Lesson`)}</p>
          <div>
            <Button component={(link) => <Link {...link} to={target} />}>{t(step)}</Button>
          </div>
        </div>
      </CardBody>
    </Card>
  );
}

function Budgets({ budgets }: Pick<HomeFigures, 'budgets'>) {
  const { t } = useTranslation('home');
  if (budgets.length === 0) return <p className="lm-subtle">{t('noBudget')}</p>;
  return (
    <div className="lm-cards">
      {budgets.map((budget) => (
        <div key={`${budget.kind} ${budget.name}`}>
          <div className="lm-strong">{budget.kind === 'user' ? t('yourBudget') : t('teamBudget', { name: budget.name })}</div>
          <BudgetBar spent={budget.spent} maximum={budget.max_budget} resetsAt={budget.window_resets_at} label={budget.name} />
        </div>
      ))}
    </div>
  );
}

function HomeBody({ home }: { home: HomeFigures }) {
  const { t } = useTranslation('home');
  return (
    <div className="lm-stack">
      <FirstSteps home={home} />
      {home.keys_expiring.length > 0 && (
        <Alert component="h2" isInline variant="warning" title={t('expiring', { count: home.keys_expiring.length })}>
          <List isPlain>
            {home.keys_expiring.map((key) => (
              <ListItem key={key.id}>
                <Link to={`/keys/${key.id}`}>{t('expiresWhen', { name: key.alias, when: relative(key.expires_at) })}</Link>
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      <Card>
        <CardTitle component="h2">{t('left')}</CardTitle>
        <CardBody>
          <Budgets budgets={home.budgets} />
        </CardBody>
      </Card>
      <div className="lm-tiles">
        <Tile name={t('spentToday')} value={<Money amount={home.spend_today} />} note={t('requestsToday', { count: home.requests_today, requests: integer(home.requests_today) })} />
        <Tile name={t('keysActive')} value={integer(home.keys_active)} note={<Link to="/keys">{t('seeKeys')}</Link>} />
        <Tile name={t('modelsAvailable')} value={integer(home.models_available)} note={<Link to="/models">{t('seeModels')}</Link>} />
        <Tile name={t('requestsWaiting')} value={integer(home.pending_requests)} note={<Link to="/access-requests">{t('seeRequests')}</Link>} />
      </div>
      <Card>
        <CardTitle component="h2">{t('lastErrors')}</CardTitle>
        <CardBody>
          <CallErrorsTable errors={home.last_errors} />
        </CardBody>
      </Card>
    </div>
  );
}

export function Home() {
  const { t } = useTranslation('home');
  const user = useUser();
  const query = useGet('/me/home', { refreshEvery: LIVE_MS });
  return (
    <>
      <PageHeading
        title={t('welcome', { name: user.name })}
        purpose={t('purpose')}
        action={<Button component={(link) => <Link {...link} to="/models?access=granted" />}>{t('useModel')}</Button>}
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>{(home) => <HomeBody home={home} />}</Loaded>
      </PageSection>
    </>
  );
}
