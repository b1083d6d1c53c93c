import { MarketplaceCatalogClient } from '@aws-sdk/client-marketplace-catalog';
import { addToProduct, isInProduct } from '../../../lambda/shared/exchange-products';
import { MARKET_RULES, type MarketState } from '../../local-cloud/marketplace-rules';
import { openSmallRoom, type SmallRoom } from '../../local-cloud/open-small-room';
import type { Collection } from '../../local-cloud/rewind-room';
import { serveFromModel } from '../../local-cloud/serve-from-model';
import { tryFaults } from '../../local-cloud/try-faults';

/* What the room asks of the marketplace's catalogue, broken off at every call: gone on with, the data set is in its product once. */

const DATA_SET = 'arn:aws:dataexchange:eu-central-1:123456789012:data-sets/0123456789abcdef0123456789abcdef';
const WANTED = { product: 'prod-abc123', dataSetArn: DATA_SET, name: 'telco-retail-2026/telco-retail-usage' };

let market: MarketState;
let room: SmallRoom;
let client: MarketplaceCatalogClient;

beforeEach(async () => {
  market = { products: new Map([[WANTED.product, new Set()]]), changes: [] };
  const catalog = serveFromModel({
    service: 'marketplace-catalog',
    rules: MARKET_RULES,
    state: market,
    callerOf: () => undefined,
    otherwise: 'not-implemented',
    unpatterned: ['ChangeSet[0].Entity.Type'],
  });
  room = await openSmallRoom({
    standIns: { 'aws-marketplace': catalog },
    collections: [market.products, market.changes] as readonly Collection[],
  });
  client = new MarketplaceCatalogClient({ ...room.clientConfig, region: 'us-east-1' });
});

afterEach(() => room.stop());

test('a data set is added to its product once, whatever breaks off, is throttled or unanswered', async () => {
  expect(await isInProduct(client, WANTED)).toBe(false);
  const { end } = await tryFaults({
    name: 'a product’s data set',
    rooms: [room],
    steps: [room.step(untilDone)],
    look: async () => ({
      held: [...market.products.get(WANTED.product)!],
      changes: market.changes.map(({ Status }) => Status),
    }),
  });
  expect(end).toEqual({ held: [DATA_SET], changes: ['SUCCEEDED'] });
});

test('one that somebody else has added is there', async () => {
  market.products.get(WANTED.product)!.add(DATA_SET);
  await untilDone();
  expect(market.changes.map(({ Status }) => Status)).toEqual(['FAILED']);
});

test('a product that is not there, and one that is being changed, are told', async () => {
  const other = { ...WANTED, name: 'telco-retail-2026/another-leg' };
  await expect(addToProduct(client, { ...WANTED, product: 'prod-none' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(addToProduct(client, WANTED)).rejects.toMatchObject({ name: 'ProductNotChanged' });
  await expect(addToProduct(client, other)).rejects.toMatchObject({ name: 'ResourceInUseException' });
});

/** As its schedule calls it again. */
async function untilDone(): Promise<void> {
  for (let calls = 0; calls < 10; calls += 1) {
    const isDone = await addToProduct(client, WANTED).then(
      () => true,
      (error: Error) => {
        if (error.name === 'ProductNotChanged') return false;
        throw error;
      },
    );
    if (isDone) return;
  }
  throw new Error('It never ends.');
}
