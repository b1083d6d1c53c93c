import type { ReleaseRecord, RoundRecord } from '../enforcement/registry/registry-records';

/** One step on a round's way out of the escrow. Each can be done again without harm. */
export type PublicationStep =
  /** Puts a release where its receiver will find it, out of reach: an unfinalised revision, no grant. */
  | { readonly do: 'prepare'; readonly leg: string }
  /** Holds the release against its certificate. */
  | { readonly do: 'verify'; readonly leg: string }
  /** Writes that the round is being published. From here on it is published whole, or taken back whole. */
  | { readonly do: 'commit' }
  | { readonly do: 'finalise'; readonly leg: string }
  /** Writes that it is published: only now is anything granted. */
  | { readonly do: 'complete' }
  | { readonly do: 'revoke'; readonly leg: string }
  /** Writes that it is withheld, and why. */
  | { readonly do: 'withhold' };

export interface PublicationPlan {
  readonly kind: 'waits' | 'publish' | 'take-back' | 'done';
  /** Legs that have no certified release yet. */
  readonly missing: readonly string[];
  /** What is left to do, in this order. */
  readonly steps: readonly PublicationStep[];
  /** What is to be done instead from the first step that fails for good. */
  readonly compensation: readonly PublicationStep[];
}

/**
 * What is left to do for a round, from whatever point it has come to: prepare all, verify all, then finalise all. A crash at
 * any step is mended by planning again.
 * @param releases those of the round
 */
export function planPublication(round: RoundRecord, releases: readonly ReleaseRecord[]): PublicationPlan {
  const of = (leg: string) => releases.find((release) => release.round === round.day && release.leg === leg);
  const missing = round.legs.filter((leg) => of(leg) === undefined);
  const final = round.legs.filter((leg) => of(leg)?.state === 'final');
  const compensation: readonly PublicationStep[] = [
    ...round.legs.flatMap((leg) => (of(leg) === undefined ? [] : [{ do: 'revoke', leg } as const])),
    { do: 'withhold' },
  ];
  const finalise: readonly PublicationStep[] = [
    ...round.legs.filter((leg) => !final.includes(leg)).map((leg) => ({ do: 'finalise', leg }) as const),
    { do: 'complete' },
  ];
  switch (round.state) {
    case 'open':
      if (missing.length > 0) return { kind: 'waits', missing, steps: [], compensation };
      return {
        kind: 'publish',
        missing,
        steps: [
          ...round.legs.map((leg) => ({ do: 'prepare', leg }) as const),
          ...round.legs.map((leg) => ({ do: 'verify', leg }) as const),
          { do: 'commit' },
          ...finalise,
        ],
        compensation,
      };
    case 'publishing':
      // A release that is missing, or was revoked, after the commitment: the round cannot be whole any more.
      return missing.length > 0 || round.legs.some((leg) => of(leg)?.state === 'revoked')
        ? { kind: 'take-back', missing, steps: compensation, compensation }
        : { kind: 'publish', missing, steps: finalise, compensation };
    case 'withheld':
      return final.length > 0
        ? { kind: 'take-back', missing, steps: final.map((leg) => ({ do: 'revoke', leg })), compensation: [] }
        : { kind: 'done', missing, steps: [], compensation: [] };
    case 'published':
      return { kind: 'done', missing, steps: [], compensation: [] };
  }
}
