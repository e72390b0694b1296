/** A user, as an administrator adds or changes one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Role, User } from '@/api/types';
import { SelectField, TextField } from '@/shared/fields/Fields';
import { BudgetFields, limitsOf, NO_LIMITS, RateFields } from '@/shared/fields/LimitFields';
import { ModelsField } from '@/shared/fields/ModelsField';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

export const USER_READS = ['/admin/users', '/admin/teams', '/admin/overview'] as const;
const ROLES: readonly Role[] = ['user', 'admin-readonly', 'admin'];

export function UserForm({ user, onClose }: { user?: User; onClose: () => void }) {
  const { t } = useTranslation(['people', 'common', 'shell']);
  const toast = useToast();
  const [id, setId] = useState('');
  const [name, setName] = useState(user?.name ?? '');
  const [email, setEmail] = useState(user?.email ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'user');
  const [models, setModels] = useState<string[]>(user?.models ?? []);
  const [limits, setLimits] = useState(user ? limitsOf(user) : NO_LIMITS);
  const save = useChange(
    () => {
      const body = { name: name.trim(), email: email.trim() || null, role, models, ...limits };
      return user
        ? call('patch', '/admin/users/{user_id}', { path: { user_id: user.id }, body })
        : call('post', '/admin/users', { body: { ...body, id: id.trim() } });
    },
    USER_READS,
  );
  return (
    <FormDialog
      title={user ? t('editUser', { name: user.name }) : t('addUser')}
      verb={user ? t('common:save') : t('addUser')}
      isValid={user !== undefined || id.trim() !== ''}
      onSubmit={async () => {
        await save.mutateAsync();
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      {!user && <TextField label={t('userId')} help={t('userIdHelp')} value={id} onChange={setId} isRequired autoFocus autoComplete="off" />}
      <div className="lm-fields">
        <TextField label={t('name')} value={name} onChange={setName} autoComplete="off" />
        <TextField label={t('email')} type="email" value={email} onChange={setEmail} autoComplete="off" />
        <SelectField
          label={t('role')}
          help={t('roleHelp')}
          value={role}
          options={ROLES.map((one) => ({ value: one, label: t(`shell:role.${one}`) }))}
          onChange={setRole}
        />
      </div>
      <ModelsField value={models} onChange={setModels} />
      <BudgetFields value={limits} onChange={setLimits} />
      <RateFields value={limits} onChange={setLimits} />
    </FormDialog>
  );
}
