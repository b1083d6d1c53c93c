import canonicalize from 'canonicalize';
import { MEASURES } from '../../agreement/plan/measures';
import type { VerifySignature } from '../../agreement/signature';
import { encodeText } from '../../bytes';
import { withholdsAnything } from '../../enforcement/breaches/list-holds';
import { triggerOf } from '../../registry/breach-kinds';
import { type BreachRecord, TOLD_STATES, type ToldBreach, type ToldBreachRecord } from '../../registry/conduct-records';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { checkSpeaker, type SpeakerFault } from './check-speaker';
import { versionOfWord } from './version-of-word';

export type ToldBreachFault =
  | SpeakerFault
  | 'other-agreement'
  | 'other-version'
  /** Nothing was begun by the agreement here, or all of it is settled. */
  | 'not-active'
  /** It accuses no party of the agreement, or its own. */
  | 'unknown-party'
  /** It tells of a measure that no remedy of the agreement, by any version, takes for such a breach. */
  | 'no-remedy'
  /** It takes back what it said of the same breach before. */
  | 'contradicts'
  | 'too-often';

type DraftToldBreach = Omit<ToldBreach, 'algorithm' | 'publicKey' | 'signature'>;

/** The bytes that are signed. The purpose stands in them, so that a signature can serve for nothing else. */
export function writeToldBreach({
  signature: _,
  publicKey: __,
  algorithm: ___,
  heardAt: ____,
  sentAt: _____,
  held: ______,
  ...said
}: DraftToldBreach & Partial<ToldBreachRecord>): Uint8Array {
  return encodeText(canonicalize({ purpose: 'barter-room/tell-breach/1', ...said }) ?? '');
}

/**
 * What a peer's room says to the others of a breach that it has on record, before it is signed; undefined where it is of its own
 * party, of nobody who is a party, or was answered before it was ever told.
 * @param before what it said of the breach before
 */
export function draftToldBreach(
  { plan }: Pick<AgreementOnRecord, 'plan'>,
  { report, kind, party, leg, round, since, taken, overruled, resolvedAt }: BreachRecord,
  before: ToldBreach | undefined,
  at: string,
): DraftToldBreach | undefined {
  const { side, parties } = plan;
  const { id: agreement, version, content } = plan.agreement;
  const state = overruled !== undefined ? 'overruled' : resolvedAt !== undefined ? 'over' : 'stands';
  if (side.kind !== 'peer' || party === undefined || party === side.party) return undefined;
  if (!parties.some(({ id }) => id === party) || (before === undefined && state !== 'stands')) return undefined;
  const done = new Set(taken.map((each) => each.do));
  const about = { ...(leg === undefined ? {} : { leg }), ...(round === undefined ? {} : { round }) };
  const measures = MEASURES.filter((measure) => done.has(measure));
  return { agreement, version, content, from: side.party, report, kind, party, ...about, since, measures, state, at };
}

/**
 * For how long a breach was known to stand, once a word of it is, and since when by it two parties have withheld anything from each
 * other.
 */
export function holdBy(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  word: DraftToldBreach,
  before: Pick<ToldBreachRecord, 'held'> | undefined,
  now: string,
): Pick<ToldBreachRecord, 'held'> {
  const { held } = before ?? {};
  if (word.state !== 'stands') return held === undefined ? {} : { held: { to: now, ...held } };
  return { held: { from: now, ...(withholdsAnything(plan, word, conduct) ? { withheldFrom: now } : {}), ...held } };
}

/** Whether a word tells more of its breach than the one before. */
export function isNewsOfBreach(
  word: Pick<ToldBreach, 'measures' | 'state' | 'at'>,
  before: Pick<ToldBreach, 'measures' | 'state' | 'at'> | undefined,
): boolean {
  if (before === undefined) return true;
  const isMore = word.state !== before.state || word.measures.length !== before.measures.length;
  return isMore && Date.parse(word.at) > Date.parse(before.at);
}

/**
 * What is wrong with a word on a breach; undefined for one that can be kept as what its speaker says. That is all that it proves:
 * the breach is on the speaker's record, and by what its room has seen alone.
 * @param account that put it on the bus, as EventBridge says: 12 digits
 * @param now UTC, ISO 8601
 */
export function checkToldBreach(
  { plan, conduct }: Pick<AgreementOnRecord, 'plan' | 'conduct'>,
  { told, account }: { readonly told: ToldBreach; readonly account: string },
  verify: VerifySignature,
  now: string,
): ToldBreachFault | undefined {
  const { from, party, report, kind, measures } = told;
  if (told.agreement !== plan.agreement.id) return 'other-agreement';
  const under = versionOfWord({ plan, conduct }, told);
  if (under === undefined) return 'other-version';
  const spoken = { word: told, message: writeToldBreach(told), account };
  const fault = checkSpeaker({ under, signatures: conduct.signatures }, spoken, verify, now);
  if (fault !== undefined) return fault;
  if (conduct.removed || conduct.state === 'draft' || conduct.state === 'settled') return 'not-active';
  if (party === from || under.parties.every(({ id }) => id !== party)) return 'unknown-party';
  const isAgreed = (measure: (typeof measures)[number]) =>
    [under, ...conduct.earlier].some(({ remedies }) =>
      remedies.some((remedy) => remedy.on === triggerOf(kind) && remedy.do === measure),
    );
  if (!measures.every(isAgreed)) return 'no-remedy';
  const known = conduct.told ?? [];
  const before = known.find((each) => each.from === from && each.report === report);
  if (before !== undefined) return goesOn(before, told) ? undefined : 'contradicts';
  const own = known.filter((each) => each.from === from);
  const today = own.filter(({ heardAt }) => heardAt?.slice(0, 10) === now.slice(0, 10));
  return today.length < MOST_TOLD_A_DAY && own.length < MOST_TOLD ? undefined : 'too-often';
}

/* Breaches that one room can tell another of: each is a record that every door reads, and a letter. */

/** On one day, UTC. */
const MOST_TOLD_A_DAY = 100;
/** Of one agreement in all: beyond that, people talk. */
const MOST_TOLD = 500;

/** Of one breach. What was done about it stays done, and what is over or overruled stands no more: what comes later has a name of its own. */
function goesOn(before: ToldBreach, told: ToldBreach): boolean {
  const [first, then] = Date.parse(told.at) < Date.parse(before.at) ? [told, before] : [before, told];
  const isOfOne =
    first.kind === then.kind &&
    first.party === then.party &&
    first.leg === then.leg &&
    first.round === then.round &&
    first.since === then.since;
  const isKept = first.measures.every((measure) => then.measures.includes(measure));
  return isOfOne && isKept && TOLD_STATES.indexOf(first.state) <= TOLD_STATES.indexOf(then.state);
}
