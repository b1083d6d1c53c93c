import type { ColumnType } from '../../../lib/domain/agreement/plan/plan';
import type { ColumnProfile } from '../../../lib/domain/discovery/column-profile';
import { findDataNames } from '../../../lib/domain/discovery/find-data-names';
import { recogniseColumn } from '../../../lib/domain/discovery/recognise-column';

const FIRST = ['Anna', 'Peter', 'Maria', 'Josef', 'Karin', 'Sabine', 'Thomas', 'Julia', 'Markus', 'Paul'];

function makeProfile([name, type, values]: readonly [string, ColumnType['kind'], readonly string[]]): ColumnProfile {
  return {
    name,
    type: type === 'decimal' ? { kind: type, precision: 9, scale: 2 } : { kind: type },
    rows: values.length,
    missing: 0,
    distinct: values.length,
    once: values.length,
    entropy: 1,
    longest: 9,
    shape: { form: '9', share: 1 },
    recognised: recogniseColumn({ name, values }),
  };
}

test.each<[string, readonly (readonly [string, ColumnType['kind'], readonly string[]])[], readonly number[]]>([
  [
    'an address',
    [
      ['jo@x.example', 'string', []],
      ['plan', 'string', []],
    ],
    [0],
  ],
  [
    'an account',
    [
      ['plan', 'string', []],
      ['DE89370400440532013000', 'string', []],
    ],
    [1],
  ],
  ['a telephone number', [['+4917112345678', 'string', []]], [0]],
  ['a name among names', [['Ulrich', 'string', FIRST]], [0]],
  [
    'a day and an amount',
    [
      ['2026-01-31', 'date', []],
      ['12,50', 'decimal', []],
      ['7', 'integer', []],
    ],
    [0, 1],
  ],
  [
    'a customer',
    [
      ['10023', 'integer', []],
      ['basic', 'string', []],
    ],
    [0],
  ],
])('a first line is a row: %s', (_, columns, expected) => {
  expect(findDataNames(columns.map(makeProfile))).toEqual(expected);
});

test.each<[string, readonly (readonly [string, ColumnType['kind'], readonly string[]])[]]>([
  [
    'usual ones',
    [
      ['e-mail', 'string', ['jo@x.example', 'al@y.example']],
      ['amount', 'decimal', []],
    ],
  ],
  [
    'of names',
    [
      ['Name', 'string', FIRST],
      ['born', 'date', []],
    ],
  ],
  [
    'years',
    [
      ['country', 'string', []],
      ['2019', 'integer', []],
      ['2020', 'decimal', []],
    ],
  ],
  [
    'numbers of columns',
    [
      ['0', 'integer', []],
      ['1', 'string', []],
      ['2', 'date', []],
    ],
  ],
  [
    'days over counts',
    [
      ['town', 'string', []],
      ['2026-01-01', 'integer', []],
      ['2026-01-02', 'integer', []],
    ],
  ],
  [
    'days over counts, beside a word over counts',
    [
      ['2026-01-01', 'integer', []],
      ['total', 'integer', []],
    ],
  ],
  [
    'a given name, over something else',
    [
      ['Rose', 'decimal', []],
      ['Mark', 'boolean', []],
    ],
  ],
  ['an address of an interface', [['ip', 'string', ['10.0.0.1', '10.0.0.2']]]],
])('a first line is names: %s', (_, columns) => {
  expect(findDataNames(columns.map(makeProfile))).toEqual([]);
});
