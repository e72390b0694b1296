/** States as a word and an icon; the colour only repeats what they say. */
import { Label, type LabelProps } from '@patternfly/react-core';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import ExclamationTriangleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import OutlinedQuestionCircleIcon from '@patternfly/react-icons/dist/esm/icons/outlined-question-circle-icon';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Access, ComponentStatus, Health, Key, KeyState, RequestStatus } from '@/api/types';

import { relative } from './format';

interface Look {
  status?: LabelProps['status'];
  icon: ReactElement;
}

const GOOD: Look = { status: 'success', icon: <CheckCircleIcon /> };
const BAD: Look = { status: 'danger', icon: <ExclamationCircleIcon /> };
const WORRY: Look = { status: 'warning', icon: <ExclamationTriangleIcon /> };
const WAIT: Look = { status: 'info', icon: <ClockIcon /> };
const OFF: Look = { icon: <BanIcon /> };
const UNKNOWN: Look = { icon: <OutlinedQuestionCircleIcon /> };

const KEY_LOOKS: Record<KeyState, Look> = {
  active: GOOD,
  expiring: WORRY,
  over_budget: BAD,
  blocked: OFF,
  expired: OFF,
  revoked: OFF,
};
const HEALTH_LOOKS: Record<Health, Look> = { healthy: GOOD, degraded: WORRY, unhealthy: BAD, unknown: UNKNOWN };
const ACCESS_LOOKS: Record<Access, Look> = {
  granted: GOOD,
  requestable: { icon: <LockIcon /> },
  pending: WAIT,
  denied: OFF,
};
const REQUEST_LOOKS: Record<RequestStatus, Look> = { pending: WAIT, approved: GOOD, denied: BAD, withdrawn: OFF };
const COMPONENT_LOOKS: Record<ComponentStatus, Look> = { ok: GOOD, degraded: WORRY, down: BAD, absent: UNKNOWN };

function StateLabel({ look, children }: { look: Look; children: ReactNode }) {
  return (
    <Label isCompact variant="outline" status={look.status} icon={look.icon}>
      {children}
    </Label>
  );
}

/** The state of a key; one about to expire says when. */
export function KeyStateLabel({ item }: { item: Pick<Key, 'state' | 'expires_at'> }) {
  const { t } = useTranslation();
  const text =
    item.state === 'expiring' && item.expires_at
      ? t('keyState.expires', { when: relative(item.expires_at) })
      : t(`keyState.${item.state}`);
  return <StateLabel look={KEY_LOOKS[item.state]}>{text}</StateLabel>;
}

export function HealthLabel({ health }: { health: Health }) {
  const { t } = useTranslation();
  return <StateLabel look={HEALTH_LOOKS[health]}>{t(`health.${health}`)}</StateLabel>;
}

export function AccessLabel({ access }: { access: Access }) {
  const { t } = useTranslation();
  return <StateLabel look={ACCESS_LOOKS[access]}>{t(`access.${access}`)}</StateLabel>;
}

export function RequestLabel({ status }: { status: RequestStatus }) {
  const { t } = useTranslation();
  return <StateLabel look={REQUEST_LOOKS[status]}>{t(`requestStatus.${status}`)}</StateLabel>;
}

export function ComponentLabel({ status }: { status: ComponentStatus }) {
  const { t } = useTranslation();
  return <StateLabel look={COMPONENT_LOOKS[status]}>{t(`componentStatus.${status}`)}</StateLabel>;
}

export function BlockedLabel({ blocked }: { blocked: boolean }) {
  const { t } = useTranslation();
  return <StateLabel look={blocked ? OFF : GOOD}>{t(blocked ? 'keyState.blocked' : 'keyState.active')}</StateLabel>;
}
