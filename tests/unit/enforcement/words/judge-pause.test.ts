import fc from 'fast-check';
import { type AgreementState, PAUSE_ACTS, type PauseAct } from '../../../../lib/domain/agreement/lifecycle';
import { judgePause } from '../../../../lib/domain/enforcement/words/judge-pause';
import type { CurrentRecord } from '../../../../lib/domain/registry/agreement-records';
import { listHolders } from '../../../../lib/domain/registry/list-pauses';
import { listPast, listSteps } from '../../../../lib/domain/registry/list-steps';

type Current = Pick<CurrentRecord, 'state' | 'history'>;

const minute = (at: number) => `2026-03-01T10:${String(at).padStart(2, '0')}:00Z`;

/** Says one after the other, a minute between them; what is refused is left out. */
function say(
  words: readonly string[],
  state: AgreementState = 'active',
): Current & { readonly said: readonly string[] } {
  let current: Current = { state, history: [] };
  const said = words.map((word, index) => {
    const [by, act] = word.split(' ') as [string, PauseAct];
    const pausing = judgePause(current, { act, by, at: minute(index), reason: 'x' });
    if (pausing.kind === 'moved')
      current = { state: pausing.transition.to, history: [...current.history, pausing.transition] };
    return pausing.kind === 'refused' ? pausing.fault : pausing.kind;
  });
  return { ...current, said };
}

test.each<[string, readonly string[], readonly string[], AgreementState, readonly string[]]>([
  ['one suspends', ['a suspend'], ['moved'], 'suspended', ['a']],
  ['and resumes', ['a suspend', 'a resume'], ['moved', 'moved'], 'active', []],
  ['asks twice', ['a suspend', 'a suspend'], ['moved', 'stands'], 'suspended', ['a']],
  ['resumes twice', ['a suspend', 'a resume', 'a resume'], ['moved', 'moved', 'stands'], 'active', []],
  ['suspends again', ['a suspend', 'a resume', 'a suspend'], ['moved', 'moved', 'moved'], 'suspended', ['a']],
  ['another lifts it', ['a suspend', 'b resume'], ['moved', 'of-others'], 'suspended', ['a']],
  ['who runs the room lifts it', ['a suspend', 'operator resume'], ['moved', 'of-others'], 'suspended', ['a']],
  ['a party lifts the room’s', ['operator suspend', 'a resume'], ['moved', 'of-others'], 'suspended', ['operator']],
  ['two suspend', ['a suspend', 'b suspend'], ['moved', 'moved'], 'suspended', ['a', 'b']],
  ['of two one resumes', ['a suspend', 'b suspend', 'a resume'], ['moved', 'moved', 'moved'], 'suspended', ['b']],
  ['of two both resume', ['a suspend', 'b suspend', 'a resume', 'b resume'], Array(4).fill('moved'), 'active', []],
  ['nobody had', ['a resume'], ['other-state'], 'active', []],
])('%s', (_, words, said, state, holders) => {
  const after = say(words);
  expect(after).toMatchObject({ said, state });
  expect(listHolders(after.history)).toEqual(holders);
});

test.each<AgreementState>(['draft', 'signed', 'ended', 'settled'])('what is %s is not suspended', (state) => {
  expect(say(['a suspend'], state)).toMatchObject({ said: ['other-state'], state });
});

test.each([
  ['before', '2026-03-01T09:00:00Z', { kind: 'refused', fault: 'later-word' }],
  ['in the moment of', minute(1), { kind: 'refused', fault: 'later-word' }],
  ['after', minute(2), { kind: 'moved' }],
])('a word undoes none that was said since: one of %s another', (_, at, expected) => {
  const { said: __, ...current } = say(['a suspend', 'a resume']);
  const late = { act: 'suspend', by: 'b', at, reason: 'x' } as const;
  expect(judgePause(current, late)).toMatchObject(expected);
});

test('a veto holds whatever others say: suspended while anybody has it so, active when nobody has', () => {
  const word = fc.tuple(fc.constantFrom('a', 'b', 'operator'), fc.constantFrom(...PAUSE_ACTS));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const { state, history } = say(words.map((each) => each.join(' ')));
      // The last that each said, counting only what it could say.
      const last = new Map(words.map(([by, act]) => [by, act]));
      const holding = [...last].flatMap(([by, act]) => (act === 'suspend' ? [by] : []));
      expect([...listHolders(history)].sort()).toEqual(holding.sort());
      expect(state).toBe(holding.length > 0 ? 'suspended' : 'active');
    }),
  );
});

test('what is put apart changes nobody’s veto, and is in its place where all steps are read', () => {
  const word = fc.tuple(fc.constantFrom('a', 'b', 'operator'), fc.constantFrom(...PAUSE_ACTS));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const { history } = say(words.map((each) => each.join(' ')));
      const past = listPast(history);
      const kept = history.filter((step) => !past.includes(step));
      expect(kept.length).toBeLessThanOrEqual(3);
      expect(listHolders(kept)).toEqual(listHolders(history));
      const apart = past.map((step) => ({ agreement: 'a', ...step }));
      expect(listSteps(apart, kept)).toEqual(history);
      expect(listSteps(apart, history)).toEqual(history);
    }),
  );
});
