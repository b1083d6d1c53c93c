import type { ReleaseRecord, RoundRecord } from '../../registry/round-records';
import type { Amended } from '../peers/find-amended';
import { listMissed } from './list-missed';

/** One step on a round's way out of the escrow. Each can be done again without harm. */
export type PublicationStep =
  /** Puts a release where its receiver will find it, out of reach: an unfinalised revision, no grant. */
  | { readonly do: 'prepare'; readonly leg: string }
  /** Holds the release against its certificate. */
  | { readonly do: 'verify'; readonly leg: string }
  /** Signs to the other peers' rooms that the release is ready. */
  | { readonly do: 'promise'; readonly leg: string }
  /** Writes that the round is being published. From here on it is published whole, or taken back whole. */
  | { readonly do: 'commit' }
  | { readonly do: 'finalise'; readonly leg: string }
  /** Writes that it is published: only now is anything granted. */
  | { readonly do: 'complete' }
  | { readonly do: 'revoke'; readonly leg: string }
  /** Writes that it is withheld, and why. */
  | { readonly do: 'withhold' };

interface PublicationPlan {
  readonly kind: 'waits' | 'promise' | 'publish' | 'take-back' | 'done';
  /** Legs that have no certified release yet. */
  readonly missing: readonly string[];
  /** Why it is taken back, where it is and no step failed. */
  readonly reason?: string;
  /** What is left to do, in this order. */
  readonly steps: readonly PublicationStep[];
  /** What is to be done instead from the first step that fails for good. */
  readonly compensation: readonly PublicationStep[];
}

/** Where a peer's own room stands in a round. */
export interface PeerSide {
  /** Legs that it gives. */
  readonly gives: readonly string[];
  /** Those of them that it has promised for this round. */
  readonly promised: readonly string[];
  /** Legs between others of which only the giver has spoken: they are not ready before their receiver stands behind that. */
  readonly unaccepted: readonly string[];
}

/**
 * What is left to do for a round, from whatever point it has come to: prepare all, verify all, then finalise all, those last and
 * without a pause between them that their receivers see by that. A crash at any step is mended by planning again.
 *
 * A peer's room does so with the legs that it gives: it promises them to the others once they are ready, and goes on when
 * every other leg of the round has been promised to it.
 *
 * A leg that the version in force has no more counts as missed. A release that was made by a version that treats its leg
 * otherwise does not go out: an open round waits for another in its place; where the round is being published, it is taken back.
 *
 * A peer's room promises a release once, and a round goes out where all have promised it under one version, whichever is in force by
 * then, as long as its legs go the same way. So all rooms come to the same end, however late each hears of an amendment. Where the
 * versions differ it is taken back, and not before every room has spoken: who has given is not late.
 * @param known releases of all rounds: its own, and what other peers' rooms have promised
 * @param shown legs whose releases are seen as soon as they are final
 */
