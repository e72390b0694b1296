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
import type { GivenPrices } from './modelDraft';
import { TermsFields, type ModelTerms } from './TermsStep';

const pricesOf = ({ prices }: ModelGroup): GivenPrices => ({
  input_per_million: prices.input_per_million,
  output_per_million: prices.output_per_million,
  cached_input_per_million: prices.cached_input_per_million,
  request: prices.request,
});

const termsOf = (group: ModelGroup): ModelTerms => ({
  description: group.description ?? '',
  capabilities: group.capabilities,
  maxInput: group.max_input_tokens,
  maxOutput: group.max_output_tokens,
  prices: pricesOf(group),
  restricted: group.restricted,
  accessGroups: group.access_groups,
});

function TermsForm({ group }: { group: ModelGroup }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const toast = useToast();
  const mayChange = useMayAdminister();
  const [terms, setTerms] = useState(() => termsOf(group));
  const save = useChange(async (wanted: ModelTerms) => {
    const path = { name: group.name };
    const { description, capabilities, maxInput, maxOutput, prices, restricted, accessGroups } = wanted;
    await call('patch', '/admin/models/{name}', {
      path,
      body: {
        description: description.trim() || null,
        capabilities,
        max_input_tokens: maxInput,
        max_output_tokens: maxOutput,
        restricted,
        access_groups: accessGroups.map((one) => one.trim()).filter(Boolean),
      },
    });
    // A price begins at a moment and stays in the books, so it is only sent when it was changed.
    if (JSON.stringify(prices) !== JSON.stringify(pricesOf(group))) await call('put', '/admin/models/{name}/prices', { path, body: prices });
  }, MODEL_READS);
  return (
    <Form
      className="lm-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(terms, { onSuccess: () => toast(t('common:saved')) });
      }}
    >
      <TermsFields value={terms} onChange={setTerms} />
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
              <Card>
                <CardTitle component="h2">{t('stepTerms')}</CardTitle>
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
