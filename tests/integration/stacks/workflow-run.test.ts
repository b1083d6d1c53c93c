import { StateMachine } from 'aws-local-stepfunctions';
import { defineWorkflow } from '../../../lib/stacks/anonymisation/workflow-definition';

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

const PARTS = {
  partition: 'aws',
  checkIntake: 'arn:aws:lambda:eu-central-1:999900001111:function:check-intake',
  solve: 'arn:aws:lambda:eu-central-1:999900001111:function:solve',
  replace: 'arn:aws:lambda:eu-central-1:999900001111:function:replace',
  certify: 'arn:aws:lambda:eu-central-1:999900001111:function:certify',
  cleanJob: 'clean',
  treatJob: 'treat',
  landing: 'landing',
  lake: 'lake',
  alerts: 'arn:aws:sns:eu-central-1:999900001111:alerts',
  bus: 'BarterRoom',
};
const WITHHELD = 'Execution has failed with the following error: A step refused, failed or took too long.';
const DELIVERY = 'telco-retail-2026/usage/upload/march.csv';
const RUN = {
  agreement: 'telco-retail-2026',
  dataset: 'usage',
  run: 'run-1',
  delivery: DELIVERY,
  taken: '2026-03-04T05:06:07.000Z',
  work: '_work/telco-retail-2026/usage/run-1/',
  plan: { key: '_work/telco-retail-2026/usage/run-1/plan.json', sha256: 'abc' },
  orders: { sha256: 'def' },
  hasClasses: true,
  hasMappings: true,
};

/** The workflow, with a time-out for its round that a timer of Node.js can hold. */
function readDefinition() {
  return JSON.parse(
    JSON.stringify(defineWorkflow(PARTS)).replace(/"TimeoutSeconds":25920000\b/, '"TimeoutSeconds":60'),
  );
}

type Handlers = Readonly<Record<string, (input: JsonValue) => JsonValue | undefined>>;
type JsonValue = Parameters<StateMachine['run']>[0];
const fails = (name: string) => () => {
  const error = new Error('row 7: Alice');
  error.name = name;
  throw error;
};

/** Runs the workflow with these for its steps; those that are left out succeed. Tells how it ended, what was marked and told. */
async function run(steps: Handlers) {
  const marked: string[] = [];
  const told: string[] = [];
  const written: unknown[] = [];
  const tell = (input: JsonValue) => void written.push(input);
  const read = (input: JsonValue, name: string) => String(Reflect.get(Object(input), name));
  const mark = (input: JsonValue) => void marked.push(read(input, 'Key'));
  const handlers: Handlers = {
    CheckIntake: () => ({ kind: 'accepted', run: RUN }),
    CleanAndCount: () => ({}),
    Solve: () => ({ kind: 'solved' }),
    Replace: () => ({}),
    TreatAndMeasure: () => ({}),
    Certify: () => ({}),
    AwaitRound: () => ({}),
    Quarantine: mark,
    QuarantineRefused: mark,
    TellGiver: tell,
    TellRefused: tell,
    TellGiverWhat: tell,
    TellRefusedWhat: tell,
    ...steps,
    TellWhy: (input) => void told.push(read(input, 'Message')),
  };
  const machine = new StateMachine(readDefinition(), {
    validationOptions: { checkArn: false },
  });
  const noWait = Object.fromEntries(Object.keys(handlers).map((name) => [name, 0]));
  const execution = machine.run(
    { detail: { object: { key: DELIVERY } } },
    {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          Object.entries(handlers).map(([name, handler]) => [name, async (input: JsonValue) => handler(input) ?? {}]),
        ),
        retryIntervalOverrides: noWait,
      },
      context: { Execution: { Name: 'run-1' }, Task: { Token: 'token' } },
    },
  );
  const ended = await execution.result.then(
    () => 'delivered',
    (error: Error) => error.message,
  );
  return { ended, marked, told, written };
}

test('a delivery that passes every step is delivered; nothing is marked or told', async () => {
  expect(await run({})).toEqual({ ended: 'delivered', marked: [], told: [], written: [] });
});

