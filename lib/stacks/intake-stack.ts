import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { SidePlan } from '../domain/agreement/plan-for-side';
import { LINK_SECONDS } from '../domain/enforcement/decide-upload';
import { ROUND_COLUMN } from '../domain/room/catalogue';
import type { EnvironmentName } from '../domain/room/environment';
import type { SftpEndpoint } from '../domain/room/room';
import { acknowledgeWildcards } from './acknowledge-wildcards';
import { LinkRole } from './link-role';
import type { DoorRecord, RegistryAction, RegistryTable } from './registry-table';
import type { RoomApi } from './room-api';
import { RoomFunction, type RoomFunctionProps } from './room-function';
import { SftpServer } from './sftp-server';

export interface IntakeStackProps extends StackProps {
  readonly plans: readonly SidePlan[];
  readonly sftp: SftpEndpoint;
  readonly landing: IBucket;
  /** What receivers by SFTP fetch lies there. */
  readonly lake: IBucket;
  readonly key: IKey;
  readonly noticeKey: IKey;
  readonly registry: RegistryTable;
  readonly api: RoomApi;
  /** The room's bus: deliveries are told there. */
  readonly bus: IEventBus;
}

/** How data, agreements and the partners' word come in. What a party may hand in stands in its agreement's stack. */
export class IntakeStack extends Stack {
  /** Puts agreements on record: the provider of a custom resource in their stacks. */
  readonly registration: RoomFunction;
  /** The SFTP server's, where there is one. */
  readonly sftpLog: ILogGroup | undefined;
  /** Has subjects erased: asks the keys of legs for what subjects are known by. */
  readonly eraser: IRole;

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
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    });
    this.tell('Uploaded', 'a file was uploaded', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      // Not what comes by SFTP: half an upload is an object too, and the server tells when it is whole.
      detail: { bucket: { name: [landing.bucketName] }, object: { key: [{ wildcard: UPLOADS }] } },
    });
    this.signUploads();
    this.signDownloads();
    this.eraser = this.startErasures();
    this.sftpLog = sftp.kind === 'off' ? undefined : this.openSftp(sftp);
  }

  /** For who has neither SFTP nor tools of AWS: a link for one file. */
  private signUploads(): void {
    const { landing, key, api } = this.props;
    const uploads = landing.arnForObjects(UPLOADS);
    const signer = this.makeFunction('PresignUpload', {
      handler: 'presign-upload',
      description: 'signs links to upload one file by',
      isAsync: false,
      records: ['decision'],
      memory: POLICIES,
      // What the signer may do is what the bearer of a link may: put an object by a link, while the link is young.
      statements: [
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [uploads],
          conditions: {
            StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
            NumericLessThanEquals: { 's3:signatureAge': String(LINK_SECONDS * 1000) },
          },
        }),
        new PolicyStatement({
          actions: ['kms:GenerateDataKey'],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${this.region}.amazonaws.com` } },
        }),
      ],
    });
    acknowledgeWildcards(
      signer.permissions,
      [`/${UPLOADS}`],
      'It stands for agreement, dataset and file: agreements come and go without this role, and each link is for one file.',
    );
    api.answerWith('request-upload', new Construct(this, 'Uploads'), signer);
    const description = 'Address of the API that parties ask';
    new CfnOutput(this, 'Api', { value: api.url, description });
  }

  /** For who receives by the API: a link for each file of a release, counted against the quota. */
  private signDownloads(): void {
    const { lake, key, api } = this.props;
    const signer = this.makeFunction('PresignDownload', {
      handler: 'presign-download',
      description: 'signs links to read releases by',
      isAsync: false,
      records: ['decision', 'budget'],
      memory: POLICIES,
      statements: [
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [lake.bucketArn],
          conditions: { StringLike: { 's3:prefix': RELEASES } },
        }),
      ],
    });
    const links = new LinkRole(this, 'LinkRole', { signer, lake, releases: RELEASES, key });
    signer.addEnvironment('LINK_ROLE_ARN' satisfies EnvironmentName, links.roleArn);
    api.answerWith('read-release', new Construct(this, 'Downloads'), signer);
  }

  /** For who is asked to erase a person. The policies of the legs' keys let it make their secrets; no right of IAM does. */
  private startErasures(): IRole {
    const eraser = this.makeFunction('StartErasure', {
      handler: 'start-erasure',
      description: 'has subjects erased, by digests of who they are',
      isAsync: false,
      records: ['decision', 'erasure'],
      memory: POLICIES,
    });
    this.props.api.answerWith('request-erasure', new Construct(this, 'Erasures'), eraser);
    return eraser.role!;
  }

  private openSftp(endpoint: SftpEndpoint): ILogGroup {
    const { plans, noticeKey } = this.props;
    const authoriser = this.makeFunction('AuthoriseSftp', {
      handler: 'authorize-sftp',
      description: 'says who may sign in by SFTP, and to what',
      isAsync: false,
      records: ['decision', 'knocks'],
      memory: POLICIES,
    });
    const noteRefused = this.makeFunction('NoteRefusedKeys', {
      handler: 'note-refused-keys',
      description: 'puts on record whom the SFTP server refused for the key',
      isAsync: true,
      records: ['decision', 'knocks'],
      memory: POLICIES,
    });
    const cidrs = plans.flatMap(({ parties }) => parties.flatMap(({ sftp }) => sftp?.cidrs ?? []));
    const server = new SftpServer(this, 'Sftp', {
      endpoint,
      authoriser,
      noteRefused,
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
    return server.log;
  }

  private tell(id: string, what: string, eventPattern: EventPattern): void {
    const description = `Barter room: tells the room's bus that ${what}`;
    new Rule(this, id, { description, eventPattern, targets: [new BusTarget(this.props.bus)] });
  }

  private makeFunction(
    id: string,
    { actions = [], records, statements = [], ...props }: RegistryFunctionProps,
  ): RoomFunction {
    const { registry, landing, lake, key, noticeKey } = this.props;
    return new RoomFunction(this, id, {
      ...props,
      noticeKey,
      environment: {
        REGISTRY_TABLE: registry.tableName,
        LANDING_BUCKET: landing.bucketName,
        LANDING_BUCKET_ARN: landing.bucketArn,
        LAKE_BUCKET: lake.bucketName,
        LAKE_BUCKET_ARN: lake.bucketArn,
        ROOM_KEY_ARN: key.keyArn,
      },
      statements: [
        ...(records === undefined ? registry.allow(...actions) : registry.allowRecording(...records)),
        ...statements,
      ],
    });
  }
}

/** What it may do with the registry. */
interface RegistryFunctionProps
  extends Pick<RoomFunctionProps, 'handler' | 'description' | 'isAsync' | 'statements' | 'memory'> {
  readonly actions?: readonly RegistryAction[];
  /** What it puts on record of what it answers, where it is a door. */
  readonly records?: readonly DoorRecord[];
}

/** Of the lake bucket: releases that were published, of all legs. */
const RELEASES = `*/*/${ROUND_COLUMN}=*`;

/** Of the landing bucket: what comes in by S3, of all datasets. */
const UPLOADS = '*/*/upload/*';

/** Policies are evaluated in WebAssembly, which is compiled when the function starts: more memory, more processor. */
const POLICIES = 1024;
