import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { INPUT_LABELS } from '../../../lib/audit/grounds/input-names';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import { listLogFiles } from '../../../lib/audit/logs/list-log-files';
import { openLogFolders } from '../../../lib/audit/logs/open-log-folders';
import { scanLogs } from '../../../lib/audit/logs/scan-logs';
import { runAudit } from '../../../lib/audit/run-audit';
import { listOf } from '../../../lib/audit/spool/ordered-list';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import {
  BUCKET,
  makeS3Read,
  makeSftpUpload,
  makeSummary,
  PARTNER,
  REGION,
  ROOM,
  type Sighting,
} from '../../unit/audit/scenario';
import { auditLogs, DECISIONS, makeFolder, OUTPUTS, prepareTrial, put, TOOLS, writeLogs } from './audit-trial';

const AT = '2026-03-01T09:00:00Z';
/** For logs that tell of no time. */
const PERIOD = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

function recordsOf(count: number, key = (at: number) => `usage/${at}.parquet`): readonly object[] {
  const reads = Array.from({ length: count }, (_, at) => makeS3Read({ key: key(at), at: AT, account: PARTNER }));
  return reads.flat().flatMap(({ source }) => (source.log === 'cloudtrail' ? [source.record] : []));
}

const pack = (records: readonly object[]) => gzipSync(JSON.stringify({ Records: records }));

