/** The row of filters above the figures; administrators can also narrow to people, teams and providers. */
import { Button, Toolbar, ToolbarContent, ToolbarGroup, ToolbarItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import { MultiSelect, type Choice } from '@/shared/fields/MultiSelect';

import { SpanPicker } from './SpanPicker';
import type { FilterList, useUsageFilter } from './useUsageFilter';

const NAMES = { page_size: 200, sort: 'name' } as const;
const KEYS = { page_size: 200, sort: 'alias' } as const;

interface UsageFiltersProps {
  filter: ReturnType<typeof useUsageFilter>;
  everyone: boolean;
}

export function UsageFilters({ filter, everyone }: UsageFiltersProps) {
  const { t } = useTranslation(['usage', 'common']);
  const models = useGet('/models', { query: { ...NAMES, access: 'all' } });
  const keys = useGet(everyone ? '/admin/keys' : '/keys', { query: KEYS });
  const users = useGet('/admin/users', { query: NAMES, enabled: everyone });
  const teams = useGet('/admin/teams', { query: NAMES, enabled: everyone });
  const providers = useGet('/admin/providers', { enabled: everyone });
  const named = (items: readonly { id: string; name: string }[] = []): Choice[] => items.map(({ id, name }) => ({ value: id, label: name }));
  const choices: [FilterList, string, Choice[]][] = [
    ['models', t('dimension.model'), (models.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))],
    ['keys', t('dimension.key'), (keys.data?.items ?? []).map(({ id, alias }) => ({ value: id, label: alias }))],
  ];
  if (everyone) {
    choices.push(
      ['users', t('dimension.user'), named(users.data?.items)],
      ['teams', t('dimension.team'), named(teams.data?.items)],
      ['providers', t('dimension.provider'), (providers.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }))],
    );
  }
  const clear = () => filter.change(Object.fromEntries(choices.map(([name]) => [name, null])));
  return (
    <Toolbar inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem>
          <SpanPicker days={filter.days} span={filter.span} onChange={filter.change} />
        </ToolbarItem>
        <ToolbarGroup variant="filter-group" rowWrap={{ default: 'wrap' }}>
          {choices.map(([name, label, options]) => (
            <ToolbarItem key={name}>
              <MultiSelect isFilter label={label} value={filter.list(name)} choices={options} onChange={(value) => filter.change({ [name]: value })} />
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
