/** Who is told when money runs out or a model stops answering, and did it arrive? */
import { Button, PageSection } from '@patternfly/react-core';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import { useMayAdminister } from '@/app/session';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

import { AddChannel } from './AddChannel';
import { Channels } from './Channels';
import { History } from './History';

const LIVE_MS = 15_000;

export function Notices() {
  const { t } = useTranslation('notices');
  const channels = useGet('/admin/notice-channels');
  const notices = useGet('/admin/notices', { refreshEvery: LIVE_MS });
  const mayChange = useMayAdminister();
  const [adding, setAdding] = useState(false);
  const add = mayChange && <Button onClick={() => setAdding(true)}>{t('add')}</Button>;
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <div className="lm-stack">
          <Loaded query={channels} lines={3}>
            {({ items }) =>
              items.length === 0 ? <Empty title={t('empty')} lesson={t('emptyLesson')} icon={BellIcon} action={add} /> : <Channels channels={items} />
            }
          </Loaded>
          <Loaded query={notices}>{({ items }) => <History notices={items} />}</Loaded>
        </div>
      </PageSection>
      {adding && <AddChannel onClose={() => setAdding(false)} />}
    </>
  );
}
