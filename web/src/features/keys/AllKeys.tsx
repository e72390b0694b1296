/** Administrators: whose keys are there, and what do they spend? */
import { Button, PageSection, ToolbarItem } from '@patternfly/react-core';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import { KEY_STATES } from '@/api/choices';
import { useMayAdminister } from '@/app/session';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { Empty } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { BulkBar, type BulkAction } from '@/shared/table/BulkBar';
import { PagedTable } from '@/shared/table/PagedTable';
import { useListState } from '@/shared/table/useListState';

import { useKeyColumns } from './keyColumns';
import { useKeyDeeds } from './KeyDialogs';
import { GenerateKey } from './KeyForms';
import { KEY_READS, KeyScopeContext } from './scope';

const FILTERS = ['state', 'user_id', 'team_id', 'model'] as const;
const LIVE_MS = 15_000;

function AllKeysPage() {
  const { t } = useTranslation(['keys', 'common']);
  const list = useListState('-created_at', FILTERS);
  const columns = useKeyColumns();
  const { actions, dialog } = useKeyDeeds();
  const mayChange = useMayAdminister();
  const [parameters, setParameters] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const generating = parameters.has('generate');
  const setGenerating = (on: boolean) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (on) after.set('generate', '');
      else for (const name of ['generate', 'for_model', 'for_user']) after.delete(name);
      return after;
    });
  const bulk = useChange((body: { ids: string[]; action: 'block' | 'unblock' | 'revoke' }) => call('post', '/admin/keys/bulk', { body }), KEY_READS);
  const bulkActions: BulkAction[] = (['block', 'unblock', 'revoke'] as const).map((action) => ({
    verb: t(action),
    consequence: t(`${action}Consequence`),
    danger: action !== 'unblock',
    run: (ids) => bulk.mutateAsync({ ids, action }),
  }));
  const generate = mayChange && <Button onClick={() => setGenerating(true)}>{t('generate')}</Button>;
  const forModel = parameters.get('for_model');
  return (
    <>
      <PageHeading title={t('allTitle')} purpose={t('allPurpose')} action={generate} />
      <PageSection hasBodyWrapper={false}>
        <div className="lm-stack">
          {mayChange && <BulkBar ids={chosen} onClear={() => setChosen(new Set())} actions={bulkActions} />}
          <PagedTable
            label={t('allTitle')}
            path="/admin/keys"
            list={list}
            columns={columns}
            rowId={(key) => key.id}
            rowName={(key) => key.alias}
            actions={mayChange ? actions : undefined}
            selection={mayChange ? { ids: chosen, onChange: setChosen } : undefined}
            searchLabel={t('searchAll')}
            refreshEvery={LIVE_MS}
            filters={
              <ToolbarItem>
                <MultiSelect
                  isFilter
                  most={1}
                  label={t('state')}
                  value={list.filter('state')}
                  choices={KEY_STATES.map((state) => ({ value: state, label: t(`common:keyState.${state}`) }))}
                  onChange={(state) => list.change({ state })}
                />
              </ToolbarItem>
            }
            empty={<Empty title={t('emptyTitleAll')} lesson={t('emptyLessonAll')} icon={KeyIcon} action={generate} />}
          />
        </div>
      </PageSection>
      {dialog}
      {generating && (
        <GenerateKey
          onClose={() => setGenerating(false)}
          defaults={{ models: forModel ? [forModel] : [], userId: parameters.get('for_user') ?? '' }}
        />
      )}
    </>
  );
}

export function AllKeys() {
  return (
    <KeyScopeContext value="all">
      <AllKeysPage />
    </KeyScopeContext>
  );
}
