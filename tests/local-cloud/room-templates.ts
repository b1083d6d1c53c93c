import { readStatement } from './read-statement';
import type { Principal, ResourcePolicy } from './resource-policy';
import type { RoleStatement } from './role-policy';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = { readonly [key: string]: Json };

export interface RoomTemplate {
  readonly stack: string;
  readonly template: {
    readonly Resources: Readonly<Record<string, TemplateResource>>;
    readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>;
  };
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonMap;
}

export interface LocatedResource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: JsonMap;
}

/** The synthesized templates of a room, with every reference in them resolved to what stands here. */
export interface RoomTemplates {
  listResources(type?: string): readonly LocatedResource[];
  /** A resource's properties, or any part of them, resolved. */
  resolve(stack: string, value: Json): Json;
  /** Physical name, as `Ref` gives it. */
  nameOf(stack: string, id: string): string;
  /** What a role may do by its own policies, and by those of keys that name it: within an account one of them is enough. */
  statementsOf(stack: string, role: string): readonly RoleStatement[];
  /** As what others know a role. */
  principalOf(stack: string, role: string): Principal;
  /** What buckets, keys and roles say of who may use them. */
  listPolicies(): readonly ResourcePolicy[];
}

/** Where the room stands, and the ids that only making a resource tells (KMS keys, data sets). */
export interface Physical {
  readonly account: string;
  readonly region: string;
  /** By `<stack>/<logical id>`. */
  readonly ids: ReadonlyMap<string, string>;
}

