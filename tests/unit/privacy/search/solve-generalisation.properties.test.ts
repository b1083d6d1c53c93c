import fc from 'fast-check';
import type { MetricKind } from '../../../../lib/domain/privacy/search/metric';
import {
  arbitraryCloseness,
  arbitraryFloor,
  arbitraryLinked,
  arbitraryModels,
  arbitraryTable,
  fitPopulation,
} from '../arbitrary-table';
import { expectForced } from '../expect-forced';

describe('finds what looking at every node finds', () => {
  test.each([
    { floors: 'any floor', floor: arbitraryFloor },
    { floors: 't alone, which merging may break', floor: arbitraryCloseness },
  ])('$floors', ({ floor }) => {
    fc.assert(fc.property(arbitraryTable(floor), expectForced), { numRuns: 1000 });
  });
});

describe('every model and every metric, as looking at every node finds it', () => {
  test.each<MetricKind>(['loss', 'entropy', 'discernibility', 'aecs'])('%s', (metric) => {
    const tables = arbitraryTable(arbitraryModels).map((table) => ({ ...fitPopulation(table), metric }));
    fc.assert(fc.property(tables, expectForced), { numRuns: 400 });
  });
});

describe('where subjects can be followed over their rows, as looking at every node finds it', () => {
  test.each<MetricKind>(['loss', 'entropy', 'discernibility', 'aecs'])('%s', (metric) => {
    const floors = fc.oneof(arbitraryModels, arbitraryLinked);
    const tables = arbitraryTable(floors).map((table) => ({ ...fitPopulation(table), metric, isFollowed: true }));
    fc.assert(fc.property(tables, expectForced), { numRuns: 400 });
  });
});
