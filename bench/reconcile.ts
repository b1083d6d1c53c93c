import { performance } from 'node:perf_hooks';
import {
  CreateDataGrantCommand,
  CreateDataSetCommand,
  CreateRevisionCommand,
  DataExchangeClient,
} from '@aws-sdk/client-dataexchange';
import { openDataGrants } from '../lambda/reconcile-entitlements/data-grants';
import { reconcileEntitlements } from '../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../lib/domain/agreement/plan/plan';
import { registerAgreement } from '../lib/domain/enforcement/registration/register-agreement';
import { nameRelease } from '../lib/domain/exchange/rounds/name-release';
import type { RecordStore } from '../lib/domain/registry/record-store';
import { openRegistry, type Registry } from '../lib/domain/registry/registry';
import { conductOf } from '../tests/fixtures/conduct';
import { openMemoryStore } from '../tests/fixtures/memory-store';
import { recordLog } from '../tests/fixtures/recorded-log';
import { signatureOf, versionOf } from '../tests/fixtures/registered';
import { makeCrowdedPlan } from '../tests/fixtures/sample-plan';
import { serveDataExchange } from '../tests/local-cloud/serve-data-exchange';
import { type Gateway, startGateway } from '../tests/local-cloud/start-gateway';

const AGREEMENTS = 20;
const LEGS = 50;
const DAY = '2026-03-01';
const NOW = `${DAY}T12:00:00Z`;
const PLACE = { account: '123456789012', region: 'eu-central-1' };
const WRITES = /^(Create|Put|Update|Delete|Revoke|Batch|Send|Publish)/;

/**
 * The reconciler over 1,000 data grants of 20 agreements, by the real adapter of Data Exchange against its stand-in, with a
 * registry in memory, whose calls are counted: all to do, then nothing. Beside it, in the same run and by the same way, the
 * calls of Data Exchange alone that no reconciler can do without: one CreateDataGrant for each, and the pages that list them.
 */
export async function benchReconcile(print: (line: string) => void = console.log): Promise<void> {
  const exchange = serveDataExchange({ now: () => NOW, sizeOf: async () => 7 });
  const gateway = await startGateway({ standIns: { dataexchange: exchange }, place: PLACE });
  const everything = {
    effect: 'Allow' as const,
    actions: ['*'],
    resources: ['*'],
    conditions: [],
  };
  gateway.admit('ROOM', { name: 'reconcile-entitlements', statements: [everything], crash: async () => {} });
  const config = {
    region: PLACE.region,
    endpoint: gateway.endpoint,
    credentials: { accessKeyId: 'ROOM', secretAccessKey: 'local' },
  };
  try {
    const client = new DataExchangeClient(config);
    const counted = countCalls(openMemoryStore().store);
    const registry = openRegistry(counted.store);
    const plans = Array.from({ length: AGREEMENTS }, (_, index) => planFor(index));
    const sets: string[] = [];
    for (const plan of plans) sets.push(...(await publish(registry, client, plan)));
    // What is in a release does not matter here: that it shows does.
    for (const revision of exchange.state.revisions.values()) revision.Finalized = true;
    const run = (cause: string) => () =>
      reconcileEntitlements(
        { cause },
        {
          registry,
          services: [openDataGrants(client)],
          roles: { close: async () => 'missing', open: async () => {} },
          retire: async () => 0,
          send: async () => {},
          notify: async () => {},
          seeGrants: async () => [],
          now: () => NOW,
          log: recordLog().log,
        },
      );
    const plainGrants = await measure(gateway, counted.calls, async () => {
      for (const [index, SourceDataSetId] of sets.entries())
        await client.send(
          new CreateDataGrantCommand({
            Name: 'plain',
            GrantDistributionScope: 'NONE',
            ReceiverPrincipal: String(500_000_000_000 + index),
            SourceDataSetId,
          }),
        );
    });
    exchange.state.grants.clear();
    const all = await measure(gateway, counted.calls, run('schedule'));
    if (exchange.state.grants.size !== AGREEMENTS * LEGS) throw new Error('Not all was granted.');
    const plainPages = await measure(gateway, counted.calls, () =>
      openDataGrants(client).list(empty(plans[0]!), { releasesOf: () => [], stateOf: () => undefined }),
    );
    const nothing = await measure(gateway, counted.calls, run('schedule'));
    const full = await measure(gateway, counted.calls, run('term'));
    const line = (cells: readonly string[]) =>
      print(cells.map((cell, at) => cell.padStart(at === 0 ? 30 : 12)).join(''));
    line(['', 'calls', 'writes', 'list pages', 'seconds', 'plain', 'ratio']);
    for (const [name, measured, plain] of [
      ['all to do', all, plainGrants],
      ['nothing to do, by schedule', nothing, plainPages],
      ['nothing to do, looked at in full', full, plainPages],
    ] as const)
      line([
        name,
        String(measured.calls),
        String(measured.writes),
        String(measured.pages),
        measured.seconds.toFixed(2),
        `${plain.seconds.toFixed(2)} s`,
        (measured.seconds / plain.seconds).toFixed(2),
      ]);
  } finally {
    await gateway.stop();
  }
}

/** Each agreement's parties have accounts of their own: at most 20 grants may wait for one. */
function planFor(index: number): Plan {
  const plan = makeCrowdedPlan(10, LEGS);
  return {
    ...plan,
    agreement: { ...plan.agreement, id: `district-${index}` },
    parties: plan.parties.map((party, at) => ({ ...party, account: String(200_000_000_000 + index * 100 + at) })),
    term: { ...plan.term, starts: DAY },
    legs: plan.legs.map((leg) => ({ ...leg, via: { kind: 'data-grant' }, every: 'P1Y', retain: 'P1Y' })),
  };
}

/** Signed by all, with a round that was published whole. */
async function publish(registry: Registry, client: DataExchangeClient, plan: Plan): Promise<readonly string[]> {
  const agreement = plan.agreement.id;
  const dataSets: Record<string, string> = {};
  await Promise.all(
    plan.legs.map(async ({ id }) => {
      const set = { AssetType: 'S3_SNAPSHOT' as const, Name: id, Description: id };
      const DataSetId = (await client.send(new CreateDataSetCommand(set))).Id ?? '';
      await client.send(new CreateRevisionCommand({ DataSetId, Comment: nameRelease(agreement, id, DAY) }));
      dataSets[id] = DataSetId;
    }),
  );
  const version = versionOf(plan);
  await registerAgreement(registry, { ...version, provisioned: { ...version.provisioned, dataSets } }, NOW);
  for (const { id } of plan.parties) await registry.signatures(agreement).create(signatureOf(plan, id));
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const { rounds, releases } = conductOf(plan, [DAY]);
  for (const round of rounds) await registry.rounds(agreement).create(round);
  for (const release of releases) await registry.releases(agreement).create(release);
  return Object.values(dataSets);
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
function empty(plan: Plan): Parameters<ReturnType<typeof openDataGrants>['list']>[0] {
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
  return {
    seconds,
    calls: operations.length,
    writes: operations.filter((name) => WRITES.test(name)).length,
    pages: operations.filter((name) => name.startsWith('List')).length,
  };
}

if (require.main === module) benchReconcile();
