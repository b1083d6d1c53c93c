import type { AgreementInForce, LegPlace } from '../../agreement/agreement-in-force';
import { isWordFor } from '../../enforcement/breaches/is-word-for';
import { type Concerning, isConcerned } from '../../enforcement/breaches/list-concerned';
import type { Candidate } from '../attribution/attribution';
import { nameInText, narrowAgreement, openOthers } from './narrow-agreement';
import type { Explanation, ReportedAccess, ReportedResource } from './reported-access';
import type { CertifiedRelease, ReportedConduct, ReportedRound } from './reported-conduct';

/** What of a room's report is a party's business: what it did, and what was done with what it gives or gets. */
export interface PartyConcern {
  readonly agreement: string;
  readonly party: string;
  readonly isOwn: (access: ReportedAccess) => boolean;
  readonly isOwnLeg: (leg: string) => boolean;
  /** What it was let do, or refused, and what others were on its legs. */
  readonly isOwnDecision: (decision: Pick<Candidate, 'party' | 'agreement' | 'leg'>) => boolean;
  readonly selectConduct: (conduct: ReportedConduct) => ReportedConduct;
  /** What of a version is told. */
  readonly narrow: (inForce: AgreementInForce) => AgreementInForce;
  /** What of an access is told: where more than one party or leg fits, its own. */
  readonly narrowRow: (row: ReportedAccess) => ReportedAccess;
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
  const narrowExplained = (explained: Explanation): Explanation => {
    if (explained.kind === 'ambiguous')
      return { ...explained, candidates: explained.candidates.filter(isOwnCandidate) };
    if (explained.kind !== 'unattributed' || explained.reached === undefined) return explained;
    const { reached, ...rest } = explained;
    return isOwnCandidate({ party: '', ...reached }) ? explained : rest;
  };
  const versions = agreements.map(({ plan }) => plan);
  /** As by letter and by the room's API, of the versions in force when it was, or since. */
  const isToldOf = (each: Concerning & { readonly agreement: string; readonly at: string }) => {
    if (each.agreement !== agreement) return false;
    const standing = agreements.filter(({ to }) => to === undefined || Date.parse(to) > Date.parse(each.at));
    return isConcerned(
      party,
      each,
      versions,
      standing.map(({ plan }) => plan),
    );
  };
  const isOthers = openOthers(party, agreements);
  const itself = [party, ...own].map(nameInText);
  const ofParties = agreements.flatMap(({ plan }) => plan.parties.map(({ id }) => nameInText(id)));
  /** Of a round that others have legs in: for whoever it names, and for all where it names nobody. */
  const isToldTo = (reason: string) =>
    !isOthers(reason) && (itself.some((name) => name.test(reason)) || !ofParties.some((name) => name.test(reason)));
  const narrowRound = ({ reason, ...round }: ReportedRound): readonly ReportedRound[] => {
    const kept = round.legs.filter((leg) => own.has(leg));
    if (round.agreement.id !== agreement || kept.length === 0) return [];
    const isShared = kept.length < round.legs.length;
    const isTold = reason === undefined || (isShared ? isToldTo(reason) : !isOthers(reason));
    const told = isTold ? reason : OTHERS_REASON;
    const certified = round.certified.filter((leg) => own.has(leg));
    const worth = round.worth.filter(({ leg }) => own.has(leg));
    return [{ ...round, legs: kept, certified, worth, ...(told === undefined ? {} : { reason: told }) }];
  };
  return {
    agreement,
    party,
    narrow: (inForce) => narrowAgreement(inForce, party, isOthers),
    narrowRow: (row) => ({ ...row, explained: narrowExplained(row.explained) }),
    isOwnLeg: (leg) => own.has(leg),
    isOwnDecision: isOwnCandidate,
    isOwn: ({ explained, resource, actor }) => {
      switch (explained.kind) {
        case 'attributed':
          return isOwnCandidate(explained);
        case 'ambiguous':
          return explained.candidates.some(isOwnCandidate);
        case 'own-door':
          return explained.agreement.id === agreement && explained.party === party;
        case 'unattributed':
          return (
            (explained.as?.agreement === agreement && explained.as.party === party) ||
            accounts.has(actor.account ?? '') ||
            places.some(({ at }) => isPlaced(at, resource))
          );
        case 'internal':
          return false;
      }
    },
    selectConduct: ({ breaches, rounds, releases, attestations, erasures, retention, problems, drifts, told }) => {
      const isOf = (release: CertifiedRelease) => release.agreement.id === agreement && own.has(release.leg);
      return {
        breaches: breaches.filter(isToldOf),
        rounds: rounds.flatMap(narrowRound),
        releases: releases.filter(isOf),
        attestations: attestations.filter((each) => each.agreement === agreement && own.has(each.leg)),
        erasures: erasures.filter((each) => each.agreement.id === agreement && own.has(each.leg)),
        retention: retention.filter((each) => each.agreement.id === agreement && own.has(each.leg)),
        problems: problems.filter(isToldOf),
        drifts: drifts.filter((each) => each.agreement === agreement && own.has(each.leg)),
        told: told.filter((word) => word.agreement === agreement && isWordFor(word, party, versions)),
      };
    },
  };
}

/** Stands for a reason that is of legs between others. */
const OTHERS_REASON = 'for a reason that concerns legs between other parties';

function isPlaced(at: LegPlace['at'], { kind, name }: ReportedResource): boolean {
  switch (at.kind) {
    case 'objects':
      return kind === 'object' && name.startsWith(`${at.bucket}/${at.prefix}`);
    case 'data-set':
      return kind === 'data-set' && (name === at.id || name.startsWith(`${at.id}/`));
    case 'link':
      return kind === 'table' && name.endsWith(`:${at.path}`);
    case 'table':
    case 'key':
      return kind === at.kind && name === at.arn;
  }
}
