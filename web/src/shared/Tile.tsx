/** One figure with its name, and what it means. */
import { Card, CardBody } from '@patternfly/react-core';
import type { ReactNode } from 'react';

export function Tile({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <Card isCompact className="lm-card--fill">
      <CardBody>
        <div className="lm-subtle">{name}</div>
        <div className="lm-tile__value">{value}</div>
        {note && <div className="lm-subtle">{note}</div>}
      </CardBody>
    </Card>
  );
}
