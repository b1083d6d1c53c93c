import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type IRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PlannedParty } from '../../domain/agreement/plan/plan';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { inboxPrefix } from '../../domain/room/inbox-prefix';
import { type DeliveryWay, deliveryPrefix } from '../../domain/room/landing-prefix';
import { outboxPrefix } from '../../domain/room/outbox-prefix';
import { namePartyRole } from '../../domain/room/room-names';
import type { RoomApi } from '../enforcement/room-api';
import { OWN_NAMES } from './own-names';
import { PrefixRole, type PrefixUse } from './prefix-role';

interface PartyRolesProps {
  readonly plan: SidePlan;
  readonly party: PlannedParty;
  readonly landing: IBucket;
  readonly lake: IBucket;
  /** The ledger's bucket, in which every party has an outbox. */
  readonly ledger: IBucket;
  readonly key: IKey;
  readonly api: RoomApi;
  readonly hasSftp: boolean;
}

/**
 * As what a party comes in: a role that its own account assumes, to hand in raw data by S3, to fetch what lies in its outbox
 * (checkpoints of the access ledger, its own reports) and to ask the room's API, and one that the SFTP server assumes for it. Roles of the room and not a bucket policy that names partners: that would be full at a
 * few dozen of them, and so would the key's, which every foreign uploader would have to stand in.
 */
export class PartyRoles extends Construct {
  /** Absent where the party has no SFTP, or nothing to do there. */
  readonly sftp: IRole | undefined;

  constructor(
    scope: Construct,
    id: string,
    { plan, party, landing, lake, ledger, key, api, hasSftp }: PartyRolesProps,
  ) {
    super(scope, id);
    const { agreement } = plan;
    const gives = (way: DeliveryWay): readonly PrefixUse[] => {
      const owned = plan.datasets.filter(({ owner }) => owner === party.id);
      const prefixes = owned.map((dataset) => deliveryPrefix(agreement.id, dataset.id, way));
      return prefixes.length === 0 ? [] : [{ bucket: landing, prefixes, does: 'write' }];
    };
    const gets = plan.legs.filter(({ to, via }) => to === party.id && via.kind === 'sftp');
    const reads: readonly PrefixUse[] =
      gets.length === 0
        ? []
        : [{ bucket: lake, prefixes: gets.map((leg) => inboxPrefix(agreement.id, leg)), does: 'read' }];
    const uploads = gives('upload');
    new PrefixRole(this, 'Party', {
      name: namePartyRole(agreement.id, party.id),
      description: `Barter ${agreement.id}: as what ${party.id} delivers by S3, reads its outbox and asks the room`,
      assumedBy: new AccountPrincipal(party.account).withConditions(OWN_NAMES),
      uses: [...uploads, { bucket: ledger, prefixes: [outboxPrefix(agreement.id, party.id)], does: 'read' }],
      key,
      besides: {
        statements: [api.allowAgreement(agreement.id, { gives: uploads.length > 0 })],
        wildcards: [`/agreements/${agreement.id}/*`],
      },
    });
    const uses = [...gives('sftp'), ...reads];
    if (!hasSftp || party.sftp === undefined || uses.length === 0) return;
    this.sftp = new PrefixRole(this, 'Sftp', {
      description: `Barter ${agreement.id}: what ${party.id} does by SFTP`,
      // By account alone: which ARN Transfer Family gives as the source of a session with an identity provider of one's own
      // is not documented.
      assumedBy: new ServicePrincipal('transfer.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      uses,
      key,
    });
  }
}
