import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Plan } from '../../domain/agreement/plan/plan';
import { planAgreement } from '../../domain/agreement/plan/plan-agreement';
import { planForSide } from '../../domain/agreement/plan/plan-for-side';
import { formatFinding } from '../../domain/agreement/yaml/finding';
import { type Handover, planHandover } from '../../domain/exchange/handover/plan-handover';
import { writeHandoverGuide } from '../../domain/exchange/handover/write-handover-guide';
import {
  type WarehouseSource,
  writeSnowflakeSetup,
  writeTransferJob,
} from '../../domain/exchange/handover/write-warehouse-setup';
import { compareSignedRoom } from '../../domain/room/compare-signed-room';
import { parseRoom } from '../../domain/room/parse-room';
import type { Room } from '../../domain/room/room';
import { sideOf } from '../../domain/room/side-of';
import { errorCode } from '../../error-code';
import { InvalidInput } from '../describe/exit-code';
import type { Terminal } from '../describe/terminal';
import { readAgreement } from '../read/read-agreement';
import { readTextFile, UnreadableFile } from '../read/read-text-file';

interface HandoverOptions {
  readonly party: string;
  readonly room?: string;
  readonly out?: string;
  readonly lakeBucket: string;
  readonly gcpProject: string;
}

export function addHandoverCommand(program: Command, terminal: Terminal): void {
  program
    .command('handover')
    .description(
      'write what a partner deploys and does on its own side: a template, a guide, what to run in its warehouse',
    )
    .argument('<agreement>', 'the agreement file (YAML)')
    .requiredOption('--party <id>', 'the partner, as the agreement names it')
    .option('--room <file>', 'the room that it barters with (default: room.yaml, where there is one)')
    .option('--out <dir>', 'where the files are written (default: out/handover/<agreement>/<party>)')
    .option(
      '--lake-bucket <name>',
      "the room's lake bucket, for a warehouse: an output of BarterRoomLake",
      'LAKE_BUCKET',
    )
    .option('--gcp-project <id>', "the partner's Google Cloud project, for a transfer job", 'PROJECT_ID')
    .addHelpText('after', '\nExample:\n  barter handover examples/telco-retail/agreement.yaml --party retail')
    .action((file: string, options: HandoverOptions) => {
      const plan = planAgreement(readAgreement(file, terminal));
      const { party } = options;
      const parties = plan.parties.map(({ id }) => id);
      if (!parties.includes(party))
        throw new InvalidInput(`there is no party ${party} in ${file}. There is: ${parties.join(', ')}.`);
      const written = readRoom(options.room);
      if (written !== undefined) requireSigned(plan, written);
      const room = written ?? { ...plan.room, ...NO_FILE };
      const handover = planHandover(planForSide(plan, sideOf(room)), party, room);
      if (handover === undefined)
        throw new InvalidInput(`${party} has nothing to set up: this room is its own, or has no dealings with it.`);
      const files = writeFiles(handover, options);
      const folder = options.out ?? join('out', 'handover', plan.agreement.id, party);
      save(folder, files);
      terminal.out(`Wrote ${Object.keys(files).join(', ')} to ${folder}.`);
      terminal.out(`Next: send them to ${handover.party.contacts.exchange}. Nothing in them is secret.`);
    });
}

type HandoverRoom = Pick<Room, 'account' | 'region' | 'sftp' | 'topology' | 'operatorParty'>;

const NO_FILE = { sftp: { kind: 'off' }, topology: { kind: 'hosted' } } as const;

/** What is handed over is where raw data go: to no room but the one that is signed. */
function requireSigned({ room, parties }: Plan, written: HandoverRoom): void {
  const ids = parties.map(({ id }) => id);
  const [other] = compareSignedRoom(room, written, ids);
  if (other !== undefined) throw new InvalidInput(`${other.path.join('.')}: ${other.problem}. ${other.remedy}`);
}

/** Undefined where none is named, and none lies here. */
function readRoom(file: string | undefined): HandoverRoom | undefined {
  if (file === undefined && !existsSync('room.yaml')) return undefined;
  try {
    const named = file ?? 'room.yaml';
    const reading = parseRoom(named, readTextFile(named, named));
    if (reading.kind === 'valid') return reading.room;
    throw new InvalidInput(reading.findings.map(formatFinding).join('\n'));
  } catch (error) {
    if (error instanceof UnreadableFile) throw new InvalidInput(formatFinding(error.finding), { cause: error });
    throw error;
  }
}

/** The library that makes templates is slow to load, and only this command needs it. */
function synthesize(handover: Handover): object {
  // `import()` would bypass the loader that bin/barter.js puts in place.
  const {
    synthesizeHandover,
  }: typeof import('../../stacks/handover/partner-handover-stack') = require('../../stacks/handover/partner-handover-stack');
  const outdir = mkdtempSync(join(tmpdir(), 'barter-handover-'));
  try {
    return synthesizeHandover(handover, outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Text by file name. */
function writeFiles(handover: Handover, { lakeBucket, gcpProject }: HandoverOptions): Readonly<Record<string, string>> {
  const warehouses: Record<string, string> = {};
  const texts: Record<string, string> = {};
  for (const { leg, title, prefix, warehouseRole = '' } of handover.gets) {
    const source: WarehouseSource = {
      name: `${handover.agreement.id}/${leg.id}`,
      title,
      roleArn: `arn:aws:iam::${handover.room.account ?? 'ROOM_ACCOUNT'}:role/${warehouseRole}`,
      bucket: lakeBucket,
      prefix,
    };
    const { via } = leg;
    if (via.kind === 'snowflake') {
      warehouses[leg.id] = `${leg.id}.snowflake.sql`;
      texts[`${leg.id}.snowflake.sql`] = writeSnowflakeSetup(source, via);
    }
    if (via.kind === 'gcs') {
      warehouses[leg.id] = `${leg.id}.transfer-job.json`;
      texts[`${leg.id}.transfer-job.json`] = writeTransferJob(source, via, handover.term, gcpProject);
    }
  }
  return {
    'template.json': `${JSON.stringify(synthesize(handover), null, 2)}\n`,
    'guide.md': writeHandoverGuide(handover, { template: 'template.json', warehouses }),
    ...texts,
  };
}

function save(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    const problem = `${folder} cannot be written (${String(errorCode(error))}). Name another folder with --out.`;
    throw new InvalidInput(problem, { cause: error });
  }
}
