import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PlannedParty } from '../../domain/agreement/plan/plan';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { namePartyRole } from '../../domain/room/room-names';
import type { RoomApi } from '../enforcement/room-api';
import { OWN_NAMES } from './own-names';

interface SignerRoleProps {
  readonly plan: SidePlan;
  readonly party: PlannedParty;
  readonly api: RoomApi;
}

/**
 * As what a party comes that has nothing to do with this room but to sign: one of a version that is not in force yet, or one
 * that deals with other peers' rooms. It may send a signature, which is verified, and ask for nothing.
 */
export class SignerRole extends Role {
  constructor(scope: Construct, id: string, { plan: { agreement }, party, api }: SignerRoleProps) {
    super(scope, id, {
      roleName: namePartyRole(agreement.id, party.id),
      description: `Barter ${agreement.id}: as what ${party.id} signs`,
      assumedBy: new AccountPrincipal(party.account).withConditions(OWN_NAMES),
      inlinePolicies: { Signs: new PolicyDocument({ statements: [api.allowSigning(agreement.id)] }) },
    });
  }
}
