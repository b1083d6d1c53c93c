import * as z from 'zod';
import { STATEMENT_FAULTS } from '../../domain/enforcement/words/party-statement';
import { writeToldBreach } from '../../domain/exchange/peers/told-breach';
import { toldBreachSchema } from '../../domain/registry/conduct-records';
import { verifySignature } from '../../registry/verify-signature';
import type { SignedVersions } from '../grounds/signed-versions';
import { readRows } from '../pack/read-rows';
import { judgeBySigned, UNKNOWN } from './judge-by-signed';
import type { PackFinding } from './verify-pack';

const TOLD = 'told.jsonl';
/** Nothing stands beside what is signed but how it was heard here. */
const toldSchema = z.strictObject({
  ...toldBreachSchema.shape,
  heard: z.string(),
  until: z.string().optional(),
  fault: z.enum(STATEMENT_FAULTS).optional(),
});

type Told = z.output<typeof toldSchema>;

/**
 * Verifies what a party's own pack tells of other rooms' words on breaches: that each is signed by whom it is said to be of, or
 * told as not, with the keys that were held by what is signed; where a pack has nothing of that, with the key beside the word.
 * @param signed by agreement
 * @returns how many were verified, and of how many it cannot be told whose they are
 */
export async function verifyTold(
  folder: string,
  signed: ReadonlyMap<string, SignedVersions> | undefined,
): Promise<{ readonly words: number; readonly unknown: number; readonly findings: readonly PackFinding[] }> {
  const findings: PackFinding[] = [];
  let [words, unknown] = [0, 0];
  for await (const [word, at] of readRows(folder, TOLD, toldSchema)) {
    const problem = word === undefined ? 'it is no word on a breach' : judgeTold(word, signed?.get(word.agreement));
    if (problem === UNKNOWN) unknown += 1;
    else words += 1;
    if (problem !== undefined && problem !== UNKNOWN) findings.push({ file: `${TOLD}:${at}`, problem });
  }
  return { words, unknown, findings };
}

function judgeTold({ heard: _, until: __, fault: told, ...word }: Told, signed: SignedVersions | undefined) {
  const message = writeToldBreach(word);
  if (signed === undefined)
    return told !== undefined || verifySignature(message, word)
      ? undefined
      : `it is told as the word of ${word.from}, and is not signed with the key beside it`;
  const known = judgeBySigned(signed, word.from, message, word);
  const isSince = signed.versions.every(({ agreement }) => agreement.version < word.version);
  if (known === UNKNOWN || (isSince && told !== undefined)) return UNKNOWN;
  if (known === told) return undefined;
  const said = `it is told as ${told === undefined ? 'the' : `not the (${told})`} word of ${word.from}`;
  return `${said}, and by what is signed it is ${known === undefined ? 'its word' : `not: ${known}`}`;
}
