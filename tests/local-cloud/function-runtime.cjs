// Stands for Lambda's runtime in a thread of its own: loads the bundle as it is and hands it one event at a time.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');
const { parentPort, workerData } = require('node:worker_threads');

const RealDate = Date;
let offset = 0;

// The time is the test's. What is signed with it nobody checks here.
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }
  static now() {
    return RealDate.now() + offset;
  }
};

// Whoever waits before it asks again waits a twentieth here.
const sleeps = require('node:timers/promises');
const { setTimeout: wakeUp } = globalThis;
const { setTimeout: sleep } = sleeps;
globalThis.setTimeout = (work, wait = 0, ...given) => wakeUp(work, wait / 20, ...given);
sleeps.setTimeout = (wait = 0, ...given) => sleep(wait / 20, ...given);

const { code, compiled } = workerData;
// What V8 has compiled once has no place for `import()`. Bundles import modules of Node.js by it, and nothing else.
const text = readFileSync(code, 'utf8').replaceAll('import("node:', 'importOwn("node:');
const script = new Script(`(function (exports, require, module, __filename, __dirname, importOwn) {${text}\n})`, {
  filename: code,
  cachedData: compiled,
});
const bundle = { exports: {} };
const own = createRequire(code);
script.runInThisContext()(bundle.exports, own, bundle, code, dirname(code), async (name) => own(name));
const { handler } = bundle.exports;
// Whoever starts next need not compile again what this one needed for its first event.
let isToldOf = compiled !== undefined && script.cachedDataRejected === false;

parentPort.on('message', async ({ event, now }) => {
  offset = RealDate.parse(now) - RealDate.now();
  try {
    const result = await handler(event, {
      awsRequestId: '00000000-0000-4000-8000-000000000000',
      getRemainingTimeInMillis: () => 900_000,
    });
    parentPort.postMessage({ result: result === undefined ? null : JSON.parse(JSON.stringify(result)) });
  } catch (error) {
    parentPort.postMessage({ errorType: error?.name ?? 'Error', message: error?.message ?? String(error) });
  }
  if (!isToldOf) parentPort.postMessage({ compiled: script.createCachedData() });
  isToldOf = true;
});
