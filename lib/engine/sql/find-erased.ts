import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { valueName } from './dataset-columns';
import { canonicalText, columnOf, equals, named, table } from './rendering/expressions';
import type { SqlExpression } from './rendering/sql-expression';
import type { Join, SqlQuery } from './rendering/sql-query';

/** Positions of the rows of subjects that are to be erased. */
export const ERASED = 'erased';
/** Their digests, as `digest`. */
export const ERASED_SUBJECTS = 'erased_subjects';
export const ERASED_REASON = 'the subject is erased on request';

/**
 * The rows of erased subjects among those of `cleaned` that are not left out, by digests under the key `erasure` of the
 * relation `keys`. They are in no release, and not in the quarantine either.
 */
export function findErased(
  dataset: PlannedDataset,
  {
    keys,
    without = [],
    where,
  }: { readonly keys: string; readonly without?: readonly Join[]; readonly where?: SqlExpression },
): SqlQuery {
  const subject = dataset.columns.findIndex(({ name }) => name === dataset.subject);
  if (subject < 0) throw new Error(`Dataset ${dataset.id} names no subject, so none can be erased from it.`);
  const operand = canonicalText(columnOf('cleaned', valueName(subject)));
  const digested: SqlQuery = {
    columns: [
      named('position', columnOf('cleaned', 'position')),
      named('digest', { kind: 'hmac', operand, keys, key: 'erasure' }),
    ],
    from: table('cleaned'),
    joins: [...without, { kind: 'cross', with: table(keys) }],
    ...(where && { where }),
  };
  return {
    columns: [named('position', columnOf('digested', 'position'))],
    from: { kind: 'query', query: digested, as: 'digested' },
    joins: [
      {
        kind: 'inner',
        with: table(ERASED_SUBJECTS),
        on: equals(columnOf('digested', 'digest'), columnOf(ERASED_SUBJECTS, 'digest')),
      },
    ],
  };
}
