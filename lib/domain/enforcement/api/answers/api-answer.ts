/** What a party is answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

export const MALFORMED: ApiAnswer = { status: 400, body: { reason: 'malformed-request' } };
export const DONE: ApiAnswer = { status: 201, body: { decision: 'permit' } };
