import canonicalize from 'canonicalize';
import { sha256 } from '../../lib/audit/node-crypto';
import type { Plan, PlannedDataset, PlannedLeg } from '../../lib/domain/agreement/plan/plan';
import type { SidePlan } from '../../lib/domain/agreement/plan/plan-for-side';
import { isTreatedAlike } from '../../lib/domain/exchange/entitlements/is-treated-alike';
import { placeTokenTable } from '../../lib/domain/exchange/erasure/token-table';
import { judgeCleaning } from '../../lib/domain/exchange/gates/gates';
import { type CertifiedLeg, judgeLeg } from '../../lib/domain/exchange/gates/judge-leg';
import { hashCertificate } from '../../lib/domain/exchange/gates/verify-release';
import { isOutdated } from '../../lib/domain/exchange/peers/find-amended';
import { tellGates } from '../../lib/domain/exchange/report/tell-problems';
import { describeTooEarly } from '../../lib/domain/exchange/rounds/describe-too-early';
import { findRepeated, hashInput } from '../../lib/domain/exchange/rounds/find-repeated';
import { MOST_REPLACED, mayBeReplaced } from '../../lib/domain/exchange/rounds/may-be-replaced';
import type { GateResult } from '../../lib/domain/exchange/rounds/round';
import { roundsOfDelivery } from '../../lib/domain/exchange/rounds/rounds-of-delivery';
import { standReleases } from '../../lib/domain/exchange/rounds/stand-releases';
import { assembleMeasurement } from '../../lib/domain/privacy/certificate/assemble-measurement';
import type { CertifiedSolution, ReleaseEvidence } from '../../lib/domain/privacy/certificate/certify-release';
import { CERTIFICATE, hashFiles } from '../../lib/domain/privacy/certificate/hash-files';
import { measureRisk } from '../../lib/domain/privacy/certificate/measure-risk';
import { mayStand, settleLevels } from '../../lib/domain/privacy/hierarchies/fixed-levels';
import type { Solution } from '../../lib/domain/privacy/search/solution';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { ReleaseRecord } from '../../lib/domain/registry/round-records';
import { DELIVERY_FAULTS } from '../../lib/domain/room/delivery-fault';
import { escrowPrefix } from '../../lib/domain/room/escrow-prefix';
import { readDeliveredKey } from '../../lib/domain/room/read-upload-event';
import type { WorkflowRun } from '../../lib/domain/room/workflow-run';
import { findDataset } from '../shared/find-dataset';
import type { Log } from '../shared/log';
import type { Objects } from '../shared/objects';
import type { ReadColumns } from '../solve-generalisation/read-histogram';
import { makeTokenTable } from './make-token-table';
import { readClassValues, readCleaning, readCounts, readMarked, readSizesBefore } from './read-counts';
import { openTables } from './read-tables';
import { type TrackedErasures, trackErased } from './track-erased';

export class ReleaseNotCertified extends Error {
  override readonly name: string = 'ReleaseNotCertified';
}

/** What was measured does not pass a gate: this delivery cannot be certified, and its giver is told. */
export class GateNotPassed extends ReleaseNotCertified {
  override readonly name = DELIVERY_FAULTS.notCertified;
}

export interface CertifySurroundings {
  readonly landing: Objects;
  readonly lake: Pick<Objects, 'write'>;
  readonly readColumns: ReadColumns;
  /** What is on record of the agreement. */
  readonly readRecord: () => Promise<Pick<AgreementOnRecord, 'plan' | 'conduct'> | undefined>;
  /** See the function of this name. */
  readonly readOthers: () => Promise<Others>;
  readonly releases: Pick<ReturnType<Registry['releases']>, 'list' | 'create' | 'change'>;
  readonly levels: Pick<ReturnType<Registry['levels']>, 'read' | 'create'>;
  readonly erasures: TrackedErasures;
  readonly refusals: Pick<ReturnType<Registry['refusals']>, 'create'>;
  readonly now: () => Date;
  readonly toolVersion: string;
  readonly log: Log;
}

type Others = NonNullable<ReleaseEvidence['others']>;

/** What a solution is to its certificate. */
type SolutionSummary = CertifiedSolution & Pick<Solution, 'suppressedRows'>;

