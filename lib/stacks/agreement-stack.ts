import { CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { SidePlan } from '../domain/agreement/plan-for-side';
import { errorAt } from '../domain/agreement/remark';
import { AgreementCatalogue } from './agreement-catalogue';
import { AgreementLeg } from './agreement-leg';
import { AgreementRecord } from './agreement-record';
import { DatasetQuality } from './dataset-quality';
import { LakeReads } from './lake-reads';
import { OversizedAgreement } from './oversized-agreement';
import { PartnerBus } from './partner-bus';
import { PartyLetters } from './party-letters';
import { PartyRoles } from './party-roles';
import type { RoomApi } from './room-api';
import { TermSchedule } from './term-schedule';

export interface AgreementStackProps extends StackProps {
  readonly plan: SidePlan;
  /** The room's key, buckets and bus. */
  readonly key: IKey;
  readonly landing: IBucket;
  readonly lake: IBucket;
  readonly ledger: IBucket;
  readonly bus: IEventBus;
  readonly noticeKey: IKey;
  /** ARNs of the functions that hear what partners say. */
  readonly listeners: readonly string[];
  /** ARN of the function that enters accesses in the ledger. */
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
  readonly warehouses: readonly string[];
}

/** All that one agreement adds to the room. What it needs of the room it is given; no other agreement's stack knows of it. */
export class AgreementStack extends Stack {
  constructor(scope: Construct, id: string, props: AgreementStackProps) {
    super(scope, id, props);
    const { plan, key, landing, lake, ledger, bus, registration, api, keyUsers, hasSftp, warehouses } = props;
    const { parties, datasets, legs } = plan;
    const made = legs.map(
      (leg) => [leg.id, new AgreementLeg(this, leg.id, { plan, leg, lake, key, keyUsers, warehouses })] as const,
    );
    // Of parties that give here or get from here; another has its dealings with another room.
    const members = parties.filter(
      ({ id: party }) => datasets.some(({ owner }) => owner === party) || legs.some(({ to }) => to === party),
    );
    const common = { plan, landing, lake, ledger, key, api, hasSftp };
    const roles = members.map(
      (party) => [party.id, new PartyRoles(this, `By-${party.id}`, { ...common, party })] as const,
    );
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
    };
    new AgreementRecord(this, 'Record', plan, provisioned, registration);
    this.refuseExcess(plan);
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
