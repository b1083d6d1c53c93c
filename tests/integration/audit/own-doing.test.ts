import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { publishCheckpointAndKey } from '../../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyRecords } from '../../../lib/audit/verify/verify-evidence';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { recordAccesses } from '../../../lib/domain/audit/ledger/record-accesses';
import { reportTried } from '../../unit/audit/mutations';
import { makeChange, makeExport, makeLakeRead, PARTNER, REGION, ROOM, type Sighting } from '../../unit/audit/scenario';
import { put, TOOLS } from './audit-trial';
import { DECISIONS, makePack, type Pack, RELEASE, readLines } from './room-pack';

/* What the room did itself is in no ledger: with the logs it is held to these. */

const ADMIN = 'OwnAdmin';
const TABLE = `arn:aws:dynamodb:${REGION}:${ROOM}:table/BarterRoomEnforcement-Registry`;
const REQUEST = { tableName: 'BarterRoomEnforcement-Registry' };
const putItem = (at: string) =>
  makeChange({ call: 'dynamodb PutItem', at, role: ADMIN, request: REQUEST, table: TABLE });
const BY_HAND = [
  putItem('2026-03-01T08:20:00Z'),
  makeChange({ call: 'lambda UpdateFunctionCode20150331v2', at: '2026-03-01T08:21:00Z', role: ADMIN }),
];

interface Row {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly evidence: readonly { readonly file: string }[];
  readonly resource: { readonly name: string };
  readonly actor: { readonly name: string };
  readonly explained: { readonly kind: string };
}

