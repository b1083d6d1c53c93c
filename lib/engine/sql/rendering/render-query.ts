import type { SqlExpression } from './sql-expression';
import type { Join, NamedExpression, Relation, SortKey, SqlQuery } from './sql-query';

/** What dialects write differently in a query. */
interface QueryParts {
  readonly quoteIdentifier: (name: string) => string;
  readonly renderExpression: (expression: SqlExpression) => string;
  /** `ANTI JOIN` is written in more than one way. */
  readonly antiJoin: string;
  /** The condition of a `hashed` join; absent where a look-up by several values is as good. */
  readonly renderHashed?: (on: SqlExpression) => string;
}

/** The clauses of a query: all dialects write them alike. */
export function createQueryRenderer({ quoteIdentifier, renderExpression, antiJoin, renderHashed }: QueryParts) {
  const renderAll = (expressions: readonly SqlExpression[]) => expressions.map(renderExpression).join(', ');
  const renderColumn = ({ name, expression }: NamedExpression) =>
    `${renderExpression(expression)} AS ${quoteIdentifier(name)}`;
  const renderSource = (relation: Relation) => {
    switch (relation.kind) {
      case 'table':
        return quoteIdentifier(relation.name);
      case 'query':
        return `(${renderQuery(relation.query)})`;
      case 'union':
        return `(${relation.queries.map(renderQuery).join('\nUNION ALL\n')})`;
    }
  };
  const renderRelation = (relation: Relation) => `${renderSource(relation)} AS ${quoteIdentifier(relation.as)}`;
  const renderJoin = (join: Join) => {
    const kind = join.kind === 'anti' ? antiJoin : join.kind.toUpperCase();
    if (join.kind === 'cross') return `${kind} JOIN ${renderRelation(join.with)}`;
    const condition = join.hashed && renderHashed ? renderHashed(join.on) : renderExpression(join.on);
    return `${kind} JOIN ${renderRelation(join.with)} ON ${condition}`;
  };
  const renderSortKey = ({ by, descending = false }: SortKey) =>
    `${renderExpression(by)}${descending ? ' DESC' : ''} NULLS LAST`;
  const renderQuery = (query: SqlQuery): string => {
    const { columns, from, joins = [], where, groupBy = [], orderBy = [], distinct = false, limit } = query;
    return [
      `SELECT ${distinct ? 'DISTINCT ' : ''}${columns.map(renderColumn).join(', ')}`,
      `FROM ${renderRelation(from)}`,
      ...joins.map(renderJoin),
      ...(where ? [`WHERE ${renderExpression(where)}`] : []),
      ...(groupBy.length > 0 ? [`GROUP BY ${renderAll(groupBy)}`] : []),
      ...(orderBy.length > 0 ? [`ORDER BY ${orderBy.map(renderSortKey).join(', ')}`] : []),
      ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
    ].join('\n');
  };
  return { renderQuery, renderSortKey };
}
