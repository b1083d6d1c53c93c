import { isNotice } from '../../../../lib/domain/audit/integrity/trail-finding';
import { verifyTrail } from '../../../../lib/domain/audit/integrity/verify-trail';
import { flipBit, reportTried } from '../mutations';
import {
  CRYPTO,
  KEY,
  listKey,
  makeDigest,
  makeLog,
  makeSigningKey,
  makeTrail,
  readTrail,
  type StoredFile,
  type StoredTrail,
  signDigest,
  unzip,
  zip,
} from './trail-maker';

const TRAIL = makeTrail();
const { digests, logs } = TRAIL;
const STRANGER = makeSigningKey();

describe('an honest trail', () => {
  it('is intact, in any order', () => {
    const shuffled = { ...TRAIL, digests: digests.toReversed(), logs: logs.toReversed() };
    for (const trail of [TRAIL, shuffled]) {
      const { spans, ...verdict } = judge(trail);
      expect(spans.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'whole'));
      expect(verdict).toEqual({
        kind: 'intact',
        findings: [],
        digests: { given: 6, believed: 6 },
        logs: { given: 12, believed: 12 },
        chains: [
          {
            account: '111122223333',
            region: 'eu-central-1',
            trail: 'room_trail',
            backfill: false,
            from: '2026-03-01T00:00:00Z',
            to: '2026-03-01T06:00:00Z',
            digests: 6,
            startsHere: true,
          },
        ],
      });
    }
  });

  it('stays intact with what the last digest cannot name yet', () => {
    const verdict = judge({ ...TRAIL, logs: [...logs, makeLog(6, 5, 99)] });
    expect(verdict.kind).toBe('intact');
    expect(verdict.findings).toMatchObject([{ kind: 'undigested-log', file: location(makeLog(6, 5, 99)) }]);
  });

  it('begins before the period: the digest before the first one need not be there', () => {
    const period = { from: '2026-03-01T01:00:00Z', to: '2026-03-01T06:00:00Z' };
    const verdict = judge({ ...TRAIL, digests: follow(makeDigest({ hour: 0, logs: [] })) }, period);
    expect([verdict.kind, verdict.chains.map(({ startsHere }) => startsHere)]).toEqual(['intact', [false]]);
  });

  it('has backfill digests in a chain of their own', () => {
    const [one, two] = [makeLog(2, 15, 50), makeLog(3, 15, 51)];
    const first = makeDigest({ hour: 2, logs: [one], backfill: true });
    const second = makeDigest({ hour: 3, logs: [two], backfill: true, previous: first });
    const verdict = judge({ ...TRAIL, digests: [...digests, first, second], logs: [...logs, one, two] });
    expect(verdict.findings).toEqual([]);
    const counts = verdict.chains.map(({ backfill, digests: count }) => [backfill, count]);
    expect(counts.toSorted()).toEqual([
      [false, 6],
      [true, 2],
    ]);
    const lost = judge({ ...TRAIL, digests: [...digests, second], logs: [...logs, two] });
    expect(lost.findings).toMatchObject([{ kind: 'missing-digest', file: location(first) }]);
  });
});

