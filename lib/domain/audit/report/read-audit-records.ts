import type { Plan } from '../../agreement/plan/plan';
import type { VerifySignature } from '../../agreement/signature';
import { listSigned } from '../../agreement/signing-rules';
import type { Sha256 } from '../../bytes';
import { trackWorth } from '../../exchange/fairness/track-worth';
import { parseJson } from '../../parse-json';
import type { Certificate } from '../../privacy/certificate/certificate';
import { CERTIFICATE } from '../../privacy/certificate/hash-files';
import type { CurrentRecord } from '../../registry/agreement-records';
import { findEnd } from '../../registry/find-end';
import { readPlans } from '../../registry/read-plans';
import type { Registry } from '../../registry/registry';
import type { ReleaseRecord } from '../../registry/round-records';
import { listDeliveryDecisions } from '../attribution/list-delivery-decisions';
import { listGranted } from '../attribution/list-granted';
import { listRecordedDecisions } from '../attribution/list-recorded-decisions';
import { listSignedVersions } from '../attribution/list-signed-versions';
import type { MadeForLegs, PlacedVersion } from '../attribution/place-agreement';
import type { RecordedDecision } from '../attribution/recorded-decision';
import {
  judgeReceived,
  reportAttestation,
  reportBreach,
  reportErasures,
  reportRelease,
  reportRetention,
  reportRound,
} from './report-conduct';
import { reportTold } from './report-told';
import type { ReportedConduct } from './reported-conduct';

/** All that a registry holds for an auditor. */
export interface AuditRecords {
  readonly agreements: readonly RecordedAgreement[];
  readonly decisions: readonly RecordedDecision[];
  readonly conduct: ReportedConduct;
}

/** The versions of an agreement that all parties signed, each for as long as it held, and those that not all did. */
interface RecordedAgreement {
  readonly agreement: string;
  readonly versions: readonly PlacedVersion[];
  readonly proposed: readonly Plan[];
  readonly made: MadeForLegs;
}

interface RecordReading {
  readonly sha256: Sha256;
  /** Whether what parties say was signed by them. */
  readonly verify: VerifySignature;
  /** What the certificate at a place says; undefined where none can be read. */
  readonly readCertificate: (file: string) => Promise<string | undefined>;
  /** UTC, ISO 8601: until when it is told. */
  readonly now: string;
}

/** Reads what is on record of all agreements. */
export async function readAuditRecords(registry: Registry, reading: RecordReading): Promise<AuditRecords> {
  const read = [];
  for (const agreement of (await registry.listAgreements()).toSorted())
    read.push(await readAgreementRecords(registry, agreement, reading));
  const found = read.flatMap((each) => each ?? []);
  return {
    agreements: found.map(({ recorded }) => recorded),
    decisions: found.flatMap(({ decisions }) => decisions),
    conduct: {
      breaches: found.flatMap(({ conduct }) => conduct.breaches),
      rounds: found.flatMap(({ conduct }) => conduct.rounds),
      releases: found.flatMap(({ conduct }) => conduct.releases),
      attestations: found.flatMap(({ conduct }) => conduct.attestations),
      erasures: found.flatMap(({ conduct }) => conduct.erasures),
      retention: found.flatMap(({ conduct }) => conduct.retention),
      problems: found.flatMap(({ conduct }) => conduct.problems),
      drifts: found.flatMap(({ conduct }) => conduct.drifts),
      told: found.flatMap(({ conduct }) => conduct.told),
    },
  };
}

/**
 * The versions of one agreement that were in force, and what was decided under them; none where it is not on record.
 * @param since from when on decisions at doors are read; see `decisionsSince`
 */
export async function readRecordedAgreement(
  registry: Registry,
  agreement: string,
  since?: string,
): Promise<RecordedAgreement & Pick<AuditRecords, 'decisions'>> {
  const current = await registry.current(agreement).read();
  if (current === undefined)
    return { agreement, versions: [], proposed: [], made: { dataSets: {}, legKeys: {} }, decisions: [] };
  return readRecorded(registry, current, await readPlans(registry, agreement), since);
}

async function readRecorded(
  registry: Registry,
  current: CurrentRecord,
  plans: Awaited<ReturnType<typeof readPlans>>,
  since?: string,
): Promise<RecordedAgreement & Pick<AuditRecords, 'decisions'>> {
  const { agreement } = current;
  const [entitlements, signatures, standing, asked] = await Promise.all([
    registry.entitlements(agreement).list(),
    registry.signatures(agreement).list(),
    registry.standing(agreement).list(),
    registry.decisions(agreement).list(since),
  ]);
  const decisions = [...standing, ...asked];
  const versions = listSignedVersions(plans, signatures, current);
  return {
    agreement,
    versions,
    proposed: plans.filter((plan) => versions.every((signed) => signed.plan !== plan)),
    made: { ...current.provisioned, granted: listGranted(entitlements) },
    decisions: [
      ...listDeliveryDecisions(
        versions.map(({ plan }) => plan),
        current.history,
      ),
      ...versions.flatMap(({ plan }) => {
        const own = decisions.filter((each) => each.agreement.version === plan.agreement.version);
        return listRecordedDecisions(plan, own);
      }),
    ],
  };
}

