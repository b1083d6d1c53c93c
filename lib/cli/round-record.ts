import type { Plan } from '../domain/agreement/plan/plan';
import { listFormerLegs } from '../domain/exchange/entitlements/list-former-legs';
import { chooseRounds } from '../domain/exchange/rounds/choose-rounds';
import { describeTooEarly } from '../domain/exchange/rounds/describe-too-early';
import type { RoundsGiven } from '../domain/exchange/rounds/stand-releases';
import type { AgreementOnRecord } from '../domain/registry/read-conduct';
import { readOthers } from '../domain/registry/read-others';
import type { Registry } from '../domain/registry/registry';
import type { ReleaseRecord } from '../domain/registry/round-records';
import type { RoundRecordBook } from '../rehearsal/rehearsal';
import { InvalidInput } from './describe/exit-code';
import { readOnRecord } from './read/embedded-registry';
import { openRecordBook } from './read/open-record-book';
import { listIntact, settleRounds } from './settle-rounds';

interface RecordedRound {
  readonly registry: Registry;
  readonly plan: Plan;
  /** The folder of the round. */
  readonly out: string;
  /** The round that was asked for; default: the one that is due. */
  readonly day?: string;
  /** By which a giver's key is known, which is there by the time a release goes on record. */
  readonly keyIdOf: (giver: string) => string;
  /** A trial was asked for. */
  readonly isTrial?: boolean;
  readonly now: string;
}

/** What a rehearsal is to the record: a round of it, or a trial that leaves no trace there. */
export type RoundRecording = {
  /** By which the key is known that a giver's releases on record were made with; none: there are none. */
  readonly keyOnRecord: (giver: string) => string | undefined;
} & (
  | {
      readonly kind: 'round';
      readonly days: readonly string[];
      /** Those of its legs: others are due on other days. */
      readonly legs: readonly string[];
      readonly book: RoundRecordBook;
    }
  | { readonly kind: 'trial'; readonly why: string }
);

/**
 * Opens the record for a round of an agreement that is in force.
 * @throws InvalidInput where the agreement is over or stands still, be it for a trial; where there is no such round, or it has its
 * releases.
 */
export async function recordRound(recorded: RecordedRound): Promise<RoundRecording> {
  const { registry, plan, out, day, isTrial, keyIdOf, now } = recorded;
  const { id, content } = plan.agreement;
  const asked = 'it was asked for';
  if ((await registry.current(id).read()) === undefined)
    return { kind: 'trial', why: isTrial ? asked : 'nobody has signed the agreement', keyOnRecord: () => undefined };
  const on = await readOnRecord(registry, id, now);
  assertGoesOn(on);
  const keyOnRecord = findKeyIds(on);
  const ofTrial = (why: string) => ({ kind: 'trial', why, keyOnRecord }) as const;
  if (isTrial) return ofTrial(asked);
  if (on.plan.agreement.content !== content) return ofTrial('this version is not the one in force');
  if (on.conduct.state !== 'active') return ofTrial(`the agreement is ${on.conduct.state}`);
  const days = chooseDays(plan, on, await settleRounds(registry, on, now), day, now);
  const releases = await registry.releases(id).list();
  const book = openRecordBook({
    registry,
    on,
    out,
    days,
    releases,
    levels: await registry.levels(id).list(),
    intact: await listIntact(releases),
    others: await readOthers(registry, id),
    keyIdOf,
    now,
  });
  return { kind: 'round', days: [...new Set(days.values())].sort(), legs: [...days.keys()], book, keyOnRecord };
}

/** All of a giver's have one; what was prepared by a run that broke off was never to be seen, and binds nobody. */
function findKeyIds({ plan, conduct }: AgreementOnRecord): RoundRecording['keyOnRecord'] {
  const legs = [...plan.legs, ...listFormerLegs(plan, conduct.earlier).map(({ leg }) => leg)];
  return (giver) => {
    const own = new Set(legs.flatMap(({ id, from }) => (from === giver ? [id] : [])));
    const out = conduct.releases.filter(({ leg, state }) => own.has(leg) && state !== 'prepared');
    return out.find(({ keyId }) => keyId !== undefined)?.keyId;
  };
}

/**
 * A trial's files are worth as much to a receiver as a round's: they have the same tokens.
 * @throws InvalidInput where nothing may go out any more, or for the time being
 */
function assertGoesOn({ current }: AgreementOnRecord): void {
  const { agreement, state, history } = current;
  if (state === 'draft' || state === 'signed' || state === 'active') return;
  const last = history.at(-1);
  const why = last === undefined ? '' : ` since ${last.at.slice(0, 10)}: ${last.reason} (${last.clause})`;
  const next =
    state === 'suspended'
      ? 'Nothing is made, be it as a trial, until whoever suspended it says so by barter resume.'
      : 'Nothing is made by it any more, no key either. Barter on by a new agreement, with an id of its own.';
  throw new InvalidInput(`The record says that ${agreement} is ${state}${why.replaceAll(/\p{Cc}/gu, ' ')}. ${next}`);
}

/**
 * @param released those that have gone out
 * @throws InvalidInput where no round is free
 */
function chooseDays(
  plan: Plan,
  { conduct }: AgreementOnRecord,
  released: readonly ReleaseRecord[],
  asked: string | undefined,
  now: string,
): ReadonlyMap<string, string> {
  const given = (leg: string): RoundsGiven =>
    new Map(released.flatMap((each) => (each.leg === leg ? [[each.round, 'given' as const]] : [])));
  const chosen = chooseRounds(plan, conduct, given, now, asked);
  switch (chosen.kind) {
    case 'chosen':
      return chosen.days;
    case 'not-due':
      throw new InvalidInput(
        `No round is due on ${asked}. The next are due on ${chosen.next.slice(0, 3).join(', ') || 'no day'}.`,
      );
    case 'is-out':
      throw new InvalidInput(`The round of ${chosen.day} has its release of ${chosen.leg}, ${OUT_STAYS}`);
    case 'too-early':
      throw new InvalidInput(`Every round that is due has its releases, ${OUT_STAYS} ${describeTooEarly(chosen)}`);
    case 'none-left':
      throw new InvalidInput(`Every round has its releases, ${OUT_STAYS}`);
  }
}

const OUT_STAYS = 'and what is out is not taken back. Name a round by --round, or put nothing on record by --trial.';
