import { ROOM_EVENTS } from '../domain/enforcement/room-events';
import { DELIVERY_FAULTS } from '../domain/room/delivery-fault';
import { ESCROW_DAYS } from '../domain/room/escrow-prefix';
import { QUARANTINE_TAG } from '../domain/room/quarantine-tag';
import { RETRY_LAMBDA, retry } from './retry-faults';

export interface WorkflowParts {
  /** E.g. `aws`. */
  readonly partition: string;
  /** ARNs of functions. */
  readonly checkIntake: string;
  readonly solve: string;
  readonly replace: string;
  readonly certify: string;
  /** Names of Glue jobs. */
  readonly cleanJob: string;
  readonly treatJob: string;
  /** Names of buckets. */
  readonly landing: string;
  readonly lake: string;
  /** ARN of the topic of those who are told. */
  readonly alerts: string;
  /** Name of the room's event bus. */
  readonly bus: string;
}

/**
 * A delivery's way from the landing bucket to the escrow, in Amazon States Language. It goes on only from a step that
 * succeeded; whatever else happens puts the delivery into quarantine and ends with a notice, and nothing released. Steps hand on names, hashes and counts:
 * data lies in the buckets.
 */
export function defineWorkflow(parts: WorkflowParts): object {
  return {
    Comment: 'Barter room: from a delivery to a certified release that waits for its round',
    StartAt: 'CheckIntake',
    States: {
      CheckIntake: {
        ...callFunction(parts.checkIntake, 60),
        Parameters: { 'event.$': '$', 'run.$': '$$.Execution.Name' },
        Next: 'IsAccepted',
      },
      IsAccepted: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.kind', StringEquals: 'accepted', Next: 'CleanAndCount' },
          { Variable: '$.kind', StringEquals: 'repeated', Next: 'Repeated' },
        ],
        Default: 'Refuse',
      },
      // Its event came twice: the run of the first has it.
      Repeated: { Type: 'Succeed' },
      Refuse: giveReason(`States.Format('${DELIVERY_FAULTS.refused}{}', $.reason)`),
      CleanAndCount: { ...runJob(parts.cleanJob, parts), Next: 'HasClasses' },
      HasClasses: choose({ Variable: '$.run.hasClasses', BooleanEquals: true, Next: 'Solve' }, 'HasMappings'),
      Solve: {
        ...callFunction(parts.solve, SOLVE_SECONDS),
        InputPath: '$.run',
        ResultPath: '$.solved',
        Next: 'IsSolved',
      },
      IsSolved: choose({ Variable: '$.solved.kind', StringEquals: 'solved', Next: 'HasMappings' }, 'Withhold'),
      Withhold: giveReason(`States.Format('${DELIVERY_FAULTS.atGate}{}', $.solved.gate)`),
      HasMappings: choose({ Variable: '$.run.hasMappings', BooleanEquals: true, Next: 'Replace' }, 'TreatAndMeasure'),
      Replace: {
        ...callFunction(parts.replace, REPLACE_SECONDS),
        InputPath: '$.run',
        ResultPath: null,
        Next: 'TreatAndMeasure',
      },
      TreatAndMeasure: { ...runJob(parts.treatJob, parts), Next: 'Certify' },
      Certify: {
        ...callFunction(parts.certify, CERTIFY_SECONDS),
        InputPath: '$.run',
        ResultPath: null,
        Next: 'AwaitRound',
      },
      AwaitRound: {
        Type: 'Task',
        Resource: callService(parts, 'events:putEvents.waitForTaskToken'),
        Parameters: {
          Entries: [
            {
              Source: ROOM_EVENTS.source,
              DetailType: ROOM_EVENTS.releaseCertified,
              EventBusName: parts.bus,
              Detail: {
                'agreement.$': '$.run.agreement',
                'dataset.$': '$.run.dataset',
                'run.$': '$.run.run',
                'token.$': '$$.Task.Token',
              },
            },
          ],
        },
        TimeoutSeconds: ESCROW_SECONDS,
        Retry: [retry(['States.TaskFailed', 'EventBridge.ServiceException'])],
        // Nothing is wrong with the delivery: its round did not come about.
        Catch: catchInto('TellWhy'),
        ResultPath: null,
        Next: 'Delivered',
      },
      Delivered: { Type: 'Succeed' },
      // Where the intake could not say what was delivered, there is nothing to close.
      FindDelivery: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.run.delivery', IsPresent: true, Next: 'Quarantine' },
          { Variable: '$.delivery', IsPresent: true, Next: 'QuarantineRefused' },
        ],
        Default: 'TellWhy',
      },
      Quarantine: quarantine('$.run.delivery', 'TellGiver', parts),
      QuarantineRefused: quarantine('$.delivery', 'TellRefused', parts),
      TellGiver: tellGiver('$.run.delivery', parts),
      TellRefused: tellGiver('$.delivery', parts),
      TellWhy: {
        Type: 'Task',
        Resource: callService(parts, 'sns:publish'),
        Parameters: {
          TopicArn: parts.alerts,
          Subject: 'Barter room: a delivery goes no further',
          // Not the cause: what Spark says of an error may quote a row.
          'Message.$':
            "States.Format('Execution {}: {}. Nothing of it is released. The log of the step says more; the operator runbook says what to do.', $$.Execution.Name, $.failure.Error)",
        },
        TimeoutSeconds: 60,
        Retry: [retry(['States.TaskFailed', 'States.Timeout'])],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unheard', Next: 'Withheld' }],
        ResultPath: null,
        Next: 'Withheld',
      },
      Withheld: { Type: 'Fail', Error: 'DeliveryWithheld', Cause: 'A step refused, failed or took too long.' },
    },
  };
}

