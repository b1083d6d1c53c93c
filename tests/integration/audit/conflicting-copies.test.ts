import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { publishCheckpointAndKey } from '../../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyRecords } from '../../../lib/audit/verify/verify-evidence';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import type { Access } from '../../../lib/domain/audit/access';
import { recordAccesses } from '../../../lib/domain/audit/ledger/record-accesses';
import { LEDGER_EVIDENCE } from '../../../lib/domain/audit/ledger-evidence';
import type { ReportedException } from '../../../lib/domain/audit/report/reported-exception';
import { nameLinkSession } from '../../../lib/domain/enforcement/doors/link-session';
import { makeSigningKey } from '../../../lib/signing-key';
import { reportTried } from '../../unit/audit/mutations';
import {
  makeDecrypt,
  makeDoorUse,
  makeLakeRead,
  makeLinkRead,
  makeQuery,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  makeSignIn,
  makeTrailChange,
  PARTNER,
  ROOM,
  type Sighting,
} from '../../unit/audit/scenario';
import { makeFolder, put, TOOLS } from './audit-trial';
import { DECISIONS, LANDING, makePack, RELEASE, readLines, STRANGER } from './room-pack';

/* What was entered as it happened, and stands otherwise in the logs. */

const ORIGIN = 'room/trial';
const PARTY = 'barter-party-telco-retail-2026.retail';
const PERIOD_END = '2026-03-02T00:00:00Z';

/** A ledger to which others wrote before the first report. */
async function enterLive(accesses: readonly Access[]) {
  const [folder, key] = [makeFolder(), join(makeFolder(), 'audit.pem')];
  makeSigningKey(key);
  const signer = openNoteSigner(key, ORIGIN);
  const store = openLedgerFolder(join(folder, 'ledger'));
  await recordAccesses(sha256, ORIGIN, store, accesses, publishCheckpointAndKey(store, signer));
  store.close();
  return { folder, signer };
}

