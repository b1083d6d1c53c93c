import type { Access, Actor } from '../access';
import type { AttributedAccess } from '../attribution/attribute-accesses';
import type { Attribution } from '../attribution/attribution';
import type { Lateness } from '../attribution/find-lateness';
import { tellClient } from '../records/find-client';
import type { Crossing } from '../records/join-accesses';
import type { AuditSubject } from './audit-subject';
import { findReached, type ReachedLeg } from './find-reached';
import { nameResource } from './name-resource';
import type { EvidenceReference, Explanation, ReportedAccess, ReportedActor } from './reported-access';

/** Flattens attributed accesses, with the datasets of these agreements' legs. */
export function openRowReporter(
  agreements: AuditSubject['agreements'],
): (
  attributed: AttributedAccess,
  evidenceOf: (access: Access) => readonly EvidenceReference[],
  late?: Lateness,
) => ReportedAccess {
  const datasets = new Map(
    agreements.flatMap(({ inForce: { plan } }) =>
      plan.legs.map((leg) => [`${plan.agreement.id} ${leg.id}`, leg.dataset]),
    ),
  );
  const versions = agreements.map(({ inForce }) => inForce);
  const datasetOf = (agreement: string, leg: string) => datasets.get(`${agreement} ${leg}`) ?? '';
  return (attributed, evidenceOf, late) => ({
    ...reportAccess(attributed, datasetOf, evidenceOf, (access) => findReached(access, versions)),
    ...(late === undefined ? {} : { late }),
  });
}

/**
 * Flattens an attributed access to what every output tells of it.
 * @param datasetOf dataset of a leg, by agreement and leg
 * @param evidenceOf where an access, and every copy of it, is written
 * @param reachedBy whose data an access was at, of which nobody knows whose it was
 */
function reportAccess(
  { joined, attribution }: AttributedAccess,
  datasetOf: (agreement: string, leg: string) => string,
  evidenceOf: (access: Access) => readonly EvidenceReference[],
  reachedBy: (access: Access) => ReachedLeg | undefined,
): ReportedAccess {
  const { access, otherSides, witnesses, crossing } = joined;
  const all = [access, ...otherSides, ...witnesses];
  const { error, owner, recordedBy, grantees, region, bytes, client } = tellClient(joined);
  const { request } = access.joins;
  return {
    id: access.id,
    at: access.at,
    explained: explain(attribution, datasetOf, () => reachedBy(access)),
    service: access.service,
    operation: access.operation,
    act: access.act,
    outcome: access.outcome,
    ...(error === undefined ? {} : { error }),
    actor: reportActor(access.actor, crossing),
    ...(owner === undefined ? {} : { owner }),
    ...(recordedBy === undefined ? {} : { recordedBy }),
    ...(grantees === undefined ? {} : { grantees }),
    ...(region === undefined ? {} : { region }),
    resource: { kind: access.resource.kind, name: nameResource(access.resource) },
    ...(bytes === undefined ? {} : { bytes }),
    ...(client === undefined ? {} : { client }),
    ...(request === undefined ? {} : { request }),
    witnesses: [...new Set(all.map(({ witness }) => witness))],
    evidence: all.flatMap(evidenceOf),
  };
}

function explain(
  attribution: Attribution,
  datasetOf: (agreement: string, leg: string) => string,
  findPlace: () => ReachedLeg | undefined,
): Explanation {
  switch (attribution.kind) {
    case 'attributed': {
      const { party, agreement, leg, role, holds, showsOthers, networks, joins, confidence, decision } = attribution;
      const decided =
        decision === undefined
          ? {}
          : { decision: { id: decision.id, effect: decision.effect, clause: decision.clause } };
      const dataset = datasetOf(agreement.id, leg);
      const place = {
        role,
        holds,
        ...(showsOthers === undefined ? {} : { showsOthers }),
        ...(networks === undefined ? {} : { networks }),
      };
      return { kind: 'attributed', party, agreement, leg, dataset, ...place, ...decided, joins, confidence };
    }
    case 'ambiguous':
    case 'own-door':
      return attribution;
    case 'unattributed': {
      const { reason, as } = attribution;
      const reached = findPlace();
      return {
        kind: 'unattributed',
        reason,
        ...(as === undefined ? {} : { as }),
        ...(reached === undefined
          ? {}
          : { reached: { ...reached, dataset: datasetOf(reached.agreement.id, reached.leg) } }),
      };
    }
    case 'internal':
      return attribution;
  }
}

function reportActor(actor: Actor, crossing: Crossing): ReportedActor {
  const own = actor.kind === 'account' ? actor.account : undefined;
  const account = crossing.kind === 'other-account' || crossing.kind === 'own' ? crossing.account : own;
  const through = actor.kind === 'account' ? actor.invokedBy : undefined;
  return {
    kind: actor.kind,
    name: nameActor(actor),
    ...(account === undefined ? {} : { account }),
    ...(through === undefined ? {} : { through }),
  };
}

/** The best name that a record gives of who it was; empty for none. */
export function nameActor(actor: Actor): string {
  switch (actor.kind) {
    case 'account':
      return actor.arn ?? actor.principalId ?? actor.account;
    case 'aws-service':
      return actor.service;
    case 'sftp-user':
      return actor.user;
    case 'canonical-user':
      return actor.id;
    case 'web-identity':
    case 'sso-user':
      return `${actor.provider} ${actor.subject}`;
    case 'anonymous':
    case 'unknown':
      return '';
  }
}
