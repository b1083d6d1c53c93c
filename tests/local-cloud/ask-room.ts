import { API_OPERATIONS, type ApiOperation } from '../../lib/domain/enforcement/api/api-operations';
import { findAnswering } from './find-triggers';
import { type LocalRoom, ROOM_ACCOUNT } from './start-local-room';

/** Who asks a room's API, and with what. */
interface Asked {
  /** 12 digits: of whoever asks. */
  readonly account: string;
  /** The role that asks, where it is one of the room's own account. */
  readonly userArn?: string;
  /** Of the request. */
  readonly id: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly now: string;
}

export interface RoomQuestion extends Asked {
  readonly operation: ApiOperation;
  readonly agreement: string;
  /** Where the operation is of one. */
  readonly release?: string;
}

export interface RouteQuestion extends Asked {
  /** As the template has it. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  // What it is, contracts say.
  readonly body: Readonly<Record<string, unknown>>;
}

export function askRoom(
  local: LocalRoom,
  { operation, agreement, release, ...asked }: RoomQuestion,
): Promise<ApiAnswer> {
  const { method, path } = API_OPERATIONS.find((each) => each.id === operation)!;
  const pathParameters = { agreement, ...(path.includes('{release}') && release !== undefined && { release }) };
  return askRoute(local, { ...asked, routeKey: `${method} ${path}`, pathParameters });
}

/** As API Gateway brings it, to the function that the template has answer the route. */
export async function askRoute(
  local: LocalRoom,
  { routeKey, pathParameters, query, account, userArn, id, body, now }: RouteQuestion,
): Promise<ApiAnswer> {
  const event = {
    routeKey,
    pathParameters,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: ROOM_ACCOUNT,
      requestId: id,
      http: { sourceIp: '198.51.100.7' },
      authorizer: { iam: { accountId: account, ...(userArn === undefined ? {} : { userArn }) } },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const answer = (await findAnswering(local, routeKey).invoke(event, now)) as { statusCode: number; body: string };
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}
