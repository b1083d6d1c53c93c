import type { z } from 'zod';
import type { Plan } from '../domain/agreement/plan/plan';
import type { ApiOperation } from '../domain/enforcement/api/api-operations';
import { STATEMENT_FAULTS } from '../domain/enforcement/words/party-statement';
import { callRoom } from './call-room';
import { InvalidInput } from './describe/exit-code';
import { explainStatement } from './sign-statement';

/** A room on AWS, by the address of its API, and who asks it. */
export interface AskedRoom {
  readonly room: string;
  readonly plan: Pick<Plan, 'agreement'>;
  readonly party: string;
}

/**
 * Has a room do something for a party, and reads what it answers.
 * @throws InvalidInput with what the room says, where it does not do it
 */
export async function askRoom<S extends z.ZodType>(
  { room, plan: { agreement }, party }: AskedRoom,
  operation: ApiOperation,
  body?: object,
  schema?: S,
): Promise<z.output<S>> {
  const answer = await callRoom(room, agreement.id, operation, body);
  if (answer.status >= 300) throw new InvalidInput(explain(operation, party, answer.status, answer.body));
  const reading = schema?.safeParse(answer.body);
  if (reading?.success === false)
    throw new InvalidInput(`The room answers ${operation} otherwise than this version of barter expects.`);
  return reading?.data as z.output<S>;
}

function explain(
  operation: ApiOperation,
  party: string,
  status: number,
  { reason, clause }: Readonly<Record<string, unknown>>,
): string {
  if (typeof reason !== 'string')
    return `The room refuses ${operation} (${status}). Ask with the role of your party: see the hand-over's guide.`;
  const by = typeof clause === 'string' ? `, ${clause}` : '';
  const fault = STATEMENT_FAULTS.find((each) => each === reason);
  const remedy = fault === undefined ? REMEDIES[reason] : explainStatement(fault, party);
  return `The room refuses ${operation}: ${reason}${by}.${remedy === undefined ? '' : ` ${remedy}`}`;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'unknown-caller': 'Ask with the role of your party.',
  'no-policy': 'Only the owner of a dataset has its subjects erased, and only a receiver confirms or attests.',
  'malformed-request': 'Give the identifier as the delivered files have it.',
  'no-subject': 'The dataset names no subject that is a text or a whole number.',
  'not-ended': 'What is received is destroyed after the end of the agreement.',
  'not-received': 'A release that it names is not out. Ask for the list again.',
  'too-many-today': 'A day has as many persons erased from the dataset as it takes. Ask again on the next.',
  'keys-gone':
    'The keys of the dataset are gone: nothing tells any more which token is whose. Receivers have to destroy all that they have.',
};
