import type { Access } from '../../../../lib/domain/audit/access';
import { findLegs } from '../../../../lib/domain/audit/attribution/find-legs';
import { BUCKET, collect, makeDoorUse } from '../scenario';
import { AGREEMENT, PURCHASES, USAGE } from './agreements';

const AT = '2026-03-01T09:05:00Z';

function list(key: string): Access {
  const [listing] = collect(makeDoorUse({ role: AGREEMENT.doors[1]!.role, at: AT, operation: 'ListObjects', key }));
  return { ...listing!, act: 'list', resource: { kind: 'object', bucket: BUCKET, key } };
}

it.each<[string, string, readonly string[], true | undefined]>([
  ['a place itself', 'usage/', [USAGE], undefined],
  ['what lies in it', 'usage/round=2026-03-01/', [USAGE], undefined],
  ['what it begins with', 'usag', [USAGE], true],
  ['the folder above two', 'raw/', [USAGE, PURCHASES], true],
])('a listing of %s', (_, key, legs, isAbove) => {
  const found = findLegs(AGREEMENT, list(key), new Map());
  expect(found?.places.map(({ leg }) => leg)).toEqual(legs);
  expect([found?.join, found?.isAbove]).toEqual(['object', isAbove]);
});
