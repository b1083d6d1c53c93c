import type { AuditOutcome } from '../../audit/run-audit';
import { listUnreported } from '../../domain/audit/attribution/find-lateness';
import type { AuditVerdict } from '../../domain/audit/report/audit-report';
import { formatCount } from '../../domain/format';
import { formatPlural } from '../../report/format';
import type { Terminal } from './terminal';

/** As the page has it. */
const TONES: Readonly<Record<AuditVerdict['kind'], (colour: Terminal['colour']) => (text: string) => string>> = {
  clean: ({ green }) => green,
  doubtful: ({ yellow }) => yellow,
  breached: ({ red }) => red,
};

/** Lines that are listed; all of them are in the pack. */
const SHOWN = 20;

/** What an audit found, for whoever sits at the terminal. */
export function describeAudit(
  { report, appended, unread }: AuditOutcome,
  out: string,
  publicKey: string,
  colour: Terminal['colour'],
): string {
  const { header, verdict, accesses, exceptions } = report;
  const { records, inputs, ledger } = header;
  const internal = records.internal.reduce((sum, kind) => sum + kind.records, 0);
  const lines = [
    TONES[verdict.kind](colour)(verdict.sentence),
    '',
    `Period      ${header.period.from} to ${header.period.to}`,
    `Read        ${formatPlural(inputs.files, 'file')}, ${formatPlural(records.read, 'record')}; ${formatCount(internal)} the room's own, ${formatCount(sum(records.unknown))} of other kinds, ${formatCount(sum(records.malformed))} unreadable`,
    `Accesses    ${formatCount(accesses.total)}: ${formatCount(accesses.attributed)} attributed, ${formatCount(accesses.ownDoor)} at parties' own doors, ${formatCount(accesses.ambiguous)} ambiguous, ${formatCount(accesses.unattributed)} unattributed, ${formatCount(accesses.internal)} internal`,
    ...(accesses.pending === 0
      ? []
      : [
          `Not judged  ${formatCount(accesses.pending)}: younger than ${header.watermark}, what belongs to them may still be on its way`,
        ]),
    ...(accesses.late === undefined
      ? []
      : [
          `Came late   ${formatCount(accesses.late.accesses)} of a time of which a report was made before, ${formatCount(accesses.late.further)} further records`,
        ]),
    ...listUnreported([...(header.after ?? []), header.period]).map(
      ({ from, to }) => `Not told    ${from} to ${to}: neither this report is of then, nor one that it follows`,
    ),
    `Integrity   ${describeIntegrity(header.integrity)}`,
    ...(ledger === undefined
      ? []
      : [
          `Ledger      ${formatCount(ledger.size)} ${ledger.size === 1 ? 'entry' : 'entries'}, ${formatCount(appended)} new${describeUnlogged(records.entered)}`,
        ]),
    ...exceptions.counts.map(({ kind, severity, count }) => `Exception   ${severity}: ${kind}, ${formatCount(count)}`),
    ...unread.slice(0, SHOWN).map(({ file, problem }) => `Not read    ${showName(file)}: ${problem}`),
    ...(unread.length > SHOWN ? [`            and ${formatPlural(unread.length - SHOWN, 'file')} more`] : []),
    '',
    `Written to ${out}. Anybody can check it with the public key, which they should have from you by another way:`,
    `  barter verify ${out} --key ${publicKey}`,
  ];
  return lines.join('\n');
}

function sum(kinds: readonly { readonly records: number }[]): number {
  return kinds.reduce((total, { records }) => total + records, 0);
}

function describeIntegrity(integrity: AuditOutcome['report']['header']['integrity']): string {
  if (integrity.kind === 'not-checked') return 'not checked: no digests were given';
  const { kind, logs, digests, findings, findingsBeyond } = integrity;
  const more = findingsBeyond > 0 ? ' or more' : '';
  const missing = findings.filter((finding) => finding.kind === 'missing-log');
  const tell = (count: number, when: string) =>
    count === 0 ? '' : `; ${formatCount(count)}${more} named by digests${when}, and missing`;
  const outside = missing.filter((finding) => finding.outside).length;
  const lost = `${tell(missing.length - outside, '')}${tell(outside, ' of another time')}`;
  return `${kind}: ${formatCount(digests.believed)} of ${formatCount(digests.given)} digests and ${formatCount(logs.believed)} of ${formatCount(logs.given)} log files believed${lost}`;
}

function describeUnlogged(entered: number | undefined): string {
  return entered === undefined
    ? ''
    : `; ${formatCount(entered)} of this time, and some hours around it, in none of the logs`;
}

/** A file's name may hold anything, also what moves a terminal's cursor. */
function showName(file: string): string {
  return file.replaceAll(/[^\P{C}]/gu, '?');
}
