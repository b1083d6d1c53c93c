import { listRounds } from '../../lib/domain/exchange/rounds/list-rounds';
import { type AgreementOnRecord, readConduct } from '../../lib/domain/registry/read-conduct';
import type { Registry } from '../../lib/domain/registry/registry';
import { fieldsOf } from '../shared/fields-of';
import { takeTurns } from '../shared/take-turns';
import { type Publisher, publishRound } from './publish-round';
import { speakToPeers } from './speak-to-peers';
import { tellBreaches } from './tell-breaches';

/** Some rounds could not be brought on; what could be done for the others is done. */
class RoundsNotPublished extends Error {
  override readonly name = 'RoundsNotPublished';
}

/**
 * Opens the rounds that have become due, and brings every one on that is not over: those of the agreement that an event names,
 * or of all.
 * @throws RoundsNotPublished so that it is tried again, and alarmed on
 */
export async function publishRounds(event: unknown, publisher: Publisher): Promise<void> {
  const { registry, log } = publisher;
  const all = await registry.listAgreements();
  const told = readTold(event);
  const named = told.agreement;
  const isKnown = named !== undefined && all.includes(named);
  if (isKnown) await keepToken(registry, told);
  const failed: string[] = [];
  for (const agreement of isKnown ? [named] : takeTurns(all, publisher.now())) {
    try {
      await publishAgreement(publisher, agreement, told);
    } catch (error) {
      failed.push(agreement);
      log.error('Rounds not published', { agreement, error: error instanceof Error ? error.message : 'unknown' });
    }
  }
  if (failed.length > 0) throw new RoundsNotPublished(`Not published: ${failed.join(', ')}.`);
}

async function publishAgreement(publisher: Publisher, agreement: string, told: Told): Promise<void> {
  const { registry, now, log } = publisher;
  const on = await readConduct(registry, agreement);
  if (on === undefined) return;
  await openRounds(registry, on, now());
  for (const { day, state } of await registry.rounds(agreement).list()) {
    if (state === 'published') continue;
    const outcome = await publishRound(publisher, on, day);
    if (outcome !== 'waits') log.info('Round looked at', { agreement, round: day, outcome });
  }
  if (on.plan.side.kind !== 'peer') return;
  const known = await readConduct(registry, agreement);
  const { asked: party, round } = told;
  const asked = party === undefined || round === undefined ? undefined : { party, round };
  if (known === undefined) return;
  const isTime = told.cause === 'schedule';
  try {
    await speakToPeers(publisher, known, asked, isTime);
  } finally {
    // A room that cannot be told of a round keeps no other from hearing of a breach.
    if (isTime) await tellBreaches(publisher, known);
  }
}

/** A round is opened under the version in force; once it is open, its legs stay as they are. */
async function openRounds(registry: Registry, on: AgreementOnRecord, now: string): Promise<void> {
  const { agreement, version } = on.current;
  if (on.conduct.state !== 'active') return;
  const open = new Set(on.conduct.rounds.map(({ day }) => day));
  for (const { day, legs } of listRounds(on.conduct, now.slice(0, 10)))
    if (!open.has(day))
      await registry.rounds(agreement).create({ agreement, version, day, legs: [...legs], state: 'open', at: now });
}

/**
 * Keeps with the releases of a run what resumes its workflow. It comes with the event alone: a workflow whose event was lost
 * waits until it times out, which withholds nothing, since what is published follows from the record.
 */
async function keepToken(registry: Registry, { agreement, run, token }: Told): Promise<void> {
  if (agreement === undefined || run === undefined || token === undefined) return;
  for (const { round, leg, place } of await registry.releases(agreement).list())
    if (place.endsWith(`/${run}/`))
      await registry
        .releases(agreement)
        .change([round, leg], (release) => (release.token === token ? undefined : { ...release, token }));
}

interface Told {
  /** Why it was called, where no event did. */
  readonly cause?: string;
  readonly agreement?: string;
  readonly run?: string;
  readonly token?: string;
  readonly round?: string;
  /** The party whose room lacks this one's word on the round. */
  readonly asked?: string;
}

/** The room's own events: whose release was certified and what resumes its workflow; what another peer's room said. */
function readTold(event: unknown): Told {
  const read = (from: unknown, ...names: readonly (keyof Told)[]): Told => {
    const fields = fieldsOf(from);
    return Object.fromEntries(
      names.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : [])),
    );
  };
  return { ...read(event, 'cause'), ...read(fieldsOf(event).detail, 'agreement', 'run', 'token', 'round', 'asked') };
}
