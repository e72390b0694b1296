/** What can be done to all chosen rows, and what came of it, row by row. */
import { Alert, Button, List, ListItem } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ItemResult } from '@/api/types';
import { ConfirmDialog } from '@/shared/ConfirmDialog';

export interface BulkAction {
  verb: string;
  /** What will stop working. */
  consequence: string;
  danger?: boolean;
  run: (ids: string[]) => Promise<{ results: ItemResult[] }>;
}

interface BulkBarProps {
  ids: ReadonlySet<string>;
  onClear: () => void;
  actions: readonly BulkAction[];
  nameOf?: (id: string) => string;
}

export function BulkBar({ ids, onClear, actions, nameOf = (id) => id }: BulkBarProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<BulkAction | null>(null);
  const [results, setResults] = useState<ItemResult[]>([]);
  const failed = results.filter((result) => !result.ok);
  const run = async (action: BulkAction) => {
    const answer = await action.run([...ids]);
    setResults(answer.results);
    onClear();
  };
  return (
    <>
      {ids.size > 0 && (
        <div className="lm-row" role="group" aria-label={t('nSelected', { count: ids.size })}>
          <span>{t('nSelected', { count: ids.size })}</span>
          {actions.map((action) => (
            <Button key={action.verb} variant="secondary" isDanger={action.danger} onClick={() => setAsking(action)}>
              {action.verb}
            </Button>
          ))}
          <Button variant="link" onClick={onClear}>
            {t('clearSelection')}
          </Button>
        </div>
      )}
      {results.length > 0 && (
        <Alert component="h2"
          isInline
          isLiveRegion
          variant={failed.length > 0 ? 'warning' : 'success'}
          title={t('bulkDone', { done: results.length - failed.length, all: results.length })}
          actionLinks={
            <Button variant="link" isInline onClick={() => setResults([])}>
              {t('close')}
            </Button>
          }
        >
          {failed.length > 0 && (
            <List>
              {failed.map((result) => (
                <ListItem key={result.id}>{`${nameOf(result.id)}: ${result.error ?? ''}`}</ListItem>
              ))}
            </List>
          )}
        </Alert>
      )}
      {asking && (
        <ConfirmDialog
          title={t('bulkTitle', { verb: asking.verb, count: ids.size })}
          consequence={asking.consequence}
          verb={asking.verb}
          danger={asking.danger}
          onConfirm={() => run(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
