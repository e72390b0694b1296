/** Where did the money go? One's own use, and for administrators everybody's. */
import { PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { Dimension } from '@/api/types';
import { PageHeading } from '@/shared/PageHeading';

import { ExportMenu } from './ExportMenu';
import { useAllChoices, useOwnChoices } from './filterChoices';
import { UsageFigures } from './UsageFigures';
import { UsageViews } from './UsageViews';
import { useUsageFilter } from './useUsageFilter';

const OWN_DIMENSIONS: readonly Dimension[] = ['model', 'key', 'provider', 'endpoint'];
const ALL_DIMENSIONS: readonly Dimension[] = ['model', 'user', 'team', 'key', 'provider', 'endpoint'];

export function OwnUsage() {
  const { t } = useTranslation('usage');
  const filter = useUsageFilter();
  const choices = useOwnChoices();
  return (
    <>
      <PageHeading title={t('ownTitle')} purpose={t('ownPurpose')} action={<ExportMenu address="/usage/export" query={filter.grouped} />} />
      <PageSection hasBodyWrapper={false}>
        <UsageFigures address="/usage" filter={filter} dimensions={OWN_DIMENSIONS} choices={choices} />
      </PageSection>
    </>
  );
}

export function AllUsage() {
  const { t } = useTranslation('usage');
  const filter = useUsageFilter();
  const choices = useAllChoices();
  return (
    <>
      <PageHeading title={t('allTitle')} purpose={t('allPurpose')} action={<ExportMenu address="/admin/usage/export" query={filter.grouped} />} />
      <UsageViews />
      <PageSection hasBodyWrapper={false}>
        <UsageFigures address="/admin/usage" filter={filter} dimensions={ALL_DIMENSIONS} choices={choices} />
      </PageSection>
    </>
  );
}
