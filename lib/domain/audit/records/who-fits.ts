import { accountOfArn, type Fields, isAccount, isFields } from './record-fields';

/**
 * Whom of everybody a statement's condition leaves: accounts of 12 digits that it names; nobody where it names an organisation
 * or a source that tells no account; `*` where it says nothing of who comes. `aws:SecureTransport`, an address or a date leave
 * everybody.
 */
export function listFitting(condition: unknown): readonly string[] {
  if (!isFields(condition)) return ['*'];
  const narrowed = Object.entries(condition).flatMap(([operator, keys]) =>
    HOLDS.test(operator) && isFields(keys) ? listNarrowing(keys, /Like$|^Arn/i.test(operator)) : [],
  );
  return narrowed.length === 0 ? ['*'] : narrowed.flat();
}

/** Operators that hold only where the key is there: not those of `…IfExists` and `ForAllValues`, nor what says who does not come. */
const HOLDS = /^(?:ForAnyValue:)?(?:StringEquals(?:IgnoreCase)?|StringLike|ArnEquals|ArnLike)$/i;
const ACCOUNT_KEYS = /^(?:aws:(?:PrincipalAccount|SourceAccount|SourceOwner)|kms:CallerAccount)$/i;
const ARN_KEYS = /^aws:(?:PrincipalArn|SourceArn)$/i;
const ORGANISATION_KEYS = /^aws:(?:PrincipalOrgID|PrincipalOrgPaths|SourceOrgID|SourceOrgPaths)$/i;

/** Of each key that narrows it, to whom. */
function listNarrowing(keys: Fields, isPattern: boolean): readonly (readonly string[])[] {
  return Object.entries(keys).flatMap(([key, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map((each) => readValue(key, each, isPattern));
    const known = values.flatMap((each) => (each === undefined ? [] : [each]));
    return known.length > 0 && known.length === values.length ? [known.flat()] : [];
  });
}

/** The account in it, none where it needs none; undefined for what anybody may fit. */
function readValue(key: string, value: unknown, isPattern: boolean): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined;
  if (ACCOUNT_KEYS.test(key)) return isAccount(value) ? [value] : undefined;
  if (ORGANISATION_KEYS.test(key)) return /^o-[a-z0-9]{10,32}(?:\/|$)/.test(value) ? [] : undefined;
  if (!ARN_KEYS.test(key)) return undefined;
  const account = accountOfArn(value);
  if (account !== undefined) return [account];
  // A bucket is one of its name in the world, and tells no account.
  return /^arn:[\w-]+:s3:::/.test(value) && !(isPattern && /[*?]/.test(value)) ? [] : undefined;
}
