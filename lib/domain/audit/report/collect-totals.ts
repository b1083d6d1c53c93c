import { hasMoved } from '../access';
import { reachOfAct } from '../reach-of-act';
import type {
  AccessSummary,
  AccountFlow,
  HourlyAccesses,
  LateAccesses,
  OperatorView,
  PartyAccesses,
} from './audit-report';
import type { ReportedAccess } from './reported-access';

interface TotalsCollector {
  readonly add: (access: ReportedAccess) => void;
  readonly finish: () => Omit<AccessSummary, 'pending'> & {
    readonly principals: OperatorView['principals'];
    readonly principalsBeyond: number;
    readonly signIns: OperatorView['signIns'];
    readonly signInsBeyond: number;
  };
}

/** Names counted apart; whoever makes up more cannot fill the memory. */
const MAX_NAMES = 1000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Sums accesses by party, clause, hour and account. Memory grows with parties, legs, clauses and hours.
 * @param roomAccounts what others do at home is their own doing, and nobody's who runs the room
 */
export function collectTotals(roomAccounts: ReadonlySet<string>): TotalsCollector {
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
  const byParty = new Map<string, Mutable<PartyAccesses>>();
  const byHour = new Map<string, Mutable<HourlyAccesses>>();
  const flows = new Map<string, Mutable<AccountFlow>>();
  const principals = new Map<string, Mutable<OperatorView['principals'][number]>>();
  const unnamed = new Set<string>();
  const signIns = new Map<string, Mutable<OperatorView['signIns'][number]>>();
  let signInsBeyond = 0;
  let late: LateAccesses | undefined;

  const addPrincipal = ({ actor, act, at, bytes }: ReportedAccess) => {
    const reach = reachOfAct(act);
    if (actor.kind !== 'account' || reach === undefined || reach === 'opened') return;
    if (!roomAccounts.has(actor.account ?? '')) return;
    const entry = principals.get(actor.name);
    if (entry === undefined && principals.size >= MAX_NAMES) {
      if (unnamed.size < MAX_NAMES) unnamed.add(actor.name);
      return;
    }
    const known = entry ?? { name: actor.name, accesses: 0, bytesOut: 0, first: at, last: at };
    known.accesses += 1;
    known.bytesOut += bytes?.out ?? 0;
    if (at < known.first) known.first = at;
    if (at > known.last) known.last = at;
    principals.set(actor.name, known);
  };

  const addSignIn = ({ actor: { name }, resource: { name: role }, at, outcome }: ReportedAccess) => {
    const key = `${name} ${role}`;
    if (!signIns.has(key) && signIns.size >= MAX_NAMES) {
      signInsBeyond += 1;
      return;
    }
    const known = signIns.get(key) ?? { name, role, times: 0, refused: 0, first: at, last: at };
    if (outcome === 'allowed') known.times += 1;
    else known.refused += 1;
    if (at < known.first) known.first = at;
    if (at > known.last) known.last = at;
    signIns.set(key, known);
  };

  const addParty = (access: ReportedAccess) => {
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
  };

  const addHour = (access: ReportedAccess) => {
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
  };

  const addFlow = ({ owner, actor: { account }, act, bytes, outcome }: ReportedAccess) => {
    if (outcome !== 'allowed' || (owner === undefined && account === undefined)) return;
    // What is written goes to the account that it then belongs to.
    const [giver, taker] = act === 'write' ? [account, owner] : [owner, account];
    const named = `${giver ?? ''} ${taker ?? ''}`;
    const key = flows.has(named) || flows.size < MAX_NAMES ? named : '';
    const ends =
      key === ''
        ? {}
        : { ...(giver === undefined ? {} : { from: giver }), ...(taker === undefined ? {} : { to: taker }) };
    const entry = flows.get(key) ?? { ...ends, accesses: 0, bytes: 0 };
    entry.accesses += 1;
    entry.bytes += (act === 'write' ? bytes?.in : bytes?.out) ?? 0;
    flows.set(key, entry);
  };

  return {
    add: (access) => {
      const { kind } = access.explained;
      if (access.late !== undefined) late = addLate(late, access);
      // An earlier report counted it.
      if (access.late === 'further') return;
      counts.total += 1;
      counts[kind === 'own-door' ? 'ownDoor' : kind] += 1;
      if (access.explained.kind === 'internal')
        return access.explained.by === 'operator' ? addSignIn(access) : addPrincipal(access);
      if (needsDecision(access)) {
        counts.toDecide += 1;
        if (access.explained.kind === 'attributed' && access.explained.decision !== undefined) counts.decided += 1;
      }
      if (access.outcome !== 'allowed') counts.refused += 1;
      addParty(access);
      // Plots are of the period.
      if (access.late === undefined) addHour(access);
      addFlow(access);
    },
    finish: () => ({
      ...counts,
      ...(late === undefined ? {} : { late }),
      byParty: [...byParty.values()].toSorted(comparePartyAccesses),
      byHour: [...byHour.values()].toSorted((left, right) => compare(left.hour, right.hour)),
      flows: [...flows.values()].toSorted((left, right) => right.bytes - left.bytes || right.accesses - left.accesses),
      principals: [...principals.values()].toSorted((left, right) => right.accesses - left.accesses),
      principalsBeyond: unnamed.size,
      signIns: [...signIns.values()].toSorted((left, right) => right.times - left.times),
      signInsBeyond,
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

function describeWhose({
  explained,
}: ReportedAccess): Pick<PartyAccesses, 'party' | 'agreement' | 'leg' | 'dataset' | 'clause' | 'effect'> {
  if (explained.kind === 'own-door') return { party: explained.party, agreement: explained.agreement };
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
    compare(left.party ?? '', right.party ?? '') ||
    compare(left.leg ?? '', right.leg ?? '') ||
    compare(left.clause ?? '', right.clause ?? '') ||
    compare(left.act, right.act)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
