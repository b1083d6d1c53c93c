import { HOW_TO_SET } from '../../../../lib/domain/agreement/checks/how-to-set';
import { CONTROL_IDS } from '../../../../lib/domain/agreement/plan/control-ids';
import { controlledTerms, listControls } from '../../../../lib/domain/agreement/plan/controls';
import { parseText } from '../agreement-cases';

/** As little as an agreement can say. */
const BARE = `agreement: shop-bank
version: 1
parties:
  shop: { name: Shop, account: "111122223333", jurisdiction: EU, contacts: { exchange: a@shop.example, privacy: b@shop.example } }
  bank: { name: Bank, account: "444455556666", jurisdiction: EU, contacts: { exchange: a@bank.example, privacy: b@bank.example } }
term: { starts: 2026-01-01, ends: 2026-12-31, exit: { notice: P30D, destroyWithin: P30D } }
datasets:
  sales: { owner: shop, columns: { day: { type: date, role: plain } } }
  loans: { owner: bank, columns: { day: { type: date, role: plain } } }
legs:
  - { from: shop, to: bank, dataset: sales, every: P7D, via: data-grant, retain: P90D, purposes: [CommercialResearch] }
  - { from: bank, to: shop, dataset: loans, every: P7D, via: data-grant, retain: P90D, purposes: [CommercialResearch] }
`;

test('of every control that an agreement may lack it is said what sets it, and of no other', () => {
  const reading = parseText(BARE);
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.findings));
  const set: readonly string[] = listControls(controlledTerms(reading.agreement)).map(({ id }) => id);
  expect(Object.keys(HOW_TO_SET)).toEqual(CONTROL_IDS.filter((id) => !set.includes(id)));
});
