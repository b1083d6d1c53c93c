import type { z } from 'zod';
import type { Plan, PlannedDataset } from '../domain/agreement/plan';
import type { ApiOperation } from '../domain/enforcement/api-operations';
import { erasuresSchema, startedErasureSchema } from '../domain/enforcement/api-schemas';
import { callRoom } from './call-room';
import { describeErasure } from './describe-erasures';
import { InvalidInput } from './exit-code';
import type { Terminal } from './terminal';

/** Has a room on AWS put an erasure on record, under the keys that it has. */
export async function eraseInRoom(
  room: string,
  plan: Plan,
  { id: dataset }: PlannedDataset,
  identifier: string,
  terminal: Terminal,
): Promise<void> {
  const { erasures, isNew } = await ask(room, plan, 'request-erasure', startedErasureSchema, { dataset, identifier });
  const id = erasures[0]?.erasure ?? '';
  terminal.out(isNew ? `${id} is on record.` : `${id} was on record already; its deadline stands.`);
  terminal.out('Deliveries that are taken in from now on are cleaned of the subject. Receivers are written to.');
  for (const each of erasures) terminal.out(describeErasure(plan, each));
}

/** Whom the party asked to erase, and whom it has to erase. */
export async function listInRoom(room: string, plan: Plan, terminal: Terminal): Promise<void> {
  const { erasures } = await ask(room, plan, 'list-erasures', erasuresSchema);
  terminal.out(erasures.length === 0 ? 'Nobody is to be erased.' : 'To be erased:');
  for (const each of erasures) terminal.out(describeErasure(plan, each));
}

/** Confirms for every leg by which the party has received the subject. */
export async function confirmInRoom(
  room: string,
  plan: Plan,
  id: string,
  by: string,
  terminal: Terminal,
): Promise<void> {
  const { erasures } = await ask(room, plan, 'list-erasures', erasuresSchema);
  const own = erasures.filter(({ erasure, party }) => erasure === id && party === by);
  if (own.length === 0) throw new InvalidInput(`The room has no ${id} that ${by} has to confirm.`);
  for (const { leg } of own) await ask(room, plan, 'confirm-erasure', undefined, { erasure: id, leg });
  terminal.out(`${by} has erased it.`);
}

/** @throws InvalidInput with what the room says, where it does not do it */
async function ask<S extends z.ZodType>(
  room: string,
  { agreement }: Plan,
  operation: ApiOperation,
  schema?: S,
  body?: object,
): Promise<z.output<S>> {
  const answer = await callRoom(room, agreement.id, operation, body);
  if (answer.status >= 300) throw new InvalidInput(explain(operation, answer.status, answer.body));
  const reading = schema?.safeParse(answer.body);
  if (reading?.success === false)
    throw new InvalidInput(`The room answers ${operation} otherwise than this version of barter expects.`);
  return reading?.data as z.output<S>;
}

function explain(
  operation: ApiOperation,
  status: number,
  { reason, clause }: Readonly<Record<string, unknown>>,
): string {
  if (typeof reason !== 'string')
    return `The room refuses ${operation} (${status}). Ask with the role of your party: see the hand-over's guide.`;
  const by = typeof clause === 'string' ? `, ${clause}` : '';
  const remedy = REMEDIES[reason];
  return `The room refuses ${operation}: ${reason}${by}.${remedy === undefined ? '' : ` ${remedy}`}`;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'unknown-caller': 'Ask with the role of your party.',
  'no-policy': 'Only the owner of a dataset has its subjects erased, and only a receiver confirms.',
  'malformed-request': 'Give the identifier as the delivered files have it.',
  'no-subject': 'The dataset names no subject that is a text or a whole number.',
  'keys-gone':
    'The keys of the dataset are gone: nothing tells any more which token is whose. Receivers have to destroy all that they have.',
};
