import type { Plan } from '../../agreement/plan/plan';

/** What a party is written to about: which of the contacts that the agreement names for it. */
export type Contact = keyof Plan['parties'][number]['contacts'];

/** A letter that has to go out, once. It names terms, ids and dates; never a value of the data. */
export interface Letter {
  /** Tells it from every other of its agreement: one that is on record is not sent again. */
  readonly id: string;
  /** E.g. `telco:privacy`. */
  readonly to: readonly string[];
  /** Up to 100 characters of ASCII: what e-mail by SNS takes. */
  readonly subject: string;
  readonly text: string;
}

/** By which a letter finds its contact. Who names nobody for security is told by its contact for privacy. */
export function addressTo(
  { parties }: Pick<Plan, 'parties'>,
  party: string,
  ...contacts: readonly Contact[]
): readonly string[] {
  const named = parties.find(({ id }) => id === party)?.contacts;
  if (named === undefined) return [];
  return [
    ...new Set(
      contacts.map((contact) => `${party}:${contact === 'security' && !named.security ? 'privacy' : contact}`),
    ),
  ];
}

export function writeLetter(
  { agreement }: Pick<Plan, 'agreement'>,
  id: string,
  to: readonly string[],
  about: string,
  lines: readonly string[],
): Letter {
  const subject = `${agreement.id}: ${about}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
  const text = [`Agreement ${agreement.id}, version ${agreement.version}.`, ...lines].join('\n');
  return { id, to, subject, text: `${text}\n` };
}

/** How long before a deadline it is told once more: a week. */
export const REMINDER_MS = 7 * 86_400_000;
