/** Asks before something stops working, says what that is, and keeps a refusal beside the question. */
import { Button, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorNotice } from './Notices';

interface ConfirmDialogProps {
  title: string;
  /** What will stop working. */
  consequence: ReactNode;
  /** The verb on the button. */
  verb: string;
  /** A name to be typed, for what cannot be undone. */
  mustType?: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

export function ConfirmDialog({ title, consequence, verb, mustType, danger = true, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [running, setRunning] = useState(false);
  const confirm = async () => {
    setRunning(true);
    try {
      await onConfirm();
      onClose();
    } catch (refusal) {
      setError(refusal as Error);
      setRunning(false);
    }
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="confirm-title" aria-describedby="confirm-body">
      <ModalHeader title={title} titleIconVariant={danger ? 'warning' : undefined} labelId="confirm-title" />
      <ModalBody id="confirm-body">
        <div className="lm-stack">
          <div>{consequence}</div>
          {mustType !== undefined && (
            <FormGroup label={t('typeToConfirm', { name: mustType })} fieldId="confirm-name">
              <TextInput id="confirm-name" value={typed} onChange={(_, value) => setTyped(value)} autoComplete="off" />
            </FormGroup>
          )}
          <ErrorNotice error={error} />
        </div>
      </ModalBody>
      <ModalFooter>
        <Button
          variant={danger ? 'danger' : 'primary'}
          onClick={() => void confirm()}
          isLoading={running}
          isDisabled={running || (mustType !== undefined && typed !== mustType)}
        >
          {verb}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