const isOwn = ({ explained: { kind } }: Row) => kind === 'internal';
const asRows = (rows: readonly Row[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;

it('with the logs finds what the room did itself, and is told otherwise', async () => {
  const pack = await makePack(DECISIONS, BY_HAND);
  const given = [{ label: '', folder: pack.logs }] as const;
  const honest = await verifyRecords(pack.folder, given, TOOLS);
  expect(honest.findings).toEqual([]);
  const rows = readLines<Row>(join(pack.folder, 'accesses.jsonl'));
  const own = rows.filter(isOwn).length;
  expect(own).toBeGreaterThan(2);
  expect(honest.checked).toContain(`${own} rows of what the room did itself say what these logs do`);
  expect(honest.unchecked).toEqual([]);
  const each = (change: (row: Row) => object) => rows.map((row) => (isOwn(row) ? { ...row, ...change(row) } : row));
  const role = 'BarterRoomEnforcement-Recorder-1A';
  const merged = rows.filter(isOwn).flatMap(({ evidence }) => evidence);
  const [host] = rows.filter(isOwn);
  const forgeries: readonly (readonly [string, readonly Row[]])[] = [
    ['by a role of the room', each(({ actor }) => ({ actor: { ...actor, name: actor.name.replace(ADMIN, role) } }))],
    [
      'as one that changes nothing',
      rows.flatMap((row) => {
        if (row.id === host?.id) return [{ ...row, operation: 'DescribeTrails', act: 'describe', evidence: merged }];
        return isOwn(row) ? [] : [row];
      }),
    ],
    ['as one', rows.flatMap((row) => (row.id === host?.id ? [{ ...row, evidence: merged }] : isOwn(row) ? [] : [row]))],
    ['refused', each(() => ({ outcome: 'denied' }))],
    ['by another name', each(() => ({ operation: 'GetItem' }))],
    ['of something else', each(() => ({ resource: { kind: 'other', name: 'else' } }))],
    ['at another time', each(() => ({ at: '2026-03-01T08:59:00Z' }))],
    ['by AWS', each(() => ({ explained: { kind: 'internal', by: 'aws-service' } }))],
    ['for nobody', each(() => ({ grantees: ['111122223333'] }))],
  ];
  for (const [name, forged] of forgeries) {
    put(pack.folder, 'accesses.jsonl', asRows(forged));
    const { findings } = await verifyRecords(pack.folder, given, TOOLS);
    expect({ name, findings }).toEqual({
      name,
      findings: expect.arrayContaining([
        {
          file: expect.stringMatching(/^accesses\.jsonl:\d+$/),
          problem: expect.stringMatching(/^what it tells of .* does not follow from the logs and the record$/),
        },
      ]),
    });
  }
  reportTried('rows of what the room did itself', forgeries.length);
});

it('says of how many of them it cannot: without logs, of logs that are not given, and where no log opens the session', async () => {
  const vended = makeLakeRead({ keys: [`${RELEASE}/own`], at: '2026-03-01T08:30:00Z', account: ROOM });
  // In another file than what is read with it.
  const between = [...BY_HAND, putItem('2026-03-01T08:31:00Z'), putItem('2026-03-01T08:32:00Z')];
  const pack = await makePack(DECISIONS, [...vended.slice(0, 2), ...between, ...vended.slice(2)]);
  const given = [{ label: '', folder: pack.logs }] as const;
  const counted = /^who it was and what was d\w+ of (\d+) rows? of what the room did itself/;
  const held = async () => {
    const { findings, unchecked = [] } = await verifyRecords(pack.folder, given, TOOLS);
    expect(findings).toEqual([]);
    return unchecked.flatMap((line) => counted.exec(line)?.[1] ?? []);
  };
  expect(await held()).toEqual([]);
  const bare = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(bare.unchecked).toContainEqual(expect.stringMatching(counted));
  const logged = await verifyPack(pack.folder, pack.signer.key, { ...TOOLS, isLogged: true });
  expect(logged.unchecked).not.toContainEqual(expect.stringMatching(counted));
  const rows = readLines<Row>(join(pack.folder, 'accesses.jsonl')).filter(isOwn);
  const [{ file } = { file: '' }] = rows.find(({ operation }) => operation === 'GetDataAccess')?.evidence ?? [];
  const isLeft = ({ evidence, resource }: Row) =>
    evidence.some((each) => each.file === file) || resource.name.endsWith(`${RELEASE}/own`);
  const left = rows.filter(isLeft);
  expect(left.some(({ evidence }) => evidence.every((each) => each.file !== file))).toBe(true);
  expect(left.length).toBeLessThan(rows.length);
  rmSync(join(pack.logs, file));
  expect(await held()).toEqual([`${left.length}`]);
});

it('with the logs finds what the room did itself left out, at the ends of its period, too', async () => {
  const at = ['2026-03-01T00:02:00Z', '2026-03-01T23:57:00Z'];
  const pack = await makePack(DECISIONS, at.map(putItem));
  const given = [{ label: '', folder: pack.logs }] as const;
  expect((await verifyRecords(pack.folder, given, TOOLS)).findings).toEqual([]);
  const rows = readLines<Row>(join(pack.folder, 'accesses.jsonl'));
  for (const time of at) {
    put(pack.folder, 'accesses.jsonl', asRows(rows.filter((row) => row.at !== time)));
    expect((await verifyRecords(pack.folder, given, TOOLS)).findings).toEqual([
      {
        file: expect.stringMatching(/^AWSLogs\//),
        problem: expect.stringMatching(/^record \d+ is an access of the period, and in no table$/),
      },
    ]);
  }
});

/** As the function does it that hears of accesses as they are made. @returns how many the ledger did not have */
async function enter({ folder, signer }: Pack, sightings: readonly Sighting[]): Promise<number> {
  const store = openLedgerFolder(join(folder, 'ledger'));
  const accesses = sightings.flatMap(({ reading }) => (reading.kind === 'access' ? [reading.access] : []));
  const publish = publishCheckpointAndKey(store, signer);
  const { appended } = await recordAccesses(sha256, 'room/trial', store, accesses, publish);
  store.close();
  return appended;
}

it('what another account did at home, and tells, is entered as it is told, and so by no report again', async () => {
  const home = makeExport({ dataSet: 'of-its-own', at: '2026-03-01T08:20:00Z', account: PARTNER });
  const pack = await makePack(DECISIONS, [home], undefined, undefined, []);
  expect(readLines<Row>(join(pack.folder, 'accesses.jsonl'))).toMatchObject([{ explained: { kind: 'internal' } }]);
  expect(await enter(pack, [home])).toBe(0);
  expect((await verifyPack(pack.folder, pack.signer.key, TOOLS)).findings).toEqual([]);
});

it('what the room did itself, and somebody enters later, was told in time', async () => {
  const vended = makeLakeRead({ keys: [`${RELEASE}/own`], at: '2026-03-01T08:30:00Z', account: ROOM });
  const pack = await makePack(DECISIONS, vended);
  const ledger = join(pack.folder, 'ledger');
  const handedOut = vended.filter(({ reading }) => reading.kind === 'access' && reading.access.act === 'vend');
  expect(await enter(pack, handedOut)).toBe(handedOut.length);
  expect((await verifyPack(pack.folder, pack.signer.key, { ...TOOLS, ledger })).findings).toEqual([]);
});
