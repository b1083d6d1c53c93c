import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../../lib/audit/ledger/ledger-folder';
import { type NoteSigner, openNoteSigner } from '../../../../lib/audit/ledger/note-signer';
import { publishCheckpointAndKey } from '../../../../lib/audit/ledger/publish-checkpoint';
import { sha256 } from '../../../../lib/audit/node-crypto';
import { starterAgreement } from '../../../../lib/domain/agreement/starter-agreement';
import type { Access } from '../../../../lib/domain/audit/access';
import { recordAccesses } from '../../../../lib/domain/audit/ledger/record-accesses';
import { isInternal } from '../../../../lib/domain/audit/records/glance-at-record';
import { readBusEvent } from '../../../../lib/domain/audit/records/read-bus-event';
import { readCloudTrailRecord } from '../../../../lib/domain/audit/records/read-cloudtrail-record';
import { makeSigningKey } from '../../../../lib/signing-key';
import { runAuditCommand } from '../../cli/run-audit-command';
import { makeFolder, put } from '../audit-trial';
import { type Delivered, deliver, type LogFile } from './deliver';
import { type Draw, openDraw } from './draw';
import {
  AGREEMENT,
  alter,
  DATA_SETS,
  type Happening,
  HOUR,
  instant,
  isHeard,
  LEGS,
  openStage,
  play,
  REGION,
  SERVER,
  type Stage,
} from './happenings';

/* A room that is drawn, and the reports that whoever runs it makes, honestly: of one period or several, with what logs there are. */

const MINUTE = 60_000;

/** A pack, and what it can be verified with. */
export interface SeriesPack {
  readonly folder: string;
  /** For `barter verify`. */
  readonly logs: readonly string[];
  /** Folders of parties' own packs. */
  readonly parties: readonly { readonly name: string; readonly folder: string }[];
  readonly ledger: string;
  /** Packs that it follows, as it was told. */
  readonly earlier: readonly SeriesPack[];
}

/** How the reports of a room are made. */
interface Manner {
  readonly digests: boolean;
  readonly serverAccessLogs: boolean;
  readonly transferLogs: boolean;
  readonly earlier: boolean;
  readonly parties: boolean;
  /** The ledger lies beside the packs, not in the only one. */
  readonly besideLedger: boolean;
  /** The one report is of what the logs cover. */
  readonly openPeriod: boolean;
  readonly periods: readonly (readonly [from: number, to: number])[];
}

interface Room {
  readonly folder: string;
  readonly stage: Stage;
  readonly manner: Manner;
  readonly delivered: Delivered;
  /** Of those, files that nobody has any more. */
  readonly lost: ReadonlySet<string>;
  readonly signer: NoteSigner;
  readonly entered: Set<Happening>;
}

function drawManner({ draw, start, span }: Stage, isNamed: boolean): Manner {
  const earlier = draw.chance(0.6);
  const count = earlier || draw.chance(0.3) ? 2 + draw.below(2) : 1;
  const first = start + (draw.chance(0.5) ? 0 : draw.below(span / 4));
  const last = start + Math.floor(span * (draw.chance(0.5) ? 1 : 0.5 + draw.share() * 0.5));
  const between = Array.from({ length: count - 1 }, () => start + draw.below(span));
  const cuts = [first, ...between, last].map((at) => Math.floor(at / MINUTE) * MINUTE).toSorted((a, b) => a - b);
  const periods = cuts.slice(1).map((to, at) => [cuts[at]!, to] as const);
  return {
    digests: isNamed && draw.chance(0.6),
    serverAccessLogs: draw.chance(0.5),
    transferLogs: draw.chance(0.6),
    earlier,
    parties: draw.chance(0.7),
    besideLedger: count > 1 || draw.chance(0.5),
    openPeriod: count === 1 && draw.chance(0.2),
    periods: periods.filter(([from, to]) => to > from),
  };
}

/** Some files are lost for good, or only digests are. */
function drawLost({ draw }: Stage, { files }: Delivered, { digests }: Manner): ReadonlySet<string> {
  const shares = { digests: digests && draw.chance(0.5) ? 0.1 : 0, logs: draw.chance(0.3) ? 0.06 : 0 };
  const isLost = ({ kind }: LogFile) => (kind === 'digests' || kind === 'logs') && draw.chance(shares[kind]);
  return new Set(files.filter(isLost).map(({ path }) => path));
}

