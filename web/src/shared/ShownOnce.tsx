/** The only time that a secret is shown: copy it now. */
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { CopyableCode } from './Copyable';

interface ShownOnceProps {
  title: string;
  /** What to do when it is lost. */
  help: string;
  secret: string;
  /** Names the secret for its copy button. */
  label: string;
  onClose: () => void;
  children?: ReactNode;
}

export function ShownOnce({ title, help, secret, label, onClose, children }: ShownOnceProps) {
  const { t } = useTranslation('secrets');
  const id = useId();
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={title} labelId={id} />
      <ModalBody tabIndex={0} aria-label={title}>
        <div className="lm-stack">
          <Alert component="h2" isInline variant="warning" title={t('title')}>
            {help}
          </Alert>
          <CopyableCode text={secret} label={label} />
          {children}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('saved')}</Button>
      </ModalFooter>
    </Modal>
  );
}
