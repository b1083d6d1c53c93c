import type { Plan } from '../../domain/agreement/plan/plan';
import type { showErasures } from '../../domain/enforcement/api/show-erasures';

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

/**
 * Whom the owner has to tell, each by the name that it knows the erasure by, and by when it has to confirm.
 * @param found parties in whose folders of rounds the person was found, on record or not
 */
export function describeNext(asked: readonly ShownErasure[], found: ReadonlySet<string>): readonly string[] {
  const open = asked.filter(({ unconfirmed }) => unconfirmed.length > 0);
  const lines = [...new Set(open.map(({ party }) => party))].map((party) => {
    const own = open.filter((each) => each.party === party);
    const names = [...new Set(own.map(({ erasure }) => erasure))].join(' ');
    const [by = ''] = own.map(({ deadline }) => deadline.slice(0, 10)).sort();
    return `Tell ${party}, which has until ${by}: barter erase AGREEMENT --confirm ${names} --by ${party}`;
  });
  const beside = [...found].filter((party) => open.every((each) => each.party !== party)).sort();
  if (beside.length > 0)
    lines.push(`Tell ${beside.join(', ')} too: the person is in a round that is not to be confirmed on record.`);
  return lines.length === 0 ? ['No release on record has to be cleaned of the person: nobody has to be told.'] : lines;
}
