import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * In the place of `bundle-handlers` in tests: the same bundles, made once in a run and not once for each file of tests. The folder
 * that `BARTER_BUNDLES` names holds them; the run that made it removes it.
 */

type Handlers = typeof import('../../lib/stacks/shared/bundle-handlers');

const real: Handlers = require(join(__dirname, '../../lib/stacks/shared/bundle-handlers.ts'));
export const { listHandlers, handlerSource } = real;

export function bundleHandler(handler: string): string {
  const folder = process.env.BARTER_BUNDLES;
  return folder === undefined ? real.bundleHandler(handler) : join(bundleInto(folder, handler), handler);
}

/** Whoever is first bundles; others wait. */
function bundleInto(folder: string, handler: string): string {
  const [made, lock] = [join(folder, 'made'), join(folder, 'lock')];
  for (let tries = 0; !existsSync(made); tries += 1) {
    if (isFirst(lock)) bundle(made, lock, handler);
    else if (tries > 3_000)
      throw new Error('Whoever bundles the functions for all tests has not ended after five minutes.');
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  return made;
}

function bundle(made: string, lock: string, handler: string): void {
  try {
    renameSync(dirname(real.bundleHandler(handler)), made);
  } catch (error) {
    rmdirSync(lock);
    throw error;
  }
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