function chooser(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Choose = ReturnType<typeof chooser>;
const pick = <T>(choose: Choose, from: readonly T[]): T => from[Math.floor(choose() * from.length)]!;

function makeSome(choose: Choose): readonly Sighting[] {
  const minute = Math.floor(choose() * 60);
  const at = new Date(Date.parse('2026-03-01T08:00:00Z') + minute * 60_000).toISOString().replace('.000Z', 'Z');
  const [key, account] = [`${RELEASE}/${minute}`, pick(choose, [PARTNER, PARTNER, STRANGER, ROOM])];
  const user = 'telco-retail-2026.retail';
  return pick(choose, [
    () => makeS3Read({ key, at, account }),
    () => makeLakeRead({ keys: [`${key}/a`, `${key}/b`], at, account: account === ROOM ? PARTNER : account }),
    () => makeQuery({ key, at, account: PARTNER }),
    () => makeSftpUpload({ user, key: `${LANDING}/${minute}.csv`, at }),
    () => makeSftpDownload({ user, keys: [key], at, ip: pick(choose, ['192.0.2.7', '198.51.100.9']) }),
    () => makeLinkRead({ session: nameLinkSession('linked'), key, at: '2026-03-01T08:10:00Z' }),
    () => makeSignIn({ role: PARTY, at, by: pick(choose, [{ kind: 'own' }, { kind: 'account', account: PARTNER }]) }),
    () => makeDoorUse({ role: PARTY, at, operation: 'PutObject', key: `${LANDING}/${minute}.csv` }),
    () => [makeDecrypt({ key, at, account: PARTNER })],
    () => [makeTrailChange(at)],
  ])();
}

/** The same access, which says something else in one thing. */
function alter(access: Access, choose: Choose): Access {
  return pick<() => Access>(choose, [
    () => ({ ...access, outcome: access.outcome === 'allowed' ? 'denied' : 'allowed' }),
    () => ({ ...access, bytes: { out: 12, in: 0 } }),
    () => ({ ...access, actor: { kind: 'account', account: STRANGER } }),
    () => ({ ...access, actor: { kind: 'account', account: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Own/x` } }),
    () => ({ ...access, recordedBy: access.recordedBy === ROOM ? PARTNER : ROOM }),
    () => ({ ...access, joins: {} }),
    () => ({ ...access, resource: { kind: 'other', id: 'else' } }),
  ])();
}

const accessOf = ({ reading }: Sighting): readonly Access[] => (reading.kind === 'access' ? [reading.access] : []);

it('a pack that tells honestly of copies that differ is found to be that, whatever differs', async () => {
  const packs = Number(process.env.CONFLICTS ?? 25);
  let [conflicts, byCopy] = [0, 0];
  for (let seed = 1; seed <= packs; seed += 1) {
    const choose = chooser(seed);
    const day = Array.from({ length: 14 }, () => makeSome(choose)).flat();
    const live = day.flatMap(accessOf).filter(() => choose() < 0.4);
    const first = await enterLive(live.map((each) => (choose() < 0.3 ? alter(each, choose) : each)));
    const pack = await makePack(DECISIONS, [], first, PERIOD_END, day);
    const ledger = join(first.folder, 'ledger');
    const logs = [{ label: '', folder: pack.logs }] as const;
    const findings = [
      ...(await verifyPack(pack.folder, pack.signer.key, { ...TOOLS, ledger })).findings,
      ...(await verifyRecords(pack.folder, logs, TOOLS)).findings,
      ...(await verifyPack(pack.retail, pack.signer.key, TOOLS)).findings,
      ...(await verifyPack(pack.retail, pack.signer.key, { ...TOOLS, ledger })).findings,
      ...(await verifyRecords(pack.retail, logs, TOOLS)).findings,
    ];
    expect({ seed, findings }).toEqual({ seed, findings: [] });
    const told = readLines<{ kind: string; byCopy?: true }>(join(pack.folder, 'exceptions.jsonl'));
    conflicts += told.filter(({ kind }) => kind === 'conflicting-record').length;
    byCopy += told.filter((each) => each.byCopy).length;
  }
  expect(conflicts).toBeGreaterThan(packs);
  expect(byCopy).toBeGreaterThan(packs / 2);
  reportTried(`copies that differ, in packs that are honest, ${byCopy} of which show a breach`, conflicts);
});

it('tells a breach that the ledger’s copy alone shows, in each pack that it concerns, and no other word on it is believed', async () => {
  const [strangers, own] = ['2026-03-01T08:20:00Z', '2026-03-01T08:30:00Z'];
  const day = [
    ...makeS3Read({ key: `${RELEASE}/a`, at: strangers, account: STRANGER }),
    makeTrailChange(own),
    ...makeS3Read({ key: `${RELEASE}/b`, at: '2026-03-01T08:40:00Z', account: PARTNER }),
  ];
  const [read, change] = [day[0]!, day.find(({ reading }) => at(reading) === own)!].map((each) => accessOf(each)[0]!);
  // The logs say that it was a party, and the room; the ledger, that it was a stranger.
  const first = await enterLive([read!, { ...change!, actor: { kind: 'account', account: STRANGER } }]);
  const told = day.map((each) => (each === day[0] ? asPartners(each) : each));
  const pack = await makePack(DECISIONS, [], first, PERIOD_END, told);
  const tools = { ...TOOLS, ledger: join(first.folder, 'ledger') };
  expect((await verifyPack(pack.folder, pack.signer.key, tools)).findings).toEqual([]);
  const listTold = (folder: string) => readLines<ReportedException>(join(folder, 'exceptions.jsonl'));
  const byCopy = listTold(pack.folder).filter((each) => each.byCopy);
  expect(byCopy).toEqual([
    expect.objectContaining({
      kind: 'unexplained',
      severity: 'breach',
      at: strangers,
      detail: expect.stringMatching(new RegExp(`^By the ledger’s copy: s3 GetObject of .* by ${STRANGER}`)),
      evidence: expect.arrayContaining([expect.objectContaining({ file: LEDGER_EVIDENCE, event: read!.id })]),
    }),
  ]);
  const conflicts = listTold(pack.folder).filter(({ kind }) => kind === 'conflicting-record');
  expect(conflicts.map(({ evidence }) => evidence.map(({ event }) => event))).toEqual([[read!.id], [change!.id]]);
  expect(listTold(pack.retail).filter((each) => each.byCopy)).toEqual(byCopy);
  const { verdict } = JSON.parse(readFileSync(join(pack.folder, 'report.json'), 'utf8'));
  expect(verdict.kind).toBe('breached');
  const lines = readFileSync(join(pack.folder, 'exceptions.jsonl'), 'utf8').trimEnd().split('\n');
  const isByCopy = (line: string) => JSON.parse(line).byCopy === true;
  for (const [forged, problem] of [
    [lines.filter((line) => !isByCopy(line)), /its entry shows unexplained, and no exception tells that/],
    [lines.map((line) => (isByCopy(line) ? line.replace(STRANGER, PARTNER) : line)), /its entry shows unexplained/],
    [[...lines, ...lines.filter(isByCopy)], /the ledger’s copy does not show it/],
  ] as const) {
    put(pack.folder, 'exceptions.jsonl', `${forged.join('\n')}\n`);
    const { findings } = await verifyPack(pack.folder, pack.signer.key, tools);
    expect(findings.map((each) => each.problem)).toContainEqual(expect.stringMatching(problem));
  }
});

const at = (reading: Sighting['reading']) => (reading.kind === 'access' ? reading.access.at : '');

/** The same record, by somebody of a party's account. */
function asPartners(sighting: Sighting): Sighting {
  const { source } = sighting;
  if (source.log !== 'cloudtrail') throw new Error('Of CloudTrail alone.');
  const record = { ...source.record, ...{ userIdentity: { type: 'AWSAccount', accountId: PARTNER } } };
  return { ...sighting, source: { log: 'cloudtrail', record } };
}
