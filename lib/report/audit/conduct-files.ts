import type { AuditReport } from '../../domain/audit/report/audit-report';
import type { DestructionDuty } from '../../domain/audit/report/record-processing';
import type {
  CertifiedRelease,
  ReportedBreach,
  ReportedDrift,
  ReportedProblem,
  ReportedRemedy,
  ReportedRound,
  ReportedWord,
} from '../../domain/audit/report/reported-conduct';
import { type CsvValue, formatCsvLine } from './csv';
import { formatJsonLine } from './json-line';

/** What is on record of how everybody kept to the agreements: as tables, and exactly. */
export function writeConductFiles(report: AuditReport): readonly { readonly name: string; readonly text: string }[] {
  const { breaches, rounds, releases, destruction, problems, drifts, told } = report;
  return [
    ...writeBoth('breaches', BREACH_COLUMNS, breaches, listBreachCells),
    ...writeBoth('rounds', ROUND_COLUMNS, rounds, (round) => [listRoundCells(round)]),
    ...writeBoth('releases', RELEASE_COLUMNS, releases, (release) => [listReleaseCells(release)]),
    ...writeBoth('destruction', DUTY_COLUMNS, destruction, (duty) => [listDutyCells(duty)]),
    ...writeBoth('problems', PROBLEM_COLUMNS, problems, (problem) => [listProblemCells(problem)]),
    ...writeBoth('drifts', DRIFT_COLUMNS, drifts, (drift) => [listDriftCells(drift)]),
    ...(told === undefined ? [] : writeBoth('told', TOLD_COLUMNS, told, (word) => [listToldCells(word)])),
  ];
}

function writeBoth<T extends object>(
  name: string,
  columns: readonly string[],
  values: readonly T[],
  listRows: (value: T) => readonly (readonly CsvValue[])[],
) {
  return [
    { name: `${name}.csv`, text: [columns, ...values.flatMap(listRows)].map(formatCsvLine).join('') },
    { name: `${name}.jsonl`, text: values.map((value) => formatJsonLine(value)).join('') },
  ];
}

const BREACH_COLUMNS = [
  ...['since', 'until', 'breach', 'agreement', 'party', 'leg', 'clause', 'overruled by', 'overruled because'],
  ...['remedy', 'remedy state', 'remedy time', 'remedy clause', 'id', 'evidence'],
];

/** A line for each remedy. */
function listBreachCells(breach: ReportedBreach): readonly (readonly CsvValue[])[] {
  const { at, resolvedAt, agreement, party, leg, clause, overruled, remedies, id, evidence } = breach;
  const over = resolvedAt ?? overruled?.at;
  const told = [at, over, breach.breach, agreement, party, leg, clause, overruled?.by, overruled?.reason];
  const listed: readonly (ReportedRemedy | undefined)[] = remedies.length === 0 ? [undefined] : remedies;
  return listed.map((remedy) => [
    ...told,
    remedy?.do,
    remedy?.state,
    remedy?.at,
    remedy?.clause,
    id,
    evidence.join(' '),
  ]);
}

const ROUND_COLUMNS = [
  ...['round', 'agreement', 'version', 'state', 'time', 'reason', 'legs', 'certified', 'worth'],
  ...['erased before', 'erased since'],
];

function listRoundCells(round: ReportedRound): readonly CsvValue[] {
  const { day, agreement, state, at, reason, legs, certified, worth } = round;
  const each = (of: (leg: ReportedRound['worth'][number]) => number | undefined) =>
    worth.flatMap((leg) => (of(leg) === undefined ? [] : `${leg.leg}=${of(leg)}`)).join(' ');
  return [
    ...[day, agreement.id, agreement.version, state, at, reason, legs.join(' '), certified.join(' ')],
    ...[each(({ value }) => value), each(({ leftOut }) => leftOut?.persons), each(({ erased }) => erased)],
  ];
}

const RELEASE_COLUMNS = [
  ...['certified', 'round', 'agreement', 'version', 'leg', 'dataset', 'from', 'to', 'state', 'rows', 'k', 'k agreed'],
  ...['k counted on', 'prosecutor', 'journalist', 'marketer', 'unique', 'sha256', 'received'],
  ...['certificate', 'certificate sha256', 'certificate state'],
];

function listReleaseCells(release: CertifiedRelease): readonly CsvValue[] {
  const { at, round, agreement, leg, dataset, from, to, state, rows, k, risk, sha256, received, certificate } = release;
  return [
    ...[at, round, agreement.id, agreement.version, leg, dataset, from, to, state, rows, k?.size, k?.agreed],
    ...[k?.countedOn, risk?.prosecutor, risk?.journalist, risk?.marketer, risk?.unique, sha256, received],
    ...[certificate.file, certificate.sha256, certificate.state],
  ];
}

const DUTY_COLUMNS = [
  ...['due', 'agreement', 'version', 'leg', 'party', 'erasure', 'round', 'state', 'attested', 'by', 'statement sha256'],
  ...['rounds', 'signed under version', 'algorithm', 'public key', 'signature', 'fault'],
];

function listDutyCells({
  due,
  agreement,
  leg,
  party,
  erasure,
  round,
  state,
  attestation,
}: DestructionDuty): readonly CsvValue[] {
  const { at, by, sha256, releases, version, algorithm, publicKey, signature, fault } = attestation ?? {};
  return [
    ...[due, agreement.id, agreement.version, leg, party, erasure, round, state, at, by, sha256],
    ...[releases?.join(' '), version, algorithm, publicKey, signature, fault],
  ];
}

const DRIFT_COLUMNS = ['time', 'agreement', 'leg', 'account', 'by hand', 'clause', 'reason'];

function listDriftCells({ at, agreement, leg, account, did, clause, reason }: ReportedDrift): readonly CsvValue[] {
  return [at, agreement, leg, account, did, clause, reason];
}

const TOLD_COLUMNS = [
  ...['heard', 'until', 'by', 'breach', 'agreement', 'party', 'leg', 'round', 'since', 'measures', 'state', 'id'],
  ...['said', 'signed under version', 'algorithm', 'public key', 'signature', 'fault'],
];

function listToldCells(word: ReportedWord): readonly CsvValue[] {
  const { heard, until, from, kind, agreement, party, leg, round, since, measures, state, report } = word;
  const { at, version, algorithm, publicKey, signature, fault } = word;
  return [
    ...[heard, until, from, kind, agreement, party, leg, round, since, measures.join(' '), state, report],
    ...[at, version, algorithm, publicKey, signature, fault],
  ];
}

const PROBLEM_COLUMNS = ['time', 'agreement', 'party', 'leg', 'problem', 'id'];

function listProblemCells({ at, agreement, party, leg, text, id }: ReportedProblem): readonly CsvValue[] {
  return [at, agreement, party, leg, text, id];
}
