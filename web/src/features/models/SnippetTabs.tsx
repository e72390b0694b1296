/** The ways to call a model, one tab each. */
import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '@/app/session';
import { CopyableCode } from '@/shared/Copyable';

import { SNIPPETS, snippet, type SnippetKind } from './snippets';

interface SnippetTabsProps {
  model: string;
  mode?: string;
  /** The key itself, where it was issued a moment ago. */
  apiKey?: string | null;
}

export function SnippetTabs({ model, mode = 'chat', apiKey = null }: SnippetTabsProps) {
  const { t } = useTranslation('models');
  const { gateway_url: gateway } = useSession();
  const [kind, setKind] = useState<SnippetKind>('curl');
  return (
    <Tabs activeKey={kind} onSelect={(_, chosen) => setKind(chosen as SnippetKind)} aria-label={t('snippets')} mountOnEnter unmountOnExit>
      {SNIPPETS.map((one) => (
        <Tab key={one} eventKey={one} title={<TabTitleText>{t(`snippet.${one}`)}</TabTitleText>}>
          <div className="pf-v6-u-pt-md">
            <CopyableCode text={snippet(one, { gateway, key: apiKey, model, mode })} label={t(`snippet.${one}`)} />
          </div>
        </Tab>
      ))}
    </Tabs>
  );
}
