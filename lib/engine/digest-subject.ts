import { createHmac } from 'node:crypto';
import type { PlannedDataset } from '../domain/agreement/plan/plan';
import { TOKEN_DIGITS } from './sql/treat-value';

/** A subject as nobody can read it: HMAC-SHA256 of its canonical text, hexadecimal. */
export function digestSubject(key: Uint8Array, subject: string): string {
  return createHmac('sha256', key).update(subject).digest('hex');
}

/** By which a leg's receiver knows that a subject is to be erased; it tells nothing of what another knows it by. */
export function digestTold(key: Uint8Array, leg: string, digest: string): string {
  return digestSubject(key, JSON.stringify(['told', leg, digest]));
}

/** The subject's token in a release, as both engines make it. */
export function tokenOfSubject(key: Uint8Array, subject: string): string {
  return digestSubject(key, subject).slice(0, TOKEN_DIGITS);
}

/** Whether the dataset's releases hold a token of its subjects, by which rows of one are found. */
export function releasesTokens({ columns, subject }: PlannedDataset): boolean {
  return columns.find(({ name }) => name === subject)?.treatment.kind === 'token';
}
