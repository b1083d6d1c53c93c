import { draftToldBreach, holdBy, isNewsOfBreach, writeToldBreach } from '../../lib/domain/exchange/peers/told-breach';
import { isAnswered } from '../../lib/domain/registry/breach-name';
import type { BreachRecord, ToldBreachRecord } from '../../lib/domain/registry/conduct-records';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { describeError } from '../shared/describe-error';
import { listOthers, PeerNotTold, type PeerSpeaker, signAsParty } from './speak-to-peers';

/**
 * Tells all other peers' rooms what is on record here of others' breaches: signed once for whatever has become of each, on record
 * before it is sent, and sent again while the breach stands, and for a week after it was answered, since nobody asks for what it
 * has not heard of.
 * @throws OtherSigningKey, PeerNotTold
 */
export async function tellBreaches(speaker: PeerSpeaker, on: AgreementOnRecord): Promise<void> {
  if (on.conduct.removed || on.conduct.state === 'settled' || on.plan.side.kind !== 'peer') return;
  const failed = new Set<string>();
  // What stands before what is over: who takes one back and says another has no while between them.
  const { breaches } = on.conduct;
  for (const breach of [...breaches.filter((each) => !isAnswered(each)), ...breaches.filter(isAnswered)]) {
    const word = await keepWord(speaker, on, breach);
    if (word === undefined || !isDue(word, speaker.now())) continue;
    const missed = await sendToAll(speaker, on, word);
    for (const party of missed) failed.add(party);
    if (missed.length > 0) continue;
    const sentAt = speaker.now();
    await speaker.registry
      .toldBreaches(word.agreement)
      .change([word.from, word.report], (kept) => (kept.at === word.at ? { ...kept, sentAt } : undefined));
  }
  if (failed.size > 0) throw new PeerNotTold(`Not told of a breach: ${[...failed].join(', ')}.`);
}

/** @returns what stands on record as this room's word on a breach; undefined where it has none */
async function keepWord(
  { registry, peers, now, log }: PeerSpeaker,
  on: AgreementOnRecord,
  breach: BreachRecord,
): Promise<ToldBreachRecord | undefined> {
  const { side } = on.plan;
  const own = side.kind === 'peer' ? side.party : '';
  const before = on.conduct.told?.find(({ from, report }) => from === own && report === breach.report);
  const draft = draftToldBreach(on, breach, before, now());
  if (draft === undefined || !isNewsOfBreach(draft, before)) return before;
  const signed = await signAsParty(peers, on, draft.from, writeToldBreach(draft));
  const after = (kept?: ToldBreachRecord) => ({ ...draft, ...signed, ...holdBy(on, draft, kept, draft.at) });
  const words = registry.toldBreaches(draft.agreement);
  log.info('Said to the other rooms of a breach', {
    agreement: draft.agreement,
    report: draft.report,
    state: draft.state,
  });
  const first = after();
  if (await words.create(first)) return first;
  return words.change([draft.from, draft.report], (kept) => (isNewsOfBreach(draft, kept) ? after(kept) : undefined));
}

/** One that cannot be told does not keep the others from it. @returns who was not told */
async function sendToAll(
  { peers, log }: PeerSpeaker,
  on: AgreementOnRecord,
  { heardAt: _, sentAt: __, held: ___, ...told }: ToldBreachRecord,
): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const party of listOthers(on)) {
    try {
      await peers.tellBreach(on, party, told);
    } catch (error) {
      missed.push(party);
      log.error('Another room was not told of a breach', {
        agreement: told.agreement,
        party,
        error: describeError(error),
      });
    }
  }
  return missed;
}

/**
 * Each hour on the first day: whoever has not heard of it has a day to grant what it owes, or is owed, and would accuse, or be
 * accused, for a word that got lost.
 */
function isDue({ state, at, sentAt }: ToldBreachRecord, now: string): boolean {
  if (sentAt === undefined) return true;
  const age = Date.parse(now) - Date.parse(at);
  const isRepeated = state === 'stands' || age < 7 * DAY_MS;
  return isRepeated && Date.parse(now) - Date.parse(sentAt) >= (age < DAY_MS ? HOUR_MS : DAY_MS);
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
