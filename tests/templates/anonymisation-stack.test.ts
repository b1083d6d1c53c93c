import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ROOM_STACKS } from '../../lib/domain/room/room-names';
import { AnonymisationStack } from '../../lib/stacks/anonymisation/anonymisation-stack';
import { RegistryTable } from '../../lib/stacks/enforcement/registry-table';
import { findingsOf } from '../fixtures/findings';
import { describeResource, listExcesses, permissionsOf } from '../fixtures/least-privilege';
import { ARN, ENV, standIns } from '../fixtures/stand-ins';
import { listFlaws, listNext, type StateMachineDefinition } from '../fixtures/states-language';
import { newApp, resourcesOf, statementsOf } from '../fixtures/template';

const BUS = `arn:aws:events:${ENV.region}:${ENV.account}:event-bus/BarterRoom`;

function stackWith(jobs = { flex: false, maxWorkers: 10 }) {
  const app = newApp();
  const given = standIns(app);
  const core = new Stack(app, 'Core', { env: ENV });
  const stack = new AnonymisationStack(app, ROOM_STACKS.anonymisation, {
    env: ENV,
    ...given,
    jobs,
    registry: new RegistryTable(core, 'Registry', given.key),
    bus: EventBus.fromEventBusArn(core, 'Bus', BUS),
  });
  return stack;
}

