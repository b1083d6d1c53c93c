import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Policy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

interface RoomWorkflowProps {
  readonly comment: string;
  /** What its role does, for people who look at the list of roles. */
  readonly description: string;
  /** In Amazon States Language. */
  readonly definition: object;
  /** All that its steps need. */
  readonly statements: readonly PolicyStatement[];
}

/** A state machine of the room, with a role of its own that can take its steps and no others. */
export class RoomWorkflow extends StateMachine {
  readonly permissions: Policy;

  constructor(scope: Construct, id: string, { comment, description, definition, statements }: RoomWorkflowProps) {
    const stack = Stack.of(scope);
    const role = new Role(scope, `${id}Role`, {
      description,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    super(scope, id, {
      comment,
      definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
      role,
      tracingEnabled: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.permissions = new Policy(scope, `${id}Steps`, { roles: [role], statements: [...statements] });
    this.node.addDependency(this.permissions);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Writing of traces has no resources: it is given for all of them or not at all.',
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SF1',
      reason:
        'A log of its own would need a role that may set up and delete the delivery of every log of the account, those of the API and the SFTP server among them. Its history has every step for 90 days, each function and job writes its own log, and CloudTrail has every start.',
    });
  }
}
