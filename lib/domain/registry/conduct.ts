import type { AgreementState, Transition } from '../agreement/lifecycle';
import type { Plan } from '../agreement/plan/plan';
import type { VersionSignature } from '../agreement/signature';
import type { PlacedVersion } from '../audit/attribution/place-agreement';
import type { Ending } from './agreement-records';
import type { AttestationRecord, BreachRecord, ReleaseAttestation, ToldBreachRecord } from './conduct-records';
import type { Pause } from './list-pauses';
import type { ReleaseRecord, RoundRecord } from './round-records';

/** How everybody has kept to an agreement up to now: all that, beside the plan and the clock, decides who may have what. */
export interface Conduct {
  readonly state: AgreementState;
  /** What all have signed, each version for the time in which it holds, in their order. */
  readonly versions: readonly PlacedVersion[];
  /** Whether its resources are gone from the room. */
  readonly removed: boolean;
  /** When it first became active: UTC. What was due before is nobody's debt. */
  readonly began?: string;
  /** When it stood still and went on again, in their order; absent where it never did. */
  readonly pauses?: readonly Pause[];
  /** Who has it stand still now; absent where nobody does. */
  readonly holders?: readonly string[];
  /** Notice that was given. */
  readonly ending?: Ending;
  /** The step that ended it; absent before. */
  readonly ended?: Transition;
  /** Versions before the one in force that all have signed, in their order. */
  readonly earlier: readonly Plan[];
  /** Of these versions and the one in force. */
  readonly signatures: readonly VersionSignature[];
  readonly rounds: readonly RoundRecord[];
  readonly releases: readonly ReleaseRecord[];
  readonly breaches: readonly BreachRecord[];
  /** What peers' rooms have told one another of breaches, this one too; absent in a room for all. */
  readonly told?: readonly ToldBreachRecord[];
  /** That all is destroyed that came by a leg. */
  readonly attestations: readonly AttestationRecord[];
  /** That single releases are, whose time was over. */
  readonly releaseAttestations: readonly ReleaseAttestation[];
}
