import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateDataSetCommand, DataExchangeClient } from '@aws-sdk/client-dataexchange';
import {
  CreateTableCommand as CreateDynamoTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  type DatabaseInput,
  GlueClient,
  type TableInput,
} from '@aws-sdk/client-glue';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, type CreateKeyCommandInput, KMSClient } from '@aws-sdk/client-kms';
import { CreateDataCellsFilterCommand, type DataCellsFilter, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, type CfnElement } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import type { Room } from '../../lib/domain/room/room';
import { buildRoom } from '../../lib/stacks/build-room';
import { RoomFunction } from '../../lib/stacks/shared/room-function';
import { type ExchangeState, emptyExchange } from './data-exchange-state';
import { type FilterState, serveFilters } from './lake-filter-rules';
import { noteGrants } from './list-unused-grants';
import { MARKET_RULES, type MarketState } from './marketplace-rules';
import { type Collection, type Rewinder, rewindRoom } from './rewind-room';
import {
  type Json,
  type JsonMap,
  type LocatedResource,
  type RoomTemplate,
  type RoomTemplates,
  readRoomTemplates,
} from './room-templates';
import { type LocalFunction, runFunction } from './run-function';
import { type DataExchange, serveDataExchange } from './serve-data-exchange';
import { type StandIn, serveFromModel } from './serve-from-model';
import { type Gateway, startGateway } from './start-gateway';
import { startMoto } from './start-moto';

/** The account of a room, where a test names none. */
export const ROOM_ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/**
 * A room on this machine: the synthesized templates say what is made and what each function may do and is told; the functions
 * are the bundles that would be deployed; moto and a stand-in for Data Exchange are the cloud.
 */
export interface LocalRoom extends Rewinder {
  readonly templates: RoomTemplates;
  /** 12 digits. */
  readonly account: string;
  readonly gateway: Gateway;
  readonly exchange: DataExchange;
  /** Data cells filters of Lake Formation. */
  readonly filters: FilterState;
  /** Products of the marketplace: those that agreements name are there. */
  readonly market: MarketState;
  /** For a test's own look at the cloud; its calls are not the room's. */
  readonly clientConfig: ClientConfig;
  /** The function of a stack, by the folder under `lambda/` that it is made of. */
  functionOf(handler: string): LocalFunction;
  functionByArn(arn: string): LocalFunction;
  /** The function that takes what is in a queue; undefined for the ARN of anything else. */
  readerOf(arn: string): LocalFunction | undefined;
  /** Names of environment variables are what stacks and functions share: a test finds resources by them. */
  environmentOf(handler: string): Readonly<Record<string, string>>;
  /** By how much clocks of functions are wrong from now on, every other one fast, the rest slow; milliseconds. */
  setClocks(wrongBy: number): void;
  /** Sends what CloudFormation would to the custom resources of a stack, in order. */
  deployCustomResources(stack: string, request?: 'Create' | 'Update' | 'Delete'): Promise<void>;
  /** The room as it was at first: nothing in it. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

interface LocatedFunction {
  readonly fn: LocalFunction;
  readonly environment: () => Readonly<Record<string, string>>;
  readonly accessKey: string;
  readonly resource: LocatedResource;
  readonly source: string;
}

export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface LocalRoomOptions {
  readonly room: Room;
  readonly plans: readonly Plan[];
  /** Later versions of these, which wait for signatures. */
  readonly proposed?: readonly Plan[];
  readonly now?: () => string;
  /** 12 digits. */
  readonly account?: string;
  /** By the name under which requests are signed: services that the test brings itself. */
  readonly standIns?: Readonly<Record<string, StandIn>>;
  /** What Data Exchange knows, where several rooms grant to one another. */
  readonly exchanged?: ExchangeState;
}

