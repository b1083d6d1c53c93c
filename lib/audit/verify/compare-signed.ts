import type { Checkpoint } from '../../domain/audit/ledger/checkpoint';
import { formatBase64 } from '../../domain/bytes';
import { REPORT, readPackReport } from '../pack/read-pack-report';
import type { PackFinding } from './verify-pack';

/**
 * What a report says of when it was made, and of the ledger, against what was signed beside it.
 * @param produced by the manifest; undefined: it does not say
 * @param checkpoint undefined: none is signed, which is told elsewhere
 */
export function compareSigned(
  folder: string,
  produced: string | undefined,
  checkpoint: Checkpoint | undefined,
): readonly PackFinding[] {
  const header = readPackReport(folder)?.header;
  // That no report can be read is told with what follows from it.
  if (header === undefined) return [];
  const { ledger } = header;
  const isThen = produced === undefined || Date.parse(produced) === Date.parse(header.produced);
  const isOf =
    checkpoint === undefined ||
    (ledger?.origin === checkpoint.origin &&
      ledger.size === checkpoint.size &&
      ledger.root === formatBase64(checkpoint.root));
  return [
    ...(isThen ? [] : [{ file: REPORT, problem: 'it says that it was made at another time than the manifest' }]),
    ...(isOf ? [] : [{ file: REPORT, problem: 'what it says of the ledger is not what its checkpoint says' }]),
  ];
}
