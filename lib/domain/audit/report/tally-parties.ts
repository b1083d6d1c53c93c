import { compareTexts } from '../../compare-texts';
import type { HourlyAccesses, PartyAccesses } from './access-summary';
import type { ReportedAccess } from './reported-access';
import type { Mutable } from './tally';

/** Sums accesses by whose they are and what was done. */
export function tallyParties() {
  const byParty = new Map<string, Mutable<PartyAccesses>>();

  function add(access: ReportedAccess): void {
    const { act, at, bytes, outcome } = access;
    const whose = describeWhose(access);
    const key = nameWhose(whose, act);
    const entry = byParty.get(key) ?? {
      ...whose,
      act,
      allowed: 0,
      refused: 0,
      bytesOut: 0,
      bytesIn: 0,
      first: at,
      last: at,
    };
    if (outcome === 'allowed') entry.allowed += 1;
    else entry.refused += 1;
    entry.bytesOut += bytes?.out ?? 0;
    entry.bytesIn += bytes?.in ?? 0;
    if (at < entry.first) entry.first = at;
    if (at > entry.last) entry.last = at;
    byParty.set(key, entry);
  }

  return { add, list: () => [...byParty.values()].toSorted(comparePartyAccesses) };
}

/** Sums accesses by hour, party, dataset and clause. */
export function tallyHours() {
  const byHour = new Map<string, Mutable<HourlyAccesses>>();

  function add(access: ReportedAccess): void {
    const { party, dataset, clause } = describeWhose(access);
    const hour = `${access.at.slice(0, 13)}:00:00Z`;
    const key = `${hour} ${party ?? ''} ${dataset ?? ''} ${clause ?? ''}`;
    const entry = byHour.get(key) ?? {
      hour,
      ...(party === undefined ? {} : { party }),
      ...(dataset === undefined ? {} : { dataset }),
      ...(clause === undefined ? {} : { clause }),
      accesses: 0,
      refused: 0,
    };
    entry.accesses += 1;
    if (access.outcome !== 'allowed') entry.refused += 1;
    byHour.set(key, entry);
  }

  return { add, list: () => [...byHour.values()].toSorted((left, right) => compareTexts(left.hour, right.hour)) };
}

function describeWhose({
  explained,
}: ReportedAccess): Pick<PartyAccesses, 'party' | 'agreement' | 'leg' | 'dataset' | 'clause' | 'effect'> {
  if (explained.kind === 'own-door') return { party: explained.party, agreement: explained.agreement };
  // Nobody's, to the data of a leg.
  if (explained.kind === 'unattributed' && explained.reached !== undefined) {
    const { agreement, leg, dataset } = explained.reached;
    return { agreement, leg, dataset };
  }
  if (explained.kind !== 'attributed') return {};
  const { party, agreement, leg, dataset, decision } = explained;
  const decided = decision === undefined ? {} : { clause: decision.clause, effect: decision.effect };
  return { party, agreement, leg, dataset, ...decided };
}

/** Ids of parties, agreements, legs and datasets have no blanks and are not empty. */
function nameWhose({ party, agreement, leg, clause, effect }: ReturnType<typeof describeWhose>, act: string): string {
  return `${act} ${party ?? ''} ${agreement?.id ?? ''} ${agreement?.version ?? ''} ${leg ?? ''} ${effect ?? ''} ${clause ?? ''}`;
}

/** Nobody's first, then by party, leg and clause. */
function comparePartyAccesses(left: PartyAccesses, right: PartyAccesses): number {
  return (
    compareTexts(left.party ?? '', right.party ?? '') ||
    compareTexts(left.leg ?? '', right.leg ?? '') ||
    compareTexts(left.clause ?? '', right.clause ?? '') ||
    compareTexts(left.act, right.act)
  );
}
