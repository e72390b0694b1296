/** The catalogue as cards; a long one grows by a page whenever that is asked for. */
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Query } from '@/api/http';
import type { CatalogueModel } from '@/api/types';
import { ErrorNotice } from '@/shared/Notices';
import { ROWS_AT_ONCE, useListPages } from '@/shared/table/useListPages';

import { ModelCard } from './ModelCard';

interface ModelCardsProps {
  query: Query;
  total: number;
  /** The first page, which is here already. */
  first: readonly CatalogueModel[];
}

export function ModelCards({ query, total, first }: ModelCardsProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const count = Math.min(shown, total);
  const { rowAt, error } = useListPages<CatalogueModel>('/models', query, { from: 0, to: count - 1, isScrolling: false });
  const models = Array.from({ length: count }, (_, index) => rowAt(index) ?? first[index]).filter((model) => model !== undefined);
  return (
    <div className="lm-stack">
      <div className="lm-cards">
        {models.map((model) => (
          <ModelCard key={model.name} model={model} />
        ))}
      </div>
      <ErrorNotice error={error} />
      {count < total && (
        <div>
          <Button variant="secondary" onClick={() => setShown(count + ROWS_AT_ONCE)}>
            {t('nMore', { count: Math.min(ROWS_AT_ONCE, total - count) })}
          </Button>
        </div>
      )}
    </div>
  );
}
