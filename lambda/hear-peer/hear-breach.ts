import { citeClause } from '../../lib/domain/agreement/plan/cite-clause';
import type { VerifySignature } from '../../lib/domain/agreement/signature';
import { controlOf } from '../../lib/domain/enforcement/breaches/list-remedies';
import { PauseRefused, pauseAgreement } from '../../lib/domain/enforcement/words/pause-agreement';
import { WordRefused } from '../../lib/domain/enforcement/words/require-speaker';
import type { ToldBreachEvent } from '../../lib/domain/exchange/peers/read-told-breach';
import {
  checkToldBreach,
  holdBy,
  isNewsOfBreach,
  type ToldBreachFault,
} from '../../lib/domain/exchange/peers/told-breach';
import { triggerOf } from '../../lib/domain/registry/breach-kinds';
import type { ToldBreach, ToldBreachRecord } from '../../lib/domain/registry/conduct-records';
import type { DecisionRecord } from '../../lib/domain/registry/door-records';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import type { Log } from '../shared/log';
import type { RecordAtDoor } from '../shared/record-at-door';
import { describeHearing } from './describe-hearing';

export interface BreachHearing {
  readonly registry: Registry;
  readonly record: RecordAtDoor;
  readonly verify: VerifySignature;
  /** Tells the room that what is granted may have to change, and that people are to be written to. */
  readonly tellOfBreach: (agreement: string) => Promise<void>;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
}

/**
 * Keeps what another peer's room says of a breach, as its word and nothing more: no remedy is taken by it. Whose room says that the
 * breach has ended the agreement has it stand still here too, as that party may at any time. Heard twice, nothing is different.
 */
export async function hearBreach(event: ToldBreachEvent, hearing: BreachHearing): Promise<void> {
  const { registry, record, verify, tellOfBreach, now, log } = hearing;
  const { told, account } = event;
  const { agreement, from, party, report, kind } = told;
  const on = await readConduct(registry, agreement);
  if (on?.plan.side.kind !== 'peer') {
    log.error('What a partner said is of no agreement that this room has as a peer', { agreement });
    return;
  }
  const fault = checkToldBreach(on, { told, account }, verify, now());
  if (fault !== undefined) {
    await record(registry, describeDecision(on, event, fault, now()), account);
    log.warn('What a partner said of a breach is refused', { agreement, report, account, fault });
    return;
  }
  const before = (on.conduct.told ?? []).find((each) => each.from === from && each.report === report);
  const isNews = isNewsOfBreach(told, before);
  if (isNews) {
    await registry.decisions(agreement).create(describeDecision(on, event, fault, now()));
    if (told.measures.includes('terminate') && before?.measures.includes('terminate') !== true)
      await standStill(hearing, event);
    await keep(registry, on, told, now());
    log.warn('Another room has a breach on record', {
      agreement,
      from,
      party,
      breach: kind,
      report,
      state: told.state,
    });
  }
  if (isNews || mayHaveBrokenOff(before, now())) await tellOfBreach(agreement);
}

/** What is said again, each hour or day, has the room look at nothing; but the call that kept it may have ended before it told. */
function mayHaveBrokenOff({ heardAt }: Pick<ToldBreachRecord, 'heardAt'> = {}, now: string): boolean {
  return heardAt !== undefined && Date.parse(now) - Date.parse(heardAt) < LOOK_MS;
}

/** By then the room has looked by its schedule. */
const LOOK_MS = 15 * 60_000;

/** With what was withheld by the word before it, as it is on record by then: another call may have kept that meanwhile. */
async function keep(registry: Registry, on: AgreementOnRecord, told: ToldBreach, heardAt: string): Promise<void> {
  const words = registry.toldBreaches(told.agreement);
  const after = (before?: ToldBreachRecord) => ({ ...told, heardAt, ...holdBy(on, told, before, heardAt) });
  if (await words.create(after())) return;
  await words.change([told.from, told.report], (before) => (isNewsOfBreach(told, before) ? after(before) : undefined));
}

/** By the word of the party that has ended it in its own room, and of nobody else. */
async function standStill({ registry, now, log }: BreachHearing, { told, account }: ToldBreachEvent): Promise<void> {
  const { agreement, from, party, kind, report } = told;
  const reason = `a remedy has ended it in the room of ${from}: ${kind} by ${party} (${report})`;
  try {
    await pauseAgreement(registry, agreement, { act: 'suspend', by: from, at: now(), reason, isRemedy: true }, account);
  } catch (error) {
    // Where it is over here too, there is nothing to hold. What is refused for another word of that moment is told again.
    if (!(error instanceof WordRefused) || (error instanceof PauseRefused && error.fault === 'later-word')) throw error;
    log.warn('The agreement does not stand still by what a partner said', { agreement, from, why: error.message });
  }
}

function describeDecision(
  on: AgreementOnRecord,
  { id, account, told: { kind } }: ToldBreachEvent,
  fault: ToldBreachFault | undefined,
  at: string,
): DecisionRecord {
  const clause = citeClause(on.plan, controlOf(triggerOf(kind)), 'remedies');
  const heard = { id, account, operation: 'hear of a breach', clause, policy: 'signed by who says it' };
  return describeHearing(on, heard, fault, at);
}