const stack = stackWith();
const find = (type: string, name = '') => resourcesOf(stack, type).filter(({ id }) => id.startsWith(name));
const one = (type: string, name = '') => {
  const [found, ...more] = find(type, name);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${type} ${name}`);
  return found;
};
const machine = one('AWS::StepFunctions::StateMachine');
const written = describeResource(machine.properties.DefinitionString);
const definition: StateMachineDefinition = JSON.parse(written);
const { States: states } = definition;

describe('the workflow', () => {
  test('every state is reached, and everything that does something has a time-out, is tried again and caught', () => {
    expect(listFlaws(definition)).toEqual([]);
  });

  test('leads from the intake to the escrow by these steps', () => {
    const steps = ['CheckIntake', 'IsAccepted', 'CleanAndCount', 'HasClasses', 'Solve', 'IsSolved', 'HasMappings'];
    const path = [...steps, 'Replace', 'TreatAndMeasure', 'Certify', 'AwaitRound', 'Delivered'];
    for (const [place, name] of path.slice(0, -1).entries()) expect(listNext(states[name]!)).toContain(path[place + 1]);
  });

  test('reaches its good end only through treatment, measurement, certificate and escrow, in that order', () => {
    const waysTo = (name: string) => Object.keys(states).filter((from) => listNext(states[from]!).includes(name));
    expect(waysTo('Delivered')).toEqual(['AwaitRound']);
    expect(waysTo('AwaitRound')).toEqual(['Certify']);
    expect(waysTo('Certify')).toEqual(['TreatAndMeasure']);
    expect(waysTo('TreatAndMeasure')).toEqual(['HasMappings', 'Replace']);
    expect(waysTo('HasMappings')).toEqual(['HasClasses', 'IsSolved']);
    expect(waysTo('CleanAndCount')).toEqual(['IsAccepted']);
  });

  test('a release that an amendment made useless waits no longer: no second look, and nobody is alarmed', () => {
    const { AwaitRound, Outdated } = states;
    expect(AwaitRound?.Retry?.[0]).toEqual({ ErrorEquals: ['RoundWithheld', 'ReleaseOutdated'], MaxAttempts: 0 });
    expect(AwaitRound?.Catch?.[0]).toMatchObject({ ErrorEquals: ['ReleaseOutdated'], Next: 'Outdated' });
    expect(Outdated).toEqual({ Type: 'Succeed' });
  });

  test('whatever fails is put into quarantine, told of, and ends as a failure', () => {
    const after: Readonly<Record<string, string>> = {
      AwaitRound: 'TellWhy',
      Quarantine: 'IsWithheldExplained',
      QuarantineRefused: 'IsRefusedExplained',
      TellGiver: 'TellWhy',
      TellGiverWhat: 'TellWhy',
      TellRefused: 'TellWhy',
      TellRefusedWhat: 'TellWhy',
    };
    for (const [name, { Type, Catch }] of Object.entries(states)) {
      if (Type !== 'Task' || name === 'TellWhy') continue;
      const next = Catch?.map(({ Next }) => Next);
      expect(name === 'AwaitRound' ? next?.slice(1) : next).toEqual([after[name] ?? 'FindDelivery']);
    }
    expect(listNext(states.Refuse!)).toEqual(['FindDelivery']);
    expect(listNext(states.Withhold!)).toEqual(['FindDelivery']);
    expect(listNext(states.FindDelivery!)).toEqual(['TellWhy', 'Quarantine', 'QuarantineRefused']);
    for (const name of ['Quarantine', 'QuarantineRefused']) {
      expect(listNext(states[name]!)).toEqual([after[name], after[name]]);
      const tells = listNext(states[after[name]!]!);
      expect(tells).toHaveLength(2);
      for (const tell of tells) {
        expect(listNext(states[tell]!)).toEqual(['TellWhy', 'TellWhy']);
        // Of what a step answered, the words that are made to be told, and nothing else.
        expect(JSON.stringify(states[tell])).not.toMatch(/Cause|\$\.solved(?!\.problems")/);
      }
      expect(states[name]).toMatchObject({
        Resource: 'arn:aws:states:::aws-sdk:s3:putObjectTagging',
        Parameters: { Bucket: 'the-landing', Tagging: { TagSet: [{ Key: 'barter-quarantine', Value: 'yes' }] } },
      });
    }
    expect(listNext(states.TellWhy!)).toEqual(['Withheld', 'Withheld']);
    expect(states.Withheld).toMatchObject({ Type: 'Fail' });
    expect(states.TellWhy).toMatchObject({ Parameters: { TopicArn: ARN.alerts } });
  });

  test('a job that may not start yet is waited for: a delivery is not thrown away because others run', () => {
    for (const name of ['CleanAndCount', 'TreatAndMeasure']) {
      const [turn, faults] = states[name]!.Retry!;
      expect(turn).toMatchObject({
        ErrorEquals: ['Glue.ConcurrentRunsExceededException', 'Glue.ResourceNumberLimitExceededException'],
        MaxDelaySeconds: 900,
        MaxAttempts: 1000,
      });
      expect(faults!.ErrorEquals).not.toContain('Glue.ConcurrentRunsExceededException');
      expect(faults!.MaxAttempts).toBe(6);
    }
  });

  test('a function that ended without an answer, or waited for one in vain, is called again; what it throws is its answer', () => {
    for (const name of ['CheckIntake', 'Solve', 'Replace', 'Certify']) {
      const errors = states[name]!.Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(errors).toEqual(expect.arrayContaining(['Runtime.ExitError', 'TimeoutError']));
      expect(errors).not.toContain('States.TaskFailed');
    }
  });

  test('what it tells is no cause and no payload, which may quote a row, and it has no log of its own', () => {
    expect(JSON.stringify(states.TellWhy)).not.toMatch(/Cause|\$\.run|\$\.solved/);
    expect(machine.properties.LoggingConfiguration).toBeUndefined();
    expect(machine.properties.TracingConfiguration).toEqual({ Enabled: true });
    expect(machine.properties.StateMachineType ?? 'STANDARD').toBe('STANDARD');
  });

  test('starts with every upload that the bus tells of; one that cannot start is kept and alarmed on', () => {
    const { properties } = one('AWS::Events::Rule');
    const queue = one('AWS::SQS::Queue').id;
    expect(properties).toMatchObject({
      EventBusName: 'BarterRoom',
      EventPattern: { source: ['aws.s3', 'aws.transfer'] },
      Targets: [{ Arn: { Ref: machine.id }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } } }],
    });
  });
});

describe('the jobs', () => {
  const jobs = find('AWS::Glue::Job');

  test('are two tasks of one script on Glue 5.1, on workers of one size, as many as needed up to a limit', () => {
    const fixed = jobs.map(({ properties }) => properties.NonOverridableArguments);
    const [{ '--extra-py-files': modules } = {}] = fixed as readonly { readonly [name: string]: unknown }[];
    // Whoever starts a run says neither which script that is, nor what it imports.
    const code = {
      '--scriptLocation': (jobs[0]!.properties.Command as { readonly ScriptLocation: unknown }).ScriptLocation,
      '--extra-py-files': modules,
      '--extra-files': modules,
      '--user-jars-first': 'false',
      '--enable-spark-ui': 'false',
      '--python-modules-installer-option': '--no-index --no-deps',
      '--conf': 'spark.io.encryption.enabled=true',
    };
    expect(fixed).toEqual([
      { '--task': 'clean-and-count', ...code },
      { '--task': 'treat-and-measure', ...code },
    ]);
    expect(JSON.stringify(modules)).toMatch(/[0-9a-f]{64}\.zip/);
    expect(JSON.stringify(code['--scriptLocation'])).toMatch(/[0-9a-f]{64}\.py/);
    for (const { properties } of jobs)
      expect(Object.keys(properties.DefaultArguments as object)).not.toContain('--extra-py-files');
    const scripts = new Set(jobs.map(({ properties }) => JSON.stringify(properties.Command)));
    expect(scripts.size).toBe(1);
    for (const { properties } of jobs)
      expect(properties).toMatchObject({
        GlueVersion: '5.1',
        WorkerType: 'G.1X',
        NumberOfWorkers: 10,
        ExecutionClass: 'STANDARD',
        MaxRetries: 0,
        DefaultArguments: { '--enable-auto-scaling': 'true', '--job-bookmark-option': 'job-bookmark-disable' },
      });
  });

  test('run on spare machines where the room says so', () => {
    for (const { properties } of resourcesOf(stackWith({ flex: true, maxWorkers: 4 }), 'AWS::Glue::Job'))
      expect(properties).toMatchObject({ ExecutionClass: 'FLEX', NumberOfWorkers: 4 });
  });

  test("encrypt what they write with the room's key, and what they log and remember with that for notices", () => {
    const security = one('AWS::Glue::SecurityConfiguration');
    expect(security.properties.EncryptionConfiguration).toEqual({
      S3Encryptions: [{ S3EncryptionMode: 'SSE-KMS', KmsKeyArn: ARN.key }],
      CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS', KmsKeyArn: ARN.noticeKey },
      JobBookmarksEncryption: { JobBookmarksEncryptionMode: 'CSE-KMS', KmsKeyArn: ARN.noticeKey },
    });
    for (const { properties } of jobs) expect(properties.SecurityConfiguration).toEqual({ Ref: security.id });
  });

  test('write to logs that were made for them: encrypted, kept, and deleted in time', () => {
    const logs = find('AWS::Logs::LogGroup', 'JobLogs');
    const role = one('AWS::IAM::Role', 'JobRole').id;
    expect(logs.map(({ properties }) => describeResource(properties.LogGroupName))).toEqual(
      ['error', 'output'].map((kind) => `/aws-glue/jobs/barter-room-role/<${role}>/${kind}`),
    );
    for (const log of logs)
      expect(log).toMatchObject({
        deletionPolicy: 'RetainExceptOnCreate',
        properties: { KmsKeyId: ARN.noticeKey, RetentionInDays: 400 },
      });
  });

  test('are told names and hashes, and no key material', () => {
    const { Parameters } = states.CleanAndCount as unknown as { Parameters: { Arguments: object } };
    expect(Object.keys(Parameters.Arguments).map((name) => name.replace(/\.\$$/, ''))).toEqual([
      '--landing',
      '--lake',
      '--agreement',
      '--dataset',
      '--run',
      '--delivery',
      '--orders-sha256',
    ]);
    for (const { properties } of jobs)
      expect(JSON.stringify([properties.DefaultArguments, properties.NonOverridableArguments])).not.toMatch(
        /secret|key"|token/i,
      );
  });
});

describe('roles', () => {
  const allowed = (name: string) => {
    const [found, ...more] = permissionsOf(stack).filter(({ role }) => role.startsWith(name));
    expect(more).toEqual([]);
    return found?.allowed;
  };
  const own = (name: string) => {
    const log = `<${one('AWS::Logs::LogGroup', `${name}Log`).id}>`;
    return [
      `logs:CreateLogStream on ${log}`,
      `logs:PutLogEvents on ${log}`,
      'xray:PutTelemetryRecords on *',
      'xray:PutTraceSegments on *',
    ];
  };
  const registry = (allowed('CheckIntakeRole') ?? []).find((each) => each.startsWith('dynamodb:'))?.split(' on ')[1];

  test('the intake reads the record of an agreement and the head of a delivery, and leaves plan and orders', () => {
    expect(allowed('CheckIntakeRole')).toEqual(
      [
        ...own('CheckIntake'),
        `dynamodb:GetItem on ${registry}`,
        `dynamodb:Query on ${registry}`,
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        ...['sftp', 'upload'].map((way) => `s3:GetObject on ${ARN.landing}/*/${way}/*`),
        ...['GetObject', 'PutObject'].map((action) => `s3:${action} on ${ARN.landing}/_work/*/taken/*`),
        `s3:PutObject on ${ARN.landing}/_quarantine/*.json`,
        `s3:PutObject on ${ARN.landing}/_work/*/orders.json`,
        `s3:PutObject on ${ARN.landing}/_work/*/plan.json`,
      ].sort(),
    );
  });

  test('the solver reads the work of runs and the levels on record, and leaves solutions: no delivery, no release', () => {
    expect(allowed('SolveRole')).toEqual(
      [
        ...own('Solve'),
        `dynamodb:GetItem on ${registry}`,
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        `s3:GetObject on ${ARN.landing}/_work/*`,
        `s3:ListBucket on ${ARN.landing}`,
        `s3:PutObject on ${ARN.landing}/_work/*/solution/*`,
      ].sort(),
    );
  });

  test('who replaces values reads the work of runs and leaves replacements: no delivery, no release', () => {
    expect(allowed('ReplaceRole')).toEqual(
      [
        ...own('Replace'),
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        `s3:GetObject on ${ARN.landing}/_work/*`,
        `s3:ListBucket on ${ARN.landing}`,
        `s3:PutObject on ${ARN.landing}/_work/*/replacements/*`,
      ].sort(),
    );
  });

  test('who certifies reads the work of runs, leaves certificates in escrow and puts releases on record', () => {
    expect(allowed('CertifyRole')).toEqual(
      [
        ...own('Certify'),
        `dynamodb:GetItem on ${registry}`,
        `dynamodb:PutItem on ${registry}`,
        `dynamodb:Query on ${registry}`,
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        `s3:GetObject on ${ARN.landing}/_work/*`,
        `s3:ListBucket on ${ARN.landing}`,
        `s3:PutObject on ${ARN.lake}/_escrow/*.tokens`,
        `s3:PutObject on ${ARN.lake}/_escrow/*/certificate.json`,
      ].sort(),
    );
  });

  test('the jobs read raw rows, write work, quarantine and escrow, and delete nothing', () => {
    expect(
      allowed('JobRole')
        ?.map((each) => each.replace(/[0-9a-f]{64}/, 'SCRIPT'))
        .sort(),
    ).toEqual(
      [
        'cloudwatch:PutMetricData on *',
        `kms:Decrypt on ${ARN.key}`,
        `kms:GenerateDataKey on ${ARN.key}`,
        ...['AssociateKmsKey', 'CreateLogGroup', 'CreateLogStream', 'PutLogEvents'].map(
          (action) => `logs:${action} on arn:aws:logs:${ENV.region}:${ENV.account}:log-group:/aws-glue/jobs/*`,
        ),
        ...['AbortMultipartUpload', 'PutObject'].flatMap((action) => [
          `s3:${action} on ${ARN.landing}/_quarantine/*`,
          `s3:${action} on ${ARN.landing}/_work/*`,
          `s3:${action} on ${ARN.lake}/_escrow/*`,
        ]),
        `s3:GetObject on ${ARN.landing}/*`,
        `s3:GetObject on ${ARN.lake}/_escrow/*`,
        `s3:ListBucket on ${ARN.landing}`,
        `s3:ListBucket on ${ARN.lake}`,
        `s3:GetObject on arn:aws:s3:::cdk-hnb659fds-assets-${ENV.account}-${ENV.region}/SCRIPT.py`,
        `s3:GetObject on arn:aws:s3:::cdk-hnb659fds-assets-${ENV.account}-${ENV.region}/SCRIPT.zip`,
      ].sort(),
    );
  });

  test('the landing bucket lets the jobs and the functions of the workflow read, and no other role', () => {
    const marked = resourcesOf(stack, 'AWS::IAM::Role').filter(({ properties }) => properties.Tags !== undefined);
    expect(marked.map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'JobRole',
      'CheckIntakeRole',
      'SolveRole',
      'ReplaceRole',
      'CertifyRole',
    ]);
    for (const { properties } of marked) expect(properties.Tags).toEqual([{ Key: 'barter-reads', Value: 'raw' }]);
  });

  test('the workflow takes its own steps', () => {
    const arn = (name: string) => `<${one('AWS::Lambda::Function', name).id}>`;
    const job = (name: string) => `arn:aws:glue:${ENV.region}:${ENV.account}:job/<${one('AWS::Glue::Job', name).id}>`;
    const steps = (allowed('WorkflowRole') ?? []).filter((each) => !/^xray:/.test(each));
    expect(steps).toEqual(
      [
        ...['CheckIntake', 'Solve', 'Replace', 'Certify'].map((name) => `lambda:InvokeFunction on ${arn(name)}`),
        ...['BatchStopJobRun', 'GetJobRun', 'GetJobRuns', 'StartJobRun'].flatMap((action) =>
          ['Clean', 'Treat'].map((name) => `glue:${action} on ${job(name)}`),
        ),
        `events:PutEvents on ${BUS}`,
        ...['sftp', 'upload'].map((way) => `s3:PutObjectTagging on ${ARN.landing}/*/*/${way}/*`),
        `sns:Publish on ${ARN.alerts}`,
        `kms:Decrypt on ${ARN.noticeKey}`,
        `kms:GenerateDataKey on ${ARN.noticeKey}`,
      ].sort(),
    );
  });

  test('there are no others but the one that starts a run, and none has a wildcard where there could be a name', () => {
    expect(permissionsOf(stack)).toHaveLength(7);
    expect(allowed('StartStartRole')).toEqual([`states:StartExecution on <${machine.id}>`]);
    expect(listExcesses(stack)).toEqual([]);
  });

  test('none is assumed by anybody but a service of AWS', () => {
    for (const { principals } of statementsOf(stack).filter(({ effect }) => effect === 'Allow'))
      for (const [kind] of principals) expect(kind).toBe('Service');
  });
});

test('no account but this one is named anywhere', () => {
  const accounts = new Set(JSON.stringify(resourcesOf(stack)).match(/:\d{12}:/g));
  expect([...accounts]).toEqual([`:${ENV.account}:`]);
});

test('failures, refusals, and runs that go no further are told of', () => {
  const alarms = find('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
  const metrics = alarms.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`);
  for (const metric of ['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut'])
    expect(metrics).toContain(`AWS/States ${metric}`);
  expect(metrics.filter((metric) => metric === 'AWS/Lambda Errors')).toHaveLength(4);
  expect(metrics.filter((metric) => metric === 'AWS/Lambda Throttles')).toHaveLength(4);
  expect(metrics).toContain('AWS/SQS ApproximateNumberOfMessagesVisible');
  for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([ARN.alerts]);
});

test('no rule is broken', () => {
  expect(findingsOf(stack)).toEqual([]);
});
