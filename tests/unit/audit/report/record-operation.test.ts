import type { AuditedRoom } from '../../../../lib/domain/audit/report/audit-header';
import { recordOperation } from '../../../../lib/domain/audit/report/record-operation';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';

const HOSTED: AuditedRoom = { accounts: ['999900001111'], topology: 'hosted' };
const [GIVER, OTHER] = PLAN.legs.map(({ from }) => from);

test('a neutral operator acts for every giver, with what it gives', () => {
  const room = { topology: 'hosted', operator: 'Neutral Ltd', region: 'eu-central-1' } as const;
  const records = recordOperation([{ plan: { ...PLAN, room } }], HOSTED);
  expect(records.map(({ controller }) => controller.party).toSorted()).toEqual([GIVER!, OTHER!].toSorted());
  for (const { processor, controller, datasets, measures, transfer, categories } of records) {
    expect(processor).toEqual({ accounts: ['999900001111'], region: 'eu-central-1', name: 'Neutral Ltd' });
    expect(controller.contact).toBe(PLAN.parties.find(({ id }) => id === controller.party)?.contacts.privacy);
    expect(datasets.map(({ id }) => id)).toEqual(
      PLAN.legs.filter(({ from }) => from === controller.party).map(({ dataset }) => dataset),
    );
    expect(measures).toHaveLength(PLAN.controls.length);
    expect(categories).toEqual(['intake', 'treatment', 'disclosure', 'erasure', 'logging']);
    // Where it sits, nobody has said.
    expect(transfer).toBeUndefined();
  }
});

test.each([
  ['as the room is set up', { ...HOSTED, operatorParty: GIVER! }, PLAN],
  ['as it was signed', HOSTED, { ...PLAN, room: { topology: 'hosted', operator: GIVER! } as const }],
])('a party that runs the room, %s, acts for the others and not for itself', (_, room, plan) => {
  const parties = plan.parties.map((party) => ({ ...party, jurisdiction: party.id === GIVER ? 'US-CA' : 'DE' }));
  const records = recordOperation([{ plan: { ...plan, parties } }], room);
  expect(records).toMatchObject([
    {
      processor: { party: GIVER, jurisdiction: 'US-CA' },
      controller: { party: OTHER },
      transfer: { kind: 'to-review', from: 'DE', to: 'US-CA' },
    },
  ]);
});

test('in rooms of their own nobody acts for another', () => {
  expect(recordOperation([{ plan: PLAN }], { ...HOSTED, topology: 'peer' })).toEqual([]);
});
