import canonicalize from 'canonicalize';
import type { Access } from '../../domain/audit/access';
import { openReported } from '../../domain/audit/attribution/find-lateness';
import type { AuditReport } from '../../domain/audit/report/audit-report';
import { nameActor } from '../../domain/audit/report/report-access';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { SESSION_MS } from '../../domain/audit/session-length';
import { type EnteredLedger, listContextNames } from '../ledger/entered-ledger';
import { ACCESS_TABLE } from '../pack/access-table';
import { asItIs } from '../pack/as-it-is';
import { EDGE_MS, packRowSchema } from '../pack/pack-rows';
import { readRows } from '../pack/read-rows';
import { LEDGER } from '../pack/sign-pack';
import { listConflicts } from './explain-again';
import { type Entered, isOfConflict, listIds, openExplainer } from './open-explainer';
import { openOwnPlaces } from './own-places';
import type { PackFinding, PackVerdict } from './verify-pack';

/**
 * Holds a party's own pack against the ledger: what a row says of the access itself is what its entries say, whatever explains
 * it; and what the party did at its legs' places, in whatever way, and others at those that the rows tell of, is in the table.
 */
export async function compareOwn(folder: string, ledger: EnteredLedger, report: AuditReport): Promise<PackVerdict> {
  const findings: PackFinding[] = [];
  const { period, room } = report.header;
  const explainer = openLedgerExplainer(room.accounts, ledger);
  const conflicting = await listConflicts(folder, findings);
  const settled = Date.parse(period.from) + SESSION_MS;
  const own = openOwnPlaces(report, bucketOwnersOf(room.accounts), ledger);
  const told = new Set<string>();
  const left = { before: 0, conflicts: 0 };
  let compared = 0;
  for await (const [row, at] of readRows(folder, ACCESS_TABLE, asItIs<ReportedAccess>(packRowSchema))) {
    if (row === undefined) continue;
    for (const id of listIds(row)) told.add(id);
    own.note(row);
    // That it is not entered is told with the rows.
    if (!ledger.places.has(row.id)) continue;
    const file = `${ACCESS_TABLE}:${at}`;
    const entered = explainer.read(row);
    const isConflict = entered !== undefined && isOfConflict(row, entered, conflicting);
    const difference = entered === undefined ? 'its evidence' : findToldOtherwise(row, entered);
    compared += 1;
    if (difference === undefined) continue;
    if (isConflict) left.conflicts += 1;
    else if (OF_SESSION.has(difference) && Date.parse(row.at) < settled && isOfUnknownSession(entered))
      left.before += 1;
    else findings.push({ file, problem: `what it tells of ${difference} is not what its entry says` });
  }
  const untold = listUntold(ledger, told, own.isOwn, report);
  findings.push(...untold.map((entry) => ({ file: `${LEDGER}: entry ${entry}`, problem: UNTOLD })));
  return {
    checked: [
      `what ${compared} rows tell of the access itself was compared with the ledger; none of this party’s at its legs’ places is missing`,
    ],
    unchecked: [
      ...(left.before === 0 ? [] : [`${left.before} accesses in sessions that began before the ledger tells of them`]),
      ...(left.conflicts === 0 ? [] : [`${left.conflicts} accesses of which the ledger holds another copy`]),
    ].map((what) => `what is told of ${what}`),
    findings,
  };
}

const UNTOLD = 'it is this party’s business, of this period, and in no table';

/** Whether its records name a session of which none tells who opened it: its end tells neither that nor from where. */
function isOfUnknownSession(entered: Entered | undefined): boolean {
  const { copies = [], context = [] } = entered ?? {};
  return (
    copies.some(({ joins }) => listContextNames(joins).length > 0) &&
    context.every(({ actor }) => actor.kind === 'unknown')
  );
}

/** What a record of the session alone may tell. */
const OF_SESSION: ReadonlySet<string> = new Set(['client', 'actor']);

/** Without agreements or decisions: who it was for is not asked. */
function openLedgerExplainer(accounts: readonly string[], ledger: EnteredLedger) {
  const attribution = { agreements: [], proposed: [], decisions: [], roomAccounts: new Set(accounts) };
  return openExplainer({ agreements: [], attribution, bucketOwners: bucketOwnersOf(accounts) }, ledger);
}

/** Which buckets are the room's is not known here, and which accounts are. */
function bucketOwnersOf(accounts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(accounts.map((account) => [`of ${account}`, account]));
}

const OF_ACCESS = [
  'at',
  'service',
  'operation',
  'act',
  'outcome',
  'error',
  'owner',
  'recordedBy',
  'grantees',
  'region',
  'resource',
  'bytes',
  'request',
  'witnesses',
] as const satisfies readonly (keyof ReportedAccess)[];

/** The first thing that a row tells of the access otherwise than its entries; undefined where it tells nothing otherwise. */
function findToldOtherwise(row: ReportedAccess, { expected, copies, context }: Entered): string | undefined {
  if (expected === undefined) return 'its evidence';
  const other = OF_ACCESS.find((name) => !isSame(row[name], expected[name]));
  if (other !== undefined) return other;
  const records = [...copies, ...context];
  const addresses = [undefined, ...records.map(({ client }) => client?.ip)];
  const isClient = row.client?.agent === expected.client?.agent && addresses.includes(row.client?.ip);
  if (!isClient) return 'client';
  return isActor(row, expected, copies, records) ? undefined : 'actor';
}

/** Whether a name of a session was believed is the room's to know; whose account it was for, other records may tell. */
function isActor(
  { id, actor }: ReportedAccess,
  expected: ReportedAccess,
  copies: readonly Access[],
  records: readonly Access[],
): boolean {
  const read = copies.find((copy) => copy.id === id)?.actor;
  const known = [expected.actor, ...(read === undefined ? [] : [{ kind: read.kind, name: nameActor(read) }])];
  const accounts = [
    ...(actor.kind === 'account' ? [] : [undefined]),
    expected.actor.account,
    ...records.map(({ actor: each }) => (each.kind === 'account' ? each.account : undefined)),
  ];
  return known.some(({ kind, name }) => actor.kind === kind && actor.name === name) && accounts.includes(actor.account);
}

/** Entries of the period that no row tells, and that are the party's business. */
function listUntold(
  { places, read }: EnteredLedger,
  told: ReadonlySet<string>,
  isOwn: (access: Access) => boolean,
  { header: { period, watermark, ledger } }: AuditReport,
): readonly number[] {
  const isOfPeriod = openReported([period]);
  const [first, end] = [Date.parse(period.from) + EDGE_MS, Date.parse(period.to) - EDGE_MS];
  const meanwhile = ledger?.meanwhile ?? [];
  const untold: number[] = [];
  for (const [id, { entry, at = '', isCovered }] of places) {
    const time = Date.parse(at);
    if (told.has(id) || !isCovered || !isOfPeriod(time)) continue;
    if (time >= Date.parse(watermark) && meanwhile.some(({ from, to }) => entry >= from && entry < to)) continue;
    const access = read(entry);
    // What another witness saw is told with the trail's record of it, beyond the period's end perhaps.
    const isWithin = (time >= first && time < end) || access?.witness === 'cloudtrail';
    if (access !== undefined && isWithin && isOwn(access)) untold.push(entry);
  }
  return untold;
}

function isSame(left: unknown, right: unknown): boolean {
  return canonicalize(left) === canonicalize(right);
}
