/** Tries an endpoint and says, step by step, how far it got. */
import { Button, Icon, List, ListItem } from '@patternfly/react-core';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import MinusCircleIcon from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { NewModel, TestReport, TestStep } from '@/api/types';
import { ErrorNotice } from '@/shared/Notices';

const VERDICTS = {
  passed: { status: 'success', Mark: CheckCircleIcon },
  failed: { status: 'danger', Mark: ExclamationCircleIcon },
  skipped: { status: undefined, Mark: MinusCircleIcon },
} as const;

function StepVerdict({ step }: { step: TestStep }) {
  const { t } = useTranslation('adminModels');
  const { status, Mark } = VERDICTS[step.verdict];
  return (
    <ListItem
      icon={
        <Icon status={status}>
          <Mark />
        </Icon>
      }
    >
      <span className="lm-strong">{`${t(`testStep.${step.step}`)}: ${t(`verdict.${step.verdict}`)}`}</span>
      <div className="lm-break">{step.message}</div>
    </ListItem>
  );
}

export function TestVerdicts({ report }: { report: TestReport }) {
  return (
    <List isPlain>
      {report.steps.map((step) => (
        <StepVerdict key={step.step} step={step} />
      ))}
    </List>
  );
}

interface ConnectionTestProps {
  /** What to test; absent while something of it is not given yet. */
  order: NewModel | null;
}

export function ConnectionTest({ order }: ConnectionTestProps) {
  const { t } = useTranslation('adminModels');
  const test = useChange((body: NewModel) => call('post', '/admin/models/test', { body }), []);
  return (
    <div className="lm-stack">
      <div>
        <Button variant="secondary" isLoading={test.isPending} isDisabled={!order || test.isPending} onClick={() => order && test.mutate(order)}>
          {t('testConnection')}
        </Button>
      </div>
      <div aria-live="polite">{test.data && <TestVerdicts report={test.data} />}</div>
      <ErrorNotice error={test.error} />
    </div>
  );
}
