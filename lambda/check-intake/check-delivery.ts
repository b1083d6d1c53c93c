import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RegisteredAgreement } from '../../lib/domain/enforcement/registered-agreement';
import { checkIntake, type IntakeRefusal } from '../../lib/domain/exchange/check-intake';
import { readUploadEvent, type UploadEvent } from '../../lib/domain/room/read-upload-event';
import { type WorkflowRun, workPrefix } from '../../lib/domain/room/workflow-run';
import type { Log } from '../log';

/** What the workflow asks at its start. */
export interface IntakeRequest {
  readonly event: UploadEvent;
  /** Name of the execution. */
  readonly run: string;
}

export type IntakeAnswer =
  | { readonly kind: 'accepted'; readonly run: WorkflowRun }
  /** `delivery`: the file, where there is one in the landing bucket. */
  | { readonly kind: 'refused'; readonly reason: IntakeRefusal; readonly delivery?: string };

export interface IntakeSurroundings {
  /** Name of the landing bucket. */
  readonly landing: string;
  readonly findAgreement: (agreement: string) => Promise<RegisteredAgreement | undefined>;
  /** Puts an object in the landing bucket. */
  readonly put: (key: string, body: string) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

export class ChangedPlan extends Error {
  override readonly name = 'ChangedPlan';
}

/**
 * Takes a delivery in, or says why not. The plan in force goes beside the run's work, so that every later step works by
 * the same plan whatever is registered meanwhile.
 * @throws ChangedPlan where the plan on record is not the one that its hash is of.
 */
export async function checkDelivery(
  { event, run }: IntakeRequest,
  { landing, findAgreement, put, now, log }: IntakeSurroundings,
): Promise<IntakeAnswer> {
  if (!/^[\w-]{1,80}$/.test(run)) throw new TypeError('The execution has a name that cannot be part of a key.');
  const found = readUploadEvent(event, landing);
  const registered = found === undefined ? undefined : await findAgreement(found.agreement);
  const decision = checkIntake(found, registered, now().toISOString().slice(0, 10));
  if (decision.kind === 'refused') {
    const { agreement = 'unknown', dataset = 'unknown' } = found ?? {};
    log.warn('Delivery refused', { agreement, dataset, run, reason: decision.reason });
    return found === undefined ? decision : { ...decision, delivery: found.key };
  }
  const { agreement, dataset, key: delivery } = decision.delivered;
  const plan = canonicalize(registered?.plan) ?? '';
  const sha256 = createHash('sha256').update(plan).digest('hex');
  if (sha256 !== registered?.hash)
    throw new ChangedPlan(`The plan of ${agreement} on record is not the one that its hash is of.`);
  const work = workPrefix(agreement, dataset, run);
  await put(`${work}plan.json`, plan);
  log.info('Delivery accepted', { agreement, dataset, run });
  const hasClasses = decision.dataset.privacy !== undefined;
  return {
    kind: 'accepted',
    run: { agreement, dataset, run, delivery, work, plan: { key: `${work}plan.json`, sha256 }, hasClasses },
  };
}
