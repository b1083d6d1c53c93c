import { openReported, type ReportedPeriod } from '../../domain/audit/attribution/find-lateness';
import type { Checkpoint } from '../../domain/audit/ledger/checkpoint';
import { type EnteredHours, readEntered } from '../../domain/audit/ledger/read-entered';
import { completeLedger } from '../../domain/audit/ledger/record-accesses';
import { openTold, type ToldEntries } from '../../domain/audit/ledger/told-entries';
import { LEDGER_EVIDENCE } from '../../domain/audit/ledger-evidence';
import type { AuditLedger } from '../audit-run';
import type { ScanResult, ScanSetting } from '../logs/scan-files';
import { openScanSpool } from '../logs/scan-spool';
import { sha256 } from '../node-crypto';

const HOUR_MS = 60 * 60 * 1000;

interface EnteredSpool extends Pick<ScanResult, 'held'> {
  /** What the ledger had come to when it was read. */
  readonly checkpoint: Checkpoint;
}

/**
 * What is entered in the ledger already: of the period, and of the time before what no report told of yet and what lies around
 * that which came late. Read from the logs too, it is known again by its id.
 * @param late hours, `YYYY-MM-DDTHH`, of the time before of which logs tell something that came late
 * @param before what reports of the time before told of the ledger
 */
export async function spoolEntered(
  ledger: AuditLedger,
  setting: ScanSetting & ReportedPeriod,
  late: Iterable<string>,
  before: readonly ToldEntries[],
): Promise<EnteredSpool> {
  const spool = openScanSpool(setting);
  const { isTold, listUntold } = openTold(before);
  const whole: readonly EnteredHours[] = [setting, ...[...late].map(hoursAround)];
  const isWhole = openReported(whole);
  const store = ledger.open();
  try {
    const checkpoint = await completeLedger(sha256, ledger.origin, store);
    const wanted = [...whole, ...listUntold()];
    for await (const { access, index, leaf } of readEntered(sha256, store, checkpoint.size, wanted)) {
      const time = Date.parse(access.at);
      if (isWhole(time) || !isTold(time, index)) spool.put([LEDGER_EVIDENCE, leaf, index, access, []]);
    }
    return { held: spool.finish().held, checkpoint };
  } finally {
    store.close();
  }
}

/** An access may belong to one in the hour before or after. */
function hoursAround(hour: string): ReportedPeriod {
  const start = Date.parse(`${hour}:00:00Z`);
  return { from: new Date(start - HOUR_MS).toISOString(), to: new Date(start + 2 * HOUR_MS).toISOString() };
}
