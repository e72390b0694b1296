/** What did each cost centre, project or course use? */
import { Button, Card, CardBody, CardTitle, PageSection, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import TagsIcon from '@patternfly/react-icons/dist/esm/icons/tags-icon';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useGet } from '@/api/query';
import type { LabelUsage } from '@/api/types';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

import { BreakdownTable } from './BreakdownTable';
import { ExportMenu } from './ExportMenu';
import { SpanPicker } from './SpanPicker';
import { daysOf } from './span';
import { SummaryTiles } from './SummaryTiles';
import { TrendCard } from './TrendCard';
import { UsageViews } from './UsageViews';
import { useUsageFilter, type UsageFilterState } from './useUsageFilter';

const LIVE_MS = 30_000;

function LabelFilters({ filter, label, labels, usage }: { filter: UsageFilterState; label: string; labels: readonly string[]; usage: LabelUsage | undefined }) {
  const { t } = useTranslation(['usage', 'common']);
  const values = (usage?.values ?? []).filter((row) => row.id !== '').map((row) => ({ value: row.id, label: row.name }));
  const chosen = filter.list('values');
  return (
    <Toolbar inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem>
          <MultiSelect isFilter most={1} label={t('label')} value={[label]} choices={labels.map((name) => ({ value: name, label: name }))} onChange={([name]) => filter.change({ label: name ?? label, values: null })} />
        </ToolbarItem>
        <ToolbarItem>
          <SpanPicker days={filter.days} span={filter.span} onChange={filter.change} />
        </ToolbarItem>
        <ToolbarItem>
          <MultiSelect isFilter label={t('labelValue')} value={chosen} choices={values} onChange={(value) => filter.change({ values: value })} />
        </ToolbarItem>
        {chosen.length > 0 && (
          <ToolbarItem>
            <Button variant="link" onClick={() => filter.change({ values: null })}>
              {t('common:clearFilters')}
            </Button>
          </ToolbarItem>
        )}
      </ToolbarContent>
    </Toolbar>
  );
}

function LabelFigures({ filter, label, labels }: { filter: UsageFilterState; label: string; labels: readonly string[] }) {
  const { t } = useTranslation('usage');
  const query = { ...filter.span, values: filter.list('values') };
  const usage = useGet('/admin/usage/labels/{name}', { path: { name: label }, query, refreshEvery: LIVE_MS });
  const without = t('withoutLabel', { label });
  return (
    <div className="lm-stack">
      <LabelFilters filter={filter} label={label} labels={labels} usage={usage.data} />
      <Loaded query={usage}>
        {(data) => (
          <>
            <SummaryTiles summary={{ current: data.total }} />
            <TrendCard title={t('overTime')} trend={data} days={daysOf(filter.span)} />
            <Card>
              <CardTitle component="h2">{t('breakdown')}</CardTitle>
              <CardBody>
                <BreakdownTable label={t('breakdown')} nameTitle={label} rows={data.values.map((row) => (row.id === '' ? { ...row, name: without } : row))} />
              </CardBody>
            </Card>
          </>
        )}
      </Loaded>
    </div>
  );
}

export function LabelUsagePage() {
  const { t } = useTranslation('usage');
  const filter = useUsageFilter();
  const labels = useGet('/admin/usage/labels', { query: filter.span });
  const [first] = labels.data?.names ?? [];
  const label = filter.label ?? first;
  const exported = label !== undefined && <ExportMenu address="/admin/usage/label-export" query={{ ...filter.span, name: label, values: filter.list('values') }} />;
  return (
    <>
      <PageHeading title={t('labelsTitle')} purpose={t('labelsPurpose')} action={exported} />
      <UsageViews />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={labels}>
          {({ names }) =>
            label === undefined ? (
              <Empty title={t('noLabels')} lesson={t('noLabelsLesson')} icon={TagsIcon} action={<Button component={(link) => <Link {...link} to="/admin/teams" />}>{t('labelATeam')}</Button>} />
            ) : (
              <LabelFigures filter={filter} label={label} labels={names.includes(label) ? names : [label, ...names]} />
            )
          }
        </Loaded>
      </PageSection>
    </>
  );
}
