/** A text, and what a guardrail makes of it; nothing is kept. */
import { Alert } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Guardrail, GuardrailTrial } from '@/api/types';
import { AreaField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';

function Outcome({ trial }: { trial: GuardrailTrial }) {
  const { t } = useTranslation('guardrails');
  const count = trial.findings.length;
  const kinds = [...new Set(trial.findings.map((finding) => finding.kind))].join(', ');
  return (
    <Alert component="h2" isInline isLiveRegion variant={count > 0 ? 'warning' : 'success'} title={count > 0 ? t('found', { count, kinds }) : t('foundNothing')}>
      {count > 0 && <p className="lm-prewrap">{trial.masked}</p>}
    </Alert>
  );
}

export function TryGuardrail({ guardrail, onClose }: { guardrail: Guardrail; onClose: () => void }) {
  const { t } = useTranslation('guardrails');
  const [text, setText] = useState('');
  const attempt = useChange((tried: string) => call('post', '/admin/guardrails/{name}/test', { path: { name: guardrail.name }, body: { text: tried } }), []);
  return (
    <FormDialog title={t('tryTitle', { name: guardrail.name })} description={t('tryHelp')} verb={t('try')} isValid={text !== ''} onSubmit={() => attempt.mutateAsync(text)} onClose={onClose}>
      <AreaField label={t('text')} value={text} onChange={setText} rows={5} isRequired />
      {attempt.data && <Outcome trial={attempt.data} />}
    </FormDialog>
  );
}
