import { recordTransfer } from '../../agreement/checks/record-transfer';
import type { Plan, PlannedDataset } from '../../agreement/plan/plan';
import type { Certificate } from '../../privacy/certificate/certificate';
import { TOLERANCE } from '../../privacy/certificate/judge-release';
import { showRows } from '../../privacy/certificate/show-figures';
import { GATES, type Gate, type LegOutcome, type RoundOutcome } from '../rounds/round';
import { reportClauses } from './report-clauses';
import type { ColumnReport, FloorCheck, GateReport, LegReport, LegState, RoomReport } from './room-report';

/** @param meta what only the outside knows: the tool's version and the ISO date or timestamp of the report. */
export function buildRoomReport(
  plan: Plan,
  outcome: RoundOutcome,
  meta: { readonly toolVersion: string; readonly produced: string },
): RoomReport {
  const { tolerance, outside } = plan.fairness;
  const legs = plan.legs.map((leg) => {
    const reached = outcome.legs.find((candidate) => candidate.leg.id === leg.id);
    return reportLeg(plan, reached ?? { leg, gates: [] });
  });
  return {
    agreement: plan.agreement,
    term: plan.term,
    toolVersion: meta.toolVersion,
    produced: meta.produced,
    kind: outcome.kind,
    fairness: { outside, ...(tolerance === undefined ? {} : { tolerance }) },
    parties: plan.parties.map(({ id, name, jurisdiction }) => {
      const balance = outcome.balance.find((entry) => entry.party === id);
      return { id, name, jurisdiction, ...(balance === undefined ? {} : { balance }) };
    }),
    legs,
    clauses: reportClauses(plan, outcome, legs),
  };
}

function findDataset(plan: Plan, id: string): PlannedDataset {
  const dataset = plan.datasets.find((candidate) => candidate.id === id);
  if (dataset === undefined) {
    throw new Error(`The plan's leg names dataset "${id}", which the plan does not have. Plan the agreement again.`);
  }
  return dataset;
}

