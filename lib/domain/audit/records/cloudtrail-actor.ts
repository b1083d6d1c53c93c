import type { Actor } from '../access';
import { accountOfArn, compact, type Fields, isAccount, readFields, readText } from './record-fields';

/**
 * Who did it ("CloudTrail userIdentity element", AWS CloudTrail User Guide). A service of AWS has no account; that a
 * record has a `sharedEventID` says nothing about partners. What a session is named says nothing yet: see `believeName`.
 * @param request what was asked for
 */
export function readActor(identity: Fields, request: Fields): Actor {
  const type = readText(identity, 'type');
  const invokedBy = readText(identity, 'invokedBy');
  const arn = readText(identity, 'arn');
  const stated = readText(identity, 'accountId');
  const account = stated ?? readText(readIssuer(identity), 'accountId') ?? accountOfArn(arn);
  if (type === 'AWSService' || (account === undefined && invokedBy !== undefined)) {
    return { kind: 'aws-service', service: invokedBy ?? 'unknown' };
  }
  if (type === 'WebIdentityUser' && account === undefined) return readWebIdentity(identity);
  if (type === 'SAMLUser' && account === undefined) return readSsoUser(identity, request);
  if (account !== undefined && /^anonymous/i.test(account)) return { kind: 'anonymous' };
  if (account === undefined || !isAccount(account)) return { kind: 'unknown' };
  return readAccountActor(identity, account, arn, invokedBy);
}

/** The role behind a session, where there is one. */
function readIssuer(identity: Fields): Fields {
  return readFields(readFields(identity, 'sessionContext'), 'sessionIssuer');
}

function readAccountActor(identity: Fields, account: string, arn: string | undefined, invokedBy: string | undefined) {
  const principalId = readText(identity, 'principalId');
  return { account, ...compact({ arn, invokedBy }), kind: 'account', ...compact({ principalId }) } as const;
}

/** Named by the provider and what it calls whom it signed in, as a role's trust names it (`sub`). */
function readWebIdentity(identity: Fields): Actor {
  const [provider, subject] = [readText(identity, 'identityProvider'), readText(identity, 'userName')];
  return provider === undefined || subject === undefined
    ? { kind: 'unknown' }
    : { kind: 'web-identity', provider, subject };
}

/** The identity has a hash of the provider; which one it is stands in what was asked for. */
function readSsoUser(identity: Fields, request: Fields): Actor {
  const [provider, subject] = [readText(request, 'principalArn'), readText(identity, 'userName')];
  const isProvider = /^arn:[\w-]+:iam::\d{12}:saml-provider\/./.test(provider ?? '');
  return provider === undefined || !isProvider || subject === undefined
    ? { kind: 'unknown' }
    : { kind: 'sso-user', provider, subject };
}
