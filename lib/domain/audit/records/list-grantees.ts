import { parseJson } from '../../parse-json';
import { accountOfPrincipal, type Fields, isFields } from './record-fields';
import { listFitting } from './who-fits';

/** Whom a call lets in: accounts of 12 digits, `*` for everybody; each once. Nothing where it names no account. */
export function listGrantees(request: Fields): readonly string[] {
  const found = new Set<string>();
  collect(request, false, found, { left: MAX_VALUES });
  return [...found].toSorted();
}

/** A request that is made to be endless is not read on. */
const MAX_VALUES = 2000;

/** Fields that name somebody (`Account`: whose a copy is), and, of those within them, what is no account. */
const NAMES_SOMEBODY = /principal|admin|allowlist|^x-amz-(?:acl|grant)|^grant|^uri$|^account$/i;
const IS_NO_ACCOUNT = /^(?:service|federated|canonicaluser)$/i;
const IS_POLICY = /policy/i;
const EVERYBODY = /^\*$|^public-read|^authenticated-read|groups\/global\/(?:AllUsers|AuthenticatedUsers)/;

function collect(value: unknown, isNamed: boolean, found: Set<string>, budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) return;
  if (typeof value === 'string') {
    if (isNamed) for (const grantee of readGrantee(value)) found.add(grantee);
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, isNamed, found, budget);
  } else if (isFields(value)) {
    if (value.Effect === 'Deny') return;
    if (value.Effect === 'Allow') {
      collectAllowed(value, found, budget);
      return;
    }
    for (const [name, each] of Object.entries(value)) {
      if (IS_NO_ACCOUNT.test(name)) continue;
      const inner = typeof each === 'string' && IS_POLICY.test(name) ? parsePolicy(each) : each;
      collect(inner, isNamed || NAMES_SOMEBODY.test(name), found, budget);
    }
  }
}

/** Of a policy's statement: who it names, and, where that is everybody, whoever of them fits its condition. */
function collectAllowed(statement: Fields, found: Set<string>, budget: { left: number }): void {
  const named = new Set<string>();
  collect(statement.Principal, true, named, budget);
  // All but those.
  if (statement.NotPrincipal !== undefined) named.add('*');
  for (const each of named)
    if (each !== '*') found.add(each);
    else for (const fitting of listFitting(statement.Condition)) found.add(fitting);
}

function readGrantee(text: string): readonly string[] {
  if (EVERYBODY.test(text)) return ['*'];
  const account = accountOfPrincipal(text);
  return account === undefined ? [] : [account];
}

/** Policies are texts of JSON, some of them as they stand in a URL. */
function parsePolicy(text: string): unknown {
  const parsed = parseJson(text);
  if (parsed !== undefined) return parsed;
  try {
    return parseJson(decodeURIComponent(text)) ?? text;
  } catch {
    return text;
  }
}
