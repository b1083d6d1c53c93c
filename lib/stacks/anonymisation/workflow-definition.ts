import { ROOM_EVENTS } from '../../domain/enforcement/room-events';
import { DELIVERY_FAULTS } from '../../domain/room/delivery-fault';
import { ESCROW_ENDS } from '../../domain/room/escrow-ends';
import { ESCROW_DAYS } from '../../domain/room/escrow-prefix';
import { retry } from '../shared/retry-faults';
import {
  callFunction,
  callService,
  catchInto,
  choose,
  giveReason,
  quarantine,
  runJob,
  tellGiver,
  type WorkflowNames,
} from './workflow-states';

interface WorkflowParts extends WorkflowNames {
  /** ARNs of functions. */
  readonly checkIntake: string;
  readonly solve: string;
  readonly replace: string;
  readonly certify: string;
  /** Names of Glue jobs. */
  readonly cleanJob: string;
  readonly treatJob: string;
  /** ARN of the topic of those who are told. */
  readonly alerts: string;
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
      ...checkIntake(parts),
      ...anonymise(parts),
      ...awaitRound(parts),
      ...quarantineDelivery(parts),
      ...tellWhy(parts),
    },
  };
}

function checkIntake({ checkIntake: checker }: WorkflowParts): object {
  return {
    CheckIntake: {
      ...callFunction(checker, 60),
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
  };
}

/** Cleaned, counted, its classes solved, its values replaced, treated and certified. */
function anonymise(parts: WorkflowParts): object {
  return {
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
  };
}

/** In the escrow, until its round or the end of its days there. */
function awaitRound(parts: WorkflowParts): object {
  return {
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
      // What it waited for is told once: asking again would get the same answer.
      Retry: [
        { ErrorEquals: Object.values(ESCROW_ENDS), MaxAttempts: 0 },
        retry(['States.TaskFailed', 'EventBridge.ServiceException']),
      ],
      // Nothing is wrong with the delivery: its round did not come about.
      Catch: [
        { ErrorEquals: [ESCROW_ENDS.outdated], ResultPath: '$.failure', Next: 'Outdated' },
        ...catchInto('TellWhy'),
      ],
      ResultPath: null,
      Next: 'Delivered',
    },
    Delivered: { Type: 'Succeed' },
    // Nobody has to look into it: its giver is asked for the data again, or has given newer. Its output says why.
    Outdated: { Type: 'Succeed' },
  };
}

/** What failed is kept apart, and its giver is told what can be told. */
function quarantineDelivery(parts: WorkflowParts): object {
  return {
    // Where the intake could not say what was delivered, there is nothing to close.
    FindDelivery: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.run.delivery', IsPresent: true, Next: 'Quarantine' },
        { Variable: '$.delivery', IsPresent: true, Next: 'QuarantineRefused' },
      ],
      Default: 'TellWhy',
    },
    Quarantine: quarantine('$.run.delivery', 'IsWithheldExplained', parts),
    QuarantineRefused: quarantine('$.delivery', 'IsRefusedExplained', parts),
    IsWithheldExplained: choose({ Variable: '$.solved.problems', IsPresent: true, Next: 'TellGiverWhat' }, 'TellGiver'),
    IsRefusedExplained: choose({ Variable: '$.problems', IsPresent: true, Next: 'TellRefusedWhat' }, 'TellRefused'),
    TellGiverWhat: tellGiver('$.run.delivery', parts, '$.solved.problems'),
    TellRefusedWhat: tellGiver('$.delivery', parts, '$.problems'),
    TellGiver: tellGiver('$.run.delivery', parts),
    TellRefused: tellGiver('$.delivery', parts),
  };
}

/** Tells those who run the room, and ends. */
function tellWhy(parts: WorkflowParts): object {
  return {
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
  };
}

/** A quarter of an hour is the longest that a function can run. */
export const SOLVE_SECONDS = 900;
export const REPLACE_SECONDS = 900;
/** It reads what was counted of classes, and writes one certificate. */
export const CERTIFY_SECONDS = 300;
/** Nothing runs while a release waits for its round. */
const ESCROW_SECONDS = ESCROW_DAYS * 86_400;
