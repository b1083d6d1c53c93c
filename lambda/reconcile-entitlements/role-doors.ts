import {
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  type IAMClient,
  NoSuchEntityException,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';

/** Roles that outsiders assume, closed and opened by a boundary that lets them do nothing: what a role has cannot grow by it. */
export interface RoleDoors {
  /** @returns what it was; closed already, nothing is changed */
  close(role: string): Promise<'open' | 'closed' | 'missing'>;
  /** Takes that boundary away, and no other. */
  open(role: string): Promise<void>;
}

/** A role has a boundary of somebody else's: taking its place would lose that when the role is opened. */
class RoleBounded extends Error {
  override readonly name = 'RoleBounded';
}

/** @param nothing ARN of the policy that allows nothing */
export function openRoleDoors(iam: IAMClient, nothing: string): RoleDoors {
  const look = (RoleName: string) =>
    iam.send(new GetRoleCommand({ RoleName })).then(
      ({ Role }) => Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? 'none',
      (error: unknown) => {
        if (error instanceof NoSuchEntityException) return undefined;
        throw error;
      },
    );
  return {
    async close(RoleName) {
      const boundary = await look(RoleName);
      if (boundary === undefined) return 'missing';
      if (boundary === nothing) return 'closed';
      if (boundary !== 'none')
        throw new RoleBounded(
          `${RoleName} has the boundary ${boundary}: deploy the version in force, which draws it anew.`,
        );
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: nothing }));
      return 'open';
    },
    async open(RoleName) {
      if ((await look(RoleName)) === nothing) await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    },
  };
}
