/** What happened to a request, step by step. */
import { List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { AccessRequest } from '@/api/types';
import { relative } from '@/shared/format';

export function RequestHistory({ request }: { request: AccessRequest }) {
  const { t } = useTranslation(['requests', 'common']);
  return (
    <List isPlain aria-label={t('history')}>
      {request.history.map((step) => (
        <ListItem key={`${step.at} ${step.status}`}>
          {t('step', { status: t(`common:requestStatus.${step.status}`), actor: step.actor_name, when: relative(step.at) })}
          {step.reason && <div className="lm-subtle lm-break">{step.reason}</div>}
        </ListItem>
      ))}
    </List>
  );
}
