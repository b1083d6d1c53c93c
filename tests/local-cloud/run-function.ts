import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A bundled function as Lambda runs it: one at a time, kept warm, its environment its own. */
export interface LocalFunction {
  /**
   * @param now the time that it is to the function; UTC, ISO 8601
   * @throws FunctionFailed with what the function threw, or that it ended.
   */
  invoke(event: unknown, now?: string): Promise<unknown>;
  crash(): Promise<void>;
}

export class FunctionFailed extends Error {
  constructor(
    readonly errorType: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A place of its own to stand: the code of `function-runtime.cjs` is the runtime, the bundle is loaded by it unchanged.
 * @param environment asked anew whenever it starts
 * @param ahead by how much its clock is fast; milliseconds
 */
export function runFunction(
  code: string,
  environment: () => Readonly<Record<string, string>>,
  ahead: () => number,
): LocalFunction {
  holdCompiled(code);
  let worker: Worker | undefined;
  const written: string[] = [];
  let waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined;

  function start(): Worker {
    const started = new Worker(join(__dirname, 'function-runtime.cjs'), {
      env: { ...environment() },
      workerData: { code: join(code, 'index.js'), compiled: compiled.get(basename(code)) },
      stdout: true,
      stderr: true,
    });
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => written.push(text.toString('utf8')));
    started.on('message', (answer: Answer | Compiled) => {
      if ('compiled' in answer) {
        compiled.set(basename(code), answer.compiled);
        return;
      }
      const asked = waiting;
      waiting = undefined;
      // What it wrote belongs to the failure.
      if ('result' in answer) asked?.resolve(answer.result);
      else asked?.reject(new FunctionFailed(answer.errorType, `${answer.message}\n${written.splice(0).join('')}`));
    });
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      waiting?.reject(new FunctionFailed('Runtime.ExitError', 'The function ended before it answered.'));
      waiting = undefined;
    });
    return started;
  }

  return {
    invoke: (event, now = START) =>
      new Promise((resolve, reject) => {
        if (waiting !== undefined) throw new Error('This function is busy: a test invokes it twice at once.');
        waiting = { resolve, reject };
        worker ??= start();
        worker.postMessage({ event: structuredClone(event), now: new Date(Date.parse(now) + ahead()).toISOString() });
      }),
    crash: async () => {
      await worker?.terminate();
    },
  };
}

/** No test depends on the clock: to functions it is this, unless told. */
const START = '2026-01-01T12:00:00Z';

/** By the name of a bundle, which is its hash: what V8 made of it. A start from that takes half of the time. */
const compiled = new Map<string, Uint8Array>();

interface Compiled {
  readonly compiled: Uint8Array;
}

type Answer = { readonly result: unknown } | { readonly errorType: string; readonly message: string };

/**
 * While somebody holds a module, V8 gives every thread that compiles the same bytes the code it has, optimized as it is: a
 * function that starts after a crash need not warm its policy engine again.
 */
function holdCompiled(code: string): void {
  for (const name of readdirSync(code).filter((each) => each.endsWith('.wasm')))
    held.set(name, held.get(name) ?? new Module(readFileSync(join(code, name))));
}

const held = new Map<string, object>();
/** The types of Node.js have no value of that name. */
const { Module } = (
  globalThis as unknown as { readonly WebAssembly: { readonly Module: new (bytes: Buffer) => object } }
).WebAssembly;
