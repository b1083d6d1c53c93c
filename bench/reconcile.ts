import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateDataGrantCommand, DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { GlueClient } from '@aws-sdk/client-glue';
import { BatchGrantPermissionsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { CopyObjectCommand, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openDataGrants } from '../lambda/reconcile-entitlements/data-grants';
import type { EntitlementService } from '../lambda/reconcile-entitlements/entitlement-service';
import { openInboxes } from '../lambda/reconcile-entitlements/inboxes';
import { openLakePermissions } from '../lambda/reconcile-entitlements/lake-permissions';
import { reconcileEntitlements } from '../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../lib/domain/agreement/plan/plan';
import type { RecordStore } from '../lib/domain/registry/record-store';
import { openRegistry, type Registry } from '../lib/domain/registry/registry';
import { nameTable } from '../lib/domain/room/catalogue';
import { inboxPrefix } from '../lib/domain/room/inbox-prefix';
import { roundPrefix } from '../lib/domain/room/release-prefix';
import { nameDatabase } from '../lib/domain/room/room-names';
import { conductOf } from '../tests/fixtures/conduct';
import { openMemoryStore } from '../tests/fixtures/memory-store';
import { recordLog } from '../tests/fixtures/recorded-log';
import { versionOf } from '../tests/fixtures/registered';
import { serveFilters } from '../tests/local-cloud/lake-filter-rules';
import { serveDataExchange } from '../tests/local-cloud/serve-data-exchange';
import { type Gateway, startGateway } from '../tests/local-cloud/start-gateway';
import { startMoto } from '../tests/local-cloud/start-moto';
import { BUCKET, DAY, type LakeOfMany, planOfMany, publishMany } from './many-entitlements';

const AGREEMENTS = 20;
const LEGS = 50;
const NOW = `${DAY}T12:00:00Z`;
const PLACE = { account: '123456789012', region: 'eu-central-1' };
const WRITES = /^(Create|Put|Update|Delete|Revoke|Batch|Send|Publish|Copy)/;

/**
 * The reconciler over 1,000 entitlements of 20 agreements, a third each by data grants, permissions of Lake Formation and inboxes,
 * by the real adapters against moto and stand-ins, with a registry in memory, whose calls are counted: all to do, then nothing.
 * Beside it, in the same run and by the same way, the calls that no reconciler can do without: one CreateDataGrant,
 * BatchGrantPermissions or three CopyObject for each, and the lists of what there is.
 */
export async function benchReconcile(
  print: (line: string) => void = console.log,
  agreements = AGREEMENTS,
  legs = LEGS,
): Promise<void> {
  const moto = await startMoto(PLACE.account);
  const exchange = serveDataExchange({ now: () => NOW, sizeOf: async () => 7 });
  const lakeformation = serveFilters(new Map());
  const gateway = await startGateway({ moto, standIns: { dataexchange: exchange, lakeformation }, place: PLACE });
  try {
    const lake = openLake(gateway);
    const counted = countCalls(openMemoryStore().store);
    const registry = openRegistry(counted.store);
    const plans = Array.from({ length: agreements }, (_, index) => planOfMany(index, legs));
    await lake.s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
    );
    for (const plan of plans) await publishMany(registry, lake, plan);
    // What is in a release does not matter here: that it shows does.
    for (const revision of exchange.state.revisions.values()) revision.Finalized = true;
    const time = (work: () => Promise<unknown>) => measure(gateway, counted.calls, work);
    const run = (cause: string) => time(() => reconcileOnce(registry, lake, cause));

    await moto.remember();
    const plainGrants = await time(async () => {
      for (const plan of plans) await grantPlainly(registry, lake, plan);
    });
    await moto.rewind();
    exchange.state.grants.clear();
    const all = await run('schedule');
    const granted = (
      await Promise.all(plans.map(({ agreement }) => registry.entitlements(agreement.id).list()))
    ).flat();
    if (granted.filter(({ state }) => state === 'granted').length !== agreements * legs)
      throw new Error('Not all was granted.');
    const plainLists = await time(async () => {
      for (const service of openServices(lake).slice(0, 2))
        await service.list(nothingOf(plans[0]!), { releasesOf: () => [], stateOf: () => undefined });
    });
    const nothing = await run('schedule');
    const full = await run('term');
    const line = (cells: readonly string[]) =>
      print(cells.map((cell, at) => cell.padStart(at === 0 ? 34 : 12)).join(''));
    line(['', 'calls', 'writes', 'list pages', 'seconds', 'plain', 'ratio']);
    for (const [name, measured, plain] of [
      ['all to do', all, plainGrants],
      ['nothing to do, by schedule', nothing, plainLists],
      ['nothing to do, looked at in full', full, plainLists],
    ] as const) {
      line([
        name,
        String(measured.calls),
        String(measured.writes),
        String([...measured.pages.values()].reduce((sum, each) => sum + each, 0)),
        measured.seconds.toFixed(2),
        `${plain.seconds.toFixed(2)} s`,
        (measured.seconds / plain.seconds).toFixed(2),
      ]);
      print(`    of which ${[...measured.pages].map(([operation, times]) => `${operation} ${times}`).join(', ')}`);
    }
  } finally {
    await gateway.stop();
    await moto.stop();
  }
}

