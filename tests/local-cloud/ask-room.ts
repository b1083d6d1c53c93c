import { API_OPERATIONS, type ApiOperation } from '../../lib/domain/enforcement/api/api-operations';
import { type LocalRoom, ROOM_ACCOUNT } from './start-local-room';

/** What somebody asks a room's API. */
export interface RoomQuestion {
  readonly operation: ApiOperation;
  /** The folder under `lambda/` of the function that answers. */
  readonly handler: string;
  readonly agreement: string;
  /** 12 digits: of whoever asks. */
  readonly account: string;
  /** Of the request. */
  readonly id: string;
  readonly body?: unknown;
  readonly now: string;
}

export interface ApiAnswer {
  readonly status: number;
  // What it is, contracts say.
  readonly body: Readonly<Record<string, unknown>>;
}

/** As API Gateway brings it. */
export async function askRoom(
  local: LocalRoom,
  { operation, handler, agreement, account, id, body, now }: RoomQuestion,
): Promise<ApiAnswer> {
  const { method, path } = API_OPERATIONS.find((each) => each.id === operation)!;
  const event = {
    routeKey: `${method} ${path}`,
    pathParameters: { agreement },
    requestContext: {
      accountId: ROOM_ACCOUNT,
      requestId: id,
      http: { sourceIp: '198.51.100.7' },
      authorizer: { iam: { accountId: account } },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  const answer = (await local.functionOf(handler).invoke(event, now)) as { statusCode: number; body: string };
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}
