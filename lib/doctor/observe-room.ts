import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetDataLakeSettingsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { TransferClient } from '@aws-sdk/client-transfer';
import type { ObservedResource, ObservedStack, RoomObservation } from '../domain/room/compare-room';
import { CHECKED_TYPES, type CheckedType } from '../domain/room/plan-facts';
import type { Facts } from '../domain/room/resource-facts';
import { IAM_REGION, readIamForwarding } from './read-iam-forwarding';
import { readBucket, readKey, readServer, readTrail } from './read-resources';
import { unlessNamed } from './unless-named';

/** Where to look; what is left out is as the SDK's own settings say (environment, profile, endpoint). */
export interface Place {
  readonly region?: string;
  readonly profile?: string;
}

/** Reads what is in the account of the stacks with the given ids, and changes nothing. */
export async function observeRoom(stackIds: readonly string[], place: Place): Promise<RoomObservation> {
  const read = openReaders(place);
  const stacks: Record<string, ObservedStack> = {};
  // One after the other: CloudFormation answers few requests a second, and a room can have hundreds of stacks.
  for (const id of stackIds) {
    const stack = await read.stack(id);
    if (stack !== undefined) stacks[id] = stack;
  }
  return {
    stacks,
    dataLake: await read.dataLake(),
    executions: await read.executions(),
    iamForwarding: await read.iamForwarding(),
  };
}

function openReaders(place: Place) {
  const cloudFormation = new CloudFormationClient(place);
  const lakeFormation = new LakeFormationClient(place);
  const lambda = new LambdaClient(place);
  const s3 = new S3Client({ ...place, followRegionRedirects: true });
  const kms = new KMSClient(place);
  const cloudTrail = new CloudTrailClient(place);
  const transfer = new TransferClient(place);
  const iamEvents = new EventBridgeClient({ ...place, region: IAM_REGION });
  const readers: Readonly<Record<CheckedType, (physicalId: string) => Promise<Facts>>> = {
    'AWS::S3::Bucket': (name) => readBucket(s3, name),
    'AWS::KMS::Key': (id) => readKey(kms, id),
    'AWS::CloudTrail::Trail': (name) => readTrail(cloudTrail, name),
    'AWS::Transfer::Server': (arn) => readServer(transfer, arn),
  };

  return {
    stack: async (id: string): Promise<ObservedStack | undefined> => {
      const described = await unlessNamed(NO_STACK, () =>
        cloudFormation.send(new DescribeStacksCommand({ StackName: id })),
      );
      const stack = described?.Stacks?.[0];
      if (stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return undefined;
      const resources: Record<string, ObservedResource> = {};
      for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: id })) {
        for (const { LogicalResourceId, PhysicalResourceId, ResourceType } of page.StackResourceSummaries ?? []) {
          const type = CHECKED_TYPES.find((checked) => checked === ResourceType);
          if (type === undefined || LogicalResourceId === undefined || PhysicalResourceId === undefined) continue;
          resources[LogicalResourceId] = await observe(() => readers[type](PhysicalResourceId));
        }
      }
      return { status: stack.StackStatus ?? 'unknown', arn: stack.StackId ?? '', resources };
    },

    dataLake: async (): Promise<RoomObservation['dataLake']> => {
      const answer = await unlessNamed(DENIED, () => lakeFormation.send(new GetDataLakeSettingsCommand({})));
      if (answer === undefined) return 'unreadable';
      const { DataLakeAdmins, CreateDatabaseDefaultPermissions, CreateTableDefaultPermissions } =
        answer.DataLakeSettings ?? {};
      const defaults = [...(CreateDatabaseDefaultPermissions ?? []), ...(CreateTableDefaultPermissions ?? [])];
      return {
        admins: (DataLakeAdmins ?? []).flatMap(({ DataLakePrincipalIdentifier: arn }) => arn ?? []),
        isOpenByDefault: defaults.some(({ Principal }) => Principal?.DataLakePrincipalIdentifier === EVERYBODY),
      };
    },

    executions: async (): Promise<RoomObservation['executions']> => {
      const answer = await unlessNamed(DENIED, () => lambda.send(new GetAccountSettingsCommand({})));
      return answer?.AccountLimit?.ConcurrentExecutions ?? 'unreadable';
    },

    iamForwarding: async (): Promise<RoomObservation['iamForwarding']> =>
      (await unlessNamed(DENIED, () => readIamForwarding(iamEvents))) ?? 'unreadable',
  };
}

const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';
/** CloudFormation has no name of its own for this error. */
const NO_STACK = /^ValidationError$/;
const DENIED = /AccessDenied|Unauthorized|Forbidden/;
const GONE = /NoSuchBucket|NotFound|TrailNotFound/;

async function observe(read: () => Promise<Facts>): Promise<ObservedResource> {
  try {
    return await read();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (DENIED.test(name)) return 'unreadable';
    if (GONE.test(name)) return 'missing';
    throw error;
  }
}
