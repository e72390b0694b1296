/** Asks for a restricted model, or asks again after a denial. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import { AreaField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

export function RequestAccess({ model, onClose }: { model: string; onClose: () => void }) {
  const { t } = useTranslation('models');
  const toast = useToast();
  const [reason, setReason] = useState('');
  const request = useChange((body: { model: string; reason: string }) => call('post', '/access-requests', { body }), [
    '/models',
    '/access-requests',
    '/me',
  ]);
  return (
    <FormDialog
      title={t('requestTitle', { model })}
      description={t('requestHelp')}
      verb={t('requestAccess')}
      variant="small"
      onClose={onClose}
      onSubmit={async () => {
        await request.mutateAsync({ model, reason });
        toast(t('requested', { model }));
        onClose();
      }}
    >
      <AreaField label={t('requestReason')} value={reason} onChange={setReason} placeholder={t('requestReasonExample')} />
    </FormDialog>
  );
}
