import { type DataExchangeClient, RevokeRevisionCommand } from '@aws-sdk/client-dataexchange';
import { nameRelease } from '../../lib/domain/exchange/rounds/name-release';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import { listShown } from './exchange-revisions';

/** A revision that a leg's data set shows. */
interface ShownRelease {
  readonly revision: string;
  /** Of the round that it is the release of; absent where it is none that was published: somebody put it there. */
  readonly day?: string;
}

/**
 * Takes away from receivers what a data set shows of these, for good. What they have exported they have.
 * @param labels see `labelOf`
 * @param reason receivers read it; 10 to 512 characters
 */
export async function revokeShown(
  client: DataExchangeClient,
  on: AgreementOnRecord,
  { leg, dataSet }: { readonly leg: string; readonly dataSet: string },
  labels: readonly string[],
  reason: string,
): Promise<void> {
  if (labels.length === 0) return;
  const RevocationComment = reason.padEnd(10, '.').slice(0, 512);
  for (const shown of await listShownReleases(client, on, leg, dataSet))
    if (labels.includes(labelOf(shown)))
      await client.send(
        new RevokeRevisionCommand({ DataSetId: dataSet, RevisionId: shown.revision, RevocationComment }),
      );
}

/** The day of a release; of what is none the revision's id. */
export function labelOf({ revision, day = revision }: ShownRelease): string {
  return day;
}

/**
 * What is shown to whoever is granted a leg's data set, or subscribes to its product. A round's release is one revision: the one
 * on record, or, where none is, the first of its name.
 */
export async function listShownReleases(
  client: DataExchangeClient,
  { plan, conduct }: AgreementOnRecord,
  leg: string,
  dataSet: string,
): Promise<readonly ShownRelease[]> {
  const own = nameRelease(plan.agreement.id, leg, '');
  const found = new Set<string>();
  return (await listShown(client, dataSet)).map(({ revision, release }): ShownRelease => {
    const day = release.slice(own.length);
    const record = conduct.releases.find((each) => each.leg === leg && each.round === day);
    const isOther = record?.revision !== undefined && record.revision !== revision;
    if (!release.startsWith(own) || !DAY.test(day) || isOther || found.has(day)) return { revision };
    found.add(day);
    return { revision, day };
  });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