function makeInventory({ draw, room, isPeer, landing, lake, ledger }: Stage): object {
  const trail = { trail: 'barter-room', account: room, region: REGION, selectors: ['all'] };
  const other = { trail: 'other', account: room, region: 'eu-west-1' };
  const code = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=';
  const role = `arn:aws:iam::${room}:role/BarterAgreement-gym-gro-BygrocerSftp-1A`;
  const topology = isPeer ? { topology: 'peer', operatorParty: 'gym' } : { topology: 'hosted' };
  return {
    room: {
      account: room,
      region: REGION,
      landingBucket: landing,
      lakeBucket: lake,
      ledgerBucket: ledger,
      ...topology,
    },
    ...(draw.chance(0.7) && { trails: draw.chance(0.2) ? [trail, other] : [trail] }),
    ...(draw.chance(0.3) && { functions: [{ name: 'BarterRoomIntake-A', code, changed: '2026-01-05T10:00:00.000Z' }] }),
    agreements: {
      [AGREEMENT]: {
        dataSets: { [LEGS.orders]: DATA_SETS.own },
        granted: { [LEGS.orders]: [DATA_SETS.granted] },
        ...(draw.chance(0.4) && { sftpSessions: [{ party: 'grocer', role, server: SERVER }] }),
      },
    },
  };
}

/** A peer's room decides of its own leg alone. */
function makeDecisions({ draw, isPeer, start, span }: Stage): readonly object[] {
  const base = {
    effect: 'permit',
    agreement: { id: AGREEMENT, version: 1 },
    clause: '1.1',
    at: '2026-03-01T00:00:00Z',
  };
  const sometime = () => instant(start + draw.below(span));
  const own = [
    { ...base, id: 'd-gym', party: 'gym', leg: LEGS.visits },
    { ...base, id: 'd-visits', party: 'grocer', leg: LEGS.visits, until: sometime() },
  ];
  const others = [
    { ...base, id: 'd-grocer', party: 'grocer', leg: LEGS.orders },
    { ...base, id: 'd-orders', party: 'gym', leg: LEGS.orders },
  ];
  const forbidden = { ...base, id: 'd-forbid', effect: 'forbid', party: 'gym', at: sometime() };
  const leg = isPeer ? LEGS.visits : LEGS.orders;
  return [...own, ...(isPeer ? [] : others), ...(draw.chance(0.4) ? [{ ...forbidden, leg }] : [])];
}

function openRoom(draw: Draw): Room {
  const stage = openStage(draw);
  play(stage);
  const delivered = deliver(stage);
  const manner = drawManner(stage, delivered.isNamed);
  const folder = makeFolder();
  put(folder, 'agreements/agreement.yaml', starterAgreement);
  put(folder, 'agreements/inventory.yaml', JSON.stringify(makeInventory(stage)));
  put(folder, 'decisions.jsonl', formatLines(makeDecisions(stage)));
  put(folder, 'trail-keys.json', JSON.stringify(delivered.publicKeys));
  const key = join(folder, 'agreements', '.barter', 'keys', 'audit.pem');
  makeSigningKey(key);
  const signer = openNoteSigner(key, originOf(stage));
  return { folder, stage, manner, delivered, lost: drawLost(stage, delivered, manner), signer, entered: new Set() };
}

const originOf = ({ room }: Stage) => `barter-room/${room}`;
const formatLines = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** What was heard until then is entered as it happened, some of it other than the logs say. */
async function enter({ stage, entered, signer }: Room, ledger: string, until: number, altered: number): Promise<void> {
  const { happenings, room, draw } = stage;
  const heard = happenings.filter((each) => each.at < until && isHeard(each, room) && !entered.has(each));
  for (const each of heard) entered.add(each);
  const accesses = heard
    .flatMap((each) => readAccess(each, draw, altered))
    .filter((each) => !isInternal(each, new Set([room])));
  if (accesses.length === 0) return;
  const store = openLedgerFolder(ledger);
  await recordAccesses(sha256, originOf(stage), store, accesses, publishCheckpointAndKey(store, signer));
  store.close();
}

function readAccess(happening: Happening, draw: Draw, altered: number): readonly Access[] {
  if (happening.log !== 'trail' && happening.log !== 'bus') return [];
  const reading =
    happening.log === 'bus'
      ? readBusEvent(happening.event)
      : readCloudTrailRecord(draw.chance(altered) ? alter(happening.record, draw) : happening.record);
  return reading.kind === 'access' ? [reading.access] : [];
}

