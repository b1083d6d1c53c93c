import { describeSecret, type SecretUse } from '../../../../lib/domain/privacy/treatments/describe-secret';

const CASES: readonly (readonly [SecretUse, string])[] = [
  ['token', '["token","swap-2026","retail","usage",3]'],
  ['format-preserving', '["format-preserving","swap-2026","retail","usage",3]'],
  ['watermark', '["watermark","swap-2026","retail","usage",3]'],
  // Drawn anew in each version, these would add up.
  ['date-shift', '["date-shift","swap-2026","retail","usage"]'],
  ['noise', '["noise","swap-2026","retail","usage"]'],
];

test.each(CASES)('the secret for %s is derived from %s', (use, text) => {
  expect(describeSecret(use, 'swap-2026', { to: 'retail' }, { id: 'usage', version: 3 })).toBe(text);
});
