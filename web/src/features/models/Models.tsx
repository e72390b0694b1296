/** The catalogue: what can I call, and which one should I? */
import { Button, PageSection, ToggleGroup, ToggleGroupItem, ToolbarItem } from '@patternfly/react-core';
import CubesIcon from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import ListIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import ThLargeIcon from '@patternfly/react-icons/dist/esm/icons/th-large-icon';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { useGet } from '@/api/query';
import type { CatalogueModel } from '@/api/types';
import { CAPABILITIES, MODES } from '@/api/choices';
import { useMayAdminister } from '@/app/session';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { compact } from '@/shared/format';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { AccessLabel, HealthLabel } from '@/shared/States';
import { ListFrame } from '@/shared/table/ListFrame';
import { LongTable } from '@/shared/table/LongTable';
import type { Column } from '@/shared/table/rows';
import { useListState } from '@/shared/table/useListState';

import { ModelAction } from './ModelAction';
import { CapabilityLabels } from './ModelCard';
import { ModelCards } from './ModelCards';
import { modelPath } from './modelPath';
import { PriceFigures } from './PriceText';
import { Retirement } from './Retirement';

const FILTERS = ['provider', 'mode', 'capability', 'access'] as const;

function useColumns(): Column<CatalogueModel>[] {
  const { t } = useTranslation('models');
  return [
    {
      title: t('name'),
      sort: 'name',
      share: 1.6,
      cell: (model) => (
        <>
          <Link to={modelPath(model.name)}>{model.name}</Link>
          <div className="lm-subtle">{model.provider_title}</div>
          <Retirement model={model} />
        </>
      ),
      modifier: 'breakWord',
    },
    { title: t('capabilities'), share: 1.35, cell: (model) => <CapabilityLabels model={model} /> },
    {
      title: t('contextColumn'),
      sort: 'max_input_tokens',
      share: 0.85,
      isFigure: true,
      cell: (model) => (model.max_input_tokens === null ? '–' : compact(model.max_input_tokens)),
    },
    { title: t('priceColumn'), share: 1.25, cell: (model) => <PriceFigures prices={model.prices} /> },
    {
      title: t('access'),
      share: 1.5,
      cell: (model) => (
        <div className="lm-stack lm-stack--tight lm-labels">
          <AccessLabel access={model.access} />
          <HealthLabel health={model.health} />
        </div>
      ),
    },
    { title: t('action'), cell: (model) => <ModelAction model={model} variant="link" /> },
  ];
}

export function Models() {
  const { t } = useTranslation(['models', 'common']);
  const list = useListState('name', FILTERS);
  const [parameters] = useSearchParams();
  const mayAdd = useMayAdminister();
  const view = parameters.get('view') === 'table' ? 'table' : 'cards';
  const columns = useColumns();
  const providers = useGet('/providers');
  const filter = (name: (typeof FILTERS)[number], label: string, choices: { value: string; label: string }[]) => (
    <ToolbarItem key={name}>
      <MultiSelect isFilter most={1} label={label} value={list.filter(name)} choices={choices} onChange={(value) => list.change({ [name]: value })} />
    </ToolbarItem>
  );
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} />
      <PageSection hasBodyWrapper={false}>
        <ListFrame
          path="/models"
          list={list}
          searchLabel={t('search')}
          filters={
            <>
              {filter('provider', t('provider'), (providers.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title })))}
              {filter('mode', t('modeColumn'), MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}`) })))}
              {filter('capability', t('capabilities'), CAPABILITIES.map((one) => ({ value: one, label: t(`capability.${one}`) })))}
              {filter('access', t('access'), [
                { value: 'granted', label: t('common:access.granted') },
                { value: 'requestable', label: t('common:access.requestable') },
              ])}
              <ToolbarItem>
                <ToggleGroup aria-label={t('view')}>
                  <ToggleGroupItem
                    icon={<ThLargeIcon />}
                    aria-label={t('viewCards')}
                    isSelected={view === 'cards'}
                    onChange={() => list.change({ view: null })}
                  />
                  <ToggleGroupItem
                    icon={<ListIcon />}
                    aria-label={t('viewTable')}
                    isSelected={view === 'table'}
                    onChange={() => list.change({ view: 'table' })}
                  />
                </ToggleGroup>
              </ToolbarItem>
            </>
          }
          empty={
            <Empty
              title={t('emptyTitle')}
              lesson={t(mayAdd ? 'emptyLessonAdmin' : 'emptyLesson')}
              icon={CubesIcon}
              action={mayAdd && <Button component={(link) => <Link {...link} to="/admin/models/add" />}>{t('addModel')}</Button>}
            />
          }
        >
          {({ items, total }) =>
            view === 'cards' ? (
              <ModelCards query={list.query} total={total} first={items} />
            ) : (
              <LongTable
                label={t('title')}
                path="/models"
                query={list.query}
                total={total}
                first={items}
                columns={columns}
                rowId={(model) => model.name}
                rowName={(model) => model.name}
                sort={list.sort}
                onSort={(sort) => list.change({ sort })}
              />
            )
          }
        </ListFrame>
      </PageSection>
    </>
  );
}
