import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { PURCHASES } from '../../unit/audit/attribution/agreements';
import { reportTried } from '../../unit/audit/mutations';
import {
  makeLakeRead,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  PARTNER,
  SERVER,
  type Sighting,
} from '../../unit/audit/scenario';
import { put, TOOLS } from './audit-trial';
import { forge, isRead, moveTo, type Row, tell } from './forge-pack';
import { DECISIONS, HELD_TOLD, LANDING, makePack, RELEASE, readLines, STRANGER } from './room-pack';

/* Sessions that lie across the beginning of a ledger: what opened them is read, and is in no ledger. */

const USER = 'telco-retail-2026.retail';
const BEFORE = '2026-02-28T23:40:00Z';
const WITHIN = '2026-03-01T00:10:00Z';

type Part = 'opened' | 's3' | 'closed' | 'disconnected';
const PARTS: readonly Part[] = ['opened', 's3', 'closed', 'disconnected'];

/** A session opened before, of which some records are within. */
function listSession(user: string, of: 'download' | 'upload', ...within: readonly Part[]): readonly Sighting[] {
  const [opened, s3, closed, ...rest] =
    of === 'download'
      ? makeSftpDownload({ user, keys: [`${RELEASE}/x`], at: BEFORE, ip: '192.0.2.7' })
      : makeSftpUpload({ user, key: `${LANDING}/x.csv`, at: BEFORE });
  const parts = { opened, s3, closed, disconnected: rest.at(-1) };
  return PARTS.flatMap((part) => {
    const sighting = parts[part];
    if (sighting === undefined) throw new Error(`No ${part}.`);
    if (part === 'opened') return [sighting];
    return within.includes(part) ? [moveTo(sighting, WITHIN)] : [];
  });
}

function listLake(account: string, sourceIdentity: boolean): readonly Sighting[] {
  const read = makeLakeRead({ keys: [`${RELEASE}/early`], at: BEFORE, account, sourceIdentity });
  return read.map((each) => (isRead(each) ? moveTo(each, WITHIN) : each));
}

const SHAPES: readonly (readonly [string, number, readonly Sighting[]])[] = [
  ['S3’s read and the line of its end', 1, listSession(USER, 'download', 's3', 'closed')],
  ['the line of its end', 1, listSession(USER, 'download', 'closed')],
  ['that line, and the session’s end', 2, listSession(USER, 'download', 'closed', 'disconnected')],
  ['all but its beginning', 2, listSession(USER, 'download', 's3', 'closed', 'disconnected')],
  ['S3’s read', 1, listSession(USER, 'download', 's3')],
  ['all but its beginning, of an upload', 1, listSession(USER, 'upload', 's3', 'closed', 'disconnected')],
  ['the line of a user whom nobody knows', 1, listSession('somebody', 'download', 'closed')],
  ['Lake Formation’s read', 1, listLake(PARTNER, false)],
  ['Lake Formation’s read, with the identity of its source', 1, listLake(PARTNER, true)],
  ['Lake Formation’s read by a stranger', 1, listLake(STRANGER, false)],
];

it.each(SHAPES)(
  'finds nothing in a session that began before its ledger, of which is within: %s',
  async (_, count, shape) => {
    const pack = await makePack(DECISIONS, shape, undefined, '2026-03-02T00:00:00Z', []);
    const { findings, unchecked } = await verifyPack(pack.folder, pack.signer.key, TOOLS);
    expect(findings).toEqual([]);
    expect(unchecked).toContainEqual(expect.stringContaining(`of ${count} accesses in sessions that began before`));
    const own = await verifyPack(pack.retail, pack.signer.key, { ...TOOLS, ledger: join(pack.folder, 'ledger') });
    expect(own.findings).toEqual([]);
  },
);

