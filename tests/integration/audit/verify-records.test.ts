import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUTS } from '../../../lib/audit/grounds/input-list';
import { INPUT_LABELS } from '../../../lib/audit/grounds/input-names';
import { openRecount } from '../../../lib/audit/verify/recount-records';
import { verifyRecords } from '../../../lib/audit/verify/verify-evidence';
import { verifyInputs } from '../../../lib/audit/verify/verify-inputs';
import { verifyJudgements } from '../../../lib/audit/verify/verify-judgements';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import type { AuditReport } from '../../../lib/domain/audit/report/audit-report';
import { reportTried } from '../../unit/audit/mutations';
import { BUCKET, ROOM } from '../../unit/audit/scenario';
import { makeFolder, put, TOOLS } from './audit-trial';
import { makeDay, makePack, STRANGER } from './room-pack';

/* What a report tells of how much it was made of. */

/** Records of a known and of no known kind, of the room and of others who name it. */
const OTHERS = [
  { eventSource: 'glue.amazonaws.com', eventName: 'GetTable', by: ROOM },
  { eventSource: 'bedrock.amazonaws.com', eventName: 'InvokeModel', by: STRANGER },
].map(({ by, ...event }, at) => ({
  eventVersion: '1.11',
  eventTime: `2026-03-01T08:3${at}:00Z`,
  eventID: `other-${at}`,
  recipientAccountId: ROOM,
  awsRegion: 'eu-central-1',
  userIdentity: { type: 'AssumedRole', accountId: by, arn: `arn:aws:sts::${by}:assumed-role/R/s` },
  requestParameters: { bucketName: BUCKET },
  ...event,
}));

async function makeRead() {
  const pack = await makePack(undefined, [], undefined, undefined, makeDay(), (logs) =>
    put(logs, 'AWSLogs/others.json', JSON.stringify({ Records: [...OTHERS, 7] })),
  );
  const given = [{ label: '', folder: pack.logs }] as const;
  const path = join(pack.folder, 'report.json');
  const report: AuditReport = JSON.parse(readFileSync(path, 'utf8'));
  const tell = (change: (header: Record<string, never>) => unknown, folder = pack.folder) => {
    const told = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    change(told.header);
    put(folder, 'report.json', JSON.stringify(told));
  };
  return { pack, given, report, tell, restore: () => put(pack.folder, 'report.json', JSON.stringify(report)) };
}

const problems = ({ findings }: { readonly findings: readonly { readonly problem: string }[] }) =>
  findings.map(({ problem }) => problem);

it('counts records again from the logs, and finds any other number or kind', async () => {
  const { pack, given, report, restore } = await makeRead();
  const { records } = report.header;
  expect([records.internal, records.unknown, records.malformed].map((kinds) => kinds.length > 0)).toEqual([
    true,
    true,
    true,
  ]);
  const honest = await verifyRecords(pack.folder, given, TOOLS);
  expect(honest.findings).toEqual([]);
  expect(honest.checked).toContain('records that were read were counted again');
  expect((await verifyJudgements(pack.folder, TOOLS)).findings).toEqual([]);
  const words: readonly (readonly [Partial<typeof records>, RegExp])[] = [
    [{ read: records.read + 1 }, /how many records were read/],
    [{ accesses: records.accesses + 1 }, /how many of them are accesses/],
    [{ duplicates: records.duplicates + 1 }, /how many of them are accesses/],
    [{ internal: [] }, /what the room did by itself/],
    [{ unknown: [] }, /records of no known kind/],
    [{ malformed: [] }, /records that could not be read/],
    [
      { malformed: records.malformed.map((each) => ({ ...each, first: { file: 'x', record: 0 } })) },
      /could not be read/,
    ],
  ];
  for (const [change, problem] of words) {
    put(
      pack.folder,
      'report.json',
      JSON.stringify({ ...report, header: { ...report.header, records: { ...records, ...change } } }),
    );
    const found = problems(await verifyRecords(pack.folder, given, TOOLS));
    expect({ change, found }).toEqual({ change, found: [expect.stringMatching(problem)] });
  }
  restore();
  const table = readFileSync(join(pack.folder, 'exceptions.jsonl'), 'utf8');
  const without = table.split('\n').filter((line) => !line.includes('unread-record'));
  expect(without.length).toBeLessThan(table.split('\n').length);
  put(pack.folder, 'exceptions.jsonl', without.join('\n'));
  expect(problems(await verifyRecords(pack.folder, given, TOOLS))).toEqual([expect.stringMatching(/concern others/)]);
  put(pack.folder, 'exceptions.jsonl', table);
  const reached = { ...report, operator: { ...report.operator, reached: [{ ...report.operator.reached[0] }] } };
  put(pack.folder, 'report.json', JSON.stringify(reached));
  expect(problems(await verifyRecords(pack.folder, given, TOOLS))).toEqual([
    expect.stringMatching(/own people reached/),
  ]);
  reportTried('words on what was read', words.length + 2);
});

