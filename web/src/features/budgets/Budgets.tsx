/** Budgets that many can share: set once, assigned to keys, users and teams. */
import { Button, PageSection } from '@patternfly/react-core';
import WalletIcon from '@patternfly/react-icons/dist/esm/icons/wallet-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Budget, Limits } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { TextField } from '@/shared/fields/Fields';
import { BudgetFields, limitsOf, NO_LIMITS, RateFields } from '@/shared/fields/LimitFields';
import { Money, When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { FormDialog } from '@/shared/FormDialog';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';
import { useToast } from '@/shared/Toasts';

const READS = ['/admin/budgets'] as const;

function BudgetForm({ budget, onClose }: { budget?: Budget; onClose: () => void }) {
  const { t } = useTranslation(['people', 'common']);
  const toast = useToast();
  const [id, setId] = useState('');
  const [limits, setLimits] = useState(budget ? limitsOf(budget) : NO_LIMITS);
  const save = useChange(
    (wanted: Limits) =>
      budget
        ? call('patch', '/admin/budgets/{budget_id}', { path: { budget_id: budget.id }, body: wanted })
        : call('post', '/admin/budgets', { body: { ...wanted, id: id.trim() } }),
    READS,
  );
  return (
    <FormDialog
      title={budget ? t('editBudget', { name: budget.id }) : t('addBudget')}
      verb={budget ? t('common:save') : t('addBudget')}
      isValid={budget !== undefined || id.trim() !== ''}
      onSubmit={async () => {
        await save.mutateAsync(limits);
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      {!budget && <TextField label={t('budgetName')} help={t('budgetNameHelp')} value={id} onChange={setId} isRequired autoFocus autoComplete="off" />}
      <BudgetFields value={limits} onChange={setLimits} />
      <RateFields value={limits} onChange={setLimits} />
    </FormDialog>
  );
}

function useColumns(): Column<Budget>[] {
  const { t } = useTranslation(['people', 'common']);
  const limit = (value: number | null) => (value === null ? '–' : integer(value));
  return [
    { title: t('name'), sort: 'id', cell: (budget) => budget.id, modifier: 'breakWord' },
    {
      title: t('common:field.maxBudget'),
      sort: 'max_budget',
      isFigure: true,
      cell: (budget) => (budget.max_budget === null ? t('common:unlimited') : <Money amount={budget.max_budget} />),
    },
    { title: t('common:field.budgetPeriod'), cell: (budget) => budget.budget_duration ?? t('common:field.budgetPeriodNone') },
    { title: t('common:field.rpm'), isFigure: true, cell: (budget) => limit(budget.rpm_limit) },
    { title: t('common:field.tpm'), isFigure: true, cell: (budget) => limit(budget.tpm_limit) },
    {
      title: t('assignedTo'),
      share: 1.8,
      cell: (budget) => t('assigned', { keys: integer(budget.keys_count), users: integer(budget.users_count), teams: integer(budget.teams_count) }),
    },
    { title: t('created'), sort: 'created_at', cell: (budget) => <When instant={budget.created_at} /> },
  ];
}

type Open = { deed: 'add' } | { deed: 'edit' | 'remove'; budget: Budget };

export function Budgets() {
  const { t } = useTranslation(['people', 'common']);
  const list = useListState('id');
  const columns = useColumns();
  const mayChange = useMayAdminister();
  const toast = useToast();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const remove = useChange((id: string) => call('delete', '/admin/budgets/{budget_id}', { path: { budget_id: id } }), READS);
  const add = mayChange && <Button onClick={() => setOpen({ deed: 'add' })}>{t('addBudget')}</Button>;
  const actions = (budget: Budget) => [
    { title: t('common:edit'), onClick: () => setOpen({ deed: 'edit', budget }) },
    { isSeparator: true },
    { title: t('removeBudget'), isDanger: true, onClick: () => setOpen({ deed: 'remove', budget }) },
  ];
  return (
    <>
      <PageHeading title={t('budgetsTitle')} purpose={t('budgetsPurpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('budgetsTitle')}
          path="/admin/budgets"
          list={list}
          columns={columns}
          rowId={(budget) => budget.id}
          rowName={(budget) => budget.id}
          searchLabel={t('searchBudgets')}
          actions={mayChange ? actions : undefined}
          empty={<Empty title={t('budgetsEmpty')} lesson={t('budgetsEmptyLesson')} icon={WalletIcon} action={add} />}
        />
      </PageSection>
      {open?.deed === 'add' && <BudgetForm onClose={close} />}
      {open?.deed === 'edit' && <BudgetForm budget={open.budget} onClose={close} />}
      {open?.deed === 'remove' && (
        <ConfirmDialog
          title={t('removeBudgetTitle', { name: open.budget.id })}
          consequence={t('removeBudgetConsequence')}
          verb={t('removeBudget')}
          onConfirm={async () => {
            await remove.mutateAsync(open.budget.id);
            toast(t('common:saved'));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
