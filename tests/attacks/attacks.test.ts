import {
  guessAge,
  guessIllness,
  guessMembership,
  guessSkewed,
  intersectRounds,
  joinByOrder,
  joinReleases,
  linkByKnown,
  measureSkew,
  readHomogeneous,
  readShared,
  reverseTokens,
} from './attacks';
import { compareSuccess, expectDocumented, percent } from './expect-documented';
import { makePeople, type Person, toCsv } from './people';
import { type Released, type ReleasedRow, releaseToAttack } from './release-to-attack';

const K = 10;
const POPULATION = makePeople(6000, 1);
/** Half of the population is in the delivery; the other half is like it, and is not. */
const MEMBERS = POPULATION.slice(0, 3000);
const HOLDOUT = POPULATION.slice(3000);
const DELIVERY = toCsv(MEMBERS);
/** Fewer suffice where the attack nearly always succeeds. */
const SOME = MEMBERS.slice(0, 400);

/** What a careless agreement would let out: the known columns as they are. */
const BARE = {
  columns: {
    age: '{ type: integer, role: plain }',
    zip: '{ type: string, role: plain }',
    sex: '{ type: string, role: plain }',
    illness: '{ type: string, role: plain }',
  },
  privacy: '',
};

function rowsOf(released: Released | undefined, receiver = 'lab'): readonly ReleasedRow[] {
  expect(released?.outcome.kind).toBe('delivered');
  return released!.rows[receiver]!;
}

let strong: readonly ReleasedRow[];
let bare: readonly ReleasedRow[];
let certified: Released;

beforeAll(async () => {
  [certified] = (await releaseToAttack({}, DELIVERY)) as [Released];
  strong = rowsOf(certified);
  [bare] = (await releaseToAttack(BARE, DELIVERY)).map((released) => rowsOf(released)) as [readonly ReleasedRow[]];
});

describe('linkage, with a holdout', () => {
  it('finds a member no oftener than one in k, and less than the certificate says', () => {
    const found = linkByKnown(strong, MEMBERS);
    expect(found.high).toBeLessThanOrEqual(1 / K);
    expect(found.rate).toBeLessThanOrEqual(certified.outcome.legs[0]!.certificate!.risk!.after.prosecutor);
    expectDocumented('linkage', found, percent(1 / MEMBERS.length));
  });

  it('finds most where the columns go out as they are', () => {
    const found = linkByKnown(bare, SOME);
    expect(found.low).toBeGreaterThan(0.9);
    expectDocumented('linkage, bare', found, percent(1 / MEMBERS.length));
  });

  it('tells members from others of the same population hardly better than chance', () => {
    const inside = guessMembership(strong, MEMBERS);
    const outside = guessMembership(strong, HOLDOUT);
    const difference = compareSuccess(inside, outside);
    expect(difference.high).toBeLessThan(0.02);
    expectDocumented('membership, difference', difference, percent(0));
    expect(guessMembership(bare, HOLDOUT.slice(0, 400)).high).toBeLessThan(0.2);
    expectDocumented('membership', inside, percent(outside.rate));
  });

  it('learns little more of a member’s illness than of anybody’s: what the release tells is about groups', () => {
    const inside = guessIllness(strong, MEMBERS);
    const outside = guessIllness(strong, HOLDOUT);
    const difference = compareSuccess(inside, outside);
    expect(difference.high).toBeLessThan(1 / K);
    expectDocumented('illness of a member, difference', difference, percent(0));
    expect(guessIllness(bare, SOME).low).toBeGreaterThan(0.9);
    expectDocumented('illness of a member', inside, percent(outside.rate));
  });
});

describe('homogeneity and skewness', () => {
  it('gives no illness away for certain where l is set, and some where it is not', async () => {
    expect(readHomogeneous(strong, MEMBERS).right).toBe(0);
    const [weak] = await releaseToAttack({ privacy: '{ k: 2, suppressAtMost: 5% }' }, DELIVERY);
    const given = readHomogeneous(rowsOf(weak), SOME);
    expect(given.low).toBeGreaterThan(0);
    expectDocumented('homogeneity', readHomogeneous(strong, MEMBERS), percent(readHomogeneous(strong, HOLDOUT).rate));
    const others = readHomogeneous(rowsOf(weak), HOLDOUT);
    expectDocumented('homogeneity, k = 2 without l', given, percent(others.rate));
  });

  it('keeps every group within t of the whole, and not without t', async () => {
    const [close] = await releaseToAttack({ privacy: '{ k: 10, t: { illness: 0.15 }, suppressAtMost: 5% }' }, DELIVERY);
    const released = rowsOf(close);
    // The reference is the whole delivery, of which the release holds nearly all.
    const suppressed = 1 - released.length / MEMBERS.length;
    expect(measureSkew(released)).toBeLessThanOrEqual(0.15 + suppressed);
    expect(measureSkew(strong)).toBeGreaterThan(0.15 + suppressed);
    const [bounded, skewed] = [guessSkewed(released, MEMBERS), guessSkewed(strong, MEMBERS)];
    expect(bounded.success.rate - bounded.base).toBeLessThanOrEqual(0.15 + suppressed);
    expect(skewed.success.low).toBeGreaterThan(skewed.base);
    expectDocumented('skewness', bounded.success, percent(bounded.base));
    expectDocumented('skewness, without t', skewed.success, percent(skewed.base));
  });
});

