import { type Cast, showParty } from '../cast';
import { html, type Markup } from '../html';

/** A party by its mark and name; an id that no agreement lists as it is; not attributed where there is none. */
export function showAnyParty(cast: Cast, party: string | undefined): Markup {
  if (party === undefined)
    return html`<span class="party nobody"><span class="badge stranger" aria-hidden="true">?</span> not attributed</span>`;
  const member = cast.get(party);
  return member === undefined ? html`<span class="party"><bdi>${party}</bdi></span>` : showParty(member);
}