/** What was delivered until then, of all the time or of some hours around the period. @returns the options that name it */
function fetchLogs({ folder, stage, manner, delivered, lost }: Room, number: number, when: number): readonly string[] {
  const [from, to] = manner.periods[number]!;
  const isNear = stage.draw.chance(0.3);
  const below = (kind: string) => join(`copies-${number}`, kind);
  for (const { kind, path, delivered: at, bytes } of delivered.files) {
    if (at > when || lost.has(path)) continue;
    if (isNear && kind === 'logs' && (at < from - 6 * HOUR || at > to + 6 * HOUR)) continue;
    put(folder, join(below(kind), path), bytes);
  }
  const has = (kind: LogFile['kind'], isGiven = true) => isGiven && existsSync(join(folder, below(kind)));
  const name = (kind: LogFile['kind']) => [`--${kind}`, join(folder, below(kind))];
  const hasDigests = has('digests', manner.digests);
  if (hasDigests) put(folder, join(below('digests'), 'metadata.jsonl'), formatLines(delivered.signatures));
  return [
    ...name('logs'),
    ...(has('server-access-logs', manner.serverAccessLogs) ? name('server-access-logs') : []),
    ...(has('transfer-logs', manner.transferLogs) ? name('transfer-logs') : []),
    ...(hasDigests ? [...name('digests'), '--trail-keys', join(folder, 'trail-keys.json')] : []),
  ];
}

function listParties(folder: string): SeriesPack['parties'] {
  if (!existsSync(folder)) return [];
  const below = join(folder, AGREEMENT);
  return readdirSync(below).map((name) => ({ name, folder: join(below, name) }));
}

async function makeReport(room: Room, number: number, earlier: readonly SeriesPack[], altered: number) {
  const { folder, stage, manner } = room;
  const { draw } = stage;
  const [from, to] = manner.periods[number]!;
  const when = to + (draw.chance(0.7) ? HOUR * (1 + draw.below(4)) : draw.below(HOUR));
  const out = join(folder, `pack-${number}`);
  const ledger = manner.besideLedger ? join(folder, 'ledger') : join(out, 'ledger');
  if (draw.chance(0.7) || room.entered.size > 0) await enter(room, ledger, when, altered);
  const logs = fetchLogs(room, number, when);
  // Nothing was logged until then: there is nothing to audit.
  if (!existsSync(logs[1]!)) return undefined;
  const parties = join(folder, `parties-${number}`);
  const { code, said } = await runAuditCommand(
    'audit',
    ...['--agreements', join(folder, 'agreements'), '--decisions', join(folder, 'decisions.jsonl')],
    ...[...logs, '--out', out],
    ...(manner.openPeriod ? [] : ['--from', instant(from), '--to', instant(to)]),
    ...(manner.besideLedger ? ['--ledger', ledger] : []),
    ...(manner.parties ? ['--parties', parties] : []),
    ...(earlier.length > 0 ? ['--earlier', ...earlier.map((each) => each.folder)] : []),
  );
  expect([0, 3]).toContain(code);
  const key = said.trim().split(' ').at(-1)!;
  return { key, pack: { folder: out, logs, parties: listParties(parties), ledger, earlier } };
}

/**
 * The reports of a room that is drawn by a seed.
 * @param look is given every pack when it is made, and those before it
 */
export async function auditSeries(seed: number, look: (made: MadePack) => Promise<void>): Promise<void> {
  const draw = openDraw(seed);
  const room = openRoom(draw);
  const altered = draw.chance(0.3) ? 0.3 : 0;
  const before: SeriesPack[] = [];
  for (const number of room.manner.periods.keys()) {
    const made = await makeReport(room, number, room.manner.earlier ? [...before] : [], altered);
    if (made === undefined) continue;
    const { key, pack } = made;
    await look({ draw, key, signer: room.signer, pack, before: [...before] });
    before.push(pack);
  }
}

export interface MadePack {
  readonly draw: Draw;
  /** Of whoever signs, as `barter verify` takes it. */
  readonly key: string;
  readonly signer: NoteSigner;
  readonly pack: SeriesPack;
  readonly before: readonly SeriesPack[];
}