describe('what is found counts where it can tell of the period', () => {
  const until = (hour: string) => ({ from: '2026-03-01T02:00:00Z', to: `2026-03-01T${hour}:00Z` });
  const withoutLog = (at: number) => ({ ...TRAIL, logs: logs.toSpliced(at, 1) });
  const unsigned = (at: number) => ({ ...TRAIL, digests: digests.with(at, { ...digests[at]!, metadata: {} }) });
  const withoutDigest = (...gone: readonly number[]) => ({
    ...TRAIL,
    digests: digests.filter((_, at) => !gone.includes(at)),
  });
  const cut = (at: number) => ({
    ...TRAIL,
    digests: digests.with(at, { ...digests[at]!, stored: digests[at]!.stored.subarray(0, 40) }),
  });
  // Two log files an hour, and a digest for each hour, from midnight on.
  it.each([
    ['a log file missing after it', withoutLog(8), '03:30', 'intact'],
    ['a log file missing before it', withoutLog(3), '03:30', 'intact'],
    ['a log file missing in it', withoutLog(4), '03:30', 'broken'],
    ['a log file of the hour in which it ends', withoutLog(7), '03:30', 'broken'],
    ['a log file of the next hour, when it ends with one', withoutLog(6), '03:00', 'broken'],
    ['a log file of the hour after that', withoutLog(8), '03:00', 'intact'],
    ['a log file nobody named after it', { ...TRAIL, logs: [...logs, makeLog(4, 40, 99)] }, '03:30', 'intact'],
    ['a log file nobody named in it', { ...TRAIL, logs: [...logs, makeLog(2, 40, 99)] }, '03:30', 'broken'],
    ['a digest that is not signed after it', unsigned(5), '03:30', 'intact'],
    ['a digest that is not signed before it', unsigned(0), '03:30', 'intact'],
    ['a digest that is not signed in it', unsigned(3), '03:30', 'broken'],
    ['a digest cut short after it', cut(5), '03:30', 'intact'],
    ['a digest cut short in it', cut(3), '03:30', 'broken'],
    ['a digest missing after it', withoutDigest(4), '03:30', 'intact'],
    ['a digest missing that is needed to its end', withoutDigest(3), '03:30', 'broken'],
    ['digests missing from it on', withoutDigest(3, 4), '04:00', 'broken'],
    ['no digest after its end', withoutDigest(4, 5), '04:30', 'broken'],
  ] as const)('%s', (_, trail, to, kind) => {
    const verdict = judge(trail, until(to));
    expect(verdict.kind).toBe(kind);
    expect(verdict.findings.length).toBeGreaterThan(0);
  });

  it('a digest that one after the period shows to be another than it was is of the period', () => {
    const change = { previousDigestHashValue: '0'.repeat(64) };
    const after = makeDigest({ hour: 4, logs: logs.slice(8, 10), previous: digests[3], change });
    const verdict = judge({ ...TRAIL, digests: digests.slice(0, 4).concat(after) }, until('03:30'));
    expect(verdict.findings.filter((finding) => !isNotice(finding))).toMatchObject([
      { kind: 'wrong-previous-hash', file: location(after) },
    ]);
    expect(verdict.kind).toBe('broken');
  });
});

it('says of every digest what it vouches for', () => {
  const first = makeDigest({ hour: 0, logs: [] });
  const quiet = [first, ...follow(first)];
  const told = (changed: Parameters<typeof judge>[0]) =>
    judge(changed).spans.map(({ from, state }) => [Number(from.slice(11, 13)), state]);
  expect(told({ ...TRAIL, digests: quiet }).slice(0, 2)).toEqual([
    [0, 'quiet'],
    [1, 'whole'],
  ]);
  // Two of one hour: one is missing, then one is changed, then one has bytes behind it.
  const damages: readonly (readonly StoredFile[])[] = [
    logs.toSpliced(4, 1),
    logs.with(4, { ...logs[4]!, stored: zip('{"Records":[]}') }),
    logs.with(4, { ...logs[4]!, stored: Uint8Array.from([...logs[4]!.stored, 1]) }),
  ];
  for (const damaged of damages) {
    expect(told({ ...TRAIL, logs: damaged }).filter(([, state]) => state !== 'whole')).toEqual([[2, 'lacking']]);
  }
  const unsigned = { ...digests[3]!, metadata: {} };
  expect(told({ ...TRAIL, digests: digests.with(3, unsigned) })[3]).toEqual([3, 'doubted']);
});

