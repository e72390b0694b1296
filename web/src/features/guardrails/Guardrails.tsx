/** What may not be said to a model, or by one, and whose calls are guarded. */
import { Button, Label, LabelGroup, PageSection } from '@patternfly/react-core';
import ShieldAltIcon from '@patternfly/react-icons/dist/esm/icons/shield-alt-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { Guardrail } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { DataTable, type Column } from '@/shared/table/DataTable';
import { useToast } from '@/shared/Toasts';

import { Bindings } from './Bindings';
import { sidesOf } from './guardrailDraft';
import { GUARDRAIL_READS, GuardrailForm } from './GuardrailForm';
import { TryGuardrail } from './TryGuardrail';

const SHOWN_BINDINGS = 3;

function Guarded({ guardrail }: { guardrail: Guardrail }) {
  const { t } = useTranslation(['guardrails', 'common']);
  if (guardrail.for_all) return <Label isCompact variant="outline" status="success">{t('guardsAll')}</Label>;
  if (guardrail.bindings.length === 0) return <Label isCompact variant="outline" status="warning">{t('guardsNobody')}</Label>;
  const more = guardrail.bindings.length - SHOWN_BINDINGS;
  return (
    <LabelGroup numLabels={SHOWN_BINDINGS} aria-label={t('guards')} collapsedText={t('common:nMore', { count: more })} expandedText={t('common:showLess')}>
      {guardrail.bindings.map((one) => (
        <Label key={`${one.holder} ${one.id}`} isCompact>
          {t(`boundTo.${one.holder}`, { name: one.name })}
        </Label>
      ))}
    </LabelGroup>
  );
}

function useColumns(): Column<Guardrail>[] {
  const { t } = useTranslation('guardrails');
  return [
    { title: t('name'), cell: (guardrail) => guardrail.name },
    {
      title: t('kind'),
      modifier: 'breakWord',
      cell: (guardrail) => (
        <>
          {t(`kinds.${guardrail.kind}`)}
          <div className="lm-subtle">{[...guardrail.patterns, ...guardrail.entities].join(', ')}</div>
        </>
      ),
    },
    { title: t('action'), cell: (guardrail) => t(`actions.${guardrail.action}`) },
    { title: t('sides'), cell: (guardrail) => t(`side.${sidesOf(guardrail)}`) },
    { title: t('guards'), cell: (guardrail) => <Guarded guardrail={guardrail} /> },
  ];
}

type Deed = 'edit' | 'try' | 'bind' | 'remove';
type Open = { deed: 'add' } | { deed: Deed; name: string };

export function Guardrails() {
  const { t } = useTranslation(['guardrails', 'common']);
  const query = useGet('/admin/guardrails');
  const mayChange = useMayAdminister();
  const toast = useToast();
  const columns = useColumns();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const remove = useChange((name: string) => call('delete', '/admin/guardrails/{name}', { path: { name } }), GUARDRAIL_READS);
  const add = mayChange && <Button onClick={() => setOpen({ deed: 'add' })}>{t('add')}</Button>;
  const start = (deed: Deed, { name }: Guardrail) => setOpen({ deed, name });
  // As it is now: a binding that was just made is in it.
  const chosen = open && open.deed !== 'add' ? query.data?.items.find((one) => one.name === open.name) : undefined;
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} action={add} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('empty')} lesson={t('emptyLesson')} icon={ShieldAltIcon} action={add} />
            ) : (
              <DataTable
                label={t('title')}
                rows={items}
                rowId={(guardrail) => guardrail.name}
                rowName={(guardrail) => guardrail.name}
                columns={columns}
                actions={
                  mayChange
                    ? (guardrail) => [
                        { title: t('bind'), onClick: () => start('bind', guardrail) },
                        { title: t('tryIt'), onClick: () => start('try', guardrail) },
                        { title: t('common:edit'), onClick: () => start('edit', guardrail) },
                        { isSeparator: true },
                        { title: t('remove'), isDanger: true, onClick: () => start('remove', guardrail) },
                      ]
                    : undefined
                }
              />
            )
          }
        </Loaded>
      </PageSection>
      {open?.deed === 'add' && <GuardrailForm onClose={(added) => (added && !added.for_all ? start('bind', added) : close())} />}
      {chosen && open?.deed === 'edit' && <GuardrailForm guardrail={chosen} onClose={close} />}
      {chosen && open?.deed === 'try' && <TryGuardrail guardrail={chosen} onClose={close} />}
      {chosen && open?.deed === 'bind' && <Bindings guardrail={chosen} onClose={close} />}
      {chosen && open?.deed === 'remove' && (
        <ConfirmDialog
          title={t('removeTitle', { name: chosen.name })}
          consequence={t('removeConsequence')}
          verb={t('remove')}
          onConfirm={async () => {
            await remove.mutateAsync(chosen.name);
            toast(t('removed', { name: chosen.name }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}
