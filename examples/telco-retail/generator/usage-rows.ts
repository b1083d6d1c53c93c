import { type Dirt, writeRow } from './dirt';
import { drawAddress, drawAge, drawName, scatterNumber, writeEmail } from './people';
import { drawNearbyPostcode, drawPostcode } from './places';
import { createRandom, type Random, weigh } from './random';

/** One subscriber and month, every field as the text that the billing system exports. */
interface UsageRow {
  readonly msisdn: string;
  readonly name: string;
  readonly email: string;
  readonly address: string;
  readonly birth_year: string;
  readonly postcode: string;
  readonly segment: string;
  readonly activated: string;
  readonly month: string;
  readonly minutes: string;
  readonly data_gb: string;
  readonly churned: string;
}

const MONTHS = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'] as const;
const LAST_MONTH = MONTHS.length - 1;

/** Share of subscribers, and what they typically talk (minutes) and load (GB) in a month. */
interface Tariff {
  readonly segment: string;
  readonly minutes: number;
  readonly gigabytes: number;
}
const YOUNG = weigh<Tariff>([
  [{ segment: 'Young S', minutes: 90, gigabytes: 9 }, 34],
  [{ segment: 'Young M', minutes: 120, gigabytes: 18 }, 26],
  [{ segment: 'Prepaid Basic', minutes: 45, gigabytes: 2 }, 22],
  [{ segment: 'Prepaid Plus', minutes: 70, gigabytes: 6 }, 12],
  [{ segment: 'Smart M', minutes: 150, gigabytes: 12 }, 6],
]);
const ADULT = weigh<Tariff>([
  [{ segment: 'Smart S', minutes: 110, gigabytes: 4 }, 24],
  [{ segment: 'Smart M', minutes: 170, gigabytes: 9 }, 21],
  [{ segment: 'Smart L', minutes: 260, gigabytes: 20 }, 9],
  [{ segment: 'Prepaid Basic', minutes: 40, gigabytes: 0.8 }, 15],
  [{ segment: 'Prepaid Plus', minutes: 65, gigabytes: 3 }, 8],
  [{ segment: 'Family Duo', minutes: 220, gigabytes: 11 }, 9],
  [{ segment: 'Family Quattro', minutes: 300, gigabytes: 24 }, 4],
  [{ segment: 'Business Start', minutes: 380, gigabytes: 8 }, 7],
  [{ segment: 'Business Pro', minutes: 560, gigabytes: 21 }, 4],
  [{ segment: 'Business Fleet', minutes: 240, gigabytes: 3 }, 1],
]);

const DIRT = weigh<Dirt<UsageRow>>([
  [(row, write) => write(row) + write(row), 36],
  [(row, write) => write({ ...row, activated: '2026-02-30' }), 12],
  [(row, write) => write({ ...row, activated: '2025-13-01' }), 4],
  [(row, write) => write({ ...row, minutes: `-${row.minutes}` }), 11],
  [(row, write) => write({ ...row, birth_year: '2199' }), 7],
  [(row, write) => write({ ...row, minutes: 'n/a' }), 5],
  [(row, write) => write({ ...row, data_gb: `${row.data_gb} GB` }), 6],
  [(row, write) => write({ ...row, msisdn: '' }), 6],
  [(row, write) => write({ ...row, birth_year: '' }), 5],
  [(row, write) => write({ ...row, data_gb: '' }), 5],
  [(row) => writeLine([row.msisdn, row.name, row.month]), 2],
  [(row, write) => write(row).replace(LINE_END, `;checked${LINE_END}`), 1],
]);

const LINE_END = '\r\n';
const HEADER: readonly (keyof UsageRow)[] = [
  'msisdn',
  'name',
  'email',
  'address',
  'birth_year',
  'postcode',
  'segment',
  'activated',
  'month',
  'minutes',
  'data_gb',
  'churned',
];

/** The lines of `usage.csv`: byte order mark, semicolons and CRLF, like an export from a German spreadsheet. */
export function* writeUsageRows(
  subscribers: number,
  seed: number,
  onSubscriber: (done: number) => void,
): Generator<string> {
  const random = createRandom(seed);
  yield `\uFEFF${writeLine(HEADER)}`;
  for (let index = 0; index < subscribers; index++) {
    for (const row of drawSubscriber(random, index)) yield writeRow(random, row, writeUsageRow, DIRT);
    onSubscriber(index + 1);
  }
}

/** A subscriber's months, from activation to the end of the window or until the subscriber leaves. */
function* drawSubscriber(random: Random, index: number): Generator<UsageRow> {
  const { name, first, last } = drawName(random);
  const age = drawAge(random);
  const tariff = random.pick(age < 27 ? YOUNG : ADULT);
  const activated = drawActivation(random);
  const firstMonth = Math.max(
    0,
    MONTHS.findLastIndex((month) => month <= activated),
  );
  // +999 is assigned to no country, so these numbers ring nowhere.
  const msisdn = `+99915${scatterNumber(index)}`;
  const email = random.chance(0.04) ? '' : writeEmail(first, last, index);
  const address = drawAddress(random);
  let postcode = drawPostcode(random);
  const moves = random.chance(0.01) ? random.integer(1, LAST_MONTH) : Number.POSITIVE_INFINITY;
  const talkative = Math.exp(0.7 * random.normal());
  const hungry = Math.exp(0.8 * random.normal() + (45 - age) / 60);
  for (let month = firstMonth; month <= LAST_MONTH; month++) {
    if (month === moves) postcode = drawNearbyPostcode(random, postcode);
    const minutes = tariff.minutes * talkative * Math.exp(0.25 * random.normal());
    const gigabytes = tariff.gigabytes * hungry * Math.exp(0.3 * random.normal());
    const churned = random.chance(judgeChurn(minutes));
    // Field by field: spreading a person into each row would double the time of the whole file.
    yield {
      msisdn,
      name,
      email,
      address,
      birth_year: String(2026 - age),
      postcode,
      segment: tariff.segment,
      activated,
      month: MONTHS[month]!,
      minutes: minutes.toFixed(1),
      data_gb: gigabytes.toFixed(2),
      churned: String(churned),
    };
    if (churned) return;
  }
}

/** Who hardly calls any more is about to leave: 10 % at ten minutes a month, 4 % at a hundred, 1 % at a thousand. */
function judgeChurn(minutes: number): number {
  return Math.min(0.15, 0.33 * (minutes + 1) ** -0.48);
}

/** Between 2012 and the last month but one; half of the subscribers came in the last four years. */
function drawActivation(random: Random): string {
  const monthsAgo = Math.floor(172 * random.uniform() ** 1.8);
  const month = 2026 * 12 + 3 - monthsAgo;
  const day = random.integer(1, 28);
  return `${Math.floor(month / 12)}-${pad(1 + (month % 12))}-${pad(day)}`;
}

function writeUsageRow(row: UsageRow): string {
  return writeLine(HEADER.map((column) => row[column]));
}

function writeLine(fields: readonly string[]): string {
  return fields.map(quoteField).join(';') + LINE_END;
}

function quoteField(field: string): string {
  return /[";\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
