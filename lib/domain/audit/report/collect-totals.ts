import { hasMoved } from '../access';
import { reachOfAct } from '../reach-of-act';
import type { AccessSummary, LateAccesses } from './access-summary';
import type { AuditedParty, OperatorView } from './audit-report';
import type { ReportedAccess } from './reported-access';
import { tallyFlows } from './tally-flows';
import { tallyHours, tallyParties } from './tally-parties';
import { tallyPrincipals, tallySignIns } from './tally-people';

interface TotalsCollector {
  readonly add: (access: ReportedAccess) => void;
  readonly finish: () => Omit<AccessSummary, 'pending'> & {
    readonly principals: OperatorView['principals'];
    readonly principalsBeyond: number;
    readonly signIns: OperatorView['signIns'];
    readonly signInsBeyond: number;
  };
}

/**
 * Sums accesses by party, clause, hour and account. Memory grows with parties, legs, clauses and hours.
 * @param roomAccounts what others do at home is their own doing, and nobody's who runs the room
 * @param parties as the report names them
 */
export function collectTotals(
  roomAccounts: ReadonlySet<string>,
  parties: readonly Pick<AuditedParty, 'id' | 'account'>[],
): TotalsCollector {
  const counts = {
    total: 0,
    attributed: 0,
    toDecide: 0,
    decided: 0,
    ownDoor: 0,
    ambiguous: 0,
    unattributed: 0,
    internal: 0,
    refused: 0,
  };
  const byParty = tallyParties();
  const hours = tallyHours();
  const flows = tallyFlows({ room: roomAccounts, parties: new Map(parties.map(({ id, account }) => [id, account])) });
  const principals = tallyPrincipals(roomAccounts);
  const signIns = tallySignIns();
  let late: LateAccesses | undefined;

  return {
    add: (access) => {
      const { kind } = access.explained;
      if (access.late !== undefined) late = addLate(late, access);
      // An earlier report counted it.
      if (access.late === 'further') return;
      counts.total += 1;
      counts[kind === 'own-door' ? 'ownDoor' : kind] += 1;
      if (access.explained.kind === 'internal')
        return access.explained.by === 'operator' ? signIns.add(access) : principals.add(access);
      if (needsDecision(access)) {
        counts.toDecide += 1;
        if (access.explained.kind === 'attributed' && access.explained.decision !== undefined) counts.decided += 1;
      }
      if (access.outcome !== 'allowed') counts.refused += 1;
      byParty.add(access);
      // Plots are of the period.
      if (access.late !== undefined) return;
      hours.add(access);
      flows.add(access);
    },
    finish: () => ({
      ...counts,
      ...(late === undefined ? {} : { late }),
      byParty: byParty.list(),
      byHour: hours.list(),
      flows: flows.list(),
      principals: principals.list(),
      principalsBeyond: principals.countBeyond(),
      signIns: signIns.list(),
      signInsBeyond: signIns.countBeyond(),
    }),
  };
}

function needsDecision(access: ReportedAccess): boolean {
  const { kind } = access.explained;
  return kind !== 'internal' && kind !== 'own-door' && hasMoved(access) && reachOfAct(access.act) !== undefined;
}

function addLate(known: LateAccesses | undefined, { at, late }: ReportedAccess): LateAccesses {
  const { accesses, further, first, last } = known ?? { accesses: 0, further: 0, first: at, last: at };
  return {
    accesses: accesses + Number(late === 'whole'),
    further: further + Number(late === 'further'),
    first: at < first ? at : first,
    last: at > last ? at : last,
  };
}
