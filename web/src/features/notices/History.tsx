/** What people were told of late, and whether it arrived. */
import { Card, CardBody, CardTitle, Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { Notice } from '@/api/types';
import { When } from '@/shared/Figures';
import { DataTable, type Column } from '@/shared/table/DataTable';

const LOOKS = { waiting: 'info', sent: 'success', dead: 'danger' } as const;

export function History({ notices }: { notices: readonly Notice[] }) {
  const { t } = useTranslation('notices');
  const columns: Column<Notice>[] = [
    { title: t('at'), modifier: 'nowrap', cell: (notice) => <When instant={notice.at} /> },
    { title: t('eventName'), cell: (notice) => t(`event.${notice.event}`) },
    { title: t('message'), modifier: 'breakWord', cell: (notice) => notice.message },
    {
      title: t('deliveries'),
      cell: (notice) =>
        notice.deliveries.length === 0 ? (
          <span className="lm-subtle">{t('noChannelThen')}</span>
        ) : (
          <div className="lm-stack lm-stack--tight lm-labels">
            {notice.deliveries.map((delivery) => (
              <div key={delivery.channel}>
                <Label isCompact variant="outline" status={LOOKS[delivery.state]}>
                  {t(`state.${delivery.state}`, { channel: delivery.channel })}
                </Label>
                {delivery.last_error && <div className="lm-subtle lm-break">{delivery.last_error}</div>}
              </div>
            ))}
          </div>
        ),
    },
  ];
  return (
    <Card>
      <CardTitle component="h2">{t('history')}</CardTitle>
      <CardBody>
        {notices.length === 0 ? (
          <p className="lm-subtle">{t('noHistory')}</p>
        ) : (
          <DataTable label={t('history')} rows={notices} rowId={(notice) => notice.id} rowName={(notice) => notice.message} columns={columns} />
        )}
      </CardBody>
    </Card>
  );
}
