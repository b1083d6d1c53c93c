import type { Plan, PlannedLeg, PlannedParty } from '../../../../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../../lib/domain/enforcement/registration/sign-version';
import { openRegistry } from '../../../../lib/domain/registry/registry';
import { openMemoryStore } from '../../../fixtures/memory-store';
import { TELCO_RETAIL_PLAN as BASE } from '../../../fixtures/plan';
import { believe, EARLY, signatureOf, versionOf } from '../../../fixtures/registered';

const PRODUCT = { kind: 'product', productId: 'prod-1' } as const;
const [LEG, BACK] = BASE.legs as readonly [PlannedLeg, PlannedLeg];
const FIRST: Plan = { ...BASE, legs: [{ ...LEG, via: PRODUCT }, BACK] };
const WITHOUT: readonly PlannedLeg[] = [{ ...LEG, via: { kind: 'api' } }, BACK];

/** Another agreement of the same giver, by the same product unless it says otherwise. */
function nextOf(receiver: Partial<PlannedParty>, via: PlannedLeg['via'] = PRODUCT): Plan {
  const party = { ...BASE.parties.find(({ id }) => id === LEG.to)!, ...receiver };
  return {
    ...BASE,
    agreement: { ...BASE.agreement, id: 'telco-next-2027' },
    parties: [...BASE.parties.filter(({ id }) => id !== LEG.to), party],
    legs: [
      { ...LEG, to: party.id, via },
      { ...BACK, from: party.id },
    ],
  };
}

const INSURER = { id: 'insurer', account: '999988887777' };
const amend = (plan: Plan, version: number, legs = plan.legs): Plan => ({
  ...plan,
  legs,
  agreement: { ...plan.agreement, version, content: `b${version}`.repeat(32) },
});

function openRoom() {
  const registry = openRegistry(openMemoryStore().store);
  const bring = (plan: Plan) => registerAgreement(registry, versionOf(plan), EARLY);
  const agree = async (plan: Plan) => {
    await bring(plan);
    for (const { id } of plan.parties) await signVersion(registry, signatureOf(plan, id), believe);
  };
  return { registry, bring, agree };
}

test.each(['active', 'settled'] as const)(
  'the product of an agreement that is %s is for no other receiver',
  async (state) => {
    const { registry, bring, agree } = openRoom();
    await agree(FIRST);
    await registry.current(FIRST.agreement.id).change([], (current) => ({ ...current, state }));
    const place = `legs.${LEG.id}.via: by ${FIRST.agreement.id}, version 1, the product prod-1 is for retail`;
    await expect(bring(nextOf(INSURER))).rejects.toMatchObject({
      name: 'MovedProduct',
      message: expect.stringContaining(place),
    });
    expect(await registry.listAgreements()).toEqual([FIRST.agreement.id]);
  },
);

test('nor is it after an amendment that left it out, nor while all may still sign it', async () => {
  const { bring, agree } = openRoom();
  await agree(FIRST);
  await agree(amend(FIRST, 2, WITHOUT));
  await expect(bring(nextOf(INSURER))).rejects.toThrow('version 1, the product prod-1');
  const unsigned = openRoom();
  await unsigned.bring(FIRST);
  await expect(unsigned.bring(nextOf(INSURER))).rejects.toThrow('version 1, the product prod-1');
});

test('a version that nobody can sign any more binds no product', async () => {
  const { registry, bring } = openRoom();
  await bring(FIRST);
  await bring(amend(FIRST, 2, WITHOUT));
  await bring(nextOf(INSURER));
  expect(await registry.listAgreements()).toHaveLength(2);
});

test.each<[string, Plan]>([
  ['the same receiver', nextOf({})],
  ['the same account by another name', nextOf({ id: 'corner' })],
  ['another receiver, another way', nextOf(INSURER, { kind: 'data-grant' })],
  ['another receiver, another product', nextOf(INSURER, { kind: 'product', productId: 'prod-2' })],
])('an agreement with %s is put on record', async (_, next) => {
  const { registry, bring, agree } = openRoom();
  await agree(FIRST);
  await bring(next);
  expect(await registry.listAgreements()).toContain(next.agreement.id);
});

