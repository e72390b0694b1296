/** Who am I here, what may I do, and where am I logged in? */
import { Button, Card, CardBody, CardTitle, Form, PageSection } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { SESSION, useChange, useGet } from '@/api/query';
import type { Me } from '@/api/types';
import { LANGUAGES, chooseLanguage, isLanguage, type Language } from '@/i18n';
import { BudgetBar } from '@/shared/BudgetBar';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { Facts } from '@/shared/Facts';
import { SelectField, TextField } from '@/shared/fields/Fields';
import { When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { DataTable } from '@/shared/table/DataTable';
import { useToast } from '@/shared/Toasts';

function Rights({ me }: { me: Me }) {
  const { t } = useTranslation(['profile', 'common', 'shell']);
  const limit = (value: number | null) => (value === null ? t('common:unlimited') : integer(value));
  return (
    <Facts
      facts={[
        [t('name'), me.name],
        [t('email'), me.email ?? '–'],
        [t('role'), t(`shell:role.${me.role}`)],
        [t('teams'), me.teams.map((team) => team.name).join(', ') || '–'],
        [t('budget'), <BudgetBar key="budget" spent={me.spent} maximum={me.max_budget} resetsAt={me.window_resets_at} label={t('budget')} />],
        [t('common:models'), <ModelNames key="models" models={me.models} shown={6} />],
        [t('common:field.rpm'), limit(me.rpm_limit)],
        [t('common:field.tpm'), limit(me.tpm_limit)],
        [t('common:field.parallel'), limit(me.max_parallel_requests)],
      ]}
    />
  );
}

function Preferences({ me }: { me: Me }) {
  const { t, i18n } = useTranslation(['profile', 'common', 'shell']);
  const toast = useToast();
  const [alias, setAlias] = useState(me.alias ?? '');
  const [locale, setLocale] = useState<Language>(isLanguage(me.locale) ? me.locale : (i18n.resolvedLanguage as Language));
  const save = useChange((body: { alias: string | null; locale: string }) => call('patch', '/me', { body }), ['/me', SESSION[0]]);
  return (
    <Form
      className="lm-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { alias: alias.trim() || null, locale },
          {
            onSuccess: () => {
              void chooseLanguage(locale);
              toast(t('common:saved'));
            },
          },
        );
      }}
    >
      <div className="lm-fields">
        <TextField label={t('alias')} help={t('aliasHelp')} value={alias} onChange={setAlias} autoComplete="nickname" />
        <SelectField
          label={t('shell:language')}
          value={locale}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }))}
          onChange={setLocale}
        />
      </div>
      <ErrorNotice error={save.error} />
      <div>
        <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending}>
          {t('common:save')}
        </Button>
      </div>
    </Form>
  );
}

function Sessions() {
  const { t } = useTranslation('profile');
  const client = useQueryClient();
  const query = useGet('/auth/sessions');
  const [everywhere, setEverywhere] = useState(false);
  const end = useChange((id: string) => call('delete', '/auth/sessions/{session_id}', { path: { session_id: id } }), ['/auth/sessions']);
  return (
    <Loaded query={query} lines={3}>
      {({ items }) => (
        <div className="lm-stack">
          <DataTable
            label={t('sessions')}
            rows={items}
            rowId={(session) => session.id}
            rowName={(session) => session.user_agent ?? session.id}
            columns={[
              { title: t('browser'), cell: (session) => (session.current ? t('thisBrowser') : (session.user_agent ?? '–')), modifier: 'breakWord' },
              { title: t('address'), cell: (session) => session.address ?? '–' },
              { title: t('since'), cell: (session) => <When instant={session.created_at} /> },
              { title: t('lastSeen'), cell: (session) => <When instant={session.last_seen_at} /> },
            ]}
            actions={(session) => (session.current ? [] : [{ title: t('endSession'), onClick: () => end.mutate(session.id) }])}
          />
          <ErrorNotice error={end.error} />
          <div>
            <Button variant="secondary" isDanger onClick={() => setEverywhere(true)}>
              {t('endAll')}
            </Button>
          </div>
          {everywhere && (
            <ConfirmDialog
              title={t('endAllTitle')}
              consequence={t('endAllConsequence')}
              verb={t('endAll')}
              onConfirm={async () => {
                await call('delete', '/auth/sessions');
                await client.resetQueries();
              }}
              onClose={() => setEverywhere(false)}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

export function Profile() {
  const { t } = useTranslation('profile');
  const query = useGet('/me');
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(me) => (
            <div className="lm-stack">
              <Card>
                <CardTitle component="h2">{t('rights')}</CardTitle>
                <CardBody>
                  <Rights me={me} />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">{t('preferences')}</CardTitle>
                <CardBody>
                  <Preferences me={me} />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">{t('sessions')}</CardTitle>
                <CardBody>
                  <Sessions />
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
    </>
  );
}
