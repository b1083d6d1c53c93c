import { checkSignature, type VersionSignature } from '../../../lib/domain/agreement/signature';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { believe, signatureOf } from '../../fixtures/registered';

const { agreement } = PLAN;

test.each<[string, Partial<VersionSignature>, string | undefined]>([
  ['of this version', {}, undefined],
  ['of another agreement', { agreement: 'other-2026' }, 'other-agreement'],
  ['of another version, though it says the same', { version: agreement.version + 1 }, 'other-version'],
  ['of another content', { content: 'ab'.repeat(32) }, 'other-content'],
  ['of nobody who signs it', { party: 'bank' }, 'unknown-party'],
  ['with another key than it is signed with', { publicKey: 'another' }, 'other-key'],
])('a signature %s', (_, changed, fault) => {
  const signature = signatureOf(PLAN, 'retail');
  expect(checkSignature(PLAN, { ...signature, ...changed }, believe, { key: signature.publicKey })).toBe(fault);
});

test('a signature that does not hold', () => {
  expect(checkSignature(PLAN, signatureOf(PLAN, 'retail'), () => false)).toBe('not-genuine');
});
