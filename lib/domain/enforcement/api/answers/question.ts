import type { PlannedLeg } from '../../../agreement/plan/plan';
import type { VerifySignature } from '../../../agreement/signature';
import type { Sha256 } from '../../../bytes';
import type { AgreementOnRecord } from '../../../registry/read-conduct';
import type { Registry } from '../../../registry/registry';
import type { PartyStatement, StatementFault, StatementSignature } from '../../words/party-statement';
import type { ApiOperation } from '../api-operations';
import type { CertificateParts } from './read-certificate';
import type { TellRoom } from './tell-room';

/** A request that was permitted. */
export interface PermittedRequest {
  readonly id: string;
  readonly operation: ApiOperation;
  readonly party: string;
  /** The leg, where it is about one. */
  readonly about?: string;
  readonly round?: string;
  /** Which page: what comes before this entry. */
  readonly before?: string;
  readonly body: unknown;
}

export interface AnsweringParts extends CertificateParts {
  readonly registry: Registry;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  /** The accesses of a party under an agreement, those before an entry of the ledger or the latest. */
  readonly listAccesses: (agreement: string, party: string, before: number | undefined) => Promise<object>;
  readonly tell: TellRoom;
}

/** A permitted request, and what its answer can be made of. */
export interface Question extends PermittedRequest, AgreementOnRecord {
  /** Id. */
  readonly agreement: string;
  /** Also those that later versions have left out. */
  readonly legs: readonly PlannedLeg[];
  /** Ids of the legs that the party gives or gets by. */
  readonly own: ReadonlySet<string>;
  readonly parts: AnsweringParts;
  /** What is wrong with a signed word of the leg's receiver, or of the party. */
  readonly check: (said: PartyStatement, signed: StatementSignature) => StatementFault | undefined;
  readonly now: string;
}