it('reads what can be read, and names every file that cannot, with the reason', async () => {
  const logs = makeFolder();
  const whole = pack(recordsOf(3));
  put(logs, 'good.json.gz', whole);
  put(logs, 'plain.json', JSON.stringify({ Records: recordsOf(2) }));
  put(logs, 'marked.json', `\ufeff${JSON.stringify({ Records: recordsOf(1) })}`);
  put(logs, 'cut.json.gz', whole.subarray(0, whole.length - 40));
  put(logs, 'no-checksum.json.gz', whole.subarray(0, whole.length - 8));
  put(
    logs,
    'flipped.json.gz',
    Uint8Array.from(whole, (byte, at) => (at === whole.length - 6 ? byte ^ 1 : byte)),
  );
  put(logs, 'trailing.json.gz', Buffer.concat([pack(recordsOf(1)), Buffer.from('and more')]));
  const nameOf = (id: string) => `${ROOM}_CloudTrail_${REGION}_20260301T0905Z_${id}.json.gz`;
  put(logs, nameOf('a'), Buffer.concat([whole, whole]));
  put(logs, nameOf('b'), Buffer.concat([whole, pack([])]));
  put(logs, 'half.json', JSON.stringify({ Records: recordsOf(2) }).slice(0, -300));
  put(logs, 'empty.json.gz', '');
  put(logs, 'only-magic.gz', Uint8Array.of(0x1f, 0x8b, 8, 0));
  put(logs, 'notes.txt', 'nothing of a log');
  const placed = `AWSLogs/${ROOM}/CloudTrail/${REGION}/2026/03/01/`;
  put(logs, `${placed}${nameOf('c')}`, gzipSync('hello'));
  put(logs, `${placed}${nameOf('d')}`, 'hello');
  put(logs, 'picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0));
  put(logs, '\u001b[31mred<b>.json', '{"Records":[');
  symlinkSync('/etc/passwd', join(logs, 'link.json'));
  const trial = await auditLogs(logs);
  const problems = Object.fromEntries(trial.unread.map(({ file, problem }) => [file, problem]));
  expect(problems).toEqual({
    'cut.json.gz': 'its compressed data are damaged or cut short',
    'no-checksum.json.gz': 'it ends before its checksum',
    'flipped.json.gz': 'its content does not fit its checksum',
    'trailing.json.gz': '8 bytes lie behind its compressed content',
    // CloudTrail writes one member.
    [nameOf('a')]: `${whole.length} bytes lie behind its compressed content`,
    [nameOf('b')]: `${pack([]).length} bytes lie behind its compressed content`,
    'half.json': 'it ends in the middle of its records',
    'empty.json.gz': 'it is empty',
    'only-magic.gz': 'it begins as gzip and is none',
    'notes.txt': 'it is no log that is known here',
    [`${placed}${nameOf('c')}`]: 'it lies where CloudTrail puts a log, and is none',
    [`${placed}${nameOf('d')}`]: 'it lies where CloudTrail puts a log, and is none',
    'picture.png': 'it is no log that is known here',
    '\u001b[31mred<b>.json': 'it ends in the middle of its records',
    'link.json': 'it is a link or something else that is no file',
  });
  // 3 + 2 + 1 + 1 in whole files, two before the cut of `half.json`; copies in broken files are the same accesses.
  expect(trial.rows).toHaveLength(9);
  expect(trial.exceptions.filter(({ kind }) => kind === 'broken-integrity')).toHaveLength(13);
});

describe('the SFTP server’s log', () => {
  const lines = makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/p.csv', at: AT });
  const told = lines.flatMap(({ source }) => (source.log === 'cloudwatch' ? [source.event] : []));
  const deliver = (logEvents: readonly object[], messageType = 'DATA_MESSAGE') =>
    JSON.stringify({ messageType, owner: ROOM, logGroup: '/aws/transfer/s-1', logStream: 'x', logEvents });
  const auditTransfer = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    const [logs, folder] = [makeFolder(), makeFolder()];
    put(logs, 'whole.json', JSON.stringify({ Records: recordsOf(1) }));
    for (const [name, content] of Object.entries(files)) put(folder, name, content);
    const inputs = [
      { label: '', folder: logs },
      { label: INPUT_LABELS.transfer, folder },
    ] as const;
    // Digests, if there are any, vouch for nothing but the trail's own.
    const trial = await auditLogs(logs, { logs: openLogFolders(inputs, { folder: makeFolder(), publicKeys: [] }) });
    const broken = trial.exceptions.filter(({ kind }) => kind === 'broken-integrity').map(({ detail }) => detail);
    return { ...trial, broken: broken.filter((detail) => detail.startsWith(INPUT_LABELS.transfer)) };
  };

  it('is read as a subscription delivers it, message after message', async () => {
    const control = deliver(
      [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
      'CONTROL_MESSAGE',
    );
    const files = { 'a.json': `${control}${deliver(told.slice(0, 1))}${deliver(told.slice(1))}` };
    const { rows, report, broken } = await auditTransfer(files);
    const { malformed, unknown } = report.header.records;
    expect({ malformed, unknown, broken }).toMatchObject({
      malformed: [],
      unknown: [{ what: 'CWL CONTROL MESSAGE', records: 1 }],
      broken: [],
    });
    expect(rows.filter(({ service }) => service === 'transfer').map(({ operation }) => operation)).toEqual(
      ['CONNECTED', 'CLOSE', 'DISCONNECTED'].map((each) => expect.stringContaining(each)),
    );
  });

  it('is an exception where nothing of it can be read', async () => {
    const { broken } = await auditTransfer({ 'lines.json': '{"a":1}\n{"b":2}\n', 'note.txt': 'none' });
    expect(broken).toEqual([
      expect.stringMatching(/^transfer-logs\/lines\.json: .*: it holds no record of a log/),
      expect.stringMatching(/^transfer-logs\/note\.txt: .*: it holds no record of a log/),
    ]);
  });

  describe('as Firehose puts together what CloudWatch compressed', () => {
    const quiet = gzipSync(deliver([]));
    const long = gzipSync(
      deliver(Array.from({ length: 30_000 }, (_, id) => ({ id: `${id}`, timestamp: 1, message: 'nothing of ours' }))),
    );
    const each = told.map((event) => gzipSync(deliver([event])));
    const operations = async (members: readonly Buffer[], behind = '') => {
      const { rows, broken } = await auditTransfer({ 'a.gz': Buffer.concat([...members, Buffer.from(behind)]) });
      const lines = rows.filter(({ service }) => service === 'transfer');
      return { lines: lines.map(({ operation }) => operation.split(' ')[0]), broken };
    };
    const lines = ['CONNECTED', 'CLOSE', 'DISCONNECTED'];

    it.each([
      ['the last is the longest', [...each, long]],
      ['the first is the longest', [long, ...each]],
      ['there are hundreds', [...each.slice(0, 1), ...Array.from({ length: 400 }, () => quiet), ...each.slice(1)]],
    ])('is read to its end, where %s', async (_, members) => {
      expect(await operations(members)).toEqual({ lines, broken: [] });
    });

    it('is an exception where something else lies behind it, or its last is cut short', async () => {
      const behind = expect.stringMatching(/^transfer-logs\/a\.gz: .*: 24 bytes lie behind/);
      expect(await operations(each, 'and more that is no gzip')).toEqual({ lines, broken: [behind] });
      const cut = [...each, long.subarray(0, -400)];
      expect(await operations(cut)).toEqual({ lines, broken: [expect.stringMatching(/damaged or cut short/)] });
      const other = [...each, Uint8Array.from(quiet, (byte, at) => (at === quiet.length - 6 ? byte ^ 1 : byte))];
      expect(await operations(other.map((member) => Buffer.from(member)))).toEqual({
        lines,
        broken: [expect.stringMatching(/does not fit its checksum/)],
      });
    });
  });
});

it('a file that cannot be read is an exception where something of the period can be in it', async () => {
  const logs = makeFolder();
  const whole = pack(recordsOf(3));
  const nameOf = (minute: string) => {
    const folder = `AWSLogs/${ROOM}/CloudTrail/${REGION}/2026/03/01`;
    return `${folder}/${ROOM}_CloudTrail_${REGION}_20260301T${minute}Z_Ab01.json.gz`;
  };
  for (const minute of ['0830', '0910', '1014', '1030'])
    put(logs, nameOf(minute), whole.subarray(0, whole.length - 40));
  const period = { from: '2026-03-01T09:00:00Z', to: '2026-03-01T10:00:00Z' };
  const { unread, exceptions } = await auditLogs(logs, period);
  expect(unread.map(({ file }) => file)).toEqual(['0830', '0910', '1014', '1030'].map(nameOf));
  const told = exceptions.filter(({ kind }) => kind === 'broken-integrity').map(({ detail }) => detail.split(': ')[0]);
  expect(told).toEqual(['0910', '1014'].map(nameOf));
});

it('counts records that lack what they must have, and cuts what is longer than it can be', async () => {
  const logs = makeFolder();
  const [good, second, third, fourth] = recordsOf(2) as [object, object, object, object];
  const odd = [
    { ...good, eventID: undefined },
    { ...second, eventTime: 'yesterday' },
    { ...third, recipientAccountId: 12 },
    { ...fourth, userAgent: 'x'.repeat(100_000) },
    {},
    null,
    [],
    'text',
    { eventSource: { a: 1 }, eventName: [] },
  ];
  put(logs, 'odd.json', JSON.stringify({ Records: odd }));
  put(logs, 'lines.jsonl', '{"half":\nnot json\n{"detail-type":1,"source":2}\n');
  const { rows, report } = await auditLogs(logs);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.client?.agent).toHaveLength(512);
  const { read, malformed } = report.header.records;
  expect(read).toBe(12);
  expect(malformed.reduce((sum, { records }) => sum + records, 0)).toBe(11);
});

