import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { API_OPERATIONS, type ApiOperation } from '../../domain/enforcement/api/api-operations';
import { raiseAlarm } from '../shared/raise-alarm';
import type { RoomFunction } from '../shared/room-function';

interface RoomApiProps {
  /** Answers every operation but those that `answerWith` gives to another. */
  readonly decide: RoomFunction;
  readonly noticeKey: IKey;
  readonly alerts: ITopic;
}

/**
 * What parties ask the room over HTTPS. IAM lets through only principals of this account that were given an agreement's
 * paths, and `decide` judges each request besides. An HTTP API has no policy of its own: a party comes in by a role of its
 * agreement's stack.
 */
export class RoomApi extends Construct {
  /** Without a slash at its end: paths begin with one. */
  readonly url: string;
  readonly alarm: Alarm;
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, { decide, noticeKey, alerts }: RoomApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Barter room: what parties ask',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const integration = new HttpLambdaIntegration('Decide', decide, { scopePermissionToRoute: false });
    for (const { id: operation, path, method } of API_OPERATIONS)
      if (!ELSEWHERE.includes(operation)) this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    const logGroup = new LogGroup(this, 'Log', {
      encryptionKey: noticeKey,
      retention: RetentionDays.THIRTEEN_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
    this.url = this.api.apiEndpoint;
    const failing = this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' });
    this.alarm = raiseAlarm(this, 'Fails', failing, 'its API fails. Look into the API’s access log.', alerts);
  }

  /** Has an operation answered by a function of a later stack. */
  answerWith(operation: LaterOperation, scope: Construct, fn: RoomFunction): void {
    const { path, method } = API_OPERATIONS.find(({ id }) => id === operation)!;
    new HttpRoute(scope, 'Route', {
      httpApi: this.api,
      routeKey: HttpRouteKey.with(path, HttpMethod[method]),
      integration: new HttpLambdaIntegration('Integration', fn),
    });
  }

  /** What lets a role ask about one agreement; `gives`: and for what only the owner of a dataset may. */
  allowAgreement(agreement: string, { gives }: { readonly gives: boolean }): PolicyStatement {
    const asked = API_OPERATIONS.filter(({ id, method }) => method !== 'GET' && (gives || !OF_GIVERS.includes(id)));
    const under = (path: string) => path.replace('{agreement}', agreement);
    return new PolicyStatement({
      actions: ['execute-api:Invoke'],
      resources: [
        this.api.arnForExecuteApi('GET', `/agreements/${agreement}`, '$default'),
        // The names of things below it.
        this.api.arnForExecuteApi('GET', `/agreements/${agreement}/*`, '$default'),
        ...asked.map(({ method, path }) => this.api.arnForExecuteApi(method, under(path), '$default')),
      ],
    });
  }

  /** What lets a role send a signature of one agreement, and ask for nothing. */
  allowSigning(agreement: string): PolicyStatement {
    const { method, path } = API_OPERATIONS.find(({ id }) => id === 'sign-version')!;
    const resources = [this.api.arnForExecuteApi(method, path.replace('{agreement}', agreement), '$default')];
    return new PolicyStatement({ actions: ['execute-api:Invoke'], resources });
  }
}

/** Answered where the buckets are known that links are signed for, and by who may use the keys of legs. */
type LaterOperation = Extract<ApiOperation, 'request-upload' | 'read-release' | 'request-erasure'>;
const ELSEWHERE: readonly ApiOperation[] = [
  'request-upload',
  'read-release',
  'request-erasure',
] satisfies readonly LaterOperation[];
const OF_GIVERS: readonly ApiOperation[] = ['request-upload', 'request-erasure'];

/**
 * Requests per second of all parties together: what bounds the bill. Far above what one caller is answered (`DOOR_BOUNDS`), so that
 * who asks too often is refused by the function, and the others are heard.
 */
const THROTTLE = { rateLimit: 200, burstLimit: 400 };

/** Who asked what, from where, and what came of it; neither bodies nor signatures. */
const LOGGED = {
  request: '$context.requestId',
  at: '$context.requestTimeEpoch',
  caller: '$context.identity.userArn',
  account: '$context.identity.accountId',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  error: '$context.error.message',
};
