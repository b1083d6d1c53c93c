import { Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import type { Construct } from 'constructs';
import { SENSITIVITY } from '../domain/room/lake-tags';

export interface TagGrantProps {
  readonly role: IRole;
  readonly on: 'DATABASE' | 'TABLE';
  /** Of what sensitivity: see `SENSITIVITIES`. */
  readonly sensitivities: readonly string[];
  readonly permissions: readonly ('ALTER' | 'DESCRIBE' | 'INSERT' | 'SELECT')[];
  /** Whether the role may pass them on. */
  readonly isGrantable: boolean;
}

/** Lets a role of the room use everything in the catalogue that is of some sensitivity, now or later. */
export class TagGrant extends CfnPrincipalPermissions {
  constructor(scope: Construct, id: string, { role, on, sensitivities, permissions, isGrantable }: TagGrantProps) {
    const catalogId = Stack.of(scope).account;
    super(scope, id, {
      principal: { dataLakePrincipalIdentifier: role.roleArn },
      permissions: [...permissions],
      permissionsWithGrantOption: isGrantable ? [...permissions] : [],
      resource: {
        lfTagPolicy: {
          catalogId,
          resourceType: on,
          expression: [{ tagKey: SENSITIVITY, tagValues: [...sensitivities] }],
        },
      },
    });
  }
}
