import type { PlannedDataset } from '../../domain/agreement/plan';
import { releasesTokens } from '../digest-subject';
import { column } from '../sql/expressions';
import { halveTokens } from '../sql/measure-rows';
import type { Relation } from '../sql/sql-query';
import type { OrderedTable } from './job-orders';
import { orderTable } from './short-steps';

/** Whom a receiver has to be asked to erase, by their tokens. `subjects`: each of them once, under that name. */
export function orderTokens(dataset: PlannedDataset, subjects: Relation, name: string): readonly OrderedTable[] {
  return releasesTokens(dataset) ? [orderTable('tokens', halveTokens(subjects, column(name)))] : [];
}
