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
        evidence: control.enforcedBy === 'room' ? [ROOM] : findEvidence(control.id, plan, outcome, legs),
      }));
    return { id: clause.id, text: clause.text, binding: bindingOf(clause, controls), controls };
  });
}

const ROOM: Evidence = { kind: 'room' };

function bindingOf(clause: PlannedClause, controls: ClauseReport['controls']): ClauseReport['binding'] {
  if (clause.legalOnly) return 'legal-only';
  return controls.some((control) => control.enforcedBy === 'release') ? 'release' : 'room';
}

function findEvidence(
  control: string,
  plan: Plan,
  outcome: RoundOutcome,
  legs: readonly LegReport[],
): readonly Evidence[] {
  const perLeg = (find: (leg: LegReport, at: number, dataset: PlannedDataset) => readonly Evidence[]): Evidence[] =>
    legs.flatMap((leg, at) => {
      const dataset = plan.datasets.find(({ id }) => id === leg.dataset.id);
      return dataset === undefined ? [] : find(leg, at, dataset);
    });
  const treated = (kind: string): Evidence[] =>
    perLeg((leg, at) => {
      const columns = leg.columns.filter(({ treatment }) => treatment.kind === kind).map(({ name }) => name);
      if (columns.length === 0) return [];
      return [leg.certificate ? { kind: 'treated', leg: at, columns } : unmeasured(leg, at)];
    });
  const cleaned = (concerns: (dataset: PlannedDataset) => boolean): Evidence[] =>
    perLeg((leg, at, dataset) => {
      if (!concerns(dataset)) return [];
      if (leg.rows === undefined) return [unmeasured(leg, at)];
      return [{ kind: 'cleaned', leg: at, rows: leg.rows, rejectAbove: dataset.clean.rejectAbove }];
    });
  const gated = (gate: Gate, show: (leg: number, passed: boolean) => Evidence): Evidence[] =>
    perLeg((leg, at) => {
      const state = leg.gates.find((each) => each.gate === gate)?.state;
      if (state === 'not-needed') return [];
      if (state !== 'passed' && state !== 'failed') return [unmeasured(leg, at)];
      return [show(at, state === 'passed')];
    });

  switch (control) {
    case 'privacy.k':
    case 'privacy.l':
    case 'privacy.t':
    case 'privacy.k-map':
    case 'privacy.presence':
    case 'privacy.risk':
    case 'privacy.suppression':
      return perLeg((leg, at) => {
        const checks = leg.floor.filter((check) => check.control === control);
        if (checks.length === 0) return [];
        if (leg.certificate === undefined) return [unmeasured(leg, at)];
        return checks.map((check) => ({ kind: 'floor', leg: at, check }));
      });
    case 'treatment.token':
    case 'treatment.mask':
    case 'treatment.drop':
    case 'treatment.generalise':
    case 'treatment.date-shift':
    case 'treatment.format-preserving':
    case 'treatment.top-bottom':
    case 'treatment.round':
    case 'treatment.noise':
    case 'treatment.microaggregate':
    case 'treatment.common-text':
      return treated(control.slice('treatment.'.length));
    case 'privacy.discovery':
      return gated('discovery', (leg, passed) => ({ kind: 'searched', leg, isClean: passed }));
    case 'fairness.expected':
      return gated('expectation', (leg, passed) => ({ kind: 'expected', leg, isMet: passed }));
    case 'trace.watermark':
      return perLeg((leg, at) => {
        if (leg.terms.watermark === undefined) return [];
        return [leg.certificate ? { kind: 'applied' } : unmeasured(leg, at)];
      });
    case 'cleaning.checks':
      return cleaned(({ columns }) => columns.some(({ checks }) => checks.length > 0));
    case 'cleaning.dedupe':
      return cleaned(({ clean }) => clean.dedupe.length > 0);
    case 'cleaning.rejection':
      return cleaned(({ clean }) => clean.rejectAbove < 1);
    case 'certificate.measured':
      return perLeg((leg, at) => [
        leg.certificate === undefined
          ? unmeasured(leg, at)
          : { kind: 'certified', leg: at, output: leg.certificate.hashes.output },
      ]);
    case 'escrow.all-or-none': {
      const certified = legs.filter(({ certificate }) => certificate).length;
      return [{ kind: 'escrow', delivered: outcome.kind === 'delivered', certified, legs: legs.length }];
    }
    case 'fairness.balance':
      return outcome.balance.map((balance) => ({ kind: 'balance', party: balance.party, balance }));
    default:
      return [{ kind: 'applied' }];
  }
}

function unmeasured(leg: LegReport, at: number): Evidence {
  const failed = leg.gates.find(({ state }) => state === 'failed');
  return { kind: 'unmeasured', leg: at, ...(failed === undefined ? {} : { stoppedAt: failed.gate }) };
}
