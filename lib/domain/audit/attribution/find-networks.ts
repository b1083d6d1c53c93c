import type { AgreementInForce } from '../../agreement/agreement-in-force';
import { findSftpAddress } from '../records/find-client';
import type { JoinedAccess } from '../records/join-accesses';
import type { Candidate, PartyJoin } from './attribution';

/** The address ranges from which a receiver may reach a leg in this way; undefined: from any, or no log tells from where it came. */
export function findNetworks(
  { plan, former = [] }: AgreementInForce,
  { party, leg, role }: Candidate,
  join: PartyJoin,
  joined: Pick<JoinedAccess, 'access' | 'session' | 'witnesses'>,
): readonly string[] | undefined {
  if (role !== 'receiver') return undefined;
  const { sftp, networks } = plan.parties.find(({ id }) => id === party) ?? {};
  if (join === 'sftp-user' || join === 'sftp-session')
    return findSftpAddress(joined) === undefined ? undefined : (sftp?.cidrs ?? networks);
  // A warehouse reads from its provider's networks, which are nobody's of the agreement.
  const via = [...plan.legs, ...former].find(({ id }) => id === leg)?.via.kind;
  return join === 'role' && (via === 'snowflake' || via === 'gcs') ? undefined : networks;
}
