import * as fc from 'fast-check';
import type { Resource } from '../../../../lib/domain/audit/access';
import { nameResource, readResource } from '../../../../lib/domain/audit/report/name-resource';

const id = fc.string({ minLength: 1 }).map((text) => text.replaceAll('/', '-'));
const text = fc.string();
const path = text.map((rest) => `/${rest}`);

const resource: fc.Arbitrary<Resource> = fc.oneof(
  id.map((bucket): Resource => ({ kind: 'object', bucket })),
  fc.record({ kind: fc.constant('object' as const), bucket: id, key: text }),
  text.map((arn): Resource => ({ kind: 'table', arn })),
  text.map((arn): Resource => ({ kind: 'key', arn })),
  id.map((each): Resource => ({ kind: 'data-set', id: each })),
  fc.record({ kind: fc.constant('data-set' as const), id, revision: text }),
  id.map((server): Resource => ({ kind: 'sftp', server })),
  fc.record({ kind: fc.constant('sftp' as const), server: id, path }),
  text.map((each): Resource => ({ kind: 'other', id: each })),
  fc.constant<Resource>({ kind: 'none' }),
);

test('what a row names is read again as what it was', () => {
  fc.assert(
    fc.property(resource, (each) => {
      expect(readResource({ kind: each.kind, name: nameResource(each) })).toEqual(each);
    }),
  );
});
