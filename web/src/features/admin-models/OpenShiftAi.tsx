/** Models that OpenShift AI serves in the cluster, ready to be taken over into the form. */
import { Alert, Button, ExpandableSection, Label } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { ServedModel } from '@/api/types';
import { ErrorNotice } from '@/shared/Notices';
import { DataTable, type Column } from '@/shared/table/DataTable';

/** More of them would push the form out of sight. */
const SHOWN_AT_ONCE = 5;

function StateOf({ service }: { service: ServedModel }) {
  const { t } = useTranslation('openshiftAi');
  if (service.added) return <Label isCompact variant="outline" status="success">{t('added')}</Label>;
  if (!service.ready) return <Label isCompact variant="outline" status="warning">{t('notReady')}</Label>;
  if (service.protected) return <Label isCompact variant="outline" status="info">{t('protected')}</Label>;
  if (service.complaint !== null) {
    return (
      <>
        <Label isCompact variant="outline" status="danger">{t('silent')}</Label>
        <div className="lm-subtle lm-break">{service.complaint}</div>
      </>
    );
  }
  return <Label isCompact variant="outline" status="success">{t('ready')}</Label>;
}

interface OpenShiftAiProps {
  /** Whose values the form has. */
  chosen: string;
  onChoose: (service: ServedModel) => void;
}

export function OpenShiftAi({ chosen, onChoose }: OpenShiftAiProps) {
  const { t } = useTranslation('openshiftAi');
  const [open, setOpen] = useState<boolean>();
  const query = useGet('/admin/openshift-ai');
  if (query.error) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  if (!query.data?.enabled) return null;
  const { items, refused } = query.data;
  const columns: Column<ServedModel>[] = [
    {
      title: t('service'),
      cell: (service) => (
        <>
          {service.display_name}
          <div className="lm-subtle">{service.display_name === service.name ? service.namespace : `${service.namespace} / ${service.name}`}</div>
        </>
      ),
    },
    { title: t('models'), modifier: 'breakWord', cell: (service) => service.models.join(', ') },
    { title: t('state'), cell: (service) => <StateOf service={service} /> },
    {
      title: t('choice'),
      cell: (service) =>
        service.added || service.api_base === '' ? null : (
          <Button variant="secondary" size="sm" aria-label={t('chooseName', { name: service.display_name })} aria-pressed={chosen === service.id} onClick={() => onChoose(service)}>
            {t(chosen === service.id ? 'isChosen' : 'choose')}
          </Button>
        ),
    },
  ];
  return (
    <ExpandableSection toggleText={t('title', { count: items.length })} isExpanded={open ?? items.length <= SHOWN_AT_ONCE} onToggle={(_, on) => setOpen(on)} isIndented>
      <div className="lm-stack">
        {items.length === 0 ? (
          <p className="lm-subtle">{t('empty')}</p>
        ) : (
          <DataTable label={t('title', { count: items.length })} rows={items} rowId={(service) => service.id} rowName={(service) => service.display_name} columns={columns} />
        )}
        {refused.length > 0 && (
          <Alert component="h2" isInline variant="warning" title={t('refused', { count: refused.length, namespaces: refused.join(', ') })}>
            {t('refusedHelp')}
          </Alert>
        )}
      </div>
    </ExpandableSection>
  );
}
