import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { INPUT_LABELS } from '../../audit/grounds/input-names';
import { DECIDED } from '../../audit/grounds/party-decisions';
import type { InputFolder } from '../../audit/logs/open-log-folders';
import { parseTrailKeys } from '../../audit/logs/read-digests';
import { sha256 } from '../../audit/node-crypto';
import { MANIFEST } from '../../audit/pack/sign-pack';
import { verifyEarlier } from '../../audit/verify/verify-earlier';
import { verifyRecords } from '../../audit/verify/verify-evidence';
import { verifyInputs } from '../../audit/verify/verify-inputs';
import { verifyKept } from '../../audit/verify/verify-kept';
import { type PackFinding, verifyPack } from '../../audit/verify/verify-pack';
import { verifyTrailFolder } from '../../audit/verify/verify-trail-folder';
import type { NoteKey } from '../../domain/audit/ledger/signed-note';
import { parseVerifierKey } from '../../domain/audit/ledger/verifier-key';
import { AUDIT_OUTPUTS } from '../../report/audit/audit-outputs';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { listLogFolders, requireFolder } from '../read/list-log-folders';
import { readTextFile, UnreadableFile } from '../read/read-text-file';
import { TOOL_VERSION } from '../tool-version';

interface VerifyOptions {
  readonly key: string;
  readonly ledger?: string;
  readonly checkpoint?: readonly string[];
  readonly logs?: string;
  readonly serverAccessLogs?: string;
  readonly transferLogs?: string;
  readonly digests?: string;
  readonly record?: string;
  readonly earlier?: readonly string[];
  readonly trailKeys?: string;
}

export function addVerifyCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('verify')
    .description('check an audit’s pack offline: signature, every file, ledger and proofs, and the logs it was made of')
    .argument('<pack>', 'the folder that `barter audit` wrote')
    .requiredOption('--key <key>', 'the public key of whoever signed (name+id+base64), or a file with it')
    .option('--ledger <dir>', 'the access ledger, where it is not in the pack')
    .option(
      '--checkpoint <file...>',
      'signed checkpoints that parties kept: the ledger has to begin with each, and no two may differ',
    )
    .option('--logs <dir>', 'the logs that were audited: compared with the hashes in the pack')
    .option('--server-access-logs <dir>', 'S3’s own access logs that were audited')
    .option('--transfer-logs <dir>', 'logs of the SFTP server that were audited')
    .option('--digests <dir>', 'with --logs: CloudTrail’s digests, compared and verified again')
    .option('--record <dir>', 'what was on record: the folder `record` of a pack that was made elsewhere')
    .option(
      '--earlier <pack...>',
      'packs of before, of the whole or of the same party: their decisions must stand in this one, and none be dated back',
    )
    .option('--trail-keys <file>', 'with --digests: what `aws cloudtrail list-public-keys` gave')
    .addHelpText('after', HELP)
    .action(async (pack: string, options: VerifyOptions) => {
      if (!existsSync(join(pack, MANIFEST))) throw new InvalidInput(`${pack} is no pack: it has no ${MANIFEST}.`);
      const logs = listLogFolders(options);
      const verdicts = [
        await verifyPack(pack, readKey(options.key), {
          outputs: AUDIT_OUTPUTS,
          toolVersion: TOOL_VERSION,
          ledger: options.ledger,
          earlier: listEarlier(pack, options),
          isLogged: logs.length > 0,
        }),
      ];
      const kept = (options.checkpoint ?? []).map((file) => ({ shown: file, note: readKept(file) }));
      verdicts.push(verifyKept(pack, kept, readKey(options.key), options.ledger));
      terminal.progress('Comparing what it was made of …');
      verdicts.push(await verifyInputs(pack, [...logs, ...listOthers(options)]));
      verdicts.push(await verifyRecords(pack, logs, { toolVersion: TOOL_VERSION }));
      verdicts.push(await verifyEarlier(pack, listEarlier(pack, options)));
      if (options.digests !== undefined) verdicts.push(await verifyDigests(options, pack, terminal));
      terminal.endProgress();
      for (const line of verdicts.flatMap(({ checked }) => checked)) terminal.out(`Checked: ${line}.`);
      const unchecked = verdicts.flatMap((verdict) => verdict.unchecked ?? []);
      for (const line of unchecked) terminal.out(`Not checked: ${line}.`);
      const findings = verdicts.flatMap((verdict) => verdict.findings);
      for (const finding of findings) terminal.out(terminal.colour.red(showFinding(finding)));
      terminal.out(concludeVerification(findings.length, unchecked.length, terminal));
      if (findings.length > 0) report(EXIT.withheld);
    });
}

