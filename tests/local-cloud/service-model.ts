import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/* AWS's own published model of a service, as botocore ships it: routes, members, enumerations, patterns, error codes. */

const DATA = join(__dirname, '../../.venv/lib');

export interface ServiceModel {
  readonly metadata: {
    readonly endpointPrefix: string;
    readonly signingName?: string;
    readonly protocol: 'json' | 'query' | 'rest-json' | 'rest-xml' | 'ec2' | 'smithy-rpc-v2-cbor';
    readonly protocols?: readonly string[];
    readonly targetPrefix?: string;
  };
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, MemberShape>>;
  readonly member?: MemberShape;
  readonly key?: MemberShape;
  readonly value?: MemberShape;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly error?: { readonly httpStatusCode?: number };
}

export interface MemberShape {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers';
  readonly locationName?: string;
}

const loaded = new Map<string, ServiceModel>();

/** @param service botocore's name of the folder, e.g. `dataexchange` */
export function loadServiceModel(service: string): ServiceModel {
  const known = loaded.get(service);
  if (known !== undefined) return known;
  const [python = ''] = readdirSync(DATA);
  const folder = join(DATA, python, 'site-packages/botocore/data', service);
  const version = readdirSync(folder).sort().at(-1);
  if (version === undefined) throw new Error(`botocore has no model of ${service}`);
  const model: ServiceModel = JSON.parse(
    gunzipSync(readFileSync(join(folder, version, 'service-2.json.gz'))).toString('utf8'),
  );
  loaded.set(service, model);
  return model;
}

export interface MatchedRoute {
  readonly operation: string;
  /** Members that stand in the path, decoded. */
  readonly inPath: Readonly<Record<string, string>>;
}

/**
 * The operation whose route this is; of several, the one of which the query and the headers name the most, and then the one with
 * the most literal path: S3 has one route for several, which only what each must have tells apart.
 */
export function matchRoute(
  model: ServiceModel,
  method: string,
  url: URL,
  headers: Readonly<Record<string, string | undefined>> = {},
): MatchedRoute | undefined {
  const matches = Object.entries(model.operations).flatMap(([operation, { http }]) => {
    if (http.method !== method) return [];
    const [path = '', query = ''] = http.requestUri.split('?');
    const inPath = matchPath(path, url.pathname);
    if (inPath === undefined) return [];
    const wanted = [...new URLSearchParams(query)];
    if (
      !wanted.every(
        ([name, value]) => url.searchParams.has(name) && (value === '' || url.searchParams.get(name) === value),
      )
    )
      return [];
    const needed = listNeeded(model, operation);
    const had = needed.filter(({ location, locationName = '' }) =>
      location === 'querystring'
        ? url.searchParams.has(locationName)
        : headers[locationName.toLowerCase()] !== undefined,
    );
    const literal = path.replace(/\{[^}]*\}/g, '').length;
    return [{ operation, inPath, literal, named: wanted.length + had.length, missing: needed.length - had.length }];
  });
  const [best] = matches.sort((a, b) => b.named - a.named || b.literal - a.literal || a.missing - b.missing);
  return best === undefined ? undefined : { operation: best.operation, inPath: best.inPath };
}

/** What a request of it must have in its query or headers. */
function listNeeded(model: ServiceModel, operation: string): readonly MemberShape[] {
  const { required = [], members = {} } = model.shapes[model.operations[operation]?.input?.shape ?? ''] ?? {};
  return required.flatMap((name) => {
    const member = members[name];
    return member?.location === 'querystring' || member?.location === 'header' ? [member] : [];
  });
}

function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const pattern = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const greedy = part.endsWith('+}');
      names.push(part.slice(1, greedy ? -2 : -1));
      return greedy ? '(.+)' : '([^/]+)';
    })
    .join('');
  const match = new RegExp(`^${pattern}/?$`).exec(path);
  return match === null
    ? undefined
    : Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1]!)]));
}

/** What of a value its shape does not allow, e.g. `Details.ImportAssetsFromS3.AssetSources is missing`. */
export function listFaults(model: ServiceModel, shapeName: string, value: unknown, at = ''): readonly string[] {
  const shape = model.shapes[shapeName];
  if (shape === undefined) throw new Error(`The model has no shape ${shapeName}`);
  const where = at === '' ? 'The request' : at;
  switch (shape.type) {
    case 'structure':
      return listStructureFaults(model, shape, value, at);
    case 'list':
      if (!Array.isArray(value)) return [`${where} is not a list`];
      return [
        ...boundFaults(shape, value.length, `the length of ${where}`),
        ...value.flatMap((each, index) => listFaults(model, shape.member!.shape, each, `${at}[${index}]`)),
      ];
    case 'map':
      if (!isMap(value)) return [`${where} is not a map`];
      return Object.entries(value).flatMap(([key, each]) =>
        listFaults(model, shape.value!.shape, each, `${at}.${key}`),
      );
    case 'string':
      return listTextFaults(shape, value, where);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${where} is not true or false`];
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return typeof value === 'number' ? boundFaults(shape, value, where) : [`${where} is not a number`];
    case 'timestamp':
      return typeof value === 'string' || typeof value === 'number' ? [] : [`${where} is not a time`];
    default:
      throw new Error(`No rule for the type ${shape.type} of ${where}`);
  }
}

function listStructureFaults(model: ServiceModel, shape: Shape, value: unknown, at: string): readonly string[] {
  if (!isMap(value)) return [`${at === '' ? 'The request' : at} is not a structure`];
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const members = shape.members ?? {};
  return [
    ...(shape.required ?? []).flatMap((name) => (value[name] === undefined ? [`${path(name)} is missing`] : [])),
    ...Object.keys(value).flatMap((name) => (Object.hasOwn(members, name) ? [] : [`${path(name)} is unknown`])),
    ...Object.entries(members).flatMap(([name, member]) =>
      value[name] === undefined || value[name] === null ? [] : listFaults(model, member.shape, value[name], path(name)),
    ),
  ];
}

function listTextFaults(shape: Shape, value: unknown, where: string): readonly string[] {
  if (typeof value !== 'string') return [`${where} is not text`];
  if (shape.enum !== undefined && !shape.enum.includes(value)) return [`${where} is none of ${shape.enum.join(', ')}`];
  // Patterns of the model are whole-text patterns.
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 'su').test(value))
    return [`${where} does not match ${shape.pattern}`];
  return boundFaults(shape, value.length, `the length of ${where}`);
}

function boundFaults({ min, max }: Shape, size: number, what: string): readonly string[] {
  if (min !== undefined && size < min) return [`${what} is below ${min}`];
  return max !== undefined && size > max ? [`${what} is above ${max}`] : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
