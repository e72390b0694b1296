/** What is running, and is any of it in trouble? */
import { Card, CardBody, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { SystemHealth } from '@/api/types';
import { When } from '@/shared/Figures';
import { bytes, milliseconds } from '@/shared/format';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { ComponentLabel, HealthLabel } from '@/shared/States';
import { DataTable } from '@/shared/table/DataTable';
import { Tile } from '@/shared/Tile';

const LIVE_MS = 5_000;

function Replicas({ replicas }: Pick<SystemHealth, 'replicas'>) {
  const { t } = useTranslation('health');
  return (
    <DataTable
      label={t('replicas')}
      rows={replicas}
      rowId={(replica) => replica.id}
      rowName={(replica) => replica.id}
      columns={[
        { title: t('replica'), cell: (replica) => replica.id, modifier: 'breakWord' },
        { title: t('host'), cell: (replica) => replica.host, modifier: 'breakWord' },
        { title: t('version'), cell: (replica) => replica.version },
        { title: t('started'), cell: (replica) => <When instant={replica.started_at} /> },
        { title: t('lastSeen'), cell: (replica) => <When instant={replica.last_seen_at} /> },
        { title: t('snapshotAge'), isFigure: true, cell: (replica) => milliseconds(replica.snapshot_age_seconds * 1000) },
      ]}
    />
  );
}

function Upstreams({ upstreams }: Pick<SystemHealth, 'upstreams'>) {
  const { t } = useTranslation('health');
  if (upstreams.length === 0) return <p className="lm-subtle">{t('noUpstreams')}</p>;
  return (
    <DataTable
      label={t('upstreams')}
      rows={upstreams}
      rowId={(upstream) => upstream.deployment_id}
      rowName={(upstream) => upstream.model}
      columns={[
        { title: t('model'), cell: (upstream) => upstream.model, modifier: 'breakWord' },
        { title: t('address'), cell: (upstream) => upstream.api_base ?? '–', modifier: 'breakWord' },
        { title: t('state'), cell: (upstream) => <HealthLabel health={upstream.health} /> },
        { title: t('lastError'), cell: (upstream) => upstream.last_error ?? '–', modifier: 'breakWord' },
        { title: t('checked'), cell: (upstream) => <When instant={upstream.last_checked_at} /> },
      ]}
    />
  );
}

export function SystemHealthPage() {
  const { t } = useTranslation('health');
  const query = useGet('/admin/health', { refreshEvery: LIVE_MS });
  const latency = (value: number | null) => (value === null ? undefined : t('answersIn', { time: milliseconds(value) }));
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} aside={query.data && <ComponentLabel status={query.data.status} />} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {({ replicas, database, journal, redis, upstreams }) => (
            <div className="lm-stack">
              <div className="lm-tiles">
                <Tile name={t('database')} value={<ComponentLabel status={database.status} />} note={database.message ?? latency(database.latency_ms)} />
                <Tile
                  name={t('journal')}
                  value={<ComponentLabel status={journal.status} />}
                  note={journal.message ?? t('journalWaiting', { size: bytes(journal.bytes) })}
                />
                <Tile name="Redis" value={<ComponentLabel status={redis.status} />} note={redis.message ?? latency(redis.latency_ms)} />
              </div>
              <Card>
                <CardTitle component="h2">{t('replicas')}</CardTitle>
                <CardBody>
                  <Replicas replicas={replicas} />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">{t('upstreams')}</CardTitle>
                <CardBody>
                  <Upstreams upstreams={upstreams} />
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
    </>
  );
}
