import { type Dirt, writeRow } from './dirt';
import { drawAge, drawName, scatterNumber, writeEmail } from './people';
import { drawPostcode } from './places';
import { type Choice, createRandom, type Random, weigh } from './random';

/** One receipt of the loyalty programme. */
interface PurchaseRow {
  readonly receipt: string;
  readonly loyalty_card: string | null;
  readonly email: string | null;
  readonly age: number | null;
  readonly postcode: string;
  readonly bought_on: string;
  readonly store: string;
  readonly format: string;
  readonly category: string | null;
  readonly items: number;
  readonly basket: number | string;
  readonly payment: string;
}

/** What most of a receipt is, and what such a receipt typically comes to. Commonest first, Zipf-like. */
const CATEGORIES = weigh(
  (
    [
      ['Groceries', 38],
      ['Drinks', 19],
      ['Household', 22],
      ['Personal care', 17],
      ['Bakery', 7],
      ['Pets', 24],
      ['Clothing', 46],
      ['Baby and child', 33],
      ['Garden', 41],
      ['Stationery', 12],
      ['Kitchen', 54],
      ['Toys', 29],
      ['Sports', 61],
      ['Electronics', 139],
    ] as const
  ).map(([category, basket], rank) => [{ category, basket }, 1 / (rank + 1)] as const),
);

const FORMATS = weigh([
  ['Supermarket', 46],
  ['City', 27],
  ['Hypermarket', 19],
  ['Online', 8],
] as const);
const PAYMENTS = weigh([
  ['card', 46],
  ['cash', 28],
  ['mobile', 17],
  ['invoice', 6],
  ['instalments', 3],
] as const);
const PAYMENTS_OF_THE_OLD = weigh([
  ['card', 40],
  ['cash', 45],
  ['mobile', 5],
  ['invoice', 9],
  ['instalments', 1],
] as const);

/** 2026-01-01, a Thursday, to 2026-05-31; Saturdays are the busiest, on Sundays only the web shop sells. */
const DAYS = weighDays([1, 0.95, 1, 1.1, 1.4, 1.8, 0]);
const DAYS_ONLINE = weighDays([1.2, 1, 1, 1, 0.9, 0.9, 1.5]);

const DIRT = weigh<Dirt<PurchaseRow>>([
  [(row, write) => write(row) + write(row), 38],
  [(row, write) => write({ ...row, bought_on: '2026-02-30' }), 15],
  [(row, write) => write({ ...row, basket: -Number(row.basket) }), 8],
  [(row, write) => write({ ...row, basket: 'see receipt' }), 7],
  [(row, write) => write({ ...row, age: 199 }), 10],
  [(row, write) => write({ ...row, loyalty_card: null }), 7],
  [(row, write) => write({ ...row, age: null }), 5],
  [(row, write) => write({ ...row, category: null }), 6],
  [(row, write) => `${write(row).slice(0, -40)}\n`, 2],
]);

/** The lines of `purchases.jsonl`: one JSON object each, as an event stream would leave them. */
export function* writePurchaseRows(
  shoppers: number,
  seed: number,
  onShopper: (done: number) => void,
): Generator<string> {
  // A stream of its own, so that the number of subscribers does not change the purchases.
  const random = createRandom(seed ^ 0x5f0b);
  const numberReceipt = countReceipts();
  for (let index = 0; index < shoppers; index++) {
    for (const row of drawShopper(random, index, numberReceipt)) yield writeRow(random, row, writePurchaseRow, DIRT);
    onShopper(index + 1);
  }
}

/** A shopper's receipts: most come a few times, some every other day. */
function* drawShopper(random: Random, index: number, numberReceipt: () => string): Generator<PurchaseRow> {
  const { first, last } = drawName(random);
  const age = drawAge(random);
  const postcode = drawPostcode(random);
  const payments = age >= 60 ? PAYMENTS_OF_THE_OLD : PAYMENTS;
  const favourite = { format: random.pick(FORMATS), payment: random.pick(payments), category: random.pick(CATEGORIES) };
  const wealth = Math.exp(0.3 * random.normal());
  const loyalty_card = `HS-${scatterNumber(index)}`;
  const email = random.chance(0.3) ? null : writeEmail(first, last, index);
  const receipts = Math.min(80, Math.ceil(Math.exp(1.05 + 0.9 * random.normal())));
  for (let count = 0; count < receipts; count++) {
    const format = random.chance(0.7) ? favourite.format : random.pick(FORMATS);
    const payment = random.chance(0.6) ? favourite.payment : random.pick(payments);
    const { category, basket } = random.chance(0.2) ? favourite.category : random.pick(CATEGORIES);
    const items = 1 + Math.floor(Math.exp(1.1 + 0.8 * random.normal()));
    // Field by field: spreading a person into each row would double the time of the whole file.
    yield {
      receipt: numberReceipt(),
      loyalty_card,
      email,
      age,
      postcode,
      bought_on: random.pick(format === 'Online' ? DAYS_ONLINE : DAYS),
      store: format === 'Online' ? 'WEB' : `${postcode.slice(0, 2)}-${format.slice(0, 1)}${random.integer(1, 3)}`,
      format,
      category,
      items,
      basket: Number((basket * wealth * (0.6 + 0.1 * items) * Math.exp(0.5 * random.normal())).toFixed(2)),
      payment: format === 'Online' && payment === 'cash' ? 'invoice' : payment,
    };
  }
}

function countReceipts(): () => string {
  let count = 0;
  return () => `R${scatterNumber(count++)}`;
}

function writePurchaseRow(row: PurchaseRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** `weights`: Monday first. */
function weighDays(weights: readonly number[]): Choice<string> {
  const days = Array.from({ length: 151 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)));
  return weigh(days.map((day) => [day.toISOString().slice(0, 10), weights[(day.getUTCDay() + 6) % 7]!] as const));
}
