/** The way in: the organisation's identity providers, and the administrator's name and password. */
import { Alert, Button, Card, CardBody, CardTitle, Content, Divider, Form, Title } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';

import { call, queryString } from '@/api/http';
import { SESSION } from '@/api/query';
import { LanguageChooser, ThemeChooser } from '@/app/Masthead';
import { useSession } from '@/app/session';
import { Wordmark } from '@/app/Wordmark';
import { TextField } from '@/shared/fields/Fields';
import { ErrorNotice } from '@/shared/Notices';

const REASONS = ['denied', 'refused', 'state', 'provider'] as const;

/** Only paths of our own pages are followed after the login. */
const ownPath = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : '/');

function PasswordForm() {
  const { t } = useTranslation('login');
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [running, setRunning] = useState(false);
  const logIn = async () => {
    setRunning(true);
    setError(null);
    try {
      await call('post', '/auth/password', { body: { username, password } });
      await client.invalidateQueries({ queryKey: SESSION });
    } catch (refusal) {
      setError(refusal as Error);
      setPassword('');
    }
    setRunning(false);
  };
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        void logIn();
      }}
    >
      <TextField label={t('username')} value={username} onChange={setUsername} autoComplete="username" isRequired />
      <TextField label={t('password')} type="password" value={password} onChange={setPassword} autoComplete="current-password" isRequired />
      <ErrorNotice error={error} />
      <Button type="submit" isBlock isLoading={running} isDisabled={running || !username || !password}>
        {t('logIn')}
      </Button>
    </Form>
  );
}

export function Login() {
  const { t } = useTranslation('login');
  const session = useSession();
  const [parameters] = useSearchParams();
  const next = ownPath(parameters.get('next'));
  const code = parameters.get('error');
  const reason = code && (REASONS.find((known) => known === code) ?? 'provider');
  const { branding } = session;
  const title = branding.login_title ?? t('title');
  useEffect(() => {
    document.title = `${t('logIn')} · LiteMaaS`;
  }, [t]);
  if (session.user) return <Navigate to={next} replace />;
  return (
    <main className="lm-login">
      <Card className="lm-login__card" isLarge>
        <CardTitle>
          <div className="lm-stack">
            <div className="lm-row lm-row--between">
              {branding.images.login_logo ? (
                <img className="lm-login__logo" src={branding.images.login_logo} alt="" />
              ) : (
                <Wordmark />
              )}
              <span className="lm-row">
                <ThemeChooser />
                <LanguageChooser />
              </span>
            </div>
            <Title headingLevel="h1" size="xl">
              {title}
            </Title>
            <Content component="p">{branding.login_subtitle ?? t('subtitle')}</Content>
          </div>
        </CardTitle>
        <CardBody>
          <div className="lm-stack">
            {reason && (
              <Alert component="h2" isInline variant="danger" title={t('refused')}>
                {t(`reason.${reason}`)}
              </Alert>
            )}
            {session.providers.map((provider) => (
              <Button
                key={provider.id}
                component="a"
                href={`/api/auth/login/${provider.id}${queryString({ next: `/ui${next}` })}`}
                isBlock
                variant="secondary"
              >
                {t('logInWith', { provider: provider.title })}
              </Button>
            ))}
            {session.providers.length > 0 && session.password_login && <Divider />}
            {session.password_login && <PasswordForm />}
            {session.providers.length === 0 && !session.password_login && <Alert component="h2" isInline variant="warning" title={t('noWayIn')} />}
          </div>
        </CardBody>
      </Card>
    </main>
  );
}
