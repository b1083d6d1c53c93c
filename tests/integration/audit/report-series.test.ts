import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readEarlierReport } from '../../../lib/audit/grounds/read-earlier';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { publishCheckpointAndKey } from '../../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyEarlier } from '../../../lib/audit/verify/verify-earlier';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import type { Access } from '../../../lib/domain/audit/access';
import { recordAccesses } from '../../../lib/domain/audit/ledger/record-accesses';
import { makeSigningKey } from '../../../lib/signing-key';
import { makeS3Read, makeTrailChange, PARTNER, REGION, ROOM, type Sighting } from '../../unit/audit/scenario';
import { auditLogs, makeFolder, put, TOOLS, writeLogs } from './audit-trial';

/* Reports that follow each other: whoever signs chooses the periods, and says which reports they follow. */

const STRANGER = '777788889999';
const FIRST = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
const SECOND = { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' };
type Period = typeof FIRST;

function makeRoom() {
  const [logs, ledger, key] = [makeFolder(), makeFolder(), join(makeFolder(), 'audit.pem')];
  makeSigningKey(key);
  const signer = openNoteSigner(key, 'room/trial');
  const shared = { signer, ledger: { origin: 'room/trial', open: () => openLedgerFolder(ledger) } };
  return {
    logs,
    /** @returns the room's record of it */
    readAs: (account: string, at: string) => {
      const sightings = makeS3Read({ key: `usage/round=1/${at}`, at, account });
      writeLogs(join(logs, `${account}-${at}`), sightings);
      return sightings.flatMap(({ reading }) => (reading.kind === 'access' ? reading.access : [])).slice(0, 1);
    },
    /** As `record-access` does. */
    enter: async (accesses: readonly Access[]) => {
      const store = openLedgerFolder(ledger);
      await recordAccesses(sha256, 'room/trial', store, accesses, publishCheckpointAndKey(store, signer));
      store.close();
    },
    /** Says, by the name of an empty file, that all of the days before has come. */
    deliver: (day: string) => {
      const [date, stamp] = [day.replaceAll('-', '/'), `${day.replaceAll('-', '')}T0030Z`];
      const name = `${ROOM}_CloudTrail_${REGION}_${stamp}_end.json.gz`;
      put(logs, `AWSLogs/${ROOM}/CloudTrail/${REGION}/${date}/${name}`, gzipSync('{"Records":[]}'));
    },
    audit: async (period: Period, ...packs: readonly string[]) => {
      const read = (await Promise.all(packs.map(readEarlierReport))).filter((each) => typeof each !== 'string');
      const earlier = {
        periods: read.map((each) => each.period),
        inputs: read.map(({ inputs }) => inputs),
        exceptions: packs.map((pack) => join(pack, 'exceptions.jsonl')),
        told: read.map(({ told }) => told),
      };
      const trial = await auditLogs(logs, { ...shared, ...period, ...(packs.length > 0 && { earlier }) });
      return trial.out;
    },
    verify: async (pack: string, ...earlier: readonly string[]) => {
      const { findings, unchecked = [] } = await verifyPack(pack, signer.key, { ...TOOLS, ledger, earlier });
      return { findings, unchecked };
    },
  };
}

const untold = (problem: string) => ({ file: expect.stringMatching(/^ledger: entry \d+$/), problem });
const UNTOLD = untold('it is of the time before, and in no table');

/** What a signer says of the time, and of the ledger then. */
function tellOtherwise(pack: string, change: (header: { ledger: { size: number } }) => object) {
  const report = JSON.parse(readFileSync(join(pack, 'report.json'), 'utf8'));
  put(pack, 'report.json', JSON.stringify({ ...report, header: { ...report.header, ...change(report.header) } }));
}

async function makeSeries() {
  const room = makeRoom();
  room.readAs(PARTNER, '2026-03-01T08:00:00Z');
  room.deliver('2026-03-02');
  const first = await room.audit(FIRST);
  room.readAs(STRANGER, '2026-03-01T15:30:00Z');
  room.readAs(PARTNER, '2026-03-02T08:00:00Z');
  room.deliver('2026-03-03');
  const second = await room.audit(SECOND, first);
  const honest = await room.verify(second, first);
  expect(honest).toEqual({ findings: [], unchecked: expect.not.arrayContaining([expect.stringMatching(/before/)]) });
  const rows = readFileSync(join(second, 'accesses.jsonl'), 'utf8');
  const kept = rows.split('\n').filter((line) => !line.includes('"late"'));
  expect(kept.join('\n')).not.toBe(rows);
  const leaveOut = () => put(second, 'accesses.jsonl', kept.join('\n'));
  return { ...room, first, second, leaveOut };
}

it('finds what came late and was left out, though it is said to have been entered meanwhile', async () => {
  const { first, second, leaveOut, verify } = await makeSeries();
  leaveOut();
  expect((await verify(second, first)).findings).toContainEqual(UNTOLD);
  tellOtherwise(second, ({ ledger }) => ({ ledger: { ...ledger, meanwhile: [{ from: 0, to: ledger.size }] } }));
  expect((await verify(second, first)).findings).toContainEqual(UNTOLD);
});

it('finds what came late and was left out, though the report says that it follows none', async () => {
  const { first, second, leaveOut, verify } = await makeSeries();
  leaveOut();
  tellOtherwise(second, () => ({ after: undefined }));
  expect((await verify(second, first)).findings).toContainEqual(
    untold('it is of the time before, and in no table: this report does not say that it follows the one of then'),
  );
  expect((await verify(second)).unchecked).toContainEqual(
    expect.stringMatching(/^\d+ accesses of before its period: it names no report that tells them$/),
  );
});

it('says which report it knows only by name, where what came late and was left out may be in that', async () => {
  const { first, second, leaveOut, verify } = await makeSeries();
  leaveOut();
  tellOtherwise(second, () => ({ after: [{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' }] }));
  expect((await verify(second, first)).findings).toContainEqual(UNTOLD);
  const shorter = { ...FIRST, to: '2026-03-01T23:59:59Z' };
  for (const after of [[FIRST, { from: '2026-02-01T00:00:00Z', to: FIRST.from }], [FIRST, shorter], [shorter]]) {
    tellOtherwise(second, () => ({ after }));
    expect((await verify(second, first)).unchecked).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the report from .*, which it follows: no pack of it is named$/),
        expect.stringMatching(/^\d+ accesses of the time before, and in no pack that is named/),
      ]),
    );
  }
});

it('finds what came late and is told as a further record of what no report told', async () => {
  const { first, second } = await makeSeries();
  const rows = readFileSync(join(second, 'accesses.jsonl'), 'utf8');
  const further = rows.replaceAll('"late":"whole"', '"late":"further"');
  expect(further).not.toBe(rows);
  put(second, 'accesses.jsonl', further);
  const left = /^1 access told as a further record: no pack that is named has another$/;
  expect(await verifyEarlier(second, [first])).toMatchObject({
    findings: [
      {
        file: expect.stringMatching(/^accesses\.jsonl:\d+$/),
        problem: 'it is told as a further record, and no earlier pack has another',
      },
    ],
    unchecked: [],
  });
  expect(await verifyEarlier(second, [])).toMatchObject({ findings: [], unchecked: [expect.stringMatching(left)] });
  tellOtherwise(second, () => ({ after: [FIRST, { from: '2026-02-01T00:00:00Z', to: FIRST.from }] }));
  expect(await verifyEarlier(second, [first])).toMatchObject({
    findings: [],
    unchecked: [expect.stringMatching(left)],
  });
});

describe('an exception of which a further record comes', () => {
  const AT = '2026-03-01T15:30:00Z';
  const isOfThen = (line: string) => line !== '' && JSON.parse(line).kind === 'unexplained';
  const readExceptions = (pack: string) => readFileSync(join(pack, 'exceptions.jsonl'), 'utf8').split('\n');

  /** A stranger's read, of which S3's own line comes a day later than the trail's record. */
  async function makeFurther(judged: boolean) {
    const room = makeRoom();
    const sightings = makeS3Read({ key: 'usage/round=1/a', at: AT, account: STRANGER });
    const isLine = ({ source }: Sighting) => source.log === 's3-access-log';
    writeLogs(
      join(room.logs, 'trail'),
      sightings.filter((each) => !isLine(each)),
    );
    // Until then all has come; or nothing is known to have.
    if (judged) room.deliver('2026-03-02');
    const first = await room.audit(FIRST);
    writeLogs(join(room.logs, 'line'), sightings.filter(isLine));
    room.deliver('2026-03-03');
    return { ...room, first, second: await room.audit(SECOND, first) };
  }

  it('is told once, by the report of its time, and verify looks for it there', async () => {
    const { first, second, verify } = await makeFurther(true);
    const rows = readFileSync(join(second, 'accesses.jsonl'), 'utf8').trimEnd();
    expect(JSON.parse(rows)).toMatchObject({ late: 'further', explained: { kind: 'unattributed' } });
    expect([first, second].map((pack) => readExceptions(pack).filter(isOfThen).length)).toEqual([1, 0]);
    expect((await verify(second, first)).findings).toEqual([]);
    expect(await verifyEarlier(second, [first])).toMatchObject({ findings: [], unchecked: [] });
    expect((await verifyEarlier(second, [])).unchecked).toContain(
      '1 exception of which a further record came: no pack that is named lists it',
    );
    const told = readExceptions(first);
    const untold = {
      file: 'accesses.jsonl:1',
      problem: 'it is an exception (unexplained), and listed neither here nor in an earlier pack',
    };
    for (const other of [
      told.filter((line) => !isOfThen(line)),
      told.map((line) => line.replace('"unexplained"', '"bypass"')),
    ]) {
      put(first, 'exceptions.jsonl', other.join('\n'));
      expect(await verifyEarlier(second, [first])).toMatchObject({ findings: [untold], unchecked: [] });
    }
    // It may be in a report that is not at hand, or was none of the party's business then.
    const before = { from: '2026-02-01T00:00:00Z', to: FIRST.from };
    for (const change of [{ after: [FIRST, before] }, { recipient: { agreement: 'swap', party: 'retail' } }]) {
      tellOtherwise(second, () => ({ after: [FIRST], recipient: undefined, ...change }));
      const { findings, unchecked } = await verifyEarlier(second, [first]);
      expect([findings, unchecked]).toEqual([
        [],
        [expect.stringMatching(/^1 exception of which a further record came/)],
      ]);
    }
  });

  it('is told by the next, where it was too young to be judged', async () => {
    const { first, second, verify } = await makeFurther(false);
    expect([first, second].map((pack) => readExceptions(pack).filter(isOfThen).length)).toEqual([0, 1]);
    expect((await verify(second, first)).findings).toEqual([]);
    expect(await verifyEarlier(second, [first])).toMatchObject({ findings: [], unchecked: [] });
    put(
      second,
      'exceptions.jsonl',
      readExceptions(second)
        .filter((line) => !isOfThen(line))
        .join('\n'),
    );
    expect((await verifyEarlier(second, [first])).findings).toContainEqual({
      file: 'accesses.jsonl:1',
      problem: expect.stringMatching(/^it is an exception \(unexplained\), and listed neither/),
    });
  });
});

it('what the room did itself and was delivered once more is told once more, and its record not twice', async () => {
  const { logs, deliver, audit } = makeRoom();
  const change = [makeTrailChange('2026-03-01T08:00:00Z')];
  writeLogs(join(logs, 'once'), change);
  deliver('2026-03-02');
  const first = await audit(FIRST);
  writeLogs(join(logs, 'again'), change);
  deliver('2026-03-03');
  const second = await audit(SECOND, first);
  const rows = readFileSync(join(second, 'accesses.jsonl'), 'utf8');
  expect(JSON.parse(rows)).toMatchObject({ late: 'whole', explained: { kind: 'internal' } });
  expect((await verifyEarlier(second, [first])).findings).toEqual([]);
  put(second, 'accesses.jsonl', rows.replaceAll('again/', 'once/'));
  expect((await verifyEarlier(second, [first])).findings).toEqual([
    { file: 'accesses.jsonl:1', problem: expect.stringMatching(/^it is told as late, and is in .* already$/) },
  ]);
});

it('finds what is of a time between the reports, until one is made of it', async () => {
  const { readAs, enter, deliver, audit, verify } = makeRoom();
  const [morning, noon, evening] = [
    { from: '2026-03-01T00:00:00Z', to: '2026-03-01T14:00:00Z' },
    { from: '2026-03-01T14:00:00Z', to: '2026-03-01T14:40:00Z' },
    { from: '2026-03-01T14:40:00Z', to: '2026-03-02T00:00:00Z' },
  ] as const;
  const hidden = readAs(STRANGER, '2026-03-01T14:31:00Z');
  for (const at of ['2026-03-01T08:00:00Z', '2026-03-01T20:00:00Z']) readAs(PARTNER, at);
  deliver('2026-03-02');
  const first = await audit(morning);
  const quiet = await audit(evening, first);
  const between = /^the time from 2026-03-01T14:00:00Z to 2026-03-01T14:40:00Z: no report that is named is of then$/;
  const lines = async (pack: string, ...earlier: readonly string[]) => {
    const { findings, unchecked } = await verify(pack, ...earlier);
    return { findings, unchecked: unchecked.filter((line) => /between|is of then/.test(line)) };
  };
  expect(await lines(quiet, first)).toEqual({ findings: [], unchecked: [expect.stringMatching(between)] });
  const { reliance } = JSON.parse(readFileSync(join(quiet, 'report.json'), 'utf8'));
  expect(reliance).toContainEqual(expect.objectContaining({ on: 'times-between' }));
  await enter(hidden);
  const second = await audit(evening, first);
  expect((await lines(second, first)).findings).toEqual([
    untold('it is of the time before, and in no table: no report is of then'),
  ]);
  expect(await lines(second)).toEqual({
    findings: [],
    unchecked: [expect.stringMatching(between), '1 access of a time between the reports that are named'],
  });
  expect(await lines(second, first, await audit(noon, first))).toEqual({ findings: [], unchecked: [] });
});
