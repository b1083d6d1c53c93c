import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { releasesTokens } from '../digest-subject';
import { halveTokens } from '../sql/measure-rows';
import { column } from '../sql/rendering/expressions';
import type { Relation } from '../sql/rendering/sql-query';
import type { OrderedTable } from './job-orders';
import { orderTable } from './short-steps';

/** Whom a receiver has to be asked to erase, by their tokens. `subjects`: each of them once, under that name. */
export function orderTokens(dataset: PlannedDataset, subjects: Relation, name: string): readonly OrderedTable[] {
  return releasesTokens(dataset) ? [orderTable('tokens', halveTokens(subjects, column(name)))] : [];
}
