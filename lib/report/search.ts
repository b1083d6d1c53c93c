import { formatCount, formatShare } from '../domain/format';
import type { CertifiedSearch, MeasuredPrivacy, ReleaseQuality } from '../domain/privacy/certificate/certificate';
import { formatPlural } from './format';
import { html, type Markup } from './html';

/** How the classes were found, how far from the best there is they may be, and what they are worth by other measures. */
export function renderSearch({ search, quality, loss, classes, kMap, presence }: MeasuredPrivacy): Markup {
  const figures: readonly (readonly [string, string, string])[] = [
    ['Loss', formatShare(loss), 'of the detail, by values shown and rows left out'],
    ...describeQuality(quality),
    ...(kMap === undefined
      ? []
      : [row('k-map', formatCount(kMap), 'subjects of the population behind a class, at least')]),
    ...(presence === undefined
      ? []
      : [
          row(
            'Presence',
            `${formatShare(presence.least)} to ${formatShare(presence.greatest)}`,
            'of the population behind a class are in the release',
          ),
        ]),
  ];
  return html`<p>${
    search.mode === 'multidimensional'
      ? html`<span class="pill warn">Multidimensional: higher risk</span> Classes are regions ${search.endedBy ? 'that keep the floor' : 'as small as the floor lets them be'}, and where they are cut depends on the data.`
      : html`<span class="pill">Full-domain</span> One level per column, the same for all rows.`
  } ${describeGap(search)}</p>
<table class="figures"><caption>What ${formatPlural(classes, 'class')} of released rows are worth</caption>
<thead><tr><th scope="col">Measure</th><th scope="col">Value</th></tr></thead>
<tbody>${figures.map(([name, value, meaning]) => html`<tr><th scope="row">${name}</th><td><strong>${value}</strong> <span class="soft">${meaning}</span></td></tr>`)}</tbody></table>`;
}

/** Certificates of earlier versions of this tool have none. */
function describeQuality(quality: ReleaseQuality | undefined): readonly (readonly [string, string, string])[] {
  if (quality === undefined) return [];
  const { averageClass, discernibility } = quality;
  return [
    row('Average class (AECS)', String(Number(averageClass.toPrecision(4))), 'rows'),
    row('Discernibility', formatShare(discernibility), 'of all accepted rows look like a row, on average'),
  ];
}

function row(name: string, value: string, meaning: string): readonly [string, string, string] {
  return [name, value, meaning];
}

function describeGap({ mode, gap, isFixed, endedBy }: CertifiedSearch): string {
  if (isFixed) return 'The levels are those of the earlier rounds.';
  const why = endedBy === 'clock' ? 'ended by its time limit' : 'ended by its budget';
  if (mode === 'multidimensional') {
    const unproven = 'That nothing better exists is not proven in this mode.';
    return endedBy ? `The search was ${why}: regions may be larger than they need be. ${unproven}` : unproven;
  }
  if (gap === 0) return 'Proven: no other levels lose less.';
  return `The search was ${why}: proven to be within ${formatShare(gap ?? 1)} of the best there is.`;
}
