import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { verifyKept } from '../../../lib/audit/verify/verify-kept';
import { nameLinkSession } from '../../../lib/domain/enforcement/doors/link-session';
import { makeSigningKey } from '../../../lib/signing-key';
import {
  AGREEMENT,
  DATA_SET,
  decide,
  ENTITLED,
  GOOGLE,
  PURCHASES,
  SNOWFLAKE,
  USAGE,
} from '../../unit/audit/attribution/agreements';
import {
  LEDGER,
  makeDoorUse,
  makeExport,
  makeLakeRead,
  makeLinkRead,
  makeLinkUpload,
  makeQuery,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  makeSharedDecrypt,
  makeSignIn,
  PARTNER,
  ROOM,
  type Sighting,
} from '../../unit/audit/scenario';
import { type AuditTrial, auditLogs, DECISIONS, makeFolder, writeLogs } from './audit-trial';

/** Something that somebody did, by a way of delivery, and what is to be found of it. */
interface Deed {
  readonly way: string;
  readonly sightings: readonly Sighting[];
  /** Absent: the room's own, or AWS's. */
  readonly truth?: { readonly party: string; readonly leg: string };
}

const PARTY = 'barter-party-telco-retail-2026.retail';
const WAREHOUSE = 'barter-warehouse-telco-retail-2026.telco-retail-usage';
const GOOGLES = 'barter-warehouse-telco-retail-2026.telco-retail-scores';
const OUTBOX = 'outbox/telco-retail-2026/retail/';
/** A leg that goes by a product: what its subscriber gets has an id that nobody tells the room. */
const PRODUCT = 'telco-retail-product';
/** And what is the room's own. */
const WAYS = 15;
const PLAN = AGREEMENT.plan;
const [GIVEN] = PLAN.legs;
const TERMS: Pick<AuditRun, 'agreements' | 'decisions'> = {
  agreements: [
    {
      inForce: {
        ...AGREEMENT,
        plan: {
          ...PLAN,
          legs: [...PLAN.legs, { ...GIVEN!, id: PRODUCT, via: { kind: 'product', productId: 'prod-1' } }],
        },
      },
      plan: 'ab'.repeat(32),
    },
  ],
  decisions: [
    ...DECISIONS,
    decide({ id: 'product', party: 'retail', leg: PRODUCT }),
    // The next has taken its place by then: what was done by a link is explained by the decision that gave it.
    ...Array.from({ length: 20 }, (_, number) => {
      const [read, put] = [8, 13].map((way) => way + WAYS * number) as [number, number];
      const [readAt, putAt] = [timeOf(read - 14), timeOf(put - 14)];
      return [
        decide({ id: `${readAt}/link-${read}`, at: readAt }),
        decide({ id: `${putAt}/link-${put}/${PURCHASES}`, at: putAt, leg: PURCHASES }),
      ];
    }).flat(),
  ],
};
const BY_RETAIL = { party: 'retail', leg: USAGE } as const;

function timeOf(minute: number): string {
  return new Date(Date.UTC(2026, 2, 1, 9) + minute * 60_000).toISOString().replace('.000Z', 'Z');
}

