/** What a team shares: money, models, limits. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Team } from '@/api/types';
import { BudgetBar } from '@/shared/BudgetBar';
import { Facts } from '@/shared/Facts';
import { Money } from '@/shared/Figures';
import { labelLine } from '@/shared/fields/LabelsField';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';

export function TeamFacts({ team, keysPage }: { team: Team; keysPage?: string }) {
  const { t } = useTranslation(['people', 'common']);
  const limit = (value: number | null) => (value === null ? t('common:unlimited') : integer(value));
  return (
    <Facts
      facts={[
        [t('spent'), <BudgetBar key="spent" spent={team.spent} maximum={team.max_budget} resetsAt={team.window_resets_at} label={t('spent')} />],
        [t('common:models'), <ModelNames key="models" models={team.models} shown={6} />],
        [t('keys'), keysPage === undefined ? integer(team.keys_count) : <Link key="keys" to={keysPage}>{integer(team.keys_count)}</Link>],
        [t('common:field.softBudget'), team.soft_budget === null ? '–' : <Money key="soft" amount={team.soft_budget} />],
        [t('common:field.rpm'), limit(team.rpm_limit)],
        [t('common:field.tpm'), limit(team.tpm_limit)],
        [t('common:field.parallel'), limit(team.max_parallel_requests)],
        [t('common:labels'), labelLine(team.labels)],
      ]}
    />
  );
}
