import fc from 'fast-check';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { DATA_SET, ENTITLED, PURCHASES, SNOWFLAKE, USAGE } from '../../unit/audit/attribution/agreements';
import {
  LEDGER,
  makeDecrypt,
  makeDoorUse,
  makeExport,
  makeLakeRead,
  makeS3Read,
  makeSftpUpload,
  makeSignIn,
  PARTNER,
  ROOM,
  type Sighting,
} from '../../unit/audit/scenario';
import { type AuditTrial, auditLogs, makeFolder, writeLogs } from './audit-trial';

/** Something that somebody did, by a way of delivery, and what is to be found of it. */
interface Deed {
  readonly way: string;
  readonly sightings: readonly Sighting[];
  /** Absent: the room's own, or AWS's. */
  readonly truth?: { readonly party: string; readonly leg: string };
}

const PARTY = 'barter-party-telco-retail-2026.retail';
const WAREHOUSE = 'barter-warehouse-telco-retail-2026.telco-retail-usage';
const OUTBOX = 'outbox/telco-retail-2026/retail/';
const BY_RETAIL = { party: 'retail', leg: USAGE } as const;

/** Every way in turn, a minute apart. */
function makeDeeds(count: number): readonly Deed[] {
  return Array.from({ length: count }, (_, number): Deed => {
    const at = new Date(Date.UTC(2026, 2, 1, 9) + number * 60_000).toISOString().replace('.000Z', 'Z');
    const key = `usage/round=1/part-${number}.parquet`;
    switch (number % 9) {
      case 0:
        return { way: 's3', sightings: makeS3Read({ key, at, account: PARTNER }), truth: BY_RETAIL };
      case 1: {
        const keys = [key, `${key}.2`];
        return { way: 'lake-formation', sightings: makeLakeRead({ keys, at, account: PARTNER }), truth: BY_RETAIL };
      }
      case 2: {
        const read = { keys: [key], at, account: PARTNER, sourceIdentity: true };
        return { way: 'lake-formation, source identity', sightings: makeLakeRead(read), truth: BY_RETAIL };
      }
      case 3: {
        const upload = { user: 'retail-sftp', key: `raw/purchases/${number}.csv`, at };
        return { way: 'sftp', sightings: makeSftpUpload(upload), truth: { party: 'retail', leg: PURCHASES } };
      }
      case 4:
        return {
          way: 'data-grant',
          sightings: [makeExport({ dataSet: number % 2 === 0 ? ENTITLED : DATA_SET, at, account: PARTNER })],
          truth: BY_RETAIL,
        };
      case 5: {
        // Snowflake's own account assumes the role of the room that is the leg's, and reads in a session of it.
        const by = { kind: 'account', account: SNOWFLAKE } as const;
        const signIn = number % 2 === 0 ? [] : makeSignIn({ role: WAREHOUSE, at, by });
        const read = makeDoorUse({ role: WAREHOUSE, at, operation: 'GetObject', key, ip: '192.0.2.55' });
        return { way: 'warehouse', sightings: [...signIn, ...read], truth: BY_RETAIL };
      }
      case 6: {
        const upload = `raw/purchases/upload/${number}.csv`;
        const sightings = [
          ...makeSignIn({ role: PARTY, at, by: { kind: 'account', account: PARTNER } }),
          ...makeDoorUse({ role: PARTY, at, operation: 'GetObject', key: `${OUTBOX}${number}`, bucket: LEDGER }),
          ...makeDoorUse({ role: PARTY, at, operation: 'PutObject', key: upload }),
        ];
        return { way: 'its own role', sightings, truth: { party: 'retail', leg: PURCHASES } };
      }
      case 7: {
        const sightings = [makeDecrypt({ key, at, account: PARTNER }), ...makeS3Read({ key, at, account: PARTNER })];
        return { way: 's3, with its key', sightings, truth: BY_RETAIL };
      }
      default:
        return { way: 'the room’s own', sightings: makeS3Read({ key, at, account: number % 2 === 0 ? ROOM : null }) };
    }
  });
}

interface Score {
  /** Deeds of partners that were named rightly, of those of which a record is left. */
  readonly recall: number;
  /** Rows that name a party and leg, of which these are right. */
  readonly precision: number;
}

function score(deeds: readonly Deed[], trial: AuditTrial): Score {
  const byAccess = new Map<string, Deed>();
  for (const deed of deeds) {
    for (const { reading } of deed.sightings) if (reading.kind === 'access') byAccess.set(reading.access.id, deed);
  }
  const found = new Set<Deed>();
  let [named, right] = [0, 0];
  for (const { explained, evidence } of trial.rows) {
    if (explained.kind !== 'attributed') continue;
    named += 1;
    const deed = evidence.map(({ event }) => byAccess.get(event)).find((each) => each !== undefined);
    if (deed?.truth?.party !== explained.party || deed.truth.leg !== explained.leg) continue;
    right += 1;
    found.add(deed);
  }
  const done = deeds.filter(({ truth, sightings }) => truth !== undefined && sightings.length > 0);
  return { recall: found.size / done.length, precision: right / named };
}

