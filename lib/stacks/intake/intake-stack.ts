import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SidePlan } from '../../domain/agreement/plan/plan-for-side';
import { TOKEN_TABLE } from '../../domain/exchange/erasure/token-table';
import { ESCROW } from '../../domain/room/escrow-prefix';
import type { SftpEndpoint } from '../../domain/room/room';
import type { RoomApi } from '../enforcement/room-api';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allow } from '../shared/allow';
import { allowListing } from '../shared/allow-listing';
import { allowTelling } from '../shared/allow-telling';
import { AT_ONCE } from '../shared/at-once';
import { RoomFunction } from '../shared/room-function';
import { RuleRole } from '../shared/rule-role';
import { watchFunctions } from '../shared/watch-functions';
import { DoorFunction, type DoorPlaces } from './door-function';
import { DownloadSigner } from './download-signer';
import { openSftpDoor, type SftpDoor } from './sftp-door';
import { UploadSigner } from './upload-signer';

interface IntakeStackProps extends StackProps, DoorPlaces {
  readonly plans: readonly SidePlan[];
  readonly sftp: SftpEndpoint;
  readonly api: RoomApi;
  /** The room's bus: deliveries are told there. */
  readonly bus: IEventBus;
  readonly alerts: ITopic;
}

/** How data, agreements and the partners' word come in. What a party may hand in stands in its agreement's stack. */
export class IntakeStack extends Stack {
  /** Puts agreements on record: the provider of a custom resource in their stacks. */
  readonly registration: RoomFunction;
  /** The SFTP server's log, and its id, where there is one. */
  readonly sftpLog: ILogGroup | undefined;
  readonly sftpServer: string | undefined;
  /** Has subjects erased: asks the keys of legs for what subjects are known by. */
  readonly eraser: IRole;
  readonly alarms: readonly IAlarm[];
  /** Tells the bus of uploads. */
  private readonly teller: IRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: IntakeStackProps,
  ) {
    super(scope, id, props);
    const { sftp, registry, landing, noticeKey, api } = props;
    this.registration = new RoomFunction(this, 'RegisterAgreement', {
      handler: 'register-agreement',
      description: 'puts agreements on record',
      noticeKey,
      isAsync: true,
      environment: { REGISTRY_TABLE: registry.tableName },
      // A version is compared with those before it, and who has signed them.
      statements: registry.allow('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'),
    });
    this.teller = new RuleRole(this, 'Teller', "Barter room: puts what is uploaded on the room's bus");
    this.tell('Uploaded', 'a file was uploaded', {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      // Not what comes by SFTP: half an upload is an object too, and the server tells when it is whole.
      detail: { bucket: { name: [landing.bucketName] }, object: { key: [{ wildcard: UPLOADS }] } },
    });
    const uploads = new UploadSigner(this, 'PresignUpload', props, UPLOADS);
    api.answerWith('request-upload', new Construct(this, 'Uploads'), uploads);
    api.answerWith(
      'read-release',
      new Construct(this, 'Downloads'),
      new DownloadSigner(this, 'PresignDownload', props),
    );
    // The policies of the legs' keys let it make their secrets; no right of IAM does.
    const eraser = new DoorFunction(this, 'StartErasure', {
      places: props,
      handler: 'start-erasure',
      description: 'has subjects erased, by digests of who they are',
      isAsync: false,
      atOnce: AT_ONCE.operation,
      records: ['decision', 'knocks', 'erasure'],
      // Of the lake bucket it reads whose tokens are in a release, and no release.
      statements: [
        allowTelling(props.bus),
        allow(['s3:GetObject'], props.lake.arnForObjects(TOKEN_TABLES)),
        allowListing(props.lake, TOKEN_TABLES),
      ],
      environment: { ROOM_BUS: props.bus.eventBusName },
    });
    acknowledgeWildcards(eraser.permissions, [`/${TOKEN_TABLES}`], 'It stands for releases.');
    api.answerWith('request-erasure', new Construct(this, 'Erasures'), eraser);
    this.eraser = eraser.role!;
    new CfnOutput(this, 'Api', { value: api.url, description: 'Address of the API that parties ask' });
    const door = sftp.kind === 'off' ? undefined : this.openSftp(sftp);
    [this.sftpLog, this.sftpServer] = [door?.log, door?.serverId];
    this.alarms = watchFunctions(this, props.alerts);
  }

  private openSftp(endpoint: SftpEndpoint): SftpDoor {
    const named = this.props.plans.flatMap(({ parties }) => parties.flatMap(({ sftp }) => sftp?.cidrs ?? []));
    const door = openSftpDoor(this, endpoint, [...new Set(named)].sort(), this.props);
    this.tell('UploadedBySftp', 'a file was uploaded by SFTP', {
      source: ['aws.transfer'],
      detailType: ['SFTP Server File Upload Completed'],
      detail: { 'server-id': [door.serverId] },
    });
    return door;
  }

  private tell(id: string, what: string, eventPattern: EventPattern): void {
    const description = `Barter room: tells the room's bus that ${what}`;
    const targets = [new BusTarget(this.props.bus, { role: this.teller })];
    new Rule(this, id, { description, eventPattern, targets });
  }
}

/** Of the landing bucket: what comes in by S3, of all datasets. */
const UPLOADS = '*/*/upload/*';

const TOKEN_TABLES = `${ESCROW}*${TOKEN_TABLE}`;
