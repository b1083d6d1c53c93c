import { Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ROOM_ROLES } from '../../domain/room/room-names';

export interface CallAlertProps {
  /** Passes it on to those who are told. */
  readonly teller: IFunction;
  /** What is the matter, as a sentence without its full stop. */
  readonly message: string;
  /** E.g. `cloudtrail`. */
  readonly service: string;
  /** Names of API calls as CloudTrail has them, or `{ prefix }` of names. */
  readonly calls: readonly (string | { readonly prefix: string })[];
  /** What the call's parameters must be; left out: whatever they are. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  /** Whether nothing is told of what the room's own roles do, and CloudFormation, which somebody told to. */
  readonly byOthers?: boolean;
}

/** Tells at once when somebody makes a call, whether it succeeds or not: who, from where, and what came of it. */
export class CallAlert extends Rule {
  constructor(
    scope: Construct,
    id: string,
    { teller, message, service, calls, parameters, byOthers = false }: CallAlertProps,
  ) {
    const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
    const text = `Barter room: ${message}. Call ${field('eventName')} by ${field('userIdentity.arn')} from ${field('sourceIPAddress')} at ${field('eventTime')}, error: "${field('errorCode')}", event ${field('eventID')}.`;
    super(scope, id, {
      description: `Barter room: ${message}`,
      eventPattern: {
        source: [`aws.${service}`],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: [`${service}.amazonaws.com`],
          eventName: calls,
          ...(parameters === undefined ? {} : { requestParameters: parameters }),
          ...(byOthers ? { userIdentity: exceptOurs(Stack.of(scope)) } : {}),
        },
      },
      targets: [new LambdaFunction(teller, { event: RuleTargetInput.fromText(text) })],
    });
  }
}

/** A field that is not there matches no `anything-but`: who has none is told of too. */
function exceptOurs({ partition, account }: Stack): object {
  const prefix = ROOM_ROLES.map((role) => `arn:${partition}:sts::${account}:assumed-role/${role}`);
  return {
    invokedBy: [{ exists: false }, { 'anything-but': ['cloudformation.amazonaws.com'] }],
    arn: [{ exists: false }, { 'anything-but': { prefix } }],
  };
}
