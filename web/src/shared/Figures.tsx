/** Amounts and instants in running text: the short form to read, the exact one on hover and to machines. */
import { useTranslation } from 'react-i18next';

import * as format from './format';

export function Money({ amount }: { amount: string }) {
  return (
    <data className="lm-figure" value={amount} title={format.exactMoney(amount)}>
      {format.money(amount)}
    </data>
  );
}

/** How long ago or how soon; `never` stands where there is no instant. */
export function When({ instant, never }: { instant: string | null; never?: string }) {
  const { t } = useTranslation();
  if (!instant) return <>{never ?? t('never')}</>;
  return (
    <time dateTime={instant} title={format.dateTime(instant)}>
      {format.relative(instant)}
    </time>
  );
}
