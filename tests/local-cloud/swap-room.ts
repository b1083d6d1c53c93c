import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { IntakeRequest } from '../../lambda/check-intake/check-delivery';
import { openDynamoStore } from '../../lambda/shared/dynamo-store';
import { loadAgreement } from '../../lib/cli/read/load-agreement';
import type { Plan } from '../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../lib/domain/agreement/plan/plan-agreement';
import type { Certificate } from '../../lib/domain/privacy/certificate/certificate';
import { openRegistry, type Registry } from '../../lib/domain/registry/registry';
import type { DeliveryWay } from '../../lib/domain/room/landing-prefix';
import { nameSftpUser } from '../../lib/domain/room/sftp-user';
import { signatureOf } from '../fixtures/registered';
import { makeRoom } from '../fixtures/room';
import { type ApiAnswer, askRoom } from './ask-room';
import { callOnSchedule } from './call-on-schedule';
import { carryEvents } from './carry-events';
import type { Rewinder } from './rewind-room';
import type { LocalGlue } from './start-glue';
import { type LocalRoom, startLocalRoom } from './start-local-room';
import { type ExecutionState, startWorkflow } from './start-workflow';

/* Two parties who swap by data grants: from the upload of a file to what each may reach, by the room's own workflow. */

export const FIRST_DAY = '2026-01-01';
const ROOM = makeRoom();