/** Of what was not checked nothing is said: neither that it was changed nor that it was not. */
function concludeVerification(findings: number, unchecked: number, { colour }: Terminal): string {
  if (findings > 0) return `${findings} ${findings === 1 ? 'finding' : 'findings'}: do not rely on this pack.`;
  return unchecked === 0
    ? colour.green('Nothing was changed, left out or added since it was signed.')
    : colour.green(
        `In what was checked nothing was changed, left out or added since it was signed; ${unchecked} ${unchecked === 1 ? 'thing was' : 'things were'} not checked, named above.`,
      );
}

const HELP = `
The key must come from whoever signed, by another way than the pack: a key out of the pack itself proves only that the
pack fits together. Exit codes: 0 as it was signed, 3 something is not, 2 invalid input.

A checkpoint is what a party found in its outbox, or checkpoint.txt of an earlier pack: whoever runs the room could sign
another ledger, but none that begins with one that was kept elsewhere. Name those of several parties, and they are
compared with each other too: two of one size that differ prove that two histories were shown.

Example:
  barter verify march --key barter-room/111122223333+1a2b3c4d+AQ… --logs trail --digests digests --trail-keys keys.json`;

/** What the pack is to be compared with, beside logs. */
function listOthers({ digests, record }: VerifyOptions): readonly InputFolder[] {
  return [
    { option: '--digests', label: INPUT_LABELS.digests, folder: digests },
    { option: '--record', label: INPUT_LABELS.record, folder: record },
  ].flatMap(({ option, label, folder }) => {
    if (folder === undefined) return [];
    requireFolder(option, folder);
    return { label, folder };
  });
}

/** @throws InvalidInput for one that keeps no decisions of the kind: a whole record, or what of it is a party's business */
function listEarlier(pack: string, { earlier = [] }: VerifyOptions): readonly string[] {
  const isPartys = existsSync(join(pack, DECIDED));
  for (const folder of earlier) {
    requireFolder('--earlier', isPartys ? folder : join(folder, INPUT_LABELS.record));
    if (isPartys && !existsSync(join(folder, DECIDED)))
      throw new InvalidInput(`--earlier ${folder}: it has no ${DECIDED}. Name packs of the party that this one is of.`);
  }
  return earlier;
}

function readKept(file: string): string {
  try {
    return readTextFile(file, file);
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput(`--checkpoint ${error.message}.`, { cause: error });
    throw error;
  }
}

function readKey(text: string): NoteKey {
  const named = text.includes('+') || !existsSync(text) ? text : readFileSync(text, 'utf8');
  const key = parseVerifierKey(sha256, named);
  if (key === undefined)
    throw new InvalidInput('--key is no public key: it looks like name+1a2b3c4d+base64, or is a file with that.');
  return key;
}

async function verifyDigests({ logs, digests = '', trailKeys }: VerifyOptions, pack: string, terminal: Terminal) {
  if (logs === undefined || trailKeys === undefined) {
    throw new InvalidInput('--digests needs --logs, which they vouch for, and --trail-keys, which vouch for them.');
  }
  terminal.progress('Verifying digests …');
  try {
    const keys = parseTrailKeys(trailKeys, readTextFile(trailKeys, trailKeys));
    return await verifyTrailFolder(pack, logs, digests, keys, TOOL_VERSION);
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

function showFinding({ file, problem }: PackFinding): string {
  return `${file}: ${problem}`.replaceAll(/[^\P{C}]/gu, '?');
}
