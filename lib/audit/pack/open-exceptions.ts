import type { AttributedAccess } from '../../domain/audit/attribution/attribute-accesses';
import type { KnownAccounts } from '../../domain/audit/attribution/judge-access';
import { LONE_KINDS } from '../../domain/audit/attribution/judge-access';
import {
  type AuditException,
  compareExceptions,
  type FoundException,
  openReconciler,
} from '../../domain/audit/attribution/reconcile-accesses';
import type { RecordedDecision } from '../../domain/audit/attribution/recorded-decision';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { openSorter } from '../spool/open-sorter';
import { isWithin } from './is-within';
import { listShown, nameShown } from './list-shown';
import type { OpenPack, ToldException } from './open-packs';

interface ExceptionGrounds {
  readonly decisions: readonly RecordedDecision[];
  /** UTC: what is younger is judged later. */
  readonly watermark: string;
  readonly period: { readonly from: string; readonly to: string };
  /** For what does not fit into memory. */
  readonly folder: string;
  /** Tables of exceptions of the reports that this one follows, on this disk. */
  readonly earlier: readonly string[];
}

export interface Exceptions {
  /** In the order of time. `row`: what is told of the access, where it is. */
  readonly add: (attributed: AttributedAccess, row: ReportedAccess | undefined, logged: boolean) => void;
  /** After the last access. */
  readonly finish: () => Promise<void>;
  /** Gives the packs what they tell. */
  readonly tell: () => void;
}

/** An exception, and what each report tells of it. */
interface ShownException {
  readonly exception: AuditException;
  readonly told: readonly (ToldException | null)[];
  /** What it is called where a further record came late of an access that shows it: `nameShown`. */
  readonly further?: readonly string[];
}

function compareShown({ exception: left }: ShownException, { exception: right }: ShownException): number {
  return compareExceptions(left, right);
}

/** Exceptions in memory; more go to disk. */
const MAX_SHOWN = 16_384;

/** What does not fit together, in the order in which it is told; each pack tells its own of it. */
export function openExceptions(
  { decisions, watermark, folder, period, earlier }: ExceptionGrounds,
  accounts: KnownAccounts,
  packs: readonly OpenPack[],
): Exceptions {
  const reconciler = openReconciler<ReportedAccess | undefined>(decisions, watermark, accounts);
  const sorter = openSorter<ShownException>(folder, 'exceptions', compareShown, MAX_SHOWN);
  const isInPeriod = isWithin(period);
  const further = new Set<string>();
  let listed: ReadonlySet<string> = new Set();

  function take(found: readonly FoundException<ReportedAccess | undefined>[]): void {
    for (const { exception, notes } of found) {
      if (!isInPeriod(exception.at) && !isOfLate(exception.kind, notes)) continue;
      const shown = notes.flatMap((row) => row ?? []);
      const told = packs.map((pack) => pack.tellException(exception, shown) ?? null);
      if (!shown.some((row) => row.late === 'further')) sorter.put({ exception, told });
      else {
        const names = nameShown(exception.kind, exception.accesses);
        for (const name of names) further.add(name);
        sorter.put({ exception, told, further: names });
      }
    }
  }

  return {
    add: (attributed, row, logged) => take(reconciler.add(attributed, row, logged)),
    finish: async () => {
      take(reconciler.finish());
      listed = await listShown(earlier, further);
    },
    tell: () => {
      for (const { told, further: names = [] } of sorter.drain())
        if (!names.some((name) => listed.has(name)))
          for (const [at, pack] of packs.entries()) if (told[at]) pack.addException(told[at]);
    },
  };
}

/** Of what came late only what it shows by itself: what it belongs to may not have been read again. */
function isOfLate(kind: AuditException['kind'], notes: readonly (ReportedAccess | undefined)[]): boolean {
  return LONE_KINDS.some((each) => each === kind) && notes.some((row) => row?.late !== undefined);
}
