import type { AgreementInForce, LegPlace } from '../../agreement/agreement-in-force';
import { isWordFor } from '../../enforcement/breaches/is-word-for';
import { type Concerning, isConcerned } from '../../enforcement/breaches/list-concerned';
import type { Candidate } from '../attribution/attribution';
import { nameInText, narrowAgreement, openOthers } from './narrow-agreement';
import type { Explanation, ReportedAccess, ReportedResource } from './reported-access';
import type { ReportedConduct, ReportedRound } from './reported-conduct';

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
  const member: Member = { agreement, party, agreements, legs: new Set(legs.map(({ id }) => id)) };
  const isOthers = openOthers(party, agreements);
  const isOwnCandidate = openOwnCandidate(member);
  return {
    agreement,
    party,
    narrow: (inForce) => narrowAgreement(inForce, party, isOthers),
    narrowRow: (row) => ({ ...row, explained: narrowExplained(row.explained, isOwnCandidate) }),
    isOwnLeg: (leg) => member.legs.has(leg),
    isOwnDecision: isOwnCandidate,
    isOwn: openOwnAccess(member, isOwnCandidate),
    selectConduct: openConductSelection(member, openRoundNarrowing(member, isOthers)),
  };
}

/** A party of an agreement, with all versions of this. */
interface Member {
  readonly agreement: string;
  readonly party: string;
  readonly agreements: readonly AgreementInForce[];
  /** Ids of those that it gives or gets. */
  readonly legs: ReadonlySet<string>;
}

type IsOwnCandidate = (candidate: Pick<Candidate, 'party' | 'agreement' | 'leg'>) => boolean;

function openOwnCandidate({ agreement, party, legs }: Member): IsOwnCandidate {
  return (candidate) => candidate.agreement.id === agreement && (candidate.party === party || legs.has(candidate.leg));
}

function narrowExplained(explained: Explanation, isOwnCandidate: IsOwnCandidate): Explanation {
  if (explained.kind === 'ambiguous') return { ...explained, candidates: explained.candidates.filter(isOwnCandidate) };
  if (explained.kind !== 'unattributed' || explained.reached === undefined) return explained;
  const { reached, ...rest } = explained;
  return isOwnCandidate({ party: '', ...reached }) ? explained : rest;
}

/** What nobody known did is the business of whoever it was named as, whose account it came from, and whose leg lies there. */
function openOwnAccess(
  { agreement, party, agreements, legs }: Member,
  isOwnCandidate: IsOwnCandidate,
): PartyConcern['isOwn'] {
  const places = agreements.flatMap((each) => each.places.filter(({ leg }) => legs.has(leg)));
  const accounts = new Set(
    agreements.flatMap(({ plan }) => plan.parties.flatMap(({ id, account }) => (id === party ? [account] : []))),
  );
  return ({ explained, resource, actor }) => {
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
  };
}

type NarrowRound = (round: ReportedRound) => readonly ReportedRound[];

function openRoundNarrowing(
  { agreement, party, agreements, legs }: Member,
  isOthers: ReturnType<typeof openOthers>,
): NarrowRound {
  const itself = [party, ...legs].map(nameInText);
  const ofParties = agreements.flatMap(({ plan }) => plan.parties.map(({ id }) => nameInText(id)));
  /** Of a round that others have legs in: for whoever it names, and for all where it names nobody. */
  const isToldTo = (reason: string) =>
    !isOthers(reason) && (itself.some((name) => name.test(reason)) || !ofParties.some((name) => name.test(reason)));
  return ({ reason, ...round }) => {
    const kept = round.legs.filter((leg) => legs.has(leg));
    if (round.agreement.id !== agreement || kept.length === 0) return [];
    const isShared = kept.length < round.legs.length;
    const isTold = reason === undefined || (isShared ? isToldTo(reason) : !isOthers(reason));
    const told = isTold ? reason : OTHERS_REASON;
    const certified = round.certified.filter((leg) => legs.has(leg));
    const worth = round.worth.filter(({ leg }) => legs.has(leg));
    return [{ ...round, legs: kept, certified, worth, ...(told === undefined ? {} : { reason: told }) }];
  };
}

function openConductSelection(
  { agreement, party, agreements, legs }: Member,
  narrowRound: NarrowRound,
): PartyConcern['selectConduct'] {
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
  const isOwn = (id: string, leg: string) => id === agreement && legs.has(leg);
  return ({ breaches, rounds, releases, attestations, erasures, retention, problems, drifts, told }) => ({
    breaches: breaches.filter(isToldOf),
    rounds: rounds.flatMap(narrowRound),
    releases: releases.filter((each) => isOwn(each.agreement.id, each.leg)),
    attestations: attestations.filter((each) => isOwn(each.agreement, each.leg)),
    erasures: erasures.filter((each) => isOwn(each.agreement.id, each.leg)),
    retention: retention.filter((each) => isOwn(each.agreement.id, each.leg)),
    problems: problems.filter(isToldOf),
    drifts: drifts.filter((each) => isOwn(each.agreement, each.leg)),
    told: told.filter((word) => word.agreement === agreement && isWordFor(word, party, versions)),
  });
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
