import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PutObjectTaggingCommand, type PutObjectTaggingCommandInput, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { StateMachine } from 'aws-local-stepfunctions';
import { type Rewinder, rewindCollections } from './rewind-room';
import type { RoomTemplates } from './room-templates';
import { FunctionFailed, type LocalFunction } from './run-function';
import type { StandIn } from './serve-from-model';
import { JobNotStarted, type LocalGlue } from './start-glue';
import type { ClientConfig, LocalRoom } from './start-local-room';

// What the interpreter needs of Node.js 22.
if (!('withResolvers' in Promise))
  Reflect.set(Promise, 'withResolvers', () => {
    let resolve: unknown;
    let reject: unknown;
    const promise = new Promise((whenDone, whenFailed) => {
      resolve = whenDone;
      reject = whenFailed;
    });
    return { promise, resolve, reject };
  });

export type ExecutionState = 'running' | 'waiting' | 'succeeded' | 'failed';

/**
 * The room's state machine: its synthesized definition, run by an interpreter of Amazon States Language, whose tasks are the
 * room's own functions and jobs, and calls of AWS by the role that the template gives it.
 */
export interface LocalWorkflow {
  /** Takes back what is known of executions. Whoever waited for a token stands still, and nobody asks for it again. */
  readonly rewinder: Rewinder;
  /** Takes the place of moto for SendTaskSuccess and SendTaskFailure. */
  readonly standIn: StandIn;
  /** By name of the execution. */
  readonly executions: ReadonlyMap<string, ExecutionState>;
  /** What tasks failed on, in order, as `execution state: error`. */
  readonly failures: readonly string[];
  /** False for another state machine's ARN. */
  start(arn: string, input: unknown, nameRun: () => string): boolean;
  /** Until every execution has ended, or waits for its token. */
  settle(): Promise<void>;
  forget(): void;
}

export interface WorkflowSurroundings {
  readonly local: LocalRoom;
  readonly runJob: LocalGlue['runJob'];
  /** What time it is to the functions. */
  readonly now: () => string;
}

type Value = Parameters<StateMachine['run']>[0];
type Input = Readonly<Record<string, unknown>>;
interface Waiting {
  readonly resolve: (output: Value) => void;
  readonly reject: (error: Error) => void;
}

/** @param stack whose state machine it is */
export function startWorkflow(
  surroundings: () => WorkflowSurroundings,
  stack = 'BarterRoomAnonymisation',
): LocalWorkflow {
  const executions = new Map<string, ExecutionState>();
  const tokens = new Map<string, Waiting>();
  const failures: string[] = [];
  let changed = () => {};
  const move = (name: string, state: ExecutionState) => {
    executions.set(name, state);
    changed();
  };

  async function waitFor(name: string, token: string): Promise<Value> {
    move(name, 'waiting');
    return new Promise<Value>((resolve, reject) => {
      tokens.set(token, { resolve, reject });
    }).finally(() => {
      tokens.delete(token);
      move(name, 'running');
    });
  }

  return {
    rewinder: rewindCollections([executions, failures]),
    executions,
    failures,
    standIn: {
      async answer({ operation, body }) {
        if (operation !== 'SendTaskSuccess' && operation !== 'SendTaskFailure') return undefined;
        const { taskToken, output, error, cause } = JSON.parse(body) as Readonly<Record<string, string>>;
        const waiting = tokens.get(taskToken ?? '');
        if (waiting === undefined)
          return { status: 400, error: 'TaskDoesNotExist', body: JSON.stringify({ message: 'No such task.' }) };
        if (operation === 'SendTaskSuccess') waiting.resolve(JSON.parse(output ?? '{}'));
        else waiting.reject(named(error ?? 'States.TaskFailed', cause ?? ''));
        return { status: 200, body: '{}' };
      },
    },
    start(arn, input, nameRun) {
      const { local, runJob, now } = surroundings();
      const machine = findMachine(local.templates, stack);
      if (machine.arn !== arn) return false;
      const name = nameRun();
      move(name, 'running');
      const tasks = describeTasks(stack, machine, local, runJob, now);
      const token = `${arn}#${name}`;
      const handlers = Object.fromEntries(
        Object.entries(tasks).map(([state, { act, waits }]) => [
          state,
          async (given: Value) => {
            try {
              const output = await act(given as Input);
              return waits ? await waitFor(name, token) : output;
            } catch (error) {
              failures.push(`${name} ${state}: ${String(error)}`);
              throw error;
            }
          },
        ]),
      );
      const noWait = Object.fromEntries(Object.keys(tasks).map((state) => [state, 0]));
      new StateMachine(machine.definition, { validationOptions: { checkArn: false } })
        .run(input as Value, {
          overrides: { taskResourceLocalHandlers: handlers, retryIntervalOverrides: noWait },
          context: { Execution: { Name: name }, Task: { Token: token } },
        })
        .result.then(
          () => move(name, 'succeeded'),
          () => move(name, 'failed'),
        );
      return true;
    },
    async settle() {
      while ([...executions.values()].includes('running'))
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
    },
    forget() {
      executions.clear();
      failures.length = 0;
      tokens.clear();
    },
  };
}