it('hostile texts come out as texts: no markup, no formula, no terminal command', async () => {
  const logs = makeFolder();
  const nasty = [
    '=HYPERLINK("http://x")',
    '<img src=x onerror=alert(1)>',
    '\u001b]0;title\u0007',
    '@SUM(1)',
    '"\r\n,x',
  ];
  writeLogs(
    logs,
    nasty.flatMap((text): readonly Sighting[] => {
      const [owners] = makeS3Read({ key: `usage/${text}`, at: AT, account: PARTNER });
      if (owners?.source.log !== 'cloudtrail') return [];
      const record = { ...owners.source.record, userAgent: text };
      return [{ ...owners, source: { log: 'cloudtrail', record } }];
    }),
  );
  const { out, rows } = await auditLogs(logs);
  expect(rows.map(({ client }) => client?.agent).toSorted()).toEqual(nasty.toSorted());
  const csv = readFileSync(join(out, 'accesses.csv'), 'utf8');
  expect(csv).not.toMatch(/(^|,|\n)"?[=@]/);
  for (const file of readdirSync(out)) {
    if (file === 'ledger') continue;
    const text = readFileSync(join(out, file), 'utf8');
    expect(text).not.toContain('\u001b');
    if (file.endsWith('.html')) expect(text).not.toContain('<img src=x');
  }
});

it('tells of what it cannot read where that names something of the room and somebody else, with its place', async () => {
  const request = { bucketName: BUCKET };
  const base = { eventSource: 's3.amazonaws.com', eventTime: AT, recipientAccountId: ROOM, requestParameters: request };
  const userIdentity = { type: 'AWSAccount', accountId: PARTNER };
  const own = { type: 'AssumedRole', accountId: ROOM, arn: `arn:aws:sts::${ROOM}:assumed-role/Job/run` };
  const [read] = recordsOf(1);
  const logs = makeFolder();
  put(
    logs,
    'a.json.gz',
    pack([
      { ...base, eventName: 'RenameObject', userIdentity: own },
      { ...base, eventName: 'RenameObject', userIdentity },
      { ...base, eventName: 'RenameObject', userIdentity, userAgent: '"' },
      { ...base, eventName: 'RenameObject', userIdentity, requestParameters: { bucketName: 'theirs' } },
      { ...base, eventName: 'RenameObject', userIdentity, eventTime: '2026-02-27T09:00:00Z' },
      { ...read, recipientAccountId: undefined, userIdentity },
    ]),
  );
  const long = { ...base, eventName: 'GetObject', userIdentity, userAgent: 'x'.repeat(5_000_000) };
  put(logs, 'long.json', JSON.stringify({ Records: [long] }));
  put(logs, 'lines.jsonl', `${JSON.stringify({ ...base, eventName: 'MoveObject', userIdentity })}\n`);
  const period = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
  const { out, report, exceptions } = await auditLogs(logs, period);
  const told = exceptions.flatMap(({ kind, at, detail }) => (kind === 'unread-record' ? [`${at} ${detail}`] : []));
  const why =
    'it was not read, and names (or may, where it is too long) something of the room and somebody who is none of it';
  expect(told.toSorted()).toEqual([
    `2026-03-01T00:00:00Z a record is longer than 2097152 bytes: ${why}. long.json, record 0.`,
    `2026-03-01T09:00:00Z a CloudTrail record lacks a recipientAccountId of 12 digits: ${why}. a.json.gz, record 5.`,
    `2026-03-01T09:00:00Z s3.amazonaws.com MoveObject: ${why}. lines.jsonl, record 0.`,
    `2026-03-01T09:00:00Z s3.amazonaws.com RenameObject: ${why}. 2 in this hour, the first: a.json.gz, record 1.`,
  ]);
  expect(report.verdict.kind).toBe('doubtful');
  expect(readFileSync(join(out, 'audit.html'), 'utf8')).toContain('A record that was not read');
});

it('reads by several threads what it reads by one', async () => {
  const logs = makeFolder();
  for (let file = 0; file < 30; file += 1) put(logs, `${file}.json.gz`, pack(recordsOf(10)));
  const files = listOf(listLogFiles(logs).files);
  const told = [];
  for (const workers of [1, 2]) {
    const folder = makeFolder();
    const setting = { folder, roomAccounts: [], buckets: [], hashContent: true };
    const scan = await scanLogs({ files, bytes: 0 }, setting, () => {}, workers);
    const found = scan.results.flatMap(({ held }) => held.flat()).map((each) => JSON.stringify(each));
    told.push({ files: [...scan.files], found: found.toSorted() });
  }
  expect(told[0]?.found).toHaveLength(600);
  expect(told[1]).toEqual(told[0]);
});

it('reads thousands of files of a record or two, and counts every kind in them', async () => {
  const logs = makeFolder();
  const own = makeS3Read({ key: 'usage/1.parquet', at: AT, account: ROOM }).flatMap(({ source }) =>
    source.log === 'cloudtrail' ? [source.record] : [],
  );
  const unknown = { eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', recipientAccountId: ROOM };
  const contents = [pack(own.slice(0, 1)), pack([unknown]), pack(recordsOf(1).slice(0, 1)), pack([])];
  for (let file = 0; file < 3000; file += 1) {
    put(logs, `${file % 40}/${file % 1200}/${file}.json.gz`, contents[file % contents.length]!);
  }
  const { report, rows } = await auditLogs(logs);
  const { read, internal, unknown: others, duplicates } = report.header.records;
  expect([report.header.inputs.files, read, rows.length, duplicates]).toEqual([3000, 2250, 1, 749]);
  expect([internal, others].map(([kind]) => kind?.records)).toEqual([750, 750]);
});

it('reads a file far larger than one record, in pieces, and a gzip file of many members’ worth of text', async () => {
  const logs = makeFolder();
  const filler = { eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', userAgent: 'y'.repeat(2000) };
  const text = `{"Records":[${JSON.stringify(recordsOf(1)[0])},${`${JSON.stringify(filler)},`.repeat(40_000)}${JSON.stringify(recordsOf(1)[0])}]}`;
  put(logs, 'large.json', text);
  put(logs, 'large.json.gz', gzipSync(text, { level: 1 }));
  const { rows, report } = await auditLogs(logs);
  expect(rows).toHaveLength(2);
  expect(report.header.records.unknown[0]?.records).toBe(80_000);
});

describe('a run that is repeated', () => {
  it('appends nothing that is there, and everything that is new; earlier packs’ checkpoints stay its beginning', async () => {
    const logs = makeFolder();
    put(logs, 'a.json.gz', pack(recordsOf(5)));
    const run = prepareTrial(logs);
    const first = await runAudit(run, OUTPUTS);
    const again = await runAudit(run, OUTPUTS);
    expect([first.appended, again.appended]).toEqual([10, 0]);
    put(logs, 'b.json.gz', pack(recordsOf(300)));
    const more = await runAudit(run, OUTPUTS);
    expect(more.appended).toBe(600);
    expect((await verifyPack(run.out, run.signer.key, TOOLS)).findings).toEqual([]);
  });

  it('refuses a ledger that was rewritten, and one that another process writes to', async () => {
    const logs = makeFolder();
    put(logs, 'a.json.gz', pack(recordsOf(5)));
    const run = prepareTrial(logs);
    await runAudit(run, OUTPUTS);
    const bundle = join(run.out, 'ledger', 'tile/0/000.p/10');
    const bytes = readFileSync(bundle);
    put(
      join(run.out, 'ledger'),
      'tile/0/000.p/10',
      Uint8Array.from(bytes, (byte, at) => (at === 40 ? byte ^ 1 : byte)),
    );
    await expect(runAudit(run, OUTPUTS)).rejects.toThrow('tells of an entry that the ledger does not have');
    put(join(run.out, 'ledger'), 'lock', '1\n');
    await expect(runAudit(run, OUTPUTS)).rejects.toThrow('Another process writes to the ledger');
  });

  it('leaves no work behind, also of a run that was killed', async () => {
    const logs = makeFolder();
    put(logs, 'a.json.gz', pack(recordsOf(1)));
    const run = prepareTrial(logs);
    mkdirSync(join(run.out, '.work-old'), { recursive: true });
    await runAudit(run, OUTPUTS);
    expect(readdirSync(run.out).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

it('a log that grows or shrinks after the audit is no longer what was audited', async () => {
  const { verifyInputs } = await import('../../../lib/audit/verify/verify-inputs');
  const logs = makeFolder();
  const grown = put(logs, 'a.jsonl', '{}\n');
  const cut = put(logs, 'b.jsonl', '{}\n{}\n');
  put(logs, 'c.jsonl', '{}\n');
  const second = makeFolder();
  put(second, 'e.log', 'x\n');
  const { out } = await auditLogs(logs, {
    ...PERIOD,
    logs: openLogFolders([
      { label: '', folder: logs },
      { label: INPUT_LABELS.serverAccess, folder: second },
    ]),
  });
  const trail = { label: '', folder: logs } as const;
  const server = { label: INPUT_LABELS.serverAccess, folder: second };
  expect(await verifyInputs(out, [trail, server])).toEqual({
    checked: [
      '3 log files were compared with what was audited',
      '1 files of S3’s own logs were compared with what was audited',
    ],
    unchecked: [],
    findings: [],
  });
  expect((await verifyInputs(out, [trail])).unchecked).toEqual([
    'what it was made of and was not given: 1 files of S3’s own logs',
  ]);
  appendFileSync(grown, '{}\n');
  truncateSync(cut, 3);
  put(logs, 'd.jsonl', '{}\n');
  put(second, 'e.log', 'y\n');
  expect((await verifyInputs(out, [trail, server])).findings.map(({ file }) => file)).toEqual([
    'a.jsonl',
    'b.jsonl',
    'd.jsonl',
    'server-access-logs/e.log',
  ]);
});

it('names what it was made of as `sha256sum` does, whatever files are called', async () => {
  const logs = makeFolder();
  const names = ['a.jsonl', 'record/registry.jsonl', 'digests/x', 'a\nb.jsonl', 'c\\nd.jsonl', 'e\\', ' f'];
  for (const [at, name] of names.entries()) put(logs, name, `{"n":${at}}\n`);
  const { out } = await auditLogs(logs, PERIOD);
  const answer = spawnSync('sha256sum', ['--check', '--strict', join(out, 'inputs.sha256')], { cwd: logs });
  expect([answer.status, answer.stdout.toString().trimEnd().split('\n').length]).toEqual([0, names.length]);
});

it('compares what it finds with what CloudTrail counted, and tells where less is there', async () => {
  const logs = makeFolder();
  const counted = (minute: number, GetObject: number) =>
    makeSummary({
      from: `2026-03-01T09:${pad(minute)}:00Z`,
      to: `2026-03-01T09:${pad(minute + 5)}:00Z`,
      counts: { GetObject },
    });
  const reads = [1, 2, 3, 11, 12, 50].flatMap((minute) => {
    const read = { key: 'usage/1.parquet', at: `2026-03-01T09:${pad(minute)}:00Z` };
    // A partner's, and one of the room's own, which is counted without being read.
    const sightings = [...makeS3Read({ ...read, account: PARTNER }), ...makeS3Read({ ...read, account: ROOM })];
    return sightings.flatMap(({ source }) =>
      source.log === 'cloudtrail' ? [{ ...source.record, eventCategory: 'Data' }] : [],
    );
  });
  put(logs, 'cut.json', '{"Records":[{"eventName":"Get');
  put(logs, 'events.json.gz', pack(reads));
  // Six were found in the first window, four of five in the third; the last is too young to be judged.
  put(logs, 'counts.json.gz', pack([counted(0, 6), counted(10, 5), counted(5, 0), counted(45, 9), counted(10, 5)]));
  const { exceptions, report } = await auditLogs(logs);
  expect(exceptions.filter(({ kind }) => kind === 'count-mismatch')).toMatchObject([
    {
      at: '2026-03-01T09:10:00Z',
      to: '2026-03-01T09:15:00Z',
      detail: `s3 GetObject in ${REGION} of ${ROOM}: CloudTrail counted 5, 4 found.`,
      evidence: [{ file: 'counts.json.gz' }],
    },
  ]);
  expect(report.header.records.unknown.map(({ what, records }) => [what, records])).toEqual([
    ['Aggregated s3.amazonaws.com', 5],
  ]);
});

function pad(minute: number): string {
  return String(minute).padStart(2, '0');
}

test('a permit that was given long before, and ran out unused, is told by the report of the period in which it ran out', async () => {
  const logs = makeFolder();
  writeLogs(logs, makeS3Read({ key: 'usage/a', at: '2026-03-01T08:00:00Z', account: PARTNER }));
  const given = { ...DECISIONS[1]!, at: '2026-01-02T00:00:00Z', until: '2026-03-01T01:00:00Z' };
  const unused = async (from: string, to: string) => {
    const decisions = [DECISIONS[0]!, given];
    const { exceptions } = await auditLogs(logs, { from, to, decisions });
    return exceptions.filter(({ kind }) => kind === 'unused-decision').map(({ at, decision }) => [at, decision]);
  };
  expect(await unused('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')).toEqual([
    ['2026-03-01T00:59:59.999Z', 'purchases'],
  ]);
  expect(await unused('2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z')).toEqual([]);
  expect(await unused('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z')).toEqual([]);
});

test('a permit that an earlier period used is told as not used in the one in which it ran out, and nowhere as never used', async () => {
  const logs = makeFolder();
  writeLogs(logs, makeS3Read({ key: 'usage/a', at: '2026-03-01T08:00:00Z', account: PARTNER }));
  // The logs reach beyond what ran out.
  const later = makeS3Read({ key: 'purchases/a', at: '2026-03-03T20:00:00Z', account: PARTNER });
  const records = later.flatMap(({ source }) => (source.log === 'cloudtrail' ? [source.record] : []));
  const place = `AWSLogs/${ROOM}/CloudTrail/${REGION}/2026/03/03`;
  put(logs, `${place}/${ROOM}_CloudTrail_${REGION}_20260303T2005Z_later.json.gz`, pack(records));
  const decisions = [{ ...DECISIONS[0]!, until: '2026-03-03T12:00:00Z' }];
  const folder = join(makeFolder(), 'ledger');
  const ledger = { origin: 'room/trial', open: () => openLedgerFolder(folder) };
  const { signer } = prepareTrial(logs);
  const audit = (from: string, to: string) => auditLogs(logs, { from, to, decisions, ledger, signer });
  const first = await audit('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
  expect(first.rows.map(({ explained }) => explained)).toMatchObject([{ decision: { id: 'usage' } }]);
  const second = await audit('2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z');
  expect(second.exceptions.filter(({ kind }) => kind === 'unused-decision')).toHaveLength(1);
  const shown = second.report.standards.flatMap((each) => each.shown.map(({ sentence }) => sentence));
  expect(shown).toContain('1 permit ran out without any use in this period.');
  const page = readFileSync(join(second.out, 'audit.html'), 'utf8');
  expect(page).toContain('nothing was done by it in this period');
  expect(page).not.toMatch(/never used/);
  const { findings } = await verifyPack(second.out, signer.key, { ...TOOLS, ledger: folder });
  expect(findings).toEqual([]);
});