/** Every way in turn, a minute apart. */
function makeDeeds(count: number): readonly Deed[] {
  return Array.from({ length: count }, (_, number): Deed => {
    const at = timeOf(number);
    const key = `usage/round=1/part-${number}.parquet`;
    switch (number % WAYS) {
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
        const sightings = [makeSharedDecrypt, makeS3Read].flatMap((make) => make({ key, at, account: PARTNER }));
        return { way: 's3, with its key', sightings, truth: BY_RETAIL };
      }
      case 8: {
        const session = nameLinkSession(`link-${number}`);
        return { way: 'api, by a link', sightings: makeLinkRead({ session, key, at }), truth: BY_RETAIL };
      }
      case 9: {
        // Google's service account comes in by what Google says of it, by the role that is the leg's.
        const signIn = makeSignIn({ role: GOOGLES, at, by: { kind: 'google', subject: GOOGLE } });
        const read = makeDoorUse({ role: GOOGLES, at, operation: 'GetObject', key, ip: '192.0.2.56' });
        return { way: 'gcs', sightings: [...signIn, ...read], truth: BY_RETAIL };
      }
      case 10:
        return {
          way: 'product',
          sightings: [makeExport({ dataSet: `subscribed-${number}`, at, account: PARTNER })],
          truth: { party: 'retail', leg: PRODUCT },
        };
      case 11:
        return { way: 'query-only', sightings: makeQuery({ key, at, account: PARTNER }), truth: BY_RETAIL };
      case 12: {
        const download = { user: 'retail-sftp', keys: [key], at, ip: '192.0.2.57' };
        return { way: 'sftp, fetched', sightings: makeSftpDownload(download), truth: BY_RETAIL };
      }
      case 13: {
        const upload = { session: nameLinkSession(`link-${number}`), key: `raw/purchases/upload/${number}.csv`, at };
        const truth = { party: 'retail', leg: PURCHASES };
        return { way: 'api, handed in by a link', sightings: makeLinkUpload(upload), truth };
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
  return auditLogs(logs, { ...TERMS, ...change });
}

/** The same choice in every run. */
function chooser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const DEEDS = makeDeeds(20 * WAYS);
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
  // So near what is had that twice as much could not be lost unseen.
  for (const [share, least] of [
    [0.05, 0.99],
    [0.2, 0.93],
    [0.5, 0.79],
  ] as const) {
    const choose = chooser(11);
    const deeds = DEEDS.map((deed) => ({ ...deed, sightings: deed.sightings.filter(() => choose() >= share) }));
    const trial = await audit(deeds.flatMap(({ sightings }) => sightings));
    const { recall, precision } = score(deeds, trial);
    scores.push(`${share * 100} % lost: recall ${recall.toFixed(3)}, precision ${precision}`);
    expect(precision).toBe(1);
    expect(recall).toBeGreaterThan(least);
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

it('records that were replaced where they stood name no other party, and what they hide is doubted', async () => {
  const choose = chooser(23);
  /** The owner's word on who it was, replaced by what is none of the agreement's. */
  const changes: readonly (readonly [name: string, least: number, change: (record: object) => object])[] = [
    ['by a stranger', 0.85, (record) => JSON.parse(JSON.stringify(record).replaceAll(PARTNER, '777788889999'))],
    ['by the room', 0.9, (record) => JSON.parse(JSON.stringify(record).replaceAll(PARTNER, ROOM))],
    ['at another place', 0.94, (record) => JSON.parse(JSON.stringify(record).replaceAll('usage/', 'other/'))],
    ['of no kind', 0.9, (record) => ({ ...record, eventName: 'Nothing' })],
  ];
  const scores: string[] = [];
  for (const [name, least, change] of changes) {
    const replaced = new Set<Deed>();
    const deeds = DEEDS.map((deed): Deed => {
      const [first] = deed.sightings;
      if (deed.truth === undefined || first?.source.log !== 'cloudtrail' || choose() >= 0.5) return deed;
      const record = change(first.source.record) as typeof first.source.record;
      if (JSON.stringify(record) === JSON.stringify(first.source.record)) return deed;
      replaced.add(deed);
      return { ...deed, sightings: [{ ...first, source: { log: 'cloudtrail', record } }, ...deed.sightings.slice(1)] };
    });
    const trial = await audit(deeds.flatMap(({ sightings }) => sightings));
    const { recall, precision } = score(deeds, trial);
    scores.push(`${replaced.size} ${name}: recall ${recall.toFixed(3)}, precision ${precision}`);
    expect({ name, precision }).toEqual({ name, precision: 1 });
    // A deed is often told by several records; nothing is ever green.
    expect(recall).toBeGreaterThan(least);
    expect(replaced.size).toBeGreaterThan(20);
    expect(trial.report.verdict.kind).not.toBe('clean');
  }
  process.stdout.write(`  replaced: ${scores.join('; ')}\n`);
});

it('what comes after a first report is told by a second, once, in the same ledger', async () => {
  const logs = makeFolder();
  const choose = chooser(31);
  // A third of all comes late: of accesses that the first report has judged, and of some that it could not yet.
  const late = new Set(ALL.filter(() => choose() < 0.33));
  writeLogs(
    logs,
    ALL.filter((sighting) => !late.has(sighting)),
  );
  const ledger = makeFolder();
  const key = join(makeFolder(), 'audit.pem');
  makeSigningKey(key);
  const shared = {
    ...TERMS,
    from: '2026-03-01T00:00:00Z',
    to: '2026-03-02T00:00:00Z',
    signer: openNoteSigner(key, 'room/trial'),
    ledger: { origin: 'room/trial', open: () => openLedgerFolder(ledger) },
  };
  const first = await auditLogs(logs, shared);
  const { recall, precision } = score(DEEDS, first);
  expect(precision).toBe(1);
  expect(recall).toBeLessThan(1);
  // Without digests the last file says up to when all has come: nothing after that is judged.
  expect(first.report.accesses.pending).toBeGreaterThan(20);
  const isYoung = ({ at }: { readonly at: string }) => at >= first.report.header.watermark;
  expect(first.exceptions.filter(({ kind, ...each }) => kind !== 'coverage-gap' && isYoung(each))).toEqual([]);
  const added = join(logs, 'late');
  writeLogs(added, [...late]);
  const second = await auditLogs(logs, shared);
  const whole = await audit(ALL, { from: shared.from, to: shared.to });
  expect(score(DEEDS, second)).toEqual({ recall: 1, precision: 1 });
  const told = ({ rows }: AuditTrial) => rows.map(({ evidence: _, witnesses: __, ...row }) => row);
  expect(told(second)).toEqual(told(whole));
  // What the first had entered is its beginning, and nothing is entered twice.
  expect(second.report.header.ledger?.size).toBe(whole.report.header.ledger?.size);
  expect(first.appended + second.appended).toBe(whole.appended);
  const note = readFileSync(join(first.out, 'checkpoint.txt'), 'utf8');
  const kept = verifyKept(second.out, [{ shown: 'kept', note }], shared.signer.key, ledger);
  expect([kept.findings, kept.checked]).toEqual([[], [expect.stringMatching(/^the ledger begins with/)]]);
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
