import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { planForSide } from '../../../lib/domain/agreement/plan/plan-for-side';
import { readExamplePlan } from '../../fixtures/example-plan';
import { pemOf } from '../../fixtures/party-keys';
import { DAY, PAIR_AGREEMENT, PAIR_PLAN, type PairRoom, startPairRoom } from '../../local-cloud/pair-room';
import { PARTNER_SECRET, type ServedApi, serveApi } from '../../local-cloud/serve-api';

/* What a room has delivered, fetched as its receivers fetch it, and held against what was promised by `barter receive`. */

const [USAGE, PURCHASES] = PAIR_PLAN.legs.map(({ id }) => id) as [string, string];
const ACCOUNTS = Object.fromEntries(PAIR_PLAN.parties.map(({ id, account }) => [id, account]));
const NOW = '2026-02-01T10:00:00.000Z';
const AGREEMENT_FILE = join(__dirname, '../../../examples/telco-retail/agreement.yaml');

let room: PairRoom;
let api: ServedApi;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'barter-receive-'));
  room = await startPairRoom();
  await room.agree();
  await room.reconcile();
  for (const leg of [0, 1]) await room.deliver(leg);
  for (let times = 0; times < 3; times += 1) await room.publish();
  for (let times = 0; times < 2; times += 1) await room.reconcile().catch(() => undefined);
  api = await serveApi(room.local, NOW);
}, 300_000);

afterAll(async () => {
  await api.stop();
  await room.local.stop();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: string | Uint8Array): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function fetchObject(Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await new S3Client(room.local.clientConfig).send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToByteArray();
}

/** The inbox of the leg's round, as the SFTP server shows it. */
async function fetchInbox(into: string): Promise<void> {
  const { LAKE_BUCKET: Bucket = '' } = room.local.environmentOf('publish-round');
  const Prefix = `${PAIR_AGREEMENT}/${PURCHASES}/inbox/${DAY}/`;
  const { Contents = [] } = await new S3Client(room.local.clientConfig).send(
    new ListObjectsV2Command({ Bucket, Prefix }),
  );
  for (const { Key = '' } of Contents) put(`${into}/${Key.slice(Prefix.length)}`, await fetchObject(Bucket, Key));
}

/** The assets of the final revision, each under its name, as Data Exchange exports them: here it keeps where they were imported from. */
async function exportRevision(into: string): Promise<void> {
  const { revisions, jobs } = room.local.exchange.state;
  const final = [...revisions.values()].filter(({ Finalized, Revoked }) => Finalized && !Revoked);
  expect(final).toHaveLength(1);
  for (const { State, Details } of jobs.values())
    if (State === 'COMPLETED' && Details.ImportAssetsFromS3.RevisionId === final[0]?.Id)
      for (const { Bucket, Key } of Details.ImportAssetsFromS3.AssetSources)
        put(`${into}/${Key}`, await fetchObject(Bucket, Key));
}

function receive(party: string, leg: string, files: string) {
  const key = join(folder, 'keys', `${party}.pem`);
  mkdirSync(dirname(key), { recursive: true });
  writeFileSync(key, pemOf(party), { mode: 0o600 });
  const said = [join(folder, files), '--by', party, '--leg', leg, '--round', DAY, '--key', key];
  return barter(party, 'receive', AGREEMENT_FILE, ...said);
}

/** The server is in this process: it has to go on meanwhile. */
async function barter(party: string, ...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    ['--no-warnings', join(__dirname, '../../../bin/barter.js'), ...args, '--room', api.url],
    {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: `PARTNER${ACCOUNTS[party]}`,
        AWS_SECRET_ACCESS_KEY: PARTNER_SECRET,
        AWS_REGION: 'eu-central-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, said };
}

const received = async (leg: string) =>
  (await room.registry.receipts(PAIR_AGREEMENT).list()).filter((each) => each.leg === leg);
const promised = async (leg: string) => (await room.registry.releases(PAIR_AGREEMENT).read(DAY, leg))?.sha256;

test.each([
  ['an inbox', 'telco', PURCHASES, fetchInbox],
  ['a revision of Data Exchange', 'retail', USAGE, exportRevision],
] as const)('what came by %s is what was promised, and that is on record, signed', async (_, party, leg, fetchAll) => {
  await fetchAll(leg);
  const { status, said } = await receive(party, leg, leg);
  expect(said).toContain(`2 files, SHA-256 ${await promised(leg)}`);
  expect(said).toContain(`What arrived is the release of ${DAY} that was promised.`);
  expect(status).toBe(0);
  expect(await received(leg)).toMatchObject([{ party, round: DAY, sha256: await promised(leg) }]);
});

test('a file that was changed on the way is told, and on record', async () => {
  await fetchInbox('changed');
  appendFileSync(join(folder, 'changed', 'part-0.parquet'), 'x');
  const { status, said } = await receive('telco', PURCHASES, 'changed');
  expect(said).toContain(`What arrived is not the release of ${DAY} that was promised.`);
  expect(status).toBe(3);
  const hash = await promised(PURCHASES);
  expect((await received(PURCHASES)).filter(({ sha256 }) => sha256 !== hash)).toHaveLength(1);
});

test('nobody says it for another', async () => {
  await fetchInbox('others');
  const { status, said } = await receive('retail', PURCHASES, 'others');
  expect(said).toContain('retail receives nothing by');
  expect(status).toBe(2);
});

describe('what the room enforces, asked by a party', () => {
  test('is not what follows from the file that was signed: that is found, and where', async () => {
    // The room of this test has other ways, terms and remedies than the file under whose hash it was signed.
    const { status, said } = await barter('telco', 'status', AGREEMENT_FILE);
    expect(said).toMatch(
      /version 1, which it enforces, does not follow from this file \((\w+, )*legs, (\w+, )*remedies\)/,
    );
    expect(status).toBe(3);
  });

  test('is what follows from it, and what the party has is shown', async () => {
    const plan = planForSide(readExamplePlan('telco-retail'), { kind: 'hosted' });
    await room.registry.versions(PAIR_AGREEMENT).change([1], (version) => ({ ...version, plan }));
    const { status, said } = await barter('telco', 'status', AGREEMENT_FILE);
    expect(said).toContain('version 1, which it enforces, follows from this file.');
    expect(said).toMatch(new RegExp(`${PURCHASES}: you have `));
    expect(status).toBe(0);
  });
});