describe('several rows per subject', () => {
  /** People of one group who all have flu; one of them has something else too. */
  const alike: readonly Person[] = makePeople(40, 3).map((person) => ({
    ...person,
    age: 33,
    zip: '1000',
    sex: 'f',
    illness: 'flu',
  }));
  const delivery = toCsv([...alike, { ...alike[0]!, illness: 'cancer' }]);

  it('is stopped by l: one subject’s second value hides nobody else’s first, and nothing is released', async () => {
    const [released] = await releaseToAttack({}, delivery);
    expect(released!.outcome.kind).toBe('withheld');
    expect(released!.rows).toEqual({ lab: undefined });
  });

  it('is stopped by l where others are near: the group is made larger, or left out', async () => {
    const [released] = await releaseToAttack({}, toCsv([...MEMBERS, ...alike, { ...alike[0]!, illness: 'cancer' }]));
    const shared = readShared(rowsOf(released), [...alike, ...MEMBERS]);
    expect(shared.right).toBe(0);
    expect(released!.outcome.legs[0]!.certificate!.privacy!.l[0]!.shared).toBeLessThan(1);
    const others = readShared(rowsOf(released), HOLDOUT);
    expectDocumented('several rows per subject', shared, percent(others.rate));
  });

  it('tells what all have where l is not asked for', async () => {
    const [released] = await releaseToAttack({ privacy: '{ k: 10, suppressAtMost: 5% }' }, delivery);
    const shared = readShared(rowsOf(released), alike);
    expect(shared.rate).toBe(1);
    // Of others of that age, place and sex: who has flu by chance.
    const like = HOLDOUT.map((person) => ({ ...person, age: 33, zip: '1000', sex: 'f' as const }));
    expectDocumented('several rows per subject, without l', shared, percent(readShared(rowsOf(released), like).rate));
  });
});

describe('intersection of rounds', () => {
  it('leaves k subjects where the same people are released again', async () => {
    const rounds = (await releaseToAttack({}, DELIVERY, DELIVERY)).map((released) => rowsOf(released));
    const { least, success } = intersectRounds(rounds, MEMBERS);
    expect(least).toBeGreaterThanOrEqual(K);
    expectDocumented('intersection, same people', success, percent(1 / MEMBERS.length));
  });

  const grown = toCsv([...MEMBERS.slice(0, 1500), ...makePeople(15_000, 9)]);

  it('finds hardly more where the next round has other people at the same levels, and the certificate says what', async () => {
    const rounds = await releaseToAttack({ isRecorded: true }, DELIVERY, grown);
    const [first, second] = rounds.map(({ outcome }) => outcome.legs[0]!.certificate!);
    expect(second!.privacy!.levels).toEqual(first!.privacy!.levels);
    const { least, success } = intersectRounds(
      rounds.map((released) => rowsOf(released)),
      SOME,
    );
    // Subjects are fewer than who could be one of them: some are of the same group by chance.
    expect(second!.compositionRisk).toMatchObject({ rounds: 2, missing: 0 });
    expect(second!.compositionRisk!.leastGroup).toBeLessThanOrEqual(least);
    expect(success.rate).toBeLessThanOrEqual(1 / K);
    expectDocumented('intersection, other people', success, percent(1 / MEMBERS.length));
  });

  it('is not stopped where the next round has other people and, with them, other levels', async () => {
    const rounds = (await releaseToAttack({}, DELIVERY, grown)).map((released) => rowsOf(released));
    const { least, success } = intersectRounds(rounds, SOME);
    expect(least).toBeLessThan(K);
    expectDocumented('intersection, other levels', success, percent(1 / MEMBERS.length));
  });
});

describe('tokens', () => {
  const numbers = MEMBERS.map(({ phone }) => phone);

  it('cannot be looked up without the key; a plain digest can', () => {
    expect(reverseTokens(strong, numbers).right).toBe(0);
    const digested = strong.map((row) => ({ ...row }));
    const { createHash } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    const plain = MEMBERS.map(({ phone }, place) => ({
      ...digested[place],
      phone: createHash('sha256').update(phone).digest('hex').slice(0, 32),
    }));
    expect(reverseTokens(plain, numbers).rate).toBe(1);
    expectDocumented('dictionary on tokens', reverseTokens(strong, numbers), percent(0));
  });

  it('of two receivers have nothing in common, neither values nor order; a kept value of somebody’s own has', async () => {
    const [released] = await releaseToAttack({ receivers: ['lab', 'shop'] }, DELIVERY);
    const [lab, shop] = [rowsOf(released, 'lab'), rowsOf(released, 'shop')];
    expect(joinReleases(lab, shop, 'phone').right).toBe(0);
    expect(joinByOrder(lab, shop).rate).toBeLessThan(0.01);
    const joined = joinReleases(lab, shop, 'spent');
    expect(joined.low).toBeGreaterThan(0.9);
    expectDocumented('cross-receiver, by token', joinReleases(lab, shop, 'phone'), percent(0));
    expectDocumented('cross-receiver, by a kept value', joined, percent(1 / lab.length));
  });
});

describe('guessing ages in intervals', () => {
  it('guesses an exact age no better of members than of others: full-domain levels carry nothing of the row', () => {
    const ages = HOLDOUT.map(({ age }) => age);
    const inside = guessAge(strong, MEMBERS, ages);
    const outside = guessAge(
      strong,
      HOLDOUT,
      MEMBERS.map(({ age }) => age),
    );
    const difference = compareSuccess(inside, outside);
    expect(difference.high).toBeLessThan(0.04);
    expectDocumented('guessing ages in intervals, difference', difference, percent(0));
    expect(guessAge(bare, SOME, ages).rate).toBe(1);
    expectDocumented('guessing ages in intervals', inside, percent(outside.rate));
  });
});
