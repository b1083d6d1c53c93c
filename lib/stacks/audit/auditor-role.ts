import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, ArnPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../shared/acknowledge-wildcards';
import { allowEncrypting } from '../shared/allow-encrypting';
import { makeOneByOne } from '../shared/make-one-by-one';
import type { TrailDestination } from '../vault/room-trail';
import { allowReadingTrail, TRAIL_WILDCARDS } from './allow-reading-trail';

interface AuditorRoleProps {
  readonly workgroup: string;
  readonly database: string;
  readonly table: string;
  readonly ledger: IBucket;
  readonly results: IBucket;
  /** Where in `results` the answers of queries lie. */
  readonly resultsPrefix: string;
  readonly archive: TrailDestination;
  /** What ledger and results are encrypted with. */
  readonly key: IKey;
  /** ARNs of roles that may take it up. */
  readonly auditors: readonly string[];
}

/**
 * Who looks into the evidence: queries the trail, reads the ledger and the reports, changes nothing. Principals of this
 * account take it up with a second factor, where IAM lets them. Sessions of people who sign in elsewhere (IAM Identity
 * Center, SAML, OpenID Connect) say nothing of a second factor, whatever was asked for there (IAM user guide,
 * "AWS global condition context keys", aws:MultiFactorAuthPresent): their roles are named.
 */
export class AuditorRole extends Role {
  constructor(scope: Construct, id: string, props: AuditorRoleProps) {
    super(scope, id, {
      description: 'Barter room: reads the trail, the ledger and the reports',
      assumedBy: new AccountRootPrincipal().withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    });
    const { workgroup, database, table, ledger, results, resultsPrefix, archive, key, auditors } = props;
    if (auditors.length > 0)
      this.assumeRolePolicy?.addStatements(
        new PolicyStatement({
          actions: ['sts:AssumeRole'],
          principals: auditors.map((arn) => new ArnPrincipal(arn)),
        }),
      );
    const stack = Stack.of(this);
    const { account } = stack;
    const answers = results.arnForObjects(`${resultsPrefix}*`);
    const glue = (resource: string) => stack.formatArn({ service: 'glue', resource });
    const reading = new Policy(this, 'Reading', {
      roles: [this],
      statements: [
        new PolicyStatement({
          actions: [
            'athena:GetQueryExecution',
            'athena:GetQueryResults',
            'athena:GetWorkGroup',
            'athena:StartQueryExecution',
            'athena:StopQueryExecution',
          ],
          resources: [stack.formatArn({ service: 'athena', resource: `workgroup/${workgroup}` })],
        }),
        new PolicyStatement({
          actions: ['glue:GetDatabase', 'glue:GetTable'],
          resources: ['catalog', `database/${database}`, `table/${database}/${table}`].map(glue),
        }),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: [ledger.arnForObjects('*'), answers],
        }),
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [answers] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [ledger.bucketArn] }),
        // Athena asks of each bucket that it reads or writes for somebody.
        new PolicyStatement({
          actions: ['s3:GetBucketLocation'],
          resources: [results.bucketArn, `arn:${stack.partition}:s3:::${archive.bucketName}`],
        }),
        allowEncrypting(key),
        ...allowReadingTrail(this, archive),
      ],
    });
    acknowledgeWildcards(
      reading,
      [...TRAIL_WILDCARDS, `/${resultsPrefix}*`],
      'Evidence is read whole; answers are written under one prefix.',
    );
    const grants = {
      Database: [['DESCRIBE'], { database: { catalogId: account, name: database } }],
      Trail: [['DESCRIBE', 'SELECT'], { table: { catalogId: account, databaseName: database, name: table } }],
    } as const;
    makeOneByOne(
      Object.entries(grants).map(
        ([name, [permissions, resource]]) =>
          new CfnPrincipalPermissions(this, name, {
            principal: { dataLakePrincipalIdentifier: this.roleArn },
            permissions: [...permissions],
            permissionsWithGrantOption: [],
            resource,
          }),
      ),
    );
  }
}
