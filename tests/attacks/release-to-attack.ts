import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAgreement } from '../../lib/domain/agreement/parse-agreement';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../lib/domain/agreement/plan/plan-agreement';
import type { RoundOutcome } from '../../lib/domain/exchange/rounds/round';
import type { FixedLevels } from '../../lib/domain/privacy/hierarchies/fixed-levels';
import { openDuckDbEngine } from '../../lib/engine/duckdb/duckdb-engine';
import { rehearseRound, releasePath } from '../../lib/rehearsal/rehearse-round';
import { openRoundFolder } from '../../lib/rehearsal/round-folder';
import { readParquet } from '../integration/cli/read-parquet';
import { sha256 } from '../unit/audit/sha256';

export type ReleasedRow = Readonly<Record<string, string | null>>;

/** What the receivers of one or more rounds hold, and so what they can attack with. */
export interface Released {
  readonly outcome: RoundOutcome;
  /** Rows by receiver. */
  readonly rows: Readonly<Record<string, readonly ReleasedRow[]>>;
}

export interface Terms {
  /** Columns of `people`, in place of the usual ones. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly privacy?: string;
  readonly receivers?: readonly string[];
  readonly watermark?: string;
  /** Whether later rounds have the levels of the first and are measured beside it, as those on record are. Default: no. */
  readonly isRecorded?: boolean;
  /** Whether each round is of the dataset's next version. Default: no. */
  readonly isVersioned?: boolean;
  /** The giver's, in hexadecimal digits. Default: one that is the same in every run, as one by chance would make other figures. */
  readonly key?: string;
}

const USUAL: Readonly<Record<string, string>> = {
  phone: '{ type: string, role: identifier, treatment: token }',
  age: '{ type: integer, role: quasi, generalise: { widths: [5, 10, 20] } }',
  zip: '{ type: string, role: quasi, generalise: { prefixes: [3, 2] } }',
  sex: '{ type: string, role: quasi, generalise: { prefixes: [1] } }',
  illness: '{ type: string, role: sensitive }',
  spent: '{ type: "decimal(10,2)", role: plain }',
  seen: '{ type: date, role: plain, treatment: { dateShift: { days: 30 } } }',
};

function writeAgreement(
  { columns = {}, privacy = '{ k: 10, l: { illness: 2 }, suppressAtMost: 5% }', receivers = ['lab'], watermark }: Terms,
  version: number,
): string {
  const mark = watermark === undefined ? '' : `, watermark: ${watermark}`;
  const parties = ['clinic', ...receivers].map(
    (id, place) =>
      `  ${id}: { name: ${id}, account: "11112222333${place}", jurisdiction: EU, contacts: { exchange: a@b.example, privacy: a@b.example } }`,
  );
  const named = Object.entries({ ...USUAL, ...columns }).map(([name, text]) => `      ${name}: ${text}`);
  const legs = receivers.flatMap((id) => [
    `  - { from: clinic, to: ${id}, dataset: people, every: P1M, via: api, retain: P90D, purposes: [CommercialResearch]${mark} }`,
    `  - { from: ${id}, to: clinic, dataset: thanks-${id}, every: P1M, via: api, retain: P90D, purposes: [CommercialResearch] }`,
  ]);
  const thanks = receivers.map(
    (id) => `  thanks-${id}: { owner: ${id}, columns: { day: { type: date, role: plain } } }`,
  );
  return [
    'agreement: attacked',
    'version: 1',
    'parties:',
    ...parties,
    'term: { starts: 2026-01-01, ends: 2026-12-31, exit: { notice: P30D, destroyWithin: P30D } }',
    'datasets:',
    '  people:',
    '    owner: clinic',
    `    version: ${version}`,
    '    subject: phone',
    '    columns:',
    ...named,
    ...(privacy === '' ? [] : [`    privacy: ${privacy}`]),
    ...thanks,
    'legs:',
    ...legs,
    'clauses:',
    '  - { id: "1", text: As the law says., legalOnly: true }',
    '',
  ].join('\n');
}

/** Runs whole rounds as `barter rehearse` does, one after another with the same keys; each gets the delivery of its place. */
export async function releaseToAttack(terms: Terms, ...deliveries: readonly string[]): Promise<readonly Released[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  try {
    return (await runRounds(folder, terms, deliveries)).released;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same in a folder that stays: `keys`, and the deliveries as `people-<round>.csv`. */
export async function runRounds(folder: string, terms: Terms, deliveries: readonly string[]) {
  giveKey(folder, terms.key);
  const plans = deliveries.map((_, round) => planTerms(terms, terms.isVersioned ? round + 1 : 1));
  const receivers = terms.receivers ?? ['lab'];
  const released: Released[] = [];
  const settled = new Map<string, FixedLevels>();
  const earlier = new Map<string, string[]>();
  for (const [round, csv] of deliveries.entries()) {
    const plan = plans[round]!;
    const path = (name: string) => join(folder, `${name}-${round}.csv`);
    writeFileSync(path('people'), csv);
    const thanks = receivers.map((id) => {
      writeFileSync(path(`thanks-${id}`), 'day\n2026-01-01\n');
      return [`thanks-${id}`, path(`thanks-${id}`)] as const;
    });
    const out = join(folder, `out-${round}`);
    const roundFolder = openRoundFolder(out, plan.agreement.id);
    const outcome = await rehearseRound({
      plan,
      legs: plan.legs.map(({ id }) => id),
      deliveries: new Map([['people', path('people')], ...thanks]),
      folder: roundFolder,
      keysFolder: join(folder, 'keys'),
      ...(terms.isRecorded && {
        record: {
          levelsOf: ({ id }) => settled.get(id),
          others: [],
          earlierOf: ({ id }) => ({ known: earlier.get(id)?.length ?? 0, files: earlier.get(id) ?? [] }),
          prepare: async (_, found) => {
            for (const [id, levels] of found) settled.set(id, levels);
          },
          withhold: async () => {},
          complete: async () => {
            for (const leg of plan.legs)
              earlier.set(leg.id, [...(earlier.get(leg.id) ?? []), join(out, releasePath(leg))]);
          },
        },
      }),
      toolVersion: '0',
      openEngine: (scratch) => openDuckDbEngine({ directory: scratch, threads: 2 }),
      renderReport: () => '',
      onProgress: () => {},
    });
    roundFolder.discard();
    const rows: Record<string, readonly ReleasedRow[]> = {};
    if (outcome.kind === 'delivered') {
      for (const id of receivers) rows[id] = await readParquet(join(out, id, 'inbox', 'people', 'release.parquet'));
    }
    released.push({ outcome, rows });
  }
  return { plan: plans[0]!, released };
}

function giveKey(folder: string, key = '5a'.repeat(32)): void {
  mkdirSync(join(folder, 'keys', 'attacked'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'keys/attacked/clinic.key'), `barter-room-key-1:${key}\n`, { mode: 0o600 });
}

function planTerms(terms: Terms, version: number): Plan {
  const reading = parseAgreement({
    text: writeAgreement(terms, version),
    file: 'attacked.yaml',
    readText: () => undefined,
    sha256,
  });
  if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading.findings));
  return planAgreement(reading.agreement);
}