/** small-swap, but that a card takes the place of a customer's name, and is replaced by another: what SQL cannot compute. */
function readSwap(): Plan {
  const folder = mkdtempSync(join(tmpdir(), 'barter-swap-'));
  try {
    cpSync(join(__dirname, '../fixtures/small-swap'), folder, { recursive: true });
    const file = join(folder, 'agreement.yaml');
    const text = readFileSync(file, 'utf8');
    const dropped = 'name: { type: string, role: identifier, treatment: drop }';
    if (!text.includes(dropped)) throw new Error('The names of small-swap are not dropped.');
    writeFileSync(file, text.replace(dropped, dropped.replace('drop', CARD)));
    const reading = loadAgreement(file);
    if (reading.kind === 'invalid') throw new Error(`small-swap: ${reading.findings[0]?.problem}`);
    return planAgreement(reading.agreement);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const CARD = '{ formatPreserving: { alphabet: digits, length: [8, 16] } }';

export const SWAP: Plan = readSwap();
export const SWAP_ID = SWAP.agreement.id;

export interface SwapRoom {
  readonly local: LocalRoom;
  readonly registry: Registry;
  /** Its events and executions: what goes back with it. */
  readonly underWay: readonly Rewinder[];
  /** By name of the run. */
  readonly executions: ReadonlyMap<string, ExecutionState>;
  /** What their tasks failed on, in order. */
  readonly failures: readonly string[];
  /** What time it is to functions, from now on. */
  setTime(now: string): void;
  agree(): Promise<void>;
  /** Puts a file into the landing bucket, of which S3 tells `times` times. The run has the name of the file. */
  upload(dataset: string, name: string, body: string, times?: number): Promise<void>;
  /** The same by the SFTP server. */
  uploadBySftp(dataset: string, name: string, body: string): Promise<void>;
  /** As an operator takes a file out of quarantine and starts its execution anew, by a word. */
  runAnew(dataset: string, name: string, word: string): Promise<void>;
  /** Delivers events and waits for executions, until nothing more happens. */
  settle(): Promise<void>;
  /** What the schedule calls. */
  tick(): Promise<void>;
  listLake(): Promise<readonly string[]>;
  readCertificate(leg: string, run: string): Promise<Certificate>;
  /** The release that a run made, as Parquet. */
  readRelease(leg: string, run: string): Promise<Uint8Array>;
  /** A party asks the room's API to erase a subject of a dataset. */
  erase(party: string, dataset: string, identifier: string): Promise<ApiAnswer>;
  /** Tags of a delivered file. */
  readTags(dataset: string, name: string, way?: DeliveryWay): Promise<readonly string[]>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** @param openJobs runs the room's Glue jobs, once the room stands */
export async function startSwapRoom(openJobs: (local: LocalRoom) => LocalGlue): Promise<SwapRoom> {
  let now = `${FIRST_DAY}T12:00:00Z`;
  // The room, its events and its workflow need one another.
  const parts: { local?: LocalRoom; glue?: LocalGlue } = {};
  const room = () => parts.local!;
  let jobs: Promise<unknown> = Promise.resolve();
  const workflow = startWorkflow(() => ({
    local: room(),
    // One at a time.
    runJob: (...given) => {
      const mine = jobs.then(() => parts.glue!.runJob(...given));
      jobs = mine.catch(() => {});
      return mine;
    },
    now: () => now,
  }));
  /** By the key of the file, what its execution was started with. */
  const started = new Map<string, (word: string) => boolean>();
  const events = carryEvents(
    () => now,
    (arn, event) => {
      const detail = event.detail as { readonly object?: { readonly key?: string }; readonly 'file-path'?: string };
      const key = String(detail.object?.key ?? detail['file-path']);
      const file = key.split('/').at(-1)!.replace(/\W/g, '_');
      const start = (word: Pick<IntakeRequest['event'], 'again'>) =>
        workflow.start(arn, { ...event, ...word }, () => `${file}-${workflow.executions.size}`);
      started.set(key, (again) => start({ again }));
      return start({});
    },
  );
  const local = await startLocalRoom({
    room: ROOM,
    plans: [SWAP],
    standIns: { events, states: workflow.standIn },
  });
  parts.local = local;
  events.connect(local);
  const glue = openJobs(local);
  parts.glue = glue;
  const s3 = new S3Client(local.clientConfig);
  const { REGISTRY_TABLE = '', LAKE_BUCKET, LANDING_BUCKET } = local.environmentOf('certify-release');
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  const keyOf = (dataset: string, name: string, way: DeliveryWay = 'upload') => `${SWAP_ID}/${dataset}/${way}/${name}`;

  const settle = async () => {
    do {
      await workflow.settle();
      await events.deliver();
    } while ([...workflow.executions.values()].includes('running'));
    if (events.dead.length > 0) throw new Error(`Nobody could take ${JSON.stringify(events.dead)}`);
  };
  return {
    local,
    registry,
    underWay: [events, workflow.rewinder],
    executions: workflow.executions,
    failures: workflow.failures,
    setTime: (moment) => {
      now = moment;
    },
    async agree() {
      await local.deployCustomResources(`BarterAgreement-${SWAP_ID}`);
      for (const { id } of SWAP.parties) await registry.signatures(SWAP_ID).create(signatureOf(SWAP, id));
      await registry.current(SWAP_ID).change([], (current) => ({ ...current, state: 'signed' }));
      await callOnSchedule(local, 'reconcile-entitlements', 'term', now);
    },
    async upload(dataset, name, body, times = 1) {
      const key = keyOf(dataset, name);
      await s3.send(new PutObjectCommand({ Bucket: LANDING_BUCKET, Key: key, Body: body }));
      const version = createHash('sha256').update(body).digest('hex').slice(0, 32);
      const object = { key, size: Buffer.byteLength(body), 'version-id': version };
      const detail = { bucket: { name: LANDING_BUCKET }, object };
      const told = { Source: 'aws.s3', DetailType: 'Object Created', Detail: JSON.stringify(detail) };
      for (let time = 0; time < times; time += 1) events.put(local.account, { ...told, EventBusName: 'default' });
    },
    async runAnew(dataset, name, word) {
      const key = keyOf(dataset, name);
      await s3.send(new DeleteObjectTaggingCommand({ Bucket: LANDING_BUCKET, Key: key }));
      if (started.get(key)?.(word) !== true) throw new Error(`No execution was started for ${key}.`);
    },
    async uploadBySftp(dataset, name, body) {
      const key = keyOf(dataset, name, 'sftp');
      await s3.send(new PutObjectCommand({ Bucket: LANDING_BUCKET, Key: key, Body: body }));
      const [server] = local.templates.listResources('AWS::Transfer::Server');
      const detail = {
        'server-id': local.templates.resolve(server!.stack, { 'Fn::GetAtt': [server!.id, 'ServerId'] }),
        username: nameSftpUser(SWAP_ID, SWAP.datasets.find(({ id }) => id === dataset)!.owner),
        'session-id': '0123456789abcdef',
        'file-path': `/${LANDING_BUCKET}/${key}`,
        bytes: Buffer.byteLength(body),
        'client-ip': '203.0.113.9',
      };
      const told = { Source: 'aws.transfer', DetailType: 'SFTP Server File Upload Completed' };
      events.put(local.account, { ...told, Detail: JSON.stringify(detail), EventBusName: 'default' });
    },
    settle,
    async tick() {
      await callOnSchedule(local, 'publish-round', 'schedule', now);
      await settle();
    },
    async listLake() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: LAKE_BUCKET }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async readCertificate(leg, run) {
      const Key = `_escrow/${SWAP_ID}/${leg}/${run}/certificate.json`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: LAKE_BUCKET, Key }));
      return JSON.parse(await Body!.transformToString());
    },
    async readRelease(leg, run) {
      const Key = `_escrow/${SWAP_ID}/${leg}/${run}/part-00000.parquet`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: LAKE_BUCKET, Key }));
      return Body!.transformToByteArray();
    },
    erase: (party, dataset, identifier) =>
      askRoom(local, {
        operation: 'request-erasure',
        agreement: SWAP_ID,
        account: SWAP.parties.find(({ id }) => id === party)!.account,
        id: `erase-${identifier}`,
        body: { dataset, identifier },
        now,
      }),
    async readTags(dataset, name, way) {
      const Key = keyOf(dataset, name, way);
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: LANDING_BUCKET, Key }));
      return TagSet.map((tag) => `${tag.Key}=${tag.Value}`);
    },
    async reset() {
      await workflow.settle();
      events.waiting.length = 0;
      events.dead.length = 0;
      workflow.forget();
      now = `${FIRST_DAY}T12:00:00Z`;
      await local.reset();
    },
    async stop() {
      await glue.stop();
      await local.stop();
    },
  };
}
