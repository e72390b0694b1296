/** What a management key may do, subject by subject. */
import { Checkbox } from '@patternfly/react-core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { MANAGEMENT_SCOPES } from '@/api/choices';
import type { ManagementScope } from '@/api/types';

export const EVERYTHING: ManagementScope = '*';

interface ScopesFieldProps {
  value: readonly ManagementScope[];
  onChange: (value: ManagementScope[]) => void;
}

export function ScopesField({ value, onChange }: ScopesFieldProps) {
  const { t } = useTranslation('automation');
  const id = useId();
  const mayAll = value.includes(EVERYTHING);
  const toggle = (scope: ManagementScope, on: boolean) => {
    if (scope === EVERYTHING) onChange(on ? [EVERYTHING] : []);
    else onChange(on ? [...value, scope] : value.filter((one) => one !== scope));
  };
  return (
    <fieldset>
      <legend className="lm-strong">{t('scopes')}</legend>
      <p className="lm-subtle">{t('scopesHelp')}</p>
      <div className="lm-scopes">
        {MANAGEMENT_SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            id={`${id}-${scope}`}
            label={scope}
            description={t(`scope.${scopeName(scope)}`)}
            isChecked={mayAll || value.includes(scope)}
            isDisabled={mayAll && scope !== EVERYTHING}
            onChange={(_, on) => toggle(scope, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}

type ScopeName<S extends string> = S extends `${infer Subject}:${infer Verb}` ? `${Subject}_${Verb}` : 'all';

/** A scope as the catalogues call it: a colon means something else there. */
export const scopeName = <S extends ManagementScope>(scope: S) => (scope === EVERYTHING ? 'all' : scope.replace(':', '_')) as ScopeName<S>;
