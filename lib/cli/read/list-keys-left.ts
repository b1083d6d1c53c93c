import { dirname, join } from 'node:path';
import type { AgreementOnRecord } from '../../domain/registry/read-conduct';
import { listMasterKeyFiles } from '../../rehearsal/master-key';

/** Files of givers' keys that lie beside an agreement, though it is over. */
export function listKeysLeft(file: string, { current: { agreement, state } }: AgreementOnRecord): readonly string[] {
  if (state !== 'ended' && state !== 'settled') return [];
  return listMasterKeyFiles(join(dirname(file), '.barter', 'keys'), agreement);
}
