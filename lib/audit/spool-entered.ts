import { openReported } from '../domain/audit/attribution/find-lateness';
import { readEntered } from '../domain/audit/ledger/read-entered';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import type { AuditLedger } from './audit-run';
import type { LedgerThen } from './mark-reported';
import { sha256 } from './node-crypto';
import type { ScanResult, ScanSetting } from './scan-files';
import { openScanSpool } from './scan-spool';

/**
 * What is entered in the ledger already. Read from the logs too, it is known again by its id. Of the time before the period,
 * what was entered after the report of that time was made is left out: nobody was told of it yet.
 * @param before what the ledger had when earlier reports were made
 */
export async function spoolEntered(
  ledger: AuditLedger,
  setting: ScanSetting & { readonly from: string; readonly to: string },
  before: readonly LedgerThen[],
): Promise<Pick<ScanResult, 'held' | 'reported'>> {
  const spool = openScanSpool(setting);
  const begin = Date.parse(setting.earlier?.begin ?? '');
  const isOfReport = openReported(setting.earlier?.periods ?? []);
  const known = before.map(({ period, entries }) => ({ isOf: openReported([period]), entries }));
  const isTold = (time: number, index: number) => known.some(({ isOf, entries }) => index < entries && isOf(time));
  const store = ledger.open();
  try {
    for await (const { access, index, leaf } of readEntered(sha256, { origin: ledger.origin, store }, setting)) {
      const time = Date.parse(access.at);
      if (time < begin && isOfReport(time) && !isTold(time, index)) continue;
      spool.put([LEDGER_EVIDENCE, leaf, index, access, []], true);
    }
  } finally {
    store.close();
  }
  return spool.finish();
}
