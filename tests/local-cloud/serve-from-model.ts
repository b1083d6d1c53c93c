import {
  listFaults,
  loadServiceModel,
  type MemberShape,
  matchRoute,
  type ServiceModel,
  type Shape,
} from './service-model';

/**
 * A service that no emulator has, or has only in part: AWS's own model of it says what requests and answers look like, a table
 * of rules what it does.
 */
export interface StandIn {
  /** Undefined for an operation that it leaves to moto. */
  answer(request: StandInRequest): Promise<StandInAnswer | undefined>;
}

export interface StandInRequest {
  readonly method: string;
  /** Where a header names it. */
  readonly operation?: string;
  readonly url: URL;
  readonly body: string;
  /** 12 digits: who asks. */
  readonly account: string;
}

export interface StandInAnswer {
  readonly status: number;
  readonly body: string;
  /** The error's code, as the header that SDKs read says it. */
  readonly error?: string;
}

export type Input = Readonly<Record<string, unknown>>;

export interface Rule<S, C> {
  readonly does: (state: S, input: Input, caller: C) => unknown;
  /** Where AWS says so. */
  readonly source: string;
}

export interface ModelledService<S, C> {
  /** botocore's name of it. */
  readonly service: string;
  readonly rules: Readonly<Record<string, Rule<S, C>>>;
  readonly state: S;
  readonly callerOf: (account: string) => C;
  /** What an operation without a rule is answered with: 501, or nothing, so that moto does it. */
  readonly otherwise: 'not-implemented' | 'moto';
  /** Members, as faults name them, whose pattern AWS's own documentation contradicts. */
  readonly unpatterned?: readonly string[];
}

/** What a service says no with; the code is one of its model, e.g. `ConflictException`. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The stand-in's own limit, not the service's. */
export class NotImplemented extends Error {}

export function serveFromModel<S, C>({
  service,
  rules,
  state,
  callerOf,
  otherwise,
  unpatterned = [],
}: ModelledService<S, C>): StandIn {
  const model = loadServiceModel(service);
  return {
    async answer({ method, url, body, account }) {
      const route = matchRoute(model, method, url);
      if (route === undefined) return fail(404, 'UnknownOperationException', `No operation ${method} ${url.pathname}`);
      const operation = model.operations[route.operation]!;
      const rule = rules[route.operation];
      if (rule === undefined && otherwise === 'moto') return undefined;
      if (rule === undefined) return fail(501, 'NotImplemented', `The stand-in does not do ${route.operation}`);
      try {
        const input = readInput(model, operation.input?.shape, url, body, route.inPath);
        const found = operation.input === undefined ? [] : listFaults(model, operation.input.shape, input);
        const faults = found.filter(
          (fault) => !unpatterned.some((member) => fault.startsWith(`${member} does not match`)),
        );
        if (faults.length > 0) return fail(400, 'ValidationException', faults.join('; '));
        const output = await rule.does(state, input, callerOf(account));
        return {
          status: operation.http.responseCode ?? 200,
          body: writeOutput(model, operation.output?.shape, output),
        };
      } catch (error) {
        if (error instanceof NotImplemented) return fail(501, 'NotImplemented', error.message);
        if (!(error instanceof ServiceError)) throw error;
        if (!operation.errors?.some(({ shape }) => shape === error.code))
          throw new Error(`The model has no error ${error.code} for ${route.operation}`);
        const known = model.shapes[error.code]?.error;
        return fail(known?.httpStatusCode ?? 400, error.code, error.message);
      }
    },
  };
}

function fail(status: number, error: string, Message: string): StandInAnswer {
  return { status, error, body: JSON.stringify({ Message, message: Message }) };
}

/** Members by their own names, from wherever the model says they stand. */
function readInput(
  model: ServiceModel,
  shapeName: string | undefined,
  url: URL,
  body: string,
  inPath: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const shape = shapeName === undefined ? undefined : model.shapes[shapeName];
  if (shape === undefined) return {};
  const inBody: Readonly<Record<string, unknown>> = body === '' ? {} : JSON.parse(body);
  const known = Object.entries(shape.members ?? {}).flatMap(([name, member]): [string, unknown][] => {
    const value = readMember(model, name, member, url, inBody, inPath);
    return value === undefined ? [] : [[name, value]];
  });
  const named = new Set(Object.entries(shape.members ?? {}).map(([name, { locationName = name }]) => locationName));
  const unknown = Object.entries(inBody).filter(([name]) => !named.has(name));
  return Object.fromEntries([...known, ...unknown]);
}

function readMember(
  model: ServiceModel,
  name: string,
  { shape, location, locationName = name }: MemberShape,
  url: URL,
  inBody: Readonly<Record<string, unknown>>,
  inPath: Readonly<Record<string, string>>,
): unknown {
  if (location === 'uri') return inPath[locationName];
  if (location !== 'querystring') return inBody[locationName];
  const all = url.searchParams.getAll(locationName);
  if (model.shapes[shape]?.type === 'list') return all.length === 0 ? undefined : all;
  const [text = null] = all;
  return text !== null && model.shapes[shape]?.type === 'integer' ? Number(text) : (text ?? undefined);
}

/** Only what the model's output has, so that a handler cannot lean on what the service would not say. */
function writeOutput(model: ServiceModel, shapeName: string | undefined, output: unknown): string {
  const shape = shapeName === undefined ? undefined : model.shapes[shapeName];
  return shape === undefined || output === undefined ? '' : JSON.stringify(pickOutput(model, shape, output));
}

function pickOutput(model: ServiceModel, shape: Shape, value: unknown): unknown {
  if (shape.type === 'list' && Array.isArray(value)) {
    const member = model.shapes[shape.member!.shape]!;
    return value.map((each) => pickOutput(model, member, each));
  }
  if (shape.type !== 'structure' || typeof value !== 'object' || value === null) return value;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return Object.fromEntries(
    Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
      fields[name] === undefined
        ? []
        : [[member.locationName ?? name, pickOutput(model, model.shapes[member.shape]!, fields[name])]],
    ),
  );
}
