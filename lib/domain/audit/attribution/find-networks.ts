import type { AgreementInForce } from '../../agreement/agreement-in-force';
import type { Access } from '../access';
import type { Candidate, PartyJoin } from './attribution';

/** The address ranges from which a receiver may reach a leg in this way; undefined: from any, or the log does not tell its own. */
export function findNetworks(
  { plan, former = [] }: AgreementInForce,
  { party, leg, role }: Candidate,
  join: PartyJoin,
  { service }: Pick<Access, 'service'>,
): readonly string[] | undefined {
  if (role !== 'receiver') return undefined;
  const { sftp, networks } = plan.parties.find(({ id }) => id === party) ?? {};
  // Of a session by SFTP, Transfer tells from where it came; S3 tells where Transfer is.
  if (join === 'sftp-user' || join === 'sftp-session')
    return service === 'transfer' ? (sftp?.cidrs ?? networks) : undefined;
  // A warehouse reads from its provider's networks, which are nobody's of the agreement.
  const via = [...plan.legs, ...former].find(({ id }) => id === leg)?.via.kind;
  return join === 'role' && (via === 'snowflake' || via === 'gcs') ? undefined : networks;
}
