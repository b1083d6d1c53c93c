import type { PlannedParty } from '../plan/plan';
import { NONE } from './amendment-change';
import { judgeNetworks, judgeSftpRanges } from './judge-networks';
import { cannotBeOrdered, changes, moreLoosens, thereLoosens } from './orders';
import { type Rules, rule } from './rule';
import { sayList } from './say';

/** Who may come in as a party, and from where, is what the others open their data to. */
export const PARTY_RULES: Rules = {
  'parties.*.name': rule(changes),
  'parties.*.contacts': rule(changes, ({ exchange, privacy, security = NONE }: PlannedParty['contacts']) =>
    [exchange, privacy, security].join(', '),
  ),
  'parties.*.account': rule(cannotBeOrdered),
  'parties.*.jurisdiction': rule(cannotBeOrdered),
  'parties.*.signingKey': rule(cannotBeOrdered),
  'parties.*.networks': rule(judgeNetworks, sayList),
  'parties.*.sftp.cidrs': rule(judgeSftpRanges, sayList),
  'parties.*.sftp.publicKeys': rule(moreLoosens, sayList),
  'parties.*.givesNothing': rule(thereLoosens),
  'parties.*.getsNothing': rule(thereLoosens),
};
