import { gzipSync } from 'node:zlib';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { ACCESS_STATES, stateOf } from './access-state';
import { CONFIDENCE_WORDS, LATE_WORDS, LEG_JOIN_WORDS, PARTY_JOIN_WORDS, REASON_WORDS } from './audit-words';

/**
 * Accesses as the page holds them. What its script searches is in pieces: columns, each a list of texts that occur in the
 * piece and a number into it per row. Gzip and base64, since a page is text.
 */
export interface PageRows {
  /** The first, as they are: shown without script. */
  readonly first: readonly ReportedAccess[];
  readonly pieces: readonly string[];
  /** In the pieces. */
  readonly rows: number;
  /** Left out of them. */
  readonly beyond: number;
}

/** Takes the accesses of a report in order of time, and keeps as many as the page can hold; the room's own are none of them. */
interface PageRowCollector {
  readonly add: (access: ReportedAccess) => void;
  readonly finish: () => PageRows;
}

export interface PageLimits {
  readonly rows: number;
  /** Bytes of text of all pieces together. */
  readonly text: number;
  /** Rows of a piece: so many are held at a time. */
  readonly piece: number;
}

/** So that the whole page stays below 2 MB. */
const LIMITS: PageLimits = { rows: 100_000, text: 1_500_000, piece: 8192 };
const FIRST_ROWS = 25;

/** Columns of texts, in the order in which the script names them. */
const TEXTS: readonly ((access: ReportedAccess) => string)[] = [
  ({ explained }) => (explained.kind === 'attributed' || explained.kind === 'own-door' ? explained.party : ''),
  ({ explained }) => readDataset(explained),
  ({ explained }) =>
    explained.kind === 'attributed'
      ? `${explained.agreement.id} v${explained.agreement.version}, ${explained.leg}`
      : '',
  ({ explained }) => (explained.kind === 'attributed' ? (explained.decision?.clause ?? '') : ''),
  ({ explained }) => (explained.kind === 'attributed' ? (explained.decision?.id ?? '') : ''),
  ({ service, operation }) => `${service} ${operation}`,
  ({ resource }) => resource.name,
  ({ actor }) => actor.name || actor.kind,
  ({ actor }) => actor.account ?? '',
  ({ client }) => client?.ip ?? '',
  ({ client }) => client?.agent ?? '',
  ({ error, outcome }) => (outcome === 'allowed' ? '' : (error ?? outcome)),
  describeFound,
  ({ evidence }) => evidence[0]?.file ?? '',
];

/** Columns of numbers. */
const NUMBERS: readonly ((access: ReportedAccess) => number)[] = [
  (access) => ACCESS_STATES.indexOf(stateOf(access)),
  // As precise as it is shown.
  ({ bytes }) => Number(((bytes?.out ?? 0) + (bytes?.in ?? 0)).toPrecision(3)),
  ({ evidence }) => evidence[0]?.record ?? 0,
];

export function openPageRows(limits: Partial<PageLimits> = {}): PageRowCollector {
  const { rows: most, text: budget, piece: size } = { ...LIMITS, ...limits };
  const first: ReportedAccess[] = [];
  const pieces: string[] = [];
  let piece = openPiece();
  let [rows, beyond, used, isFull] = [0, 0, 0, false];
  const flush = () => {
    const packed = piece.pack(budget - used);
    piece = openPiece();
    rows += packed.rows;
    beyond += packed.left;
    used += packed.text.length;
    isFull ||= packed.left > 0;
    if (packed.rows > 0) pieces.push(packed.text);
  };
  return {
    add: (access) => {
      if (access.explained.kind === 'internal') return;
      if (first.length < FIRST_ROWS) first.push(access);
      if (isFull || rows + piece.count() >= most) {
        beyond += 1;
        return;
      }
      piece.add(access);
      if (piece.count() >= size) flush();
    },
    finish: () => {
      if (piece.count() > 0) flush();
      return { first, pieces, rows, beyond };
    },
  };
}

/** Rows of which only what the page shows of them is held. */
function openPiece() {
  const times: number[] = [];
  const texts = TEXTS.map((read) => ({ read, places: new Map<string, number>(), at: [] as number[] }));
  const numbers = NUMBERS.map((read) => ({ read, values: [] as number[] }));
  const format = (count: number): string => {
    const packed = {
      times: times.slice(0, count).map((time, at) => time - (times[at - 1] ?? 0)),
      texts: texts.map(({ places, at }) => {
        const used = at.slice(0, count);
        const last = used.reduce((most, place) => Math.max(most, place), -1);
        return { of: [...places.keys()].slice(0, last + 1), at: used };
      }),
      numbers: numbers.map(({ values }) => values.slice(0, count)),
    };
    return gzipSync(JSON.stringify(packed)).toString('base64');
  };
  return {
    count: () => times.length,
    add: (access: ReportedAccess) => {
      times.push(Math.floor(Date.parse(access.at) / 1000));
      for (const { read, places, at } of texts) {
        const text = read(access);
        const place = places.get(text) ?? places.size;
        if (place === places.size) places.set(text, place);
        at.push(place);
      }
      for (const { read, values } of numbers) values.push(read(access));
    },
    /** As many rows as fit, the first ones. */
    pack: (budget: number) => {
      let count = times.length;
      for (;;) {
        const text = count === 0 ? '' : format(count);
        if (text.length <= budget) return { text, rows: count, left: times.length - count };
        count = Math.floor(count * Math.min(0.95, Math.max(0, budget / text.length) * 0.97));
      }
    },
  };
}

function readDataset(explained: ReportedAccess['explained']): string {
  if (explained.kind === 'attributed') return explained.dataset;
  return explained.kind === 'unattributed' ? (explained.reached?.dataset ?? '') : '';
}

/** How party and leg were found, or why they were not, and whether it came late. */
export function describeFound({ explained, late }: ReportedAccess): string {
  const found = explainFound(explained);
  return late === undefined ? found : `${found}; ${LATE_WORDS[late]}`;
}

function explainFound(explained: ReportedAccess['explained']): string {
  switch (explained.kind) {
    case 'attributed': {
      const { joins, confidence } = explained;
      return `${CONFIDENCE_WORDS[confidence]}: by ${PARTY_JOIN_WORDS[joins.party]} and ${LEG_JOIN_WORDS[joins.leg]}`;
    }
    case 'own-door':
      return `came in by its own role, under ${explained.agreement.id} v${explained.agreement.version}`;
    case 'ambiguous':
      return `fits ${explained.candidates.map(({ party, leg }) => `${party} on ${leg}`).join(' or ')}`;
    case 'unattributed':
      return `${REASON_WORDS[explained.reason]}${explained.reached === undefined ? '' : `; it was at the data of ${explained.reached.leg}`}`;
    case 'internal':
      return 'the room itself';
  }
}