test('one that an amendment made useless ends in peace, at the first word', async () => {
  let asked = 0;
  const outdated = () => {
    asked += 1;
    return fails('ReleaseOutdated')();
  };
  expect(await run({ AwaitRound: outdated })).toEqual({ ended: 'delivered', marked: [], told: [], written: [] });
  expect(asked).toBe(1);
});

test('one that was told of twice ends in peace: another run has it', async () => {
  const steps = { CheckIntake: () => ({ kind: 'repeated' }), CleanAndCount: fails('Glue.JobFailed') };
  expect(await run(steps)).toEqual({ ended: 'delivered', marked: [], told: [], written: [] });
});

test.each<[string, Handlers, readonly string[], RegExp]>([
  [
    'the intake refuses it',
    { CheckIntake: () => ({ kind: 'refused', reason: 'outside-term', delivery: DELIVERY }) },
    [DELIVERY],
    /the delivery was refused: outside-term/,
  ],
  ['what came is no delivery', { CheckIntake: () => ({ kind: 'refused', reason: 'no-delivery' }) }, [], /no-delivery/],
  ['the intake fails', { CheckIntake: fails('ProvisionedThroughputExceeded') }, [], /ProvisionedThroughputExceeded/],
  ['cleaning fails', { CleanAndCount: fails('Glue.JobFailed') }, [DELIVERY], /Glue\.JobFailed/],
  [
    'no generalisation meets the floor',
    { Solve: () => ({ kind: 'withheld', gate: 'privacy' }) },
    [DELIVERY],
    /withheld at the gate privacy/,
  ],
  ['values cannot be replaced', { Replace: fails('TooManyValues') }, [DELIVERY], /TooManyValues/],
  ['treating fails', { TreatAndMeasure: fails('Glue.JobFailed') }, [DELIVERY], /Glue\.JobFailed/],
  ['nothing is certified', { Certify: fails('GateNotPassed') }, [DELIVERY], /GateNotPassed/],
  ['its round does not come about', { AwaitRound: fails('RoundFailed') }, [], /RoundFailed/],
])('where %s, the delivery is put into quarantine or not, and it is told why', async (_, steps, marked, why) => {
  const outcome = await run(steps);
  const written = marked.map((delivery) => {
    const Detail = { delivery, run: 'run-1', error: expect.stringMatching(why) };
    return { Entries: [expect.objectContaining({ DetailType: 'Delivery Withheld', Detail })] };
  });
  expect(outcome).toEqual({ ended: WITHHELD, marked, told: [expect.stringMatching(why)], written });
  expect(JSON.stringify(outcome)).not.toContain('Alice');
});

test.each<[string, Handlers]>([
  [
    'of a file',
    { CheckIntake: () => ({ kind: 'refused', reason: 'unreadable', delivery: DELIVERY, problems: ['a', 'b'] }) },
  ],
  ['of a release', { Solve: () => ({ kind: 'withheld', gate: 'privacy', problems: ['a', 'b'] }) }],
])('what is wrong %s is told with it', async (_, steps) => {
  const { ended, marked, written } = await run(steps);
  const Detail = expect.objectContaining({ delivery: DELIVERY, run: 'run-1', problems: ['a', 'b'] });
  expect([ended, marked]).toEqual([WITHHELD, [DELIVERY]]);
  expect(written).toEqual([{ Entries: [expect.objectContaining({ DetailType: 'Delivery Withheld', Detail })] }]);
});

test('a delivery that cannot be marked is told of all the same', async () => {
  const { ended, told, written } = await run({
    CleanAndCount: fails('Glue.JobFailed'),
    Quarantine: fails('S3.AccessDenied'),
  });
  expect(written).toHaveLength(1);
  expect([ended, told]).toEqual([WITHHELD, [expect.stringContaining('Glue.JobFailed')]]);
});

test('a delivery whose giver cannot be told goes to the operator all the same', async () => {
  const { ended, told } = await run({ CleanAndCount: fails('Glue.JobFailed'), TellGiver: fails('EventBridge.Down') });
  expect([ended, told]).toEqual([WITHHELD, [expect.stringContaining('Glue.JobFailed')]]);
});
