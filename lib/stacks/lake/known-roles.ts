import { Stack, Tags } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/*
 * A bucket is there before the roles that it is to know, and cannot name them. It knows them by a tag and by the stack that
 * they are named after, and asks for both: a session can bring a tag along that its role has not, and other roles of the stack
 * have no business there. To make a role that has both is a change of the room, and told.
 */

export interface KnownRoles {
  /** Of the room, which makes them: their names begin with its own. */
  readonly stack: string;
  readonly tag: string;
  readonly value: string;
}

interface Refusal {
  readonly sid: string;
  readonly actions: readonly string[];
  /** Of objects in the bucket. */
  readonly objects: string;
}

/** Lets a role do what others are refused, as far as IAM lets it too. */
export function markRole(role: IRole, { stack, tag, value }: KnownRoles): void {
  const made = Stack.of(role).stackName;
  if (made !== stack) throw new Error(`${role.node.path} is of ${made}, and the bucket knows roles of ${stack} alone.`);
  Tags.of(role).add(tag, value);
}

/** Refuses everybody else, whatever IAM gives them, and who comes without a role, too: both operators hold for these. */
export function refuseOtherRoles(
  bucket: Bucket,
  { sid, ...refused }: Refusal,
  { stack, tag, value }: KnownRoles,
): void {
  const names = Stack.of(bucket).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: `${stack}-*`,
  });
  refuse(bucket, { sid, ...refused }, { StringNotEquals: { [`aws:PrincipalTag/${tag}`]: value } });
  refuse(bucket, { sid: `${sid}ByName`, ...refused }, { ArnNotLike: { 'aws:PrincipalArn': names } });
}

export function refuse(
  bucket: Bucket,
  { sid, actions, objects }: Refusal,
  conditions: Record<string, Record<string, string>>,
): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: [bucket.arnForObjects(objects)],
      conditions,
    }),
  );
}
