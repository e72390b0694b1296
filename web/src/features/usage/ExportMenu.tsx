/** The figures as a file, for the same filter. */
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PathOf } from '@/api/contract';
import { queryString, type Query } from '@/api/http';

const FORMATS = ['csv', 'json'] as const;

export function ExportMenu({ path, query }: { path: PathOf<'get'>; query: Query }) {
  const { t } = useTranslation('usage');
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={(ref) => (
        <MenuToggle ref={ref} variant="primary" isExpanded={open} onClick={() => setOpen(!open)}>
          {t('export')}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {FORMATS.map((format) => (
          <DropdownItem key={format} to={`/api${path}${queryString({ ...query, format })}`} download="usage">
            {t('exportAs', { format: format.toUpperCase() })}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
