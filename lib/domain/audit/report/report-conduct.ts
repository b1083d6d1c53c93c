import { isLasting, type Measure } from '../../agreement/plan/measures';
import type { Plan } from '../../agreement/plan/plan';
import { encodeText, formatHex, type Sha256 } from '../../bytes';
import { legsTouchedBy } from '../../enforcement/breaches/legs-touched-by';
import { listRemedies } from '../../enforcement/breaches/list-remedies';
import { matchTaken } from '../../enforcement/breaches/match-taken';
import {
  checkAttestation,
  checkConfirmation,
  checkReceipt,
  checkReleaseAttestation,
  type StatementGrounds,
} from '../../enforcement/words/check-attestation';
import { listRetained } from '../../exchange/entitlements/plan-retention';
import { listUnconfirmed, nameTold, type Released } from '../../exchange/erasure/plan-erasure';
import type { WorthOfRound } from '../../exchange/fairness/track-worth';
import { findReceipt } from '../../exchange/gates/judge-receipts';
import { hashCertificate } from '../../exchange/gates/verify-release';
import type { Certificate } from '../../privacy/certificate/certificate';
import type { CurrentRecord } from '../../registry/agreement-records';
import type {
  AttestationRecord,
  BreachRecord,
  ErasureRecord,
  MeasureRecord,
  ReceiptRecord,
  ReleaseAttestation,
} from '../../registry/conduct-records';
import { findEnd } from '../../registry/find-end';
import type { EntitlementRecord, ReleaseRecord, RoundRecord } from '../../registry/round-records';
import type { PlacedVersion } from '../attribution/place-agreement';
import type { DestructionAttestation, DestructionDuty } from './record-processing';
import type { CertifiedRelease, ReportedBreach, ReportedRemedy, ReportedRound } from './reported-conduct';

/** What became of an agreement's remedies is read off these. */
interface RemedyGrounds {
  readonly current: Pick<CurrentRecord, 'history'>;
  readonly entitlements: readonly EntitlementRecord[];
  /** Versions before the one in force. */
  readonly earlier: readonly Plan[];
  /** All that were signed, and when each holds. */
  readonly versions: readonly PlacedVersion[];
  /** UTC, ISO 8601: until when it is told. */
  readonly now: string;
}

export function reportBreach(plan: Plan, breach: BreachRecord, grounds: RemedyGrounds): ReportedBreach {
  const { report: id, since: at, kind, agreement, party, leg, clause, resolvedAt, overruled, evidence } = breach;
  return {
    id,
    at,
    breach: kind,
    agreement,
    ...(party === undefined ? {} : { party }),
    ...(leg === undefined ? {} : { leg }),
    clause,
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
    ...(overruled === undefined ? {} : { overruled }),
    remedies: reportRemedies(plan, breach, grounds),
    evidence,
  };
}

function reportRemedies(plan: Plan, breach: BreachRecord, grounds: RemedyGrounds): readonly ReportedRemedy[] {
  const { party = '' } = breach;
  const asked = listRemedies(plan, breach, grounds.versions).map((remedy) => ({ ...remedy, party }));
  const due = asked.filter(({ from }) => compareTimes(from, grounds.now) <= 0);
  const taken = matchTaken(due, breach.taken);
  const matched = new Set(taken.values());
  return [
    ...asked.map((remedy) => ({
      do: remedy.do,
      clause: remedy.clause,
      ...judgeRemedy(plan, breach, remedy, taken.get(remedy), grounds),
    })),
    ...breach.taken.filter((each) => !matched.has(each)).map((each) => reportFormer(plan, breach, each, grounds)),
  ];
}

/** What was taken by an earlier version, and no later one asks for. */
function reportFormer(
  { agreement: { version } }: Plan,
  breach: BreachRecord,
  { do: measure, clause, at }: MeasureRecord,
  { versions }: RemedyGrounds,
): ReportedRemedy {
  if (!isLasting(measure)) return { do: measure, clause, state: 'done', at };
  const inForce = versions.find(({ plan: { agreement } }) => agreement.version === version)?.from;
  return { do: measure, clause, state: 'lifted', at: findOver(breach) ?? inForce ?? at };
}

