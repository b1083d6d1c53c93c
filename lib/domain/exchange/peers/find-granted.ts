import type { AgreementOnRecord } from '../../registry/read-conduct';
import type { SeenGrantRecord } from '../../registry/round-records';
import { findOver } from '../rounds/find-over';
import { nameEntitlement, nameRelease } from '../rounds/name-release';
import { listOwedGrants, type PeerWords } from './list-owed-grants';

/** One leg's release of one round. */
interface RoundOfLeg {
  readonly leg: string;
  /** Its day. */
  readonly round: string;
}

/** A release that a peer's room owes by a data grant: AWS tells the receiver's account whether it is there. */
export interface ExpectedGrant extends RoundOfLeg {
  /** The giver's account: 12 digits. */
  readonly sender: string;
  /** As the giver's room names the grant, and the revision that carries the release. */
  readonly name: string;
  readonly release: string;
}

/** A data grant that this account was given. */
export interface ReceivedGrant {
  /** Its ARN. */
  readonly grant: string;
  readonly name: string;
  /** The account that gave it: 12 digits. */
  readonly sender: string;
  /** Names of the releases that it shows; absent while it waits for acceptance, and shows nothing to anybody. */
  readonly shows?: readonly string[];
}

/** What AWS tells of the data grants that peers' rooms owe to this side. */
export interface GrantsSeen {
  /** On record: what was once granted and seen is given. */
  readonly seen: readonly SeenGrantRecord[];
  /** Granted, as far as can be seen before this side has accepted. */
  readonly waiting: readonly RoundOfLeg[];
  /** Why AWS could not be asked; then nobody is accused of what was not seen. */
  readonly unasked?: string;
}

export const NO_GRANTS_SEEN: GrantsSeen = { seen: [], waiting: [] };

/** Whether AWS tells its receiver that a leg is granted. No other way of delivery shows in a list of the receiver's account. */
export function isSeenByReceiver({ via }: { readonly via: { readonly kind: string } }): boolean {
  return via.kind === 'data-grant';
}

/**
 * What AWS has to be asked about: what is owed by a data grant, or was not granted in time, and was not seen yet. Nothing once
 * the agreement is over.
 * @param now UTC, ISO 8601
 */
export function listExpectedGrants(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  words: PeerWords,
  seen: readonly RoundOfLeg[],
  now: string,
): readonly ExpectedGrant[] {
  if (findOver(plan, conduct, now) !== undefined) return [];
  const owed = listOwedGrants({ plan, conduct }, words, now).map(({ leg, round }) => ({ leg: leg.id, round }));
  const broken = conduct.breaches.flatMap(({ kind, leg = '', round = '', resolvedAt }) =>
    kind === 'committed-not-granted' && resolvedAt === undefined ? [{ leg, round }] : [],
  );
  const asked = [...owed, ...broken.filter((each) => !holds(owed, each))].filter((each) => !holds(seen, each));
  return asked.flatMap(({ leg: id, round }) => {
    const leg = plan.incoming.find((each) => each.id === id && isSeenByReceiver(each));
    const sender = plan.parties.find((party) => party.id === leg?.from)?.account;
    if (leg === undefined || sender === undefined) return [];
    const { id: agreement } = plan.agreement;
    const names = { name: nameEntitlement(agreement, id), release: nameRelease(agreement, id, round) };
    return [{ leg: id, round, sender, ...names }];
  });
}

/**
 * Which of the expected are there, by what AWS tells: a name is its sender's word, its account is not. A grant that is accepted
 * has to show the release; one that waits can show none, and that it is accepted is the receiver's own affair.
 */
export function findGranted(
  expected: readonly ExpectedGrant[],
  received: readonly ReceivedGrant[],
): { readonly shown: readonly (RoundOfLeg & { readonly grant: string })[]; readonly waiting: readonly RoundOfLeg[] } {
  const looks = expected.map(({ leg, round, sender, name, release }) => {
    const own = received.filter((each) => each.sender === sender && each.name === name);
    const grant = own.find(({ shows }) => shows?.includes(release) === true)?.grant;
    return { leg, round, grant, waits: own.some(({ shows }) => shows === undefined) };
  });
  return {
    shown: looks.flatMap(({ leg, round, grant }) => (grant === undefined ? [] : [{ leg, round, grant }])),
    waiting: looks.flatMap(({ leg, round, grant, waits }) => (grant === undefined && waits ? [{ leg, round }] : [])),
  };
}

export function holds(those: readonly RoundOfLeg[], { leg, round }: RoundOfLeg): boolean {
  return those.some((each) => each.leg === leg && each.round === round);
}
