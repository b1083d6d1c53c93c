import type { ControlId } from '../../agreement/plan/control-ids';
import type { Plan, PlannedClause, PlannedDataset } from '../../agreement/plan/plan';
import type { Gate, RoundOutcome } from '../rounds/round';
import type { ClauseReport, Evidence, LegReport } from './room-report';

/** What the round has to show for each clause of the agreement, through the controls that the clause is bound to. */
export function reportClauses(plan: Plan, outcome: RoundOutcome, legs: readonly LegReport[]): ClauseReport[] {
  return plan.clauses.map((clause) => {
    const controls = plan.controls
      .filter((control) => clause.controls.includes(control.id))
      .map((control) => ({
        ...control,
        evidence: control.enforcedBy === 'room' ? [ROOM] : findEvidence(control.id, { plan, outcome, legs }),
      }));
    return { id: clause.id, text: clause.text, binding: bindingOf(clause, controls), controls };
  });
}

const ROOM: Evidence = { kind: 'room' };

function bindingOf(clause: PlannedClause, controls: ClauseReport['controls']): ClauseReport['binding'] {
  if (clause.legalOnly) return 'legal-only';
  return controls.some((control) => control.enforcedBy === 'release') ? 'release' : 'room';
}

/** A round, and what there is to show of it. */
interface Shown {
  readonly plan: Plan;
  readonly outcome: RoundOutcome;
  readonly legs: readonly LegReport[];
}

type Find = (shown: Shown) => readonly Evidence[];

type ReleaseControl = Extract<
  ControlId,
  `${'privacy' | 'treatment' | 'trace' | 'cleaning' | 'escrow' | 'certificate' | 'fairness'}.${string}`
>;

const FIND: Readonly<Record<ReleaseControl, Find>> = {
  'privacy.k': floor('privacy.k'),
  'privacy.l': floor('privacy.l'),
  'privacy.t': floor('privacy.t'),
  'privacy.k-map': floor('privacy.k-map'),
  'privacy.presence': floor('privacy.presence'),
  'privacy.risk': floor('privacy.risk'),
  'privacy.suppression': floor('privacy.suppression'),
  'privacy.discovery': gated('discovery', (leg, passed) => ({ kind: 'searched', leg, isClean: passed })),
  'treatment.token': treated('token'),
  'treatment.mask': treated('mask'),
  'treatment.drop': treated('drop'),
  'treatment.generalise': treated('generalise'),
  'treatment.date-shift': treated('date-shift'),
  'treatment.format-preserving': treated('format-preserving'),
  'treatment.top-bottom': treated('top-bottom'),
  'treatment.round': treated('round'),
  'treatment.noise': treated('noise'),
  'treatment.microaggregate': treated('microaggregate'),
  'treatment.common-text': treated('common-text'),
  'trace.watermark': ofEachLeg((leg, at) => {
    if (leg.terms.watermark === undefined) return [];
    return [leg.certificate ? { kind: 'applied' } : unmeasured(leg, at)];
  }),
  'cleaning.checks': cleaned(({ columns }) => columns.some(({ checks }) => checks.length > 0)),
  'cleaning.dedupe': cleaned(({ clean }) => clean.dedupe.length > 0),
  'cleaning.rejection': cleaned(({ clean }) => clean.rejectAbove < 1),
  'escrow.all-or-none': ({ outcome, legs }) => {
    const certified = legs.filter(({ certificate }) => certificate).length;
    return [{ kind: 'escrow', delivered: outcome.kind === 'delivered', certified, legs: legs.length }];
  },
  'certificate.measured': ofEachLeg((leg, at) => [
    leg.certificate === undefined
      ? unmeasured(leg, at)
      : { kind: 'certified', leg: at, output: leg.certificate.hashes.output },
  ]),
  'fairness.balance': ({ outcome }) =>
    outcome.balance.map((balance) => ({ kind: 'balance', party: balance.party, balance })),
  'fairness.expected': gated('expectation', (leg, passed) => ({ kind: 'expected', leg, isMet: passed })),
};

const FINDERS: ReadonlyMap<string, Find> = new Map(Object.entries(FIND));

function findEvidence(control: string, shown: Shown): readonly Evidence[] {
  return FINDERS.get(control)?.(shown) ?? [{ kind: 'applied' }];
}

function ofEachLeg(find: (leg: LegReport, at: number, dataset: PlannedDataset) => readonly Evidence[]): Find {
  return ({ plan, legs }) =>
    legs.flatMap((leg, at) => {
      const dataset = plan.datasets.find(({ id }) => id === leg.dataset.id);
      return dataset === undefined ? [] : find(leg, at, dataset);
    });
}

function floor(control: ReleaseControl): Find {
  return ofEachLeg((leg, at) => {
    const checks = leg.floor.filter((check) => check.control === control);
    if (checks.length === 0) return [];
    if (leg.certificate === undefined) return [unmeasured(leg, at)];
    return checks.map((check) => ({ kind: 'floor', leg: at, check }));
  });
}

function treated(kind: LegReport['columns'][number]['treatment']['kind']): Find {
  return ofEachLeg((leg, at) => {
    const columns = leg.columns.filter(({ treatment }) => treatment.kind === kind).map(({ name }) => name);
    if (columns.length === 0) return [];
    return [leg.certificate ? { kind: 'treated', leg: at, columns } : unmeasured(leg, at)];
  });
}

function cleaned(concerns: (dataset: PlannedDataset) => boolean): Find {
  return ofEachLeg((leg, at, dataset) => {
    if (!concerns(dataset)) return [];
    if (leg.rows === undefined) return [unmeasured(leg, at)];
    return [{ kind: 'cleaned', leg: at, rows: leg.rows, rejectAbove: dataset.clean.rejectAbove }];
  });
}

function gated(gate: Gate, show: (leg: number, passed: boolean) => Evidence): Find {
  return ofEachLeg((leg, at) => {
    const state = leg.gates.find((each) => each.gate === gate)?.state;
    if (state === 'not-needed') return [];
    if (state !== 'passed' && state !== 'failed') return [unmeasured(leg, at)];
    return [show(at, state === 'passed')];
  });
}

function unmeasured(leg: LegReport, at: number): Evidence {
  const failed = leg.gates.find(({ state }) => state === 'failed');
  return { kind: 'unmeasured', leg: at, ...(failed === undefined ? {} : { stoppedAt: failed.gate }) };
}
