import fc from 'fast-check';
import { formatDecimal, formatInterval, parseDecimal } from '../../../../lib/domain/privacy/treatments/decimal';

test.each([
  ['0', '0'],
  ['-0.0', '0'],
  ['007', '7'],
  ['+3.50', '3.5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['12.5000', '12.5'],
  ['1e+20', '100000000000000000000'],
  ['1.5E-7', '0.00000015'],
  ['1.7976931348623157e+308', `17976931348623157${'0'.repeat(292)}`],
])('%s is %s', (text, plain) => {
  expect(formatDecimal(parseDecimal(text)!)).toBe(plain);
});

test.each(['', '.', '-', 'e5', 'inf', 'nan', '1,5', '0x10', '1e99999', ' 1', '1_000'])('«%s» is no number', (text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test('what is formatted reads the same again', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const plain = formatDecimal(parseDecimal(String(value))!);
      expect(Number(plain)).toBe(value === 0 ? 0 : value);
      expect(formatDecimal(parseDecimal(plain)!)).toBe(plain);
    }),
  );
});

test('an interval holds its number', () => {
  const number = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 12 }));
  const width = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.nat({ max: 6 }));
  fc.assert(
    fc.property(number, width, ([digits, scale], [step, stepScale]) => {
      const [from, to] = formatInterval({ digits, scale }, { digits: step, scale: stepScale }).slice(1, -1).split(',');
      const [low, high] = [parseDecimal(from!)!, parseDecimal(to!)!];
      // All at eighteen digits behind the point.
      const at = (value: { digits: bigint; scale: number }) => value.digits * 10n ** BigInt(18 - value.scale);
      expect(at(low) <= at({ digits, scale }) && at({ digits, scale }) < at(high)).toBe(true);
      expect(at(high) - at(low)).toBe(at({ digits: step, scale: stepScale }));
      expect(at(low) % at({ digits: step, scale: stepScale })).toBe(0n);
    }),
  );
});