async function readAgreementRecords(
  registry: Registry,
  agreement: string,
  reading: RecordReading,
): Promise<({ readonly recorded: RecordedAgreement } & Pick<AuditRecords, 'decisions' | 'conduct'>) | undefined> {
  const current = await registry.current(agreement).read();
  const plans = await readPlans(registry, agreement);
  const plan = findPlan(plans, current?.version ?? 0);
  if (current === undefined || plan === undefined) return undefined;
  const [{ decisions, ...recorded }, lists] = await Promise.all([
    readRecorded(registry, current, plans),
    readLists(registry, agreement),
  ]);
  // Only peers' rooms tell one another.
  const told = plan.side.kind === 'peer' ? await registry.toldBreaches(agreement).list() : [];
  const { verify, sha256 } = reading;
  const { signatures } = lists;
  const spoken = { versions: listSigned(plans, signatures), signatures, proof: { verify, sha256 } };
  const releases = await reportReleases(lists, { plan, plans, spoken }, reading);
  return {
    recorded,
    decisions,
    conduct: {
      ...reportConduct(lists, { plan, plans, current, spoken, now: reading.now }),
      releases,
      told: told.map((word) => reportTold(word, spoken)),
    },
  };
}

function findPlan<P extends Plan>(plans: readonly P[], version: number): P | undefined {
  return plans.find((plan) => plan.agreement.version === version) ?? plans.at(-1);
}

/** What is listed of one agreement. */
async function readLists(registry: Registry, agreement: string) {
  // No table tells of them: the record that is kept with the report has both words.
  await registry.equivocations(agreement).list();
  return {
    breaches: await registry.breaches(agreement).list(),
    rounds: await registry.rounds(agreement).list(),
    releases: await registry.releases(agreement).list(),
    attestations: await registry.attestations(agreement).list(),
    erasures: await registry.erasures(agreement).list(),
    signatures: await registry.signatures(agreement).list(),
    receipts: await registry.receipts(agreement).list(),
    entitlements: await registry.entitlements(agreement).list(),
    releaseAttestations: await registry.releaseAttestations(agreement).list(),
    problems: await registry.problems(agreement).list(),
    drifts: await registry.drifts(agreement).list(),
  };
}

type Lists = Awaited<ReturnType<typeof readLists>>;

/** What parties' words are held against, and the versions of the agreement. */
interface Grounds {
  /** In force. */
  readonly plan: Plan;
  readonly plans: Awaited<ReturnType<typeof readPlans>>;
  readonly spoken: Parameters<typeof judgeReceived>[2];
}

async function reportReleases(
  { releases, receipts }: Lists,
  { plan, plans, spoken }: Grounds,
  { readCertificate, sha256 }: RecordReading,
): Promise<ReportedConduct['releases']> {
  const certified = [];
  for (const release of releases) {
    const file = certificatePlace(release);
    // What another peer's room promised lies with that one.
    const text = release.place === '' ? undefined : await readCertificate(file);
    const certificate = text === undefined ? undefined : (parseJson(text) as Certificate | undefined);
    const received = judgeReceived(release, receipts, spoken);
    certified.push(
      reportRelease(findPlan(plans, release.version) ?? plan, release, file, certificate, received, sha256),
    );
  }
  return certified;
}

function reportConduct(
  lists: Lists,
  { plan, plans, current, spoken, now }: Grounds & { readonly current: CurrentRecord; readonly now: string },
): Omit<ReportedConduct, 'releases' | 'told'> {
  const { breaches, rounds, releases, attestations, erasures, entitlements, releaseAttestations, problems } = lists;
  const { state, ending } = current;
  const ended = findEnd(current);
  const versions = listSignedVersions(plans, lists.signatures, current);
  const signed = versions.map((each) => each.plan);
  const earlier = signed.filter((each) => each.agreement.version < plan.agreement.version);
  const worth = trackWorth(releases, erasures);
  const kept = {
    state,
    ...(ending === undefined ? {} : { ending }),
    ...(ended === undefined ? {} : { ended }),
    versions,
    earlier,
    rounds,
    releases,
  };
  return {
    breaches: breaches.map((breach) => reportBreach(plan, breach, { current, entitlements, earlier, versions, now })),
    rounds: rounds.map((round) => reportRound(round, releases, worth)),
    attestations: attestations.map((attestation) => reportAttestation(attestation, spoken)),
    erasures: reportErasures(plan, erasures, { releases, attestations, releaseAttestations }, spoken, now),
    retention: reportRetention(plan, { ...kept, attestations, releaseAttestations }, spoken, now),
    problems: problems.toSorted((left, right) => (left.at < right.at ? -1 : 1)),
    drifts: lists.drifts.map(({ day: _, ...drift }) => drift).toSorted((left, right) => (left.at < right.at ? -1 : 1)),
  };
}

function certificatePlace({ place }: ReleaseRecord): string {
  return `${place.endsWith('/') || place === '' ? place : `${place}/`}${CERTIFICATE}`;
}
