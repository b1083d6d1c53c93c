import { EDGE_MS } from '../../../../lib/audit/pack/pack-rows';
import type { AuditHeader } from '../../../../lib/domain/audit/report/audit-header';
import type { AuditReport } from '../../../../lib/domain/audit/report/audit-report';
import type { ReportedAccess } from '../../../../lib/domain/audit/report/reported-access';
import type { ReportedException } from '../../../../lib/domain/audit/report/reported-exception';
import type { SeriesPack } from './audit-series';
import type { Draw } from './draw';
import { type Forgery, readAccesses, readExceptions, readReport } from './redraw-pack';

/* What whoever signs may tell otherwise of a room's accesses, so that it fits all else that the pack says. */

interface RowForgery {
  readonly what: string;
  readonly isOf?: (row: ReportedAccess) => boolean;
  readonly forge: (chosen: ReportedAccess, rows: readonly ReportedAccess[]) => readonly ReportedAccess[];
}

const isBreach = ({ explained }: ReportedAccess) => explained.kind === 'unattributed';
const isOfParty = ({ explained }: ReportedAccess) => explained.kind === 'attributed';
const leaveOut: RowForgery['forge'] = (chosen, rows) => rows.filter(({ id }) => id !== chosen.id);

const instead =
  (change: (chosen: ReportedAccess) => Partial<ReportedAccess>): RowForgery['forge'] =>
  (chosen, rows) =>
    rows.map((row) => (row.id === chosen.id ? { ...row, ...change(chosen) } : row)).toSorted(byTime);

const byTime = (one: ReportedAccess, other: ReportedAccess) => Date.parse(one.at) - Date.parse(other.at);
const move = (minutes: number) =>
  instead(({ at }) => ({ at: new Date(Date.parse(at) + minutes * 60_000).toISOString().replace('.000Z', 'Z') }));

const OF_ROWS: readonly RowForgery[] = [
  { what: 'an access left out', forge: leaveOut },
  { what: 'a breach left out', isOf: isBreach, forge: leaveOut },
  { what: 'a late access left out', isOf: ({ late }) => late === 'whole', forge: leaveOut },
  { what: 'a late breach left out', isOf: (row) => row.late === 'whole' && isBreach(row), forge: leaveOut },
  {
    what: 'a late access told as a further record',
    isOf: ({ late }) => late === 'whole',
    forge: instead(() => ({ late: 'further' })),
  },
  {
    what: 'a breach told as what the room did itself',
    isOf: isBreach,
    forge: instead(() => ({ explained: { kind: 'internal', by: 'own-account' } })),
  },
  {
    what: 'an access told as refused',
    isOf: ({ outcome }) => outcome === 'allowed',
    forge: instead(() => ({ outcome: 'denied' })),
  },
  {
    what: 'an access told as of the other party',
    isOf: isOfParty,
    forge: instead(({ explained }) =>
      explained.kind === 'attributed'
        ? { explained: { ...explained, party: explained.party === 'gym' ? 'grocer' : 'gym' } }
        : {},
    ),
  },
  {
    what: 'an access told under a decision that is none',
    isOf: isOfParty,
    forge: instead(({ explained }) => {
      const decision = { id: 'd-never', effect: 'permit', clause: '1.1' } as const;
      return explained.kind === 'attributed' ? { explained: { ...explained, decision } } : {};
    }),
  },
  { what: 'an access moved an hour back', forge: move(-60) },
  { what: 'an access moved a minute on', forge: move(1) },
  { what: 'an access told twice', forge: (chosen, rows) => [...rows, chosen].toSorted(byTime) },
];

const [COUNT, AFTER, AFTER_AND_LATE] = [
  'a count of records',
  '`after` left out',
  '`after` left out, and what came late',
] as const;

/** Of all kinds, what is forged. */
export const FORGERIES: readonly string[] = [...OF_ROWS.map(({ what }) => what), COUNT, AFTER, AFTER_AND_LATE];

const COUNTS = ['read', 'accesses', 'duplicates', 'conflicts'] as const;

const countOtherwise = (count: (typeof COUNTS)[number], by: number): Forgery => ({
  report: ({ header, ...rest }) => {
    const records = { ...header.records, [count]: header.records[count] + by };
    return { ...rest, header: { ...header, records } };
  },
});

const followNone = ({ header: { after: _, ...header }, ...rest }: AuditReport): AuditReport => ({ ...rest, header });

/** Accesses of which copies differ, so that a row may tell otherwise. */
function listDiffering(exceptions: readonly ReportedException[]): ReadonlySet<string> {
  const conflicts = exceptions.filter(({ kind }) => kind === 'conflicting-record');
  return new Set(conflicts.flatMap(({ evidence }) => evidence.map(({ event }) => event)));
}

/** What verifying leaves open by its own word: what is not judged yet, copies that differ, what was seen beside the trail about an end. */
function listSure(folder: string, { period, watermark, after = [] }: AuditHeader): readonly ReportedAccess[] {
  const differing = listDiffering(readExceptions(folder));
  const ends = [...after, period].flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const isNear = (time: number) => ends.some((end) => Math.abs(time - end) <= EDGE_MS);
  return readAccesses(folder).filter(
    ({ at, witnesses, evidence }) =>
      Date.parse(at) < Date.parse(watermark) &&
      (witnesses.includes('cloudtrail') || !isNear(Date.parse(at))) &&
      !evidence.some(({ event }) => differing.has(event)),
  );
}

type Drawn = readonly (readonly [what: string, forgery: Forgery])[];

/** Of a pack: those of each kind that there is anything for, of accesses that others made. */
export function drawForgeries({ folder }: SeriesPack, draw: Draw): Drawn {
  const { header } = readReport(folder);
  const rows = listSure(folder, header).filter(({ explained }) => explained.kind !== 'internal');
  const ofRows: Drawn = OF_ROWS.flatMap(({ what, isOf = () => true, forge }) => {
    const from = rows.filter(isOf);
    if (from.length === 0) return [];
    const chosen = draw.pick(from);
    return [[what, { rows: (all) => forge(chosen, all) }]];
  });
  // Of the time before a report takes what no other told of, which leaves the other counts open.
  const count = header.after === undefined ? draw.pick(COUNTS) : 'read';
  const late = rows.some((row) => row.late === 'whole') ? forgeAfter() : [];
  return [...ofRows, ...late, [COUNT, countOtherwise(count, draw.pick([1, -1]))]];
}

/** Which reports it follows, where it tells what came late of their time. */
function forgeAfter(): Drawn {
  const rows = (all: readonly ReportedAccess[]) => all.filter(({ late }) => late === undefined);
  return [
    [AFTER, { report: followNone }],
    [AFTER_AND_LATE, { rows, report: followNone }],
  ];
}