describe('what is done as a period begins, in a session that was opened', () => {
  const begun = async (at: string) => {
    const early = (...all: readonly (Sighting | undefined)[]) =>
      all.flatMap((each) => (each === undefined ? [] : [moveTo(each, '2026-03-01T00:00:00Z')]));
    const [opened, ...rest] = makeSftpDownload({ user: USER, keys: [`${RELEASE}/x`], at, ip: '192.0.2.7' });
    const lake = [false, true].flatMap((sourceIdentity) =>
      makeLakeRead({ keys: [`${RELEASE}/lake-${sourceIdentity}`], at, account: PARTNER, sourceIdentity }),
    );
    const reads = lake.filter(isRead);
    const day = [
      opened!,
      ...early(rest[0], rest[1], rest.at(-1)),
      ...lake.filter((each) => !isRead(each)),
      ...early(...reads),
    ];
    const pack = await makePack(DECISIONS, day, undefined, '2026-03-02T00:00:00Z', []);
    const rows: readonly Row[] = readLines(join(pack.folder, 'accesses.jsonl'));
    const exceptions = readLines<{ kind: string; detail: string }>(join(pack.folder, 'exceptions.jsonl'));
    expect((await verifyPack(pack.folder, pack.signer.key, TOOLS)).findings).toEqual([]);
    const told = rows.map(({ service, explained, client, ...row }) => {
      const { name } = row.resource as { name: string };
      const ip = (client as { ip?: string } | undefined)?.ip;
      return [service, name.split('/').at(-1), explained.kind, ip];
    });
    return { told, unexplained: exceptions.flatMap(({ kind, detail }) => (kind === 'unexplained' ? [detail] : [])) };
  };

  test('as long before as a session of a role may last, is explained', async () => {
    expect(await begun('2026-02-28T12:00:00Z')).toEqual({
      told: [
        ['transfer', SERVER, 'own-door', '192.0.2.7'],
        ['s3', 'x', 'attributed', '192.0.2.7'],
        ['s3', 'lake-false', 'attributed', undefined],
        ['s3', 'lake-true', 'attributed', undefined],
      ],
      unexplained: [],
    });
  });

  test('longer before, is not where the opening alone tells whose it is; who came by SFTP S3 itself tells, and not from where', async () => {
    expect(await begun('2026-02-28T11:59:59Z')).toEqual({
      told: [
        ['transfer', SERVER, 'unattributed', undefined],
        ['s3', 'x', 'attributed', 'transfer.amazonaws.com'],
        ['s3', 'lake-false', 'unattributed', undefined],
        ['s3', 'lake-true', 'attributed', undefined],
      ],
      unexplained: [expect.stringContaining('lake-false')],
    });
  });
});

it('believes in a party’s own pack nothing of an access that is of no session, however early it is', async () => {
  const read = makeS3Read({ key: `${RELEASE}/early`, at: WITHIN, account: PARTNER });
  const { folder, retail, signer } = await makePack(DECISIONS, read, undefined, '2026-03-02T00:00:00Z', []);
  const table = join(retail, 'accesses.jsonl');
  const kept = readFileSync(table, 'utf8');
  const forged = [
    { client: { ip: '198.51.100.99' } },
    { actor: { kind: 'account', name: STRANGER, account: STRANGER } },
  ].map((change) =>
    tell(
      () => true,
      () => change,
    )(kept.trimEnd().split('\n')),
  );
  for (const lines of forged) {
    put(retail, 'accesses.jsonl', `${lines.join('\n')}\n`);
    const { findings } = await verifyPack(retail, signer.key, { ...TOOLS, ledger: join(folder, 'ledger') });
    const problems = findings.map(({ problem }) => problem);
    expect(problems).toContainEqual(
      expect.stringMatching(/^what it tells of (client|actor) is not what its entry says$/),
    );
  }
  reportTried('rows of a party’s own pack', forged.length);
});

it('finds in each of these whatever does not follow, whoever opened the session', async () => {
  const whole = makeSftpDownload({ user: USER, keys: [`${RELEASE}/y`], at: '2026-03-01T00:30:00Z', ip: '192.0.2.8' });
  const all = [...SHAPES.flatMap(([, , shape]) => shape), ...whole];
  const pack = await makePack(DECISIONS, all, undefined, '2026-03-02T00:00:00Z', []);
  const rows: readonly Row[] = readLines(join(pack.folder, 'accesses.jsonl'));
  const isBegun = ({ at }: Row) => at === WITHIN;
  const isNamed = ({ actor, explained: { kind } }: Row) =>
    kind !== 'unattributed' && (actor as { kind: string }).kind !== 'unknown';
  const forgeries: readonly (readonly [string, (row: Row) => boolean, (row: Row) => object])[] = [
    ['another party', isBegun, ({ explained }) => ({ explained: { ...explained, kind: 'own-door', party: 'telco' } })],
    [
      'another leg',
      ({ explained }) => explained.leg !== undefined,
      ({ explained }) => ({ explained: { ...explained, leg: PURCHASES, dataset: 'x' } }),
    ],
    [
      'a stranger where the record names a party',
      isNamed,
      () => ({ explained: { kind: 'unattributed', reason: 'no-party' } }),
    ],
    [
      'another account',
      ({ service, explained: { kind } }) => service === 's3' && kind !== 'unattributed',
      ({ actor }) => ({ actor: { ...(actor as object), account: '121212121212' } }),
    ],
    ['refused', isBegun, () => ({ outcome: 'denied' })],
    [
      'from elsewhere than the ledger knows',
      ({ at, act }) => at === '2026-03-01T00:30:00Z' && act === 'read',
      () => ({ client: { ip: '192.0.2.7' } }),
    ],
    ['of other bytes', isBegun, () => ({ bytes: { out: 1, in: 1 } })],
  ];
  for (const [name, which, change] of forgeries) {
    const found = await forge(pack, 'accesses.jsonl', tell(which, change), /does not follow from its entry/);
    expect({ name, found: found.length }).toEqual({ name, found: rows.filter(which).length });
    expect(found.length).toBeGreaterThan(0);
  }
  reportTried('sessions that began before', forgeries.length);
});

