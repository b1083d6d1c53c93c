import fc from 'fast-check';
import { formatBase64, formatHex, parseBase64, parseHex } from '../../lib/domain/bytes';

it('reads back what it wrote, as Node writes it too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(formatBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(formatHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(parseBase64(formatBase64(bytes))).toEqual(bytes);
      expect(parseHex(formatHex(bytes))).toEqual(bytes);
    }),
  );
});

it.each(['A', 'AA', 'AAA', 'AA=A', 'AAB=', 'AAAAAAB=', 'AAAAAB==', 'A===', 'AA AA=', 'AA-_', 'AAAA\n'])(
  '%j is no base64',
  (text) => {
    expect(parseBase64(text)).toBeUndefined();
  },
);

it.each(['a', 'ag', '0x00', ' 00', '00\n'])('%j is no hexadecimal', (text) => {
  expect(parseHex(text)).toBeUndefined();
});
