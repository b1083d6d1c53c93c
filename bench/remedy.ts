import { performance } from 'node:perf_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openDynamoStore } from '../lambda/shared/dynamo-store';
import { openRegistry } from '../lib/domain/enforcement/registry/registry';
import { ROOM_EVENTS } from '../lib/domain/enforcement/room-events';
import { conductOf } from '../tests/fixtures/conduct';
import { TELCO_RETAIL_PLAN } from '../tests/fixtures/plan';
import { signatureOf } from '../tests/fixtures/registered';
import { makeRoom } from '../tests/fixtures/room';
import { carryEvents } from '../tests/local-cloud/carry-events';
import { ROOM_ACCOUNT, startLocalRoom } from '../tests/local-cloud/start-local-room';

const DAY = '2026-03-01';
const NOW = `${DAY}T12:00:00Z`;
const PLAN = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, via: { kind: 'data-grant' as const } })),
  remedies: [{ on: 'forbidden-access' as const, do: 'suspend-party' as const }],
};

/**
 * From a breach that is told on the room's bus until the grant of whoever is in breach is gone, by the bundled functions, the
 * rules and the roles of the templates, on the local cloud; beside it the same functions with nothing to do. AWS adds its own
 * time between them. First call: functions start; later ones are warm.
 */
export async function benchRemedy(print: (line: string) => void = console.log): Promise<void> {
  const carrier = carryEvents(() => NOW);
  const local = await startLocalRoom({ room: makeRoom(), plans: [PLAN], standIns: { events: carrier } });
  try {
    carrier.connect(local);
    const { id: agreement } = PLAN.agreement;
    await local.deployCustomResources(`BarterAgreement-${agreement}`);
    const { REGISTRY_TABLE = '' } = local.environmentOf('publish-round');
    const registry = openRegistry(openDynamoStore(new DynamoDBClient(local.clientConfig), REGISTRY_TABLE));
    for (const { id } of PLAN.parties) await registry.signatures(agreement).create(signatureOf(PLAN, id));
    const began = {
      act: 'begin' as const,
      from: 'signed' as const,
      to: 'active' as const,
      at: NOW,
      by: 'room',
      reason: 'bench',
      clause: 'term',
    };
    await registry.current(agreement).change([], (current) => ({ ...current, state: 'active', history: [began] }));
    const { rounds, releases } = conductOf(PLAN, [DAY]);
    for (const round of rounds) await registry.rounds(agreement).create(round);
    for (const release of releases) await registry.releases(agreement).create(release);
    const reconcile = () => local.functionOf('reconcile-entitlements').invoke({ cause: 'schedule' }, NOW);
    await reconcile();
    const { grants } = local.exchange.state;
    print(
      `${'party'.padStart(20)}${'grants'.padStart(10)}${'calls'.padStart(10)}${'seconds'.padStart(10)}${'idle look'.padStart(12)}`,
    );
    for (const { id: party } of PLAN.parties) {
      const idle = await time(reconcile);
      const before = local.gateway.calls.length;
      const seconds = await time(async () => {
        carrier.put(ROOM_ACCOUNT, {
          Source: ROOM_EVENTS.source,
          DetailType: ROOM_EVENTS.breachReported,
          Detail: JSON.stringify({ agreement, breach: 'forbidden-access', party, report: `bench-${party}` }),
          EventBusName: local.environmentOf('publish-round').ROOM_BUS ?? '',
        });
        await carrier.deliver();
      });
      const account = PLAN.parties.find(({ id }) => id === party)!.account;
      if ([...grants.values()].some(({ ReceiverPrincipal }) => ReceiverPrincipal === account))
        throw new Error(`The grant of ${party} still stands.`);
      const calls = local.gateway.calls.length - before;
      print(
        `${party.padStart(20)}${String(grants.size).padStart(10)}${String(calls).padStart(10)}${seconds.toFixed(2).padStart(10)}${`${idle.toFixed(2)} s`.padStart(12)}`,
      );
    }
  } finally {
    await local.stop();
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

if (require.main === module) benchRemedy();
