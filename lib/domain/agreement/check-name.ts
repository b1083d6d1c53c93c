import { type DocumentPath, errorAt, type Remark } from './remark';
import { didYouMean } from './suggest-name';

/** An error where `name` is none of `known`; nothing where the schema has refused either already. */
export function checkName(
  path: DocumentPath,
  what: string,
  name: string | undefined,
  known: readonly string[] | undefined,
): Remark[] {
  if (name === undefined || known === undefined || known.includes(name)) return [];
  const listed = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
  const remedy = known.length === 0 ? `The agreement has no ${what}.` : `There is: ${listed}.`;
  return [errorAt(path, `there is no ${what} \`${name}\``, `${didYouMean(name, known)}${remedy}`)];
}

/** The names of a section, undefined where the schema has refused it. */
export function namesIn(section: Readonly<Record<string, unknown>> | undefined): readonly string[] | undefined {
  return section && Object.keys(section);
}

/** What stands under a name that may not be there. */
export function entryOf<T>(section: Readonly<Record<string, T>> | undefined, name: string | undefined): T | undefined {
  return section !== undefined && name !== undefined && Object.hasOwn(section, name) ? section[name] : undefined;
}
