import { formatCount } from '../../format';
import { isProven } from '../attribution/is-proven';
import type { AuditReport, ControlEvidence } from './audit-report';
import { listChanged } from './list-changed';
import type { DestructionDuty } from './record-processing';

/** A report before it is mapped to standards. */
export type JudgedReport = Omit<AuditReport, 'standards'>;

type Judged = JudgedReport;
type Shown = ControlEvidence['shown'][number];

function say(
  section: Shown['section'],
  count: number,
  rest: (count: string) => string,
  one: string,
  many: string,
): Shown | undefined {
  return count === 0
    ? undefined
    : { section, sentence: `${rest(`${formatCount(count)} ${count === 1 ? one : many}`)}.` };
}

function countKinds({ exceptions }: Judged, match: (entry: Judged['exceptions']['counts'][number]) => boolean): number {
  return exceptions.counts.reduce((sum, entry) => sum + (match(entry) ? entry.count : 0), 0);
}

function showDecided({ accesses }: Judged): Shown {
  const { toDecide, decided } = accesses;
  return {
    section: 'accesses',
    sentence: `${formatCount(decided)} of ${formatCount(toDecide)} accesses that needed a decision are tied to one and its clause.`,
  };
}

function showBreaches(report: Judged): Shown {
  const count = countKinds(report, ({ kind, severity }) => severity === 'breach' && kind !== 'record-changed');
  const sentence =
    count === 0
      ? 'No access was found that no clause and decision allowed.'
      : `${formatCount(count)} ${count === 1 ? 'access' : 'accesses'} that no clause and decision allowed, each listed.`;
  return { section: 'exceptions', sentence };
}

function showStrangers({ accesses }: Judged): Shown {
  const sentence =
    accesses.unattributed === 0
      ? 'Nobody but the parties of an agreement in force was seen.'
      : `${formatCount(accesses.unattributed)} attempts or accesses by nobody that an agreement in force explains.`;
  return { section: 'accesses', sentence };
}

function showRefused({ accesses }: Judged): Shown | undefined {
  return say('accesses', accesses.refused, (count) => `${count} refused or failed`, 'request', 'requests');
}

function showUnused(report: Judged): Shown | undefined {
  const count = countKinds(report, ({ kind }) => kind === 'unused-decision');
  return say('exceptions', count, (words) => `${words} ran out without any use in this period`, 'permit', 'permits');
}

function showAgreements({ agreements }: Judged): Shown | undefined {
  return say(
    'agreements',
    agreements.length,
    (count) => `${count} with parties, legs and time in force`,
    'version of an agreement',
    'versions of agreements',
  );
}

function showClauses({ agreements }: Judged): Shown {
  const clauses = agreements.flatMap((agreement) => agreement.clauses);
  const bound = clauses.filter(({ controls }) => controls.length > 0).length;
  return {
    section: 'agreements',
    sentence: `${formatCount(bound)} of ${formatCount(clauses.length)} clauses are bound to a technical control; the others say that they are legal only.`,
  };
}

function showDestruction({ destruction }: Judged): Shown | undefined {
  if (destruction.length === 0) return undefined;
  const tell = (what: string, duties: readonly DestructionDuty[]) => {
    const count = (state: DestructionDuty['state']) =>
      formatCount(duties.filter((duty) => duty.state === state).length);
    return `${what} by signed statement for ${count('given')}, by a statement that its party has not signed for ${count('unproven')}, overdue for ${count('overdue')} and not due yet for ${count('not-due')} of ${formatCount(duties.length)}`;
  };
  const legs = destruction.filter(({ erasure, round }) => erasure === undefined && round === undefined);
  const releases = destruction.filter(({ round }) => round !== undefined);
  const erasures = destruction.filter(({ erasure }) => erasure !== undefined);
  const told = [
    ...(legs.length === 0 ? [] : [`${tell('Destruction shown', legs)} legs.`]),
    ...(releases.length === 0 ? [] : [`${tell('Destruction shown', releases)} releases whose time was over.`]),
    ...(erasures.length === 0 ? [] : [`${tell('Erasure of persons shown', erasures)} requests and legs.`]),
  ];
  return { section: 'destruction', sentence: told.join(' ') };
}

function showFlows({ accesses }: Judged): Shown | undefined {
  return say(
    'accesses',
    accesses.flows.length,
    (count) => `${count} with bytes and accesses`,
    'flow between accounts',
    'flows between accounts',
  );
}

function showReleases({ releases }: Judged): Shown | undefined {
  return say(
    'releases',
    releases.length,
    (count) => `${count} with hash and, where there are classes, k and risk`,
    'certified release',
    'certified releases',
  );
}

function showLoggingChanges(report: Judged): Shown {
  const count = countKinds(report, ({ kind }) => kind === 'logging-changed');
  const sentence =
    count === 0
      ? 'No change of the logging was recorded.'
      : `${formatCount(count)} ${count === 1 ? 'change' : 'changes'} of the logging, each listed.`;
  return { section: 'trails', sentence };
}

