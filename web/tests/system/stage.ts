/** A whole LiteMaaS for the tests of one file: `litemaas up` with its database, a model server, and an OpenID provider. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { startModelServer, type ModelServer } from './model-server';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLIENT = { client_id: 'litemaas', client_secret: 'secret-of-the-tests' };

/** People whom the OpenID provider knows, by the name they log in with. */
export const PEOPLE = {
  ana: { name: 'Ana Lopes', email: 'ana@example.com', email_verified: true, groups: ['developers'] },
  ben: { name: 'Ben Okafor', email: 'ben@example.com', email_verified: true, groups: ['developers'] },
  rita: { name: 'Rita Novak', email: 'rita@example.com', email_verified: true, groups: ['auditors'] },
} as const;
export type Person = keyof typeof PEOPLE;

/** What `litemaas up` says of itself in `connection.json`. */
interface Connection {
  url: string;
  master_key: string;
  admin_username: string;
  admin_password: string;
  virtual_key: string;
}

export interface Stage extends Connection {
  models: ModelServer;
  /** The data folder of `litemaas up`. */
  dataDir: string;
  close: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for the first line of output that matches; what the program said otherwise is the error. */
function firstLine(child: ChildProcess, wanted: RegExp): Promise<string> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (wanted.test(line)) resolve(line);
      });
    }
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}:\n${said.join('\n')}`)));
    child.once('error', reject);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Starts everything; it takes a few seconds. */
export async function startStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'litemaas-e2e-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const models = await startModelServer();
  const accounts = join(folder, 'accounts.json');
  writeFileSync(accounts, JSON.stringify(PEOPLE));
  const client = { ...CLIENT, redirect_uris: [`${url}/api/auth/callback`], post_logout_redirect_uris: [`${url}/ui/login`] };
  const provider = spawn('node', ['server.mjs'], {
    cwd: join(ROOT, 'tests/support/oidc_server'),
    env: { ...process.env, ACCOUNTS: accounts, CLIENT: JSON.stringify(client) },
  });
  const issuer = await firstLine(provider, /^http:/);
  const dataDir = join(folder, 'data');
  const options = ['up', '--no-demo', '--port', new URL(url).port, '--metrics-port', '0', '--data-dir', dataDir];
  const system = spawn(join(ROOT, '.venv/bin/litemaas'), options, {
    cwd: ROOT,
    env: {
      ...process.env,
      LITEMAAS_OAUTH_PROVIDER: 'oidc',
      LITEMAAS_OAUTH_CLIENT_ID: CLIENT.client_id,
      LITEMAAS_OAUTH_CLIENT_SECRET: CLIENT.client_secret,
      LITEMAAS_OAUTH_ISSUER: issuer,
      LITEMAAS_ADMIN_READONLY_GROUPS: 'auditors',
    },
  });
  await firstLine(system, /LiteMaaS serves at/);
  const connection = JSON.parse(readFileSync(join(dataDir, 'connection.json'), 'utf8')) as Connection;
  return {
    ...connection,
    models,
    dataDir,
    close: async () => {
      await Promise.all([end(system), end(provider), models.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
