/** What a resource is known by to `barter doctor`: a few properties that promises rest on, each in a line of text. */
export type Facts = Readonly<Record<string, string>>;

/* The shapes are those that CloudFormation and the services' own APIs have in common. */

interface BucketShape {
  readonly blocks: Readonly<Partial<Record<PublicAccessBlock, boolean | undefined>>>;
  /** `Enabled`, `Suspended`; absent: never switched on. */
  readonly versioning?: string | undefined;
  /** `aws:kms`, `AES256`. */
  readonly encryption?: string | undefined;
  /** What every new object is locked by; absent: nothing. */
  readonly lock?: { readonly mode?: string | undefined; readonly days?: number | undefined } | undefined;
  readonly statements: readonly StatementShape[];
}

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const;
type PublicAccessBlock = (typeof BLOCKS)[number];

export interface StatementShape {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  /** Operator → key → values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

export function bucketFacts({ blocks, versioning, encryption, lock, statements }: BucketShape): Facts {
  const open = BLOCKS.filter((block) => blocks[block] !== true);
  return {
    'public access': open.length === 0 ? 'blocked' : `not blocked by ${open.join(', ')}`,
    versioning: versioning ?? 'off',
    'default encryption': encryption ?? 'none',
    'object lock': lock === undefined ? 'off' : `${lock.mode}, ${lock.days} days`,
    refusals: describeStatements(statements, 'Deny'),
    permissions: describeStatements(statements, 'Allow'),
  };
}

/** Without resources and principals: a template knows many of them by reference only. */
function describeStatements(statements: readonly StatementShape[], effect: 'Allow' | 'Deny'): string {
  const lines = statements
    .filter(({ Effect }) => Effect === effect)
    .map(({ Action, Condition = {} }) => {
      const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
        Object.keys(keys).map((key) => `${operator} ${key}`),
      );
      return [[Action].flat().sort().join(', '), ...conditions.sort()].join(' if ');
    });
  return lines.length === 0 ? 'none' : lines.sort().join('; ');
}

interface KeyShape {
  readonly state: string | undefined;
  readonly rotates: boolean | undefined;
}

export function keyFacts({ state, rotates }: KeyShape): Facts {
  return { state: state ?? 'unknown', 'yearly rotation': rotates === true ? 'on' : 'off' };
}

interface TrailShape {
  readonly IsLogging?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly validation?: boolean | undefined;
  readonly selectors?: readonly SelectorShape[] | undefined;
}

interface SelectorShape {
  readonly Name?: string | undefined;
  readonly FieldSelectors?: readonly FieldShape[] | undefined;
}

interface FieldShape {
  readonly Field?: string | undefined;
  readonly Equals?: readonly unknown[] | undefined;
  readonly StartsWith?: readonly unknown[] | undefined;
}

export function trailFacts({ IsLogging, IsMultiRegionTrail, validation, selectors = [] }: TrailShape): Facts {
  const on = (value: boolean | undefined) => (value === true ? 'on' : 'off');
  return {
    logging: on(IsLogging),
    'file validation': on(validation),
    'all regions': on(IsMultiRegionTrail),
    'what is recorded': selectors.map(describeSelector).sort().join('; ') || 'nothing by advanced selectors',
  };
}

function describeSelector({ Name = '', FieldSelectors = [] }: SelectorShape): string {
  const fields = FieldSelectors.map(({ Field, Equals, StartsWith }) =>
    // ARNs are known to a template by reference: only how many there are is compared.
    StartsWith === undefined ? `${Field} is ${(Equals ?? []).join(' or ')}` : `${Field} of ${StartsWith.length}`,
  );
  return `${Name} (${fields.sort().join(', ')})`;
}

interface ServerShape {
  readonly SecurityPolicyName?: string | undefined;
  readonly Protocols?: readonly string[] | undefined;
  readonly IdentityProviderType?: string | undefined;
  readonly EndpointType?: string | undefined;
  readonly logs: number;
}

export function serverFacts(server: ServerShape): Facts {
  return {
    'security policy': server.SecurityPolicyName ?? 'none',
    protocols: (server.Protocols ?? []).join(', '),
    'signing in by': server.IdentityProviderType ?? 'unknown',
    endpoint: server.EndpointType ?? 'PUBLIC',
    'structured logs': server.logs > 0 ? 'on' : 'off',
  };
}
