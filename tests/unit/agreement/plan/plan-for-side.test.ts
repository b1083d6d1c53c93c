import { planAgreement } from '../../../../lib/domain/agreement/plan/plan-agreement';
import { planForSide, type SidePlan } from '../../../../lib/domain/agreement/plan/plan-for-side';
import type { Side } from '../../../../lib/domain/agreement/plan/side';
import { sideOf } from '../../../../lib/domain/room/side-of';
import { parseValidCase } from '../agreement-cases';

const RING = planAgreement(parseValidCase('ring-of-three.yaml'));
const idsOf = ({ datasets, legs, incoming, elsewhere }: SidePlan) =>
  [datasets, legs, incoming, elsewhere].map((list) => list.map(({ id }) => id));

test.each<Side>([{ kind: 'hosted' }, { kind: 'hosted', operator: RING.parties[0]!.id }])(
  'a hosted room has everything: %j',
  (side) => {
    expect(planForSide(RING, side)).toEqual({ ...RING, side, incoming: [], elsewhere: [] });
  },
);

test.each(RING.parties.map(({ id }) => id))("%s's own room: its raw data, what it gives and what it gets", (party) => {
  const plan = planForSide(RING, { kind: 'peer', party });
  expect(plan.datasets.map(({ owner }) => owner)).toEqual(plan.datasets.map(() => party));
  expect(plan.legs.map(({ from }) => from)).toEqual(plan.legs.map(() => party));
  expect(plan.incoming.map(({ to }) => to)).toEqual(plan.incoming.map(() => party));
  expect(plan).toMatchObject({ agreement: RING.agreement, parties: RING.parties, clauses: RING.clauses });
});

test('the rooms of all parties together hold every dataset and every leg once', () => {
  const plans = RING.parties.map(({ id }) => planForSide(RING, { kind: 'peer', party: id }));
  const together = (pick: (plan: SidePlan) => readonly { readonly id: string }[]) =>
    plans.flatMap((plan) => pick(plan).map(({ id }) => id)).sort();
  const sorted = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).sort();
  expect(together((plan) => plan.datasets)).toEqual(sorted(RING.datasets));
  expect(together((plan) => plan.legs)).toEqual(sorted(RING.legs));
  expect(together((plan) => plan.incoming)).toEqual(sorted(RING.legs));
  for (const plan of plans)
    expect([...plan.legs, ...plan.incoming, ...plan.elsewhere].map(({ id }) => id).sort()).toEqual(sorted(RING.legs));
});

test('who is no party holds nothing', () => {
  const legs = RING.legs.map(({ id }) => id);
  expect(idsOf(planForSide(RING, { kind: 'peer', party: 'nobody' }))).toEqual([[], [], [], legs]);
});

test.each<[Parameters<typeof sideOf>[0], Side]>([
  [{ topology: { kind: 'hosted' } }, { kind: 'hosted' }],
  [
    { topology: { kind: 'hosted' }, operatorParty: 'telco' },
    { kind: 'hosted', operator: 'telco' },
  ],
  [{ topology: { kind: 'peer', party: 'telco' } }, { kind: 'peer', party: 'telco' }],
])('the room %j is the side %j', (room, side) => {
  expect(sideOf(room)).toEqual(side);
});
