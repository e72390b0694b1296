/** One model group: its deployments, and the terms under which it is served. */
import { Button, Card, CardBody, CardTitle, Form, PageSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { call, segment } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { ModelGroup } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { HealthLabel } from '@/shared/States';
import { useToast } from '@/shared/Toasts';

import { MODEL_READS } from './AdminModels';
import { Deployments } from './Deployments';
import { PricesCard } from './PricesCard';
import { RetirementFields, type Retirement } from './RetirementFields';
import { RoutingCard } from './RoutingCard';
import { TermsFields, type ModelTerms } from './TermsStep';

type Terms = ModelTerms & Retirement;

const termsOf = (group: ModelGroup): Terms => ({
  description: group.description ?? '',
  capabilities: group.capabilities,
  maxInput: group.max_input_tokens,
  maxOutput: group.max_output_tokens,
  restricted: group.restricted,
  accessGroups: group.access_groups,
  cacheTtl: group.cache_ttl,
  cacheShared: group.cache_shared,
  deprecatedOn: group.deprecated_on ?? '',
  sunsetOn: group.sunset_on ?? '',
  successor: group.successor ?? '',
});

function TermsForm({ group }: { group: ModelGroup }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const toast = useToast();
  const mayChange = useMayAdminister();
  const [terms, setTerms] = useState(() => termsOf(group));
  const save = useChange(
    ({ description, capabilities, maxInput, maxOutput, restricted, accessGroups, cacheTtl, cacheShared, ...retirement }: Terms) =>
      call('patch', '/admin/models/{name}', {
        path: { name: group.name },
        body: {
          description: description.trim() || null,
          capabilities,
          max_input_tokens: maxInput,
          max_output_tokens: maxOutput,
          restricted,
          access_groups: accessGroups.map((one) => one.trim()).filter(Boolean),
          cache_ttl: cacheTtl,
          cache_shared: cacheShared,
          deprecated_on: retirement.deprecatedOn || null,
          sunset_on: retirement.sunsetOn || null,
          successor: retirement.successor || null,
        },
      }),
    MODEL_READS,
  );
  return (
    <Form
      className="lm-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(terms, { onSuccess: () => toast(t('common:saved')) });
      }}
    >
      <TermsFields value={terms} onChange={setTerms} />
      <RetirementFields name={group.name} value={terms} onChange={(retirement) => setTerms({ ...terms, ...retirement })} />
      <ErrorNotice error={save.error} />
      {mayChange && (
        <div>
          <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending}>
            {t('common:save')}
          </Button>
        </div>
      )}
    </Form>
  );
}

export function ModelGroupPage() {
  const { t } = useTranslation('adminModels');
  const name = useParams()['*'] ?? '';
  const query = useGet('/admin/models/{name}', { path: { name } });
  const mayChange = useMayAdminister();
  return (
    <>
      <PageHeading
        title={name}
        purpose={t('groupPurpose')}
        aside={query.data && <HealthLabel health={query.data.health} />}
        action={
          mayChange && (
            <Button component={(link) => <Link {...link} to={`/admin/keys?generate=&for_model=${segment(name)}`} />}>{t('issueKey')}</Button>
          )
        }
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(group) => (
            <div className="lm-stack">
              <Deployments group={group} />
              <RoutingCard key={`routing of ${group.name}`} group={group} />
              <PricesCard key={`prices of ${group.name}`} group={group} />
              <Card>
                <CardTitle component="h2">{t('terms')}</CardTitle>
                <CardBody>
                  <TermsForm key={group.name} group={group} />
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
    </>
  );
}