/**
 * Certifies the releases of a run by what was measured of them: all of its legs, or none. Certificates lie beside the
 * releases; then they are on record, and wait for their round. Told twice, it does nothing twice.
 * @throws GateNotPassed where a gate fails, ReleaseNotCertified where anything else is not as it should be, so that the workflow withholds the release.
 */
export async function certifyRun(run: WorkflowRun, surroundings: CertifySurroundings): Promise<void> {
  const { landing, releases, now } = surroundings;
  const { plan, dataset } = findDataset(run, await landing.read(run.plan.key));
  const on = await surroundings.readRecord();
  if (on === undefined) throw notCertified(run, 'its agreement is not on record');
  const legs = findLegs(run, plan, dataset, on.plan);
  const solution = dataset.privacy && (await readSolution(run, landing));
  const at = now().toISOString();
  const all = await releases.list();
  const isOwn = ({ place }: ReleaseRecord) => legs.some((leg) => place === placeOf(run, leg));
  // As if it came for the first time: what a call that broke off has certified is for the same rounds.
  const before = all.filter((release) => !isOwn(release) && !isOutdated(release, on.plan, on.conduct));
  const rounds = findRounds(run, on, legs, before);
  const open = legs.filter((leg) => all.every((release) => release.place !== placeOf(run, leg)));
  const due = await certifyLegs({ run, plan, dataset, legs: open, solution, rounds, before }, surroundings);
  // Not before all are certified: levels without a release would bind later rounds for nothing.
  if (solution && due.length > 0) await keepLevels(run, dataset, solution, at, surroundings);
  for (const leg of due)
    await putOnRecord(run, leg, { on, version: plan.agreement.version, dataset, at }, surroundings);
  await trackErased(run, legs, surroundings);
}

/** Those of the dataset that are still agreed on, as it was treated. @throws ReleaseNotCertified */
function findLegs(run: WorkflowRun, plan: SidePlan, dataset: PlannedDataset, inForce: Plan): readonly PlannedLeg[] {
  const legs = plan.legs.filter(
    ({ id, dataset: of }) => of === dataset.id && inForce.legs.some((leg) => leg.id === id),
  );
  if (legs.length > 0 && legs.every(({ id }) => isTreatedAlike(id, plan, inForce))) return legs;
  throw notCertified(
    run,
    `it was treated by version ${plan.agreement.version}, and version ${inForce.agreement.version}, which is in force, treats it otherwise: deliver it again`,
  );
}

/** The rounds that it is for, by leg. @throws ReleaseNotCertified */
function findRounds(
  run: WorkflowRun,
  { conduct }: Pick<AgreementOnRecord, 'conduct'>,
  legs: readonly PlannedLeg[],
  before: readonly ReleaseRecord[],
): ReadonlyMap<string, string> {
  // Of what it was when it was taken in: however long it was worked on, it is for no later round.
  const counts = roundsOfDelivery(conduct, legs, standReleases(before), run.taken);
  if (counts.kind === 'counts') return counts.days;
  throw notCertified(
    run,
    counts.kind === 'none-left'
      ? `${run.dataset} has no round left`
      : `an earlier delivery has gone out meanwhile. ${describeTooEarly(counts)}`,
  );
}

interface MeasuredRun extends Omit<MeasuredLeg, 'leg' | 'known' | 'others'> {
  readonly legs: readonly PlannedLeg[];
  /** By leg. */
  readonly rounds: ReadonlyMap<string, string>;
  /** Releases on record. */
  readonly before: readonly ReleaseRecord[];
}

interface DueLeg extends CertifiedLeg {
  readonly leg: PlannedLeg;
  readonly round: string;
}

