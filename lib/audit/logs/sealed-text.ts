import { createHash } from 'node:crypto';
import type { NoteKey } from '../../domain/audit/ledger/signed-note';
import { verifyNote } from '../../domain/audit/ledger/signed-note';
import type { NoteSigner } from '../ledger/note-signer';
import { sha256, verifySignature } from '../node-crypto';

/** A line of text, and below it a signed note over its hash. @param what it is: no text of another kind passes for it */
export async function sealText(signer: NoteSigner, what: string, line: string): Promise<string> {
  return `${line}\n${await signer.signNote(formatSeal(what, line))}`;
}

/** The line, where this key signed it as what it should be; undefined for anything else. */
export function openSealed(key: NoteKey, what: string, stored: string): string | undefined {
  const end = stored.indexOf('\n');
  if (end < 0) return undefined;
  const line = stored.slice(0, end);
  const verdict = verifyNote(sha256, stored.slice(end + 1), [key], verifySignature);
  return verdict.kind === 'verified' && verdict.text === formatSeal(what, line) ? line : undefined;
}

function formatSeal(what: string, line: string): string {
  return `barter ${what}\n${createHash('sha256').update(line).digest('hex')}\n`;
}
