/** The row of filters above the figures. */
import { Button, Toolbar, ToolbarContent, ToolbarGroup, ToolbarItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { MultiSelect } from '@/shared/fields/MultiSelect';

import { SpanPicker } from './SpanPicker';
import type { FilterChoices } from './filterChoices';
import type { UsageFilterState } from './useUsageFilter';

interface UsageFiltersProps {
  filter: UsageFilterState;
  choices: readonly FilterChoices[];
}

export function UsageFilters({ filter, choices }: UsageFiltersProps) {
  const { t } = useTranslation(['usage', 'common']);
  const clear = () => filter.change(Object.fromEntries(choices.map(({ list }) => [list, null])));
  return (
    <Toolbar inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem>
          <SpanPicker days={filter.days} span={filter.span} onChange={filter.change} />
        </ToolbarItem>
        <ToolbarGroup variant="filter-group" rowWrap={{ default: 'wrap' }}>
          {choices.map(({ list, ...choice }) => (
            <ToolbarItem key={list}>
              <MultiSelect isFilter {...choice} value={filter.list(list)} onChange={(value) => filter.change({ [list]: value })} />
            </ToolbarItem>
          ))}
        </ToolbarGroup>
        {filter.hasFilters && (
          <ToolbarItem>
            <Button variant="link" onClick={clear}>
              {t('common:clearFilters')}
            </Button>
          </ToolbarItem>
        )}
      </ToolbarContent>
    </Toolbar>
  );
}