async function audit(sightings: readonly Sighting[], change: Partial<AuditRun> = {}): Promise<AuditTrial> {
  const logs = makeFolder();
  writeLogs(logs, sightings);
  return auditLogs(logs, change);
}

/** The same choice in every run. */
function chooser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const DEEDS = makeDeeds(210);
const ALL = DEEDS.flatMap(({ sightings }) => sightings);

it('names party and leg of every deed, by every way, and of nothing else', async () => {
  const trial = await audit(ALL);
  expect(score(DEEDS, trial)).toEqual({ recall: 1, precision: 1 });
  expect(trial.exceptions.filter(({ severity }) => severity === 'breach')).toEqual([]);
});

it('finds the same when records come twice, late and in any order', async () => {
  const plain = await audit(ALL);
  const choose = chooser(7);
  const doubled = [...ALL, ...ALL.filter(() => choose() < 0.4)];
  const shuffled = doubled.map((sighting) => ({ sighting, at: choose() })).toSorted((a, b) => a.at - b.at);
  const trial = await audit(shuffled.map(({ sighting }) => sighting));
  expect(score(DEEDS, trial)).toEqual({ recall: 1, precision: 1 });
  const told = ({ rows }: AuditTrial) => rows.map(({ evidence: _, witnesses: __, ...row }) => row);
  expect(told(trial)).toEqual(told(plain));
  expect(trial.report.header.records.duplicates).toBeGreaterThan(100);
  // The ledger has one entry for each record of a partner's, however often it came.
  expect(trial.report.header.ledger?.size).toBe(plain.report.header.ledger?.size);
});

it('names nobody wrongly when records are lost', async () => {
  const scores: string[] = [];
  for (const share of [0.05, 0.2, 0.5]) {
    const choose = chooser(11);
    const deeds = DEEDS.map((deed) => ({ ...deed, sightings: deed.sightings.filter(() => choose() >= share) }));
    const trial = await audit(deeds.flatMap(({ sightings }) => sightings));
    const { recall, precision } = score(deeds, trial);
    scores.push(`${share * 100} % lost: recall ${recall.toFixed(3)}, precision ${precision}`);
    expect(precision).toBe(1);
    // What is left of half of the records names four of five deeds: what is lost is lost, and told as such.
    expect(recall).toBeGreaterThan(1 - share);
  }
  process.stdout.write(`  ${scores.join('; ')}\n`);
});

it('a record whose account was changed is never another party’s, and copies that differ are told', async () => {
  const owners = ALL.filter(({ source }) => source.log === 'cloudtrail');
  const changed = owners.slice(0, 40).map((sighting): Sighting => {
    if (sighting.source.log !== 'cloudtrail') return sighting;
    const record = JSON.parse(JSON.stringify(sighting.source.record).replaceAll(PARTNER, '777788889999'));
    return { ...sighting, source: { log: 'cloudtrail', record } };
  });
  const trial = await audit([...ALL, ...changed]);
  expect(score(DEEDS, trial).precision).toBe(1);
  const differing = changed.filter((each, at) => JSON.stringify(each.source) !== JSON.stringify(owners[at]?.source));
  expect(differing.length).toBeGreaterThan(10);
  const told = trial.exceptions.filter(({ kind }) => kind === 'conflicting-record');
  expect(told.length).toBeGreaterThan(0);
});

it('finds nobody in logs without a partner', async () => {
  const own = DEEDS.filter(({ truth }) => truth === undefined).flatMap(({ sightings }) => sightings);
  const trial = await audit(own);
  expect(trial.rows.filter(({ explained }) => explained.kind !== 'internal')).toEqual([]);
  expect(trial.report.accesses.attributed).toBe(0);
  expect(trial.exceptions).toEqual([]);
  expect(trial.report.header.ledger?.size).toBe(0);
});

it('a record in many files is one access, wherever the first of them is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(ALL.length - 1), { minLength: 1, maxLength: 10 }), async (picked) => {
      const sightings = picked.map((at) => ALL[at]!);
      const [once, twice] = [await audit(sightings), await audit([...sightings, ...sightings.toReversed()])];
      expect(twice.rows.map(({ id }) => id)).toEqual(once.rows.map(({ id }) => id));
      expect(twice.report.header.ledger?.root).toBe(once.report.header.ledger?.root);
    }),
    { numRuns: 5 },
  );
});
