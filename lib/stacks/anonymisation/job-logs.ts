import { RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

interface JobLogsProps {
  /** Name of the Glue security configuration. */
  readonly security: string;
  /** What the jobs run as. */
  readonly role: Role;
  readonly noticeKey: IKey;
}

/**
 * Where the Glue jobs write, made before they run: Glue would make the same groups, and keep them for ever. From version 5.0
 * on it calls them `/aws-glue/jobs/<security configuration>-role/<role>/error` and `…/output`.
 */
export class JobLogs extends Construct {
  constructor(scope: Construct, id: string, { security, role, noticeKey }: JobLogsProps) {
    super(scope, id);
    for (const kind of ['error', 'output'])
      new LogGroup(this, kind, {
        logGroupName: `/aws-glue/jobs/${security}-role/${role.roleName}/${kind}`,
        encryptionKey: noticeKey,
        retention: RetentionDays.THIRTEEN_MONTHS,
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      });
  }
}
