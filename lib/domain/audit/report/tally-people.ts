import { reachOfAct } from '../reach-of-act';
import type { OperatorView } from './audit-report';
import type { ReportedAccess } from './reported-access';
import { MAX_NAMES, type Mutable } from './tally';

/** Sums what the room's own principals did with data, by name. */
export function tallyPrincipals(roomAccounts: ReadonlySet<string>) {
  const principals = new Map<string, Mutable<OperatorView['principals'][number]>>();
  const unnamed = new Set<string>();

  function add({ actor, act, at, bytes }: ReportedAccess): void {
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
  }

  return {
    add,
    list: () => [...principals.values()].toSorted((left, right) => right.accesses - left.accesses),
    countBeyond: () => unnamed.size,
  };
}

/** Sums the sign-ins of people who run the room, by name and role. */
export function tallySignIns() {
  const signIns = new Map<string, Mutable<OperatorView['signIns'][number]>>();
  let beyond = 0;

  function add({ actor: { name }, resource: { name: role }, at, outcome }: ReportedAccess): void {
    const key = `${name} ${role}`;
    if (!signIns.has(key) && signIns.size >= MAX_NAMES) {
      beyond += 1;
      return;
    }
    const known = signIns.get(key) ?? { name, role, times: 0, refused: 0, first: at, last: at };
    if (outcome === 'allowed') known.times += 1;
    else known.refused += 1;
    if (at < known.first) known.first = at;
    if (at > known.last) known.last = at;
    signIns.set(key, known);
  }

  return {
    add,
    list: () => [...signIns.values()].toSorted((left, right) => right.times - left.times),
    countBeyond: () => beyond,
  };
}
