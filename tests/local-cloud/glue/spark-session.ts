import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LegKeys } from '../../../lib/engine/engine';

const ROOT = join(__dirname, '../../..');

/** How a run of the job ended. */
export type JobAnswer = {
  readonly plans: readonly string[];
  /** Seconds of processor time that it took Spark. */
  readonly processor: number;
  /** What of it was not spent on rows. */
  readonly kinds: Readonly<Record<'compilers' | 'collector' | 'planning', number>>;
  /** Where time is measured: each step, its seconds, and those of the processor. */
  readonly steps: readonly (readonly [step: string, seconds: number, processor: number])[];
} & (
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly message: string;
      /** As Python prints it where nobody catches it. */
      readonly trace: string;
    }
);

export interface JobRun {
  readonly argv: readonly string[];
  /** By leg; of no use where S3 and KMS are there. */
  readonly keys?: Readonly<Record<string, LegKeys | { readonly erasure: Uint8Array }>>;
  /** Whether every statement is answered with its plans. */
  readonly explain?: boolean;
}

/** Spark in a process of its own, which runs the Glue job as often as it is asked to. */
export interface SparkSession {
  run(job: JobRun): Promise<JobAnswer>;
  /** Scans a Parquet file and writes it again, and nothing else; `mixed`: in an order that tells nothing. */
  copy(from: string, to: string, mixed?: boolean): Promise<JobAnswer>;
  /** All that the process has written so far. */
  output(): string;
  close(): Promise<void>;
}

export interface SparkOptions {
  /** A private folder for Spark's own files. */
  readonly scratch: string;
  /** A folder with a folder for each bucket; absent: S3 by `environment`. */
  readonly buckets?: string;
  /** Spark's own settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** As on a cluster: starting takes longer, and many rows less. */
  readonly measured?: boolean;
  /** What the process is told beside its own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function openSparkSession(options: SparkOptions): SparkSession {
  const { environment = {}, settings = {}, ...rest } = options;
  const python = join(ROOT, '.venv/bin/python');
  const child: ChildProcessWithoutNullStreams = spawn(
    python,
    [join(__dirname, 'local_job.py'), JSON.stringify({ ...rest, settings })],
    { env: { ...process.env, ...environment } },
  );
  let written = '';
  let waiting: ((line: string) => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
  });
  child.stderr.on('data', (data) => {
    written += String(data);
  });
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('#')) waiting?.(line.slice(1));
    else written += `${line}\n`;
  });
  const ask = async (order: object): Promise<JobAnswer> => {
    const answer = new Promise<string>((resolve) => {
      waiting = resolve;
    });
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const died = ended.then(() => {
      throw new Error(`Spark ended:\n${written.slice(-4000)}`);
    });
    return JSON.parse(await Promise.race([answer, died]));
  };
  return {
    run({ argv, keys = {}, explain = false }) {
      const secrets = Object.fromEntries(Object.entries(keys).map(([leg, own]) => [leg, toHex(own)]));
      return ask({ argv, secrets, explain });
    },
    copy: (from, to, mixed = false) => ask({ copy: from, to, mixed }),
    output: () => written,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

function toHex(own: LegKeys | { readonly erasure: Uint8Array }) {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  if ('erasure' in own) return { erasure: hex(own.erasure) };
  const { token, dateShift, noise, watermark } = own;
  return { token: hex(token), date_shift: hex(dateShift), noise: hex(noise), watermark: hex(watermark) };
}
