import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import canonicalize from 'canonicalize';
import { openDynamoStore } from '../../../lambda/shared/dynamo-store';
import { sha256 } from '../../../lib/audit/node-crypto';
import type { PlannedDataset, PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { placeTokenTable } from '../../../lib/domain/exchange/erasure/token-table';
import { hashInput } from '../../../lib/domain/exchange/rounds/find-repeated';
import type { Certificate } from '../../../lib/domain/privacy/certificate/certificate';
import { certifyRelease } from '../../../lib/domain/privacy/certificate/certify-release';
import { openRegistry } from '../../../lib/domain/registry/registry';
import type { WorkflowRun } from '../../../lib/domain/room/workflow-run';
import type { LegKeys } from '../../../lib/engine/engine';
import { chooseMarkable } from '../../../lib/rehearsal/choose-markable';
import { signatureOf } from '../../fixtures/registered';
import { makeRoom } from '../../fixtures/room';
import { readStrongSwap, writeCustomers } from '../../fixtures/strong-swap';
import { type LocalGlue, startGlue } from '../../local-cloud/start-glue';
import { type LocalRoom, startLocalRoom } from '../../local-cloud/start-local-room';
import { makeTask, queryDuckDb, solve, withEngine } from '../engine/engine-trial';

/* A delivery's whole way on AWS: bundled functions and real Spark, S3 and KMS by moto, everybody by the roles of the templates. */

const ROOM = makeRoom();
const PLAN = readStrongSwap();
const AGREEMENT = PLAN.agreement.id;
const LEG = PLAN.legs.find(({ dataset }) => dataset === 'customers')!;
const DATASET = PLAN.datasets.find(({ id }) => id === 'customers')!;
const DAY = '2026-01-01T12:00:00Z';

let local: LocalRoom;
let glue: LocalGlue;
let s3: S3Client;
let landing: string;
let lake: string;

/** Spark starts, and every one of its small queries goes to S3 and back. */
jest.setTimeout(600_000);

beforeAll(async () => {
  local = await startLocalRoom({ room: ROOM, plans: [PLAN] });
  glue = startGlue(local);
  s3 = new S3Client(local.clientConfig);
  const { REGISTRY_TABLE = '', LANDING_BUCKET = '', LAKE_BUCKET = '' } = local.environmentOf('certify-release');
  [landing, lake] = [LANDING_BUCKET, LAKE_BUCKET];
  const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
  await local.deployCustomResources(`BarterAgreement-${AGREEMENT}`);
  for (const { id } of PLAN.parties) await registry.signatures(AGREEMENT).create(signatureOf(PLAN, id));
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
});

afterAll(async () => {
  await glue.stop();
  await local.stop();
});

/** Up to the first step of its workflow. */
async function deliver(name: string, run: string, body: string): Promise<WorkflowRun> {
  const key = `${AGREEMENT}/customers/upload/${name}`;
  await s3.send(new PutObjectCommand({ Bucket: landing, Key: key, Body: body }));
  const detail = { bucket: { name: landing }, object: { key, size: Buffer.byteLength(body) } };
  const answer = await local.functionOf('check-intake').invoke({ event: { source: 'aws.s3', detail }, run }, DAY);
  expect(answer).toMatchObject({ kind: 'accepted' });
  return (answer as { readonly run: WorkflowRun }).run;
}

async function runJob(id: 'Clean' | 'Treat', { agreement, dataset, run, delivery, orders }: WorkflowRun) {
  const job = local.templates.listResources('AWS::Glue::Job').find((each) => each.id === id)!;
  await glue.runJob(local.templates.nameOf(job.stack, job.id), {
    '--landing': landing,
    '--lake': lake,
    '--agreement': agreement,
    '--dataset': dataset,
    '--run': run,
    '--delivery': delivery,
    '--orders-sha256': orders.sha256,
  });
}

async function read(bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body!.transformToByteArray();
}

async function list(bucket: string, prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key.slice(prefix.length));
}

/** The leg's secrets, as KMS makes them of its key. */
async function askForKeys({ to }: PlannedLeg, { id, version }: PlannedDataset): Promise<LegKeys> {
  const kms = new KMSClient(local.clientConfig);
  const key = local.templates
    .listResources('AWS::KMS::Key')
    .find(({ stack, properties }) => stack.endsWith(AGREEMENT) && JSON.stringify(properties).includes(`/${LEG.id}`))!;
  const KeyId = local.templates.nameOf(key.stack, key.id);
  const derive = async (use: string, ...ofVersion: readonly number[]) => {
    const Message = Buffer.from(JSON.stringify([use, AGREEMENT, to, id, ...ofVersion]));
    const { Mac } = await kms.send(new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message }));
    return Mac!;
  };
  return {
    token: await derive('token', version),
    // The same in every version, so that versions do not add up.
    dateShift: await derive('date-shift'),
    noise: await derive('noise'),
    watermark: await derive('watermark', version),
    formatPreserving: await derive('format-preserving', version),
  };
}

