import { LINK_MARK } from '../../domain/enforcement/doors/link-session';

/**
 * What a role that outsiders assume asks of a session's name: not to be one that Transfer (`user.session@server`), the signer
 * of links or Lake Formation gives. Reports believe none of these in such a role: here it is refused at once.
 */
export const OWN_NAMES = {
  StringNotLike: { 'sts:RoleSessionName': [`*${LINK_MARK}`, 'AWSLF-*', `*.*@s-${'?'.repeat(17)}`] },
} as const;