export async function startLocalRoom({
  room,
  plans,
  proposed = [],
  now = () => '2026-03-01T00:00:00Z',
  account = ROOM_ACCOUNT,
  standIns: brought = {},
  exchanged = emptyExchange(),
}: LocalRoomOptions): Promise<LocalRoom> {
  const outdir = mkdtempSync(join(tmpdir(), 'barter-local-room-'));
  const { templates, sources } = synthesize(outdir, { ...room, account }, plans, proposed);
  const moto = await startMoto(account);
  const s3 = new S3Client({ ...configure(moto.endpoint), requestHandler: { httpAgent: moto.agent } });
  const exchange = serveDataExchange({
    now,
    state: exchanged,
    sizeOf: (Bucket, Key) =>
      s3.send(new HeadObjectCommand({ Bucket, Key })).then(
        ({ ContentLength = 0 }) => ContentLength,
        () => undefined,
      ),
  });
  const place = { account, region: REGION };
  const filters: FilterState = new Map();
  const lakeformation = serveFilters(filters);
  const market: MarketState = { products: new Map(listProducts(plans).map((id) => [id, new Set()])), changes: [] };
  const marketplace = serveFromModel({
    service: 'marketplace-catalog',
    rules: MARKET_RULES,
    state: market,
    callerOf: () => undefined,
    otherwise: 'not-implemented',
    // Every example of AWS has `DataProduct@1.0` there.
    unpatterned: ['ChangeSet[0].Entity.Type'],
  });
  const standIns = { dataexchange: exchange, lakeformation, 'aws-marketplace': marketplace, ...brought };
  const gateway = await startGateway({ moto, standIns, place });
  const clientConfig = configure(gateway.endpoint);
  const ids = new Map<string, string>();
  const resolved = readRoomTemplates(templates, { ...place, ids });
  /** Makes the room's resources, and lets its functions in by the roles that name them. */
  const furnish = async () => {
    await makeResources(resolved, clientConfig, ids);
    gateway.protect(resolved.listPolicies());
    for (const { accessKey, resource, fn, source } of functions.values())
      gateway.admit(accessKey, {
        name: source,
        statements: resolved.statementsOf(resource.stack, roleOf(resource)),
        principal: resolved.principalOf(resource.stack, roleOf(resource)),
        crash: fn.crash,
      });
  };

  let wrongBy = 0;
  const functions = new Map<string, LocatedFunction>();
  for (const resource of resolved.listResources('AWS::Lambda::Function')) {
    const source = sourceOf(sources, resource);
    const accessKey = `ROOM${functions.size.toString().padStart(12, '0')}`;
    // Ids of keys change when the room is made anew.
    const environment = () => readEnvironment(resource, resolved);
    const runtime = () => ({
      ...environment(),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: gateway.endpoint,
      AWS_LAMBDA_FUNCTION_NAME: resource.id,
      POWERTOOLS_DEV: 'false',
    });
    const isFast = functions.size % 2 === 0;
    const fn = runFunction(codeOf(outdir, resource, resolved), runtime, () => (isFast ? wrongBy : -wrongBy));
    functions.set(source, { fn, environment, accessKey, resource, source });
  }
  await furnish();

  const find = (handler: string) => {
    const found = functions.get(handler);
    if (found === undefined) throw new Error(`No function of the room is made of lambda/${handler}`);
    return found;
  };
  const byArn = (arn: string) => {
    const resource = resolved
      .listResources('AWS::Lambda::Function')
      .find(({ stack, id }) => resolved.resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] }) === arn);
    if (resource === undefined) throw new Error(`No function of the room is ${arn}`);
    return find(sourceOf(sources, resource)).fn;
  };
  const known = [...Object.values(exchange.state), market.products, market.changes, filters] as readonly Collection[];
  return {
    ...rewindRoom(moto, known),
    templates: resolved,
    gateway,
    exchange,
    filters,
    market,
    clientConfig,
    account,
    functionOf: (handler) => find(handler).fn,
    functionByArn: byArn,
    readerOf: (arn) => {
      for (const { stack, properties } of resolved.listResources('AWS::Lambda::EventSourceMapping')) {
        if (resolved.resolve(stack, properties.EventSourceArn!) !== arn) continue;
        const name = resolved.resolve(stack, properties.FunctionName!);
        const of = ({ resource }: LocatedFunction) => resolved.nameOf(resource.stack, resource.id) === name;
        return [...functions.values()].find(of)?.fn;
      }
      return undefined;
    },
    environmentOf: (handler) => find(handler).environment(),
    setClocks: (by) => {
      wrongBy = by;
    },
    deployCustomResources: (stack, request = 'Create') =>
      deployCustomResources(resolved, stack, request, byArn, account),
    reset: async () => {
      for (const { fn } of functions.values()) await fn.crash();
      await moto.reset();
      exchange.forget();
      filters.clear();
      ids.clear();
      await furnish();
    },
    stop: async () => {
      noteGrants(gateway);
      for (const { fn } of functions.values()) await fn.crash();
      await gateway.stop();
      await moto.stop();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

function listProducts(plans: readonly Plan[]): readonly string[] {
  return plans.flatMap(({ legs }) => legs.flatMap(({ via }) => (via.kind === 'product' ? [via.productId] : [])));
}

function configure(endpoint: string): ClientConfig {
  return { region: REGION, endpoint, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
}

/** As `cdk synth` does, bundles and all; and of which folder under `lambda/` each function is made. */
function synthesize(outdir: string, room: Room, plans: readonly Plan[], proposed: readonly Plan[]) {
  const app = new App({ outdir, context: cdkJson.context, postCliContext: { 'aws:cdk:bundling-stacks': ['**'] } });
  buildRoom(app, { ...room, region: REGION }, plans, proposed);
  const functions = app.node.findAll().filter((construct) => construct instanceof RoomFunction);
  const sources = new Map(functions.map((fn) => [`${fn.stack.stackName}/${logicalId(fn)}`, fn.source]));
  const templates = app.synth().stacks.map(({ stackName, template }): RoomTemplate => ({ stack: stackName, template }));
  return { templates, sources };
}

function logicalId(fn: RoomFunction): string {
  return fn.stack.getLogicalId(fn.node.defaultChild as CfnElement);
}

type Maker = (resource: LocatedResource, properties: JsonMap, name: string) => Promise<string | undefined>;

/** What functions read and write. What is only permission or wiring, tests read off the templates. */
async function makeResources(templates: RoomTemplates, config: ClientConfig, ids: Map<string, string>): Promise<void> {
  const s3 = new S3Client(config);
  const kms = new KMSClient(config);
  const glue = new GlueClient(config);
  const makers: Readonly<Record<string, Maker>> = {
    'AWS::KMS::Key': async (_, { KeySpec, KeyUsage }) => {
      const kind = { KeySpec, KeyUsage } as CreateKeyCommandInput;
      const { KeyMetadata } = await kms.send(new CreateKeyCommand(KeySpec === undefined ? {} : kind));
      return KeyMetadata?.KeyId;
    },
    // Those that outsiders assume: functions' own are the gateway's business.
    'AWS::IAM::Role': async (_, { RoleName }) => {
      const role = { RoleName: String(RoleName), AssumeRolePolicyDocument: '{}' };
      if (RoleName !== undefined) await new IAMClient(config).send(new CreateRoleCommand(role));
      return undefined;
    },
    'AWS::S3::Bucket': async (_, __, Bucket) => {
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
      return undefined;
    },
    'AWS::DynamoDB::Table': async (_, properties, TableName) => {
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } =
        properties as unknown as CreateTableCommandInput;
      const indexes = GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes };
      const table = { TableName, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' as const, ...indexes };
      await new DynamoDBClient(config).send(new CreateDynamoTableCommand(table));
      return undefined;
    },
    'AWS::SNS::Topic': async (_, __, arn) => {
      await new SNSClient(config).send(new CreateTopicCommand({ Name: arn.split(':').at(-1)! }));
      return undefined;
    },
    'AWS::SQS::Queue': async (_, __, url) => {
      await new SQSClient(config).send(new CreateQueueCommand({ QueueName: url.split('/').at(-1)! }));
      return undefined;
    },
    'AWS::Events::EventBus': async (_, __, Name) => {
      await new EventBridgeClient(config).send(new CreateEventBusCommand({ Name }));
      return undefined;
    },
    'AWS::Glue::Database': async (_, { DatabaseInput }) => {
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: DatabaseInput as unknown as DatabaseInput }));
      return (DatabaseInput as { readonly Name: string }).Name;
    },
    'AWS::Glue::Table': async (_, { DatabaseName, TableInput }) => {
      await glue.send(
        new CreateTableCommand({ DatabaseName: String(DatabaseName), TableInput: TableInput as unknown as TableInput }),
      );
      return undefined;
    },
    'AWS::LakeFormation::DataCellsFilter': async (_, properties) => {
      const TableData = properties as unknown as DataCellsFilter;
      await new LakeFormationClient(config).send(new CreateDataCellsFilterCommand({ TableData }));
      return undefined;
    },
    'AWS::DataExchange::DataSet': async (_, { AssetType, Name, Description }) => {
      const set = { AssetType: 'S3_SNAPSHOT' as const, Name: String(Name), Description: String(Description) };
      if (AssetType !== set.AssetType) throw new Error(`The local room makes no data set of ${String(AssetType)}`);
      return (await new DataExchangeClient(config).send(new CreateDataSetCommand(set))).Id;
    },
  };
  for (const [type, make] of Object.entries(makers)) {
    for (const resource of templates.listResources(type)) {
      const { stack, id, properties } = resource;
      // Only the properties that matter here resolve: others may refer to what is made later.
      const needed = NEEDED[type] ?? [];
      const picked = Object.fromEntries(
        needed.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
      );
      const made = await make(
        resource,
        templates.resolve(stack, picked as Json) as JsonMap,
        templates.nameOf(stack, id),
      );
      if (made !== undefined) ids.set(`${stack}/${id}`, made);
    }
  }
}

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['RoleName'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage'],
  'AWS::DynamoDB::Table': ['KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes'],
  'AWS::Glue::Database': ['DatabaseInput'],
  'AWS::Glue::Table': ['DatabaseName', 'TableInput'],
  'AWS::LakeFormation::DataCellsFilter': [
    'TableCatalogId',
    'DatabaseName',
    'TableName',
    'Name',
    'ColumnNames',
    'RowFilter',
  ],
  'AWS::DataExchange::DataSet': ['AssetType', 'Name', 'Description'],
};