/** Of those that have a round. @throws ReleaseNotCertified where one is not as it should be */
async function certifyLegs(
  { legs, rounds, before, ...measured }: MeasuredRun,
  surroundings: CertifySurroundings,
): Promise<readonly DueLeg[]> {
  const due: DueLeg[] = [];
  // Read once for all legs, and only where there is one to certify.
  let others: Others | undefined;
  for (const leg of legs) {
    const round = rounds.get(leg.id);
    if (round === undefined) continue;
    const known = before.filter((release) => release.leg === leg.id && release.round !== round);
    others ??= await surroundings.readOthers();
    const certified = await certifyLeg({ ...measured, leg, known, others }, surroundings);
    const { input, output } = certified.certificate.hashes;
    const repeated = findRepeated(known, round, { input, sha256: output });
    if (repeated !== undefined)
      throw notCertified(
        measured.run,
        `the same ${repeated.input === input ? 'files' : 'rows'} were delivered for ${repeated.round}, and are no delivery of leg ${leg.id} for ${round}: deliver that round’s data`,
      );
    due.push({ ...certified, leg, round });
  }
  return due;
}

interface Grounds {
  readonly on: Pick<AgreementOnRecord, 'plan' | 'conduct'>;
  /** Of the agreement, by which it was treated. */
  readonly version: number;
  readonly dataset: PlannedDataset;
  /** UTC, ISO 8601. */
  readonly at: string;
}

async function putOnRecord(
  run: WorkflowRun,
  { leg, round, certificate, value, figures }: DueLeg,
  { on, version, dataset, at }: Grounds,
  surroundings: CertifySurroundings,
): Promise<void> {
  const { lake, releases, log } = surroundings;
  const place = placeOf(run, leg);
  const tokens = await makeTokenTable(run, leg, surroundings);
  // Before the release is on record: whoever finds it there looks here who is in it.
  if (tokens !== undefined) await lake.write(placeTokenTable({ place }), tokens);
  await lake.write(`${place}${CERTIFICATE}`, canonicalize(certificate) ?? '');
  const record: ReleaseRecord = {
    agreement: run.agreement,
    version,
    round,
    leg: leg.id,
    datasetVersion: dataset.version,
    state: 'prepared',
    sha256: certificate.hashes.output,
    certificate: hashCertificate(certificate, sha256),
    input: certificate.hashes.input,
    place,
    value,
    figures,
    taken: run.taken,
    certified: at,
    at,
  };
  if (!(await keepRelease(record, on, releases)))
    throw notCertified(run, `another release of leg ${leg.id} for ${round} is newer, or has gone out meanwhile`);
  log.info('Release certified', { agreement: run.agreement, dataset: run.dataset, run: run.run, leg: leg.id, round });
}

function placeOf({ agreement, run }: WorkflowRun, leg: PlannedLeg): string {
  return escrowPrefix(agreement, leg, run);
}

/**
 * False where another is there already: but one that will not go out any more makes room for it, and so does one that waits and
 * was taken in before it. Whoever publishes at the same moment seals the one that it has looked at: of the two writes one fails.
 */
async function keepRelease(
  record: ReleaseRecord,
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  releases: CertifySurroundings['releases'],
): Promise<boolean> {
  if (await releases.create(record)) return true;
  const kept = await releases.change([record.round, record.leg], (each) =>
    isOutdated(each, plan, conduct) || (mayBeReplaced(each) && isNewer(record, each))
      ? takePlace(record, each)
      : undefined,
  );
  return kept?.place === record.place;
}

function isNewer({ taken = '' }: ReleaseRecord, { taken: before = '' }: ReleaseRecord): boolean {
  return taken >= before;
}

/** What went before stays on record as replaced. Its workflow waits for nothing: who publishes tells it. */
function takePlace(record: ReleaseRecord, before: ReleaseRecord): ReleaseRecord {
  const { place, sha256, certificate, at, token, dismissed = [], replaced = [] } = before;
  const left = [...dismissed, ...(token === undefined ? [] : [token])];
  return {
    ...record,
    ...(left.length === 0 ? {} : { dismissed: left.slice(-MOST_REPLACED) }),
    replaced: [...replaced, { place, sha256, certificate, at }].slice(-MOST_REPLACED),
  };
}

/**
 * From here on later rounds have these levels, or none: the release can go out.
 * @throws ReleaseNotCertified where another delivery, solved at the same time, came first with others.
 */
