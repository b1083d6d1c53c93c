import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import type { RecordedDecision } from '../../domain/audit/attribution/recorded-decision';
import { readRows } from '../pack/read-rows';
import { decisionSchema } from './decision-schema';
import { UnusableRecord } from './read-record-lines';

/** In a party's own pack: the decisions by which its accesses are explained, in the order of their lines. */
export const DECIDED = 'decisions.jsonl';

export function writeDecided(folder: string, decisions: readonly RecordedDecision[]): void {
  const lines = decisions.map((decision) => `${canonicalize(decision)}\n`);
  writeFileSync(join(folder, DECIDED), lines.toSorted().join(''));
}

/**
 * Decisions of such a file, or of one that somebody gave to an audit.
 * @throws UnusableRecord
 */
export async function readDecisionLines(folder: string, name: string): Promise<readonly RecordedDecision[]> {
  const decisions: RecordedDecision[] = [];
  for await (const [decision, at] of readRows(folder, name, decisionSchema)) {
    if (decision === undefined) throw new UnusableRecord(`${name}:${at}: this is no decision.`);
    const { until, ...rest } = decision;
    decisions.push({ ...rest, ...(until === undefined ? {} : { until }) });
  }
  return decisions;
}
