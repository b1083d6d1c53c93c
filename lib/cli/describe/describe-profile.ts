import type { ColumnProfile, FileProfile } from '../../domain/discovery/column-profile';
import { type ColumnProposal, proposeColumn } from '../../domain/discovery/propose-column';
import { formatCount, formatShare } from '../../domain/format';
import { plainText } from '../../domain/plain-text';
import type { Terminal } from './terminal';

/** What a scan found, in a screenful: a line or two per column, then who stands alone by what. */
export function describeProfile(profile: FileProfile, colour: Terminal['colour']): string {
  const { name, rows, unread, columns, subject, risk } = nameSafely(profile);
  const width = Math.min(30, Math.max(...columns.map((column) => column.name.length)));
  const about = subject === undefined ? 'no column says whom a row is about' : `rows are about ${subject}`;
  const lines = columns.map((column) => describeColumn(column, proposeColumn(column, subject), width, colour));
  const unit = subject === undefined ? 'row' : subject;
  const worst = risk.worst.map(
    ({ columns: chosen, alone }) => `  ${formatShare(alone).padStart(8)}  ${chosen.join(' + ')}`,
  );
  return [
    `${colour.bold(name)}: ${formatCount(rows)} rows, ${columns.length} columns; ${about}.`,
    ...(looksLikeData(columns)
      ? [
          colour.yellow(
            'The first line was taken for the names of the columns, and looks like data: write the names above it, and scan again.',
          ),
        ]
      : []),
    ...(unread
      ? [
          colour.yellow(
            `${formatCount(unread.records)} ${unread.records === 1 ? 'record is' : 'records are'} not looked at, and would be rejected; the first is record ${formatCount(unread.first.record)} after the header: ${unread.first.reason}.`,
          ),
        ]
      : []),
    `Proposed role and treatment of each column, and why:\n${lines.join('\n')}`,
    risk.counted === 0
      ? 'No column is left by which anybody could be singled out.'
      : [
          `Rows that stand alone, by what an acquaintance may know (no other ${unit} has the same values):`,
          ...(worst.length > 0 ? worst : ['  none']),
          colour.dim(
            `  ${formatCount(risk.counted)} combinations of up to ${risk.upTo} of these columns were counted, untreated: ${risk.columns.join(', ')}.`,
          ),
        ].join('\n'),
    'A scan finds what has a form or a telling name. What it does not recognise may identify somebody all the same.',
  ].join('\n\n');
}

/** Names are whatever the file says. */
function nameSafely(profile: FileProfile): FileProfile {
  const { name, columns, subject, risk } = profile;
  return {
    ...profile,
    name: plainText(name),
    columns: columns.map((column) => ({ ...column, name: plainText(column.name) })),
    ...(subject === undefined ? {} : { subject: plainText(subject) }),
    risk: {
      ...risk,
      columns: risk.columns.map(plainText),
      worst: risk.worst.map((worst) => ({ ...worst, columns: worst.columns.map(plainText) })),
    },
  };
}

/** Numbers, dates and addresses are rarely the names of most columns. */
function looksLikeData(columns: readonly ColumnProfile[]): boolean {
  const alike = columns.filter(({ name }) => /^\s*[-+]?[\d.,:/\s-]+$|@/.test(name));
  return alike.length > columns.length / 2;
}

function describeColumn(
  column: ColumnProfile,
  { role, treatment, generalise, reason }: ColumnProposal,
  width: number,
  colour: Terminal['colour'],
): string {
  const paint = { identifier: colour.red, quasi: colour.yellow, sensitive: colour.magenta, plain: colour.green }[role];
  const how = treatment === undefined ? (generalise === undefined ? 'keep' : 'generalise') : treatment;
  const shown = typeof how === 'string' ? how : 'dateShift';
  const { rows, missing, distinct, shape } = column;
  const facts = [
    `${formatCount(distinct)} different ${distinct === 1 ? 'value' : 'values'}`,
    ...(missing > 0 ? [`${formatShare(missing / rows)} missing`] : []),
    ...(distinct > 0 ? [`${formatShare(shape.share)} like ${shape.form}`] : []),
  ];
  return `  ${column.name.padEnd(width)}  ${paint(role.padEnd(10))} ${shown.padEnd(10)} ${reason}\n  ${''.padEnd(width)}  ${colour.dim(facts.join(', '))}`;
}
