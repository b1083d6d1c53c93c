import { matchesPattern } from './matches-pattern';
import type { Json, JsonMap } from './room-templates';
import type { LocalFunction } from './run-function';
import { type LocalRoom, REGION } from './start-local-room';

/*
 * Who answers the API and the SFTP server, read off the templates: a route's target and its integration, the server's identity
 * provider, the subscription to its log; and only where the function lets that service call it.
 */

type Room = Pick<LocalRoom, 'templates' | 'account' | 'functionByArn'>;

/** As routes are written in templates: `POST /agreements/{agreement}/uploads`. */
export function listRouteKeys({ templates }: Room): readonly string[] {
  return templates.listResources('AWS::ApiGatewayV2::Route').map(({ properties }) => String(properties.RouteKey));
}

/** @throws where the templates have no such route, or several, or one that is open to whoever has not signed */
export function findAnswering(local: Room, routeKey: string): LocalFunction {
  const { templates, account } = local;
  const routes = templates
    .listResources('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties.RouteKey === routeKey);
  const [route] = routes;
  if (route === undefined || routes.length > 1) throw new Error(`${routes.length} routes of the room are ${routeKey}.`);
  const { Target, ApiId, AuthorizationType } = templates.resolve(route.stack, route.properties) as JsonMap;
  if (AuthorizationType !== 'AWS_IAM') throw new Error(`${routeKey} asks for no signature.`);
  const integration = templates
    .listResources('AWS::ApiGatewayV2::Integration')
    .find(({ stack, id }) => stack === route.stack && `integrations/${templates.nameOf(stack, id)}` === Target);
  if (integration === undefined) throw new Error(`${routeKey} leads nowhere: ${String(Target)}.`);
  const called = templates.resolve(integration.stack, integration.properties) as JsonMap;
  if (called.ApiId !== ApiId || called.IntegrationType !== 'AWS_PROXY' || called.PayloadFormatVersion !== '2.0')
    throw new Error(`${routeKey} is brought to no function as the tests bring it.`);
  const [method = '', path = ''] = routeKey.split(' ');
  const source = `arn:aws:execute-api:${REGION}:${account}:${String(ApiId)}/$default/${method}${path}`;
  return findCallable(local, called.IntegrationUri, 'apigateway.amazonaws.com', source);
}

export interface SftpTriggers {
  /** Says who may sign in. */
  readonly authorize: LocalFunction;
  /** Is brought what the server logs. */
  readonly hearLog: LocalFunction;
}

/** @throws where the room has no SFTP server, or several, or one that lets in by anything but keys that a function names */
export function findSftpTriggers(local: Room): SftpTriggers {
  const { templates } = local;
  const servers = templates.listResources('AWS::Transfer::Server');
  const [server] = servers;
  if (server === undefined || servers.length > 1) throw new Error(`The room has ${servers.length} SFTP servers.`);
  const { stack, id, properties } = server;
  const { IdentityProviderType, IdentityProviderDetails, StructuredLogDestinations } = templates.resolve(stack, {
    IdentityProviderType: properties.IdentityProviderType ?? null,
    IdentityProviderDetails: properties.IdentityProviderDetails ?? {},
    StructuredLogDestinations: properties.StructuredLogDestinations ?? [],
  }) as JsonMap;
  const { Function: provider, SftpAuthenticationMethods } = IdentityProviderDetails as JsonMap;
  if (IdentityProviderType !== 'AWS_LAMBDA' || SftpAuthenticationMethods !== 'PUBLIC_KEY')
    throw new Error('The SFTP server lets in otherwise than by keys that a function names.');
  const arn = String(templates.resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] }));
  const [log] = StructuredLogDestinations as readonly Json[];
  const subscription = templates.listResources('AWS::Logs::SubscriptionFilter').find((each) => {
    const group = templates.resolve(each.stack, each.properties.LogGroupName!);
    return String(log).endsWith(`:log-group:${String(group)}:*`);
  });
  if (subscription === undefined) throw new Error('Nobody hears what the SFTP server logs.');
  const hears = templates.resolve(subscription.stack, subscription.properties.DestinationArn!);
  return {
    authorize: findCallable(local, provider, 'transfer.amazonaws.com', arn),
    hearLog: findCallable(local, hears, 'logs.amazonaws.com', String(log)),
  };
}

/** The function of an ARN, if it lets a service call it on behalf of this resource. */
function findCallable(
  { templates, functionByArn }: Room,
  arn: Json | undefined,
  service: string,
  source: string,
): LocalFunction {
  const isLet = templates.listResources('AWS::Lambda::Permission').some(({ stack, properties }) => {
    const { FunctionName, Principal, SourceArn } = templates.resolve(stack, properties) as JsonMap;
    return FunctionName === arn && Principal === service && matchesPattern(String(SourceArn), source);
  });
  if (!isLet) throw new Error(`${String(arn)} does not let ${service} call it for ${source}.`);
  return functionByArn(String(arn));
}
