import { html, type Markup } from './html';

/** How one party appears on the page: always the same colour and mark. */
export interface CastMember {
  readonly id: string;
  readonly name: string;
  /** One to three characters. */
  readonly mark: string;
  /** Class of the colour. */
  readonly hue: string;
  /** Position among the parties, from 0. */
  readonly at: number;
}

export type Cast = ReadonlyMap<string, CastMember>;

/** Colours in the style sheet. */
const HUES = 10;

export function castParties(parties: readonly { readonly id: string; readonly name: string }[]): Cast {
  const marks = parties.map(({ name }) => initialsOf(name));
  return new Map(
    parties.map(({ id, name }, at) => {
      const initials = marks[at] ?? '';
      const unique = initials !== '' && marks.filter((mark) => mark === initials).length === 1;
      return [id, { id, name, mark: unique ? initials : String(at + 1), hue: `hue-${at % HUES}`, at }];
    }),
  );
}

function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const initials = words.slice(0, 2).map((word) => [...word][0]?.toUpperCase() ?? '');
  return initials.join('');
}

/** @throws Error when the report names a party that it does not list. */
export function findMember(cast: Cast, id: string): CastMember {
  const member = cast.get(id);
  if (member === undefined) throw new Error(`The report names party "${id}" but does not list it.`);
  return member;
}

/** The mark is for the eye; the name beside it says the same. */
export function showBadge({ hue, mark }: CastMember): Markup {
  return html`<span class="badge ${hue}" aria-hidden="true">${mark}</span>`;
}

export function showParty(member: CastMember): Markup {
  return html`<span class="party">${showBadge(member)} <bdi>${member.name}</bdi></span>`;
}