describe('what CloudTrail itself never wrote', () => {
  it.each([
    ['another previous hash', { previousDigestHashValue: '0'.repeat(64) }, 'wrong-previous-hash', 2],
    ['another previous signature', { previousDigestSignature: '00'.repeat(256) }, 'wrong-previous-signature', 2],
    ['another account', { awsAccountId: '444455556666' }, 'inconsistent', 2],
    ['a time not of its name', { digestEndTime: '2026-03-01T03:30:00Z' }, 'inconsistent', 2],
    ['no time between its begin and its end', { digestStartTime: '2026-03-01T03:00:00Z' }, 'inconsistent', 2],
    ['an end before its begin', { digestStartTime: '2026-03-01T03:30:00Z' }, 'inconsistent', 2],
    ['a gap', { digestStartTime: '2026-03-01T02:30:00Z' }, 'gap', 2],
    ['an overlap', { digestStartTime: '2026-03-01T01:30:00Z' }, 'overlap', 2],
    ['another bucket', { digestS3Bucket: 'elsewhere' }, 'moved', 2],
    ['an unknown algorithm', { digestSignatureAlgorithm: 'MD5withRSA' }, 'unreadable-digest', 2],
    ['half a link', { previousDigestHashValue: null }, 'unreadable-digest', 2],
    ['no list of log files', { logFiles: undefined }, 'unreadable-digest', 2],
  ])('%s is found although it is signed', (_, change, kind, at) => {
    const changed = makeDigest({ hour: at, logs: logs.slice(4, 6), previous: digests[at - 1], change });
    const verdict = judge({ ...TRAIL, digests: digests.with(at, changed) });
    expect(verdict.kind).toBe('broken');
    expect(verdict.findings.filter((finding) => finding.file === location(changed)).map((f) => f.kind)).toContain(kind);
  });

  it('a log file of another account or region', () => {
    const foreign = { ...logs[4]!, key: logs[4]!.key.replaceAll('111122223333', '444455556666') };
    const changed = makeDigest({ hour: 2, logs: [foreign, logs[5]!], previous: digests[1] });
    expect(judge({ ...TRAIL, digests: digests.with(2, changed) }).findings).toContainEqual({
      kind: 'foreign-log',
      file: location(changed),
      field: 'logFiles.0.s3Object',
      detail: `${foreign.key} is not of 111122223333 in eu-central-1.`,
    });
  });

  it('a trail that was switched off for an hour', () => {
    const restarted = makeDigest({ hour: 3, logs: [], previous: undefined });
    const chain = [...digests.slice(0, 2), restarted];
    const { findings, chains } = judge({ ...TRAIL, digests: chain, logs: logs.slice(0, 4) });
    expect(chains.map(({ from, to, startsHere }) => [from, to, startsHere])).toEqual([
      ['2026-03-01T00:00:00Z', '2026-03-01T02:00:00Z', true],
      ['2026-03-01T03:00:00Z', '2026-03-01T04:00:00Z', true],
    ]);
    expect(findings.map(({ kind }) => kind)).toEqual(['gap', 'not-covered']);
  });

  it('two digests after one', () => {
    const rival = makeDigest({ hour: 2, logs: [], previous: digests[0] });
    const kinds = judge({ ...TRAIL, digests: digests.with(2, rival) }).findings.map(({ kind }) => kind);
    expect(kinds).toContain('forked');
  });
});

describe('tampering', () => {
  it('of one file, in every way, is found and located', () => {
    let tried = 0;
    const expectFound = (trail: StoredTrail, file: string, what: string) => {
      tried += 1;
      const { kind, findings } = judge(trail);
      const located = findings.some((finding) => finding.file === file && !isNotice(finding));
      if (kind !== 'broken' || !located) throw new Error(`${what} of ${file}: ${JSON.stringify(findings)}`);
    };
    for (const list of ['digests', 'logs'] as const) {
      const files = TRAIL[list];
      for (const [at, file] of files.entries()) {
        const put = (changed: StoredFile) => ({ ...TRAIL, [list]: files.with(at, changed) });
        const where = location(file);
        for (const [what, stored] of spoilBytes(file)) expectFound(put({ ...file, stored }), where, what);
        const other = files[(at + 1) % files.length]!;
        const [mine, its] = [files.indexOf(file), files.indexOf(other)];
        const swapped = files
          .with(mine, { ...file, stored: other.stored })
          .with(its, { ...other, stored: file.stored });
        expectFound({ ...TRAIL, [list]: swapped }, where, 'swapped content');
        expectFound({ ...TRAIL, [list]: [...files, file] }, where, 'given twice');
        const renamed = { ...file, key: file.key.replace('.json.gz', 'x.json.gz') };
        expectFound({ ...TRAIL, [list]: [...files, renamed] }, location(renamed), 'copied');
        // Of the last digest nothing speaks but the time it leaves uncovered; of any other, its follower does.
        const dropped = { ...TRAIL, [list]: files.toSpliced(at, 1) };
        const last = list === 'digests' && at === files.length - 1;
        expectFound(dropped, last ? location(files[at - 1]!) : where, 'dropped');
      }
    }
    for (const [at, digest] of digests.entries()) {
      const put = (changed: StoredFile) => ({ ...TRAIL, digests: digests.with(at, changed) });
      for (const [what, metadata] of spoilMetadata(digest)) {
        expectFound(put({ ...digest, metadata }), location(digest), what);
      }
      const content = JSON.parse(new TextDecoder().decode(unzip(digest.stored)));
      for (const field of Object.keys(content)) {
        for (const value of [null, 'x', '2020-01-01T00:00:00Z', [], undefined]) {
          if (content[field] === value) continue;
          const stored = zip(JSON.stringify({ ...content, [field]: value }));
          expectFound(put({ ...digest, stored }), location(digest), `${field} changed`);
        }
      }
      for (const signedBy of [STRANGER, { ...STRANGER, fingerprint: KEY.fingerprint }]) {
        const signed = { ...content, digestPublicKeyFingerprint: signedBy.fingerprint, logFiles: [] };
        const forged = signDigest({ ...digest, content: signed, signedBy, backfill: false });
        expectFound(put(forged), location(digest), 'forged');
      }
    }
    reportTried('trails', tried);
  });

  it('with the list of keys is found', () => {
    const stranger = listKey(STRANGER);
    const listed = listKey(KEY);
    for (const keys of [
      [],
      [stranger],
      [{ ...stranger, fingerprint: listed.fingerprint }],
      [{ ...listed, value: 'no key' }],
      [{ ...listed, validTo: '2026-02-01T00:00:00Z' }],
      [{ ...listed, validFrom: '2026-04-01T00:00:00Z' }],
    ]) {
      const { kind, digests: counts } = judge({ ...TRAIL, keys });
      expect([kind, counts.believed]).toEqual(['broken', 0]);
    }
  });

  it('by adding a log file is found, and the file is not believed', () => {
    const added = makeLog(2, 15, 77);
    const verdict = judge({ ...TRAIL, logs: [...logs, added] });
    expect(verdict.findings).toMatchObject([{ kind: 'unnamed-log', file: location(added) }]);
    expect(verdict.logs).toEqual({ given: 13, believed: 12 });
  });

  it('of everything leaves nothing intact', () => {
    expect(judge({ ...TRAIL, digests: [], logs: [] }).kind).toBe('broken');
  });
});