test('a delivery is cleaned, solved, treated, measured and certified, as DuckDB does with the same keys', async () => {
  const delivered = writeCustomers(400);
  const run = await deliver('customers.csv', 'run-1', delivered);
  await runJob('Clean', run);
  expect(await local.functionOf('solve-generalisation').invoke(run, DAY)).toEqual({ kind: 'solved' });
  expect(run.hasMappings).toBe(true);
  await local.functionOf('replace-values').invoke(run, DAY);
  await runJob('Treat', run);
  await local.functionOf('certify-release').invoke(run, DAY);

  const escrow = `_escrow/${AGREEMENT}/${LEG.id}/run-1/`;
  expect(await list(lake, '')).toEqual([
    placeTokenTable({ place: escrow }),
    `${escrow}certificate.json`,
    `${escrow}part-00000.parquet`,
  ]);
  const written = Buffer.from(await read(lake, `${escrow}certificate.json`)).toString();
  const certificate: Certificate = JSON.parse(written);
  const release = await read(lake, `${escrow}part-00000.parquet`);

  await withEngine(async ({ engine, write, path }) => {
    const { received, rejected, rejectedBy, files } = await engine.clean(
      DATASET,
      write('customers.csv', delivered),
      path('quarantine.csv'),
    );
    const histogram = await engine.histogram(DATASET);
    const solution = solve(DATASET, histogram);
    const keys = await askForKeys(LEG, DATASET);
    const given = makeTask(DATASET, path('release.parquet'), { keys });
    const task = { ...given, leg: LEG, ...chooseMarkable(DATASET, LEG, { histogram, solution }) };
    const { marked } = await engine.release(task);
    const readSorted = (file: string) => queryDuckDb(`SELECT * FROM read_parquet('${file}') ORDER BY ALL`);
    expect(await readSorted(write('spark.parquet', release))).toEqual(await readSorted(path('release.parquet')));
    const measurement = await engine.measure(task);
    const made = certifyRelease({
      plan: PLAN,
      dataset: DATASET,
      leg: LEG,
      rows: { received, rejected, rejectedBy, suppressed: solution.suppressedRows, marked, released: measurement.rows },
      measurement,
      solution,
      earlier: 0,
      hashes: { input: hashInput(files, sha256), plan: run.plan.sha256, output: certificate.hashes.output },
      tool: { ...certificate.tool, engine: 'Spark 3.5.6' },
    });
    expect(written).toBe(canonicalize(made));
  });
});

test('a task is begun once, by whoever is not answered too; a second run is refused, and leaves nothing', async () => {
  const run = await deliver('again.csv', 'run-2', writeCustomers(40));
  const begun = `${run.work}begun/`;
  let lost = 0;
  local.gateway.order({
    kind: 'lost',
    due: ({ caller, needs: [need] }) => {
      const isClaim = caller === 'jobs' && need!.action === 's3:PutObject' && need!.resource.includes(begun);
      lost += isClaim ? 1 : 0;
      return isClaim;
    },
  });
  await runJob('Clean', run);
  local.gateway.order(undefined);
  expect(lost).toBe(1);
  const left = await list(landing, run.work);
  expect(left).toEqual(expect.arrayContaining(['begun/clean-and-count', 'histogram/manifest.json']));
  await expect(runJob('Clean', run)).rejects.toThrow('This task of the run was begun before');
  expect(await list(landing, run.work)).toEqual(left);
});

test('the job does without what its role does not give: what is refused is to tidy up after its committer', () => {
  const refused = local.gateway.calls.flatMap((call) => call.refused);
  const actions = new Set(refused.map(({ action }) => action));
  expect([...actions].sort()).toEqual(['s3:DeleteObject', 's3:ListBucketMultipartUploads']);
  for (const { action, resource } of refused)
    if (action === 's3:DeleteObject') expect(resource).toMatch(/\/_work\/.*\/__magic\//);
  expect(local.gateway.calls.map(({ caller, operation }) => `${caller} ${operation}`)).toContainEqual(
    'jobs GenerateMac',
  );
});
