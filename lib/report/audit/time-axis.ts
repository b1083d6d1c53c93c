import { html, type Markup } from '../html';
import { percent } from '../plot';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface TimeAxis {
  readonly from: number;
  readonly to: number;
  /** Length of a bin in milliseconds: as many as can still be told apart. */
  readonly bin: number;
  readonly bins: number;
}

const BINS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720].map((hours) => hours * HOUR);
const MOST_BINS = 96;

export function layTimeAxis({ from, to }: { readonly from: string; readonly to: string }): TimeAxis {
  const start = Math.floor(Date.parse(from) / HOUR) * HOUR;
  const length = Math.max(HOUR, Date.parse(to) - start);
  const bin = BINS.find((each) => length / each <= MOST_BINS) ?? Math.ceil(length / MOST_BINS / DAY) * DAY;
  const bins = Math.ceil(length / bin);
  return { from: start, to: start + bins * bin, bin, bins };
}

/** 0 to 1; outside for what is outside. */
export function placeTime({ from, to }: TimeAxis, time: string | number): number {
  const at = typeof time === 'number' ? time : Date.parse(time);
  return (at - from) / (to - from);
}

/** `2 hours`, `1 day`. */
export function describeBin({ bin }: TimeAxis): string {
  const [size, unit] = bin < DAY ? [bin / HOUR, 'hour'] : [bin / DAY, 'day'];
  return size === 1 ? unit : `${size} ${unit}s`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** So few that they stay apart on a phone. */
const MOST_TICKS = 5;

/** Days below a plot, with a hairline up to `top`. */
export function drawTimeTicks(axis: TimeAxis, top: number, y: number): Markup {
  return html`${listTicks(axis).map((tick) => {
    const x = placeTime(axis, tick);
    const anchor = x < 0.06 ? 'start' : x > 0.94 ? 'end' : 'middle';
    return html`<line class="axis" x1="${percent(x)}" x2="${percent(x)}" y1="${top}" y2="${y - 12}"/><text class="tick" x="${percent(x)}" y="${y}" text-anchor="${anchor}">${nameTick(axis, tick)}</text>`;
  })}`;
}

function listTicks(axis: TimeAxis): readonly number[] {
  const days = (axis.to - axis.from) / DAY;
  const step = days <= 1 ? 6 * HOUR : Math.ceil(days / MOST_TICKS) * DAY;
  const first = Math.ceil(axis.from / (days <= 1 ? step : DAY)) * (days <= 1 ? step : DAY);
  const count = Math.max(0, Math.ceil((axis.to - first) / step));
  return Array.from({ length: count }, (_, at) => first + at * step);
}

function nameTick({ from, to }: TimeAxis, time: number): string {
  const date = new Date(time);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  if (to - from > DAY) return day;
  return `${String(date.getUTCHours()).padStart(2, '0')}:00`;
}
