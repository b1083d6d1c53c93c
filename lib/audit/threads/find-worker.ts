import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The code of a thread: where it lies, or as it is. */
export type WorkerCode = { readonly file: string } | { readonly text: string };

/**
 * All that a thread needs, in one piece: it would otherwise find, translate and load some forty modules by itself.
 * @param name of the module beside this one that the thread runs
 */
export async function findWorker(name: string): Promise<WorkerCode> {
  // Beside this code where all were put together for the command line.
  const file = join(__dirname, `${name}.js`);
  if (existsSync(file)) return { file };
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  return { text: outputFiles[0]?.text ?? '' };
}

export function startWorker(code: WorkerCode, workerData: object): Worker {
  return 'file' in code ? new Worker(code.file, { workerData }) : new Worker(code.text, { eval: true, workerData });
}
