/** What the lists of keys show: is it working, what has it spent, how much is left, when does it end. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Key } from '@/api/types';
import { BudgetBar } from '@/shared/BudgetBar';
import { Sparkline } from '@/shared/charts/Sparkline';
import { When } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { KeyStateLabel } from '@/shared/States';
import type { Column } from '@/shared/table/DataTable';

import { useKeyScope } from './scope';

/** Whose key it is: a person, a team, or both. */
export const owners = (key: Key): string[] =>
  [key.user_name ?? key.user_id, key.team_name ?? key.team_id].filter((name): name is string => Boolean(name));

/** `whose` says what of its owners is told under a key's name; left out, all of them where keys of many are listed. */
export function useKeyColumns(whose?: (key: Key) => readonly string[]): Column<Key>[] {
  const { t } = useTranslation('keys');
  const { page, scope } = useKeyScope();
  const told = whose ?? (scope === 'all' ? owners : () => []);
  return [
    {
      title: t('name'),
      sort: 'alias',
      share: 2.1,
      modifier: 'breakWord',
      cell: (key) => (
        <>
          <Link to={`${page}/${key.id}`}>{key.alias}</Link>
          <div className="lm-subtle lm-figure">{[`sk-…${key.hint}`, ...told(key)].join(' · ')}</div>
        </>
      ),
    },
    {
      title: t('stateAndExpiry'),
      sort: 'expires_at',
      share: 1.9,
      cell: (key) => (
        <>
          <KeyStateLabel item={key} />
          {key.state !== 'expiring' && (
            <div className="lm-subtle">
              {key.expires_at ? <>{t('expires')} <When instant={key.expires_at} /></> : t('neverExpires')}
            </div>
          )}
        </>
      ),
    },
    {
      title: t('spent'),
      sort: 'spent',
      share: 2,
      cell: (key) => (
        <BudgetBar spent={key.spent} maximum={key.max_budget} resetsAt={key.window_resets_at} label={t('spentOf', { name: key.alias })} />
      ),
    },
    { title: t('lastUsed'), sort: 'last_used_at', share: 1.1, cell: (key) => <When instant={key.last_used_at} /> },
    {
      title: t('requestsToday'),
      sort: 'requests_today',
      share: 1.25,
      isFigure: true,
      cell: (key) => (
        <span className="lm-row lm-row--single">
          <Sparkline values={key.requests_7d} />
          {integer(key.requests_today)}
        </span>
      ),
    },
    { title: t('models'), share: 1.3, cell: (key) => <ModelNames models={key.models} shown={1} /> },
  ];
}
