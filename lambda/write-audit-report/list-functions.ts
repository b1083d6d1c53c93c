import { type FunctionConfiguration, type LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { AuditedFunction } from '../../lib/domain/audit/report/audit-report';
import { isRoomFunction, isRoomRoleArn } from '../../lib/domain/room/room-names';

/** The functions of the room's region that are named as the room's, or run in a role that is, by name. */
export async function listFunctions(client: LambdaClient): Promise<readonly AuditedFunction[]> {
  const functions: FunctionConfiguration[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(new ListFunctionsCommand(next === undefined ? {} : { Marker: next }));
    functions.push(...(page.Functions ?? []));
    next = page.NextMarker;
  } while (next !== undefined);
  return functions
    .flatMap(({ FunctionName: name = '', Role = '', CodeSha256: code, LastModified: changed }) =>
      code !== undefined && changed !== undefined && (isRoomFunction(name) || isRoomRoleArn(Role))
        ? [{ name, code, changed: new Date(changed).toISOString() }]
        : [],
    )
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
