import type { ProposedVersion } from '../../agreement/agreement-in-force';
import { isDoorRole } from '../../enforcement/doors/door-session';
import { readSftpUser } from '../../room/sftp-user';
import type { Access } from '../access';
import { readPose } from '../records/session-name';
import type { Attribution } from './attribution';
import type { LinkIndex } from './recorded-decision';

/** Whose place it was. */
type Whose = NonNullable<Extract<Attribution, { readonly kind: 'unattributed' }>['as']>;

/**
 * A party's place that somebody of the room took, as nobody of the room may, neither its people nor its functions: the role by
 * which a party comes in, or a name that sessions have from Transfer, the signer of links or Lake Formation alone. What is then
 * done looks like the party's.
 * @param assumed the role of the room that was assumed, if any
 * @returns undefined where nobody's place was taken
 */
export function findTaken(
  access: Access,
  assumed: string | undefined,
  versions: readonly ProposedVersion[],
  links: () => LinkIndex,
): Attribution | undefined {
  const { actor, recordedBy } = access;
  const door = assumed !== undefined && isDoorRole(assumed) ? assumed : undefined;
  const pose = readPose(access);
  if ((door ?? pose) === undefined) return undefined;
  const as = door === undefined ? findPosed(pose, versions, links) : findOwner(door, versions);
  const account = actor.kind === 'account' ? actor.account : recordedBy;
  return {
    kind: 'unattributed',
    reason: 'operator-as-party',
    ...(account === undefined ? {} : { account }),
    ...(as === undefined ? {} : { as }),
  };
}

function findOwner(role: string, versions: readonly ProposedVersion[]): Whose | undefined {
  const owner = versions.findLast(({ doors }) => doors.some((door) => door.role === role));
  const party = owner?.doors.find((door) => door.role === role)?.party;
  return owner === undefined || party === undefined ? undefined : { party, agreement: owner.plan.agreement.id };
}

/** For whom the session would be, if its name were true. */
function findPosed(
  pose: ReturnType<typeof readPose>,
  versions: readonly ProposedVersion[],
  links: () => LinkIndex,
): Whose | undefined {
  switch (pose?.kind) {
    case 'sftp': {
      const user = readSftpUser(pose.user);
      const isUser = ({ agreement, parties }: ProposedVersion['plan']) =>
        agreement.id === user?.agreement && parties.some(({ id }) => id === user.party);
      return versions.some(({ plan }) => isUser(plan)) ? user : undefined;
    }
    case 'link': {
      const given = links().get(pose.decision)?.[0];
      return given && { party: given.party, agreement: given.agreement.id };
    }
    case 'account': {
      const at = versions.findLast(({ plan }) => plan.parties.some(({ account }) => account === pose.account))?.plan;
      const party = at?.parties.find(({ account }) => account === pose.account)?.id;
      return at === undefined || party === undefined ? undefined : { party, agreement: at.agreement.id };
    }
    // Whom Lake Formation lets read, its session's name does not tell.
    case 'lake':
    case undefined:
      return undefined;
  }
}
