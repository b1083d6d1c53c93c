import type { Certificate, RowCounts } from '../../privacy/certificate/certificate';
import {
  type CertifiedSolution,
  certifyRelease,
  type ReleaseEvidence,
} from '../../privacy/certificate/certify-release';
import { judgeRelease, judgeShared } from '../../privacy/certificate/judge-release';
import { judgeSolved, lossOf } from '../../privacy/certificate/judge-solved';
import { measureLoss } from '../../privacy/certificate/measure-loss';
import type { ClassValues } from '../../privacy/hierarchies/ladder';
import type { Solution } from '../../privacy/search/solution';
import type { GateResult } from '../rounds/round';
import { type CleaningCounts, judgeVerification } from './gates';
import { judgeDiscovery } from './judge-discovery';
import { judgeExpectations } from './judge-expectations';
import { type ReleaseFigures, readFigures } from './release-figures';
import { valueRelease } from './value-release';

/** Everything that was counted and measured of one leg's written release. */
export interface LegEvidence extends Omit<ReleaseEvidence, 'rows' | 'solution'> {
  readonly cleaning: CleaningCounts;
  readonly solution?: CertifiedSolution & Pick<Solution, 'suppressedRows'>;
  /** The distinct accepted values of each class column; there with the solution. */
  readonly values?: readonly ClassValues[];
  /** Rows left out as marks, where the leg has a watermark. */
  readonly marked: number;
  /** The gates that the delivery went through before it was written. */
  readonly passed: readonly GateResult[];
}

/** `value`: see `valueRelease`. */
export interface CertifiedLeg {
  readonly certificate: Certificate;
  readonly value: number;
  readonly figures: ReleaseFigures;
}

interface JudgedLeg {
  /** Those before, and those of the written release, up to the first that failed. */
  readonly gates: readonly GateResult[];
  readonly rows: RowCounts;
  /** Where every gate was passed. */
  readonly certified?: CertifiedLeg;
}

/** Holds a written release against what was promised, and certifies and values it if it keeps everything. */
export function judgeLeg({ cleaning, marked, passed, values = [], ...evidence }: LegEvidence): JudgedLeg {
  const { plan, dataset, leg, measurement, solution } = evidence;
  const { received, rejected, rejectedBy } = cleaning;
  const suppressed = solution?.suppressedRows ?? 0;
  const counted = { received, rejected, rejectedBy, suppressed, released: measurement.rows };
  const rows: RowCounts = leg.watermark === undefined ? counted : { ...counted, marked };
  const lost = solution && measureLoss(dataset, measurement, values, solution.levels);
  const verify = () => [
    ...judgeRelease(dataset.privacy, measurement, rows),
    ...judgeShared(dataset, measurement.shared),
    ...(solution ? judgeSolved(dataset, lost, solution, rows) : []),
  ];
  const gates = takeGates(passed, [
    () => judgeVerification(verify(), measurement.rows),
    () => judgeDiscovery(dataset, measurement.searched),
  ]);
  if (!gates.every((gate) => gate.passed)) return { gates, rows };
  const told = solution && lost && { solution: { ...solution, loss: lossOf(lost, rows) } };
  const certificate = certifyRelease({ ...evidence, ...told, rows });
  const figures = readFigures(certificate);
  const expectation = judgeExpectations(leg, figures);
  const all = expectation === undefined ? gates : [...gates, expectation];
  if (expectation?.passed === false) return { gates: all, rows };
  return { gates: all, rows, certified: { certificate, value: valueRelease(plan, leg, figures), figures } };
}

function takeGates(passed: readonly GateResult[], more: readonly (() => GateResult)[]): readonly GateResult[] {
  const gates = [...passed];
  for (const judge of more) if (gates.every((gate) => gate.passed)) gates.push(judge());
  return gates;
}
