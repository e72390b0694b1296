/** Settings that are one small form each: login and currency. */
import { useTranslation } from 'react-i18next';

import { SelectField, TextField } from '@/shared/fields/Fields';

import { SettingsForm } from './SettingsForm';

const CURRENCIES = ['USD', 'EUR', 'GBP', 'CHF', 'JPY', 'CNY', 'INR', 'CAD', 'AUD', 'NZD', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'BRL', 'MXN', 'KRW', 'SGD', 'HKD', 'ZAR', 'ILS', 'TRY', 'AED', 'SAR'] as const;
const GROUPS = ['admin_groups', 'admin_readonly_groups', 'user_groups'] as const;

export function LoginTab() {
  const { t } = useTranslation('settings');
  return (
    <SettingsForm group="login">
      {(value, onChange) =>
        GROUPS.map((group) => (
          <TextField
            key={group}
            label={t(`groups.${group}`)}
            help={t(`groups.${group}_help`)}
            value={value[group].join(', ')}
            autoComplete="off"
            onChange={(text) => onChange({ ...value, [group]: text === '' ? [] : text.split(/,\s*/) })}
          />
        ))
      }
    </SettingsForm>
  );
}

export function CurrencyTab() {
  const { t, i18n } = useTranslation('settings');
  const names = new Intl.DisplayNames(i18n.resolvedLanguage, { type: 'currency' });
  const sample = (currency: string) => new Intl.NumberFormat(i18n.resolvedLanguage, { style: 'currency', currency }).format(1234.5);
  return (
    <SettingsForm group="currency">
      {(value, onChange) => (
        <SelectField
          label={t('currency')}
          help={t('currencyHelp', { sample: sample(value.currency) })}
          value={value.currency}
          options={CURRENCIES.map((currency) => ({ value: currency, label: `${currency} · ${names.of(currency) ?? currency}` }))}
          onChange={(currency) => onChange({ currency })}
        />
      )}
    </SettingsForm>
  );
}
