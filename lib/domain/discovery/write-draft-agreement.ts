import type { ColumnType } from '../agreement/plan/plan';
import { formatCount, formatShare } from '../format';
import type { ColumnProfile, FileProfile } from './column-profile';
import { type ColumnProposal, DRAFTED_ROUND, proposeColumn } from './propose-column';

/**
 * A draft agreement for one file, as YAML. What only people can say is left out, so that `barter check` asks for it: the
 * parties, what comes in return, and for what purpose.
 */
export function writeDraftAgreement(profile: FileProfile): string {
  const { name, columns, subject, missingTexts } = profile;
  const dataset = nameDataset(name);
  const proposals = columns.map((column) => ({ column, proposal: proposeColumn(column, subject) }));
  const classes = proposals.some(({ proposal }) => proposal.role === 'quasi' && proposal.treatment === undefined);
  const sensitive = proposals.filter(({ column, proposal }) => proposal.role === 'sensitive' && column.distinct > 1);
  return [
    `# Drafted by barter scan from ${formatCount(profile.rows)} rows of one file. A proposal: read every line, and decide.`,
    '# `barter check` lists what is missing still: who the parties are, what is given in return, and for what purpose.',
    'agreement: draft',
    'version: 1',
    'parties:',
    ...['giver', 'receiver'].flatMap((party) => [
      `  ${party}:`,
      '    name:                        # the company',
      '    account:                     # its AWS account: 12 digits in quotes',
      '    jurisdiction:                # EU, a country, or a part of one',
      '    contacts: { exchange: , privacy: }',
    ]),
    'term: { starts: , ends: , exit: { notice: P30D, destroyWithin: P30D } }',
    'datasets:',
    `  ${dataset}:`,
    '    owner: giver',
    ...(subject === undefined
      ? [
          '    # No column says whom a row is about: rows are counted as if each were somebody else. Name it: `subject: …`',
        ]
      : [`    subject: ${quote(subject)}`]),
    '    columns:',
    ...proposals.flatMap(({ column, proposal }) => writeColumn(column, proposal)),
    ...profile.risk.worst.slice(0, 3).map(({ columns: chosen, alone }) => {
      const names = chosen.map((column) => JSON.stringify(column)).join(', ');
      return `      # untreated, ${formatShare(alone)} of the rows stand alone by ${names}`;
    }),
    '    clean:',
    '      rejectAbove: 2%',
    ...(missingTexts.length > 1
      ? [`      missingTexts: [${missingTexts.map((text) => JSON.stringify(text)).join(', ')}]`]
      : []),
    ...(classes
      ? [
          '    privacy:',
          '      k: 10                      # fewest subjects who share all quasi columns',
          ...(sensitive.length > 0
            ? [`      l: { ${sensitive.map(({ column }) => `${quote(column.name)}: 2`).join(', ')} }`]
            : []),
          '      suppressAtMost: 5%         # rows that may be left out to get there',
        ]
      : []),
    'legs:',
    `  - { from: giver, to: receiver, dataset: ${dataset}, every: ${DRAFTED_ROUND}, via: data-grant, retain: P180D, purposes: [] }`,
    '  # and what the receiver gives in return',
    'clauses:',
    '  - { id: "1", text: Releases are measured before they leave and delivered all or none., control: [certificate.measured, escrow.all-or-none] }',
    '',
  ].join('\n');
}

function writeColumn(
  column: ColumnProfile,
  { role, type, treatment, generalise, reason }: ColumnProposal,
): readonly string[] {
  const parts = [
    `type: ${type ?? writeType(column.type)}`,
    ...(type !== undefined || column.written === undefined ? [] : [`written: ${JSON.stringify(column.written)}`]),
    `role: ${role}`,
    ...(treatment === undefined
      ? []
      : [
          `treatment: ${typeof treatment === 'string' ? treatment : `{ dateShift: { days: ${treatment.dateShift} } }`}`,
        ]),
    ...(generalise === undefined ? [] : [`generalise: ${generalise}`]),
  ];
  return [`      # ${reason}`, `      ${quote(column.name)}: { ${parts.join(', ')} }`];
}

function writeType(type: ColumnType): string {
  return type.kind === 'decimal' ? `"decimal(${type.precision},${type.scale})"` : type.kind;
}

/** JSON's strings are YAML's; a plain word needs no quotes. */
function quote(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name)
    ? name
    : JSON.stringify(name);
}

function nameDataset(file: string): string {
  const word = file
    .toLowerCase()
    .replace(/\.[a-z]+$/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .replace(/_+$/, '')
    .slice(0, 31);
  return word === '' ? 'data' : word;
}
