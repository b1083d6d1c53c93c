import { isInTable, placeTokenTable, type ReadTable } from '../../lib/domain/exchange/erasure/token-table';
import type { HoldsToken } from '../../lib/registry/start-erasure';
import type { Objects } from '../shared/objects';

/** Looks into the table that was written beside a release. One without a table is from before there were any, or very large. */
export function lookUpToken(lake: Pick<Objects, 'readRange'>): HoldsToken {
  return (release, token) => {
    const key = placeTokenTable(release);
    const read: ReadTable = async (start, end) => {
      try {
        return await lake.readRange(key, start, end);
      } catch (error) {
        if (error instanceof Error && NOT_THERE.has(error.name)) return undefined;
        throw error;
      }
    };
    return isInTable(token, read);
  };
}

/** What S3 says of an object that is not there, and of bytes beyond its end. */
const NOT_THERE: ReadonlySet<string> = new Set(['NoSuchKey', 'InvalidRange']);