export function readRoomTemplates(templates: readonly RoomTemplate[], physical: Physical): RoomTemplates {
  const byStack = new Map(templates.map((each) => [each.stack, each.template]));
  const { account, region, ids } = physical;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };

  function resourceOf(stack: string, id: string): TemplateResource {
    const resource = byStack.get(stack)?.Resources[id];
    if (resource === undefined) throw new Error(`${stack} has no resource ${id}`);
    return resource;
  }

  function nameOf(stack: string, id: string): string {
    const known = ids.get(`${stack}/${id}`);
    if (known !== undefined) return known;
    const { Type, Properties = {} } = resourceOf(stack, id);
    const property = NAMES[Type];
    const given = property === undefined ? undefined : Properties[property];
    const name = given === undefined ? `${stack}-${id}` : String(resolve(stack, given));
    if (Type === 'AWS::S3::Bucket')
      return name
        .toLowerCase()
        .slice(-63)
        .replace(/^[-.]+/, '');
    if (Type === 'AWS::SNS::Topic') return arn('sns', name);
    if (Type === 'AWS::IAM::ManagedPolicy') return `arn:aws:iam::${account}:policy/${name}`;
    if (Type === 'AWS::SQS::Queue') return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    if (Type === 'AWS::StepFunctions::StateMachine') return arn('states', `stateMachine:${name}`);
    return name;
  }

  function attributeOf(stack: string, id: string, attribute: string): string {
    const { Type } = resourceOf(stack, id);
    const name = nameOf(stack, id);
    if (attribute !== 'Arn') return attribute === 'QueueName' ? name.split('/').at(-1)! : name;
    const write = ARNS[Type];
    return write === undefined ? `local-${stack}-${id}` : write(name, { arn, account });
  }

  function arn(service: string, rest: string): string {
    return `arn:aws:${service}:${region}:${account}:${rest}`;
  }

  function resolve(stack: string, value: Json): Json {
    if (isList(value)) return value.map((each) => resolve(stack, each));
    if (typeof value !== 'object' || value === null) return value;
    const [[key, inner] = ['', null]] = Object.entries(value);
    if (Object.keys(value).length === 1) {
      if (key === 'Ref') return pseudo[String(inner)] ?? nameOf(stack, String(inner));
      if (key.startsWith('Fn::')) return resolveFunction(stack, key, inner);
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(stack, each)]));
  }

  function resolveFunction(stack: string, name: string, value: Json): Json {
    switch (name) {
      case 'Fn::GetAtt': {
        const [id, attribute] = isList(value) ? value : String(value).split('.');
        return attributeOf(stack, String(id), String(attribute));
      }
      case 'Fn::Join': {
        const [separator, parts] = value as readonly [string, readonly Json[]];
        return parts.map((part) => String(resolve(stack, part))).join(separator);
      }
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = value as { readonly StackName: string; readonly OutputName: string };
        const output = byStack.get(StackName)?.Outputs?.[OutputName];
        if (output === undefined) throw new Error(`${StackName} has no output ${OutputName}`);
        return resolve(StackName, output.Value);
      }
      case 'Fn::Sub':
        return String(isList(value) ? value[0] : value).replace(/\$\{([^}]+)\}/g, (_, what: string) => {
          const [id = '', attribute] = what.split('.');
          if (pseudo[what] !== undefined) return pseudo[what];
          return attribute === undefined ? nameOf(stack, id) : attributeOf(stack, id, attribute);
        });
      case 'Fn::Select': {
        const [index, list] = value as readonly [number, Json];
        return (resolve(stack, list) as readonly Json[])[Number(index)]!;
      }
      case 'Fn::Split': {
        const [separator, text] = value as readonly [string, Json];
        return String(resolve(stack, text)).split(separator);
      }
      default:
        throw new Error(`The local room cannot resolve ${name} in ${stack}`);
    }
  }

  function listResources(type?: string): readonly LocatedResource[] {
    return templates.flatMap(({ stack, template }) =>
      Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) =>
        type === undefined || Type === type ? [{ stack, id, type: Type, properties: Properties }] : [],
      ),
    );
  }

  function statementsOf(stack: string, role: string): readonly RoleStatement[] {
    const { Properties = {} } = resourceOf(stack, role);
    const inline = (Properties.Policies as readonly { readonly PolicyDocument: Json }[] | undefined) ?? [];
    const reference = JSON.stringify({ Ref: role });
    const attached = listResources('AWS::IAM::Policy').filter(
      ({ stack: own, properties }) => own === stack && JSON.stringify(properties.Roles ?? []).includes(reference),
    );
    return [
      ...inline.map((each) => each.PolicyDocument),
      ...attached.map(({ properties }) => properties.PolicyDocument!),
    ]
      .map((document) => resolve(stack, document) as JsonMap)
      .flatMap(({ Statement }) => asList(Statement ?? []))
      .map((statement) => readStatement(statement as JsonMap))
      .concat(givenByKeys(attributeOf(stack, role, 'Arn')));
  }

  function givenByKeys(role: string): readonly RoleStatement[] {
    return listResources('AWS::KMS::Key').flatMap(({ stack, id, properties }) => {
      const { Statement = [] } = resolve(stack, properties.KeyPolicy ?? {}) as JsonMap;
      const statements = asList(Statement).map((statement) => statement as JsonMap);
      return statements
        .filter(({ Principal }) => asList(((Principal ?? {}) as JsonMap).AWS ?? []).includes(role))
        .map((statement) => ({ ...readStatement(statement), resources: [attributeOf(stack, id, 'Arn')] }));
    });
  }

  function tagsOf(stack: string, id: string): Readonly<Record<string, string>> {
    const tags = asList(resolve(stack, resourceOf(stack, id).Properties?.Tags ?? [])) as readonly JsonMap[];
    return Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)]));
  }

  function principalOf(stack: string, role: string): Principal {
    return { arn: attributeOf(stack, role, 'Arn'), tags: tagsOf(stack, role) };
  }

  /** @param document as it stands in the template */
  function policyOf(kind: ResourcePolicy['kind'], stack: string, id: string, document: Json): ResourcePolicy {
    const arn = attributeOf(stack, id, 'Arn');
    const { Statement = [] } = resolve(stack, document) as JsonMap;
    const statements = asList(Statement).map((each) => {
      const { Principal, ...statement } = each as JsonMap;
      const principals = typeof Principal === 'object' ? asList((Principal as JsonMap).AWS ?? []) : [Principal ?? '*'];
      const read = readStatement(statement);
      // Of itself a key says `*`, and a role nothing.
      const resources = kind === 'bucket' ? read.resources : [arn];
      return { ...read, resources, principals: principals.map(String) };
    });
    return { kind, arn, tags: tagsOf(stack, id), statements };
  }

  function listPolicies(): readonly ResourcePolicy[] {
    const ofBuckets = listResources('AWS::S3::BucketPolicy').map(({ stack, properties }) => {
      const { Ref: bucket } = properties.Bucket as { readonly Ref: string };
      return policyOf('bucket', stack, bucket, properties.PolicyDocument!);
    });
    const ofOthers = (type: string, kind: 'key' | 'role', document: string) =>
      listResources(type).map(({ stack, id, properties }) => policyOf(kind, stack, id, properties[document]!));
    return [
      ...ofBuckets,
      ...ofOthers('AWS::KMS::Key', 'key', 'KeyPolicy'),
      ...ofOthers('AWS::IAM::Role', 'role', 'AssumeRolePolicyDocument'),
    ];
  }

  return { listResources, resolve, nameOf, statementsOf, principalOf, listPolicies };
}

/** The property that names a resource, where there is one. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Events::EventBus': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Glue::Job': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

interface ArnParts {
  readonly arn: (service: string, rest: string) => string;
  readonly account: string;
}

const ARNS: Readonly<Record<string, (name: string, parts: ArnParts) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::DynamoDB::Table': (name, { arn }) => arn('dynamodb', `table/${name}`),
  'AWS::SNS::Topic': (name) => name,
  'AWS::SQS::Queue': (url, { arn }) => arn('sqs', url.split('/').at(-1)!),
  'AWS::KMS::Key': (id, { arn }) => arn('kms', `key/${id}`),
  'AWS::Events::EventBus': (name, { arn }) => arn('events', `event-bus/${name}`),
  'AWS::IAM::Role': (name, { account }) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Lambda::Function': (name, { arn }) => arn('lambda', `function:${name}`),
  'AWS::StepFunctions::StateMachine': (name) => name,
  'AWS::DataExchange::DataSet': (id, { account }) => `arn:aws:dataexchange:us-east-1:${account}:data-sets/${id}`,
  'AWS::Logs::LogGroup': (name, { arn }) => arn('logs', `log-group:${name}:*`),
};

function asList(value: Json): readonly Json[] {
  return isList(value) ? value : [value];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