function reportLeg(plan: Plan, outcome: LegOutcome): LegReport {
  const dataset = findDataset(plan, outcome.leg.dataset);
  const { certificate, leg: terms } = outcome;
  const rows = certificate?.rows ?? (outcome.rows && showRows(outcome.rows, dataset));
  const jurisdictionOf = (party: string) => plan.parties.find(({ id: each }) => each === party)?.jurisdiction ?? '';
  const { id, title, subject } = dataset;
  return {
    terms,
    transfer: recordTransfer(jurisdictionOf(terms.from), jurisdictionOf(terms.to), terms.safeguardBy),
    dataset: { id, title, ...(subject === undefined ? {} : { subject }) },
    state: stateOf(outcome),
    gates: reportGates(outcome, {
      expectation: terms.expects !== undefined,
      fairness: plan.fairness.tolerance !== undefined,
    }),
    ...(rows === undefined ? {} : { rows }),
    floor: checkFloor(dataset, certificate),
    columns: reportColumns(dataset, certificate),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function stateOf({ certificate, gates }: LegOutcome): LegState {
  if (gates.some((gate) => !gate.passed)) return 'failed';
  return certificate === undefined ? 'not-judged' : 'passed';
}

/** Leaves `detail` behind: it is the giver's alone. `asked`: whether the agreement asks for a gate that it need not ask for. */
function reportGates({ gates }: LegOutcome, asked: Readonly<Partial<Record<Gate, boolean>>>): GateReport[] {
  const last = Math.max(-1, ...gates.map(({ gate }) => GATES.indexOf(gate)));
  return GATES.map((gate, at): GateReport => {
    const result = gates.find((candidate) => candidate.gate === gate);
    if (result === undefined) {
      const isNeeded = at > last && (asked[gate] ?? true);
      return { gate, state: isNeeded ? 'not-reached' : 'not-needed' };
    }
    const { passed, finding, remedy } = result;
    return { gate, state: passed ? 'passed' : 'failed', finding, ...(remedy === undefined ? {} : { remedy }) };
  });
}

function checkFloor({ privacy: floor, subject }: PlannedDataset, certificate: Certificate | undefined): FloorCheck[] {
  if (floor === undefined) return [];
  const measured = certificate?.privacy;
  return [
    atLeast({
      control: 'privacy.k',
      unit: measured?.countedOn ?? (subject === undefined ? 'rows' : 'subjects'),
      agreed: floor.k,
      measured: measured?.k,
    }),
    ...floor.l.map(({ column, atLeast: agreed }) =>
      atLeast({
        control: 'privacy.l',
        column,
        unit: 'values',
        agreed,
        measured: measured?.l.find((entry) => entry.column === column)?.distinct,
      }),
    ),
    ...floor.t.map(({ column, atMost: agreed }) =>
      atMost({
        control: 'privacy.t',
        column,
        unit: 'distance',
        agreed,
        measured: measured?.t.find((entry) => entry.column === column)?.distance,
      }),
    ),
    ...checkPopulation(floor, measured),
    ...checkRisk(floor, certificate),
    atMost({
      control: 'privacy.suppression',
      unit: 'share',
      agreed: floor.suppressAtMost,
      measured: measured?.suppressed,
    }),
  ];
}

function checkPopulation(
  { kMap, presence }: NonNullable<PlannedDataset['privacy']>,
  measured: Certificate['privacy'],
): readonly FloorCheck[] {
  const shares =
    presence === undefined
      ? []
      : [
          atLeast({
            control: 'privacy.presence',
            figure: 'least',
            unit: 'share',
            agreed: presence.atLeast,
            measured: measured?.presence?.least,
          }),
          atMost({
            control: 'privacy.presence',
            figure: 'greatest',
            unit: 'share',
            agreed: presence.atMost,
            measured: measured?.presence?.greatest,
          }),
        ];
  if (kMap === undefined) return shares;
  return [atLeast({ control: 'privacy.k-map', unit: 'subjects', agreed: kMap, measured: measured?.kMap }), ...shares];
}

function checkRisk(
  { risk }: NonNullable<PlannedDataset['privacy']>,
  certificate: Certificate | undefined,
): readonly FloorCheck[] {
  const { marketer, prosecutor } = certificate?.risk?.after ?? {};
  const limits = [
    { figure: 'average', agreed: risk?.average, measured: marketer },
    { figure: 'maximum', agreed: risk?.maximum, measured: prosecutor },
  ] as const;
  return limits.flatMap(({ agreed, ...limit }) =>
    agreed === undefined ? [] : [atMost({ control: 'privacy.risk', unit: 'share', agreed, ...limit })],
  );
}

type Unjudged = Omit<FloorCheck, 'bound' | 'holds' | 'measured'> & { readonly measured: number | undefined };

function atLeast({ measured, ...check }: Unjudged): FloorCheck {
  if (measured === undefined) return { ...check, bound: 'at-least' };
  return { ...check, bound: 'at-least', measured, holds: measured >= check.agreed - TOLERANCE };
}

function atMost({ measured, ...check }: Unjudged): FloorCheck {
  if (measured === undefined) return { ...check, bound: 'at-most' };
  return { ...check, bound: 'at-most', measured, holds: measured <= check.agreed + TOLERANCE };
}

function reportColumns(dataset: PlannedDataset, certificate: Certificate | undefined): ColumnReport[] {
  return dataset.columns.map(({ name, type, role, treatment, releasedAs, exemptBy }) => {
    const certified = certificate?.columns.find((column) => column.name === name);
    const chosen = certificate?.privacy?.levels.find((entry) => entry.column === name);
    const generalisation = dataset.classColumns.find((entry) => entry.column === name)?.generalisation;
    return {
      name,
      type,
      role,
      treatment,
      released: certified?.released ?? releasedAs !== undefined,
      ...(exemptBy === undefined ? {} : { exemptBy }),
      ...(chosen === undefined || generalisation === undefined
        ? {}
        : { ladder: { level: chosen.level, top: chosen.of, generalisation } }),
    };
  });
}
