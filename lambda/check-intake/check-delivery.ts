import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { checkIntake, DELIVERIES_A_DAY, type IntakeRefusal } from '../../lib/domain/exchange/gates/check-intake';
import { isOutdated } from '../../lib/domain/exchange/peers/find-amended';
import { tellProblems } from '../../lib/domain/exchange/report/tell-problems';
import { describeTooEarly } from '../../lib/domain/exchange/rounds/describe-too-early';
import { type DeliveryRounds, roundsOfDelivery } from '../../lib/domain/exchange/rounds/rounds-of-delivery';
import { standReleases } from '../../lib/domain/exchange/rounds/stand-releases';
import type { ErasureRecord } from '../../lib/domain/registry/conduct-records';
import type { AgreementAtIntake } from '../../lib/domain/registry/read-registered';
import { quarantinePrefix } from '../../lib/domain/room/landing-prefix';
import { readUploadEvent, type UploadEvent } from '../../lib/domain/room/read-upload-event';
import { placeKey, takenKey, type WorkflowRun, workPrefix } from '../../lib/domain/room/workflow-run';
import type { Log } from '../shared/log';
import type { readSchema as ReadSchema } from '../shared/read-schema';
import { orderRun, type TakenDelivery } from './order-run';

/** What the workflow asks at its start. */
export interface IntakeRequest {
  readonly event: UploadEvent & {
    /**
     * Given by a person who starts an execution anew, because the run before it broke off: a word of theirs, by which it is another
     * run of the same upload. No event has it.
     */
    readonly again?: string;
  };
  /** Name of the execution. */
  readonly run: string;
}

export type IntakeAnswer =
  | { readonly kind: 'accepted'; readonly run: WorkflowRun }
  /** Another run has this upload: its event came twice. */
  | { readonly kind: 'repeated' }
  /** `delivery`: the file, where there is one in the landing bucket. */
  | {
      readonly kind: 'refused';
      readonly reason: IntakeRefusal;
      readonly delivery?: string;
      /** What is wrong with the file, where something is: no name or value out of it. */
      readonly problems?: readonly string[];
    };

export interface IntakeSurroundings {
  /** Name of the landing bucket. */
  readonly landing: string;
  readonly findAgreement: (agreement: string) => Promise<AgreementAtIntake | undefined>;
  readonly listErasures: (agreement: string) => Promise<readonly ErasureRecord[]>;
  /** Puts an object in the landing bucket. */
  readonly put: (key: string, body: string) => Promise<void>;
  /** Puts an object in the landing bucket where there is none; answers what stands there then. */
  readonly claim: (key: string, body: string) => Promise<string>;
  /** Reads from an object of the landing bucket. */
  readonly readRange: (key: string, start: number, end: number) => Promise<Uint8Array>;
  readonly readSchema: typeof ReadSchema;
  readonly now: () => Date;
  readonly log: Log;
}

export class ChangedPlan extends Error {
  override readonly name = 'ChangedPlan';
}

/**
 * Takes a delivery in, or says why not. The plan in force goes beside the run's work, and what the job is to do by it,
 * so that every later step works by the same plan whatever is registered meanwhile.
 * @throws ChangedPlan where the plan on record is not the one that its hash is of.
 */
