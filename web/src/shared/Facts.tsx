/** Terms and their values, in columns where there is room. */
import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, type DescriptionListProps } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface FactsProps {
  facts: readonly (readonly [term: string, value: ReactNode])[];
  columns?: DescriptionListProps['columnModifier'];
}

export function Facts({ facts, columns = { default: '1Col', md: '2Col', xl: '3Col' } }: FactsProps) {
  return (
    <DescriptionList columnModifier={columns} isCompact>
      {facts.map(([term, value]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{value}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}
