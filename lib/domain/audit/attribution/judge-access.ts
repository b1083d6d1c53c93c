import { type Access, hasMoved } from '../access';
import { judgeChange, type RoomChange } from '../judge-change';
import { reachOfAct } from '../reach-of-act';
import type { Attributed, Attribution } from './attribution';
import { judgeNetwork } from './judge-network';
import { judgeRole, type RoleBreach } from './judge-role';
import type { RecordedDecision } from './recorded-decision';

/** What one access shows by itself, without any other. */
export const LONE_KINDS = [
  'bypass',
  'forbidden-access',
  'other-partys-leg',
  'outside-role',
  'foreign-network',
  'unexplained',
  'operator-as-party',
  'ambiguous',
  'missing-from-trail',
  'entered-without-log',
  'logging-changed',
  'record-changed',
  'deliveries-read',
  'granted-to-stranger',
  'room-changed',
  'room-deployed',
] as const satisfies readonly LoneExceptionKind[];

export type LoneExceptionKind =
  /** Data were reached that nobody had decided on. */
  | 'bypass'
  /** Data were reached though the decision forbade it. */
  | 'forbidden-access'
  | RoleBreach
  /** A party reached its data from a network that was not agreed. */
  | 'foreign-network'
  /** Somebody outside reached the room's data and no agreement explains it. */
  | 'unexplained'
  /** Somebody of the room's own account took the role by which a party comes in, or a name by which logs tell one. */
  | 'operator-as-party'
  | 'ambiguous'
  /** S3's own log tells of it, CloudTrail does not. */
  | 'missing-from-trail'
  /** The ledger has what the room's own trail told of it, and no log that was read. */
  | 'entered-without-log'
  /** The trail or the logging of a bucket was changed. */
  | 'logging-changed'
  | RoomChange;

/** Of whom an agreement, or the room, knows. */
export interface KnownAccounts {
  readonly room: ReadonlySet<string>;
  readonly parties: ReadonlySet<string>;
}

/** What it is judged by, of an access and of a row that tells of it. */
export type JudgedAccess = Pick<
  Access,
  | 'act'
  | 'actor'
  | 'bytes'
  | 'client'
  | 'grantees'
  | 'operation'
  | 'outcome'
  | 'recordedBy'
  | 'resource'
  | 'service'
  | 'witness'
>;

/** How it was explained, of an access and of a row. */
type JudgedExplanation =
  | (Pick<Attributed, 'kind' | 'party' | 'leg' | 'role' | 'holds' | 'showsOthers' | 'networks'> & {
      readonly decision?: Pick<RecordedDecision, 'id' | 'effect'>;
    })
  | Pick<Extract<Attribution, { readonly kind: 'unattributed' }>, 'kind' | 'reason' | 'as'>
  | { readonly kind: 'ambiguous' | 'own-door' | 'internal' };

export interface LoneException {
  readonly kind: LoneExceptionKind;
  readonly party?: string;
  readonly leg?: string;
  readonly decision?: string;
}

/**
 * Judges one access by itself. Attempts that were refused or failed are no exceptions: nothing came of them.
 * @param isInLog whether a log that was read has it, and not the ledger alone
 */
export function judgeAccess(
  access: JudgedAccess,
  explained: JudgedExplanation,
  { room, parties }: KnownAccounts,
  isInLog: boolean,
): readonly LoneException[] {
  const found: LoneException[] = [];
  const isOfTrail = access.witness === 'cloudtrail' && room.has(access.recordedBy ?? '');
  if (isOfTrail && !isInLog) {
    const whose = explained.kind === 'attributed' ? { party: explained.party, leg: explained.leg } : {};
    found.push({ kind: 'entered-without-log', ...whose });
  }
  if (!hasMoved(access)) return found;
  if (access.act === 'logging') found.push({ kind: 'logging-changed' });
  const change = judgeChange(access, room, parties);
  // Whoever is none of the room's and grants something of it has come in, which is graver.
  const isStrangers = access.act === 'permit' && explained.kind === 'unattributed' && change !== undefined;
  if (change !== undefined && !(isStrangers && change === 'room-changed')) found.push({ kind: change });
  // A key in a stranger's hands is as good as the data; in a party's, its read is what counts.
  const reaches =
    reachOfAct(access.act) !== undefined ||
    isStrangers ||
    (access.act === 'decrypt' && explained.kind === 'unattributed');
  return reaches ? [...found, ...judgeReach(access, explained)] : found;
}

function judgeReach(access: JudgedAccess, explained: JudgedExplanation): readonly LoneException[] {
  switch (explained.kind) {
    case 'internal':
    case 'own-door':
      return [];
    case 'ambiguous':
      return [{ kind: 'ambiguous' }];
    case 'unattributed': {
      const { as, reason } = explained;
      if (reason !== 'operator-as-party') return [{ kind: 'unexplained' }];
      return [{ kind: 'operator-as-party', ...(as === undefined ? {} : { party: as.party }) }];
    }
    case 'attributed': {
      const { party, leg, decision } = explained;
      const found: LoneException[] =
        access.witness === 's3-access-log' ? [{ kind: 'missing-from-trail', party, leg }] : [];
      const outside = judgeRole(explained, access.act);
      const foreign = judgeNetwork(explained, access);
      if (outside !== undefined) found.push({ kind: outside, party, leg });
      else if (foreign !== undefined) found.push({ kind: foreign, party, leg });
      else if (decision === undefined) found.push({ kind: 'bypass', party, leg });
      else if (decision.effect === 'forbid')
        found.push({ kind: 'forbidden-access', party, leg, decision: decision.id });
      return found;
    }
  }
}
