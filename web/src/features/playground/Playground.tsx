/** How does it answer? One to three models, asked the same thing side by side. */
import { Button, PageSection } from '@patternfly/react-core';
import CommentsIcon from '@patternfly/react-icons/dist/esm/icons/comments-icon';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { useGet } from '@/api/query';
import type { CatalogueModel } from '@/api/types';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

import { Column, type ColumnHandle } from './Column';
import { Composer } from './Composer';
import { asMarkdown, saveFile } from './conversation';
import { CHATTED_WITH, MOST_COLUMNS, ParametersPanel, type Parameters } from './ParametersPanel';
import { useWantedModels } from './useWantedModels';

const START: Parameters = { systemPrompt: '', temperature: null, maxTokens: null };

/** `first` answers where the address names no model. */
function Conversations({ first }: { first: CatalogueModel }) {
  const { t } = useTranslation('playground');
  const [address, setAddress] = useSearchParams();
  const wanted = useWantedModels([...new Set(address.getAll('model'))].slice(0, MOST_COLUMNS));
  const answering = wanted.length > 0 ? wanted : [{ name: first.name, model: first }];
  const chosen = answering.map(({ name }) => name);
  const [parameters, setParameters] = useState(START);
  const [running, setRunning] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(false);
  const columns = useRef(new Map<string, ColumnHandle>());
  const each = (act: (column: ColumnHandle) => void) => {
    for (const name of chosen) {
      const column = columns.current.get(name);
      if (column) act(column);
    }
  };
  const mark = (name: string, on: boolean) =>
    setRunning((before) => {
      const after = new Set(before);
      if (on) after.add(name);
      else after.delete(name);
      return after;
    });
  const all = () => Object.fromEntries(chosen.map((name) => [name, columns.current.get(name)?.turns() ?? []]));
  const takesImages = answering.every(({ model }) => model?.capabilities.includes('vision'));
  return (
    <div className="lm-playground">
      <ParametersPanel
        chosen={chosen}
        onChoose={(names) => setAddress(names.map((name) => ['model', name] as [string, string]), { replace: true })}
        value={parameters}
        onChange={setParameters}
      />
      <div className="lm-stack">
        <div className="lm-columns">
          {chosen.map((name) => (
            <Column
              key={name}
              ref={(column) => {
                if (column) columns.current.set(name, column);
                else columns.current.delete(name);
              }}
              model={name}
              parameters={parameters}
              onRunning={(on) => mark(name, on)}
            />
          ))}
        </div>
        <Composer
          takesImages={takesImages}
          isRunning={running.size > 0}
          starters={asked ? [] : [t('starter.explain'), t('starter.code'), t('starter.json')]}
          onSend={(text, images) => {
            setAsked(true);
            each((column) => column.send(text, images));
          }}
          onStop={() => each((column) => column.stop())}
        />
        {asked && (
          <div className="lm-row">
            <Button variant="link" isInline onClick={() => saveFile('conversation.md', 'text/markdown', asMarkdown(all()))}>
              {t('saveMarkdown')}
            </Button>
            <Button variant="link" isInline onClick={() => saveFile('conversation.json', 'application/json', JSON.stringify(all(), null, 2))}>
              {t('saveJson')}
            </Button>
            <Button
              variant="link"
              isInline
              onClick={() => {
                each((column) => column.clear());
                setAsked(false);
              }}
            >
              {t('clear')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

export function Playground() {
  const { t } = useTranslation('playground');
  const query = useGet('/models', { query: { ...CHATTED_WITH, page_size: 1 } });
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {({ items: [first] }) =>
            first === undefined ? (
              <Empty
                title={t('emptyTitle')}
                lesson={t('emptyLesson')}
                icon={CommentsIcon}
                action={<Button component={(link) => <Link {...link} to="/models" />}>{t('seeModels')}</Button>}
              />
            ) : (
              <Conversations first={first} />
            )
          }
        </Loaded>
      </PageSection>
    </>
  );
}
