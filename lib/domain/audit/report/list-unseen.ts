import type { AgreementInForce } from '../../agreement/agreement-in-force';
import type { PlannedLeg } from '../../agreement/plan/plan';
import type { AttributedAccess } from '../attribution/attribute-accesses';
import type { UnseenActivity } from './audit-report';

/** The accounts whose own trails tell of it. What the room did itself is in no ledger, and nobody could count it again. */
export function listRecorders({ joined: { access, otherSides }, attribution }: AttributedAccess): readonly string[] {
  const told = attribution.kind === 'internal' ? [] : [access, ...otherSides];
  return told.flatMap(({ recordedBy }) => recordedBy ?? []);
}

/**
 * What no log of this report can show, leg by leg, stated so that nobody takes silence for proof.
 * @param forwarding accounts whose own logs were among those read
 */
export function listUnseen(
  agreements: readonly AgreementInForce[],
  forwarding: ReadonlySet<string>,
  roomAccounts: readonly string[],
): readonly UnseenActivity[] {
  const unseen = new Map<string, UnseenActivity>();
  for (const { plan } of agreements) {
    for (const leg of plan.legs) {
      const receiver = plan.parties.find(({ id }) => id === leg.to);
      const name = receiver?.name ?? leg.to;
      const told =
        receiver !== undefined && forwarding.has(receiver.account) && !roomAccounts.includes(receiver.account);
      for (const each of describeLeg(leg, name, told)) unseen.set(`${each.kind} ${leg.id}`, each);
    }
  }
  return [...unseen.values(), ...EVERYWHERE];
}

function describeLeg(
  { id: leg, to: party, via, dataset }: PlannedLeg,
  name: string,
  told: boolean,
): readonly UnseenActivity[] {
  const whose = { leg, party };
  switch (via.kind) {
    case 'data-grant':
    case 'product': {
      const sentence = told
        ? `Exports of ${dataset} are on the trail of the receiver's own account alone. Records of that account were forwarded and are in this report; whether all were, only the trail of ${name} can tell.`
        : `Exports of ${dataset} are on the trail of the receiver's own account alone, and no record of that account was forwarded: whether, when and how often ${name} exported the data cannot be seen at all.`;
      return [{ kind: 'subscriber-exports', ...whose, sentence }];
    }
    case 'snowflake':
    case 'gcs': {
      const sentence = `Reads of ${dataset} by the warehouse of ${name} are seen; who queried the data inside the warehouse is not.`;
      return [{ kind: 'warehouse-use', ...whose, sentence }];
    }
    case 'lake-formation':
    case 'sftp':
    case 'api':
    case 'query-only':
      return [];
  }
}

const EVERYWHERE: readonly UnseenActivity[] = [
  {
    kind: 'copies',
    sentence:
      'What a receiver does with data once it has a copy (use, resale, re-identification, onward sharing) leaves no trace in these logs; the agreement forbids it, and attestations and inspections are the evidence.',
  },
  {
    kind: 'callers-denied',
    sentence:
      "Requests to the room's keys that were refused across accounts are logged on the caller's side only, so refused attempts to decrypt are not counted here.",
  },
];
