import { binomialTail } from '../statistics/binomial-tail';
import { hypergeometricTail } from '../statistics/hypergeometric-tail';

/** What was counted of a leaked extract against what one receiver would have got. */
export interface LegTrace {
  readonly leg: string;
  readonly to: string;
  /** Rows of the extract, and how many of them the receiver's release has, keyed columns apart. */
  readonly rows: number;
  readonly known: number;
  /** Distinct tokens of the extract, and how many are this receiver's; absent without a token column. */
  readonly tokens?: { readonly leaked: number; readonly own: number; readonly issued: number };
  /**
   * Subjects whom one row tells apart without keyed columns and who could have been left out: how many there are, were
   * left out of this release, stand in the extract, and both. Absent where the leg is not marked.
   */
  readonly marks?: { readonly all: number; readonly marked: number; readonly leaked: number; readonly both: number };
  /** Subjects in the extract told apart so, and how many have a date there that was moved as this receiver's are. */
  readonly dates?: { readonly tried: number; readonly hit: number; readonly days: number };
}

export interface TraceFinding {
  readonly leg: string;
  readonly to: string;
  readonly known: number;
  readonly rows: number;
  readonly evidence: readonly {
    readonly kind: 'tokens' | 'marks' | 'dates';
    readonly said: string;
    readonly chance: number;
  }[];
  /**
   * At most this is the probability that an extract which is not from this receiver looks as much like it as this one, for any of
   * the receivers and ways to tell: Bonferroni's bound.
   */
  readonly falseAccusation: number;
}

export interface TraceVerdict {
  readonly findings: readonly TraceFinding[];
  /** The receivers whom accident does not explain. */
  readonly from: readonly string[];
}

/** An accusation is made when it is wrong once in a thousand such extracts at most. */
export const ACCUSE_BELOW = 1e-3;

/**
 * From whose release an extract comes. The null hypothesis is the same for all evidence: the extract was made without this
 * receiver's key, whatever was chosen, changed or left out. Then marks lie in it by chance (hypergeometric), and moved dates
 * and tokens agree by chance (binomial; 2⁻¹²⁸ per pair).
 */
export function judgeTrace(traces: readonly LegTrace[]): TraceVerdict {
  const weighed = traces.map((trace) => ({ trace, evidence: weigh(trace) }));
  const tests = weighed.reduce((sum, { evidence }) => sum + evidence.length, 0);
  const findings = weighed.map(({ trace: { leg, to, known, rows }, evidence }): TraceFinding => {
    const least = Math.min(1, ...evidence.map(({ chance }) => chance));
    return { leg, to, known, rows, evidence, falseAccusation: Math.min(1, least * Math.max(1, tests)) };
  });
  return {
    findings,
    from: findings.filter(({ falseAccusation }) => falseAccusation <= ACCUSE_BELOW).map(({ to }) => to),
  };
}

function weigh({ tokens, marks, dates }: LegTrace): TraceFinding['evidence'] {
  const evidence: TraceFinding['evidence'][number][] = [];
  if (tokens && tokens.leaked > 0) {
    const chance = tokens.own === 0 ? 1 : Math.min(1, tokens.leaked * tokens.issued * 2 ** -128);
    evidence.push({ kind: 'tokens', said: `${tokens.own} of ${tokens.leaked} tokens are this receiver’s`, chance });
  }
  if (marks && marks.leaked > 0 && marks.marked > 0) {
    const { all, marked, leaked, both } = marks;
    const expected = (marked * leaked) / all;
    const said = `${both} of the ${marked} subjects left out as marks stand in it; by chance it would be ${expected.toFixed(1)}`;
    evidence.push({ kind: 'marks', said, chance: hypergeometricTail(all, marked, leaked, both) });
  }
  if (dates && dates.tried > 0) {
    const { tried, hit, days } = dates;
    const said = `${hit} of ${tried} subjects have dates moved as this receiver’s; by chance it would be ${(tried / (2 * days)).toFixed(1)}`;
    evidence.push({ kind: 'dates', said, chance: binomialTail(tried, 1 / (2 * days), hit) });
  }
  return evidence;
}
