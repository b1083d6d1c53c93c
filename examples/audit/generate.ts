import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { LAKE, LANDING, makeDecisions, makeRecords, REGION, ROOM } from './make-records';
import { makeTrail } from './make-trail';

const SELECTORS = [
  `S3 data events, reads and writes, of ${LANDING} and ${LAKE}`,
  'Management events, reads and writes',
];

/** A log file that its digest names and that is not delivered. */
const LOST_HOUR = 16;

/**
 * Writes a folder that `barter audit` can be run on: the telco-retail agreement, where its room stands, what was decided, a
 * day of its trail with digests, and what is wrong with it. Records are the same for the same seed.
 * @throws Error when there is something in the folder already
 */
export function generateAuditSample(options: { readonly directory: string; readonly seed?: number }): void {
  const { directory, seed = 20_260_302 } = options;
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new Error(`${directory} is not empty: name another folder, or remove it first.`);
  }
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  for (const name of ['agreement.yaml', 'segment.csv']) {
    cpSync(join(__dirname, '..', 'telco-retail', name), join(directory, 'agreements', name));
  }
  write('agreements/inventory.yaml', writeInventory());
  write('decisions.jsonl', writeLines(makeDecisions()));
  const { logs, digests, metadata, publicKeys } = makeTrail(makeRecords(makeRandom(seed)));
  for (const [hour, { key, bytes }] of logs.entries()) if (hour !== LOST_HOUR) write(`logs/${key}`, bytes);
  for (const { key, bytes } of digests) write(`digests/${key}`, bytes);
  write('digests/metadata.jsonl', writeLines(metadata));
  write('trail-keys.json', `${JSON.stringify(publicKeys, null, 2)}\n`);
}

function writeInventory(): string {
  return `room:
  account: "${ROOM}"
  region: ${REGION}
  landingBucket: ${LANDING}
  lakeBucket: ${LAKE}
  topology: hosted
trails:
  - trail: barter-room
    account: "${ROOM}"
    region: ${REGION}
    selectors:
${SELECTORS.map((selector) => `      - ${selector}\n`).join('')}`;
}

function writeLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** A linear congruential generator. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

if (require.main === module) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'out/audit-sample' } } });
  generateAuditSample({ directory: values.out });
  console.log(`Written to ${values.out}.`);
}
