import { type DocumentPath, errorAt, type Remark } from '../yaml/remark';
import { didYouMean } from './suggest-name';

type Section<T> = Readonly<Record<string, T>> | undefined;

/** Names looked through for what was meant: enough for any agreement, and no work for a hostile one. */
const MAX_CANDIDATES = 200;
const MAX_LISTED = 12;

/** An error where a section has nothing called `name`; nothing where the schema has refused either already. */
export function checkName(
  path: DocumentPath,
  what: string,
  name: string | undefined,
  section: Section<unknown>,
): Remark[] {
  if (name === undefined || section === undefined || Object.hasOwn(section, name)) return [];
  const names = firstNames(section, MAX_CANDIDATES);
  const listed = names.length > MAX_LISTED ? `${names.slice(0, MAX_LISTED).join(', ')}, …` : names.join(', ');
  const remedy = names.length === 0 ? `The agreement has no ${what}.` : `There is: ${listed}.`;
  return [errorAt(path, `there is no ${what} \`${name}\``, `${didYouMean(name, names)}${remedy}`)];
}

/** What stands under a name that may not be there. */
export function entryOf<T>(section: Section<T>, name: string | undefined): T | undefined {
  return section !== undefined && name !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
}

function firstNames(section: Readonly<Record<string, unknown>>, count: number): string[] {
  const names: string[] = [];
  for (const name in section) {
    if (names.length === count) break;
    names.push(name);
  }
  return names;
}