interface Machine {
  readonly arn: string;
  readonly definition: ConstructorParameters<typeof StateMachine>[0] & {
    readonly States: Readonly<Record<string, { readonly Type: string; readonly Resource?: string }>>;
  };
  readonly statements: ReturnType<RoomTemplates['statementsOf']>;
}

function findMachine(templates: RoomTemplates, stack: string): Machine {
  const machines = templates.listResources('AWS::StepFunctions::StateMachine');
  const machine = machines.find((each) => each.stack === stack);
  if (machine === undefined) throw new Error(`${stack} has no state machine`);
  const { id, properties } = machine;
  const text = String(templates.resolve(stack, properties.DefinitionString!));
  const { 'Fn::GetAtt': path } = properties.RoleArn as { readonly 'Fn::GetAtt': readonly string[] };
  return {
    arn: String(templates.resolve(stack, { Ref: id })),
    // A timer of Node.js holds no more seconds.
    definition: JSON.parse(text.replace(/"TimeoutSeconds":25920000\b/, '"TimeoutSeconds":2000000')),
    statements: templates.statementsOf(stack, path[0]!),
  };
}

interface Task {
  readonly act: (input: Input) => Promise<Value>;
  readonly waits: boolean;
}

const ACCESS_KEY = 'STATES0000000000';

function describeTasks(
  stack: string,
  { definition, statements }: Machine,
  local: LocalRoom,
  runJob: LocalGlue['runJob'],
  now: () => string,
): Readonly<Record<string, Task>> {
  local.gateway.admit(ACCESS_KEY, { name: `workflow of ${stack}`, statements, crash: async () => {} });
  const config: ClientConfig = {
    ...local.clientConfig,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'local' },
  };
  const demand = (action: string, resource: string) => {
    if (!local.gateway.demand(ACCESS_KEY, { action, resource }))
      throw named('States.Permissions', `${action} on ${resource} is not allowed`);
  };
  const putEvents = async ({ Entries }: Input) => {
    const entries = (Entries as readonly Input[]).map((entry) => ({ ...entry, Detail: JSON.stringify(entry.Detail) }));
    await new EventBridgeClient(config).send(new PutEventsCommand({ Entries: entries as PutEventsRequestEntry[] }));
    return {};
  };
  const services: Readonly<Record<string, (input: Input) => Promise<Value>>> = {
    'glue:startJobRun.sync': async ({ JobName, Arguments }) => {
      demand('glue:StartJobRun', `arn:aws:glue:${config.region}:${local.account}:job/${String(JobName)}`);
      await runJob(String(JobName), Arguments as Readonly<Record<string, string>>).catch((error: Error) => {
        throw error instanceof JobNotStarted ? error : named('States.TaskFailed', error.message);
      });
      return {};
    },
    'events:putEvents.waitForTaskToken': putEvents,
    'events:putEvents': putEvents,
    'aws-sdk:s3:putObjectTagging': async (input) => {
      await new S3Client({ ...config, forcePathStyle: true }).send(
        new PutObjectTaggingCommand(input as unknown as PutObjectTaggingCommandInput),
      );
      return {};
    },
    'sns:publish': async (input) => {
      await new SNSClient(config).send(new PublishCommand(input as unknown as PublishCommandInput));
      return {};
    },
  };
  const invoke = (arn: string, fn: LocalFunction) => async (input: Input) => {
    demand('lambda:InvokeFunction', arn);
    return (await queue(fn, () => fn.invoke(input, now())).catch((error: unknown) => {
      throw error instanceof FunctionFailed ? named(error.errorType, error.message) : error;
    })) as Value;
  };
  return Object.fromEntries(
    Object.entries(definition.States).flatMap(([name, { Type, Resource = '' }]): [string, Task][] => {
      if (Type !== 'Task') return [];
      const [, service] = /:states:::(.+)$/.exec(Resource) ?? [];
      const act = service === undefined ? invoke(Resource, local.functionByArn(Resource)) : services[service];
      if (act === undefined) throw new Error(`The local room does not know tasks of ${Resource}`);
      return [[name, { act, waits: Resource.endsWith('.waitForTaskToken') }]];
    }),
  );
}

/** Executions run side by side; a function here does one thing at a time. */
const queues = new WeakMap<LocalFunction, Promise<unknown>>();
function queue<T>(fn: LocalFunction, work: () => Promise<T>): Promise<T> {
  const mine = (queues.get(fn) ?? Promise.resolve()).then(work, work);
  queues.set(
    fn,
    mine.catch(() => {}),
  );
  return mine;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
