import type { Agreement } from '../../domain/agreement/schema/agreement';
import { formatFinding } from '../../domain/agreement/yaml/finding';
import type { Remark } from '../../domain/agreement/yaml/remark';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { loadAgreement } from './load-agreement';

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
