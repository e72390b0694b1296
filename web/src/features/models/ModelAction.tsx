/** The one thing to do with a model: use it, ask for it, or wait. */
import { Button, type ButtonProps } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { CatalogueModel } from '@/api/types';

import { RequestAccess } from './RequestAccess';
import { UseModel } from './UseModel';

export function ModelAction({ model, variant = 'primary' }: { model: CatalogueModel; variant?: ButtonProps['variant'] }) {
  const { t } = useTranslation('models');
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  if (model.access === 'pending') {
    return (
      <Button variant="secondary" isDisabled>
        {t('waiting')}
      </Button>
    );
  }
  const granted = model.access === 'granted';
  const verb = granted ? t('useThisModel') : t(model.access === 'denied' ? 'askAgain' : 'requestAccess');
  return (
    <>
      <Button variant={granted ? variant : 'secondary'} aria-label={`${verb}: ${model.name}`} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      {open && granted && <UseModel model={model.name} mode={model.mode} onClose={close} />}
      {open && !granted && <RequestAccess model={model.name} onClose={close} />}
    </>
  );
}
