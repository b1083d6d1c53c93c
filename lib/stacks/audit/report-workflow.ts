import type { Construct } from 'constructs';
import { allow } from '../shared/allow';
import { RETRY_LAMBDA } from '../shared/retry-faults';
import { RoomWorkflow } from '../shared/room-workflow';
import { REPORT_TIMEOUT, type ReportWriter } from './report-writer';

/**
 * Leads a report through its steps: its logs are read call by call, each as far as it gets in its time, however many there
 * are; then one call writes it.
 */
export class ReportWorkflow extends RoomWorkflow {
  constructor(scope: Construct, id: string, writer: ReportWriter) {
    super(scope, id, {
      comment: "Barter room: the auditor's report",
      description: 'Barter room: leads reports through their steps',
      definition: defineReportWorkflow(writer.functionArn),
      statements: [allow(['lambda:InvokeFunction'], writer.functionArn)],
    });
  }
}

/** In Amazon States Language. What it is started with says which report is due. @param writer ARN of the function */
function defineReportWorkflow(writer: string): object {
  const call = (step: 'read' | 'write') => ({
    Type: 'Task',
    Resource: writer,
    Parameters: { step, 'report.$': '$' },
    ResultPath: '$.answer',
    TimeoutSeconds: REPORT_TIMEOUT.toSeconds(),
    Retry: RETRY_LAMBDA,
  });
  return {
    Comment: "Barter room: the auditor's report; a step that was taken already does nothing",
    StartAt: 'ReadLogs',
    States: {
      ReadLogs: { ...call('read'), Next: 'AreRead' },
      AreRead: {
        Type: 'Choice',
        Choices: [{ Variable: '$.answer.kind', StringEquals: 'done', Next: 'WriteReport' }],
        Default: 'ReadLogs',
      },
      WriteReport: { ...call('write'), End: true },
    },
  };
}
