import type { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { nameRelease } from '../../lib/domain/exchange/rounds/name-release';
import type { AgreementOnRecord } from '../../lib/domain/registry/read-conduct';
import type { ReleaseRecord } from '../../lib/domain/registry/round-records';
import { finaliseRevision, findImportStart, prepareRevision, takeBackRevision } from '../shared/exchange-revisions';
import type { Objects } from '../shared/objects';
import type { ReleaseChannel } from './publish-round';

interface ExchangeChannelParts {
  readonly client: DataExchangeClient;
  /** The lake bucket, and its name. */
  readonly lake: Objects;
  readonly bucket: string;
}

/** Data grants and products: a revision of the leg's data set, which grants show once it is final. */
export function openExchangeChannel({ client, lake, bucket }: ExchangeChannelParts): ReleaseChannel {
  return {
    async prepare(on, release) {
      const dataSet = dataSetOf(on, release);
      if (dataSet === undefined) return { kind: 'failed', reason: `${release.leg}: no data set was made for it.` };
      const keys = await lake.list(release.place);
      const progress = await prepareRevision(client, dataSet, { release: nameOf(release), bucket, keys });
      return progress.kind === 'finalised' ? { kind: 'prepared' } : progress;
    },
    // An import names no version of a file. S3 never changes one, only puts another in its place, with the time of that.
    async compare(on, release, files) {
      const started = await findImportStart(client, dataSetOf(on, release) ?? '', nameOf(release));
      if (started === undefined) return ['nothing tells when its files were imported'];
      const later = files.filter(({ modified }) => Date.parse(modified) > Date.parse(started));
      return later.map(({ file }) => `${file} was written after it was imported: what is shown may be another`);
    },
    async finalise(on, release) {
      return finaliseRevision(client, dataSetOf(on, release) ?? '', nameOf(release));
    },
    async revoke(on, release, reason) {
      const dataSet = dataSetOf(on, release);
      return dataSet === undefined || takeBackRevision(client, dataSet, nameOf(release), reason);
    },
  };
}

function dataSetOf({ current }: AgreementOnRecord, { leg }: ReleaseRecord): string | undefined {
  return current.provisioned.dataSets[leg];
}

function nameOf({ agreement, leg, round }: ReleaseRecord): string {
  return nameRelease(agreement, leg, round);
}
