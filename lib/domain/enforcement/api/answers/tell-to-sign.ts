import * as z from 'zod';
import type { Plan } from '../../../agreement/plan/plan';
import { writeStatement } from '../../../agreement/signature';
import { decodeText } from '../../../bytes';
import { type PartyStatement, writePartyStatement } from '../../words/party-statement';
import {
  attestRequestSchema,
  confirmationSchema,
  confirmRequestSchema,
  MOST_CONFIRMATIONS,
  receiptRequestSchema,
  signRequestSchema,
} from '../api-schemas';
import type { ApiAnswer } from './api-answer';
import type { Question } from './question';

const SIGNED = { version: true, content: true, algorithm: true, publicKey: true, signature: true } as const;
const attestation = attestRequestSchema.omit(SIGNED);
const confirmation = z.strictObject({
  leg: confirmRequestSchema.shape.leg,
  confirmations: z
    .array(confirmationSchema.omit({ signature: true }))
    .min(1)
    .max(MOST_CONFIRMATIONS),
});
const receipt = receiptRequestSchema.omit(SIGNED);
const version = signRequestSchema.pick({ version: true }).strict();

/**
 * What has still to be signed: to a request without any signature a room says which bytes it wants signed, and under which version,
 * so that whoever has the key signs with whatever tool signs bytes. Undefined for every other request.
 * @param under the version that the speaker is bound by
 * @param speaker whose word it is
 */
export async function tellToSign(
  { operation, agreement, body, parts: { registry, sha256 } }: Question,
  under: Pick<Plan, 'agreement'>,
  speaker: string,
): Promise<ApiAnswer | undefined> {
  if (operation === 'sign-version') {
    const { data } = version.safeParse(body);
    const named = data && (await registry.versions(agreement).read(data.version));
    if (named === undefined) return undefined;
    const { content } = named;
    return tell(
      { version: named.version, content },
      writeStatement({ agreement, party: speaker, version: named.version, content }),
    );
  }
  const { version: bound, content } = under.agreement;
  const spoken = { agreement, version: bound, content, party: speaker };
  if (operation === 'confirm-erasure') {
    const { data } = confirmation.safeParse(body);
    const confirmations = data?.confirmations.map(({ erasure, releases }) => {
      const said = { purpose: operation, leg: data.leg, erasure, releases };
      return { erasure, toSign: decodeText(writePartyStatement(spoken, said, sha256)) };
    });
    return confirmations && { status: 409, body: { reason: 'unsigned', version: bound, content, confirmations } };
  }
  const said = readUnsigned(operation, body);
  if (said === undefined) return undefined;
  return tell({ version: bound, content }, writePartyStatement(spoken, said, sha256));
}

function readUnsigned(operation: Question['operation'], body: unknown): PartyStatement | undefined {
  switch (operation) {
    case 'attest-destruction':
      return withPurpose('attest-destruction', attestation, body);
    case 'confirm-receipt':
      return withPurpose('confirm-receipt', receipt, body);
    default:
      return undefined;
  }
}

function withPurpose<P extends string, S extends z.ZodType<object>>(purpose: P, schema: S, body: unknown) {
  const { data } = schema.safeParse(body);
  return data === undefined ? undefined : { purpose, ...data };
}

function tell(bound: { readonly version: number; readonly content: string }, bytes: Uint8Array): ApiAnswer {
  return { status: 409, body: { reason: 'unsigned', ...bound, toSign: decodeText(bytes) } };
}
