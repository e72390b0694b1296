/** Routing as part of a longer form: folded, since the default suits most models. */
import { ExpandableSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import { Loaded } from '@/shared/Notices';

import type { RoutingDraft } from './routingDraft';
import { RoutingFields } from './RoutingFields';

interface RoutingSectionProps {
  model: string;
  value: RoutingDraft;
  onChange: (value: RoutingDraft) => void;
}

export function RoutingSection({ model, value, onChange }: RoutingSectionProps) {
  const { t } = useTranslation('adminModels');
  const [open, setOpen] = useState(false);
  const defaults = useGet('/admin/routing', { enabled: open });
  return (
    <ExpandableSection toggleText={t('routing.title')} isExpanded={open} onToggle={(_, on) => setOpen(on)}>
      {open && (
        <div className="lm-stack">
          <Loaded query={defaults} lines={3}>
            {(data) => <RoutingFields model={model} value={value} defaults={data} onChange={onChange} />}
          </Loaded>
        </div>
      )}
    </ExpandableSection>
  );
}
