import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Agent, request as sendRequest } from 'node:http';
import { join } from 'node:path';

const PYTHON = join(__dirname, '../../.venv/bin/python');

export interface Moto {
  readonly endpoint: string;
  /** Keeps connections to it, and knows when none of them is good any more. */
  readonly agent: Agent;
  /** Forgets everything. */
  reset(): Promise<void>;
  /** Keeps this moment. */
  remember(): Promise<void>;
  /** All is as it was at the last moment that was kept. */
  rewind(): Promise<void>;
  /** The same, and the moment is kept no longer: the last one is the one before. */
  forget(): Promise<void>;
  /** A hash of all that it knows. */
  fingerprint(): Promise<string>;
  /** The same, but for seconds and drawn names. */
  likeness(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * moto, which stands in for AWS as far as it goes, on a free port of the loopback.
 * @param account what it takes callers for: 12 digits
 */
export async function startMoto(account = '123456789012'): Promise<Moto> {
  if (!existsSync(PYTHON)) throw new Error('There is no moto in .venv. Run: node scripts/setup.mjs --python');
  const server = spawn(PYTHON, [join(__dirname, 'serve-moto.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, MOTO_ACCOUNT_ID: account },
  });
  const endpoint = `http://127.0.0.1:${await readPort(server)}`;
  const agent = new Agent({ keepAlive: true });
  const ask = async (path: string, method = 'GET') => {
    const { status, text } = await request(`${endpoint}${path}`, method);
    if (status !== 200) throw new Error(`moto answered ${status} to ${path}.`);
    return text;
  };
  const order = async (path: string) => {
    await ask(path, 'POST');
    // Another process answers from now on.
    agent.destroy();
  };
  return {
    endpoint,
    agent,
    reset: () => order('/moto-api/reset'),
    remember: () => order('/barter/remember'),
    rewind: () => order('/barter/rewind'),
    forget: () => order('/barter/forget'),
    fingerprint: () => ask('/barter/fingerprint'),
    likeness: () => ask('/barter/likeness'),
    stop: async () => {
      agent.destroy();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    },
  };
}

/** By a connection of its own. */
function request(url: string, method: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = sendRequest(url, { method, agent: false }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString('utf8') });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** It says by which port it is reached, once it is. */
function readPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('moto did not start within a minute.')), 60_000);
    server.once('exit', (code) => reject(new Error(`moto ended with ${code}.`)));
    server.once('error', reject);
    server.stdout!.once('data', (text: Buffer) => {
      clearTimeout(late);
      resolve(Number(text.toString('utf8')));
    });
  });
}
