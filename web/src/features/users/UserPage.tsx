/** One user: rights, limits, spend, and their keys. */
import { Button, Card, CardBody, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { segment } from '@/api/http';
import { useGet } from '@/api/query';
import type { User } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { useKeyColumns } from '@/features/keys/keyColumns';
import { KeyScopeContext } from '@/features/keys/scope';
import { BudgetBar } from '@/shared/BudgetBar';
import { Facts } from '@/shared/Facts';
import { When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BlockedLabel } from '@/shared/States';
import { DataTable } from '@/shared/table/DataTable';

import { useUserDeeds } from './useUserDeeds';

/** How many keys are shown here; the rest is one click away. */
const NEWEST = 10;

function UserFacts({ user }: { user: User }) {
  const { t } = useTranslation(['people', 'common', 'shell']);
  const limit = (value: number | null) => (value === null ? t('common:unlimited') : integer(value));
  return (
    <Facts
      facts={[
        [t('email'), user.email ?? '–'],
        [t('role'), t(`shell:role.${user.role}`)],
        [t('spent'), <BudgetBar key="spent" spent={user.spent} maximum={user.max_budget} resetsAt={user.window_resets_at} label={t('spent')} />],
        [t('common:models'), <ModelNames key="models" models={user.models} shown={6} />],
        [t('teams'), user.teams.map((team) => team.name).join(', ') || '–'],
        [t('lastActive'), <When key="active" instant={user.last_active_at} />],
        [t('common:field.rpm'), limit(user.rpm_limit)],
        [t('common:field.tpm'), limit(user.tpm_limit)],
        [t('common:field.parallel'), limit(user.max_parallel_requests)],
      ]}
    />
  );
}

function UserKeys({ userId }: { userId: string }) {
  const { t } = useTranslation('people');
  const columns = useKeyColumns((key) => (key.team_name ? [key.team_name] : []));
  const query = useGet('/admin/keys', { query: { user_id: userId, page_size: NEWEST, sort: '-created_at' } });
  return (
    <Loaded query={query} lines={3}>
      {({ items, total }) => (
        <div className="lm-stack">
          {items.length === 0 ? (
            <p className="lm-subtle">{t('noKeys')}</p>
          ) : (
            <DataTable label={t('keys')} rows={items} columns={columns} rowId={(key) => key.id} rowName={(key) => key.alias} />
          )}
          <div className="lm-row">
            {total > NEWEST && <Link to={`/admin/keys?user_id=${segment(userId)}`}>{t('seeAllKeys', { total: integer(total) })}</Link>}
            <Link to={`/admin/usage?users=${segment(userId)}`}>{t('seeUsage')}</Link>
          </div>
        </div>
      )}
    </Loaded>
  );
}

export function UserPage() {
  const { t } = useTranslation(['people', 'common', 'keys']);
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const mayChange = useMayAdminister();
  const query = useGet('/admin/users/{user_id}', { path: { user_id: id } });
  const { start, dialog } = useUserDeeds(() => void navigate('/admin/users'));
  const user = query.data;
  return (
    <>
      <PageHeading
        title={user?.name ?? id}
        purpose={user?.id}
        aside={user && <BlockedLabel blocked={user.blocked} />}
        action={
          user &&
          mayChange && (
            <>
              <Button component={(link) => <Link {...link} to={`/admin/keys?generate=&for_user=${segment(id)}`} />}>{t('keys:generate')}</Button>
              <Button variant="secondary" onClick={() => start(user, 'edit')}>
                {t('common:edit')}
              </Button>
              <Button variant="secondary" onClick={() => start(user, user.blocked ? 'unblock' : 'block')}>
                {t(user.blocked ? 'unblock' : 'block')}
              </Button>
              <Button variant="link" isDanger onClick={() => start(user, 'remove')}>
                {t('removeUser')}
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
                  <UserFacts user={loaded} />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">{t('keys')}</CardTitle>
                <CardBody>
                  <KeyScopeContext value="all">
                    <UserKeys userId={id} />
                  </KeyScopeContext>
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
      {dialog}
    </>
  );
}
