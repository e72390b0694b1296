/** Calls that failed lately, and why. */
import { useTranslation } from 'react-i18next';

import type { CallError } from '@/api/types';
import { When } from '@/shared/Figures';
import { DataTable } from '@/shared/table/DataTable';

export function CallErrorsTable({ errors }: { errors: readonly CallError[] }) {
  const { t } = useTranslation('keys');
  if (errors.length === 0) return <p className="lm-subtle">{t('noErrors')}</p>;
  return (
    <DataTable
      label={t('lastErrors')}
      rows={errors}
      rowId={(error) => `${error.at} ${error.model} ${error.code}`}
      rowName={(error) => error.code}
      columns={[
        { title: t('when'), cell: (error) => <When instant={error.at} />, modifier: 'nowrap' },
        { title: t('key'), cell: (error) => error.key_alias ?? '–', modifier: 'breakWord' },
        { title: t('model'), cell: (error) => error.model, modifier: 'breakWord' },
        { title: t('status'), cell: (error) => `${error.status} ${error.code}`, modifier: 'breakWord' },
        { title: t('reason'), cell: (error) => error.message, modifier: 'breakWord' },
      ]}
    />
  );
}
