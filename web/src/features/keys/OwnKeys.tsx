/** Are my keys healthy? */
import { Button, PageSection } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

import { useKeyColumns } from './keyColumns';
import { useKeyDeeds } from './KeyDialogs';
import { GenerateKey } from './KeyForms';

const LIVE_MS = 15_000;

export function OwnKeys() {
  const { t } = useTranslation('keys');
  const list = useListState('-created_at');
  const columns = useKeyColumns();
  const { actions, dialog } = useKeyDeeds();
  const [generating, setGenerating] = useState(false);
  const generate = <Button onClick={() => setGenerating(true)}>{t('generate')}</Button>;
  return (
    <>
      <PageHeading title={t('ownTitle')} purpose={t('ownPurpose')} action={generate} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('ownTitle')}
          path="/keys"
          list={list}
          columns={columns}
          rowId={(key) => key.id}
          rowName={(key) => key.alias}
          actions={actions}
          searchLabel={t('search')}
          refreshEvery={LIVE_MS}
          empty={<Empty title={t('emptyTitle')} lesson={t('emptyLesson')} icon={KeyIcon} action={<Button onClick={() => setGenerating(true)}>{t('generateFirst')}</Button>} />}
        />
      </PageSection>
      {dialog}
      {generating && <GenerateKey onClose={() => setGenerating(false)} />}
    </>
  );
}
