import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateAuditSample } from '../../../examples/audit/generate';
import { readGzip } from '../../../lib/domain/audit/integrity/gzip';
import { verifyTrail } from '../../../lib/domain/audit/integrity/verify-trail';
import { readCloudTrailRecord } from '../../../lib/domain/audit/records/read-cloudtrail-record';
import { CRYPTO, hex, inflateRaw, unzip } from '../../unit/audit/integrity/trail-maker';

const folder = mkdtempSync(join(tmpdir(), 'audit-sample-'));
const [one, two] = ['one', 'two'].map((name) => join(folder, name)) as [string, string];

beforeAll(() => {
  generateAuditSample({ directory: one });
  generateAuditSample({ directory: two });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listFiles(root: string): readonly string[] {
  const names = readdirSync(root, { recursive: true }) as string[];
  return names.filter((name) => statSync(join(root, name)).isFile()).toSorted();
}

test('records and decisions are the same in every run, and so is every file but what is signed', () => {
  const files = listFiles(one);
  expect(listFiles(two)).toEqual(files);
  const same = files.filter((file) => readFileSync(join(one, file)).equals(readFileSync(join(two, file))));
  expect(files.filter((file) => !same.includes(file)).every((file) => /^digests|^trail-keys/.test(file))).toBe(true);
  expect(same.filter((file) => file.startsWith('logs/'))).toHaveLength(23);
});

test('every record is one that an audit knows', () => {
  const records = listFiles(join(one, 'logs')).flatMap((file) => {
    const text = Buffer.from(unzip(readFileSync(join(one, 'logs', file)))).toString();
    return (JSON.parse(text) as { Records: unknown[] }).Records;
  });
  expect(records.length).toBeGreaterThan(200);
  expect(new Set(records.map((record) => readCloudTrailRecord(record).kind))).toEqual(new Set(['access']));
});

test('the trail is whole but for the one file that was left out', () => {
  const read = (name: string) => readFileSync(join(one, name));
  const lines = read('digests/metadata.jsonl').toString().trim().split('\n');
  const digests = lines.map((line) => {
    const { key, Metadata } = JSON.parse(line);
    const metadata = { signature: Metadata.signature, algorithm: Metadata['signature-algorithm'] };
    return { bucket: 'barter-room-trail-sample', key, file: readGzip(read(`digests/${key}`), inflateRaw), metadata };
  });
  const { PublicKeyList } = JSON.parse(read('trail-keys.json').toString());
  const [key] = PublicKeyList;
  const { findings } = verifyTrail(CRYPTO, {
    digests,
    logs: listFiles(join(one, 'logs')).map((name) => ({
      bucket: 'barter-room-trail-sample',
      key: name,
      file: { kind: 'whole', sha256: hex(unzip(read(`logs/${name}`))), trailing: 0 },
    })),
    publicKeys: [
      {
        fingerprint: key.Fingerprint,
        value: key.Value,
        validFrom: key.ValidityStartTime,
        validTo: key.ValidityEndTime,
      },
    ],
    period: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
  });
  expect(findings.map(({ kind }) => kind)).toEqual(['missing-log']);
});

test('a folder that holds something is left alone', () => {
  expect(() => generateAuditSample({ directory: one })).toThrow('is not empty');
});
