import { Aws, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventAction } from 'aws-cdk-lib/aws-dataexchange';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnDataLakeSettings } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { Handover, HandoverReceipt } from '../../domain/exchange/handover/plan-handover';
import { FORWARDED_CALLS, RECORDED_CALL } from '../../domain/room/forwarded-calls';
import { RuleRole } from '../shared/rule-role';
import { listOpening, listSharing } from './passing-on';
import { ReceivedBucket } from './received-bucket';

interface PartnerHandoverProps {
  readonly handover: Handover;
  /** Account and region of the room. */
  readonly room: { readonly account: string; readonly region: string };
  /** By leg: the data set that accepting its grant made in the party's account. A leg without one is not exported yet. */
  readonly dataSets: Readonly<Record<string, GrantedDataSet>>;
  /** Where tables are shared: what links to them, once the party has accepted the share. Absent: not yet. */
  readonly share?: { readonly when?: CfnCondition };
}

export interface GrantedDataSet {
  readonly id: string;
  /** Of a template with parameters: whether the id is known. */
  readonly when?: CfnCondition;
}

/**
 * A party's own side of a barter, in its own account: automatic export of what it is granted, a link to the tables it is
 * shared, the room's events forwarded to it, and the permission to come in there. Nothing here lets the room into the account.
 */
export class PartnerHandover extends Construct {
  readonly received: ReceivedBucket | undefined;
  readonly comeIn: ManagedPolicy;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PartnerHandoverProps,
  ) {
    super(scope, id);
    const { handover } = props;
    const exported = handover.gets.filter(({ way }) => way === 'export');
    if (exported.length > 0) this.received = this.exportTo(exported);
    const isShared = handover.gets.some(({ way }) => way === 'share');
    if (isShared) this.linkTables();
    if (exported.length > 0 || isShared) this.tellRoom(exported.length > 0, isShared);
    this.comeIn = this.allowComingIn();
  }

  private exportTo(receipts: readonly HandoverReceipt[]): ReceivedBucket {
    const { dataSets } = this.props;
    const bucket = new ReceivedBucket(this, 'Received', receipts);
    for (const { leg, prefix } of receipts) {
      const dataSet = dataSets[leg.id];
      if (dataSet === undefined) continue;
      const action = new CfnEventAction(this, `Export-${leg.id}`, {
        event: { revisionPublished: { dataSetId: dataSet.id } },
        action: {
          exportRevisionToS3: {
            // Data Exchange fills in the names in braces.
            revisionDestination: {
              bucket: bucket.bucketName,
              keyPattern: `${prefix}\${Revision.CreatedAt}/\${Asset.Name}`,
            },
            encryption: { type: 'AES256' },
          },
        },
      });
      if (dataSet.when !== undefined) action.cfnOptions.condition = dataSet.when;
      action.node.addDependency(bucket.policy!);
    }
    return bucket;
  }

  /** What became of what the party received, and to whom it opens that. */
  private tellRoom(isExported: boolean, isShared: boolean): void {
    const { handover, room, dataSets } = this.props;
    const role = this.forwarder(handover.room.bus);
    if (isShared)
      for (const [id, pattern] of Object.entries(listSharing(handover.room, room.account)))
        this.forward(id, role, pattern);
    if (!isExported || this.received === undefined) return;
    const bucket = [this.received.bucketName];
    this.forward('Exported', role, {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: bucket } },
    });
    this.forward('Opened', role, listOpening(bucket));
    const granted = handover.gets.flatMap(({ leg, way }) => (way === 'export' ? (dataSets[leg.id] ?? []) : []));
    if (granted.length > 0) this.forwardExchange(role, granted);
  }

  /** What Data Exchange says of the agreement's data sets, and every export or grant of them that somebody makes; of no other. */
  private forwardExchange(role: Role, granted: readonly GrantedDataSet[]): void {
    const ids = granted.map(({ id, when }) =>
      // Known wherever the rule is, if there is no other.
      when === undefined || granted.length === 1 ? id : Fn.conditionIf(when.logicalId, id, Aws.NO_VALUE),
    );
    const news = this.forward('Exchange', role, {
      source: ['aws.dataexchange'],
      $or: [{ resources: ids }, { detail: { DataSet: { Id: ids } } }],
    });
    const jobs = this.forward('ExportJobs', role, {
      source: [FORWARDED_CALLS.exported.source],
      'detail-type': [RECORDED_CALL],
      detail: {
        eventName: FORWARDED_CALLS.exported.names,
        $or: [
          ...EXPORTS.map((kind) => ({ requestParameters: { Details: { [kind]: { DataSetId: ids } } } })),
          { requestParameters: { SourceDataSetId: ids } },
        ],
      },
    });
    const conditions = granted.flatMap(({ when }) => (when === undefined ? [] : [when]));
    if (conditions.length < granted.length) return;
    // A pattern may not name nothing: while no id is known there is no rule.
    const isAnyKnown = new CfnCondition(this, 'AnyDataSet', { expression: Fn.conditionOr(...conditions) });
    for (const rule of [news, jobs]) rule.cfnOptions.condition = isAnyKnown;
  }

  private forward(id: string, role: Role, eventPattern: object): CfnRule {
    const { handover } = this.props;
    return new CfnRule(this, id, {
      description: `Barter ${handover.agreement.id}: tells the room what became of what it released`,
      eventPattern,
      targets: [{ id: 'Room', arn: this.busArn(handover.room.bus), roleArn: role.roleArn }],
    });
  }

  private forwarder(bus: string): Role {
    const what = "Lets EventBridge put this barter's events on the room's bus, and do nothing else";
    const role = new RuleRole(this, 'Forwarder', what);
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.busArn(bus)] }));
    return role;
  }

  private busArn(bus: string): string {
    const { account, region } = this.props.room;
    return Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: bus, account, region });
  }

  /** The owner's log of who read a table shows this account's principals only if this account trusts the owner with their names. */
  private linkTables(): void {
    const { handover, room, share } = this.props;
    new CfnDataLakeSettings(this, 'NameReaders', { mutationType: 'APPEND', trustedResourceOwners: [room.account] });
    if (share === undefined) return;
    const link = new CfnDatabase(this, 'Link', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: handover.room.link,
        targetDatabase: { catalogId: room.account, databaseName: handover.room.database, region: room.region },
      },
    });
    if (share.when !== undefined) link.cfnOptions.condition = share.when;
  }

  private allowComingIn(): ManagedPolicy {
    const { handover, room } = this.props;
    const arn = Stack.of(this).formatArn({
      service: 'iam',
      resource: 'role',
      resourceName: handover.role,
      account: room.account,
      region: '',
    });
    return new ManagedPolicy(this, 'ComeIn', {
      description: `Barter ${handover.agreement.id}: attach this to whoever delivers, or asks the room`,
      statements: [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [arn] })],
    });
  }
}

/** The kinds of export job that name a data set (AWS Data Exchange API, RequestDetails). */
const EXPORTS = ['ExportAssetsToS3', 'ExportAssetToSignedUrl', 'ExportRevisionsToS3'];