/** A quarter of an hour is the longest that a function can run. */
export const SOLVE_SECONDS = 900;
export const REPLACE_SECONDS = 900;
/** It reads what was counted of classes, and writes one certificate. */
export const CERTIFY_SECONDS = 300;
/** FLEX jobs wait for machines: a day, then somebody is told. */
export const JOB_SECONDS = 86_400;
/** Nothing runs while a release waits for its round. */
const ESCROW_SECONDS = ESCROW_DAYS * 86_400;

/** Every step that does something: refused, failed or timed out, it ends in a notice. */
function catchInto(next: string) {
  return [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }];
}

/** Of a step that works on a delivery, which is then worked on no more. */
const CATCH = catchInto('FindDelivery');

/** Marks a delivered file, so that nobody reads it: the landing bucket sees to that. */
function quarantine(key: string, next: string, parts: WorkflowParts) {
  return {
    Type: 'Task',
    Resource: callService(parts, 'aws-sdk:s3:putObjectTagging'),
    Parameters: {
      Bucket: parts.landing,
      'Key.$': key,
      Tagging: { TagSet: [{ Key: QUARANTINE_TAG.key, Value: QUARANTINE_TAG.value }] },
    },
    TimeoutSeconds: 60,
    Retry: [retry(['States.TaskFailed', 'States.Timeout'])],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unmarked', Next: next }],
    ResultPath: null,
    Next: next,
  };
}

/** Has the room write to whoever gave the delivery; the name of an error, not its cause, which may quote a row. */
function tellGiver(key: string, parts: WorkflowParts) {
  const Detail = { 'delivery.$': key, 'run.$': '$$.Execution.Name', 'error.$': '$.failure.Error' };
  return {
    Type: 'Task',
    Resource: callService(parts, 'events:putEvents'),
    Parameters: {
      Entries: [
        {
          Source: ROOM_EVENTS.source,
          DetailType: ROOM_EVENTS.deliveryWithheld,
          EventBusName: parts.bus,
          Detail,
        },
      ],
    },
    TimeoutSeconds: 60,
    Retry: [retry(['States.TaskFailed', 'States.Timeout'])],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.untold', Next: 'TellWhy' }],
    ResultPath: null,
    Next: 'TellWhy',
  };
}

function callService({ partition }: WorkflowParts, action: string): string {
  return `arn:${partition}:states:::${action}`;
}

function callFunction(arn: string, seconds: number) {
  return {
    Type: 'Task',
    Resource: arn,
    TimeoutSeconds: seconds,
    Retry: RETRY_LAMBDA,
    Catch: CATCH,
  };
}

function runJob(job: string, parts: WorkflowParts) {
  return {
    Type: 'Task',
    Resource: callService(parts, 'glue:startJobRun.sync'),
    Parameters: {
      JobName: job,
      Arguments: {
        '--landing': parts.landing,
        '--lake': parts.lake,
        '--agreement.$': '$.run.agreement',
        '--dataset.$': '$.run.dataset',
        '--run.$': '$.run.run',
        '--delivery.$': '$.run.delivery',
        '--orders-sha256.$': '$.run.orders.sha256',
      },
    },
    TimeoutSeconds: JOB_SECONDS,
    // Not a failed run: the same rows would fail again, and cost as much.
    Retry: [
      retry([
        'Glue.ConcurrentRunsExceededException',
        'Glue.ThrottlingException',
        'Glue.InternalServiceException',
        'Glue.OperationTimeoutException',
      ]),
    ],
    Catch: CATCH,
    ResultPath: null,
  };
}

/** Anything but the one answer that lets it go on goes elsewhere. */
function choose(only: object, otherwise: string) {
  return { Type: 'Choice', Choices: [only], Default: otherwise };
}

function giveReason(format: string) {
  return { Type: 'Pass', Parameters: { 'Error.$': format }, ResultPath: '$.failure', Next: 'FindDelivery' };
}
