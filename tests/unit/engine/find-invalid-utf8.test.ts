import fc from 'fast-check';
import { findInvalidUtf8 } from '../../../lib/engine/intake/find-invalid-utf8';
import { CODE_POINT } from '../../fixtures/code-point';

/** Longest start that decodes, by trying all. */
function findSlowly(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let end = bytes.length; end >= 0; end--) {
    try {
      decoder.decode(bytes.subarray(0, end));
      return end;
    } catch {}
  }
  return 0;
}

test('finds where a text stops being UTF-8', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(
        fc.string({ unit: CODE_POINT, maxLength: 20 }),
        fc.uint8Array({ maxLength: 3 }),
        fc.string({ unit: CODE_POINT }),
      )
      .map(([before, wrong, after]) => Buffer.concat([Buffer.from(before), wrong, Buffer.from(after)])),
  );
  fc.assert(
    fc.property(bytes, (given) => {
      const buffer = Buffer.from(given);
      expect(findInvalidUtf8(buffer)).toBe(findSlowly(buffer));
    }),
    { numRuns: 1000 },
  );
});