export async function checkDelivery(
  { event, run }: IntakeRequest,
  surroundings: IntakeSurroundings,
): Promise<IntakeAnswer> {
  const { landing, findAgreement, claim, now, log } = surroundings;
  if (!/^[\w-]{1,80}$/.test(run)) throw new TypeError('The execution has a name that cannot be part of a key.');
  const found = readUploadEvent(event, landing);
  const registered = found === undefined ? undefined : await findAgreement(found.agreement);
  const taken = now().toISOString();
  const today = taken.slice(0, 10);
  const decision = checkIntake(found, registered, today);
  if (decision.kind === 'refused') {
    const { agreement = 'unknown', dataset = 'unknown' } = found ?? {};
    log.warn('Delivery refused', { agreement, dataset, run, reason: decision.reason });
    return found === undefined ? decision : { ...decision, delivery: found.key };
  }
  const { agreement, dataset, key: delivery, upload } = decision.delivered;
  const plan = canonicalize(registered?.plan) ?? '';
  const sha256 = hash(plan);
  if (sha256 !== registered?.hash)
    throw new ChangedPlan(`The plan of ${agreement} on record is not the one that its hash is of.`);
  const claimed = [delivery, upload, ...(event.again === undefined ? [] : [event.again])].join('\n');
  const holder = upload && (await claim(takenKey(agreement, dataset, hash(claimed)), run));
  if (holder !== undefined && holder !== run) {
    log.info('Delivery told of again', { agreement, dataset, run, taken: holder });
    return { kind: 'repeated' };
  }
  const rounds = findRounds(registered, dataset, taken);
  if (rounds.kind !== 'counts') {
    const reason = rounds.kind === 'too-early' ? 'too-early' : 'no-round-left';
    log.warn('Delivery refused', { agreement, dataset, run, reason });
    const told = rounds.kind === 'too-early' && { problems: [describeTooEarly(rounds)] };
    return { kind: 'refused', reason, delivery, ...told };
  }
  if (!(await takePlace(claim, { agreement, dataset, today, run }))) {
    log.warn('Delivery refused', { agreement, dataset, run, reason: 'too-many-today' });
    return { kind: 'refused', reason: 'too-many-today', delivery };
  }
  const { bytes } = decision.delivered;
  const given = { agreement, dataset: decision.dataset, run, delivery, bytes, rounds: rounds.days };
  return takeIn(given, { taken, plan, sha256 }, registered, surroundings);
}

/** Leaves the plan, and what the job is to do by it, beside the run's work. */
async function takeIn(
  given: TakenDelivery,
  { taken, plan, sha256 }: Record<'taken' | 'plan' | 'sha256', string>,
  registered: AgreementAtIntake,
  surroundings: IntakeSurroundings,
): Promise<IntakeAnswer> {
  const { put, log } = surroundings;
  const { agreement, run, delivery } = given;
  const dataset = given.dataset.id;
  const work = workPrefix(agreement, dataset, run);
  await put(`${work}plan.json`, plan);
  const ordered = await orderRun(given, registered, surroundings);
  if (ordered.kind === 'refused') {
    if (ordered.problems !== undefined)
      await put(`${quarantinePrefix(agreement, dataset)}${run}.json`, JSON.stringify({ problems: ordered.problems }));
    log.warn('Delivery refused', { agreement, dataset, run, reason: ordered.reason });
    const told = ordered.problems && { problems: tellProblems(given.dataset, ordered.problems) };
    return { kind: 'refused', reason: ordered.reason, delivery, ...told };
  }
  await put(`${work}orders.json`, ordered.text);
  log.info('Delivery accepted', { agreement, dataset, run });
  const orders = { sha256: hash(ordered.text) };
  const of = { agreement, dataset, run, delivery, taken, work, plan: { key: `${work}plan.json`, sha256 }, orders };
  const hasClasses = given.dataset.privacy !== undefined;
  return { kind: 'accepted', run: { ...of, hasClasses, hasMappings: ordered.hasMappings } };
}

/** What will not go out any more is owed again. */
function findRounds({ plan, conduct }: AgreementAtIntake, dataset: string, taken: string): DeliveryRounds {
  const legs = plan.legs.filter((leg) => leg.dataset === dataset);
  const given = standReleases(conduct.releases.filter((each) => !isOutdated(each, plan, conduct)));
  return roundsOfDelivery(conduct, legs, given, taken);
}

/** Takes the first place of the day that is free; a run that is asked again has the one that it took. */
async function takePlace(
  claim: IntakeSurroundings['claim'],
  { agreement, dataset, today, run }: Record<'agreement' | 'dataset' | 'today' | 'run', string>,
): Promise<boolean> {
  for (let place = 1; place <= DELIVERIES_A_DAY; place += 1)
    if ((await claim(placeKey(agreement, dataset, today, place), run)) === run) return true;
  return false;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
