import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { AuditRun } from '../../audit/audit-run';
import { INPUT_LABELS } from '../../audit/grounds/input-names';
import { readTrails } from '../../audit/grounds/inventory';
import { openRecordKeeper, RECORD_FILES, type RecordKeeper } from '../../audit/grounds/record-folder';
import { openLedgerFolder } from '../../audit/ledger/ledger-folder';
import { openNoteSigner } from '../../audit/ledger/note-signer';
import type { LogSource } from '../../audit/logs/log-source';
import { NothingLogged } from '../../audit/logs/nothing-logged';
import { openLogFolders } from '../../audit/logs/open-log-folders';
import { parseTrailKeys } from '../../audit/logs/read-digests';
import { sha256 } from '../../audit/node-crypto';
import { LEDGER } from '../../audit/pack/sign-pack';
import { runAudit } from '../../audit/run-audit';
import { openTableThread } from '../../audit/threads/table-thread';
import { formatVerifierKey } from '../../domain/audit/ledger/verifier-key';
import { AUDIT_OUTPUTS } from '../../report/audit/audit-outputs';
import { makeSigningKey } from '../../signing-key';
import { describeAudit } from '../describe/describe-audit';
import { EXIT, InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { listLogFolders, requireFolder, requireOutside, requirePlace } from '../read/list-log-folders';
import { type AuditedOptions, loadAudited } from '../read/load-audited';
import { loadEarlier } from '../read/load-earlier';
import { loadInventory } from '../read/load-inventory';
import { readTextFile, UnreadableFile } from '../read/read-text-file';
import { TOOL_VERSION } from '../tool-version';

interface AuditOptions extends AuditedOptions {
  readonly logs: string;
  readonly asOf?: string;
  readonly inventory?: string;
  readonly digests?: string;
  readonly trailKeys?: string;
  readonly serverAccessLogs?: string;
  readonly transferLogs?: string;
  readonly roomAccounts?: string;
  readonly earlier?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly ledger?: string;
  readonly parties?: string;
  readonly key?: string;
  readonly out: string;
}

export function addAuditCommand(program: Command, terminal: Terminal, report: (exitCode: number) => void): void {
  program
    .command('audit')
    .description('explain every access in a folder of logs: who, what, under which agreement, clause and decision')
    .option('--agreements <dir>', 'the folder of the agreements, every version that was in force')
    .requiredOption('--logs <dir>', 'a copy of the trail’s bucket, and any other logs (gzip or plain)')
    .requiredOption('--out <dir>', 'where the pack is written')
    .option('--inventory <file>', 'where the room stands (default: inventory.yaml in the folder of the agreements)')
    .option('--digests <dir>', 'a copy of CloudTrail-Digest, with the metadata of its objects')
    .option('--trail-keys <file>', 'what `aws cloudtrail list-public-keys` gave; from AWS, not from the copy')
    .option('--server-access-logs <dir>', 'S3’s own access logs')
    .option('--transfer-logs <dir>', 'logs of the SFTP server')
    .option('--decisions <path>', 'recorded decisions: a file of JSON lines, or a folder of them')
    .option('--registry <dir>', 'the record of signatures, breaches, rounds and releases, as `barter sign` keeps it')
    .option('--certificates <dir>', 'with --registry: where the places of releases lie (default: --agreements)')
    .option('--record <dir>', 'instead of these: the folder `record` of a pack, as a deployed room writes it')
    .option('--as-of <time>', 'what is told of the record is as of then (default: now)')
    .option('--room-accounts <ids>', 'accounts of the room beside that of the inventory, with commas between')
    .option('--earlier <pack...>', 'the packs of the time before, all: what came too late for them is told in this one')
    .option('--from <time>', 'a day or a UTC time (with --earlier: the end of the last)')
    .option('--to <time>', 'a day or a UTC time, not included')
    .option('--ledger <dir>', 'the access ledger (default: ledger in --out)')
    .option('--parties <dir>', 'where every party’s own pack is written: AGREEMENT/PARTY (default: none is)')
    .option('--key <file>', 'the key that signs (default: .barter/keys/audit.pem in the folder of the agreements)')
    .addHelpText('after', HELP)
    .action(async (options: AuditOptions) => {
      const keeper = openRecordKeeper(options.out);
      const outputs = availableParallelism() > 1 ? { ...AUDIT_OUTPUTS, openTables: openTableThread } : AUDIT_OUTPUTS;
      const isNew = !existsSync(options.out);
      try {
        const run = await prepareRun(options, keeper, terminal);
        const outcome = await runAudit(run, outputs).catch(refuseNothing);
        terminal.endProgress();
        terminal.out(describeAudit(outcome, options.out, formatVerifierKey(sha256, run.signer.key), terminal.colour));
        report(outcome.report.verdict.kind === 'clean' ? EXIT.delivered : EXIT.withheld);
      } finally {
        keeper.discard();
        if (isNew && existsSync(options.out) && readdirSync(options.out).length === 0) rmdirSync(options.out);
      }
    });
}

const HELP = `
Example:
  barter audit --agreements swap --logs trail --digests digests --trail-keys keys.json --from 2026-03-01 --to 2026-04-01 --out march

Exit codes: 0 green (all is explained, and the logs are proven whole), 3 yellow or red, 2 invalid input. docs/audit.md says what goes in and comes out.`;

async function prepareRun(options: AuditOptions, keeper: RecordKeeper, terminal: Terminal): Promise<AuditRun> {
  requirePlaces(options);
  const inventory = loadInventory(findInventory(options));
  const { account, accounts, landingBucket, lakeBucket, topology, operatorParty } = inventory.room;
  const more = (options.roomAccounts ?? '').split(',').filter((id) => id !== '');
  const odd = more.find((id) => !/^\d{12}$/.test(id));
  if (odd !== undefined) throw new InvalidInput(`--room-accounts: ${odd} is no account: it has 12 digits.`);
  const roomAccounts = [...new Set([account, ...accounts, ...more])];
  const asked = options.from === undefined ? undefined : readTime('--from', options.from);
  const series = await loadEarlier(options.earlier ?? [], asked);
  const to = options.to === undefined ? {} : { to: readTime('--to', options.to) };
  if (series.from !== undefined && to.to !== undefined && series.from >= to.to) {
    throw new InvalidInput('--from is not before --to.');
  }
  const origin = `barter-room/${account}`;
  const key = findKey(options);
  // To the second, as `--as-of` takes it: the report can be made again.
  const produced = readTime('--as-of', options.asOf ?? `${new Date().toISOString().slice(0, 19)}Z`);
  const audited = await loadAudited(options, inventory, keeper, terminal, produced);
  keeper.putValue(RECORD_FILES.inventory, {
    ...inventory,
    room: { ...inventory.room, accounts: roomAccounts.filter((id) => id !== account) },
  });
  const logs = openLogs(options);
  makeSigningKey(key);
  return {
    agreements: audited.agreements,
    proposed: audited.proposed,
    decisions: audited.decisions,
    room: { accounts: roomAccounts, topology, ...(operatorParty === undefined ? {} : { operatorParty }) },
    bucketOwners: new Map([landingBucket, lakeBucket].map((bucket) => [bucket, account])),
    ...readTrails(inventory),
    ...(inventory.functions === undefined ? {} : { functions: inventory.functions }),
    conduct: audited.conduct,
    logs,
    ...series,
    ...to,
    out: options.out,
    keepRecord: keeper.finish,
    ...(options.parties === undefined ? {} : { parties: options.parties }),
    ledger: { origin, open: () => openLedgerFolder(options.ledger ?? join(options.out, LEDGER)) },
    signer: openNoteSigner(key, origin),
    toolVersion: TOOL_VERSION,
    produced,
    onProgress: (text) => terminal.progress(text),
  };
}

function refuseNothing(error: unknown): never {
  if (!(error instanceof NothingLogged)) throw error;
  throw new InvalidInput(`--logs: ${error.message} Name the folder of the logs, and the period with --from and --to.`, {
    cause: error,
  });
}

/** @throws InvalidInput */
function requirePlaces({ out, ledger, parties, ...options }: AuditOptions): void {
  const { logs, serverAccessLogs, transferLogs, digests, agreements, registry, certificates, decisions } = options;
  const read = {
    '--logs': logs,
    '--server-access-logs': serverAccessLogs,
    '--transfer-logs': transferLogs,
    '--digests': digests,
  };
  for (const [option, folder] of Object.entries({ '--out': out, '--ledger': ledger, '--parties': parties }))
    if (folder !== undefined) requirePlace(option, folder, read);
  requireOutside(out, {
    ...read,
    '--agreements': agreements,
    '--registry': registry,
    '--certificates': certificates,
    '--decisions': decisions,
    '--inventory': options.inventory,
    '--trail-keys': options.trailKeys,
    '--key': options.key,
    ...(ledger === undefined || resolve(ledger) === resolve(out, LEDGER) ? {} : { '--ledger': ledger }),
  });
}

/** @throws InvalidInput where there is not one file, and no digest that could tell which there should be */
function openLogs(options: AuditOptions): AuditRun['logs'] {
  const digests = readDigestOptions(options);
  const logs = openLogFolders(listLogFolders(options), digests);
  return {
    ...logs,
    ...(logs.digests === undefined ? {} : { digests: refuseNone(options.digests ?? '', logs.digests) }),
    list: async (work) => {
      const found = await logs.list(work);
      if (found.files.count > 0 || digests !== undefined) return found;
      throw new InvalidInput(`--logs ${options.logs}: there is no file in it, so that nothing can be audited.`);
    },
  };
}

/** Of a wrong folder it would look as if all that vouched for the logs had been taken away. */
function refuseNone(folder: string, digests: NonNullable<LogSource['digests']>): typeof digests {
  const read = async () => {
    const found = await digests.read();
    if (found.length > 0) return found;
    throw new InvalidInput(
      `--digests ${folder}: there is no digest in it. Name the copy of CloudTrail-Digest; without --digests nothing vouches for the logs, and the report says so.`,
    );
  };
  return { ...digests, read };
}

function findInventory({ out, inventory, record, agreements, registry, certificates }: AuditOptions): string {
  if (record !== undefined) {
    const other = Object.entries({ '--inventory': inventory, '--registry': registry, '--certificates': certificates });
    for (const [option, value] of other)
      if (value !== undefined) throw new InvalidInput(`${option}: --record has that already. Name one of them.`);
    // What was kept there is removed before the audit begins.
    if (resolve(record) === resolve(out, INPUT_LABELS.record))
      throw new InvalidInput('--out: the pack would replace the record that it is made of. Name another folder.');
    return join(record, RECORD_FILES.inventory);
  }
  if (agreements === undefined)
    throw new InvalidInput('Name the folder of the agreements (--agreements), or the record of a room (--record).');
  return inventory ?? join(agreements, 'inventory.yaml');
}

function findKey({ key, agreements }: AuditOptions): string {
  if (key !== undefined) return key;
  if (agreements === undefined)
    throw new InvalidInput('--key: name the file of the key that signs; it is made where there is none.');
  return join(agreements, '.barter', 'keys', 'audit.pem');
}

function readDigestOptions({ digests, trailKeys }: AuditOptions): Parameters<typeof openLogFolders>[1] {
  if (digests === undefined) return undefined;
  requireFolder('--digests', digests);
  if (trailKeys === undefined) {
    throw new InvalidInput(
      'Digests are verified with keys from AWS: name with --trail-keys what `aws cloudtrail list-public-keys` gives for their time and region.',
    );
  }
  try {
    return { folder: digests, publicKeys: parseTrailKeys(trailKeys, readTextFile(trailKeys, trailKeys)) };
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput(error.message, { cause: error });
    throw error;
  }
}

function readTime(option: string, text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(time) || Number.isNaN(Date.parse(time))) {
    throw new InvalidInput(`${option} ${text} is neither a day (2026-03-01) nor a UTC time (2026-03-01T12:00:00Z).`);
  }
  return new Date(Date.parse(time)).toISOString().replace('.000Z', 'Z');
}