/** When nothing followed from it any more. */
function findOver({ resolvedAt, overruled }: BreachRecord): string | undefined {
  return [resolvedAt, overruled?.at].flatMap((at) => at ?? []).toSorted(compareTimes)[0];
}

function judgeRemedy(
  plan: Plan,
  breach: BreachRecord,
  { do: measure, from }: { readonly do: Measure; readonly from: string },
  taken: MeasureRecord | undefined,
  { current, entitlements, earlier, now }: RemedyGrounds,
): Pick<ReportedRemedy, 'state' | 'at'> {
  const over = findOver(breach);
  if (over !== undefined && compareTimes(over, from) <= 0) return { state: 'spared', at: over };
  if (compareTimes(now, from) < 0) return { state: 'pending', at: from };
  if (over !== undefined && isLasting(measure)) return { state: 'lifted', at: over };
  if (taken !== undefined) return { state: 'done', at: taken.at };
  if (measure === 'terminate') {
    const end = findEnd(current);
    return end === undefined ? { state: 'due', at: from } : { state: 'done', at: end.at };
  }
  if (!WITHDRAWS.has(measure)) return { state: 'due', at: from };
  const { party = '', leg } = breach;
  const legs = legsTouchedBy(plan, { do: measure, party, ...(leg === undefined ? {} : { leg }) }, earlier);
  const affected = entitlements.filter((each) => legs.includes(each.leg));
  if (affected.some(({ state }) => state === 'granted')) return { state: 'due', at: from };
  // What had never been granted needed no withdrawal.
  const [first = from] = affected
    .map(({ at }) => at)
    .filter((at) => compareTimes(at, from) >= 0)
    .toSorted(compareTimes);
  return { state: 'done', at: first };
}

const WITHDRAWS: ReadonlySet<Measure> = new Set(['suspend-party', 'suspend-counterpart', 'revoke']);