export function planPublication(
  round: RoundRecord,
  known: readonly ReleaseRecord[],
  amended: Amended,
  shown: readonly string[],
  peer?: PeerSide,
): PublicationPlan {
  const { gone, outdated, apart } = amended;
  const isOutdated = ({ round: day, leg }: ReleaseRecord) =>
    day === round.day && outdated.some((each) => each.leg === leg);
  // Once it has begun all stood behind it.
  const isUnaccepted = ({ round: day, leg }: ReleaseRecord) =>
    round.state === 'open' && day === round.day && peer?.unaccepted.includes(leg) === true;
  const releases = known.filter((release) => !isOutdated(release) && !isUnaccepted(release));
  const of = (leg: string) => releases.find((release) => release.round === round.day && release.leg === leg);
  const isKnown = (leg: string) => known.some((release) => release.round === round.day && release.leg === leg);
  const own = round.legs.filter((leg) => peer?.gives.includes(leg) ?? true);
  const missing = round.legs.filter((leg) => of(leg) === undefined);
  // What other rooms say may come in another order than they said it: a room says of its own legs alone that they were missed.
  const missed = listMissed(round, releases).filter((leg) => own.includes(leg));
  const final = own.filter((leg) =>
    known.some((each) => each.round === round.day && each.leg === leg && each.state === 'final'),
  );
  const isTakenBack = own.some((leg) =>
    known.some((each) => each.round === round.day && each.leg === leg && each.state === 'revoked'),
  );
  const unpromised = peer === undefined ? [] : own.filter((leg) => !peer.promised.includes(leg));
  const compensation: readonly PublicationStep[] = [
    ...own.filter(isKnown).map((leg) => ({ do: 'revoke', leg }) as const),
    { do: 'withhold' },
  ];
  const ready: readonly PublicationStep[] = [
    ...own.map((leg) => ({ do: 'prepare', leg }) as const),
    ...own.map((leg) => ({ do: 'verify', leg }) as const),
    ...unpromised.map((leg) => ({ do: 'promise', leg }) as const),
  ];
  const left = own.filter((leg) => !final.includes(leg));
  const inOrder = left.toSorted((one, other) => Number(shown.includes(one)) - Number(shown.includes(other)));
  const finalise: readonly PublicationStep[] = [
    ...inOrder.map((leg) => ({ do: 'finalise', leg }) as const),
    { do: 'complete' },
  ];
  switch (round.state) {
    case 'open':
      if (gone.length > 0 || outdated.some(({ leg }) => peer?.promised.includes(leg)))
        return { kind: 'take-back', missing, reason: describeAmended(amended), steps: compensation, compensation };
      if (missed.length > 0) {
        const reason = `it was missed: nothing was delivered for it before the next round of ${missed.join(', ')}`;
        return { kind: 'take-back', missing, reason, steps: compensation, compensation };
      }
      // A release is revoked on the way to withholding its round: what an earlier call began goes on.
      if (isTakenBack) return { kind: 'take-back', missing, steps: compensation, compensation };
      if (missing.length === 0 && apart.length === 0)
        return { kind: 'publish', missing, steps: [...ready, { do: 'commit' }, ...finalise], compensation };
      // What is promised already need not be looked at again while others are not ready.
      if (unpromised.length > 0 && !own.some((leg) => missing.includes(leg)))
        return { kind: 'promise', missing, steps: ready, compensation };
      return missing.length === 0
        ? { kind: 'take-back', missing, reason: describeAmended(amended), steps: compensation, compensation }
        : { kind: 'waits', missing, steps: [], compensation };
    case 'publishing':
      if (gone.length > 0 || outdated.length > 0)
        return { kind: 'take-back', missing, reason: describeAmended(amended), steps: compensation, compensation };
      // A release that is missing, or was revoked, after the commitment: the round cannot be whole any more.
      return missing.length > 0 || isTakenBack
        ? { kind: 'take-back', missing, steps: compensation, compensation }
        : // Where an earlier call verified them and broke off, somebody may have been there since.
          {
            kind: 'publish',
            missing,
            steps: [...left.map((leg) => ({ do: 'verify', leg }) as const), ...finalise],
            compensation,
          };
    case 'withheld':
      return final.length > 0
        ? { kind: 'take-back', missing, steps: final.map((leg) => ({ do: 'revoke', leg })), compensation: [] }
        : { kind: 'done', missing, steps: [], compensation: [] };
    case 'published':
      return { kind: 'done', missing, steps: [], compensation: [] };
  }
}

/** Why what was given for a round does not go out as it is. */
export function describeAmended({ version, gone, outdated, apart }: Amended): string {
  const promises = apart.map(({ leg, version: under }) => `${leg} under version ${under}`).join(', ');
  return [
    ...(gone.length === 0 ? [] : [`it was missed: version ${version} has ${gone.join(', ')} no more`]),
    ...outdated.map(
      ({ leg, version: by }) => `${leg} was treated by version ${by}, and version ${version} treats it otherwise`,
    ),
    ...(apart.length === 0 ? [] : [`an amendment came between the promises: ${promises}`]),
  ].join('; ');
}
