import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DECIDED } from '../../../lib/audit/grounds/party-decisions';
import { RECORD_FILES } from '../../../lib/audit/grounds/record-folder';
import { sha256 } from '../../../lib/audit/node-crypto';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { verifyRecords } from '../../../lib/audit/verify/verify-evidence';
import { verifyInputs } from '../../../lib/audit/verify/verify-inputs';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { formatCheckpoint } from '../../../lib/domain/audit/ledger/checkpoint';
import { parseBundle } from '../../../lib/domain/audit/ledger/entry-bundle';
import { hashLeaf } from '../../../lib/domain/audit/ledger/merkle-tree';
import { LEDGER_EVIDENCE } from '../../../lib/domain/audit/ledger-evidence';
import { CONFLICT } from '../../../lib/domain/audit/report/find-finding-exceptions';
import { nameDatabase } from '../../../lib/domain/room/room-names';
import { PURCHASES, USAGE } from '../../unit/audit/attribution/agreements';
import { reportTried } from '../../unit/audit/mutations';
import {
  BUCKET,
  LEDGER,
  makeLakeRead,
  makeS3Read,
  makeSftpUpload,
  makeTrailChange,
  PARTNER,
  ROOM,
  type Sighting,
  TABLE,
} from '../../unit/audit/scenario';
import { makeFolder, put, TOOLS } from './audit-trial';
import { forge, isRead, type Row, tell } from './forge-pack';

import {
  DECISIONS,
  ENDED,
  HELD,
  LANDING,
  LINKED,
  makePack,
  type Pack,
  RELEASE,
  readLines,
  STRANGER,
  UPLOADS,
} from './room-pack';

/** Hashes of the first entries of a ledger. */
function readBundleLeaves(ledger: string): readonly Uint8Array[] {
  const folder = join(ledger, 'tile', 'entries');
  const [bundle] = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) => each.isFile());
  const entries = parseBundle(new Uint8Array(readFileSync(join(bundle!.parentPath, bundle!.name)))) ?? [];
  return entries.map((entry) => hashLeaf(sha256, entry));
}

const isDecided = ({ explained }: Row) => explained.decision !== undefined && explained.leg === USAGE;
const decided = (change: object) =>
  tell(isDecided, ({ explained }) => ({
    explained: { ...explained, decision: { ...(explained.decision as object), ...change } },
  }));
const explained = (which: (row: Row) => boolean, change: object) =>
  tell(which, (row) => ({ explained: { ...row.explained, ...change } }));
const isStrangers = ({ explained: { kind, reason } }: Row) => kind === 'unattributed' && reason === 'no-party';

const REACHED = { agreement: { id: 'telco-retail-2026', version: 1 }, leg: USAGE, dataset: 'usage' };