function codeOf(outdir: string, { stack, properties }: LocatedResource, templates: RoomTemplates): string {
  const { S3Key } = templates.resolve(stack, properties.Code!) as { readonly S3Key: string };
  return join(outdir, `asset.${S3Key.replace(/\.zip$/, '')}`);
}

function sourceOf(sources: ReadonlyMap<string, string>, { stack, id }: LocatedResource): string {
  const source = sources.get(`${stack}/${id}`);
  if (source === undefined) throw new Error(`${stack}/${id} is a function that is not the room's own`);
  return source;
}

function roleOf({ properties }: LocatedResource): string {
  const { 'Fn::GetAtt': path } = properties.Role as { readonly 'Fn::GetAtt': readonly string[] };
  return path[0]!;
}

function readEnvironment(
  { stack, properties }: LocatedResource,
  templates: RoomTemplates,
): Readonly<Record<string, string>> {
  const { Variables = {} } = templates.resolve(stack, properties.Environment ?? {}) as {
    readonly Variables?: Readonly<Record<string, string>>;
  };
  return Variables;
}

async function deployCustomResources(
  templates: RoomTemplates,
  stack: string,
  RequestType: string,
  byArn: (arn: string) => LocalFunction,
  account: string,
): Promise<void> {
  const answers: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      answers.push(Buffer.concat(parts).toString('utf8'));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    for (const { id, type, properties } of templates.listResources().filter((each) => each.stack === stack)) {
      if (!type.startsWith('Custom::')) continue;
      const {
        ServiceToken,
        ServiceTimeout: _,
        ...ResourceProperties
      } = templates.resolve(stack, properties) as JsonMap;
      const StackId = `arn:aws:cloudformation:${REGION}:${account}:stack/${stack}/1`;
      const request = { RequestType, ResponseURL, StackId, RequestId: '1', LogicalResourceId: id, ResourceProperties };
      await byArn(String(ServiceToken)).invoke(request);
      const { Status, Reason } = JSON.parse(answers.pop() ?? '{}');
      if (Status !== 'SUCCESS') throw new Error(`${stack}/${id} was not made: ${Reason}`);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
