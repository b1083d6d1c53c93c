import { overruleBreach } from '../../lib/domain/enforcement/breaches/overrule-breach';
import { type Overruling, readOverruling } from '../../lib/domain/enforcement/breaches/overruling';
import { recordBreach } from '../../lib/domain/enforcement/breaches/record-breach';
import { readWithheldDelivery, type WithheldDelivery } from '../../lib/domain/enforcement/breaches/withheld-delivery';
import { pauseAgreement } from '../../lib/domain/enforcement/words/pause-agreement';
import { readPauseWord, type ToldPauseWord } from '../../lib/domain/enforcement/words/pause-word';
import { reportFailedRelease } from '../../lib/domain/exchange/gates/judge-failed-release';
import { type BreachReport, readBreachReport } from '../../lib/domain/registry/breach-report';
import { readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { readDeliveryFault } from '../../lib/domain/room/delivery-fault';
import type { Log } from '../shared/log';

export class UnreadableBreach extends Error {
  override readonly name = 'UnreadableBreach';
}

export interface BreachDesk {
  readonly registry: Registry;
  /** Tells the room that what is on record of an agreement's breaches, or of its state, has changed. */
  readonly tell: (agreement: string) => Promise<void>;
  readonly log: Log;
}

/**
 * Puts a reported breach on record, or that a person overruled it; what the remedies ask for follows from the record, in
 * `reconcile-entitlements`, which is told afterwards. So does what the workflow says of a delivery that goes no further, and a
 * person's word that the agreement stands still or goes on.
 * @throws UnreadableBreach, WordRefused so that the report is kept as a dead letter and alarmed on
 */
export async function handleBreach(event: unknown, desk: BreachDesk): Promise<void> {
  const withheld = readWithheldDelivery(event);
  if (withheld !== undefined) return recordWithheld(withheld, desk);
  const word = readPauseWord(event);
  if (word !== undefined) return pause(word, desk);
  const overruling = readOverruling(event);
  const report = readBreachReport(event);
  if (overruling !== undefined) await overrule(overruling, desk);
  else if (report !== undefined) await record(report, desk);
  else
    throw new UnreadableBreach(
      'It is no report of a breach with id, agreement and known kind, and no whole word of a person.',
    );
  await desk.tell(overruling?.agreement ?? report?.agreement ?? '');
}

async function record(report: BreachReport, { registry, log }: BreachDesk): Promise<void> {
  const { agreement, kind, party = 'not named', clause } = await recordBreach(registry, report);
  log.error('Breach on record', { agreement, breach: kind, party, clause });
}

/** Who gave it is told by letter; where it was the release that could not be certified, that is a breach. */
async function recordWithheld(withheld: WithheldDelivery, desk: BreachDesk): Promise<void> {
  const { registry, tell, log } = desk;
  const { agreement, dataset, file, run: id, error, problems, at } = withheld;
  const on = await readConduct(registry, agreement);
  if (on === undefined) {
    log.warn('A delivery of no agreement went no further', { run: id });
    return;
  }
  const told = problems === undefined ? {} : { problems: [...problems] };
  await registry.refusals(agreement).create({ id, agreement, dataset, file, error, ...told, at });
  if (readDeliveryFault(error).kind === 'failed')
    for (const report of reportFailedRelease(on.plan, on.conduct, dataset, at)) await record(report, desk);
  await tell(agreement);
}

async function pause(
  { agreement, account, ...word }: ToldPauseWord,
  { registry, tell, log }: BreachDesk,
): Promise<void> {
  const current = await pauseAgreement(registry, agreement, word, account);
  log.warn('A person has the agreement stand still, or go on', {
    agreement,
    act: word.act,
    by: word.by,
    account,
    state: current?.state ?? 'unknown',
  });
  await tell(agreement);
}

async function overrule(
  { agreement, report, account, ...overruled }: Overruling,
  { registry, log }: BreachDesk,
): Promise<void> {
  const breach = await overruleBreach(registry, agreement, report, overruled, account);
  if (breach === undefined) throw new UnreadableBreach(`${agreement} has no breach ${report} on record to overrule.`);
  log.warn('Breach overruled', { agreement, report, by: breach.overruled?.by ?? overruled.by, account });
}
