/** The top of every page: what it is, what it is for, and its one primary action. */
import { Content, PageSection, Title } from '@patternfly/react-core';
import { useEffect, type ReactNode } from 'react';

interface PageHeadingProps {
  title: string;
  purpose?: ReactNode;
  /** A label or two that belong to the title. */
  aside?: ReactNode;
  action?: ReactNode;
}

export function PageHeading({ title, purpose, aside, action }: PageHeadingProps) {
  useEffect(() => {
    document.title = `${title} · LiteMaaS`;
  }, [title]);
  return (
    <PageSection hasBodyWrapper={false} className="lm-heading">
      <div className="lm-heading__text">
        <div className="lm-row">
          <Title headingLevel="h1" size="2xl">
            {title}
          </Title>
          {aside}
        </div>
        {purpose && <Content component="p">{purpose}</Content>}
      </div>
      {action && <div className="lm-row">{action}</div>}
    </PageSection>
  );
}
