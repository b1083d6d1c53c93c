import type { Command } from 'commander';
import { sha256 } from '../../audit/node-crypto';
import type { AmendmentChange } from '../../domain/agreement/amendment/amendment-change';
import { diffAgreements } from '../../domain/agreement/amendment/diff-agreements';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { describeResources } from '../describe/describe-resources';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { readAgreement } from '../read/read-agreement';

export function addAmendCommand(program: Command, terminal: Terminal): void {
  program
    .command('amend')
    .description('compare two versions of an agreement: who gains, what loosens, what resources change')
    .argument('<old>', 'the version in force (YAML)')
    .argument('<new>', 'the version that is to replace it (YAML)')
    .option('--json', 'print the comparison as JSON')
    .addHelpText('after', '\nExample:\n  barter amend agreement.yaml agreement-v2.yaml')
    .action((oldFile: string, newFile: string, { json }: { readonly json?: boolean }) => {
      const [old, next] = [oldFile, newFile].map((file) => planAgreement(readAgreement(file, terminal)));
      if (old === undefined || next === undefined) return;
      if (old.agreement.id !== next.agreement.id)
        throw new InvalidInput(
          `${oldFile} is ${old.agreement.id} and ${newFile} is ${next.agreement.id}: name two versions of one agreement.`,
        );
      if (old.agreement.content === next.agreement.content) {
        terminal.out('Both say the same. Nothing has to be signed.');
        return;
      }
      if (next.agreement.version <= old.agreement.version)
        throw new InvalidInput(
          `${newFile} is version ${next.agreement.version}, and ${oldFile} is ${old.agreement.version}: raise \`version\`.`,
        );
      const amendment = diffAgreements(old, next, sha256);
      if (json === true) {
        terminal.out(JSON.stringify(amendment, null, 2));
        return;
      }
      const { bold, red, green } = terminal.colour;
      terminal.out(bold(`${next.agreement.id}: version ${old.agreement.version} → ${next.agreement.version}`));
      const list = (title: string, changes: readonly AmendmentChange[]) => {
        if (changes.length > 0) terminal.out(`\n${title}`);
        for (const change of changes) terminal.out(describe(change));
      };
      const of = (effect: AmendmentChange['effect']) => amendment.changes.filter((change) => change.effect === effect);
      list(red('Looser'), of('loosens'));
      list(green('Tighter'), of('tightens'));
      list('Different', of('changes'));
      if (amendment.changes.some(({ place }) => place.startsWith('remedies.')))
        terminal.out(
          '\nWhat was done, or was over, by then keeps the remedies of then. For what still goes on, what is added or hastened counts from when the new version holds.',
        );
      if (amendment.changes.length === 0) terminal.out('\nOnly words changed that nothing is planned from.');
      for (const line of describeResources(amendment)) terminal.out(line);
      terminal.out(
        `\nAll sign again: ${amendment.signers.join(', ')}. Until then version ${old.agreement.version} is in force.`,
      );
      if (next.term.starts > old.term.starts)
        terminal.out(
          `Its term starts on ${next.term.starts}: signed before that day it waits for it, and version ${old.agreement.version} goes on.`,
        );
    });
}

function describe({ place, before, after, gains }: AmendmentChange): string {
  const who = gains.length === 0 ? '' : `   (gains: ${gains.join(', ')})`;
  return `  ${place}: ${before} → ${after}${who}`;
}
