import { CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PlannedParty } from '../../domain/agreement/plan/plan';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { errorAt } from '../../domain/agreement/yaml/remark';
import { listMembers } from '../../domain/enforcement/registration/list-principals';
import type { SftpEndpoint } from '../../domain/room/room';
import type { RoomApi } from '../enforcement/room-api';
import { AgreementAdmission } from './agreement-admission';
import { AgreementCatalogue } from './agreement-catalogue';
import { AgreementLeg } from './agreement-leg';
import { AgreementRecord } from './agreement-record';
import { DatasetQuality } from './dataset-quality';
import { LakeReads } from './lake-reads';
import { OversizedAgreement } from './oversized-agreement';
import { PartnerBus } from './partner-bus';
import { PartyLetters } from './party-letters';
import { PartyRoles } from './party-roles';
import { SignerRole } from './signer-role';
import { TermSchedule } from './term-schedule';

interface AgreementStackProps extends StackProps {
  /** What the stack is drawn from: the version in force, once there is one. */
  readonly plan: SidePlan;
  /** A later version, which waits for signatures. */
  readonly proposed?: SidePlan;
  /** The room's key, buckets and bus. */
  readonly key: IKey;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly ledger: IBucket;
  readonly bus: IEventBus;
  readonly noticeKey: IKey;
  /** Where alarms go. */
  readonly alerts: ITopic;
  /** ARN of the queue of what is to be entered in the ledger. */
  readonly recorder: string;
  /** Of a peer's room: ARN of the function that hears the other peers' rooms. */
  readonly hearsPeers?: string;
  /** In days: how long what they said can be played again. */
  readonly keepEvents: number;
  /** 12 digits, where the room's file names it. */
  readonly roomAccount?: string;
  readonly registration: IFunction;
  readonly api: RoomApi;
  /** Who makes releases, and who has subjects erased from them. */
  readonly keyUsers: readonly IRole[];
  readonly hasSftp: boolean;
  /** The room's SFTP server. */
  readonly sftpServer?: { readonly id: string; readonly endpoint: SftpEndpoint };
  readonly warehouses: readonly string[];
}

/** All that one agreement adds to the room. What it needs of the room it is given; no other agreement's stack knows of it. */
export class AgreementStack extends Stack {
  constructor(scope: Construct, id: string, props: AgreementStackProps) {
    super(scope, id, props);
    const { plan, key, landing, lake, ledger, bus, registration, api, keyUsers, hasSftp, sftpServer, warehouses } =
      props;
    const { legs } = plan;
    const admission = new AgreementAdmission(this, 'Admission', plan, registration);
    const made = legs.map(
      (leg) => [leg.id, new AgreementLeg(this, leg.id, { plan, leg, lake, key, keyUsers, warehouses })] as const,
    );
    const members = listMembers(plan);
    const common = { plan, landing, lake, ledger, key, api, hasSftp };
    const roles = members.map(
      (party) => [party.id, new PartyRoles(this, `By-${party.id}`, { ...common, party })] as const,
    );
    this.letOthersSign(props, members);
    new AgreementCatalogue(this, 'Catalogue', { plan, landing, lake });
    new DatasetQuality(this, 'Quality', plan);
    new PartnerBus(this, 'Partners', props);
    new LakeReads(this, 'LakeReads', props);
    new TermSchedule(this, 'Term', plan, bus);
    const letters = new PartyLetters(this, 'Letters', plan, props.noticeKey);
    const provisioned = {
      sftpRoles: collect(roles, ({ sftp }) => sftp?.roleArn),
      dataSets: collect(made, ({ dataSet }) => dataSet?.attrId),
      legKeys: collect(made, (leg) => leg.key.keyArn),
      letters: letters.topicArn,
      ...(sftpServer === undefined ? {} : { sftpServer: sftpServer.id }),
    };
    const drawn = this.node.children.filter((each) => each !== admission);
    for (const { node } of drawn) node.addDependency(admission);
    // Last: what fails before it leaves the record as it was.
    const record = new AgreementRecord(
      this,
      'Record',
      plan,
      { kind: 'record', provisioned, ...(sftpServer === undefined ? {} : { sftp: sftpServer.endpoint }) },
      registration,
    );
    record.node.addDependency(...drawn);
    if (props.proposed !== undefined) {
      const proposal = new AgreementRecord(this, 'Proposal', props.proposed, { kind: 'propose' }, registration);
      proposal.node.addDependency(record);
    }
    this.refuseExcess(plan);
  }

  /** Who has no dealings with this room, or none yet, signs here all the same. */
  private letOthersSign({ plan, proposed, api }: AgreementStackProps, members: readonly PlannedParty[]): void {
    const named = new Map([...plan.parties, ...(proposed?.parties ?? [])].map((party) => [party.id, party] as const));
    for (const { id } of members) named.delete(id);
    // At the place of the role that it has once it comes in: of one name there is one role, which CloudFormation then changes.
    for (const party of named.values())
      new SignerRole(new Construct(this, `By-${party.id}`), 'Party', { plan, party, api });
  }

  /** CloudFormation takes 500 resources: some are left for what a later version adds. */
  private refuseExcess({ agreement, legs }: SidePlan): void {
    const count = this.node.findAll().filter((each) => CfnResource.isCfnResource(each)).length;
    if (count <= MAX_RESOURCES) return;
    const problem = `${legs.length} legs make a stack of ${count} resources, and a room takes ${MAX_RESOURCES}`;
    const remedy = 'Make two agreements of it: each has its own parties, rounds and term.';
    throw new OversizedAgreement(agreement.id, errorAt(['legs'], problem, remedy));
  }
}

const MAX_RESOURCES = 460;

/** By name, without those that have none. */
function collect<T>(made: readonly (readonly [string, T])[], pick: (each: T) => string | undefined) {
  const entries = made.map(([name, each]) => [name, pick(each)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}
