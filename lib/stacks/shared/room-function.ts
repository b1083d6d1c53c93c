import { Duration, RemovalPolicy, type Size, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EnvironmentName } from '../../domain/room/environment';
import { allowEncrypting } from './allow-encrypting';
import { bundleHandler, handlerSource } from './bundle-handlers';

export interface RoomFunctionProps {
  /** The folder under `lambda/` that has its `handler.ts`. */
  readonly handler: string;
  /** What it does, for people who look at the list of functions. */
  readonly description: string;
  /** Encrypts its log and its dead letters: the room's notice key. Neither holds values of rows. */
  readonly noticeKey: IKey;
  readonly environment?: Readonly<Partial<Record<EnvironmentName, string>>>;
  /** All that it may do beside writing its own log and trace. */
  readonly statements?: readonly PolicyStatement[];
  /**
   * Whether nobody waits for its answer (a rule, a schedule, a notification calls it): what it fails on three times is
   * then kept as a dead letter.
   */
  readonly isAsync: boolean;
  /** Default: 30 seconds. */
  readonly timeout?: Duration;
  /** In MiB. Default: 256. */
  readonly memory?: number;
  /** Of its own disk. Default: 512 MiB. */
  readonly storage?: Size;
  /** Executions at once. Give it only with a reason: it is taken from what the account has for all. */
  readonly atOnce?: number;
}

/** A Lambda function of the room, with a role, a log and (where nobody waits for it) a dead-letter queue of its own. */
export class RoomFunction extends LambdaFunction {
  /** Letters in it are work that was not done: to be alarmed on. */
  readonly deadLetters: Queue | undefined;
  /** The folder under `lambda/` that it is made of. */
  readonly source: string;
  /** Whether there is only ever one execution of it. */
  readonly runsAlone: boolean;
  private readonly given: Policy | undefined;

  constructor(scope: Construct, id: string, props: RoomFunctionProps) {
    const { handler, description, noticeKey, environment = {}, statements = [], isAsync, atOnce } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      encryptionKey: noticeKey,
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const deadLetters = isAsync
      ? new Queue(scope, `${id}DeadLetters`, {
          encryption: QueueEncryption.KMS,
          encryptionMasterKey: noticeKey,
          enforceSSL: true,
          retentionPeriod: Duration.days(14),
          removalPolicy: RemovalPolicy.RETAIN,
        })
      : undefined;
    const role = new Role(scope, `${id}Role`, {
      description: `Barter room: ${description}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    if (deadLetters !== undefined) role.addToPolicy(allowEncrypting(noticeKey));
    super(scope, id, {
      description: `Barter room: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(Stack.of(scope).bundlingRequired ? bundleHandler(handler) : handlerSource(handler)),
      role,
      logGroup,
      environment: { ...environment },
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memory ?? 256,
      tracing: Tracing.ACTIVE,
      ...(props.storage === undefined ? {} : { ephemeralStorageSize: props.storage }),
      ...(atOnce === undefined ? {} : { reservedConcurrentExecutions: atOnce }),
      ...(deadLetters === undefined ? {} : { deadLetterQueue: deadLetters }),
    });
    this.source = handler;
    this.runsAlone = atOnce === 1;
    this.deadLetters = deadLetters;
    // Apart from what every function has, so that the acknowledgement below does not cover it.
    this.given =
      statements.length === 0
        ? undefined
        : new Policy(scope, `${id}Permissions`, { statements: [...statements], roles: [role] });
    if (this.given !== undefined) this.node.addDependency(this.given);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: permission to write a trace is given for all of them or not at all.',
    });
    if (deadLetters !== undefined)
      Validations.of(deadLetters).acknowledge({
        id: 'AwsSolutions-SQS3',
        reason: 'This queue is itself the end: it takes the letters that could not be delivered.',
      });
  }

  /** What it was given by `statements`. */
  get permissions(): Policy {
    if (this.given === undefined) throw new Error(`${this.node.path} was given no statements.`);
    return this.given;
  }
}

/** Long enough to look back over a year of rounds; the evidence is the trail, not these logs. */
const LOG_RETENTION = RetentionDays.THIRTEEN_MONTHS;
