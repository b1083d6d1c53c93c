import fc from 'fast-check';
import {
  AGREEMENT_STATES,
  type AgreementState,
  LIFECYCLE_ACTS,
  moveAgreement,
} from '../../../lib/domain/agreement/lifecycle';

const step = { at: '2026-01-01T00:00:00Z', by: 'telco', reason: 'because', clause: '1' };

test.each([
  ['draft', 'sign', 'signed'],
  ['signed', 'begin', 'active'],
  ['active', 'suspend', 'suspended'],
  ['suspended', 'resume', 'active'],
  ['signed', 'end', 'ended'],
  ['active', 'end', 'ended'],
  ['suspended', 'end', 'ended'],
  ['ended', 'settle', 'settled'],
] as const)('%s, %s: %s', (from, act, to) => {
  expect(moveAgreement(from, { ...step, act })).toEqual({ kind: 'moved', transition: { ...step, act, from, to } });
});

test('every other step is refused, and says why', () => {
  const allowed = AGREEMENT_STATES.flatMap((state) =>
    LIFECYCLE_ACTS.filter((act) => moveAgreement(state, { ...step, act }).kind === 'moved'),
  );
  expect(allowed).toHaveLength(8);
  expect(moveAgreement('settled', { ...step, act: 'resume' })).toEqual({
    kind: 'refused',
    problem: 'an agreement that is settled cannot resume',
  });
});

test('no way leads to active but by all signatures, and none out of the end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LIFECYCLE_ACTS), { maxLength: 30 }), (acts) => {
      let state: AgreementState = 'draft';
      const passed: AgreementState[] = [state];
      for (const act of acts) {
        const move = moveAgreement(state, { ...step, act });
        if (move.kind === 'moved') state = move.transition.to;
        passed.push(state);
      }
      const active = passed.indexOf('active');
      if (active >= 0) expect(passed.slice(0, active)).toContain('signed');
      const ended = passed.indexOf('ended');
      if (ended >= 0) expect(passed.slice(ended).every((each) => each === 'ended' || each === 'settled')).toBe(true);
    }),
  );
});
