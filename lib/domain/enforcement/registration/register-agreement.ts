import canonicalize from 'canonicalize';
import type { SidePlan } from '../../agreement/plan/plan-for-side';
import type { CurrentRecord } from '../../registry/agreement-records';
import type { Provisioned, SftpSessions } from '../../registry/registered-agreement';
import type { Registry } from '../../registry/registry';
import { keepVersion } from './keep-version';

/** A version as it is brought to the registry. */
export interface AgreementVersion {
  /** SHA-256 of the plan's canonical JSON (RFC 8785), hexadecimal. */
  readonly hash: string;
  readonly plan: SidePlan;
  readonly provisioned: Provisioned;
}

/**
 * Puts a version on record. The first is a draft; a later one waits beside the version in force until all parties have
 * signed it. Conduct stays as it is. Repeating it, or two at once, ends the same.
 * @param at UTC, ISO 8601
 * @throws ChangedVersion, MovedProduct
 */
export async function registerAgreement(
  registry: Registry,
  { hash, plan, provisioned }: AgreementVersion,
  at: string,
): Promise<void> {
  const { id: agreement, version } = plan.agreement;
  await keepVersion(registry, plan, hash, at);
  await registry.enlist(agreement);
  await registry.current(agreement).create({ agreement, version, state: 'draft', history: [], provisioned });
  await registry.current(agreement).change([], (current) => {
    const proposed = propose(current, version, provisioned);
    return canonicalize(proposed) === canonicalize(current) ? undefined : proposed;
  });
}

/** Marks what is on record as removed; nothing is deleted. Does nothing for an agreement that is not there. */
export async function removeAgreement(registry: Registry, agreement: string, at: string): Promise<void> {
  await registry
    .current(agreement)
    .change([], (current) => (current.removedAt === undefined ? { ...current, removedAt: at } : undefined));
}

function propose(
  { removedAt: _, proposed, ...current }: CurrentRecord,
  version: number,
  provisioned: Provisioned,
): CurrentRecord {
  const waits = { ...current, provisioned: addProvisioned(current.provisioned, provisioned) };
  if (version > Math.max(current.version, current.waiting ?? 0))
    return current.state === 'draft' ? { ...waits, version } : { ...waits, proposed: Math.max(version, proposed ?? 0) };
  return { ...waits, ...(proposed === undefined ? {} : { proposed }) };
}

/** Keys and data sets outlive the legs that they were made for: an earlier version may be in force, or its releases be asked about. */
function addProvisioned(before: CurrentRecord['provisioned'], made: Provisioned): CurrentRecord['provisioned'] {
  const { formerKeys = [], legKeys, dataSets } = before;
  const replaced = Object.keys(made.legKeys).flatMap((leg) => legKeys[leg] ?? []);
  const current = new Set(Object.values(made.legKeys));
  const former = [...new Set([...formerKeys, ...replaced])].filter((arn) => !current.has(arn));
  const sessions = addSessions(before, made);
  return {
    ...made,
    ...(sessions.length === 0 ? {} : { sftpSessions: sessions }),
    legKeys: { ...legKeys, ...made.legKeys },
    dataSets: { ...dataSets, ...made.dataSets },
    ...(former.length === 0 ? {} : { formerKeys: former }),
  };
}

/** What was done in a role, or by a server, that is there no more is told by logs for as long as these are kept. */
function addSessions(
  { sftpSessions = [] }: CurrentRecord['provisioned'],
  { sftpRoles, sftpServer: server }: Provisioned,
): readonly SftpSessions[] {
  const made = server === undefined ? [] : Object.entries(sftpRoles).map(([party, role]) => ({ party, role, server }));
  const isKnown = (each: SftpSessions) =>
    sftpSessions.some(
      ({ role, server: by, party }) => role === each.role && by === each.server && party === each.party,
    );
  return [...sftpSessions, ...made.filter((each) => !isKnown(each))];
}
