import { readEntered } from '../domain/audit/ledger/read-entered';
import { LEDGER_EVIDENCE } from '../domain/audit/ledger-evidence';
import type { AuditLedger } from './audit-run';
import { sha256 } from './node-crypto';
import type { ScanResult, ScanSetting } from './scan-files';
import { openScanSpool } from './scan-spool';

/** What is entered in the ledger already. Read from the logs too, it is known again by its id. */
export async function spoolEntered(
  ledger: AuditLedger,
  setting: ScanSetting & { readonly from: string; readonly to: string },
): Promise<Pick<ScanResult, 'held' | 'reported'>> {
  const spool = openScanSpool(setting);
  const store = ledger.open();
  try {
    for await (const { access, index, leaf } of readEntered(sha256, { origin: ledger.origin, store }, setting))
      spool.put([LEDGER_EVIDENCE, leaf, index, access, []], true);
  } finally {
    store.close();
  }
  return spool.finish();
}
