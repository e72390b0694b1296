/** A value or a program text with a copy button that says that it copied. */
import { ClipboardCopyButton, CodeBlock, CodeBlockAction, CodeBlockCode } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Copies text and remembers for a moment that it did. */
function useCopy(text: string): { copied: boolean; copy: () => void; reset: () => void } {
  const [copied, setCopied] = useState(false);
  return {
    copied,
    copy: () => void navigator.clipboard.writeText(text).then(() => setCopied(true)),
    reset: () => setCopied(false),
  };
}

export function CopyableCode({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const id = useId();
  const { copied, copy, reset } = useCopy(text);
  const button = (
    <CodeBlockAction>
      <ClipboardCopyButton
        id={`${id}-copy`}
        aria-label={`${t('copy')}: ${label}`}
        variant="plain"
        exitDelay={copied ? 1500 : 300}
        onClick={copy}
        onTooltipHidden={reset}
      >
        {copied ? t('copied') : t('copy')}
      </ClipboardCopyButton>
    </CodeBlockAction>
  );
  return (
    <CodeBlock actions={button}>
      <CodeBlockCode tabIndex={0} aria-label={label} role="region">
        {text}
      </CodeBlockCode>
    </CodeBlock>
  );
}
