/** A question as policies are asked it. */
interface PolicyQuestion {
  readonly party: string;
  readonly operation: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly circumstances: Circumstances;
}

export interface Circumstances {
  readonly state: string;
  /** Whether somebody has it stand still, as far as this question is concerned. */
  readonly paused: boolean;
  readonly signed: boolean;
  /** `20261231` */
  readonly today: number;
  readonly lastDay: number;
  readonly suspended: boolean;
  readonly complete: boolean;
  readonly kept: boolean;
  /** Used up of this period, this request counted. */
  readonly requests: number;
  readonly bytes: number;
  readonly throttled: boolean;
  readonly purpose?: string;
  readonly ip?: string;
}

interface PolicyAnswer {
  readonly effect: 'permit' | 'forbid';
  /** Ids of the policies that decided; none where nothing permits. */
  readonly policies: readonly string[];
}

/** Evaluates the policies of one version of an agreement. What it cannot evaluate it forbids. */
export type PolicyEngine = (question: PolicyQuestion) => PolicyAnswer;
