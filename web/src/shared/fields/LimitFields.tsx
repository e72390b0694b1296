/** Budget and rate limits, as they can be set on a key, a user, a team or a budget. */
import { useTranslation } from 'react-i18next';

import type { Limits } from '@/api/types';

import { DurationField } from './DurationField';
import { MoneyField, NumberField } from './Fields';

const PERIODS = ['1d', '7d', '30d', '1mo'] as const;

export const NO_LIMITS: Limits = {
  max_budget: null,
  soft_budget: null,
  budget_duration: null,
  rpm_limit: null,
  tpm_limit: null,
  max_parallel_requests: null,
};

/** Takes the limits out of anything that has them. */
export const limitsOf = (owner: Limits): Limits => ({
  max_budget: owner.max_budget,
  soft_budget: owner.soft_budget,
  budget_duration: owner.budget_duration,
  rpm_limit: owner.rpm_limit,
  tpm_limit: owner.tpm_limit,
  max_parallel_requests: owner.max_parallel_requests,
});

interface LimitFieldsProps {
  value: Limits;
  onChange: (value: Limits) => void;
}

export function BudgetFields({ value, onChange }: LimitFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="lm-fields">
      <MoneyField
        label={t('field.maxBudget')}
        help={t('field.maxBudgetHelp')}
        value={value.max_budget}
        placeholder={t('unlimited')}
        onChange={(max_budget) => onChange({ ...value, max_budget })}
      />
      <DurationField
        label={t('field.budgetPeriod')}
        value={value.budget_duration}
        presets={PERIODS}
        none={t('field.budgetPeriodNone')}
        onChange={(budget_duration) => onChange({ ...value, budget_duration })}
      />
      <MoneyField
        label={t('field.softBudget')}
        help={t('field.softBudgetHelp')}
        value={value.soft_budget}
        onChange={(soft_budget) => onChange({ ...value, soft_budget })}
      />
    </div>
  );
}

export function RateFields({ value, onChange }: LimitFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="lm-fields">
      <NumberField
        label={t('field.rpm')}
        value={value.rpm_limit}
        placeholder={t('unlimited')}
        onChange={(rpm_limit) => onChange({ ...value, rpm_limit })}
      />
      <NumberField
        label={t('field.tpm')}
        value={value.tpm_limit}
        placeholder={t('unlimited')}
        onChange={(tpm_limit) => onChange({ ...value, tpm_limit })}
      />
      <NumberField
        label={t('field.parallel')}
        value={value.max_parallel_requests}
        placeholder={t('unlimited')}
        onChange={(max_parallel_requests) => onChange({ ...value, max_parallel_requests })}
      />
    </div>
  );
}
