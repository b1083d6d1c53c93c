import { isTrailLog } from '../../domain/audit/integrity/trail-key';
import type { ContentManner } from './read-content';

/** How a log is read, by its name. */
export function mannerOf(file: string, hashContent: boolean): ContentManner {
  return { hashContent, allMembers: !isTrailLog(file) };
}
