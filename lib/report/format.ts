import { formatCount, formatShare } from '../domain/format';

/** A risk of 0 to 1 as `1 in 12`, or as a share where that reads worse. */
export function formatOdds(risk: number): string {
  const oneIn = 1 / risk;
  const reads = Number.isFinite(oneIn) && (oneIn >= 10 || Math.abs(oneIn - Math.round(oneIn)) < 1e-9);
  return reads ? `1 in ${formatCount(Math.round(oneIn))}` : formatShare(risk);
}

/** For the few pixels above a bar: `950`, `1.2k`, `34k`, `5.1M`. */
export function formatCompact(count: number): string {
  if (count < 1000) return String(count);
  // 999,500 and more would read 1000k.
  const [unit, letter] = count < 999_500 ? [1000, 'k'] : [1_000_000, 'M'];
  const scaled = count / unit;
  return `${scaled < 9.95 ? Number(scaled.toFixed(1)) : Math.round(scaled)}${letter}`;
}

/** An agreed worth: whole from a hundred on, else three digits. */
export function formatWorth(worth: number): string {
  return worth >= 100 ? formatCount(Math.round(worth)) : String(Number(worth.toPrecision(3)));
}

export function formatSignedShare(share: number): string {
  if (share === 0) return formatShare(0);
  return `${share > 0 ? '+' : '−'}${formatShare(Math.abs(share))}`;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2026-03-02` as `2 March 2026`; a UTC timestamp keeps its hours and minutes. */
export function formatDate(iso: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}).*Z)?$/.exec(iso);
  const month = MONTHS[Number(parts?.[2]) - 1];
  if (!parts || !month) return iso;
  return `${Number(parts[3])} ${month} ${parts[1]}${parts[4] ? `, ${parts[4]} UTC` : ''}`;
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];

/** `P1M15D` as `1 month 15 days`. */
export function formatDuration(iso: string): string {
  const amounts = DURATION.exec(iso)?.slice(1) ?? [];
  const words = amounts.flatMap((amount, at) =>
    amount === undefined ? [] : [formatPlural(Number(amount), UNITS[at])],
  );
  return words.length === 0 ? iso : words.join(' ');
}

/** `1 row`, `2,300 rows`, `2 classes`. */
export function formatPlural(count: number, noun = ''): string {
  const ending = noun.endsWith('s') ? 'es' : 's';
  return `${formatCount(count)} ${noun}${count === 1 ? '' : ending}`;
}

/** `CustomerRelationshipManagement` as `customer relationship management`. */
export function formatTerm(term: string): string {
  return term.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

export function formatList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `0 B`, `1.2 MB`, `48 GB`: powers of 1000, two digits at least. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1000 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${BYTE_UNITS[power]}`;
}

/** A UTC timestamp to the second, `2026-03-02 10:00:05`: for tables, which say once that it is UTC. */
export function formatInstant(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