it('explains every access again from ledger and record, whichever way it came', async () => {
  const { folder, signer } = await makePack();
  const { findings, checked, unchecked } = await verifyPack(folder, signer.key, TOOLS);
  expect(findings).toEqual([]);
  const rows: readonly Row[] = readFileSync(join(folder, 'accesses.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.find(isStrangers)?.explained.reached).toEqual(REACHED);
  const outside = rows.filter(({ explained: { kind } }) => kind !== 'internal');
  const joins = new Set(outside.map(({ explained: { joins: by } }) => (by as { party: string } | undefined)?.party));
  expect([...joins].toSorted()).toEqual(
    ['actor', 'lake-formation-session', 'link', 'role', 'sftp-user', undefined].toSorted(),
  );
  expect(checked).toContainEqual(expect.stringContaining(`found again for ${outside.length},`));
  expect(unchecked).toContainEqual(expect.stringMatching(/rows of what the room did itself/));
});

it.each([
  ['activities', 'its record of processing are not'],
  ['onBehalf', 'its record of processing on behalf of others are not'],
])('finds %s of the record of processing that do not follow from the agreements', async (name, problem) => {
  const pack = await makePack();
  const found = await forge(pack, 'processing-record.json', (lines) => {
    const record = JSON.parse(lines.join(''));
    expect(record[name].length).toBeGreaterThan(1);
    return [JSON.stringify({ ...record, [name]: record[name].slice(1) })];
  });
  expect(found.filter((each) => each.startsWith('processing-record.json: '))).toEqual([
    expect.stringContaining(`processing-record.json: ${problem} those that record has`),
  ]);
});

it('finds every other word on who it was, or on what was decided, though it is signed anew', async () => {
  const pack = await makePack();
  const forgeries: readonly (readonly [string, (lines: string[]) => string[]])[] = [
    ['another decision', decided({ id: 'uploads' })],
    ['a decision that had run out', decided({ id: 'ended' })],
    ['a decision that nobody took', decided({ id: 'invented' })],
    ['another clause', decided({ clause: '9.9' })],
    ['another effect', decided({ effect: 'forbid' })],
    ['another party', explained(isDecided, { party: 'telco' })],
    ['another leg', explained(isDecided, { leg: PURCHASES, dataset: 'purchases' })],
    ['another part in the leg', explained(isDecided, { role: 'giver' })],
    ['another version', explained(isDecided, { agreement: { id: 'telco-retail-2026', version: 2 } })],
    ['a surer word', explained(({ explained: { confidence } }) => confidence === 'strong', { confidence: 'certain' })],
    ['networks that were agreed', explained(isDecided, { networks: ['0.0.0.0/0'] })],
    ['a stranger who is a party', tell(isStrangers, () => ({ explained: { kind: 'own-door', party: 'retail' } }))],
    ['a stranger who is the room', tell(isStrangers, () => ({ explained: { kind: 'internal', by: 'own-account' } }))],
    ['a stranger at the data of another leg', explained(isStrangers, { reached: { ...REACHED, leg: PURCHASES } })],
    ['a stranger at nobody’s data', explained(isStrangers, { reached: undefined })],
    ['that it was refused', tell(isStrangers, () => ({ outcome: 'denied' }))],
    ['another object', tell(isStrangers, () => ({ resource: { kind: 'object', name: `${BUCKET}/other` } }))],
    [
      'evidence that nobody entered',
      tell(isStrangers, () => ({ evidence: [{ event: 'invented', file: 'f', record: 0 }] })),
    ],
    ['another time', tell(isStrangers, () => ({ at: '2026-03-01T08:30:00Z' }))],
  ];
  for (const [name, change] of forgeries) {
    const found = await forge(pack, 'accesses.jsonl', change);
    expect({ name, found }).toMatchObject({
      found: expect.arrayContaining([expect.stringMatching(/^accesses\.jsonl:\d+: /)]),
    });
  }
  reportTried('explanations', forgeries.length);
});

it('takes no row for one of a session that began before, unless its own entry names the session, and it says what follows', async () => {
  const pack = await makePack();
  const rows: readonly Row[] = readLines(join(pack.folder, 'accesses.jsonl'));
  const honest = rows.find(isDecided)!;
  const lost = rows.find(({ explained: { reason } }) => reason === 'unknown-actor');
  expect(lost).toBeUndefined();
  for (const joins of [
    { party: 'lake-formation-session', leg: 'object' },
    { party: 'sftp-session', leg: 'object' },
    { party: 'actor', leg: 'query' },
  ]) {
    const posed = { ...honest.explained, joins, confidence: 'strong' };
    const change = tell(isStrangers, () => ({ explained: posed, actor: honest.actor }));
    expect(await forge(pack, 'accesses.jsonl', change)).toContainEqual(
      expect.stringMatching(/^accesses\.jsonl:\d+: what it tells of who it was does not follow/),
    );
  }
});

it('of what the ledger has another copy, a row may tell otherwise, but hides no breach that the entry shows', async () => {
  const [pack, read] = [await makePack(), '2026-03-01T08:09:00Z'];
  const rows: readonly (Row & { id: string; at: string })[] = readLines(join(pack.folder, 'accesses.jsonl'));
  const strangers = rows.find((row) => isStrangers(row) && row.at === read)!;
  const honest = rows.find(isDecided)!;
  const entry = readLines<{ access: string; index: number; entry: string }>(join(pack.folder, 'proofs.jsonl')).find(
    ({ access }) => access === strangers.id,
  )!;
  const sha = createHash('sha256').update('\0').update(entry.entry).digest('hex');
  const conflict = {
    kind: 'conflicting-record',
    severity: 'gap',
    at: read,
    detail: CONFLICT,
    evidence: [{ file: LEDGER_EVIDENCE, sha256: sha, record: entry.index, event: strangers.id }],
  };
  const table = join(pack.folder, 'exceptions.jsonl');
  const kept = readFileSync(table, 'utf8');
  const posed = tell(isStrangers, () => ({ explained: honest.explained, actor: honest.actor }));
  const alone = tell(isStrangers, () => ({ ...honest, id: strangers.id, at: read, evidence: conflict.evidence }));
  for (const [told, problem, forged = posed] of [
    [conflict, /its entry shows unexplained, and no exception tells that/],
    [{ ...conflict, evidence: [] }, /what it tells of who it was does not follow/],
    // Of logs among each other.
    [{ ...conflict, evidence: strangers.evidence }, /what it tells of who it was does not follow/],
    // What the ledger alone tells has no other copy.
    [conflict, /what it tells of .* does not follow from its entry/, alone],
    [{ ...conflict, detail: 'x' }, /it does not say what is said of such a record/],
    [{ ...conflict, evidence: [{ ...conflict.evidence[0], record: 0 }] }, /its evidence is not the entry/],
  ] as const) {
    put(pack.folder, 'exceptions.jsonl', `${kept}${JSON.stringify(told)}\n`);
    expect(await forge(pack, 'accesses.jsonl', forged, /./)).toContainEqual(expect.stringMatching(problem));
  }
});

it('an honest pack that tells of a record of which the ledger has another copy is found to be that', async () => {
  const read = makeS3Read({ key: `${RELEASE}/more`, at: '2026-03-01T08:20:00Z', account: PARTNER });
  const first = await makePack(DECISIONS, read);
  const place = join(first.folder, 'ledger');
  const more = read.map((each): Sighting => {
    const { source } = each;
    if (source.log !== 'cloudtrail') return each;
    const record = { ...source.record, ...{ additionalEventData: { bytesTransferredOut: 7 } } };
    return { ...each, source: { log: 'cloudtrail', record } };
  });
  const second = await makePack(DECISIONS, more, first);
  const told = readLines<Row & { kind: string; evidence: { file: string }[] }>(join(second.folder, 'exceptions.jsonl'));
  const conflicts = told.filter(({ kind }) => kind === 'conflicting-record');
  expect(conflicts.length).toBeGreaterThan(0);
  for (const { evidence } of conflicts) expect(evidence.map(({ file }) => file)).toEqual([LEDGER_EVIDENCE]);
  const verdict = await verifyPack(second.folder, second.signer.key, { ...TOOLS, ledger: place });
  expect(verdict.findings).toEqual([]);
  expect(verdict.unchecked).toContainEqual(expect.stringMatching(/of which the ledger holds another copy/));
});

/** The same line of Transfer, saying something else. */
function retell(sighting: Sighting, change: object): Sighting {
  const { source } = sighting;
  if (source.log !== 'cloudwatch' || !('message' in source.event)) throw new Error('Of Transfer alone.');
  const message = JSON.stringify({ ...JSON.parse(String(source.event.message)), ...change });
  return { ...sighting, source: { log: 'cloudwatch', event: { ...source.event, message } } };
}

it.each([
  ['does not join with the others', 2, { path: `/${BUCKET}/${LANDING}/other.csv` }],
  ['opened the session of others', 0, { 'source-ip': '192.0.2.9' }],
])('an honest pack is found to be that, too, where the other copy %s', async (_, which, change) => {
  const upload = makeSftpUpload({
    user: 'telco-retail-2026.retail',
    key: `${LANDING}/x.csv`,
    at: '2026-03-01T08:20:00Z',
  });
  const bent = upload.map((each, at) => (at === which ? retell(each, change) : each));
  const first = await makePack(DECISIONS, bent);
  const second = await makePack(DECISIONS, upload, first);
  const ledger = join(first.folder, 'ledger');
  const honest = await verifyPack(second.folder, second.signer.key, { ...TOOLS, ledger });
  expect(honest.findings).toEqual([]);
  expect(honest.unchecked).toContainEqual(expect.stringMatching(/of which the ledger holds another copy/));
  expect((await verifyRecords(second.folder, [{ label: '', folder: second.logs }], TOOLS)).findings).toEqual([]);
  const table = join(second.folder, 'exceptions.jsonl');
  const untold = readLines<{ kind: string }>(table).filter(({ kind }) => kind !== 'conflicting-record');
  put(second.folder, 'exceptions.jsonl', `${untold.map((each) => JSON.stringify(each)).join('\n')}\n`);
  await signPack(second.folder, second.signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const { findings } = await verifyPack(second.folder, second.signer.key, { ...TOOLS, ledger });
  expect(findings.map(({ problem }) => problem)).toContainEqual(
    expect.stringMatching(/does not follow from its entry|not of records that are entered as one access/),
  );
});

it('of what the ledger has another copy, a breach is told of the same party and leg', async () => {
  const pack = await makePack([UPLOADS]);
  const rows: readonly (Row & { id: string; at: string })[] = readLines(join(pack.folder, 'accesses.jsonl'));
  const isBypass = ({ explained: { kind, leg, decision } }: Row) =>
    kind === 'attributed' && leg === USAGE && decision === undefined;
  const breach = rows.find(isBypass)!;
  const { index, entry } = readLines<{ access: string; index: number; entry: string }>(
    join(pack.folder, 'proofs.jsonl'),
  ).find(({ access }) => access === breach.id)!;
  const evidence = {
    file: LEDGER_EVIDENCE,
    sha256: createHash('sha256').update('\0').update(entry).digest('hex'),
    record: index,
    event: breach.id,
  };
  const conflict = {
    kind: 'conflicting-record',
    severity: 'gap',
    at: breach.at,
    detail: CONFLICT,
    evidence: [evidence],
  };
  const table = readFileSync(join(pack.folder, 'exceptions.jsonl'), 'utf8');
  put(pack.folder, 'exceptions.jsonl', `${table}${JSON.stringify(conflict)}\n`);
  expect((await verifyRecords(pack.folder, [{ label: '', folder: pack.logs }], TOOLS)).findings).toEqual([
    {
      file: `accesses.jsonl:${rows.indexOf(breach) + 1}`,
      problem: expect.stringMatching(/^record \d+ of .* is the one of the ledger: no copies differ$/),
    },
  ]);
  const isIt = ({ id }: Row) => id === breach.id;
  const hidden = /its entry shows bypass, and no exception tells that/;
  expect(
    await forge(
      pack,
      'accesses.jsonl',
      tell(isIt, () => ({ bytes: { out: 1 } })),
      hidden,
    ),
  ).toEqual([]);
  for (const change of [{ party: 'telco' }, { leg: PURCHASES, dataset: 'purchases' }])
    expect(await forge(pack, 'accesses.jsonl', explained(isIt, change), hidden)).toHaveLength(1);
});

it('counts what is told less than the ledger knows, and finds it where the pack itself tells of the session', async () => {
  const [at, counted] = ['2026-03-01T08:20:00Z', /of 1 accesses of which the ledger knows more than/];
  const lake = makeLakeRead({ keys: [`${RELEASE}/less`], at, account: PARTNER });
  const known = await makePack(DECISIONS, lake);
  const alone = await makePack(DECISIONS, lake.filter(isRead));
  const isIt = (row: Row) => row.at === at && row.operation === 'GetObject';
  const read = (pack: Pack) => readLines<Row>(join(pack.folder, 'accesses.jsonl')).find(isIt)!;
  const { evidence: _, ...less } = read(alone);
  const { evidence } = read(known);
  expect(less.explained.kind).toBe('unattributed');
  const { unchecked: before = [] } = await verifyPack(known.folder, known.signer.key, TOOLS);
  expect(before).not.toContainEqual(expect.stringMatching(counted));
  const lessen = tell(isIt, () => ({ ...less, evidence }));
  expect(await forge(known, 'accesses.jsonl', lessen, /says less than follows/)).toHaveLength(1);
  const lines = readFileSync(join(known.folder, 'accesses.jsonl'), 'utf8').trimEnd().split('\n');
  const vendless = lessen(lines).flatMap((line) =>
    JSON.parse(line).operation === 'GetDataAccess' && JSON.parse(line).at === at ? [] : [line],
  );
  put(known.folder, 'accesses.jsonl', `${vendless.join('\n')}\n`);
  await signPack(known.folder, known.signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const { unchecked, findings } = await verifyPack(known.folder, known.signer.key, TOOLS);
  expect(findings.map(({ problem }) => problem)).not.toContainEqual(expect.stringMatching(/says less than follows/));
  expect(unchecked).toContainEqual(expect.stringMatching(counted));
});

it('believes no row of the room’s own doing that a party’s account forwarded it', async () => {
  const [at, later] = ['2026-03-01T08:01:00Z', '2026-03-01T08:02:00Z'];
  const reads = makeS3Read({ key: `${RELEASE}/a`, at, account: PARTNER }).filter(
    ({ reading }) => reading.kind === 'access' && reading.access.recordedBy === ROOM,
  );
  const pack = await makePack(DECISIONS, [], undefined, undefined, [...reads, makeTrailChange(later)]);
  const forwarded = await makePack();
  expect((await verifyPack(pack.folder, pack.signer.key, TOOLS)).findings).toEqual([]);
  const readReport = ({ folder }: Pack) => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const { unseen } = readReport(forwarded);
  const report = readReport(pack);
  expect(report.unseen).not.toEqual(unseen);
  put(pack.folder, 'report.json', JSON.stringify({ ...report, unseen }));
  const isOwn = ({ explained: { kind } }: Row) => kind === 'internal';
  expect(readLines<Row>(join(pack.folder, 'accesses.jsonl')).filter(isOwn)).toHaveLength(1);
  const told = tell(isOwn, () => ({ recordedBy: PARTNER }));
  expect(await forge(pack, 'accesses.jsonl', told, /no log can show/)).toHaveLength(1);
});

it('finds entries that no row stands for: hidden behind the room’s own doing, told twice, or behind an older checkpoint', async () => {
  const pack = await makePack();
  const { folder, signer } = pack;
  const rows: readonly (Row & { id: string })[] = readLines(join(folder, 'accesses.jsonl'));
  const hidden = rows.filter(isStrangers).flatMap(({ evidence }) => evidence as object[]);
  expect(hidden.length).toBeGreaterThan(0);
  const isOwn = ({ explained: { kind } }: Row) => kind === 'internal';
  const hide = (lines: string[]) =>
    tell(isOwn, (row) => ({ evidence: [...(row.evidence as object[]), ...hidden] }))(lines).filter(
      (line) => !isStrangers(JSON.parse(line)),
    );
  const untold = expect.stringMatching(/^ledger: entry \d+: it is of this period, and in no table$/);
  expect(await forge(pack, 'accesses.jsonl', hide, /./)).toContainEqual(untold);
  const twice = await forge(pack, 'accesses.jsonl', (lines) => [...lines, lines[0]!], /./);
  expect(twice).toContainEqual(expect.stringMatching(/^accesses\.jsonl:\d+: another row tells it, too$/));
  // The true history, as it was before: whoever has the key can sign that again.
  const leaves = readBundleLeaves(join(folder, 'ledger'));
  const older = formatCheckpoint({ origin: 'room/trial', size: 1, root: leaves[0]! });
  const [kept, note] = ['checkpoint.txt', await signer.signNote(older)];
  const before = readFileSync(join(folder, kept));
  put(folder, kept, note);
  const found = await forge(pack, 'accesses.jsonl', (lines) => lines, /./);
  put(folder, kept, before);
  expect(found).toContainEqual(
    expect.stringMatching(/^accesses\.jsonl:\d+: it was entered after this report was made$/),
  );
  expect(found).toContainEqual(expect.stringMatching(/^checkpoint\.txt: it is older than ledger\/checkpoints\/\d+$/));
});

it('of the ends of its period a report leaves out nothing that the trail tells', async () => {
  const pack = await makePack(DECISIONS, [], undefined, '2026-03-01T08:11:00Z');
  const honest = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  const without = (lines: string[]) => lines.filter((line) => !isStrangers(JSON.parse(line)));
  expect(await forge(pack, 'accesses.jsonl', without, /./)).toContainEqual(
    expect.stringMatching(/^ledger: entry \d+: it is of this period, and in no table$/),
  );
});

it('with the logs finds whatever the table leaves out, be it the room’s own doing', async () => {
  const pack = await makePack();
  const given = [{ label: '', folder: pack.logs }] as const;
  const honest = await verifyRecords(pack.folder, given, TOOLS);
  expect(honest.findings).toEqual([]);
  expect(honest.checked).toContainEqual(expect.stringMatching(/^no access of the period in these logs is missing/));
  const table = join(pack.folder, 'accesses.jsonl');
  const rows = readFileSync(table, 'utf8').trimEnd().split('\n');
  const own = rows.filter((line) => JSON.parse(line).explained.kind === 'internal');
  expect(own.length).toBeGreaterThan(0);
  for (const left of [own[0]!, rows.find((line) => isStrangers(JSON.parse(line)))!]) {
    put(pack.folder, 'accesses.jsonl', `${rows.filter((line) => line !== left).join('\n')}\n`);
    expect((await verifyRecords(pack.folder, given, TOOLS)).findings).toContainEqual({
      file: expect.stringMatching(/^AWSLogs\//),
      problem: expect.stringMatching(/^record \d+ is an access of the period, and in no table$/),
    });
  }
  const [retail] = [(await verifyRecords(pack.retail, given, TOOLS)).findings];
  expect(retail).toEqual([]);
});

it('finds evidence that names no file, record or entry that there is', async () => {
  const pack = await makePack();
  const cite = (change: object) => (lines: string[]) =>
    lines.map((line) => {
      const row = JSON.parse(line);
      return JSON.stringify({
        ...row,
        evidence: row.evidence.map((each: object, at: number) => (at === 0 ? { ...each, ...change } : each)),
      });
    });
  const given = [{ label: '', folder: pack.logs }] as const;
  expect((await verifyRecords(pack.folder, given, TOOLS)).findings).toEqual([]);
  for (const table of ['accesses.jsonl', 'exceptions.jsonl']) {
    for (const [change, problem] of [
      [{ file: 'nowhere.json.gz' }, /a file that inputs.sha256 does not name/],
      [{ sha256: '0'.repeat(64) }, /the hash of its evidence is not the one/],
      [{ file: LEDGER_EVIDENCE }, /its evidence is not the entry/],
    ] as const)
      expect(await forge(pack, table, cite(change), /evidence/)).toContainEqual(expect.stringMatching(problem));
    const path = join(pack.folder, table);
    const before = readFileSync(path, 'utf8');
    for (const record of [0, 2, 99]) {
      put(pack.folder, table, `${cite({ record })(before.trimEnd().split('\n')).join('\n')}\n`);
      const { findings } = await verifyRecords(pack.folder, given, TOOLS);
      expect(findings).toContainEqual({
        file: expect.stringMatching(new RegExp(`^${table}:\\d+$`)),
        problem: expect.stringMatching(/^record \d+ of .* is not the one that it names$/),
      });
    }
    put(pack.folder, table, before);
  }
});

it('finds another word on the code that ran, and on what the report rests on', async () => {
  const pack = await makePack();
  type Told = { header: { functions: object[]; inputs: { given: object } }; reliance: unknown[] };
  const words: readonly (readonly [string, (report: Told) => unknown, RegExp])[] = [
    ['another hash', ({ header }) => Object.assign(header.functions[0]!, { code: 'AAAA' }), /its functions are not/],
    ['a function less', ({ header }) => header.functions.pop(), /its functions are not/],
    [
      'a function of another name',
      ({ header }) => Object.assign(header.functions[1]!, { name: 'x' }),
      /foreign-function/,
    ],
    ['none that is not the room’s', ({ header }) => header.functions.splice(1), /no access shows it/],
    ['nothing of functions', ({ header }) => Reflect.deleteProperty(header, 'functions'), /takes on trust/],
    ['a line less', ({ reliance }) => reliance.shift(), /takes on trust are not/],
    ['a witness', ({ header }) => Object.assign(header.inputs.given, { serverAccessLogs: true }), /takes on trust/],
  ];
  for (const [name, change, problem] of words) {
    const found = await forge(
      pack,
      'report.json',
      (lines) => {
        const report = JSON.parse(lines.join(''));
        change(report);
        return [JSON.stringify(report, null, 1)];
      },
      problem,
    );
    expect({ name, found: found.join(' ') }).toEqual({ name, found: expect.stringMatching(problem) });
  }
  reportTried('words on what it rests on', words.length);
});

it('finds a report that says of other evidence that it was given, whatever follows from that', async () => {
  const { folder, signer } = await makePack();
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const { inputs } = report.header;
  expect(inputs.given).toEqual({ registry: false, decisions: true, serverAccessLogs: false });
  for (const told of [{ given: { ...inputs.given, serverAccessLogs: true } }, { files: inputs.files + 1 }]) {
    put(
      folder,
      'report.json',
      JSON.stringify({ ...report, header: { ...report.header, inputs: { ...inputs, ...told } } }),
    );
    await signPack(folder, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
    expect((await verifyInputs(folder, [])).findings).toEqual([
      { file: 'report.json', problem: 'what it says was given is not what inputs.sha256 lists' },
    ]);
  }
});

it('finds a record that does not bear out what is told by it', async () => {
  const pack = await makePack();
  const [decisions, agreements, inventory] = [
    RECORD_FILES.decisions,
    RECORD_FILES.agreements,
    RECORD_FILES.inventory,
  ].map((name) => `record/${name}`);
  const records: readonly (readonly [string, string, (lines: string[]) => string[]])[] = [
    ['without the decision', decisions!, (lines) => lines.filter((line) => !line.includes('held'))],
    [
      'with a later word',
      decisions!,
      (lines) => [...lines, JSON.stringify({ ...HELD, id: 'later', effect: 'forbid', at: '2026-02-20T00:00:00Z' })],
    ],
    ['with a decision that is none', decisions!, (lines) => [...lines, '{"id":1}']],
    ['with another account of a party', agreements!, ([line = '']) => [line.replaceAll(PARTNER, STRANGER)]],
    ['with another clause of nobody', agreements!, () => ['{}']],
    ['of another room', inventory!, ([line = '']) => [line.replaceAll(ROOM, STRANGER)]],
    ['of a room with other buckets', inventory!, ([line = '']) => [line.replaceAll(BUCKET, 'elsewhere')]],
    ['of no room', inventory!, () => ['[]']],
  ];
  for (const [name, file, change] of records)
    expect({ name, found: await forge(pack, file, change) }).toMatchObject({
      found: expect.arrayContaining([expect.anything()]),
    });
  reportTried('records', records.length);
});

it('without the ledger holds decisions against the record alone, and says so', async () => {
  const pack = await makePack();
  renameSync(join(pack.folder, 'ledger'), join(makeFolder(), 'ledger'));
  for (const change of [
    decided({ id: 'uploads' }),
    decided({ id: 'ended' }),
    decided({ clause: '9.9' }),
    decided({ effect: 'forbid' }),
  ])
    expect(await forge(pack, 'accesses.jsonl', change)).toContainEqual(
      expect.stringMatching(/its decision does not follow/),
    );
  expect(await forge(pack, 'accesses.jsonl', explained(isDecided, { decision: undefined }))).not.toEqual([]);
  await signPack(pack.folder, pack.signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const honest = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  expect(honest.unchecked).toContainEqual(expect.stringMatching(/on which leg: that needs the ledger$/));
});

it('a party’s own pack holds what is told of decisions against those that it carries', async () => {
  const { retail: folder, signer } = await makePack();
  const pack = { folder, signer };
  const honest = await verifyPack(folder, signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  expect(honest.checked).toContainEqual(
    expect.stringMatching(/^the decisions of [1-9]\d* accesses are those that held/),
  );
  expect(honest.unchecked).toContainEqual(expect.stringMatching(/that needs the ledger and the whole record$/));
  const own: readonly Row[] = readFileSync(join(folder, DECIDED), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(own.map(({ id }) => id).toSorted()).toEqual([HELD, LINKED, ENDED, UPLOADS].map(({ id }) => id).toSorted());
  const forgeries: readonly (readonly [string, string, (lines: string[]) => string[]])[] = [
    ['another decision', 'accesses.jsonl', decided({ id: 'uploads' })],
    ['a decision that had run out', 'accesses.jsonl', decided({ id: 'ended' })],
    ['a decision that nobody took', 'accesses.jsonl', decided({ id: 'invented' })],
    ['another clause', 'accesses.jsonl', decided({ clause: '9.9' })],
    ['another effect', 'accesses.jsonl', decided({ effect: 'forbid' })],
    ['no decision', 'accesses.jsonl', explained(isDecided, { decision: undefined })],
    ['a decision less', DECIDED, (lines) => lines.filter((line) => !line.includes('held'))],
    [
      'a later word',
      DECIDED,
      (lines) => [...lines, JSON.stringify({ ...HELD, id: 'no', effect: 'forbid', at: '2026-02-20T00:00:00Z' })],
    ],
    ['another party’s', DECIDED, (lines) => lines.map((line) => line.replace('"retail"', '"telco"'))],
    ['what is no decision', DECIDED, (lines) => [...lines, '{"id":1}']],
  ];
  for (const [name, file, change] of forgeries)
    expect({ name, found: await forge(pack, file, change, /decision|explained/) }).toMatchObject({
      found: expect.arrayContaining([expect.anything()]),
    });
  rmSync(join(folder, DECIDED));
  await signPack(folder, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  expect((await verifyPack(folder, signer.key, TOOLS)).findings).toEqual([
    { file: DECIDED, problem: 'it is missing: no decision can be looked up' },
  ]);
  reportTried('decisions of a party’s own pack', forgeries.length);
});

it('without a record says that nobody is held to anything', async () => {
  const pack = await makePack();
  rmSync(join(pack.folder, 'record'), { recursive: true });
  await signPack(pack.folder, pack.signer, { produced: '2026-04-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const { unchecked } = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(unchecked).toContainEqual(expect.stringMatching(/^who each access was by.*not in this pack$/));
});

it('with the ledger a party’s own pack is held to what that says of each access, and to all that is its own account’s', async () => {
  const table = TABLE.replace(/table\/.*/, `table/${nameDatabase('telco-retail-2026')}/usage`);
  const asked = [PARTNER, STRANGER].flatMap((account) =>
    makeLakeRead({ keys: [], at: '2026-03-01T08:20:00Z', account, table }),
  );
  // A copy of its own, which its account tells of, and a read of the room's by a service of AWS.
  const own = makeReadOf('retail-own', PARTNER, PARTNER, '2026-03-01T08:21:00Z');
  // Somebody else's, of what is called alike and is no leg's.
  const others = makeReadOf(LEDGER, ROOM, STRANGER, '2026-03-01T08:23:00Z');
  const services = makeS3Read({ key: `${RELEASE}/a`, at: '2026-03-01T08:22:00Z', account: null });
  const whole = await makePack(DECISIONS, [...asked, own, others, ...services]);
  const pack = { folder: whole.retail, signer: whole.signer };
  const tools = { ...TOOLS, ledger: join(whole.folder, 'ledger') };
  const honest = await verifyPack(pack.folder, pack.signer.key, tools);
  expect(honest.findings).toEqual([]);
  expect(honest.checked).toContainEqual(expect.stringMatching(/^what [1-9]\d* rows tell of the access itself/));
  const kept = readFileSync(join(pack.folder, 'accesses.jsonl'), 'utf8');
  const verify = async (change: (lines: string[]) => string[]) => {
    put(pack.folder, 'accesses.jsonl', `${change(kept.trimEnd().split('\n')).join('\n')}\n`);
    const { findings } = await verifyPack(pack.folder, pack.signer.key, tools);
    return findings.map(({ problem }) => problem);
  };
  const isPartners = ({ actor }: Row) => (actor as { account?: string }).account === PARTNER;
  for (const change of [
    { at: '2026-03-01T08:30:00Z' },
    { outcome: 'denied' },
    { operation: 'HeadObject' },
    { bytes: { out: 1, in: 0 } },
    { resource: { kind: 'object', name: `${BUCKET}/other` } },
    { recordedBy: PARTNER },
    { witnesses: ['event-bus'] },
    { client: { ip: '198.51.100.99' } },
    { actor: { kind: 'account', name: STRANGER, account: STRANGER } },
    { evidence: [] },
  ])
    expect({ change, found: await verify(tell(isDecided, () => change)) }).toEqual({
      change,
      found: expect.arrayContaining([expect.stringMatching(/^what it tells of .* is not what its entry says$/)]),
    });
  const another = tell(isPartners, ({ actor }) => ({ actor: { ...(actor as object), account: STRANGER } }));
  expect(await verify(another)).toContain('what it tells of actor is not what its entry says');
  const untold = 'it is this party’s business, of this period, and in no table';
  expect(await verify((lines) => lines.filter((line) => !isPartners(JSON.parse(line))))).toContain(untold);
  expect(await verify((lines) => lines.filter((line) => !isStrangers(JSON.parse(line))))).toContain(untold);
  const joinOf = ({ explained: { joins } }: Row) => (joins as { party?: string } | undefined)?.party ?? '';
  const isObject = ({ resource }: Row) => (resource as { kind: string }).kind === 'object';
  for (const [way, isOfWay] of [
    ['by SFTP', (row: Row) => joinOf(row).startsWith('sftp') && isObject(row)],
    ['by Lake Formation', (row: Row) => joinOf(row) === 'lake-formation-session'],
    ['what Lake Formation handed out', ({ resource }: Row) => (resource as { name: string }).name === table],
    ['by a link', (row: Row) => joinOf(row) === 'link'],
    ['in its role', (row: Row) => joinOf(row) === 'role'],
  ] as const) {
    const found = await verify((lines) => lines.filter((line) => !isOfWay(JSON.parse(line))));
    const left = kept
      .trimEnd()
      .split('\n')
      .filter((line) => isOfWay(JSON.parse(line)));
    expect({ way, left: left.length > 0, found }).toMatchObject({
      left: true,
      found: expect.arrayContaining([untold]),
    });
  }
  put(pack.folder, 'accesses.jsonl', kept);
});

/** A read of what has a release's name in another bucket, as the bucket's owner, or whoever reads at home, tells it. */
function makeReadOf(bucket: string, owner: string, account: string, at: string): Sighting {
  const key = `${RELEASE}/a`;
  const [read] = makeS3Read({ key, at, account });
  if (read?.source.log !== 'cloudtrail') throw new Error('The first is a record of CloudTrail.');
  const record = {
    ...read.source.record,
    recipientAccountId: owner,
    sharedEventID: undefined,
    userIdentity: { type: 'AssumedRole', accountId: account, arn: `arn:aws:sts::${account}:assumed-role/R/s` },
    requestParameters: { bucketName: bucket, key },
    resources: [{ type: 'AWS::S3::Bucket', accountId: owner, ARN: `arn:aws:s3:::${bucket}` }],
  };
  return { ...read, source: { log: 'cloudtrail', record } };
}
