import fc from 'fast-check';
import { diffAgreements } from '../../../../lib/domain/agreement/amendment/diff-agreements';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../../../lib/domain/agreement/plan/plan-agreement';
import { makeRingPlan, makeTwoPartyPlan } from '../../../fixtures/sample-plan';
import { sha256 } from '../../audit/sha256';
import { parseValidCase } from '../agreement-cases';

const PLANS: readonly Plan[] = [
  ...['every-treatment.yaml', 'every-via.yaml', 'exemptions.yaml', 'ring-of-three.yaml'].map((name) =>
    planAgreement(parseValidCase(name)),
  ),
  makeTwoPartyPlan(),
  makeRingPlan(),
];

type Place = readonly (string | number)[];

/** What says of what kind the rest is: it is changed with the rest, or not at all. */
const KINDS: readonly (string | number | undefined)[] = ['kind', 'distance', 'measure'];

/** Every place inside, but for what says which version it is. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  const path = at.join('.');
  if (path === 'agreement.version' || path === 'agreement.content') return [];
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const here = at.length === 0 || KINDS.includes(at.at(-1)) ? [] : [at];
  const key = (name: string) => (Array.isArray(value) ? Number(name) : name);
  return [...here, ...inside.flatMap(([name, each]) => placesOf(each, [...at, key(name)]))];
}

const PLACES = PLANS.map((plan) => placesOf(plan));

/** What stands under the same key, or in the same list, anywhere: what can stand there. */
const KINDRED = new Map<string, unknown[]>();
PLACES.forEach((places, which) => {
  for (const place of places) {
    const kindred = KINDRED.get(kindOf(place)) ?? [];
    kindred.push(valueAt(PLANS[which]!, place));
    KINDRED.set(kindOf(place), kindred);
  }
});

function kindOf(place: Place): string {
  return place
    .slice(-2)
    .map((key) => (typeof key === 'number' ? '[]' : key))
    .join('.');
}

function valueAt(plan: Plan, place: Place): unknown {
  return place.reduce<unknown>((value, key) => Reflect.get(Object(value), key), plan);
}

/** What can be done to one place so that it is another agreement's. */
const EDITS: readonly ((owner: object, key: string | number, kindred: unknown) => void)[] = [
  (owner, key, kindred) => Reflect.set(owner, key, structuredClone(kindred)),
  (owner, key) => {
    if (Array.isArray(owner)) owner.splice(Number(key), 1);
  },
  (owner, key) => {
    const value = Reflect.get(owner, key);
    if (typeof value === 'number') Reflect.set(owner, key, value + 1);
    else if (typeof value === 'boolean') Reflect.set(owner, key, !value);
    else if (typeof value === 'string' && FREE.has(key)) Reflect.set(owner, key, `${value}x`);
    else if (Array.isArray(value)) value.push(...value.splice(0, 1));
  },
  (owner, key) => {
    if (Array.isArray(owner)) owner.push(structuredClone(owner[Number(key)]));
    else if (OPTIONAL.has(key)) Reflect.deleteProperty(owner, key);
  },
];

/** Keys whose texts are free. */
const FREE = new Set<string | number>(
  'id title name text account jurisdiction exchange privacy security file owner subject persons from to dataset setting'.split(
    ' ',
  ),
);
const OPTIONAL = new Set<string | number>(
  'subject persons privacy recoding releasedAs basisBy safeguardBy exemptBy mayIdentifyBy written signingKey networks sftp quota watermark tolerance after'.split(
    ' ',
  ),
);

test('two plans that differ anywhere have a change, and it is told by different words', () => {
  const edited = fc.nat({ max: PLANS.length - 1 }).chain((which) => {
    const places = PLACES[which]!;
    return fc.record({
      which: fc.constant(which),
      place: fc.nat({ max: places.length - 1 }).map((at) => places[at]!),
      edit: fc.constantFrom(...EDITS),
      among: fc.nat({ max: 1000 }),
    });
  });
  fc.assert(
    fc.property(edited, ({ which, place, edit, among }) => {
      const old = PLANS[which]!;
      const next = structuredClone(old);
      const owner = place.slice(0, -1).reduce<object>((value, key) => Reflect.get(value, key), next);
      const kindred = KINDRED.get(kindOf(place))!;
      edit(owner, place.at(-1)!, kindred[among % kindred.length]);
      fc.pre(JSON.stringify(next) !== JSON.stringify(old));
      const { changes } = diffAgreements(old, next, sha256);
      expect(changes).not.toEqual([]);
      for (const { before, after } of changes) expect(before).not.toBe(after);
    }),
    { seed: 11, numRuns: 600 },
  );
});

test('the same plan read again has none', () => {
  for (const plan of PLANS) expect(diffAgreements(plan, structuredClone(plan), sha256).changes).toEqual([]);
});

test('a hierarchy whose leaves change groups is looser', () => {
  const [old] = PLANS;
  const text = JSON.stringify(old).replaceAll('["true","*"],["false","*"]', '["false","*"],["true","*"]');
  const { changes } = diffAgreements(old!, JSON.parse(text), sha256);
  expect(changes).toEqual([
    {
      effect: 'loosens',
      place: 'datasets.people.columns.2024.treatment',
      before: expect.stringMatching(/^generalise \(yes-no\.csv: 2 rows, SHA-256 [0-9a-f]{64}\)$/),
      after: expect.stringMatching(/^generalise \(yes-no\.csv: 2 rows, SHA-256 [0-9a-f]{64}\)$/),
      gains: ['bank'],
    },
  ]);
});
