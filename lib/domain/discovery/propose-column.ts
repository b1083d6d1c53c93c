import { fewestDays } from '../agreement/periods/fewest-days';
import type { ColumnRole } from '../agreement/plan/plan';
import type { ColumnProfile } from './column-profile';
import type { Recognition } from './recognise-column';

/** What the agreement could say of a column; the parties decide. */
export interface ColumnProposal {
  readonly role: ColumnRole;
  /** Where digits are a name and no number: what was found in a column of whole numbers may have a leading zero next time. */
  readonly type?: 'string';
  /** As the agreement writes it; none: the role's default. */
  readonly treatment?: 'token' | 'drop' | { readonly dateShift: number };
  /** As the agreement writes it, e.g. `{ widths: [5, 10, 20] }`. */
  readonly generalise?: string;
  readonly reason: string;
}

/** How often a draft gives. */
export const DRAFTED_ROUND = 'P1M';

/** A text as long as this, in most rows another one, is written by hand. */
const LONG_TEXT = 60;

/** Rows of which it means something how many different values they have. */
const TELLING = 20;

/** Prefers too much protection: a person loosens what is too tight, and does not see what is too loose. */
export function proposeColumn(profile: ColumnProfile, subject: string | undefined): ColumnProposal {
  const [first] = profile.recognised;
  const identifying = profile.recognised.find(({ nature }) => nature === 'identifier');
  if (profile.name === subject) {
    return { role: 'identifier', treatment: 'token', reason: `${describe(first)}; says whom a row is about` };
  }
  if (first && identifying && (first === identifying || identifying.by !== 'name')) {
    return { role: 'identifier', treatment: 'drop', reason: describe(identifying) };
  }
  if (profile.distinct === 0) return { role: 'plain', treatment: 'drop', reason: 'no row has a value' };
  if (profile.readings) return askReading(profile.readings);
  if (first?.nature === 'quasi') return proposeQuasi(profile, describe(first), first.kind);
  if (first?.nature === 'sensitive') return { role: 'sensitive', reason: describe(first) };
  return proposeUnrecognised(profile, subject);
}

function askReading(readings: readonly string[]): ColumnProposal {
  const ways = readings.map((reading) => JSON.stringify(reading)).join(' or ');
  return {
    role: 'plain',
    treatment: 'drop',
    reason: `could be written as ${ways}, which are other values: ask its giver, then say its type and \`written\``,
  };
}

function describe(recognition: Recognition | undefined): string {
  if (!recognition) return 'not recognised';
  const { title, label, by, matched, looked } = recognition;
  const form = label === undefined ? '' : `, ${label}`;
  switch (by) {
    case 'name':
      return `${title}${form}: its name says so, and its values fit`;
    case 'values':
      return `${title}${form}: ${matched} of ${looked} different values are one`;
    case 'inside':
      return `texts that hold a ${title}${form}: ${matched} of ${looked}`;
  }
}

function proposeUnrecognised(profile: ColumnProfile, subject: string | undefined): ColumnProposal {
  const { type, rows, missing, distinct, longest, constant } = profile;
  const present = rows - missing;
  const ofPerson = subject === undefined || constant === true;
  const isMeasure = type.kind === 'decimal' || type.kind === 'double';
  if (present >= TELLING && distinct >= present * 0.95 && (type.kind === 'string' || type.kind === 'integer')) {
    if (longest >= LONG_TEXT) return freeText();
    return { role: 'identifier', treatment: 'drop', reason: 'nearly every row has a value of its own: a key to it' };
  }
  if (type.kind === 'string' && longest >= LONG_TEXT && distinct > present / 4) return freeText();
  // Of fewer rows two values say nothing.
  if (distinct <= 2 && present >= TELLING) return { role: 'plain', reason: 'two values at most' };
  if (type.kind === 'date' || type.kind === 'timestamp') return proposeDate(profile, subject, ofPerson);
  if (isMeasure) return { role: 'plain', reason: describeMeasure(profile) };
  if (!ofPerson) return { role: 'plain', reason: 'differs from row to row of one subject' };
  const of = subject === undefined ? 'may be an attribute of a person' : 'the same in all rows of a subject';
  return proposeQuasi(profile, of, undefined);
}

