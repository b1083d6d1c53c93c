import * as z from 'zod';
import { bucketFacts, type Facts, keyFacts, serverFacts, trailFacts } from './resource-facts';

/** A stack as it would be deployed now. */
export interface PlannedStack {
  readonly id: string;
  readonly template: { readonly Resources: Readonly<Record<string, PlannedResource>> };
}

export interface PlannedResource {
  readonly Type: string;
  readonly Properties?: unknown;
}

export const CHECKED_TYPES = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::CloudTrail::Trail',
  'AWS::Transfer::Server',
] as const;
export type CheckedType = (typeof CHECKED_TYPES)[number];

/** What the resources of a stack that can be checked are planned to be, by logical id. */
export function planFacts({ template }: PlannedStack): ReadonlyMap<string, Facts> {
  const resources = Object.entries(template.Resources);
  const planned = resources.flatMap(([id, { Type, Properties }]): [string, Facts][] => {
    const type = CHECKED_TYPES.find((checked) => checked === Type);
    return type === undefined ? [] : [[id, readFacts(type, Properties, id, resources)]];
  });
  return new Map(planned);
}

/** The ARNs of those that a stack makes administrators of the data lake, with CloudFormation's `${AWS::…}` as it writes them. */
export function planAdmins({ template }: PlannedStack): readonly string[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'Custom::DataLakeSettings')
    .flatMap(({ Properties }) => settings.parse(Properties).Admins.flatMap((admin) => admin['Fn::Sub'] ?? []));
}

/** Executions that a stack reserves for its functions: no other function of the account can use them. */
export function planReserved({ template }: PlannedStack): number {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => lambda.parse(Properties).ReservedConcurrentExecutions ?? 0)
    .reduce((sum, each) => sum + each, 0);
}

const lambda = z.object({ ReservedConcurrentExecutions: z.number().optional() });

/** Roles of the room's own stacks are known by name only once they are deployed. */
const settings = z.object({ Admins: z.array(z.object({ 'Fn::Sub': z.string().optional() })) });

type Resources = readonly (readonly [id: string, resource: PlannedResource])[];

function readFacts(type: CheckedType, properties: unknown, id: string, resources: Resources): Facts {
  switch (type) {
    case 'AWS::S3::Bucket': {
      const planned = bucket.parse(properties);
      return bucketFacts({
        blocks: planned.PublicAccessBlockConfiguration,
        versioning: planned.VersioningConfiguration.Status,
        encryption:
          planned.BucketEncryption.ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.SSEAlgorithm,
        ...(planned.ObjectLockConfiguration === undefined
          ? {}
          : {
              lock: {
                mode: planned.ObjectLockConfiguration.Rule.DefaultRetention.Mode,
                days: planned.ObjectLockConfiguration.Rule.DefaultRetention.Days,
              },
            }),
        statements: resources.flatMap(([, { Type, Properties }]) => {
          if (Type !== 'AWS::S3::BucketPolicy') return [];
          const { Bucket, PolicyDocument } = policy.parse(Properties);
          return Bucket.Ref === id ? PolicyDocument.Statement : [];
        }),
      });
    }
    case 'AWS::KMS::Key':
      return keyFacts({ state: 'Enabled', rotates: key.parse(properties).EnableKeyRotation });
    case 'AWS::CloudTrail::Trail': {
      const { EnableLogFileValidation, AdvancedEventSelectors, ...planned } = trail.parse(properties);
      return trailFacts({ ...planned, validation: EnableLogFileValidation, selectors: AdvancedEventSelectors });
    }
    case 'AWS::Transfer::Server': {
      const { StructuredLogDestinations, ...planned } = server.parse(properties);
      return serverFacts({ ...planned, logs: StructuredLogDestinations.length });
    }
  }
}

const bucket = z.object({
  PublicAccessBlockConfiguration: z.record(z.string(), z.boolean()).default({}),
  VersioningConfiguration: z.object({ Status: z.string() }),
  ObjectLockConfiguration: z
    .object({ Rule: z.object({ DefaultRetention: z.object({ Mode: z.string(), Days: z.number() }) }) })
    .optional(),
  BucketEncryption: z.object({
    ServerSideEncryptionConfiguration: z.array(
      z.object({ ServerSideEncryptionByDefault: z.object({ SSEAlgorithm: z.string() }) }),
    ),
  }),
});

const policy = z.object({
  Bucket: z.object({ Ref: z.string() }),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.string(),
        Action: z.union([z.string(), z.array(z.string())]),
        Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      }),
    ),
  }),
});

const key = z.object({ EnableKeyRotation: z.boolean().default(false) });

const trail = z.object({
  IsLogging: z.boolean(),
  IsMultiRegionTrail: z.boolean().optional(),
  EnableLogFileValidation: z.boolean().optional(),
  AdvancedEventSelectors: z
    .array(
      z.object({
        Name: z.string().optional(),
        FieldSelectors: z.array(
          z.object({
            Field: z.string(),
            Equals: z.array(z.unknown()).optional(),
            StartsWith: z.array(z.unknown()).optional(),
          }),
        ),
      }),
    )
    .optional(),
});

const server = z.object({
  SecurityPolicyName: z.string().optional(),
  Protocols: z.array(z.string()).optional(),
  IdentityProviderType: z.string().optional(),
  EndpointType: z.string().optional(),
  StructuredLogDestinations: z.array(z.unknown()).default([]),
});
