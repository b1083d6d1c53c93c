import type { ColumnRole, ColumnType, Delivery } from '../domain/agreement/plan/plan';
import type { ColumnReport, FloorCheck } from '../domain/exchange/report/room-report';
import type { Gate } from '../domain/exchange/rounds/round';
import { formatCount, formatShare } from '../domain/format';
import type { Generalisation } from '../domain/privacy/hierarchies/generalisation';
import { describeBounds, describeForm } from '../domain/privacy/treatments/describe-treatment';
import { formatPlural } from './format';

export const GATE_TITLES: Readonly<Record<Gate, string>> = {
  cleaning: 'Cleaning',
  hierarchy: 'Hierarchies',
  privacy: 'Privacy floor',
  verification: 'Verification',
  discovery: 'Discovery',
  expectation: 'Expectations',
  fairness: 'Fairness',
};

export const GATE_QUESTIONS: Readonly<Record<Gate, string>> = {
  cleaning: 'Is the delivery clean enough to be used?',
  hierarchy: 'Does every value have a place in its column’s generalisation?',
  privacy: 'Can the agreed floor be reached?',
  verification: 'Does the written release keep the floor when it is measured again?',
  discovery: 'Does the written release hold an identifier that nobody declared?',
  expectation: 'Does the release hold what its receiver expects of it?',
  fairness: 'Is what each party gets close enough to what it gives?',
};

export const ROLE_NAMES: Readonly<Record<ColumnRole, string>> = {
  identifier: 'identifier',
  quasi: 'quasi-identifier',
  sensitive: 'sensitive',
  plain: 'plain',
};

const DELIVERY_NAMES: Readonly<Record<Delivery['kind'], string>> = {
  'data-grant': 'AWS Data Exchange data grant',
  product: 'AWS Data Exchange product',
  'lake-formation': 'AWS Lake Formation share',
  sftp: 'SFTP',
  api: 'API',
  'query-only': 'queries of a shared table; no file is handed out',
  snowflake: 'Snowflake',
  gcs: 'Google Cloud Storage',
};

export function nameDelivery(via: Delivery): string {
  return DELIVERY_NAMES[via.kind];
}

export function nameType(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}

/** What was done to a column, for a reader who never saw the tool. */
export function explainTreatment({ treatment, exemptBy }: ColumnReport, subject: string | undefined): string {
  const exempted = exemptBy === undefined ? '' : `; clause ${exemptBy} exempts it from generalisation`;
  switch (treatment.kind) {
    case 'keep':
      return exemptBy === undefined ? 'Kept as it is' : `Kept as it is: clause ${exemptBy} exempts it`;
    case 'drop':
      return 'Left out';
    case 'token':
      return `Replaced by a keyed code, another one for each receiver${exempted}`;
    case 'mask':
      return explainMask(treatment.keepFirst, treatment.keepLast);
    case 'generalise':
      return 'Generalised';
    case 'date-shift': {
      const sameFor = subject === undefined ? '' : `, all rows of one ${subject} by the same number`;
      return `Moved by up to ${formatPlural(treatment.days, 'day')} either way${sameFor}`;
    }
    case 'format-preserving':
      return `Replaced by another text of the same form (${describeForm(treatment)}), keyed for each receiver${exempted}`;
    case 'top-bottom':
      return `Cut off: ${describeBounds(treatment)}${exempted}`;
    case 'round':
      return `Rounded to multiples of ${treatment.multiple}${exempted}`;
    case 'noise':
      return `Moved by random noise: epsilon ${treatment.epsilon} between ${treatment.bottom} and ${treatment.top}, the same for the same value of one ${subject ?? 'delivery'}`;
    case 'microaggregate':
      return `Neighbouring values merged until ${formatPlural(treatment.k, subject === undefined ? 'row' : 'subject')} share them, shown as their ${treatment.centre}`;
    case 'common-text':
      return `Shown only where at least ${formatPlural(treatment.k, subject === undefined ? 'row' : 'subject')} of the release share the same text`;
  }
}

function explainMask(first: number, last: number): string {
  if (first + last === 0) return 'Hidden completely';
  const visible = [first > 0 ? `first ${first}` : '', last > 0 ? `last ${last}` : ''].filter(Boolean).join(' and ');
  return `Hidden but for the ${visible} ${first + last === 1 ? 'character' : 'characters'}`;
}

/** What a level of a generalisation shows. */
export function explainLevel(generalisation: Generalisation, level: number, top: number): string {
  if (level === 0) return 'values as they are';
  if (level >= top) return 'all values merged into one';
  switch (generalisation.kind) {
    case 'widths':
      return `bands of ${generalisation.widths[level - 1]}`;
    case 'prefixes': {
      const length = generalisation.lengths[level - 1] ?? 0;
      return length === 1 ? 'the first character' : `the first ${length} characters`;
    }
    case 'dates':
      return `the ${generalisation.periods[level - 1]}`;
    case 'hierarchy':
      return `step ${level} of ${generalisation.file}`;
    case 'none':
      return 'values as they are';
  }
}

const FLOOR_TITLES: Readonly<Record<FloorCheck['control'], string>> = {
  'privacy.k': 'Smallest class (k)',
  'privacy.l': 'Distinct values in a class (l)',
  'privacy.t': 'Distance from the whole (t)',
  'privacy.k-map': 'Fewest of the population for a class (k-map)',
  'privacy.presence': 'Share of its population that a class holds (presence)',
  'privacy.risk': 'Risk of being told apart',
  'privacy.suppression': 'Accepted rows left out',
};

export function nameCheck({ control, figure, column }: FloorCheck): {
  readonly title: string;
  readonly column?: string;
} {
  const title = `${FLOOR_TITLES[control]}${figure === undefined ? '' : `, ${figure}`}`;
  return { title, ...(column === undefined ? {} : { column }) };
}

/** A figure in its unit, e.g. `12 subjects`, `0.213`, `2.26 %`. */
export function formatMeasure(unit: FloorCheck['unit'], figure: number): string {
  switch (unit) {
    case 'subjects':
    case 'rows':
    case 'values':
      return formatPlural(figure, unit.slice(0, -1));
    case 'distance':
      return String(Number(figure.toPrecision(3)));
    case 'share':
      return formatShare(figure);
  }
}

/** Stands beside a figure in the same unit, e.g. `at least 10`, `at most 5 %`. */
export function formatAgreed({ bound, unit, agreed }: FloorCheck): string {
  const figure = unit === 'share' ? formatShare(agreed) : unit === 'distance' ? String(agreed) : formatCount(agreed);
  return `${bound === 'at-least' ? 'at least' : 'at most'} ${figure}`;
}

/** `Both releases`, `All 3 releases`, `The one release`. */
export function nameAll(count: number, noun: string): string {
  if (count === 1) return `The one ${noun}`;
  return count === 2 ? `Both ${noun}s` : `All ${formatCount(count)} ${noun}s`;
}
