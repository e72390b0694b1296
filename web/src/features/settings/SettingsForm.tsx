/** The frame of every settings tab: read, change, save, with the refusal in its place. */
import { Button, Form } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { SESSION, useChange, useGet } from '@/api/query';
import { useMayAdminister } from '@/app/session';
import { ErrorNotice, Loaded } from '@/shared/Notices';
import { useToast } from '@/shared/Toasts';

interface SettingsFormProps<T> {
  /** Name of the group of settings in the REST interface. */
  group: string;
  children: (value: T, onChange: (value: T) => void) => ReactNode;
}

interface FieldsProps<T> extends SettingsFormProps<T> {
  initial: T;
}

function Fields<T>({ group, initial, children }: FieldsProps<T>) {
  const { t } = useTranslation();
  const toast = useToast();
  const mayChange = useMayAdminister();
  const [value, setValue] = useState(initial);
  const path = `/admin/settings/${group}`;
  const save = useChange((body: T) => call(path, { method: 'PUT', body }), [path, SESSION[0]]);
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

export function SettingsForm<T>({ group, children }: SettingsFormProps<T>) {
  const query = useGet<T>(`/admin/settings/${group}`);
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
