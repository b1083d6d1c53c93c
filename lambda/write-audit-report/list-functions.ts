import type { AuditedFunction } from '../../lib/domain/audit/report/audit-header';
import { isRoomFunction, isRoomRoleArn } from '../../lib/domain/room/room-names';
import { fieldsOf } from '../shared/fields-of';

/** The functions of the room's region that are named as the room's, or run in a role that is, by name. */
export async function listFunctions(
  askPage: (marker: string | undefined) => Promise<unknown>,
): Promise<readonly AuditedFunction[]> {
  const functions: AuditedFunction[] = [];
  let marker: string | undefined;
  do {
    const { Functions, NextMarker } = fieldsOf(await askPage(marker));
    if (!Array.isArray(Functions)) throw new Error('Lambda answered without a list of functions.');
    functions.push(...Functions.flatMap(readFunction));
    marker = typeof NextMarker === 'string' && NextMarker !== '' ? NextMarker : undefined;
  } while (marker !== undefined);
  return functions.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function readFunction(told: unknown): readonly AuditedFunction[] {
  const { FunctionName: name, Role: role, CodeSha256: code, LastModified: changed } = fieldsOf(told);
  if (typeof name !== 'string' || typeof code !== 'string' || typeof changed !== 'string')
    throw new Error('Lambda lists a function without its name, the hash of its code or its last change.');
  if (!isRoomFunction(name) && !(typeof role === 'string' && isRoomRoleArn(role))) return [];
  return [{ name, code, changed: new Date(changed).toISOString() }];
}
