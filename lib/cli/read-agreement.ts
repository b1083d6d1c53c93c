import type { Agreement } from '../domain/agreement/agreement';
import { formatFinding } from '../domain/agreement/finding';
import type { Remark } from '../domain/agreement/remark';
import { InvalidInput } from './exit-code';
import { loadAgreement } from './load-agreement';
import type { Terminal } from './terminal';

/**
 * Loads an agreement for a command, printing its warnings.
 * @param remarkOn What else to warn of.
 * @throws InvalidInput after every finding was printed.
 */
export function readAgreement(
  file: string,
  terminal: Terminal,
  remarkOn: (agreement: Agreement) => readonly Remark[] = () => [],
): Agreement {
  const loaded = loadAgreement(file);
  const findings =
    loaded.kind === 'valid' ? [...loaded.warnings, ...remarkOn(loaded.agreement).map(loaded.place)] : loaded.findings;
  const { red, yellow } = terminal.errColour;
  for (const finding of findings) {
    const paint = finding.severity === 'error' ? red : yellow;
    terminal.err(formatFinding(finding).replace(`${finding.severity}:`, paint(`${finding.severity}:`)));
  }
  if (loaded.kind === 'valid') return loaded.agreement;
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  throw new InvalidInput(`${file} has ${errors} ${errors === 1 ? 'mistake' : 'mistakes'}, listed above.`);
}