/** A value of its own in nearly every row is a key to the row, for whoever has it from elsewhere. */
function describeMeasure({ rows, missing, distinct }: ColumnProfile): string {
  const present = rows - missing;
  return present >= TELLING && distinct >= present * 0.95
    ? 'a measure, of its own in nearly every row: who knows it finds the row; `round` or `microaggregate` hide that'
    : 'a measure';
}

function freeText(): ColumnProposal {
  return { role: 'plain', treatment: 'drop', reason: 'free text: may hold anything about anybody' };
}

function proposeDate({ distinct }: ColumnProfile, subject: string | undefined, ofPerson: boolean): ColumnProposal {
  if (distinct <= 12) return { role: 'plain', reason: 'a few dates, shared by many' };
  if (subject !== undefined && !ofPerson) {
    // To no more places than a round has days: where a file holds these alone, a longer shift would hide no more.
    const days = Math.floor(fewestDays(DRAFTED_ROUND) / 2);
    return {
      role: 'plain',
      treatment: { dateShift: days },
      reason:
        'when something happened to a subject; a longer shift needs longer rounds, or days that go back beyond them',
    };
  }
  return { role: 'quasi', generalise: '{ dates: [month, quarter, year] }', reason: 'a date that may single out' };
}

function proposeQuasi(profile: ColumnProfile, reason: string, kind: string | undefined): ColumnProposal {
  const { type } = profile;
  switch (type.kind) {
    case 'boolean':
      return { role: 'plain', reason };
    case 'date':
    case 'timestamp':
      return {
        role: 'quasi',
        generalise: kind === 'birth-date' ? '{ dates: [month, year, decade] }' : '{ dates: [month, quarter, year] }',
        reason,
      };
    case 'integer':
      if (kind === 'postcode') return { role: 'quasi', type: 'string', generalise: listPrefixes(profile), reason };
      if (kind === 'age' || kind === 'birth-date')
        return { role: 'quasi', generalise: '{ widths: [5, 10, 20] }', reason };
      return { role: 'quasi', generalise: listWidths(profile, 1), reason };
    case 'decimal':
    case 'double':
      return {
        role: 'quasi',
        generalise: kind === 'coordinates' ? '{ widths: [0.01, 0.1, 1] }' : listWidths(profile, 0.000001),
        reason,
      };
    case 'string':
      if (kind === 'coordinates')
        return { role: 'quasi', treatment: 'drop', reason: `${reason}; one text cannot be made coarser` };
      // Its first characters may be the day.
      if (kind === 'birth-date')
        return {
          role: 'quasi',
          treatment: 'drop',
          reason: `${reason}; as YYYY-MM-DD it could be declared a date, and made coarser`,
        };
      return { role: 'quasi', generalise: listPrefixes(profile), reason };
  }
}

/** First characters, fewer each time. */
function listPrefixes({ longest }: ColumnProfile): string {
  const lengths = longest <= 3 ? [1] : longest <= 12 ? [Math.ceil(longest * 0.6), Math.ceil(longest * 0.4), 1] : [3, 1];
  return `{ prefixes: [${[...new Set(lengths)].filter((length) => length < longest || longest === 1).join(', ')}] }`;
}

/** Intervals from about a fortieth of the range, each twice or five times the one before. */
function listWidths({ spread = 0 }: ColumnProfile, least: number): string {
  const target = Math.max(least, spread / 40);
  const power = 10 ** Math.floor(Math.log10(target));
  const base = Math.max(
    least,
    Number((([1, 2, 5].find((step) => step * power >= target * 0.999) ?? 10) * power).toPrecision(1)),
  );
  return `{ widths: [${[1, 2, 10].map((factor) => Number((base * factor).toPrecision(2))).join(', ')}] }`;
}
