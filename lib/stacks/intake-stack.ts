import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { SidePlan } from '../domain/agreement/plan-for-side';
import type { SftpEndpoint } from '../domain/room/room';
import type { RegistryAction, RegistryTable } from './registry-table';
import { RoomFunction, type RoomFunctionProps } from './room-function';
import { SftpServer } from './sftp-server';

export interface IntakeStackProps extends StackProps {
  readonly plans: readonly SidePlan[];
  readonly sftp: SftpEndpoint;
  readonly landing: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly registry: RegistryTable;
  /** The room's bus: deliveries are told there. */
  readonly bus: IEventBus;
}

/** How data, agreements and the partners' word come in. What a party may hand in stands in its agreement's stack. */
export class IntakeStack extends Stack {
  /** Puts agreements on record: the provider of a custom resource in their stacks. */
  readonly registration: RoomFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: IntakeStackProps,
  ) {
    super(scope, id, props);
    const { sftp, landing } = props;
    this.registration = this.makeFunction('RegisterAgreement', {
      handler: 'register-agreement',
      description: 'puts agreements on record',
      isAsync: true,
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    });
    this.tell('Uploaded', 'a file was uploaded', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      // Not what comes by SFTP: half an upload is an object too, and the server tells when it is whole.
      detail: { bucket: { name: [landing.bucketName] }, object: { key: [{ wildcard: '*/*/upload/*' }] } },
    });
    if (sftp.kind !== 'off') this.openSftp(sftp);
  }

  private openSftp(endpoint: SftpEndpoint): void {
    const { plans, noticeKey } = this.props;
    const authoriser = this.makeFunction('AuthoriseSftp', {
      handler: 'authorize-sftp',
      description: 'says who may sign in by SFTP, and to what',
      isAsync: false,
      actions: ['dynamodb:GetItem'],
    });
    const cidrs = plans.flatMap(({ parties }) => parties.flatMap(({ sftp }) => sftp?.cidrs ?? []));
    const server = new SftpServer(this, 'Sftp', {
      endpoint,
      authoriser,
      cidrs: [...new Set(cidrs)].sort(),
      noticeKey,
    });
    this.tell('UploadedBySftp', 'a file was uploaded by SFTP', {
      source: ['aws.transfer'],
      detailType: ['SFTP Server File Upload Completed'],
      detail: { 'server-id': [server.serverId] },
    });
    const description = 'Id of the SFTP server: its address is ID.server.transfer.REGION.amazonaws.com';
    new CfnOutput(this, 'SftpServer', { value: server.serverId, description });
  }

  private tell(id: string, what: string, eventPattern: EventPattern): void {
    const description = `Barter room: tells the room's bus that ${what}`;
    new Rule(this, id, { description, eventPattern, targets: [new BusTarget(this.props.bus)] });
  }

  private makeFunction(id: string, { actions, ...props }: RegistryFunctionProps): RoomFunction {
    const { registry, landing, key, noticeKey } = this.props;
    return new RoomFunction(this, id, {
      ...props,
      noticeKey,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LANDING_BUCKET_ARN: landing.bucketArn,
        ROOM_KEY_ARN: key.keyArn,
      },
      statements: registry.allow(...actions),
    });
  }
}

/** What it may do with the registry. */
interface RegistryFunctionProps extends Pick<RoomFunctionProps, 'handler' | 'description' | 'isAsync'> {
  readonly actions: readonly RegistryAction[];
}
