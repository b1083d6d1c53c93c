import type { AgreementInForce, LegPlace } from '../attribution/agreement-in-force';
import type { Candidate } from '../attribution/attribution';
import type { ReportedAccess, ReportedResource } from './reported-access';
import type { CertifiedRelease, ReportedConduct } from './reported-conduct';

/** What of a room's report is a party's business: what it did, and what was done with what it gives or gets. */
export interface PartyConcern {
  readonly agreement: string;
  readonly party: string;
  readonly isOwn: (access: ReportedAccess) => boolean;
  readonly isOwnLeg: (leg: string) => boolean;
  readonly selectConduct: (conduct: ReportedConduct) => ReportedConduct;
}

/** @param agreements all versions of the one agreement */
export function concernParty(agreement: string, party: string, agreements: readonly AgreementInForce[]): PartyConcern {
  const legs = agreements.flatMap(({ plan }) => plan.legs.filter(({ from, to }) => from === party || to === party));
  const own = new Set(legs.map(({ id }) => id));
  const places = agreements.flatMap((each) => each.places.filter(({ leg }) => own.has(leg)));
  const accounts = new Set(
    agreements.flatMap(({ plan }) => plan.parties.flatMap(({ id, account }) => (id === party ? [account] : []))),
  );
  const isOwnCandidate = (candidate: Pick<Candidate, 'party' | 'agreement' | 'leg'>) =>
    candidate.agreement.id === agreement && (candidate.party === party || own.has(candidate.leg));
  return {
    agreement,
    party,
    isOwnLeg: (leg) => own.has(leg),
    isOwn: ({ explained, resource, actor }) => {
      switch (explained.kind) {
        case 'attributed':
          return isOwnCandidate(explained);
        case 'ambiguous':
          return explained.candidates.some(isOwnCandidate);
        case 'unattributed':
          return accounts.has(actor.account ?? '') || places.some(({ at }) => isPlaced(at, resource));
        case 'internal':
          return false;
      }
    },
    selectConduct: ({ breaches, rounds, releases, attestations }) => {
      const isOf = (release: CertifiedRelease) => release.agreement.id === agreement && own.has(release.leg);
      return {
        breaches: breaches.filter(
          (breach) =>
            breach.agreement === agreement &&
            (breach.party === party || (breach.leg !== undefined && own.has(breach.leg))),
        ),
        rounds: rounds.filter((round) => round.agreement.id === agreement),
        releases: releases.filter(isOf),
        attestations: attestations.filter((each) => each.agreement === agreement && own.has(each.leg)),
      };
    },
  };
}

function isPlaced(at: LegPlace['at'], { kind, name }: ReportedResource): boolean {
  switch (at.kind) {
    case 'objects':
      return kind === 'object' && name.startsWith(`${at.bucket}/${at.prefix}`);
    case 'data-set':
      return kind === 'data-set' && (name === at.id || name.startsWith(`${at.id}/`));
    case 'table':
    case 'key':
      return kind === at.kind && name === at.arn;
  }
}
