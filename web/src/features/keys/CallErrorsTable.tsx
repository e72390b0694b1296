/** Calls that failed lately, and why. */
import { useTranslation } from 'react-i18next';

import type { CallError } from '@/api/types';
import { When } from '@/shared/Figures';
import { DataTable, type Column } from '@/shared/table/DataTable';

interface CallErrorsTableProps {
  errors: readonly CallError[];
  /** All of them are of the key whose page this is. */
  isOfOneKey?: boolean;
}

export function CallErrorsTable({ errors, isOfOneKey }: CallErrorsTableProps) {
  const { t } = useTranslation('keys');
  const key: Column<CallError> = { title: t('key'), cell: (error) => error.key_alias ?? '–', modifier: 'breakWord' };
  if (errors.length === 0) return <p className="lm-subtle">{t('noErrors')}</p>;
  return (
    <DataTable
      label={t('lastErrors')}
      rows={errors}
      rowId={(error) => `${error.at} ${error.model} ${error.code}`}
      rowName={(error) => error.code}
      columns={[
        { title: t('when'), cell: (error) => <When instant={error.at} />, modifier: 'nowrap' },
        ...(isOfOneKey ? [] : [key]),
        { title: t('model'), cell: (error) => error.model, modifier: 'breakWord' },
        { title: t('status'), cell: (error) => `${error.status} ${error.code}`, modifier: 'breakWord' },
        { title: t('reason'), cell: (error) => error.message, modifier: 'breakWord' },
      ]}
    />
  );
}
