/** What an entry of the audit log changed: the fields that differ, folded after a few. */
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuditEntry } from '@/api/types';

const SHOWN = 4;
/** The row itself says these. */
const SAID = new Set(['id', 'created_at', 'created_by', 'updated_at', 'updated_by']);

type Leaves = Map<string, string>;

/** What an object says, by dotted name; what has nothing in it says nothing. */
function leaves(value: unknown, name = '', found: Leaves = new Map()): Leaves {
  if (value === undefined || value === null || value === '') return found;
  if (Array.isArray(value)) {
    const text = value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ');
    if (text) found.set(name, text);
  } else if (typeof value === 'object') {
    for (const [field, inner] of Object.entries(value)) {
      if (!SAID.has(field)) leaves(inner, name ? `${name}.${field}` : field, found);
    }
  } else {
    found.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return found;
}

interface Difference {
  name: string;
  before: string;
  after: string;
}

/** The fields that differ. */
export function differences({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Difference[] {
  const [old, now] = [leaves(before), leaves(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.map((name) => ({ name, before: old.get(name) ?? '', after: now.get(name) ?? '' })).filter((one) => one.before !== one.after);
}

export function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const all = differences(entry);
  if (all.length === 0) return <>–</>;
  const isChange = entry.before !== null && entry.after !== null;
  return (
    <>
      <ul className="lm-diff">
        {(open ? all : all.slice(0, SHOWN)).map(({ name, before, after }) => (
          <li key={name}>
            <span className="lm-subtle">{name}: </span>
            {before && <del>{before}</del>}
            {isChange && (before ? ' → ' : '→ ')}
            {after ? <ins>{after}</ins> : isChange && '–'}
          </li>
        ))}
      </ul>
      {all.length > SHOWN && (
        <Button variant="link" isInline size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('showLess') : t('nMore', { count: all.length - SHOWN })}
        </Button>
      )}
    </>
  );
}
