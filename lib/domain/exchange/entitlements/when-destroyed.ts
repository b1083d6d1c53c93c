import type { Conduct } from '../../registry/conduct';

/** When a receiver attested that a release is destroyed: of the release itself, or of all that came by its leg; undefined where it did not. */
export function whenDestroyed(
  leg: string,
  round: string,
  { attestations, releaseAttestations }: Pick<Conduct, 'attestations' | 'releaseAttestations'>,
): string | undefined {
  const own = releaseAttestations.find((each) => each.leg === leg && each.round === round);
  return (own ?? attestations.find((each) => each.leg === leg))?.at;
}
