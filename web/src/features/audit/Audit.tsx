/** Who changed what? */
import { Button, PageSection, TextInput, ToolbarItem } from '@patternfly/react-core';
import HistoryIcon from '@patternfly/react-icons/dist/esm/icons/history-icon';
import { useTranslation } from 'react-i18next';

import type { AuditEntry } from '@/api/types';
import { queryString } from '@/api/http';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { dateTime } from '@/shared/format';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import type { Column } from '@/shared/table/DataTable';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

import { Changes } from './Changes';

const FILTERS = ['actor', 'action', 'subject_kind', 'since', 'until'] as const;
const SUBJECTS = ['key', 'user', 'team', 'budget', 'model', 'deployment', 'access_request', 'banner', 'setting', 'session'] as const;

type Subject = (typeof SUBJECTS)[number];
const isSubject = (kind: string): kind is Subject => (SUBJECTS as readonly string[]).includes(kind);

function useColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation('audit');
  return [
    {
      title: t('time'),
      sort: 'at',
      share: 1.3,
      cell: (entry) => (
        <time dateTime={entry.at} className="lm-figure">
          {dateTime(entry.at)}
        </time>
      ),
    },
    { title: t('who'), cell: (entry) => entry.actor_name, modifier: 'breakWord', share: 1.2 },
    { title: t('what'), cell: (entry) => entry.action, modifier: 'breakWord', share: 0.9 },
    {
      title: t('subject'),
      share: 1.5,
      cell: (entry) => (
        <>
          <div className="lm-subtle">{isSubject(entry.subject_kind) ? t(`kind.${entry.subject_kind}`) : entry.subject_kind}</div>
          <div className="lm-subject">{entry.subject_name ?? entry.subject_id}</div>
        </>
      ),
    },
    { title: t('change'), share: 2.8, cell: (entry) => <Changes entry={entry} /> },
    { title: t('from'), cell: (entry) => entry.address ?? '–' },
  ];
}

export function Audit() {
  const { t } = useTranslation('audit');
  const list = useListState('-at', FILTERS);
  const columns = useColumns();
  const day = (name: 'since' | 'until') => (
    <ToolbarItem>
      <TextInput type="date" aria-label={t(name)} value={list.filter(name)[0] ?? ''} onChange={(_, value) => list.change({ [name]: value || null })} />
    </ToolbarItem>
  );
  const filter = { ...Object.fromEntries(FILTERS.map((name) => [name, list.filter(name)])), search: list.search };
  return (
    <>
      <PageHeading
        title={t('title')}
        purpose={t('purpose')}
        action={
          <Button component="a" href={`/api/admin/audit/export${queryString(filter)}`} download>
            {t('export')}
          </Button>
        }
      />
      <PageSection hasBodyWrapper={false}>
        <PagedTable
          label={t('title')}
          path="/admin/audit"
          list={list}
          columns={columns}
          rowId={(entry) => entry.id}
          rowName={(entry) => entry.action}
          searchLabel={t('search')}
          filters={
            <>
              <ToolbarItem>
                <MultiSelect
                  isFilter
                  most={1}
                  label={t('subject')}
                  value={list.filter('subject_kind')}
                  choices={SUBJECTS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
                  onChange={(kinds) => list.change({ subject_kind: kinds })}
                />
              </ToolbarItem>
              {day('since')}
              {day('until')}
            </>
          }
          empty={<Empty title={t('emptyTitle')} lesson={t('emptyLesson')} icon={HistoryIcon} />}
        />
      </PageSection>
    </>
  );
}
