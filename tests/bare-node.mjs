// What Jest's own runner does for a test, and the one that runs tests in Node.js itself leaves to us.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { jestExpect } from '@jest/expect';
import { addEventHandler } from 'jest-circus';
import { register as registerRequire } from 'tsx/cjs/api';
import { register as registerImport } from 'tsx/esm/api';

/** In milliseconds. It is there for what hangs, and passes what waits for a busy machine. */
const LONGEST = 240_000;

/** Fails the test or hook that runs now; none runs where it is not there. */
let failRunning;

registerRequire();
registerImport();
addEventHandler(({ name, failing, timeout }, { currentDescribeBlock: { children, hooks } }) => {
  const added = name === 'add_test' ? children.at(-1) : name === 'add_hook' ? hooks.at(-1) : undefined;
  if (failing || added?.fn?.length > 0)
    throw new Error('Unit tests know no test.failing and no done. Expect what is thrown, and return a promise.');
  if (added?.fn) added.fn = limit(added.fn, timeout ?? LONGEST);
});

jestExpect.assertions = refuseCount;
jestExpect.hasAssertions = refuseCount;

process.on('unhandledRejection', failOf);
process.on('uncaughtException', failOf);
process.on('disconnect', () => setTimeout(endOpen, 5000).unref());

/** The runner of several files in one process does not keep these counts apart. */
function refuseCount() {
  throw new Error('Unit tests count no assertions. Expect each thing, and await what is to come.');
}

/** An error that nobody awaits is that of the test which runs; of no test, it ends the process, which fails the run. */
function failOf(error) {
  if (failRunning) return failRunning(error);
  console.error(error);
  process.exit(1);
}

/** Comes to pass only where something other than its own timer keeps the process. */
function endOpen() {
  console.error(`A unit test left open: ${process.getActiveResourcesInfo().join(', ')}. Close it after the test.`);
  process.exit(1);
}

/** Fails after `milliseconds`. */
function limit(run, milliseconds) {
  return async () => {
    let timer;
    const failed = new Promise((_, reject) => {
      failRunning = reject;
      const error = new Error(
        `It took longer than ${milliseconds} ms. Make it shorter, or tell it so as its last argument.`,
      );
      timer = setTimeout(() => reject(error), milliseconds);
    });
    try {
      await Promise.race([runToEnd(run), failed]);
    } catch (error) {
      // The runner prints a stack, and knows not what to do without one.
      throw error instanceof Error ? error : new Error(`It threw what is no error: ${inspect(error)}`);
    } finally {
      failRunning = undefined;
      clearTimeout(timer);
    }
  };
}

/** Promises that were rejected are known as unhandled in the next turn. */
async function runToEnd(run) {
  await run();
  await nextTurn();
}
