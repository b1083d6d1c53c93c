/** An ISO 8601 duration in its own units; they do not convert into one another (a month has no fixed length). */
interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** `PnYnMnWnDTnHnMnS`, whole numbers of up to four digits, at least one of them. */
export const DURATION_PATTERN =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?)?$/;

const TIMESTAMP_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** True for a duration that lasts longer than nothing, and a hundred years at most: no day counted from it is without a date. */
export function isDuration(text: string): boolean {
  if (!DURATION_PATTERN.test(text) || !/[1-9]/.test(text)) return false;
  const { years, months, weeks, days, hours } = parseDuration(text);
  return years + months / 12 + weeks / 52 + days / 365 + hours / 8760 <= 100;
}

/** True for `YYYY-MM-DD` that names a day of the (proleptic Gregorian) calendar. */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(text) ?? [];
  return year !== undefined && Number(day) <= countDays(Number(year), Number(month));
}

/**
 * A date, or a date and a time of day (`2026-01-31 23:59`, `T` for the space, seconds and fractions optional), as
 * `YYYY-MM-DD HH:MM:SS[.ffffff]`; undefined for other text.
 */
export function readTimestamp(text: string): string | undefined {
  const [, day = '', time = '00:00', seconds = ':00'] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,6})?)?)?$/.exec(text) ?? [];
  return isDate(day) ? `${day} ${time}${seconds}` : undefined;
}

/**
 * Adds a duration to an ISO date (`2026-01-31`) or a UTC timestamp (`2026-01-31T10:00:00Z`). Years and months come first
 * and stay in the month they reach (31 January + P1M is the last of February), then weeks to seconds are added.
 * A date stays a date unless the duration has a time part; then it counts from midnight UTC and gives a timestamp.
 * @param times adds it so many times at once: a month later than 31 January, twice, is 31 March
 * @throws RangeError for text that is neither, and beyond the year 9999.
 */
export function addDuration(start: string, duration: string, times = 1): string {
  const isDay = isDate(start);
  const instant = new Date(isDay ? `${start}T00:00:00Z` : start);
  if (!isDay && !(TIMESTAMP_PATTERN.test(start) && isDate(start.slice(0, 10)) && !Number.isNaN(instant.getTime()))) {
    throw new RangeError(`No date and no UTC timestamp: ${start}`);
  }
  const { years, months, weeks, days, hours, minutes, seconds } = parseDuration(duration);
  const day = instant.getUTCDate();
  instant.setUTCDate(1);
  instant.setUTCMonth(instant.getUTCMonth() + times * (years * 12 + months));
  instant.setUTCDate(Math.min(day, countDays(instant.getUTCFullYear(), instant.getUTCMonth() + 1)));
  const rest = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
  instant.setTime(instant.getTime() + times * rest * 1000);
  if (!(instant.getUTCFullYear() <= 9999)) throw new RangeError(`${start} plus ${duration} is beyond the year 9999.`);
  const text = instant.toISOString();
  return isDay && !duration.includes('T') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

function parseDuration(text: string): Duration {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) throw new RangeError(`No ISO 8601 duration: ${text}`);
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  return {
    years: years!,
    months: months!,
    weeks: weeks!,
    days: days!,
    hours: hours!,
    minutes: minutes!,
    seconds: seconds!,
  };
}

/** Days of a month, 1 to 12. */
function countDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