function openLake(gateway: Gateway): LakeOfMany {
  const everything = { effect: 'Allow' as const, actions: ['*'], resources: ['*'], conditions: [] };
  gateway.admit('ROOM', { name: 'reconcile-entitlements', statements: [everything], crash: async () => {} });
  const config = {
    region: PLACE.region,
    endpoint: gateway.endpoint,
    credentials: { accessKeyId: 'ROOM', secretAccessKey: 'local' },
  };
  return {
    exchange: new DataExchangeClient(config),
    lakeFormation: new LakeFormationClient(config),
    glue: new GlueClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    account: PLACE.account,
  };
}

/** Opened anew for each run, as a function opens them. */
function openServices({ exchange, lakeFormation, glue, s3, account }: LakeOfMany): readonly EntitlementService[] {
  return [
    openDataGrants(exchange),
    openLakePermissions({ lakeFormation, glue, account, sleep }),
    openInboxes(s3, BUCKET),
  ];
}

function reconcileOnce(registry: Registry, lake: LakeOfMany, cause: string): Promise<void> {
  return reconcileEntitlements(
    { cause },
    {
      registry,
      services: openServices(lake),
      roles: { close: async () => 'missing', open: async () => {} },
      retire: async () => 0,
      send: async () => {},
      notify: async () => {},
      seeGrants: async () => [],
      now: () => NOW,
      log: recordLog().log,
    },
  );
}

/** The calls that give what the agreement gives, one after the other, and nothing else. */
async function grantPlainly(registry: Registry, { exchange, lakeFormation, s3, account }: LakeOfMany, plan: Plan) {
  const { id: agreement } = plan.agreement;
  const dataSets = (await registry.current(agreement).read())?.provisioned.dataSets ?? {};
  for (const leg of plan.legs) {
    const receiver = plan.parties.find(({ id }) => id === leg.to)?.account ?? '';
    const [DatabaseName, Name] = [nameDatabase(agreement), nameTable(leg.id)];
    switch (leg.via.kind) {
      case 'data-grant':
        await exchange.send(
          new CreateDataGrantCommand({
            Name: 'plain',
            GrantDistributionScope: 'NONE',
            ReceiverPrincipal: receiver,
            SourceDataSetId: dataSets[leg.id] ?? '',
          }),
        );
        break;
      case 'lake-formation':
        await lakeFormation.send(
          new BatchGrantPermissionsCommand({
            Entries: [
              {
                Id: '1',
                Principal: { DataLakePrincipalIdentifier: receiver },
                Resource: { DataCellsFilter: { TableCatalogId: account, DatabaseName, TableName: Name, Name } },
                Permissions: ['SELECT'],
              },
            ],
          }),
        );
        break;
      default:
        for (const file of ['part-0.parquet', 'part-1.parquet', 'part-0.parquet'])
          await s3.send(
            new CopyObjectCommand({
              Bucket: BUCKET,
              CopySource: `${BUCKET}/${roundPrefix(agreement, leg, DAY)}${file}`,
              Key: `${inboxPrefix(agreement, leg)}${DAY}/${file}`,
            }),
          );
    }
  }
}

/** Each call of a store is one of DynamoDB. */
function countCalls(store: RecordStore) {
  const calls: string[] = [];
  const count = <T>(name: string, answer: T): T => {
    calls.push(name);
    return answer;
  };
  const counted: RecordStore = {
    read: (...given) => count('GetItem', store.read(...given)),
    list: (...given) => count('Query', store.list(...given)),
    create: (...given) => count('PutItem', store.create(...given)),
    replace: (...given) => count('PutItem', store.replace(...given)),
  };
  return { store: counted, calls };
}

/** Whatever it asks, nothing of it is this agreement's: only the pages are read. */
function nothingOf(plan: Plan): Parameters<EntitlementService['list']>[0] {
  const { hash, plan: side, provisioned } = versionOf(plan);
  const { id: agreement, version } = plan.agreement;
  const current = { agreement, version, state: 'active' as const, history: [], provisioned: { ...provisioned } };
  return { plan: side, current, conduct: conductOf(plan), hash };
}

async function measure(gateway: Gateway, records: readonly string[], work: () => Promise<unknown>) {
  const before = [gateway.calls.length, records.length] as const;
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const operations = [...gateway.calls.slice(before[0]).map(({ operation }) => operation), ...records.slice(before[1])];
  const pages = new Map<string, number>();
  for (const name of operations) if (name.startsWith('List')) pages.set(name, (pages.get(name) ?? 0) + 1);
  return {
    seconds,
    calls: operations.length,
    writes: operations.filter((name) => WRITES.test(name)).length,
    pages,
  };
}

if (require.main === module) {
  const [agreements, legs] = process.argv.slice(2).map(Number);
  benchReconcile(console.log, agreements, legs);
}
