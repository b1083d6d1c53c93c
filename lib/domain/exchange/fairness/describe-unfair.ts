import { formatShare } from '../../format';
import type { PartyBalance } from '../rounds/round';

/** Who gets too little, and how much less the agreement allows. */
export function describeUnfair(outside: readonly PartyBalance[], tolerance: number): string {
  const each = outside.map(
    ({ party, difference = 0 }) => `${party} gets ${formatShare(-difference)} less than it gives`,
  );
  return `${each.join('; ')}; the agreement allows ${formatShare(tolerance)}`;
}