/** The digests after `first`, of the second hour on; the second hour's names the log files of the first as well. */
function follow(first: StoredFile): readonly StoredFile[] {
  const made = [first];
  for (let hour = 1; hour < 6; hour += 1) {
    const named = logs.slice(hour === 1 ? 0 : hour * 2, hour * 2 + 2);
    made.push(makeDigest({ hour, logs: named, previous: made.at(-1) }));
  }
  return made.slice(1);
}

function judge(trail: StoredTrail, period?: { readonly from: string; readonly to: string }) {
  const copy = readTrail(trail);
  return verifyTrail(CRYPTO, { ...copy, period: period ?? copy.period });
}

function location({ bucket, key }: StoredFile): string {
  return `${bucket}/${key}`;
}

/** Changes of the stored bytes that change what they say. */
function* spoilBytes({ stored }: StoredFile): Generator<readonly [string, Uint8Array]> {
  const stride = Math.ceil((stored.length * 8) / 16);
  for (let bit = 1; bit < stored.length * 8; bit += stride) {
    const flipped = flipBit(stored, bit);
    // No hash covers the header's time and system, nor the padding of the last block: nothing is said by them.
    if (Buffer.compare(unzip(flipped), unzip(stored)) !== 0) yield [`bit ${bit} flipped`, flipped];
  }
  for (const cut of [0, 1, 17, stored.length >> 1, stored.length - 8, stored.length - 1]) {
    yield [`cut to ${cut}`, stored.subarray(0, cut)];
  }
  for (const tail of [Uint8Array.of(0), stored.slice(-8), zip(''), zip('{"Records":[]}')]) {
    yield ['appended', Uint8Array.from([...stored, ...tail])];
  }
  yield ['emptied', zip('{}')];
}

function* spoilMetadata({ metadata }: StoredFile): Generator<readonly [string, StoredFile['metadata']]> {
  const { signature = '', algorithm = '' } = metadata;
  yield ['no metadata', {}];
  yield ['no signature', { algorithm }];
  yield ['no algorithm', { signature }];
  yield ['another algorithm', { signature, algorithm: 'SHA1withRSA' }];
  yield ['no hex', { signature: 'signature', algorithm }];
  yield ['cut signature', { signature: signature.slice(2), algorithm }];
  for (let bit = 0; bit < 2048; bit += 199) {
    const flipped = Buffer.from(flipBit(Buffer.from(signature, 'hex'), bit)).toString('hex');
    yield [`signature bit ${bit}`, { signature: flipped, algorithm }];
  }
}
