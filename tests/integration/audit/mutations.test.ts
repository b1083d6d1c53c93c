import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AuditRun } from '../../../lib/audit/audit-run';
import { openLogFolders } from '../../../lib/audit/logs/open-log-folders';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { runAudit } from '../../../lib/audit/run-audit';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { verifyTrailFolder } from '../../../lib/audit/verify/verify-trail-folder';
import { makeTrail, PERIOD, type StoredTrail } from '../../unit/audit/integrity/trail-maker';
import { reportTried } from '../../unit/audit/mutations';
import { makeLakeRead, makeS3Read, PARTNER } from '../../unit/audit/scenario';
import { makeFolder, OUTPUTS, prepareTrial, put, TOOLS, writeLogs } from './audit-trial';

/** What can be done to files: by name, what it does to the bytes of one, given those of its neighbour. */
const CHANGES: Readonly<Record<string, (bytes: Buffer, other: Buffer) => Buffer>> = {
  'flip a bit at the start': (bytes) => flip(bytes, 0),
  'flip a bit in the middle': (bytes) => flip(bytes, bytes.length >> 1),
  'flip a bit at the end': (bytes) => flip(bytes, bytes.length - 1),
  'drop the end': (bytes) => bytes.subarray(0, bytes.length - 1),
  'drop the first half': (bytes) => bytes.subarray(bytes.length >> 1),
  'insert a byte': (bytes) => Buffer.concat([bytes.subarray(0, 9), Buffer.of(0x20), bytes.subarray(9)]),
  append: (bytes) => Buffer.concat([bytes, Buffer.of(0x0a)]),
  empty: () => Buffer.alloc(0),
  'turn around': (bytes) => Buffer.from(bytes).reverse(),
  'put another in its place': (_, other) => other,
};

/** What can be done to what is in them, packed again as if nothing had happened; a list is that of records or log files. */
const CONTENT_CHANGES: typeof CHANGES = {
  'drop an element': changeContent(([, ...rest]) => rest),
  'write an element twice': changeContent((list) => [...list, ...list]),
  'insert an element': changeContent((list) => [...list, { eventID: 'another' }]),
  'turn the elements around': changeContent((list) => list.toReversed()),
  'write keys in another order': changeContent((list) =>
    list.map((each) => Object.fromEntries(Object.entries(each).toReversed())),
  ),
  'change a value': changeContent(([first, ...rest]) => [
    { ...first, eventName: 'x', hashValue: '0'.repeat(64) },
    ...rest,
  ]),
  'add a blank': (bytes) => gzipSync(`${gunzipSync(bytes).toString('utf8')} `),
};

function changeContent(change: (list: readonly object[]) => readonly object[]): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const content = JSON.parse(gunzipSync(bytes).toString('utf8'));
    const key = content.Records === undefined ? 'logFiles' : 'Records';
    const changed = { ...content, [key]: change(content[key]) };
    return JSON.stringify(changed) === JSON.stringify(content) ? bytes : gzipSync(JSON.stringify(changed));
  };
}