function showRoomChanges(report: Judged): Shown {
  const count = (wanted: Judged['exceptions']['counts'][number]['kind']) =>
    countKinds(report, ({ kind }) => kind === wanted);
  const [record, room, deployed] = [count('record-changed'), count('room-changed'), count('room-deployed')];
  const sentence =
    record + room + deployed === 0
      ? 'No change of the room’s code, roles or record by anybody but the room was recorded.'
      : `${formatCount(record)} writes to the record by others than the room’s functions, ${formatCount(room)} changes of the room that were no deployment, ${formatCount(deployed)} deployments of stacks, each listed.`;
  return { section: 'exceptions', sentence };
}

function showFunctions({ header: { functions = [], period } }: Judged): Shown | undefined {
  const changed = listChanged(functions, period.from).length;
  return say(
    'functions',
    functions.length,
    (count) =>
      `The hash of the code of ${count}; ${formatCount(changed)} changed, in code or settings, since the period began`,
    'function',
    'functions',
  );
}

function showCoverage({ coverage }: Judged): Shown | undefined {
  const sum = (runs: Judged['coverage']) => formatCount(runs.reduce((hours, run) => hours + run.hours, 0));
  if (coverage.length === 0) return undefined;
  const validated = sum(coverage.filter(isProven));
  return {
    section: 'coverage',
    sentence: `${validated} of ${sum(coverage)} hours of trail are covered by believed digests.`,
  };
}

function showExceptions({ exceptions }: Judged): Shown {
  const kinds = exceptions.counts.length;
  const sum = exceptions.counts.reduce((total, { count }) => total + count, 0);
  const sentence =
    sum === 0
      ? 'The comparison of logs, decisions and each other found no exception.'
      : `${formatCount(sum)} exceptions of ${formatCount(kinds)} kinds, each with its evidence.`;
  return { section: 'exceptions', sentence };
}

function showRemedies({ breaches }: Judged): Shown {
  const remedied = breaches.filter(({ remedies }) => remedies.length > 0).length;
  const sentence =
    breaches.length === 0
      ? 'No breach of an agreement is on record in this period.'
      : `${formatCount(breaches.length)} breaches on record, ${formatCount(remedied)} with a remedy of the agreement.`;
  return { section: 'breaches', sentence };
}

function showRounds({ rounds }: Judged): Shown | undefined {
  if (rounds.length === 0) return undefined;
  const count = (state: string) => formatCount(rounds.filter((round) => round.state === state).length);
  return {
    section: 'rounds',
    sentence: `${count('published')} of ${formatCount(rounds.length)} rounds were published whole and ${count('withheld')} withheld whole: nobody was given to before everybody had delivered.`,
  };
}

function showOperator({ operator, header }: Judged): Shown {
  const whose = operator.party === undefined ? 'a neutral operator' : `party ${operator.party}`;
  return {
    section: 'operator',
    sentence: `The room (${header.room.topology}) is run by ${whose}; what it was able to see is listed.`,
  };
}

function showIntegrity({ header: { integrity } }: Judged): Shown {
  const sentence =
    integrity.kind === 'not-checked'
      ? 'Integrity was not checked: no digests were given.'
      : `${formatCount(integrity.logs.believed)} of ${formatCount(integrity.logs.given)} log files agree with believed digests; the trail is ${integrity.kind}.`;
  return { section: 'integrity', sentence };
}

function showLedger({ header: { ledger } }: Judged): Shown | undefined {
  if (ledger === undefined) return undefined;
  const sentence = `The access ledger ${ledger.origin} holds ${formatCount(ledger.size)} entries and was ${ledger.verified ? 'verified' : 'not verified'}.`;
  return { section: 'integrity', sentence };
}

function showActivities({ processing }: Judged): Shown | undefined {
  return say(
    'processing',
    processing.length,
    (count) => `${count} recorded from the agreements`,
    'processing activity',
    'processing activities',
  );
}

function showPurposes({ processing }: Judged): Shown | undefined {
  const purposes = new Set(processing.flatMap((record) => record.purposes));
  return say(
    'processing',
    purposes.size,
    (count) => `${count} agreed, with retention, for ${formatCount(processing.length)} disclosures`,
    'purpose',
    'purposes',
  );
}

/** What a report has to say for a control, one statement each; undefined where it has nothing. */
export const STATEMENTS = {
  decided: showDecided,
  breaches: showBreaches,
  strangers: showStrangers,
  refused: showRefused,
  unused: showUnused,
  agreements: showAgreements,
  clauses: showClauses,
  destruction: showDestruction,
  flows: showFlows,
  releases: showReleases,
  loggingChanges: showLoggingChanges,
  roomChanges: showRoomChanges,
  functions: showFunctions,
  coverage: showCoverage,
  exceptions: showExceptions,
  remedies: showRemedies,
  rounds: showRounds,
  operator: showOperator,
  integrity: showIntegrity,
  ledger: showLedger,
  purposes: showPurposes,
  activities: showActivities,
} as const satisfies Readonly<Record<string, (report: Judged) => Shown | undefined>>;
