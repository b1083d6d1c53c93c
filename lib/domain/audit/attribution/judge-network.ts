import { isInRange } from '../../agreement/checks/address-range';
import type { Access } from '../access';
import { reachOfAct } from '../reach-of-act';
import type { Attributed } from './attribution';

/**
 * Judges from where a party reached what it gets: a decision knows no address, and from a network that was not agreed it lets
 * nobody do anything.
 */
export function judgeNetwork(
  { networks }: Pick<Attributed, 'networks'>,
  { act, client }: { readonly act: Access['act']; readonly client?: Access['client'] },
): 'foreign-network' | undefined {
  const [reach, ip] = [reachOfAct(act), client?.ip];
  if (networks === undefined || ip === undefined || (reach !== 'taken' && reach !== 'opened')) return undefined;
  // Where a service of AWS reads on the party's behalf, the log names the service and no address.
  const isAddress = /^[\d.]+$|:/.test(ip);
  return isAddress && !networks.some((cidr) => isInRange(ip, cidr)) ? 'foreign-network' : undefined;
}
