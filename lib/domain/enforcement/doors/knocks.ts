import { isInRange } from '../../agreement/checks/address-range';
import type { DecisionRecord, KnocksRecord } from '../../registry/door-records';
import { NO_AGREEMENT } from '../policies/describe-refusal';
import { plainAddress } from './plain-address';

/** Somebody who was refused at a door, as it is counted. */
export interface Knock extends Pick<KnocksRecord, 'agreement' | 'day' | 'slot' | 'reason'> {
  readonly network: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** Groups of networks that strangers are counted in: whoever has many addresses makes no more records than that in a day. */
const GROUPS = 16;
/** Networks that a record names. */
const NAMED = 20;

/**
 * How a refusal is counted: of a party by its reason, of strangers by reason and group of networks.
 * @param source an IP address, or an account
 */
export function describeKnock({ agreement, party, reason, at }: DecisionRecord, source: string): Knock {
  const network = /^\d{12}$/.test(source) ? source : networkOf(source);
  const slot = agreement.id === NO_AGREEMENT ? `${reason}:${groupOf(network)}` : `${party ?? 'nobody'}:${reason}`;
  return { agreement: agreement.id, day: at.slice(0, 10), slot, reason, network, at };
}

/** @param times how many like it, at the least one */
export function addKnocks(before: KnocksRecord | undefined, knock: Knock, times: number): KnocksRecord {
  const { network, at, ...slot } = knock;
  if (before === undefined)
    return { ...slot, count: times, first: at, last: at, networks: [{ network, count: times }] };
  const isNamed = before.networks.some((each) => each.network === network);
  const networks = before.networks.map((each) =>
    each.network === network ? { network, count: each.count + times } : each,
  );
  return {
    ...before,
    count: before.count + times,
    last: at,
    networks: isNamed || networks.length >= NAMED ? networks : [...networks, { network, count: times }],
  };
}

/** What one subscriber of a provider usually has at the least: 256 addresses of version 4, a /48 of version 6. */
function networkOf(ip: string): string {
  const address = plainAddress(ip);
  if (address === undefined) return 'none';
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = ''] = address.toLowerCase().split('::');
  const parts = [...head.split(':'), '0', '0', '0'].slice(0, 3).map((part) => Number.parseInt(part || '0', 16));
  const network = `${parts.map((part) => part.toString(16)).join(':')}::/48`;
  return isInRange(address, network) ? network : 'none';
}

function groupOf(network: string): number {
  let sum = 0;
  for (const character of network) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return sum % GROUPS;
}
