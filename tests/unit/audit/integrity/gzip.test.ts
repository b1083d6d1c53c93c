import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readGzip } from '../../../../lib/domain/audit/integrity/gzip';
import { inflateRaw, zip } from './trail-maker';

it('reads what gzip wrote, and counts what lies behind it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uint8Array({ maxLength: 50 }), (content, tail) => {
      const stored = Uint8Array.from([...gzipSync(content), ...tail]);
      expect(readGzip(stored, inflateRaw)).toEqual({ kind: 'whole', content, trailing: tail.length });
    }),
  );
});

it('passes over the optional parts of a header', () => {
  const plain = zip('text');
  const name = [...Buffer.from('log.json\0')];
  const extra = [2, 0, 7, 7];
  for (const [flags, parts] of [
    [8, name],
    [16, name],
    [4, extra],
    [2, [1, 2]],
    [30, [...extra, ...name, ...name, 1, 2]],
  ] as const) {
    const stored = Uint8Array.from([
      ...plain.subarray(0, 3),
      flags,
      ...plain.subarray(4, 10),
      ...parts,
      ...plain.subarray(10),
    ]);
    expect(readGzip(stored, inflateRaw)).toMatchObject({ kind: 'whole', trailing: 0 });
  }
});

it.each([
  ['nothing', [], 'it is no gzip file'],
  ['text', [...Buffer.from('{"Records":[]}        ')], 'it is no gzip file'],
  ['an endless name', [0x1f, 0x8b, 8, 8, ...Array.from({ length: 20 }, () => 65)], 'it is no gzip file'],
  ['half a stream', [...zip('text'.repeat(99)).subarray(0, 19)], 'its compressed data are damaged or cut short'],
  ['no whole checksum', [...zip('text').subarray(0, -1)], 'it ends before its checksum'],
  [
    'another checksum',
    [...zip('text').subarray(0, -8), 0, 0, 0, 0, 4, 0, 0, 0],
    'its content does not fit its checksum',
  ],
  ['another length', [...zip('text').subarray(0, -4), 5, 0, 0, 0], 'its content does not fit its checksum'],
])('says what is wrong with %s', (_, bytes, problem) => {
  expect(readGzip(Uint8Array.from(bytes), inflateRaw)).toEqual({ kind: 'broken', problem });
});
