import type { Plan } from '../domain/agreement/plan';
import type { showErasures } from '../domain/enforcement/show-erasures';

type ShownErasure = ReturnType<typeof showErasures>[number];

/** Who has to erase whom, by which token and until when. */
export function describeErasure(
  { parties }: Plan,
  { erasure, dataset, party, leg, tokens, releases, unconfirmed, deadline, confirmedAt }: ShownErasure,
): string {
  const contact = parties.find((each) => each.id === party)?.contacts.privacy ?? '';
  const by = tokens.length === 0 ? '' : `, token ${tokens.join(' or ')}`;
  const held = releases.length === 1 ? '1 release that may hold' : `${releases.length} releases that may hold`;
  const count = releases.length === 0 ? 'no release holds the person' : `${held} the person`;
  const open = `to confirm by ${deadline.slice(0, 10)}: rounds ${unconfirmed.join(', ')}`;
  const done = confirmedAt === undefined ? 'nothing to confirm' : `confirmed ${confirmedAt.slice(0, 10)}`;
  return [
    `  ${party} (${contact}): ${count}${by}`,
    `    ${erasure} of ${dataset}, leg ${leg}: ${unconfirmed.length > 0 ? open : done}`,
  ].join('\n');
}
