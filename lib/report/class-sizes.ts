import { formatCount } from '../domain/format';
import type { ClassSizeBin, MeasuredPrivacy } from '../domain/privacy/certificate/certificate';
import { formatCompact, formatPlural } from './format';
import { html, type Markup } from './html';
import { drawPlot, percent } from './plot';

/** More bars than this cannot carry their figures on a phone. */
const MOST_BARS = 10;
const BASE = 150;
const TALLEST = 108;

interface Slot {
  readonly from: number;
  readonly classes: number;
  readonly kind: 'forbidden' | 'unused' | 'size' | 'below';
  /** Left edge and width, 0 to 1. */
  readonly x: number;
  readonly width: number;
}

/** How many classes hold how many subjects, from size 1: what lies left of the floor must be empty. */
export function drawClassSizes(id: string, privacy: MeasuredPrivacy, floor: number): Markup {
  const bins = mergeBins(trimFirst(privacy));
  const last = bins.at(-1);
  if (last === undefined) return html`<p class="soft">The release has no class.</p>`;
  const slots = placeSlots(bins, floor);
  const most = Math.max(...slots.map(({ classes }) => classes));
  const edge = slots.find(({ from }) => from >= floor)?.x ?? 1;
  const below = slots.filter(({ kind }) => kind === 'below').reduce((sum, { classes }) => sum + classes, 0);
  const unit = privacy.countedOn;
  const text = `${formatPlural(privacy.classes, 'class')}; the smallest holds ${privacy.k} ${unit}, the floor is ${floor}. ${
    below === 0 ? `No class is smaller than ${floor}.` : `${formatCount(below)} are smaller.`
  }`;
  return html`<figure>${drawPlot(
    { id: `${id}-sizes`, title: 'Classes by size', text },
    BASE + 22,
    html`<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6"/></pattern></defs>
${slots.map((slot) => drawSlot(slot, most, id))}
<line class="axis" x1="0" x2="100%" y1="${BASE}" y2="${BASE}"/>
<line class="floor" x1="${percent(edge)}" x2="${percent(edge)}" y1="4" y2="${BASE + 4}"/>
<text class="floor-label" x="${percent(edge)}" dx="${edge > 0.6 ? -6 : 6}" y="14" text-anchor="${edge > 0.6 ? 'end' : 'start'}">floor k = ${formatCount(floor)}</text>`,
  )}<figcaption>Number of classes by size. Below each bar stands its smallest size, in ${unit}; no class is larger than ${formatCount(last.to)}. Left of the dashed line a class would be too small.</figcaption></figure>
<details><summary>Class sizes in figures</summary><table class="figures"><caption>Classes by number of ${unit}</caption>
<thead><tr><th scope="col">${unit === 'rows' ? 'Rows' : 'Subjects'} in a class</th><th scope="col" class="n">Classes</th><th scope="col" class="n">Rows</th></tr></thead>
<tbody>${privacy.classSizes.map(
    ({ from, to, classes, rows }) =>
      html`<tr><th scope="row">${from === to ? formatCount(from) : `${formatCount(from)}–${formatCount(to)}`}</th><td class="n">${formatCount(classes)}</td><td class="n">${formatCount(rows)}</td></tr>`,
  )}</tbody></table></details>`;
}

/** No class is smaller than the measured k, so the first bin can begin there. */
function trimFirst({ classSizes, k }: MeasuredPrivacy): ClassSizeBin[] {
  return classSizes.map((bin, at) => (at === 0 ? { ...bin, from: Math.max(bin.from, Math.min(k, bin.to)) } : bin));
}

function mergeBins(bins: readonly ClassSizeBin[]): readonly ClassSizeBin[] {
  const together = Math.ceil(bins.length / MOST_BARS);
  return bins.flatMap((bin, at) => {
    if (at % together !== 0) return [];
    const merged = bins.slice(at, at + together);
    return {
      from: bin.from,
      to: merged.at(-1)?.to ?? bin.to,
      classes: merged.reduce((sum, { classes }) => sum + classes, 0),
      rows: merged.reduce((sum, { rows }) => sum + rows, 0),
    };
  });
}

function placeSlots(bins: readonly ClassSizeBin[], floor: number): readonly Slot[] {
  const first = bins[0]?.from ?? floor;
  const parts = [
    ...(first >= floor && floor > 1 ? [{ from: 1, classes: 0, kind: 'forbidden' as const, parts: 2 }] : []),
    ...(first > floor ? [{ from: floor, classes: 0, kind: 'unused' as const, parts: 1 }] : []),
    ...bins.map(({ from, classes }) => ({
      from,
      classes,
      kind: from < floor ? ('below' as const) : ('size' as const),
      parts: 1,
    })),
  ];
  const unit = 1 / parts.reduce((sum, slot) => sum + slot.parts, 0);
  return parts.map(({ parts: width, ...slot }, at) => ({
    ...slot,
    x: unit * parts.slice(0, at).reduce((sum, before) => sum + before.parts, 0),
    width: unit * width,
  }));
}

function drawSlot({ from, classes, kind, x, width }: Slot, most: number, id: string): Markup {
  const tick = html`<text class="tick" x="${percent(x)}" y="${BASE + 16}" text-anchor="${x === 0 ? 'start' : 'middle'}">${formatCompact(from)}</text>`;
  if (kind === 'forbidden') {
    return html`<rect class="forbidden" x="0" width="${percent(width)}" y="24" height="${BASE - 24}" fill="url(#${id}-hatch)"/>${tick}
<text class="none" x="${percent(width / 2)}" y="${BASE - 10}" text-anchor="middle">none</text>`;
  }
  const height = most === 0 ? 0 : (classes / most) * TALLEST;
  const tall = classes === 0 ? 0 : Math.max(2, height);
  return html`<rect class="bar ${kind}" x="${percent(x + width * 0.08)}" width="${percent(width * 0.84)}" y="${(BASE - tall).toFixed(1)}" height="${tall.toFixed(1)}" rx="2"/>
<text class="bar-label" x="${percent(x + width / 2)}" y="${(BASE - tall - 5).toFixed(1)}" text-anchor="middle">${classes === 0 ? '' : formatCompact(classes)}</text>${tick}`;
}
