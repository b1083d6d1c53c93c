import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import {
  type ExpectedGrant,
  findGranted,
  type GrantsSeen,
  listExpectedGrants,
  NO_GRANTS_SEEN,
  type ReceivedGrant,
} from '../../lib/domain/exchange/peers/find-granted';
import type { PeerWords } from '../../lib/domain/exchange/peers/list-owed-grants';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { CommitmentRecord, Equivocation } from '../../lib/domain/registry/round-records';
import { describeError } from '../shared/describe-error';
import { listTakenGrants, type TakenGrant } from '../shared/exchange-grants';
import { listShown } from '../shared/exchange-revisions';
import type { Log } from '../shared/log';

/** What AWS tells of the grants by which releases may have come. */
export type SeeGrants = (expected: readonly ExpectedGrant[]) => Promise<readonly ReceivedGrant[]>;

/** What peers' rooms have said, and what AWS tells of it. */
export interface HeardAndSeen extends PeerWords {
  readonly commitments: readonly CommitmentRecord[];
  readonly equivocations: readonly Equivocation[];
  readonly grants: GrantsSeen;
}

interface Watcher {
  readonly registry: Registry;
  readonly seeGrants: SeeGrants;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/**
 * Reads what peers' rooms have said, and asks AWS for what they owe by a data grant: what is there is on record, and asked for
 * no more. That AWS could not be asked is told, and keeps nothing else from being done. Nothing is asked in a room for all.
 */
export async function hearAndSee(watcher: Watcher, on: AgreementOnRecord): Promise<HeardAndSeen> {
  if (on.plan.side.kind !== 'peer') return { commitments: [], equivocations: [], grants: NO_GRANTS_SEEN };
  const { registry } = watcher;
  const { agreement } = on.current;
  const commitments = await registry.commitments(agreement).list();
  const equivocations = await registry.equivocations(agreement).list();
  return { commitments, equivocations, grants: await see(watcher, on, { commitments, equivocations }) };
}

async function see(
  { registry, seeGrants, now, log }: Watcher,
  on: AgreementOnRecord,
  words: PeerWords,
): Promise<GrantsSeen> {
  const { agreement } = on.current;
  const seen = await registry.seenGrants(agreement).list();
  const expected = listExpectedGrants(on, words, seen, now());
  if (expected.length === 0) return { seen, waiting: [] };
  const received = await seeGrants(expected).catch((error: unknown) => describeError(error));
  if (typeof received === 'string') return { seen, waiting: [], unasked: received };
  const { shown, waiting } = findGranted(expected, received);
  const found = shown.map((each) => ({ agreement, ...each, at: now() }));
  for (const each of found) {
    await registry.seenGrants(agreement).create(each);
    // As if its giver had said so: whoever grants need not speak.
    await registry
      .releases(agreement)
      .change([each.round, each.leg], (release) =>
        release.state === 'prepared' ? { ...release, state: 'final', at: each.at } : undefined,
      );
    log.info('A peer’s grant was seen', { agreement, leg: each.leg, round: each.round });
  }
  return { seen: [...seen, ...found], waiting };
}

/** One list serves all agreements of a run; of those that are looked for, what they show is asked where they are accepted. */
export function openGrantsSeen(client: DataExchangeClient): SeeGrants {
  let taken: Promise<readonly TakenGrant[]> | undefined;
  return async (expected) => {
    taken ??= listTakenGrants(client);
    const own = (await taken).filter(({ name, sender }) =>
      expected.some((each) => each.name === name && each.sender === sender),
    );
    return Promise.all(
      own.map(async ({ grant, name, sender, isAccepted, dataSet }) => ({
        grant,
        name,
        sender,
        ...(isAccepted ? { shows: (await listShown(client, dataSet)).map(({ release }) => release) } : {}),
      })),
    );
  };
}