export function reportRound(
  round: RoundRecord,
  releases: readonly ReleaseRecord[],
  worth: readonly WorthOfRound[],
): ReportedRound {
  const { agreement: id, version, day, state, legs, at, reason } = round;
  return {
    agreement: { id, version },
    day,
    state,
    legs,
    certified: releases.filter((release) => release.round === day).map(({ leg }) => leg),
    worth: worth.filter((each) => each.round === day && legs.includes(each.leg)),
    at,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** @param certificate what lies where the record says; undefined: nothing that could be read */
export function reportRelease(
  plan: Plan,
  release: ReleaseRecord,
  file: string,
  certificate: Certificate | undefined,
  received: CertifiedRelease['received'],
  sha256: Sha256,
): CertifiedRelease {
  const { agreement: id, version, leg: name, round, state, at, sha256: output, certificate: hash } = release;
  const leg = plan.legs.find((each) => each.id === name);
  const isRecorded =
    certificate !== undefined &&
    hashCertificate(certificate, sha256) === hash &&
    certificate.hashes.output === output &&
    certificate.leg.id === name;
  const agreed = plan.datasets.find((each) => each.id === leg?.dataset)?.privacy?.k;
  const { privacy, risk, rows } = isRecorded ? certificate : {};
  return {
    agreement: { id, version },
    leg: name,
    dataset: leg?.dataset ?? '',
    from: leg?.from ?? '',
    to: leg?.to ?? '',
    round,
    state,
    at,
    ...(rows === undefined ? {} : { rows: rows.released }),
    sha256: output,
    received,
    ...(privacy === undefined
      ? {}
      : { k: { size: privacy.k, countedOn: privacy.countedOn, ...(agreed === undefined ? {} : { agreed }) } }),
    ...(risk === undefined ? {} : { risk: risk.after }),
    certificate: {
      file,
      sha256: hash,
      state: certificate === undefined ? 'not-read' : isRecorded ? 'read' : 'other',
    },
  };
}

export function reportAttestation(
  { statement, ...attestation }: AttestationRecord,
  grounds: StatementGrounds,
): DestructionAttestation {
  const fault = checkAttestation({ ...attestation, statement }, grounds);
  const hash = formatHex(grounds.proof.sha256(encodeText(statement)));
  return { ...attestation, sha256: hash, ...(fault === undefined ? {} : { fault }) };
}

/** Releases whose time is over, and whether their receivers have shown that they are destroyed. */
export function reportRetention(
  plan: Plan,
  conduct: Parameters<typeof listRetained>[1],
  grounds: StatementGrounds,
  now: string,
): readonly DestructionDuty[] {
  const { id, version } = plan.agreement;
  return listRetained(plan, conduct, now)
    .filter(({ state }) => state !== 'kept')
    .map(({ leg, round, due, state }): DestructionDuty => {
      const common = { agreement: { id, version }, leg: leg.id, party: leg.to, round, due: due.slice(0, 10) };
      const own = conduct.releaseAttestations.find((each) => each.leg === leg.id && each.round === round);
      const whole = conduct.attestations.find((each) => each.leg === leg.id);
      const attestation = own ? reportReleaseAttestation(own, grounds) : whole && reportAttestation(whole, grounds);
      if (attestation === undefined) return { ...common, state: state === 'overdue' ? 'overdue' : 'not-due' };
      return { ...common, state: attestation.fault === undefined ? 'given' : 'unproven', attestation };
    });
}

function reportReleaseAttestation(
  { round, ...attestation }: ReleaseAttestation,
  grounds: StatementGrounds,
): DestructionAttestation {
  const { statement, ...told } = attestation;
  const fault = checkReleaseAttestation({ ...attestation, round }, grounds);
  const hash = formatHex(grounds.proof.sha256(encodeText(statement)));
  return { ...told, sha256: hash, ...(fault === undefined ? {} : { fault }) };
}

/** What a release's receiver says of what arrived. */
export function judgeReceived(
  release: ReleaseRecord,
  receipts: readonly ReceiptRecord[],
  grounds: StatementGrounds,
): CertifiedRelease['received'] {
  const receipt = findReceipt(receipts, release);
  if (receipt === undefined) return 'not-compared';
  if (checkReceipt(receipt, grounds) !== undefined) return 'unproven';
  return receipt.sha256 === release.sha256 ? 'as-promised' : 'other';
}

/**
 * Who has erased a person from what it received, and who has still to; nothing of who has destroyed it whole, which is told
 * elsewhere, and counts where it is signed. Nobody is told who it is.
 */
export function reportErasures(
  { agreement: { id, version } }: Pick<Plan, 'agreement'>,
  erasures: readonly ErasureRecord[],
  { releases, attestations, releaseAttestations }: Released,
  grounds: StatementGrounds,
  now: string,
): readonly DestructionDuty[] {
  const proven = {
    releases,
    attestations: attestations.filter((each) => checkAttestation(each, grounds) === undefined),
    releaseAttestations: releaseAttestations.filter((each) => checkReleaseAttestation(each, grounds) === undefined),
  };
  const open = listUnconfirmed(erasures, proven, now);
  return erasures.flatMap(({ id: own, deadline, receivers }) =>
    receivers.flatMap((receiver): readonly DestructionDuty[] => {
      const erasure = nameTold({ id: own }, receiver);
      const { leg, party, confirmations } = receiver;
      const rest = open.find((each) => each.erasure === erasure && each.leg === leg);
      const last = confirmations.at(-1);
      if (rest === undefined && last === undefined) return [];
      const fault = confirmations.map((each) => checkConfirmation(erasure, receiver, each, grounds)).find(Boolean);
      const shown = last && {
        ...last,
        agreement: id,
        leg,
        party,
        by: party,
        ...(fault === undefined ? {} : { fault }),
      };
      const state = rest === undefined ? 'given' : rest.overdue ? 'overdue' : 'not-due';
      return [
        {
          agreement: { id, version },
          leg,
          party,
          erasure,
          due: (rest?.deadline ?? deadline).slice(0, 10),
          state: fault === undefined ? state : 'unproven',
          ...(shown === undefined ? {} : { attestation: shown }),
        },
      ];
    }),
  );
}

function compareTimes(left: string, right: string): number {
  return Date.parse(left) - Date.parse(right);
}
