/** How calls to a model are spread over its deployments, and where they go when those fail. */
import { Button, Card, CardBody, CardTitle, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { ModelGroup, Routing, RoutingOrder } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { useToast } from '@/shared/Toasts';

import { MODEL_READS } from './AdminModels';
import { routingChanges, routingDraft } from './routingDraft';
import { RoutingFields } from './RoutingFields';

function RoutingForm({ group, defaults }: { group: ModelGroup; defaults: Routing }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const toast = useToast();
  const mayChange = useMayAdminister();
  const before = routingDraft(group.routing, defaults);
  const [draft, setDraft] = useState(before);
  const changes = routingChanges(before, draft);
  const save = useChange((routing: RoutingOrder) => call('patch', '/admin/models/{name}', { path: { name: group.name }, body: { routing } }), MODEL_READS);
  return (
    <Form
      className="lm-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(changes, {
          onSuccess: ({ routing }) => {
            setDraft(routingDraft(routing, defaults));
            toast(t('common:saved'));
          },
        });
      }}
    >
      <RoutingFields model={group.name} value={draft} defaults={defaults} onChange={setDraft} />
      <ErrorNotice error={save.error} />
      {mayChange && (
        <div>
          <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending || Object.keys(changes).length === 0}>
            {t('routing.set')}
          </Button>
        </div>
      )}
    </Form>
  );
}

export function RoutingCard({ group }: { group: ModelGroup }) {
  const { t } = useTranslation('adminModels');
  const defaults = useGet('/admin/routing');
  return (
    <Card>
      <CardTitle component="h2">{t('routing.title')}</CardTitle>
      <CardBody>
        <Loaded query={defaults} lines={3}>
          {(data) => <RoutingForm group={group} defaults={data} />}
        </Loaded>
      </CardBody>
    </Card>
  );
}
