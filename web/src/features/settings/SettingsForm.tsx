/** The frame of every settings tab: read, change, save, with the refusal in its place. */
import { Button, Form } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '@/api/contract';
import { send } from '@/api/http';
import { SESSION, useChange, useRead } from '@/api/query';
import { useMayAdminister } from '@/app/session';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { useToast } from '@/shared/Toasts';

/** A group of settings in the REST interface: what is read is what is put back. */
type Group = 'branding' | 'currency' | 'defaults' | 'login';
type Values<G extends Group> = Answer<'get', `/admin/settings/${G}`>;

interface SettingsFormProps<G extends Group> {
  group: G;
  children: (value: Values<G>, onChange: (value: Values<G>) => void) => ReactNode;
}

interface FieldsProps<G extends Group> extends SettingsFormProps<G> {
  initial: Values<G>;
}

function Fields<G extends Group>({ group, initial, children }: FieldsProps<G>) {
  const { t } = useTranslation();
  const toast = useToast();
  const mayChange = useMayAdminister();
  const [value, setValue] = useState(initial);
  const path = `/admin/settings/${group}`;
  const save = useChange((body: Values<G>) => send('put', path, { body }), [path, SESSION[0]]);
  return (
    <Form
      className="lm-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(value, { onSuccess: () => toast(t('saved')) });
      }}
    >
      {children(value, setValue)}
      <ErrorNotice error={save.error} />
      {mayChange && (
        <div>
          <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending}>
            {t('save')}
          </Button>
        </div>
      )}
    </Form>
  );
}

export function SettingsForm<G extends Group>({ group, children }: SettingsFormProps<G>) {
  const query = useRead<Values<G>>(`/admin/settings/${group}`);
  return (
    <Loaded query={query}>
      {(initial) => (
        <Fields group={group} initial={initial}>
          {children}
        </Fields>
      )}
    </Loaded>
  );
}
