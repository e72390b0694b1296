/** What a model costs, what it will cost, and from when. */
import { Button, Card, CardBody, CardTitle, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { ModelGroup } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { PriceText } from '@/features/models/PriceText';
import { TextField } from '@/shared/fields/Fields';
import { day } from '@/shared/format';
import { ErrorNotice } from '@/shared/Notices';
import { DataTable } from '@/shared/table/DataTable';
import { useToast } from '@/shared/Toasts';

import { MODEL_READS } from './AdminModels';
import { givenPrices } from './modelDraft';
import { PriceFields } from './PriceFields';

function ComingPrices({ group }: { group: ModelGroup }) {
  const { t } = useTranslation('adminModels');
  const mayChange = useMayAdminister();
  const cancel = useChange(
    (effective_from: string) => call('delete', '/admin/models/{name}/prices/{effective_from}', { path: { name: group.name, effective_from } }),
    MODEL_READS,
  );
  if (group.price_changes.length === 0) return null;
  return (
    <>
      <ErrorNotice error={cancel.error} />
      <DataTable
        label={t('comingPrices')}
        rows={group.price_changes}
        rowId={(change) => change.effective_from}
        rowName={(change) => day(change.effective_from)}
        columns={[
          { title: t('validFrom'), cell: (change) => day(change.effective_from), modifier: 'nowrap' },
          { title: t('comingPrices'), cell: (change) => <PriceText prices={change.prices} /> },
        ]}
        actions={mayChange ? (change) => [{ title: t('cancelPrices'), isDanger: true, onClick: () => cancel.mutate(change.effective_from) }] : undefined}
      />
    </>
  );
}

export function PricesCard({ group }: { group: ModelGroup }) {
  const { t } = useTranslation(['adminModels', 'common']);
  const toast = useToast();
  const mayChange = useMayAdminister();
  const [prices, setPrices] = useState(() => givenPrices(group.prices));
  const [from, setFrom] = useState('');
  const save = useChange(
    () =>
      call('put', '/admin/models/{name}/prices', {
        path: { name: group.name },
        // Days are UTC, as those of all sums are.
        body: { ...prices, ...(from && { effective_from: `${from}T00:00:00Z` }) },
      }),
    MODEL_READS,
  );
  const isChanged = JSON.stringify(prices) !== JSON.stringify(givenPrices(group.prices));
  const saved = () => {
    toast(t('common:saved'));
    // What is to come later is in the table; the form goes on to say what is in force.
    if (from) setPrices(givenPrices(group.prices));
    setFrom('');
  };
  return (
    <Card>
      <CardTitle component="h2">{t('pricesTitle')}</CardTitle>
      <CardBody>
        <div className="lm-stack">
          <p className="lm-subtle">{t('pricesHelp')}</p>
          <ComingPrices group={group} />
          <Form
            className="lm-form"
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate(undefined, { onSuccess: saved });
            }}
          >
            <PriceFields mode={group.mode} value={prices} onChange={setPrices} />
            {mayChange && (
              <>
                <div className="lm-narrow">
                  <TextField type="date" label={t('validFrom')} help={t('validFromHelp')} value={from} onChange={setFrom} />
                </div>
                <ErrorNotice error={save.error} />
                <div>
                  <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending || !isChanged}>
                    {t('setPrices')}
                  </Button>
                </div>
              </>
            )}
          </Form>
        </div>
      </CardBody>
    </Card>
  );
}
