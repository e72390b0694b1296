/** What a page says when there is nothing, not yet, or no more: a lesson, the shape of what comes, a reason. */
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Skeleton,
} from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface EmptyProps {
  title: string;
  /** One sentence that says what to do next. */
  lesson: string;
  icon?: ComponentType;
  action?: ReactNode;
}

export function Empty({ title, lesson, icon, action }: EmptyProps) {
  return (
    <EmptyState titleText={title} headingLevel="h2" icon={icon}>
      <EmptyStateBody>{lesson}</EmptyStateBody>
      {action && (
        <EmptyStateFooter>
          <EmptyStateActions>{action}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

/** An error beside what caused it, in the server's words, with the next step. */
export function ErrorNotice({ error, retry }: { error: Error | null; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <Alert component="h2"
      isInline
      variant="danger"
      title={t('failed')}
      actionLinks={
        retry && (
          <Button variant="link" isInline onClick={retry}>
            {t('tryAgain')}
          </Button>
        )
      }
    >
      {error.message}
    </Alert>
  );
}

/** Grey lines in the place of what is being fetched. */
export function Pending({ lines = 6 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className="lm-stack" aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height="2.25rem" screenreaderText={line === 0 ? t('loading') : undefined} />
      ))}
    </div>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown };
  lines?: number;
  children: (data: T) => ReactNode;
}

/** Shows a query's answer, or its shape while it comes, or why it did not. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  return <Pending lines={lines} />;
}
