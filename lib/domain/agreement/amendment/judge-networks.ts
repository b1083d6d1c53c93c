import { isInRange } from '../checks/address-range';
import type { Judge } from './rule';

/** Address ranges from which a party comes: a range that lies in one of before adds nothing. Without ranges any address is right. */
export const judgeNetworks: Judge<readonly string[]> = (before, after) => {
  if (before === undefined) return 'tightens';
  if (after === undefined || !liesIn(after, before)) return 'loosens';
  return liesIn(before, after) ? 'changes' : 'tightens';
};

/** The same where no ranges are no way in. */
export const judgeSftpRanges: Judge<readonly string[]> = (before = [], after = []) => judgeNetworks(before, after);

function liesIn(ranges: readonly string[], wider: readonly string[]): boolean {
  return ranges.every((range) => wider.some((each) => liesWithin(range, each)));
}

function liesWithin(cidr: string, wider: string): boolean {
  const length = (range: string) => Number(range.split('/')[1]);
  return length(cidr) >= length(wider) && isInRange(cidr.split('/')[0] ?? '', wider);
}