it('says that records were not counted, where not all logs are here', async () => {
  const { pack } = await makeRead();
  const some = makeFolder();
  cpSync(join(pack.logs, 'AWSLogs'), join(some, 'AWSLogs'), { recursive: true });
  for (const given of [[], [{ label: '', folder: some } as const]]) {
    const { findings, unchecked = [] } = await verifyRecords(pack.folder, given, TOOLS);
    expect(findings).toEqual([]);
    expect(unchecked).toContainEqual(expect.stringMatching(/^how many records were read, and of which kinds/));
  }
});

it('holds what is told of records against the tables, whoever’s pack it is', async () => {
  const { pack, report, tell } = await makeRead();
  const { records } = report.header;
  for (const change of [
    { accesses: 0, duplicates: 0 },
    { read: records.accesses },
    { read: 1.5 },
    { conflicts: -1 },
    { unknown: [{ what: 'x', records: 1e9, first: { file: 'x', record: 0 } }] },
  ]) {
    put(
      pack.folder,
      'report.json',
      JSON.stringify({ ...report, header: { ...report.header, records: { ...records, ...change } } }),
    );
    expect(problems(await verifyJudgements(pack.folder, TOOLS))).toContainEqual(
      expect.stringMatching(/how many records were read is not what its tables show/),
    );
  }
  tell((header) => Object.assign(header.records!, { accesses: 1 }), pack.retail);
  expect(problems(await verifyJudgements(pack.retail, TOOLS))).toContainEqual(
    expect.stringMatching(/how many records/),
  );
});

it('holds sizes of files, and which are listed, against what is here', async () => {
  const { pack, given, report, tell, restore } = await makeRead();
  const { inputs } = report.header;
  expect((await verifyInputs(pack.folder, given)).findings).toEqual([]);
  expect((await verifyInputs(pack.retail, given)).findings).toEqual([]);
  const [first, ...others] = inputs.listed;
  const isRecord = ({ file }: { readonly file: string }) => file.startsWith(`${INPUT_LABELS.record}/`);
  for (const [change, problem] of [
    [{ bytes: inputs.bytes + 1 }, /sizes of files/],
    [{ bytes: 0 }, /sizes of files/],
    [{ listed: others }, new RegExp(`the files that it lists are not the first of ${INPUTS}`)],
    [{ listed: [{ ...first, sha256: '0'.repeat(64) }, ...others] }, /files that it lists/],
    [
      {
        // The sum is the same.
        listed: inputs.listed.map((each, at) => ({ ...each, bytes: each.bytes + (at === 0 ? 1 : at === 1 ? -1 : 0) })),
      },
      /sizes of files/,
    ],
  ] as const) {
    tell((header) => Object.assign(header.inputs!, change));
    expect(problems(await verifyInputs(pack.folder, given))).toContainEqual(expect.stringMatching(problem));
    restore();
  }
  expect(inputs.listed.filter(isRecord).length).toBeGreaterThan(1);
});

it('finds a report that says of a whole ledger that it was not verified', async () => {
  const { pack, tell } = await makeRead();
  tell((header) => Object.assign(header.ledger!, { verified: false }));
  const found = problems(await verifyPack(pack.folder, pack.signer.key, TOOLS));
  expect(found).toContain('it does not say that its ledger was verified, and the ledger is whole');
});

it('takes for accesses those around its period, and with a report of the time before any of that time', async () => {
  const { pack, report } = await makeRead();
  const { period } = report.header;
  const around = [period.from, new Date(Date.parse(period.from) - 3_600_000).toISOString()];
  const before = new Date(Date.parse(period.from) - 30 * 86_400_000).toISOString();
  const isBelieved = async (accesses: number, after?: AuditReport['header']['after']) => {
    const records = { ...report.header.records, accesses, duplicates: 0, conflicts: 0 };
    const header = { ...report.header, records, ...(after === undefined ? {} : { after }) };
    const recount = openRecount(pack.folder, { ...report, header });
    for (const at of [...around, before, before]) recount?.addAccess(at);
    return !problems({ findings: (await recount?.finish()) ?? [] }).some((each) => /of them are accesses/.test(each));
  };
  const after = [{ from: before, to: period.from }];
  const counts = [1, 2, 3, 4, 5];
  expect(await Promise.all(counts.map((count) => isBelieved(count)))).toEqual([false, true, false, false, false]);
  expect(await Promise.all(counts.map((count) => isBelieved(count, after)))).toEqual([false, true, true, true, false]);
});
