import { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { addToProduct, isInProduct } from '../../../lambda/shared/exchange-products';
import { MARKET_RULES, type MarketState } from '../../local-cloud/marketplace-rules';
import { serveFromModel } from '../../local-cloud/serve-from-model';
import { type Fault, type Gateway, startGateway } from '../../local-cloud/start-gateway';

/* What the room asks of the marketplace's catalogue, broken off at every call: gone on with, the data set is in its product once. */

const KINDS = ['crash-before', 'crash-after', 'throttled', 'lost'] as const satisfies readonly Fault['kind'][];
const DATA_SET = 'arn:aws:dataexchange:eu-central-1:123456789012:data-sets/0123456789abcdef0123456789abcdef';
const WANTED = { product: 'prod-abc123', dataSetArn: DATA_SET, name: 'telco-retail-2026/telco-retail-usage' };

let opened: Gateway[] = [];

afterEach(async () => {
  await Promise.all(opened.map((gateway) => gateway.stop()));
  opened = [];
});

test('a data set is added to its product once, wherever it is broken off', async () => {
  const undisturbed = await run(undefined);
  expect(undisturbed).toMatchObject({ held: [DATA_SET], changes: ['SUCCEEDED'] });
  let points = 0;
  for (const kind of KINDS)
    for (let at = 1; at <= undisturbed.calls; at += 1, points += 1)
      expect(await run({ kind, at })).toMatchObject({ held: [DATA_SET], changes: ['SUCCEEDED'] });
  console.info(`${points} fault points of ${undisturbed.calls} calls`);
  expect(points).toBe(4 * undisturbed.calls);
});

test('one that somebody else has added is there', async () => {
  const { client, market } = await open();
  market.products.get(WANTED.product)!.add(DATA_SET);
  await untilDone(client);
  expect(market.changes.map(({ Status }) => Status)).toEqual(['FAILED']);
});

test('a product that is not there, and one that is being changed, are told', async () => {
  const { client } = await open();
  const other = { ...WANTED, name: 'telco-retail-2026/another-leg' };
  await expect(addToProduct(client, { ...WANTED, product: 'prod-none' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(addToProduct(client, WANTED)).rejects.toMatchObject({ name: 'ProductNotChanged' });
  await expect(addToProduct(client, other)).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

async function run(fault: Fault | undefined) {
  const { client, market, gateway } = await open();
  gateway.order(fault);
  await untilDone(client);
  return {
    // The first was the question whether it is there.
    calls: gateway.calls.length - 1,
    held: [...market.products.get(WANTED.product)!],
    changes: market.changes.map(({ Status }) => Status),
  };
}

/** As its schedule calls it again. */
async function untilDone(client: MarketplaceCatalogClient): Promise<void> {
  for (let calls = 0; calls < 10; calls += 1) {
    const isDone = await addToProduct(client, WANTED).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
  throw new Error('It never ends.');
}

async function open() {
  const market: MarketState = { products: new Map([[WANTED.product, new Set()]]), changes: [] };
  const catalog = serveFromModel({
    service: 'marketplace-catalog',
    rules: MARKET_RULES,
    state: market,
    callerOf: () => undefined,
    otherwise: 'not-implemented',
    unpatterned: ['ChangeSet[0].Entity.Type'],
  });
  const place = { account: '123456789012', region: 'eu-central-1' };
  const gateway = await startGateway({ moto: 'http://127.0.0.1:9', standIns: { 'aws-marketplace': catalog }, place });
  opened.push(gateway);
  const everything = { effect: 'Allow' as const, actions: ['*'], resources: ['*'], isConditional: false };
  gateway.admit('ROOM', { name: 'entitlements', statements: [everything], crash: async () => {} });
  const client = new MarketplaceCatalogClient({
    region: 'us-east-1',
    endpoint: gateway.endpoint,
    credentials: { accessKeyId: 'ROOM', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  expect(await isInProduct(client, WANTED)).toBe(false);
  gateway.order(undefined);
  return { client, market, gateway };
}
