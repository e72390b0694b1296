/** Issuing a management key, and showing it the one time. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { ManagementScope } from '@/api/types';
import { DurationField, isDuration } from '@/shared/fields/DurationField';
import { TextField } from '@/shared/fields/Fields';
import { CopyableCode } from '@/shared/Copyable';
import { FormDialog } from '@/shared/FormDialog';
import { ShownOnce } from '@/shared/ShownOnce';

import { EVERYTHING, ScopesField } from './ScopesField';

export const MANAGEMENT_KEY_READS = ['/admin/management-keys'] as const;
const EXPIRIES = ['30d', '90d', '365d'] as const;

/** A first call that this key may make, to see that it works. */
const exampleOf = (key: string, scopes: readonly ManagementScope[]): string => {
  const paths: Partial<Record<ManagementScope, string>> = {
    '*': '/model/info',
    'keys:read': '/key/list',
    'models:read': '/model/info',
    'users:read': '/user/list',
    'teams:read': '/team/list',
    'budgets:read': '/budget/list',
    'spend:read': '/global/spend',
    'notices:read': '/notice/list',
    'audit:read': '/audit',
  };
  const path = scopes.map((scope) => paths[scope]).find(Boolean);
  return path ? `curl -H 'Authorization: Bearer ${key}' ${window.location.origin}${path}` : `export LITELLM_MASTER_KEY=${key}\nlitemaas --help`;
};

export function IssueManagementKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('automation');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<ManagementScope[]>([]);
  const [duration, setDuration] = useState<string | null>('90d');
  const issue = useChange(
    () => call('post', '/admin/management-keys', { body: { name: name.trim(), scopes, duration } }),
    MANAGEMENT_KEY_READS,
  );
  if (issue.data) {
    const { key, item } = issue.data;
    return (
      <ShownOnce title={t('issuedTitle', { name: item.name })} help={t('issuedHelp')} secret={key} label={t('theKey')} onClose={onClose}>
        <CopyableCode text={exampleOf(key, item.scopes)} label={t('example')} />
      </ShownOnce>
    );
  }
  return (
    <FormDialog
      title={t('issue')}
      description={t('issueHelp')}
      verb={t('issue')}
      isValid={name.trim() !== '' && scopes.length > 0 && isDuration(duration)}
      onSubmit={() => issue.mutateAsync(undefined)}
      onClose={onClose}
    >
      <TextField label={t('name')} help={t('nameHelp')} value={name} onChange={setName} isRequired autoFocus autoComplete="off" />
      <DurationField label={t('duration')} help={duration === null ? t('endlessHelp') : t('durationHelp')} value={duration} presets={EXPIRIES} none={t('untilRevoked')} onChange={setDuration} />
      <ScopesField value={scopes} onChange={setScopes} />
      {scopes.includes(EVERYTHING) && <p className="lm-subtle">{t('everythingHelp')}</p>}
    </FormDialog>
  );
}
