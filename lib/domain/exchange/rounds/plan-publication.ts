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
  /**
   * Why it is taken back, where it is and no step failed: what was found first, once something was taken back for that. Of one that
   * goes out, why a leg of it does not.
   */
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
 * then, without the legs that were left out, or sent another way, since. So all rooms come to the same end, however late each hears
 * of an amendment. Where the versions differ it is taken back, and not before every room has spoken: who has given is not late. So it
 * is where a leg was left out before it was promised.
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
  const found = surveyRound(round, known, amended, peer);
  const { missing, final } = found;
  switch (round.state) {
    case 'open':
      return planOpen(found, amended, shown);
    case 'publishing':
      return planPublishing(found, amended, shown);
    case 'withheld':
      return {
        kind: final.length > 0 ? 'take-back' : 'done',
        ...{ missing, steps: eachOf('revoke', final), compensation: [] },
      };
    case 'published':
      return { kind: 'done', missing, steps: [], compensation: [] };
  }
}

/** How far a round has come: ids of legs. */
interface RoundSurvey {
  /** Given from here, and not fallen out of the round. */
  readonly own: readonly string[];
  /** Given from here once, fallen out of it, and not taken back yet. */
  readonly fallen: readonly string[];
  /** Of which there is no release that may go out. */
  readonly missing: readonly string[];
  /** Given from here, and for a later round by now. */
  readonly missed: readonly string[];
  /** Given from here, with a release in whatever state; what has fallen out too. */
  readonly known: readonly string[];
  readonly final: readonly string[];
  /** A release is revoked on the way to withholding its round. */
  readonly isTakenBack: boolean;
  /** What an earlier call has found, and has begun to take it back for. */
  readonly foundFirst?: string;
  readonly promised: readonly string[];
  /** Of a peer's room: given from here, and not promised yet. */
  readonly unpromised: readonly string[];
}

function surveyRound(
  round: RoundRecord,
  known: readonly ReleaseRecord[],
  { outdated, fallen }: Amended,
  peer: PeerSide | undefined,
): RoundSurvey {
  const isOutdated = ({ leg }: ReleaseRecord) => outdated.some((each) => each.leg === leg);
  // Once it has begun all stood behind it.
  const isUnaccepted = ({ leg }: ReleaseRecord) => round.state === 'open' && peer?.unaccepted.includes(leg) === true;
  const releases = known.filter((each) => each.round !== round.day || !(isOutdated(each) || isUnaccepted(each)));
  const ofRound = (some: readonly ReleaseRecord[]) => some.filter((each) => each.round === round.day);
  const given = round.legs.filter((leg) => peer?.gives.includes(leg) ?? true);
  const own = given.filter((leg) => !fallen.includes(leg));
  const givenIn = (...states: readonly ReleaseRecord['state'][]) =>
    given.filter((leg) =>
      ofRound(known).some((each) => each.leg === leg && (states.length === 0 || states.includes(each.state))),
    );
  const ownIn = (state: ReleaseRecord['state']) => givenIn(state).filter((leg) => own.includes(leg));
  const { promised = own } = peer ?? {};
  // What has fallen out is taken back while its round goes out, for which no reason is on record.
  const isBegun = round.state === 'open' || round.reason !== undefined;
  const isTakenBack = ownIn('revoked').length > 0 || (isBegun && givenIn('revoked').length > 0);
  return {
    own,
    fallen: givenIn('prepared', 'final').filter((leg) => fallen.includes(leg)),
    missing: round.legs.filter((leg) => !ofRound(releases).some((each) => each.leg === leg)),
    // What other rooms say may come in another order than they said it: a room says of its own legs alone that they were missed.
    missed: listMissed(round, releases).filter((leg) => own.includes(leg)),
    known: givenIn(),
    final: ownIn('final'),
    isTakenBack,
    ...(isTakenBack && round.reason !== undefined ? { foundFirst: round.reason } : {}),
    promised: peer?.promised ?? [],
    unpromised: own.filter((leg) => !promised.includes(leg)),
  };
}

function planOpen(found: RoundSurvey, amended: Amended, shown: readonly string[]): PublicationPlan {
  const { own, missing, missed, isTakenBack, unpromised } = found;
  const { gone, apart } = amended;
  if (gone.length > 0) return planTakingBack(found, describeAmended(amended));
  if (missed.length > 0)
    return planTakingBack(
      found,
      `it was missed: nothing was delivered for it before the next round of ${missed.join(', ')}`,
    );
  // What an earlier call began goes on.
  if (isTakenBack) return planTakingBack(found);
  const compensation = listCompensation(found);
  const ready = [...eachOf('prepare', own), ...eachOf('verify', own), ...eachOf('promise', unpromised)];
  if (missing.length === 0 && apart.length === 0) {
    const steps = [...ready, { do: 'commit' } as const, ...listFinalising(found, shown)];
    return { kind: 'publish', missing, ...describeFallen(amended), steps, compensation };
  }
  // What is promised already need not be looked at again while others are not ready.
  if (unpromised.length > 0 && !own.some((leg) => missing.includes(leg)))
    return { kind: 'promise', missing, steps: ready, compensation };
  if (missing.length === 0) return planTakingBack(found, describeAmended(amended));
  return { kind: 'waits', missing, steps: [], compensation };
}

function planPublishing(found: RoundSurvey, amended: Amended, shown: readonly string[]): PublicationPlan {
  const { own, missing, final, isTakenBack } = found;
  if (amended.gone.length > 0 || amended.outdated.length > 0) return planTakingBack(found, describeAmended(amended));
  // A release that is missing, or was revoked, after the commitment: the round cannot be whole any more.
  if (missing.length > 0 || isTakenBack) return planTakingBack(found);
  // Where an earlier call verified them and broke off, somebody may have been there since.
  const verify = eachOf(
    'verify',
    own.filter((leg) => !final.includes(leg)),
  );
  return {
    kind: 'publish',
    missing,
    ...describeFallen(amended),
    steps: [...verify, ...listFinalising(found, shown)],
    compensation: listCompensation(found),
  };
}

/** @param now what is found now; absent: nothing that an earlier call had not found */
function planTakingBack(found: RoundSurvey, now?: string): PublicationPlan {
  const steps = listCompensation(found);
  const { missing, foundFirst: reason = now } = found;
  return { kind: 'take-back', missing, ...(reason === undefined ? {} : { reason }), steps, compensation: steps };
}

function listCompensation({ known }: RoundSurvey): readonly PublicationStep[] {
  return [...eachOf('revoke', known), { do: 'withhold' }];
}

/** What its receiver sees at once comes last, and what has fallen out keeps nothing from going out. */
function listFinalising({ own, fallen, final }: RoundSurvey, shown: readonly string[]): readonly PublicationStep[] {
  const left = own.filter((leg) => !final.includes(leg));
  const inOrder = left.toSorted((one, other) => Number(shown.includes(one)) - Number(shown.includes(other)));
  return [...eachOf('finalise', inOrder), ...eachOf('revoke', fallen), { do: 'complete' }];
}

function eachOf(
  step: Extract<PublicationStep, { readonly leg: string }>['do'],
  legs: readonly string[],
): readonly PublicationStep[] {
  return legs.map((leg) => ({ do: step, leg }));
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

/** Why legs do not go out with a round that does. */
function describeFallen({ version, fallen }: Amended): { readonly reason?: string } {
  if (fallen.length === 0) return {};
  return { reason: `${fallen.join(', ')}: left out, or sent another way, by version ${version} or one before it` };
}
