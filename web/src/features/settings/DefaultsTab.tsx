/** What new people and new keys get, and the most that anybody may give a key. */
import { Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { KeyTerms } from '@/api/types';
import { DurationField } from '@/shared/fields/DurationField';
import { NumberField } from '@/shared/fields/Fields';
import { BudgetFields, RateFields } from '@/shared/fields/LimitFields';
import { ModelsField } from '@/shared/fields/ModelsField';

import { SettingsForm } from './SettingsForm';

const EXPIRIES = ['7d', '30d', '90d', '180d', '365d'] as const;

interface TermsProps<T extends KeyTerms> {
  value: T;
  onChange: (value: T) => void;
  label: string;
}

function TermsFields<T extends KeyTerms>({ value, onChange, label }: TermsProps<T>) {
  const { t } = useTranslation('settings');
  return (
    <>
      <BudgetFields value={value} onChange={(limits) => onChange({ ...value, ...limits })} />
      <RateFields value={value} onChange={(limits) => onChange({ ...value, ...limits })} />
      <DurationField
        label={label}
        value={value.duration}
        presets={EXPIRIES}
        none={t('noExpiry')}
        onChange={(duration) => onChange({ ...value, duration })}
      />
    </>
  );
}

export function DefaultsTab() {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <SettingsForm group="defaults">
      {(value, onChange) => (
        <>
          <section className="lm-stack" aria-label={t('newUsers')}>
            <Title headingLevel="h2" size="lg">
              {t('newUsers')}
            </Title>
            <ModelsField value={value.user.models} onChange={(models) => onChange({ ...value, user: { ...value.user, models } })} />
            <BudgetFields value={value.user} onChange={(limits) => onChange({ ...value, user: { ...value.user, ...limits } })} />
            <RateFields value={value.user} onChange={(limits) => onChange({ ...value, user: { ...value.user, ...limits } })} />
          </section>
          <section className="lm-stack" aria-label={t('newKeys')}>
            <Title headingLevel="h2" size="lg">
              {t('newKeys')}
            </Title>
            <TermsFields value={value.key_defaults} onChange={(key_defaults) => onChange({ ...value, key_defaults })} label={t('defaultExpiry')} />
          </section>
          <section className="lm-stack" aria-label={t('keyMaximums')}>
            <Title headingLevel="h2" size="lg">
              {t('keyMaximums')}
            </Title>
            <TermsFields value={value.key_maximums} onChange={(key_maximums) => onChange({ ...value, key_maximums })} label={t('latestExpiry')} />
            <NumberField
              label={t('keysPerUser')}
              value={value.key_maximums.keys_per_user}
              placeholder={t('common:unlimited')}
              onChange={(keys_per_user) => onChange({ ...value, key_maximums: { ...value.key_maximums, keys_per_user } })}
            />
          </section>
        </>
      )}
    </SettingsForm>
  );
}
