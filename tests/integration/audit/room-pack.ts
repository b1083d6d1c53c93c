import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../../../lib/audit/grounds/inventory';
import { placeRecorded } from '../../../lib/audit/grounds/place-recorded';
import { openRecordKeeper, RECORD_FILES } from '../../../lib/audit/grounds/record-folder';
import { openLedgerFolder } from '../../../lib/audit/ledger/ledger-folder';
import type { NoteSigner } from '../../../lib/audit/ledger/note-signer';
import { runAudit } from '../../../lib/audit/run-audit';
import { nameLinkSession } from '../../../lib/domain/enforcement/doors/link-session';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { decide, PURCHASES, USAGE } from '../../unit/audit/attribution/agreements';
import {
  BUCKET,
  LEDGER,
  makeDecrypt,
  makeDoorUse,
  makeLakeRead,
  makeLinkRead,
  makeS3Read,
  makeSftpDownload,
  makeSftpUpload,
  makeSignIn,
  makeTrailChange,
  PARTNER,
  REGION,
  ROOM,
  type Sighting,
} from '../../unit/audit/scenario';
import { makeFolder, OUTPUTS, prepareTrial, writeLogs } from './audit-trial';

/* A room with what is on record of it, and packs of its accesses. */

export const STRANGER = '777788889999';
const INVENTORY = {
  room: {
    account: ROOM,
    region: REGION,
    landingBucket: BUCKET,
    lakeBucket: BUCKET,
    ledgerBucket: LEDGER,
    accounts: [],
    topology: 'hosted',
  },
  trails: [],
  selectors: {},
  functions: ['BarterRoomIntake-A', 'by-hand'].map((name) => ({
    name,
    code: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
    changed: '2026-01-05T10:00:00.000Z',
  })),
  agreements: {},
} satisfies Inventory;
const VERSIONS = new Map([[TELCO_RETAIL_PLAN.agreement.id, [TELCO_RETAIL_PLAN]]]);

/** In force at all accesses; run out before; of another leg. */
export const HELD = decide({ id: '2026-02-01T00:00:00Z/held' });
/** As a row tells it. */
export const HELD_TOLD = { id: HELD.id, effect: HELD.effect, clause: HELD.clause };
/** Gave a link. */
export const LINKED = decide({ id: '2026-03-01T08:04:30Z/linked', at: '2026-03-01T08:04:30Z' });
export const ENDED = decide({ id: 'ended', at: '2026-01-15T00:00:00Z', until: '2026-01-20T00:00:00Z' });
export const UPLOADS = decide({ id: 'uploads', leg: PURCHASES, clause: '2.1' });
/** Between others. */
const OTHERS = decide({ id: 'others', party: 'third', leg: 'elsewhere' });
export const DECISIONS = [HELD, LINKED, ENDED, UPLOADS, OTHERS];

export const RELEASE = `telco-retail-2026/${USAGE}/round=1`;
export const LANDING = 'telco-retail-2026/purchases/upload';
export const PARTY = 'barter-party-telco-retail-2026.retail';

/** A day in which each way of being found is gone. */
export function makeDay() {
  const at = (minute: number) => `2026-03-01T08:${String(minute).padStart(2, '0')}:00Z`;
  return [
    ...makeS3Read({ key: `${RELEASE}/a`, at: at(1), account: PARTNER }),
    ...makeLakeRead({ keys: [`${RELEASE}/b`, `${RELEASE}/c`], at: at(2), account: PARTNER }),
    ...makeLakeRead({ keys: [`${RELEASE}/d`], at: at(3), account: PARTNER, sourceIdentity: true }),
    ...makeSftpUpload({ user: 'telco-retail-2026.retail', key: `${LANDING}/e.csv`, at: at(4) }),
    ...makeLinkRead({ session: nameLinkSession('linked'), key: `${RELEASE}/f`, at: at(5) }),
    ...makeSignIn({ role: PARTY, at: at(6), by: { kind: 'account', account: PARTNER } }),
    ...makeDoorUse({ role: PARTY, at: at(7), operation: 'PutObject', key: `${LANDING}/g.csv` }),
    makeDecrypt({ key: `${RELEASE}/a`, at: at(8), account: PARTNER }),
    ...makeS3Read({ key: `${RELEASE}/h`, at: at(9), account: STRANGER }),
    ...makeS3Read({ key: `${RELEASE}/i`, at: at(10), account: ROOM }),
    ...makeSignIn({ role: PARTY, at: at(11), by: { kind: 'own' } }),
    makeTrailChange(at(12)),
    ...makeSftpDownload({ user: 'telco-retail-2026.retail', keys: [`${RELEASE}/k`], at: at(13), ip: '192.0.2.7' }),
  ];
}

export interface Pack {
  readonly folder: string;
  readonly signer: NoteSigner;
}

function shareLedger({ folder }: Pack) {
  return { origin: 'room/trial', open: () => openLedgerFolder(join(folder, 'ledger')) };
}

export async function makePack(
  decisions = DECISIONS,
  more: readonly Sighting[] = [],
  earlier?: Pack,
  to = '2026-03-02T00:00:00Z',
  day: readonly Sighting[] = makeDay(),
  putMore: (logs: string) => unknown = () => {},
) {
  const logs = makeFolder();
  putMore(logs);
  writeLogs(logs, [...day, ...more], 3);
  const run = prepareTrial(logs, {
    ...placeRecorded({ recorded: [], unrecorded: VERSIONS }, INVENTORY),
    decisions,
    ...(earlier === undefined ? {} : { signer: earlier.signer, ledger: shareLedger(earlier) }),
    functions: INVENTORY.functions,
    from: '2026-03-01T00:00:00Z',
    to,
  });
  const keeper = openRecordKeeper(run.out);
  const { id, version, content } = TELCO_RETAIL_PLAN.agreement;
  keeper.putLines(RECORD_FILES.agreements, [{ agreement: id, version, content, plan: TELCO_RETAIL_PLAN }]);
  keeper.putLines(RECORD_FILES.decisions, decisions);
  keeper.putValue(RECORD_FILES.inventory, INVENTORY);
  await keeper.finish();
  const { parties } = await runAudit({ ...run, parties: join(run.out, '..', 'parties') }, OUTPUTS);
  const of = (id: string) => parties.find(({ party }) => party === id)!.folder;
  return { folder: run.out, signer: run.signer, retail: of('retail'), logs };
}

export function readLines<T>(path: string): readonly T[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
