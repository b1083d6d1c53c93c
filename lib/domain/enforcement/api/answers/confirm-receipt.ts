import type { Conduct } from '../../../registry/conduct';
import type { Registry } from '../../../registry/registry';
import type { PartyStatement, StatementFault, StatementSignature } from '../../words/party-statement';
import { receiptRequestSchema } from '../api-schemas';
import { type ApiAnswer, MALFORMED } from './api-answer';

/** Who says by which leg it has received, and what. */
interface ReceiptTold {
  readonly agreement: string;
  readonly party: string;
  readonly leg: string;
  readonly body: unknown;
}

/** Puts on record what a receiver says that arrived, and says whether it is the release on record. */
export async function answerReceipt(
  { agreement, party, leg: about, body }: ReceiptTold,
  { releases }: Pick<Conduct, 'releases'>,
  registry: Pick<Registry, 'receipts'>,
  check: (said: PartyStatement, signed: StatementSignature) => StatementFault | undefined,
  now: string,
): Promise<ApiAnswer> {
  const { data } = receiptRequestSchema.safeParse(body);
  if (data === undefined || data.leg !== about) return MALFORMED;
  const { leg, round, sha256, ...signed } = data;
  const release = releases.find((each) => each.leg === leg && each.round === round);
  if (release === undefined) return { status: 404, body: { reason: 'no-such-release' } };
  const fault = check({ purpose: 'confirm-receipt', leg, round, sha256 }, signed);
  if (fault !== undefined) return { status: 409, body: { reason: fault } };
  const receipt = { ...data, agreement, party, at: now };
  const receipts = registry.receipts(agreement);
  // Said again, after another was said in between, it is the last word.
  if (!(await receipts.create(receipt)))
    await receipts.change([round, leg, sha256], (each) =>
      Date.parse(now) > Date.parse(each.at) ? receipt : undefined,
    );
  return { status: 201, body: { decision: 'permit', received: sha256 === release.sha256 ? 'as-promised' : 'other' } };
}
