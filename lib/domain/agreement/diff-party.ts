import { isInRange } from '../enforcement/address-range';
import { type AmendmentChange, compare, type Judge, NONE } from './amendment-change';
import type { PlannedParty } from './plan';

/**
 * What an amendment changes of a party. Who may come in as it, and from where, is what the others open their data to: another
 * account or key, and each address more, is looser.
 */
export function diffParty(
  before: PlannedParty | undefined,
  after: PlannedParty | undefined,
): readonly AmendmentChange[] {
  if (before === undefined || after === undefined) return [];
  const at = `parties.${after.id}`;
  const by = (key: string, was: string | undefined, is: string | undefined, judge: Judge) =>
    compare(`${at}.${key}`, was ?? NONE, is ?? NONE, judge, [after.id]);
  return [
    ...by('account', before.account, after.account, loosens),
    ...by('signingKey', before.signingKey, after.signingKey, loosens),
    ...by('networks', list(before.networks, ANY), list(after.networks, ANY), widens(before.networks, after.networks)),
    ...by(
      'sftp.cidrs',
      list(before.sftp?.cidrs),
      list(after.sftp?.cidrs),
      widens(before.sftp?.cidrs ?? [], after.sftp?.cidrs ?? []),
    ),
    ...by(
      'sftp.publicKeys',
      list(before.sftp?.publicKeys),
      list(after.sftp?.publicKeys),
      adds(before.sftp?.publicKeys, after.sftp?.publicKeys),
    ),
    ...by('name', before.name, after.name, changes),
    ...by('jurisdiction', before.jurisdiction, after.jurisdiction, changes),
    ...by('contacts', listContacts(before), listContacts(after), changes),
  ];
}

const ANY = 'any';
const loosens: Judge = () => 'loosens';
const changes: Judge = () => 'changes';

function list(values: readonly string[] | undefined, absent = NONE): string {
  return values === undefined ? absent : [...values].sort().join(', ');
}

function listContacts({ contacts }: PlannedParty): string {
  const { exchange, privacy, security } = contacts;
  return [exchange, privacy, security ?? NONE].join(', ');
}

/** Without ranges any address is right. A range that lies in one of before adds nothing. */
function widens(before: readonly string[] | undefined, after: readonly string[] | undefined): Judge {
  if (before === undefined) return () => 'tightens';
  const isWithin = (cidr: string) => before.some((wider) => liesWithin(cidr, wider));
  return () => (after?.every(isWithin) === true ? 'tightens' : 'loosens');
}

function liesWithin(cidr: string, wider: string): boolean {
  const length = (range: string) => Number(range.split('/')[1]);
  return length(cidr) >= length(wider) && isInRange(cidr.split('/')[0] ?? '', wider);
}

function adds(before: readonly string[] = [], after: readonly string[] = []): Judge {
  return () => (after.every((each) => before.includes(each)) ? 'tightens' : 'loosens');
}
