/** Models → Add Model: endpoint, models with a test, terms; then a key for it. */
import { Alert, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Form, PageSection, Wizard, WizardFooterWrapper, WizardStep, useWizardContext } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';

import { call, segment } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { NewModel, Provider } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { UseModel } from '@/features/models/UseModel';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

import { MODEL_READS } from './AdminModels';
import { EndpointStep } from './EndpointStep';
import { endpointReady, modelOrders, NEW_MODEL, suggestedName, type ModelDraft } from './modelDraft';
import { ModelsStep } from './ModelsStep';
import { PriceFields } from './PriceFields';
import { RoutingSection } from './RoutingSection';
import { TermsFields } from './TermsStep';

function StepFooter({ isReady, verb, isRunning, onNext }: { isReady: boolean; verb?: string; isRunning?: boolean; onNext?: () => void }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const { activeStep, goToNextStep, goToPrevStep } = useWizardContext();
  const navigate = useNavigate();
  return (
    <WizardFooterWrapper>
      <div className="lm-row">
        <Button onClick={() => (onNext ? onNext() : void goToNextStep())} isDisabled={!isReady || isRunning} isLoading={isRunning}>
          {verb ?? t('next')}
        </Button>
        {activeStep.index > 1 && (
          <Button variant="secondary" onClick={() => void goToPrevStep()}>
            {t('back')}
          </Button>
        )}
        <Button variant="link" onClick={() => void navigate('/admin/models')}>
          {t('common:cancel')}
        </Button>
      </div>
    </WizardFooterWrapper>
  );
}

function Added({ names, mode }: { names: readonly string[]; mode: ModelDraft['mode'] }) {
  const { t } = useTranslation('adminModels');
  const [using, setUsing] = useState(false);
  const name = names[0] ?? '';
  return (
    <EmptyState titleText={t('added', { count: names.length, name })} headingLevel="h2" icon={CheckCircleIcon} status="success">
      <EmptyStateBody>{t('addedLesson')}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={() => setUsing(true)}>{t('tryModel')}</Button>
          <Button variant="secondary" component={(link) => <Link {...link} to={`/admin/keys?generate=&for_model=${segment(name)}`} />}>
            {t('issueKey')}
          </Button>
        </EmptyStateActions>
        <EmptyStateActions>
          <Button variant="link" component={(link) => <Link {...link} to="/admin/models" />}>
            {t('seeModels')}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
      {using && <UseModel model={name} mode={mode} onClose={() => setUsing(false)} />}
    </EmptyState>
  );
}

function AddModelWizard({ providers }: { providers: readonly Provider[] }) {
  const { t } = useTranslation('adminModels');
  const [draft, setDraft] = useState<ModelDraft>(() => {
    const [first] = providers;
    return { ...NEW_MODEL, provider: first?.id ?? '', apiBase: first?.default_api_base ?? '' };
  });
  const [added, setAdded] = useState<string[]>([]);
  const add = useChange((body: NewModel) => call('post', '/admin/models', { body }), MODEL_READS);
  const upstreamModels = draft.upstreamModels.map((model) => model.trim()).filter(Boolean);
  const clean = { ...draft, upstreamModels, accessGroups: draft.accessGroups.map((group) => group.trim()).filter(Boolean) };
  const orders = modelOrders(clean).filter((order) => !added.includes(order.public_name));
  const addAll = async () => {
    // One after the other: what was added stays added if a later one is refused.
    for (const order of orders) {
      await add.mutateAsync(order);
      setAdded((names) => [...names, order.public_name]);
    }
  };
  if (added.length > 0 && orders.length === 0) return <Added names={added} mode={draft.mode} />;
  const provider = providers.find((one) => one.id === draft.provider);
  return (
    <Wizard height="auto" navAriaLabel={t('steps')} isVisitRequired className="lm-wizard">
      <WizardStep id="endpoint" name={t('stepEndpoint')} footer={<StepFooter isReady={endpointReady(draft, provider)} />}>
        <EndpointStep draft={draft} onChange={setDraft} providers={providers} />
      </WizardStep>
      <WizardStep id="models" name={t('stepModels')} footer={<StepFooter isReady={upstreamModels.length > 0} />}>
        <ModelsStep draft={draft} onChange={setDraft} />
      </WizardStep>
      <WizardStep
        id="terms"
        name={t('stepTerms')}
        footer={<StepFooter isReady verb={t('add')} isRunning={add.isPending} onNext={() => void addAll().catch(() => undefined)} />}
      >
        <Form className="lm-form" onSubmit={(event) => event.preventDefault()}>
          <Alert component="h2"
            isInline
            isPlain
            variant="info"
            title={t('willAdd', { names: orders.map((order) => order.public_name || suggestedName(order.litellm_model)).join(', ') })}
          />
          <p className="lm-subtle">{t('pricesHelp')} {t('pricesListed')}</p>
          <PriceFields mode={draft.mode} value={draft.prices} onChange={(prices) => setDraft({ ...draft, prices })} />
          <TermsFields value={draft} onChange={setDraft} />
          <RoutingSection model={draft.publicName} value={draft.routing} onChange={(routing) => setDraft({ ...draft, routing })} />
          <ErrorNotice error={add.error} />
        </Form>
      </WizardStep>
    </Wizard>
  );
}

export function AddModelPage() {
  const { t } = useTranslation('adminModels');
  const providers = useGet('/admin/providers');
  if (!useMayAdminister()) return <Navigate to="/admin/models" replace />;
  return (
    <>
      <PageHeading title={t('addModel')} purpose={t('addPurpose')} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={providers}>{(data) => <AddModelWizard providers={data.items} />}</Loaded>
      </PageSection>
    </>
  );
}
