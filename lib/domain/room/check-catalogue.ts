import { nameLeg } from '../agreement/checks/check-legs';
import type { Agreement } from '../agreement/schema/agreement';
import { type DocumentPath, errorAt, type Remark } from '../agreement/yaml/remark';
import { nameColumn, nameTable, ROUND_COLUMN } from './catalogue';
import { purposeValue } from './lake-tags';

/** What the data catalogue of a room cannot hold, though the agreement by itself is right. */
export function checkCatalogue(agreement: Agreement): Remark[] {
  return [
    ...checkNames(agreement),
    ...Object.entries(agreement.datasets).flatMap(([id, { columns }]) =>
      Object.keys(columns).flatMap((name) => checkColumn(['datasets', id, 'columns', name], name)),
    ),
    ...checkParties(agreement),
    ...checkPurposes(agreement),
  ];
}

/** Two datasets, or two legs, that make one table. */
function checkNames({ datasets, legs }: Agreement): Remark[] {
  const sets = Object.keys(datasets).map((id) => ({ id, path: ['datasets', id] as DocumentPath }));
  const gives = legs.map((leg, index) => ({ id: nameLeg(leg), path: ['legs', index] as DocumentPath }));
  return [sets, gives].flatMap((named) => {
    const first = new Map<string, string>();
    return named.flatMap(({ id, path }) => {
      const table = nameTable(id);
      const twin = first.get(table);
      if (twin === undefined) first.set(table, id);
      if (twin === undefined) return [];
      const problem = `SQL would call \`${id}\` and \`${twin}\` both \`${table}\`: it knows no hyphens`;
      return [errorAt(path, problem, 'Rename one of the datasets or parties.')];
    });
  });
}

function checkColumn(path: DocumentPath, name: string): Remark[] {
  if (nameColumn(name) === ROUND_COLUMN) {
    const problem = `a room keeps the round of every row in a column \`${ROUND_COLUMN}\``;
    return [{ ...errorAt(path, problem, 'Rename this one, in the file too, e.g. round_no.'), at: 'key' }];
  }
  const bytes = countBytes(name);
  if (bytes <= MAX_COLUMN_NAME) return [];
  const problem = `the name has ${bytes} bytes in UTF-8, and the data catalogue takes ${MAX_COLUMN_NAME}`;
  return [{ ...errorAt(path, problem, 'Give the column a shorter name, in the file too.'), at: 'key' }];
}

/** Of Glue and Lake Formation, for the name of a column. */
const MAX_COLUMN_NAME = 255;

function countBytes(text: string): number {
  return [...text].reduce((sum, character) => {
    const code = character.codePointAt(0)!;
    return sum + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
  }, 0);
}

function checkParties({ parties }: Agreement): Remark[] {
  const count = Object.keys(parties).length;
  if (count <= MAX_VALUES) return [];
  const problem = `${count} parties, and a room can tell ${MAX_VALUES} of one agreement apart (values of an LF-Tag)`;
  return [errorAt(['parties'], problem, 'Make two agreements of it.')];
}

function checkPurposes({ legs }: Agreement): Remark[] {
  const values = legs.map(({ purposes }) => purposeValue(purposes));
  const long = values.flatMap((value, index) => {
    if (value.length <= MAX_VALUE) return [];
    const problem = `the purposes have ${value.length} characters together, and an LF-Tag takes ${MAX_VALUE}`;
    return [errorAt(['legs', index, 'purposes'], problem, 'Name fewer or broader ones.')];
  });
  const kinds = new Set(values).size;
  if (kinds <= MAX_VALUES) return long;
  const problem = `the legs have ${kinds} different lists of purposes, and an LF-Tag takes ${MAX_VALUES} values`;
  return [...long, errorAt(['legs'], problem, 'Use the same list for more of the legs, or make two agreements.')];
}

/** Of one LF-Tag: how many values at a time, and characters of each (Lake Formation developer guide, "LF-Tag best practices"). */
const MAX_VALUES = 50;
const MAX_VALUE = 256;
