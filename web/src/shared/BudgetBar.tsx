/** "Used of limit": amber from 80 %, red at 100 %, and always in words too. */
import { Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { exactMoney, money, percent, relative } from './format';

const WARNING_SHARE = 80;

interface BudgetBarProps {
  spent: string;
  maximum: string | null;
  resetsAt?: string | null;
  /** What the bar is about, for screen readers. */
  label: string;
}

export function BudgetBar({ spent, maximum, resetsAt, label }: BudgetBarProps) {
  const { t } = useTranslation();
  if (maximum === null) {
    return (
      <span className="lm-figure lm-nowrap" title={exactMoney(spent)}>
        {t('spentNoLimit', { spent: money(spent) })}
      </span>
    );
  }
  const share = Number(maximum) > 0 ? (Number(spent) / Number(maximum)) * 100 : 100;
  const variant = share >= 100 ? 'danger' : share >= WARNING_SHARE ? 'warning' : undefined;
  const amounts = t('spentOf', { spent: money(spent), maximum: money(maximum) });
  const text = variant ? `${amounts} · ${percent(share / 100)}` : amounts;
  return (
    <div className="lm-budget" title={`${exactMoney(spent)} / ${exactMoney(maximum)}`}>
      <span className="lm-figure">{text}</span>
      <Progress
        size="sm"
        value={Math.min(100, share)}
        valueText={text}
        variant={variant}
        measureLocation={ProgressMeasureLocation.none}
        aria-label={label}
      />
      {resetsAt && <small className="lm-subtle">{t('resets', { when: relative(resetsAt) })}</small>}
    </div>
  );
}