test('a receiver that takes another account takes another product: the one before shows all to the account that subscribed', async () => {
  const { bring, agree } = openRoom();
  await agree(FIRST);
  const moved = FIRST.parties.map((each) => (each.id === LEG.to ? { ...each, account: INSURER.account } : each));
  await expect(bring({ ...amend(FIRST, 2), parties: moved })).rejects.toThrow(
    `the product prod-1 is for retail (account ${FIRST.parties.find(({ id }) => id === LEG.to)?.account})`,
  );
});

describe('the way out is told, and is one', () => {
  const OWN = `Make a product for insurer (account ${INSURER.account}).`;
  const failing = async (promise: Promise<void>): Promise<string> =>
    promise.then(
      () => 'taken',
      (error: Error) => error.message,
    );

  test('of another agreement that not all have signed: a next version of it', async () => {
    const { bring, agree } = openRoom();
    await agree(amend(FIRST, 1, WITHOUT));
    await bring(amend(FIRST, 2));
    const orElse = `Or, as not all have signed that version, have a next one of ${FIRST.agreement.id} registered without the product.`;
    expect(await failing(bring(nextOf(INSURER)))).toMatch(
      new RegExp(`version 2, the product .*${literal(`${OWN} ${orElse}`)}$`),
    );
    await bring(amend(FIRST, 3, WITHOUT));
    expect(await failing(bring(nextOf(INSURER)))).toBe('taken');
  });

  test('of one that all have signed: a product of its own, and nothing else', async () => {
    const { bring, agree } = openRoom();
    await agree(FIRST);
    const word = new RegExp(`version 1, .*${literal(OWN)}$`);
    expect(await failing(bring(nextOf(INSURER)))).toMatch(word);
    await bring(amend(FIRST, 2));
    expect(await failing(bring(nextOf(INSURER)))).toMatch(word);
    expect(await failing(bring(nextOf(INSURER, { kind: 'product', productId: 'prod-2' })))).toBe('taken');
  });

  test('of the same agreement: nothing that would be refused for the leg itself', async () => {
    const { bring, agree } = openRoom();
    await agree(FIRST);
    const parties = FIRST.parties.map((each) => (each.id === LEG.to ? { ...each, account: INSURER.account } : each));
    const moved = { ...amend(FIRST, 2), parties };
    const told = await failing(bring(moved));
    expect(told).toMatch(
      /No data set leaves a product: deliver it by neither a product nor a grant, or give a dataset of another name in a product for retail \(account 999988887777\)\.$/,
    );
    expect(told).not.toContain('Make a product');
    const other: PlannedLeg = { ...LEG, via: { kind: 'product', productId: 'prod-2' } };
    expect(await failing(bring({ ...moved, legs: [other, BACK] }))).toContain(
      'no data set leaves a product. Keep it there',
    );
    expect(await failing(bring({ ...moved, legs: [{ ...other, id: 'telco-retail-usage-2' }, BACK] }))).toBe('taken');
    expect(await failing(bring({ ...amend({ ...moved, legs: WITHOUT }, 3), parties }))).toBe('taken');
  });

  test('and what stays in its product is told before whose the other one is', async () => {
    const { bring, agree } = openRoom();
    const second = { kind: 'product', productId: 'prod-2' } as const;
    const first: Plan = { ...FIRST, legs: [{ ...BACK, via: second }, ...FIRST.legs.slice(0, 1)] };
    await agree(first);
    const swapped = amend(first, 2, [{ ...LEG, via: second }]);
    expect(await failing(bring(swapped))).toContain('it is in the product prod-1');
  });

  function literal(text: string): string {
    return text.replaceAll(/[.()]/g, '\\$&');
  }
});

test('another agreement’s record that cannot be read stops what goes by a product, and nothing else', async () => {
  const { registry, bring, agree } = openRoom();
  await agree(FIRST);
  const signed = await registry.signatures(FIRST.agreement.id).list();
  expect(signed.length).toBeGreaterThan(0);
  const broken = { ...registry, signatures: (id: string) => ({ ...registry.signatures(id), list: unreadable(id) }) };
  const bringBlind = (plan: Plan) => registerAgreement(broken, versionOf(plan), EARLY);
  await expect(bringBlind(nextOf({}))).rejects.toThrow('unreadable');
  await bringBlind(nextOf({}, { kind: 'api' }));
  await expect(bring(amend(nextOf({}), 2))).resolves.toBeUndefined();

  function unreadable(id: string) {
    return id === FIRST.agreement.id
      ? () => Promise.reject(new Error('unreadable'))
      : () => registry.signatures(id).list();
  }
});
