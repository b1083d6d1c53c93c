/** What can become of an agreement: draft → signed → active ⇄ suspended → ended → settled. */
export const AGREEMENT_STATES = ['draft', 'signed', 'active', 'suspended', 'ended', 'settled'] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** What moves it from one to the next. */
export const LIFECYCLE_ACTS = ['sign', 'begin', 'suspend', 'resume', 'end', 'settle'] as const;
export type LifecycleAct = (typeof LIFECYCLE_ACTS)[number];

/** What a person's word does. */
export const PAUSE_ACTS = ['suspend', 'resume'] as const satisfies readonly LifecycleAct[];
export type PauseAct = (typeof PAUSE_ACTS)[number];

/** The place in the agreement of whoever has it stand still: a party answers for its own data, the operator for the room. */
export function pausePlace(party: string | undefined): string {
  return party === undefined ? 'term' : `parties.${party}`;
}

/** A step that was taken: who, when, why, and what in the agreement says so. */
export interface Transition {
  readonly act: LifecycleAct;
  readonly from: AgreementState;
  readonly to: AgreementState;
  /** UTC, ISO 8601. */
  readonly at: string;
  /** A party, `operator` for who runs the room, or `room` for what follows from the agreement itself. */
  readonly by: string;
  readonly reason: string;
  /** Id of a clause, or the place in the agreement, e.g. `term.ends`. */
  readonly clause: string;
}

type Move =
  | { readonly kind: 'moved'; readonly transition: Transition }
  | { readonly kind: 'refused'; readonly problem: string };

/** Takes one step, if it may be taken from this state. An agreement that has ended never comes back: barter again by a new one. */
export function moveAgreement(state: AgreementState, step: Omit<Transition, 'from' | 'to'>): Move {
  const to = STEPS[step.act][state];
  if (to === undefined) return { kind: 'refused', problem: `an agreement that is ${state} cannot ${step.act}` };
  return { kind: 'moved', transition: { ...step, from: state, to } };
}

const STEPS: Readonly<Record<LifecycleAct, Partial<Record<AgreementState, AgreementState>>>> = {
  sign: { draft: 'signed' },
  begin: { signed: 'active' },
  suspend: { active: 'suspended' },
  resume: { suspended: 'active' },
  end: { signed: 'ended', active: 'ended', suspended: 'ended' },
  settle: { ended: 'settled' },
};
