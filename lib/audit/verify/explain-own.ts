import type { Access } from '../../domain/audit/access';
import { isLogged } from '../../domain/audit/ledger-evidence';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { formatPlural } from '../../report/format';
import { type Grounds, isUnusable, readGrounds } from '../grounds/read-grounds';
import { holdEntries, isContext } from '../ledger/entered-ledger';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { isOwn, packRowSchema } from '../pack/pack-rows';
import { readRows } from '../pack/read-rows';
import { openExplainer } from './open-explainer';
import { supposeVend } from './suppose-earlier';
import type { PackFinding, PackVerdict } from './verify-pack';

/** Explains what the room did itself, which is in no ledger, by the logs. */
interface OwnExplainer {
  /** What was read in the logs. @param isCited whether a row of the room's own doing names just this record */
  readonly take: (access: Access, isCited: boolean) => void;
  /** Holds the rows against what was taken. */
  readonly finish: () => Promise<PackVerdict>;
}

/** @param report of the whole room: no other pack has the record */
export async function openOwnExplainer(
  folder: string,
  { header: { produced, room } }: Pick<AuditReport, 'header'>,
): Promise<OwnExplainer> {
  const grounds = await readGroundsQuietly(folder, produced);
  const accounts = new Set(room.accounts);
  const cited = new Map<string, Access>();
  /** By whom the room's own people were let in: of partners the ledger tells. */
  const context = new Map<string, Access>();
  return {
    take: (access, isCited) => {
      if (isCited && !cited.has(access.id)) cited.set(access.id, access);
      const { actor } = access;
      if (isContext(access) && actor.kind === 'account' && accounts.has(actor.account)) context.set(access.id, access);
    },
    finish: () => holdAgainst(folder, grounds, cited, context),
  };
}

async function holdAgainst(
  folder: string,
  grounds: Grounds | undefined,
  cited: ReadonlyMap<string, Access>,
  context: ReadonlyMap<string, Access>,
): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const supposed = supposeVends(cited, context);
  const accesses = [...new Map([...context, ...cited]).values(), ...supposed.values()];
  const held = holdEntries(accesses.map((access, index) => ({ access, index, leaf: '' })));
  const explainer = grounds && openExplainer(grounds, held);
  let [again, left] = [0, 0];
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema))) {
    // What the ledger alone tells is held against that.
    if (row === undefined || !isOwn(row) || !isLogged(row.evidence)) continue;
    const read = explainer?.read(row);
    if (read === undefined) left += 1;
    else if (read.difference !== undefined)
      findings.push({
        file: `${ACCESS_TABLE}:${at}`,
        problem: `what it tells of ${read.difference} does not follow from the logs and the record`,
      });
    else if (read.context.some(({ id }) => supposed.has(id))) left += 1;
    else again += 1;
  }
  const which = `${formatPlural(left, 'row')} of what the room did itself`;
  return {
    checked: again === 0 ? [] : [`${formatPlural(again, 'row')} of what the room did itself say what these logs do`],
    unchecked: left === 0 ? [] : [`who it was and what was done of ${which}: these logs do not tell all of it`],
    findings,
  };
}

/** Where no log tells to whom Lake Formation gave the credentials of a session, a row may be right that it was the room. */
function supposeVends(
  cited: ReadonlyMap<string, Access>,
  context: ReadonlyMap<string, Access>,
): ReadonlyMap<string, Access> {
  const known = new Set([...context.values()].map(({ joins }) => joins.lakeFormationSession));
  const supposed = new Map<string, Access>();
  for (const { at, actor, act, joins } of cited.values()) {
    const { lakeFormationSession: session } = joins;
    if (session === undefined || known.has(session) || act === 'vend' || actor.kind !== 'account') continue;
    const vend = { ...supposeVend(at, actor.account, session), id: `supposed ${session}` };
    supposed.set(vend.id, vend);
  }
  return supposed;
}

/** Undefined where there is no record, or none that can be read: that is told where it is compared. */
async function readGroundsQuietly(folder: string, produced: string): Promise<Grounds | undefined> {
  try {
    return await readGrounds(folder, produced);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    return undefined;
  }
}
