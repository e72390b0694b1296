/** When there is no such page, or a page broke: what happened, and the way out. */
import { Button, PageSection } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';

import { Empty, ErrorNotice } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <>
      <PageHeading title={t('notFound')} />
      <PageSection hasBodyWrapper={false}>
        <Empty
          title={t('notFoundTitle')}
          lesson={t('notFoundLesson')}
          icon={SearchIcon}
          action={<Button component={(link) => <Link {...link} to="/" />}>{t('goHome')}</Button>}
        />
      </PageSection>
    </>
  );
}

export function PageCrash() {
  const { t } = useTranslation('shell');
  const error = useRouteError();
  return (
    <>
      <PageHeading title={t('crashed')} />
      <PageSection hasBodyWrapper={false}>
        <ErrorNotice error={error instanceof Error ? error : new Error(String(error))} retry={() => window.location.reload()} />
      </PageSection>
    </>
  );
}