/** What can be done to the line of `metadata.jsonl` that has a digest's signature, given that of the next. */
const METADATA_CHANGES: Readonly<Record<string, (line: string, next: string) => string>> = {
  'no line': () => '',
  'no signature': (line) => line.replace('"signature"', '"signed"'),
  'another algorithm': (line) => line.replace('SHA256withRSA', 'SHA1withRSA'),
  'a digit of the signature': (line) =>
    line.replace(/"signature":"(.)/, (_, digit) => `"signature":"${digit === '0' ? 1 : 0}`),
  'half a signature': (line) => line.replace(/"signature":"([0-9a-f]{256})[0-9a-f]{256}"/, '"signature":"$1"'),
  'the signature of the next': (line, next) => JSON.stringify({ ...JSON.parse(next), key: JSON.parse(line).key }),
};

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at]! ^= 1;
  return flipped;
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .toSorted();
}

describe('a pack', () => {
  async function makePack(change: Partial<AuditRun> = {}) {
    const logs = makeFolder();
    const reads = Array.from({ length: 50 }, (_, at) => {
      const read = { key: `other/${at}`, at: '2026-03-01T08:00:00Z', account: PARTNER };
      return [...makeS3Read(read), ...makeLakeRead({ keys: [`usage/${at}`], at: read.at, account: PARTNER })];
    });
    writeLogs(logs, reads.flat());
    const period = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
    const run = prepareTrial(logs, { ...period, ...change });
    await runAudit(run, OUTPUTS);
    return { folder: run.out, key: run.signer.key, signer: run.signer };
  }

  it('of a ledger that has no entry yet is whole without its head', async () => {
    const logs = makeFolder();
    put(logs, 'none.json.gz', gzipSync('{"Records":[]}'));
    const run = prepareTrial(logs, { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' });
    await runAudit(run, OUTPUTS);
    for (const ledger of [undefined, makeFolder()]) {
      const { findings } = await verifyPack(run.out, run.signer.key, {
        ...TOOLS,
        ...(ledger !== undefined && { ledger }),
      });
      expect(findings).toEqual([]);
    }
  });

  it('shows every change to any of its files, and which it is', async () => {
    const { folder, key } = await makePack();
    expect((await verifyPack(folder, key, TOOLS)).findings).toEqual([]);
    const files = listFiles(folder);
    expect(files.filter((file) => /^ledger\/(index\/|head$)/.test(file)).length).toBeGreaterThan(1);
    let tried = 0;
    for (const [number, file] of files.entries()) {
      const path = join(folder, file);
      const bytes = readFileSync(path);
      const other = readFileSync(join(folder, files[(number + 1) % files.length]!));
      for (const [name, change] of Object.entries(CHANGES)) {
        const changed = change(bytes, other);
        if (changed.equals(bytes)) continue;
        put(folder, file, changed);
        tried += 1;
        const found = (await verifyPack(folder, key, TOOLS)).findings.map((finding) =>
          finding.file.replace(/:\d+$/, ''),
        );
        expect({ file, name, found }).toMatchObject({ found: expect.arrayContaining([locate(file)]) });
        put(folder, file, bytes);
      }
      renameSync(path, `${path}.gone`);
      tried += 1;
      expect((await verifyPack(folder, key, TOOLS)).findings.length).toBeGreaterThan(0);
      renameSync(`${path}.gone`, path);
    }
    const outside = ['added.txt', '.hidden', '.work-x/note', '.record/x', 'record/.hidden'];
    for (const file of outside) put(folder, file, 'x');
    const added = [
      'ledger/extra',
      'ledger/index/2026/03/01/08/999999',
      'ledger/index/x',
      'ledger/staged/x',
      'ledger/verifier-key',
      'ledger/tile/0/009',
    ];
    for (const file of added) put(folder, file, 'x');
    tried += outside.length + added.length;
    expect((await verifyPack(folder, key, TOOLS)).findings.map(({ file }) => file)).toEqual(
      expect.arrayContaining([...outside, 'ledger/tile/0/009', 'ledger/extra', 'ledger/staged/x']),
    );
    for (const file of outside) rmSync(join(folder, file));
    rmSync(join(folder, 'ledger/tile/0/009'));
    expect((await verifyPack(folder, key, TOOLS)).findings.map(({ file }) => file).toSorted()).toEqual(
      added.slice(0, -1),
    );
    for (const file of added.slice(0, -1)) rmSync(join(folder, file));
    const index = join(folder, 'ledger/index');
    renameSync(index, `${folder}-index`);
    expect((await verifyPack(folder, key, TOOLS)).findings.map(({ file }) => file)).toContainEqual(
      expect.stringMatching(/^ledger\/index\//),
    );
    renameSync(`${folder}-index`, index);
    expect((await verifyPack(folder, key, TOOLS)).findings).toEqual([]);
    reportTried('packs', tried);

    /** The file itself; or, for a tile of hashes or its entries, either of the two: they tell against each other. */
    function locate(file: string): unknown {
      if (!/^ledger\/(?!index\/|head$)/.test(file)) return file;
      if (file.startsWith('ledger/checkpoints/')) return file.replace('ledger/', '');
      const place = /^ledger\/tile\/(?:entries|0)\/(.+)$/.exec(file)?.[1];
      return place === undefined
        ? expect.stringMatching(/^ledger\//)
        : expect.stringMatching(new RegExp(`^ledger/tile/(entries|0)/${place.replaceAll('.', '\\.')}$`));
    }
  }, 300_000);

  /** What its signer could do to lines of a pack before it signs again, and where that shows. */
  it.each<[string, string, (lines: string[]) => string[], RegExp]>([
    ['a proof left out', 'proofs.jsonl', ([, ...rest]) => rest, /^accesses\.jsonl:\d+$/],
    [
      'two proofs whose accesses change places',
      'proofs.jsonl',
      ([one = '', two = '', ...rest]) => {
        const [left, right] = [JSON.parse(one), JSON.parse(two)];
        const swapped = [
          { ...left, access: right.access },
          { ...right, access: left.access },
        ];
        return [...swapped.map((each) => JSON.stringify(each)), ...rest];
      },
      /^proofs\.jsonl:[12]$/,
    ],
    [
      'an entry that says something else',
      'proofs.jsonl',
      ([one = '', ...rest]) => [one.replace('GetObject', 'PutObject').replace('GetDataAccess', 'GetTable'), ...rest],
      /^proofs\.jsonl:1$/,
    ],
    ['a line that is no proof', 'proofs.jsonl', (lines) => [...lines, '{}'], /^proofs\.jsonl:\d+$/],
    [
      'an access that was never entered',
      'accesses.jsonl',
      ([one = '', ...rest]) => [one, JSON.stringify({ ...JSON.parse(one), id: 'cloudtrail/1/invented' }), ...rest],
      /^accesses\.jsonl:2$/,
    ],
    ['an access left out', 'accesses.jsonl', (lines) => lines.slice(0, -1), /^ledger: entry \d+$/],
    ['a line that is no access', 'accesses.jsonl', (lines) => ['{"id":1}', ...lines], /^accesses\.jsonl:1$/],
    ['an exception left out', 'exceptions.jsonl', ([, ...rest]) => rest, /^accesses\.jsonl:\d+$/],
    [
      'an exception that is said to be another',
      'exceptions.jsonl',
      ([one = '', ...rest]) => [
        one.replace('"bypass"', '"vend-without-read"').replace('"breach"', '"notice"'),
        ...rest,
      ],
      /^accesses\.jsonl:\d+$/,
    ],
    [
      'an exception that is told otherwise',
      'exceptions.jsonl',
      ([one = '', ...rest]) => [one.replace('GetObject', 'HeadObject').replace('GetDataAccess', 'GetTable'), ...rest],
      /^(exceptions|accesses)\.jsonl:\d+$/,
    ],
    ['all exceptions left out', 'exceptions.jsonl', () => [], /^report\.json$/],
    [
      'a decision that nobody took',
      'accesses.jsonl',
      (lines) =>
        lines.map((line) => {
          const { explained, ...rest } = JSON.parse(line);
          const decision = { id: 'invented', effect: 'permit', clause: '4.2' };
          return JSON.stringify({ ...rest, explained: { ...explained, decision } });
        }),
      /^exceptions\.jsonl:\d+$/,
    ],
    [
      'what strangers did said to be the room’s own',
      'accesses.jsonl',
      ([one = '', ...rest]) => [
        JSON.stringify({ ...JSON.parse(one), explained: { kind: 'internal', by: 'own-account' } }),
        ...rest,
      ],
      /^exceptions\.jsonl:\d+$/,
    ],
    [
      'a verdict that is greener',
      'report.json',
      (lines) => lines.map((line) => line.replace('"kind": "breached"', '"kind": "clean"')),
      /^report\.json$/,
    ],
    [
      'fewer accesses counted',
      'report.json',
      (lines) => lines.map((line) => line.replace(/"total": \d+/, '"total": 1')),
      /^report\.json$/,
    ],
    ['another page', 'audit.html', () => ['<h1>All is well</h1>'], /^audit\.html$/],
    [
      'a table that says otherwise',
      'accesses.csv',
      ([head = '', ...rest]) => [head, ...rest.slice(1)],
      /^accesses\.csv$/,
    ],
    ['a line that is no exception', 'exceptions.jsonl', (lines) => ['[]', ...lines], /^exceptions\.jsonl:1$/],
  ])('signed anew by its own signer, with %s, is found out', async (name, file, change, place) => {
    // Nobody had decided on what was read.
    const { folder, key, signer } = await makePack({ decisions: [] });
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
    put(folder, file, Buffer.from(`${change(lines).join('\n')}\n`));
    await signPack(folder, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: 'test' });
    const { findings } = await verifyPack(folder, key, TOOLS);
    expect(findings.map((finding) => finding.file)).toContainEqual(expect.stringMatching(place));
    // Tables are compared row by row; what is told of the whole follows from them, and shows it once for each file.
    const inRows = findings.filter((finding) => /:\d+$|: entry/.test(finding.file));
    if (!/decision|all exceptions/.test(name)) expect(inRows.length).toBeLessThan(5);
  });

  it('says what it has not compared: without the ledger nobody knows whether all that is entered is told', async () => {
    const { folder, key, signer } = await makePack();
    const elsewhere = join(makeFolder(), 'ledger');
    renameSync(join(folder, 'ledger'), elsewhere);
    const removed = await verifyPack(folder, key, TOOLS);
    expect(removed.findings.map(({ file }) => file)).toEqual(['ledger']);
    expect((await verifyPack(folder, key, { ...TOOLS, ledger: elsewhere })).findings).toEqual([]);
    await signPack(folder, signer, { produced: '2026-04-01T00:00:00Z', toolVersion: 'test' });
    const { unchecked, findings } = await verifyPack(folder, key, TOOLS);
    expect([findings, unchecked]).toEqual([
      [],
      expect.arrayContaining([expect.stringMatching(/^the ledger itself/), expect.stringMatching(/needs the ledger$/)]),
    ]);
  });

  it('signed by another key is not the one', async () => {
    const [pack, other] = [await makePack(), await makePack()];
    const found = (await verifyPack(pack.folder, other.key, TOOLS)).findings.map(({ file }) => file);
    expect(found).toContain('manifest.sig');
    // Pack and ledger of somebody else, under the same name.
    const swapped = makeFolder();
    cpSync(pack.folder, swapped, { recursive: true });
    rmSync(join(swapped, 'ledger'), { recursive: true });
    cpSync(join(other.folder, 'ledger'), join(swapped, 'ledger'), { recursive: true });
    expect((await verifyPack(swapped, pack.key, TOOLS)).findings.length).toBeGreaterThan(0);
  });
});

describe('logs and digests', () => {
  const trail = makeTrail();

  it('shows every change to a log file, a digest or its metadata, and which it is', async () => {
    const folder = makeFolder();
    const run = prepareTrial(join(folder, 'logs'), {
      ...PERIOD,
      logs: openLogFolders([{ label: '', folder: join(folder, 'logs') }], {
        folder: join(folder, 'digests'),
        publicKeys: trail.keys,
      }),
    });
    storeTrail(folder, trail);
    const { report } = await runAudit(run, OUTPUTS);
    expect(report.header.integrity).toMatchObject({ kind: 'intact', logs: { given: 12, believed: 12 } });
    const check = () =>
      verifyTrailFolder(run.out, join(folder, 'logs'), join(folder, 'digests'), trail.keys, TOOLS.toolVersion);
    expect((await check()).findings).toEqual([]);
    const locate = async () => (await check()).findings.map((finding) => finding.file.split('/').at(-1));
    let tried = 0;
    for (const part of ['logs', 'digests']) {
      const files = listFiles(join(folder, part)).filter((file) => file.endsWith('.gz'));
      for (const [number, file] of files.entries()) {
        const neighbour = files[(number + 1) % files.length]!;
        const bytes = readFileSync(join(folder, part, file));
        const other = readFileSync(join(folder, part, neighbour));
        for (const [name, change] of Object.entries({ ...CHANGES, ...CONTENT_CHANGES })) {
          const changed = change(bytes, other);
          // A gzip header's last byte but one says how well it is packed, and is no part of the content.
          if (changed.equals(bytes)) continue;
          put(join(folder, part), file, changed);
          tried += 1;
          expect({ file, name, found: await locate() }).toMatchObject({
            found: expect.arrayContaining([file.split('/').at(-1)]),
          });
        }
        put(join(folder, part), neighbour, bytes);
        put(join(folder, part), file, other);
        tried += 1;
        const names = [file, neighbour].map((each) => each.split('/').at(-1));
        expect({ names, found: await locate() }).toMatchObject({ found: expect.arrayContaining(names) });
        put(join(folder, part), neighbour, other);
        rmSync(join(folder, part, file));
        tried += 1;
        // Nothing names the last digest: it shows in the one before, which does not reach the end of the period.
        const isLast = part === 'digests' && number === files.length - 1;
        const shows = (isLast ? files[number - 1]! : file).split('/').at(-1);
        expect({ file, found: await locate() }).toMatchObject({ found: expect.arrayContaining([shows]) });
        put(join(folder, part), file, bytes);
      }
    }
    const metadata = readFileSync(join(folder, 'digests', 'metadata.jsonl'), 'utf8')
      .trim()
      .split('\n');
    for (const [number, line] of metadata.entries()) {
      const name = JSON.parse(line).key.split('/').at(-1);
      const next = metadata[(number + 1) % metadata.length]!;
      for (const change of Object.values(METADATA_CHANGES)) {
        put(join(folder, 'digests'), 'metadata.jsonl', metadata.with(number, change(line, next)).join('\n'));
        tried += 1;
        expect({ name, found: await locate() }).toMatchObject({ found: expect.arrayContaining([name]) });
      }
    }
    put(join(folder, 'digests'), 'metadata.jsonl', metadata.join('\n'));
    expect((await check()).findings).toEqual([]);
    reportTried('log and digest files', tried);
  });

  it('digests whose signatures are exchanged are both found', async () => {
    const folder = makeFolder();
    const [first, second, ...rest] = trail.digests;
    storeTrail(folder, {
      ...trail,
      digests: [{ ...first!, metadata: second!.metadata }, { ...second!, metadata: first!.metadata }, ...rest],
    });
    const digests = { folder: join(folder, 'digests'), publicKeys: trail.keys };
    const logs = openLogFolders([{ label: '', folder: join(folder, 'logs') }], digests);
    const { report } = await runAudit(prepareTrial(folder, { ...PERIOD, logs }), OUTPUTS);
    expect(report.header.integrity.kind).toBe('broken');
    expect(report.verdict.kind).not.toBe('clean');
    const signed = report.header.integrity.kind === 'not-checked' ? [] : report.header.integrity.findings;
    const wrong = signed.filter(({ kind }) => kind === 'wrong-signature').map(({ file }) => file.split('/').at(-1));
    expect(wrong).toEqual([first, second].map((digest) => digest?.key.split('/').at(-1)));
  });
});

/** As `aws s3 sync` and `aws s3api head-object` leave it. */
function storeTrail(folder: string, { logs, digests }: StoredTrail): void {
  for (const { key, stored } of logs) put(join(folder, 'logs'), key, stored);
  for (const { key, stored } of digests) put(join(folder, 'digests'), key, stored);
  const lines = digests.map(({ key, metadata }) =>
    JSON.stringify({ key, Metadata: { signature: metadata.signature, 'signature-algorithm': metadata.algorithm } }),
  );
  put(join(folder, 'digests'), 'metadata.jsonl', `${lines.join('\n')}\n`);
}
