import { listDismissed } from '../../lib/domain/exchange/peers/find-amended';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { ReleaseRecord } from '../../lib/domain/registry/round-records';
import type { Publisher } from './publish-round';

/**
 * Ends the workflows that wait for a release that will not go out, or for one whose place it took. Forgotten only afterwards, so
 * that none is left waiting.
 * @param all releases of every round
 */
export async function dismissWorkflows(
  { registry, dismiss, log }: Pick<Publisher, 'registry' | 'dismiss' | 'log'>,
  { plan, conduct }: AgreementOnRecord,
  release: ReleaseRecord,
  all: readonly ReleaseRecord[],
): Promise<void> {
  const told = listDismissed(release, all, plan, conduct);
  if (told.length === 0) return;
  const { agreement, round, leg } = release;
  const { version } = plan.agreement;
  const outdated = `${leg}: version ${version}, which is in force, treats it otherwise: its giver is asked for it again`;
  for (const token of told) await dismiss(token, token === release.token ? outdated : `${leg}: ${REPLACED}`);
  log.info('The workflow of a release that does not go out was ended', { agreement, leg, round, version });
  await registry.releases(agreement).change([round, leg], ({ token, dismissed: _, ...each }) => ({
    ...each,
    ...(token === undefined || told.includes(token) ? {} : { token }),
  }));
}

const REPLACED = 'a newer delivery has taken its place';