async function keepLevels(
  run: WorkflowRun,
  dataset: PlannedDataset,
  solution: SolutionSummary,
  at: string,
  { levels }: CertifySurroundings,
): Promise<void> {
  const settled = settleLevels(dataset, solution, sha256);
  const of = { agreement: run.agreement, dataset: dataset.id, version: dataset.version, run: run.run };
  if (await levels.create({ ...of, ...settled, levels: [...settled.levels], at })) return;
  if (!mayStand(settled, run.run, await levels.read(dataset.id, dataset.version)))
    throw notCertified(run, `earlier releases of version ${dataset.version} of the dataset have other levels`);
}

interface MeasuredLeg {
  readonly run: WorkflowRun;
  readonly plan: SidePlan;
  readonly dataset: PlannedDataset;
  readonly leg: PlannedLeg;
  readonly solution: SolutionSummary | undefined;
  /** The leg's releases on record. */
  readonly known: readonly ReleaseRecord[];
  readonly others: Others;
}

async function certifyLeg(
  { run, plan, dataset, leg, solution, known, others }: MeasuredLeg,
  surroundings: CertifySurroundings,
): Promise<CertifiedLeg> {
  const { landing, readColumns, toolVersion, log } = surroundings;
  const open = (folder: string, version: Parameters<typeof openTables>[1]) =>
    openTables(`${run.work}${folder}/`, version, landing, readColumns);
  const cleaned = await open('cleaning', 'cleaningVersion');
  const cleaning = await readCleaning(cleaned);
  const tables = await open(`measure/${leg.id}`, 'measureVersion');
  const measured = assembleMeasurement(dataset, await readCounts(dataset, tables), solution?.levels);
  const counted = solution && (await open('histogram', 'histogramVersion'));
  const before = counted && measureRisk(await readSizesBefore(counted));
  const measurement = { ...measured, ...(before && { riskBefore: before }), sha256: hashFiles(tables.files, sha256) };
  const { gates, certified } = judgeLeg({
    plan,
    dataset,
    leg,
    cleaning,
    measurement,
    marked: leg.watermark === undefined ? 0 : await readMarked(tables),
    passed: [judgeCleaning(dataset, cleaning)],
    ...(solution && { solution }),
    ...(counted && { values: await readClassValues(dataset, counted) }),
    others,
    earlier: known.filter(({ datasetVersion }) => datasetVersion === dataset.version).length,
    hashes: { input: hashInput(cleaned.files, sha256), plan: run.plan.sha256, output: measurement.sha256 },
    tool: { name: 'barter-room', version: toolVersion, engine: tables.engine },
  });
  if (certified) return certified;
  const { agreement } = run;
  const { gate } = gates.find(({ passed }) => !passed)!;
  await leaveFindings(run, gates, surroundings);
  log.warn('Release not certified', { agreement, dataset: run.dataset, run: run.run, leg: leg.id, gate });
  throw new GateNotPassed(`${agreement}/${run.dataset}: leg ${leg.id} fails at the gate ${gate}.`);
}

/** What its giver is told of a release that cannot be certified: what was measured, and would make it pass. */
async function leaveFindings(
  { agreement, dataset, run: id, delivery }: WorkflowRun,
  gates: readonly GateResult[],
  { refusals, now }: CertifySurroundings,
): Promise<void> {
  const error = DELIVERY_FAULTS.notCertified;
  const file = readDeliveredKey(delivery)?.file ?? delivery;
  const problems = [...tellGates(gates)];
  await refusals.create({ id, agreement, dataset, file, error, problems, at: now().toISOString() });
}

async function readSolution(run: WorkflowRun, landing: Objects): Promise<SolutionSummary> {
  const text = new TextDecoder().decode(await landing.read(`${run.work}solution/solution.json`));
  const summary: Partial<SolutionSummary> & { readonly solutionVersion?: number } = JSON.parse(text);
  const { solutionVersion, levels, levelCounts, loss, search, suppressedRows } = summary;
  if (solutionVersion !== 1 || !levels || !levelCounts || !search || loss === undefined || suppressedRows === undefined)
    throw notCertified(run, 'its generalisation was not solved');
  return { levels, levelCounts, loss, search, suppressedRows };
}

function notCertified({ agreement, dataset }: WorkflowRun, why: string): ReleaseNotCertified {
  return new ReleaseNotCertified(`${agreement}/${dataset}: ${why}.`);
}