it('believes what a session of before its ledger explains, for half a day, and says how many it believed', async () => {
  const begun = makeLakeRead({ keys: [`${RELEASE}/early`], at: '2026-02-28T23:30:00Z', account: PARTNER });
  const moved = begun.filter(isRead).map((each) => moveTo(each, '2026-03-01T00:10:00Z'));
  const [vend] = begun;
  const sftp = makeSftpUpload({ user: 'telco-retail-2026.retail', key: `${RELEASE}/x`, at: '2026-02-28T23:40:00Z' });
  const ended = moveTo(sftp[4]!, '2026-03-01T00:20:00Z');
  const pack = await makePack(DECISIONS, [vend!, ...moved, sftp[0]!, ended]);
  const honest = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  expect(honest.unchecked).toContainEqual(expect.stringMatching(/of 2 accesses in sessions that began before/));
  const isEarly = ({ explained: { joins } }: Row) =>
    (joins as { party?: string } | undefined)?.party === 'lake-formation-session';
  const first = (which: (row: Row) => boolean) => {
    let taken = false;
    return (row: Row) => {
      const isFirst = !taken && which(row);
      taken ||= isFirst;
      return isFirst;
    };
  };
  for (const change of [
    { explained: { party: 'telco' } },
    { explained: { decision: undefined } },
    { explained: { leg: PURCHASES } },
    { explained: { confidence: 'certain' } },
    { actor: { kind: 'account', name: 'x', account: STRANGER } },
    { outcome: 'denied' },
  ]) {
    const told = tell(first(isEarly), (row) => ({
      ...change,
      explained: { ...row.explained, ...('explained' in change ? change.explained : {}) },
    }));
    expect(await forge(pack, 'accesses.jsonl', told)).toContainEqual(expect.stringMatching(/does not follow from/));
  }
});

it('believes no session of before where the ledger knows it, none of another than the record names, and none half a day later', async () => {
  const begun = makeLakeRead({ keys: [`${RELEASE}/late`], at: '2026-02-28T23:30:00Z', account: PARTNER });
  const named = makeLakeRead({
    keys: [`${RELEASE}/named`],
    at: '2026-02-28T23:30:00Z',
    account: PARTNER,
    sourceIdentity: true,
  });
  const strangers = makeLakeRead({ keys: [`${RELEASE}/theirs`], at: '2026-03-01T01:00:00Z', account: STRANGER });
  const late = begun.filter(isRead).map((each) => moveTo(each, '2026-03-01T12:00:01Z'));
  const early = named.filter(isRead).map((each) => moveTo(each, '2026-03-01T00:20:00Z'));
  const pack = await makePack(DECISIONS, [begun[0]!, ...late, ...early, ...strangers]);
  const known = (await verifyPack(pack.folder, pack.signer.key, TOOLS)).findings;
  expect(known).toEqual([
    {
      file: expect.stringMatching(/^accesses\.jsonl:\d+$/),
      problem: expect.stringMatching(/^what it tells of who it was/),
    },
  ]);
  const rows: readonly Row[] = readLines(join(pack.folder, 'accesses.jsonl'));
  const honest = rows.find(({ at, service }) => at === '2026-03-01T12:00:01Z' && service === 's3')!.explained;
  const as = (at: string, change: object, actor: object = {}) =>
    tell(
      (row) => row.at === at && row.service === 's3',
      (row) => ({ explained: { ...row.explained, ...change }, actor: { ...(row.actor as object), ...actor } }),
    );
  const session = { joins: { party: 'lake-formation-session', leg: 'object' }, confidence: 'strong' };
  const found = (change: ReturnType<typeof tell>) => forge(pack, 'accesses.jsonl', change, /does not follow/);
  // Whom the record names may have been told by its session, too.
  expect(await found(as('2026-03-01T00:20:00Z', session))).toHaveLength(known.length);
  const byStranger = { kind: 'unattributed', reason: 'no-party' };
  for (const change of [
    tell(
      ({ at, service }) => at === '2026-03-01T00:20:00Z' && service === 's3',
      ({ actor }) => ({ explained: byStranger, actor: { ...(actor as object), account: STRANGER } }),
    ),
    as('2026-03-01T01:00:00Z', { ...honest, decision: HELD_TOLD, reason: undefined }, { account: PARTNER }),
  ])
    expect((await found(change)).length).toBeGreaterThan(known.length);
});
