/** A form in a dialog: one submit verb, the server's refusal above the buttons, focus back where it came from. */
import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader, type ModalProps } from '@patternfly/react-core';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorNotice } from './Notices';

interface FormDialogProps {
  title: string;
  description?: ReactNode;
  verb: string;
  variant?: ModalProps['variant'];
  isValid?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog({ title, description, verb, variant = 'medium', isValid = true, onSubmit, onClose, children }: FormDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [error, setError] = useState<Error | null>(null);
  const [running, setRunning] = useState(false);
  const submit = async () => {
    setRunning(true);
    setError(null);
    try {
      await onSubmit();
    } catch (refusal) {
      setError(refusal as Error);
    } finally {
      setRunning(false);
    }
  };
  return (
    <Modal isOpen variant={variant} onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} description={description} labelId={`${id}-title`} />
      <ModalBody>
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault();
            if (isValid && !running) void submit();
          }}
        >
          {children}
          <ErrorNotice error={error} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={`${id}-form`} isLoading={running} isDisabled={!isValid || running}>
          {verb}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
