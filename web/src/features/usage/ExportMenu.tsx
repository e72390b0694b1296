/** The figures as a file, for the same filter. */
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { queryString, type Query } from '@/api/http';

const FORMATS = ['csv', 'json'] as const;

export function ExportMenu({ address, query }: { address: `${string}export`; query: Query }) {
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
          <DropdownItem key={format} to={`/api${address}${queryString({ ...query, format })}`} download="usage">
            {t('exportAs', { format: format.toUpperCase() })}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
