/** What do we serve, and does it work? */
import { Button, Label, PageSection } from '@patternfly/react-core';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { isMode } from '@/api/choices';
import { call, segment } from '@/api/http';
import { useChange } from '@/api/query';
import type { ModelGroup } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { PriceFigures } from '@/features/models/PriceText';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { Money } from '@/shared/Figures';
import { integer } from '@/shared/format';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { HealthLabel } from '@/shared/States';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';
import { useToast } from '@/shared/Toasts';

export const MODEL_READS = ['/admin/models', '/models', '/admin/overview'] as const;
export const groupPath = (name: string): string => `/admin/models/edit/${segment(name)}`;
const LIVE_MS = 15_000;

function useColumns(): Column<ModelGroup>[] {
  const { t } = useTranslation(['adminModels', 'models']);
  return [
    {
      title: t('publicName'),
      sort: 'name',
      share: 2.2,
      modifier: 'breakWord',
      cell: (group) => (
        <>
          <span className="lm-row">
            <Link to={groupPath(group.name)}>{group.name}</Link>
            {group.restricted && <Label isCompact>{t('restricted')}</Label>}
          </span>
          <div className="lm-subtle">{isMode(group.mode) ? t(`models:mode.${group.mode}`) : group.mode}</div>
        </>
      ),
    },
    { title: t('health'), sort: 'health', share: 1.4, cell: (group) => <HealthLabel health={group.health} /> },
    {
      title: t('deployments'),
      isFigure: true,
      cell: (group) => integer(group.deployments.length),
    },
    { title: t('models:priceColumn'), share: 1.5, cell: (group) => <PriceFigures prices={group.prices} /> },
    { title: t('requests7d'), sort: 'requests_7d', isFigure: true, cell: (group) => integer(group.requests_7d) },
    { title: t('cost7d'), sort: 'cost_7d', isFigure: true, cell: (group) => <Money amount={group.cost_7d} /> },
  ];
}

export function AdminModels() {
  const { t } = useTranslation(['adminModels', 'common']);
  const list = useListState('name');
  const columns = useColumns();
  const mayChange = useMayAdminister();
  const navigate = useNavigate();
  const toast = useToast();
  const [removing, setRemoving] = useState<ModelGroup | null>(null);
  const remove = useChange((name: string) => call('delete', '/admin/models/{name}', { path: { name } }), MODEL_READS);
  const add = mayChange && <Button component={(link) => <Link {...link} to="/admin/models/add" />}>{t('addModel')}</Button>;
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('title')}
          path="/admin/models"
          list={list}
          columns={columns}
          rowId={(group) => group.name}
          rowName={(group) => group.name}
          searchLabel={t('search')}
          refreshEvery={LIVE_MS}
          actions={
            mayChange
              ? (group) => [
                  { title: t('common:edit'), onClick: () => void navigate(groupPath(group.name)) },
                  { title: t('issueKey'), onClick: () => void navigate(`/admin/keys?generate=&for_model=${segment(group.name)}`) },
                  { isSeparator: true },
                  { title: t('remove'), isDanger: true, onClick: () => setRemoving(group) },
                ]
              : undefined
          }
          empty={<Empty title={t('emptyTitle')} lesson={t('emptyLesson')} icon={CubesIcon} action={add} />}
        />
      </PageSection>
      {removing && (
        <ConfirmDialog
          title={t('removeTitle', { name: removing.name })}
          consequence={t('removeConsequence', { count: removing.requests_7d, requests: integer(removing.requests_7d) })}
          verb={t('remove')}
          mustType={removing.name}
          onConfirm={async () => {
            await remove.mutateAsync(removing.name);
            toast(t('removed', { name: removing.name }));
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}
