import { sha256 } from '../audit/node-crypto';
import type { Plan } from '../domain/agreement/plan/plan';
import type { Signer } from '../domain/agreement/signature';
import {
  checkPartyStatement,
  type PartyStatement,
  type StatementFault,
  type StatementSignature,
  writePartyStatement,
} from '../domain/enforcement/words/party-statement';
import { findVersionOf } from '../domain/exchange/entitlements/list-former-legs';
import type { AgreementOnRecord } from '../domain/registry/read-conduct';
import { verifySignature } from '../registry/verify-signature';
import { InvalidInput } from './describe/exit-code';

/** Signs what a party says, under a version of the agreement. */
export async function signStatement(
  { agreement: { id: agreement, version, content } }: Pick<Plan, 'agreement'>,
  party: string,
  said: PartyStatement,
  { algorithm, publicKey, sign }: Signer,
): Promise<StatementSignature> {
  const signature = await sign(writePartyStatement({ agreement, version, content, party }, said, sha256));
  return { version, content, algorithm, publicKey, signature };
}

/** @throws InvalidInput where a statement would not be believed by the record of this machine */
export function requireGenuine(
  { plan: inForce, conduct }: AgreementOnRecord,
  party: string,
  said: PartyStatement,
  signed: StatementSignature,
): void {
  const plan = findVersionOf(party, inForce, conduct.earlier);
  const proof = { verify: verifySignature, sha256 };
  const fault = checkPartyStatement(plan, conduct.signatures, party, said, signed, proof);
  if (fault !== undefined) throw new InvalidInput(explainStatement(fault, party));
}

/** What is wrong with a statement, and what would be right. */
export function explainStatement(fault: StatementFault, party: string): string {
  switch (fault) {
    case 'other-key':
      return `This is not the key that ${party} holds: the one that the version in force names for it, else the one that it signed with. Sign with that one: --key or --kms.`;
    case 'other-version':
      return 'The statement is made under another version than the one in force. Name the file of that version.';
    case 'not-genuine':
      return 'The signature does not hold. Nothing was recorded.';
  }
}
