import { Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowListing } from '../shared/allow-listing';

/** Prefixes of one bucket, and what may be done under them. */
export interface PrefixUse {
  readonly bucket: IBucket;
  readonly prefixes: readonly string[];
  readonly does: 'read' | 'write';
}

interface PrefixRoleProps {
  /** Only where another account types it. */
  readonly name?: string;
  readonly description: string;
  readonly assumedBy: IPrincipal;
  readonly uses: readonly PrefixUse[];
  /** What the objects are encrypted with. */
  readonly key: IKey;
  /** What it may do besides. */
  readonly besides?: { readonly statements: readonly PolicyStatement[]; readonly wildcards?: readonly string[] };
}

/**
 * A role that reaches some prefixes of a bucket, for one purpose: reading, or writing without being able to read back.
 * Either may list what lies under them; nothing else of a bucket is seen, and nothing is ever deleted.
 */
export class PrefixRole extends Role {
  constructor(scope: Construct, id: string, { name, description, assumedBy, uses, key, besides }: PrefixRoleProps) {
    // A read needs the key to decrypt. A write needs it to encrypt and, for uploads in parts, to decrypt: S3 puts them together.
    const isWriter = uses.some(({ does }) => does === 'write');
    const useKey = new PolicyStatement({
      actions: ['kms:Decrypt', ...(isWriter ? ['kms:GenerateDataKey'] : [])],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
    });
    const document = new PolicyDocument({
      statements: [...uses.flatMap(allowUse), ...(uses.length === 0 ? [] : [useKey]), ...(besides?.statements ?? [])],
    });
    super(scope, id, {
      description,
      assumedBy,
      ...(name === undefined ? {} : { roleName: name }),
      // In the role and not beside it: an agreement of many parties comes near what one stack can hold.
      inlinePolicies: { Prefixes: document },
    });
    const endings = uses.flatMap(({ prefixes }) => prefixes.map((prefix) => `/${prefix}*`));
    acknowledgeWildcards(
      this,
      [...endings, ...(besides?.wildcards ?? [])],
      'It stands for the names of files or things under a prefix that is this one use alone.',
      document,
    );
  }
}

function allowUse({ bucket, prefixes, does }: PrefixUse): readonly PolicyStatement[] {
  const under = prefixes.map((prefix) => `${prefix}*`);
  return [
    new PolicyStatement({
      actions: [does === 'read' ? 's3:GetObject' : 's3:PutObject'],
      resources: under.map((objects) => bucket.arnForObjects(objects)),
    }),
    allowListing(bucket, under),
  ];
}
