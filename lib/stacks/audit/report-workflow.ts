import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { RETRY_LAMBDA } from '../shared/retry-faults';
import { REPORT_TIMEOUT, type ReportWriter } from './report-writer';

/**
 * Leads a report through its steps: its logs are read call by call, each as far as it gets in its time, however many there
 * are; then one call writes it.
 */
export class ReportWorkflow extends StateMachine {
  constructor(scope: Construct, id: string, writer: ReportWriter) {
    const stack = Stack.of(scope);
    const role = new Role(scope, `${id}Role`, {
      description: 'Barter room: leads reports through their steps',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    super(scope, id, {
      comment: "Barter room: the auditor's report",
      definitionBody: DefinitionBody.fromString(stack.toJsonString(defineReportWorkflow(writer.functionArn))),
      role,
      tracingEnabled: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const steps = new Policy(scope, `${id}Steps`, {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [writer.functionArn] })],
    });
    this.node.addDependency(steps);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Writing of traces has no resources: it is given for all of them or not at all.',
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SF1',
      reason:
        'A log of its own would need a role that may set up and delete the delivery of every log of the account. Its history has every step for 90 days, its function writes its own log, and CloudTrail has every start.',
    });
  }
}

/** In Amazon States Language. What it is started with says which report is due. @param writer ARN of the function */
export function defineReportWorkflow(writer: string): object {
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
