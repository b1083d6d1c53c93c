import { gzipSync } from 'node:zlib';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';
import { ACCESS_STATES, stateOf } from './access-state';
import { CONFIDENCE_WORDS, LEG_JOIN_WORDS, PARTY_JOIN_WORDS, REASON_WORDS } from './audit-words';

/**
 * Rows as the page's script reads them: columns, each a list of texts that occur and a number into it per row. Gzip and
 * base64, since a page is text.
 */
export interface PackedRows {
  readonly text: string;
  readonly rows: number;
}

/** Columns of texts, in the order in which the script names them. */
const TEXTS: readonly ((access: ReportedAccess) => string)[] = [
  ({ explained }) => (explained.kind === 'attributed' || explained.kind === 'own-door' ? explained.party : ''),
  ({ explained }) => (explained.kind === 'attributed' ? explained.dataset : ''),
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

/** Packs as many rows as fit; the first that are given are kept. @param budget bytes of text */
export function packRows(rows: readonly ReportedAccess[], budget: number): PackedRows {
  let count = rows.length;
  for (;;) {
    const text = pack(rows.slice(0, count));
    if (text.length <= budget || count === 0) return { text, rows: count };
    count = Math.floor(count * Math.min(0.95, (budget / text.length) * 0.97));
  }
}

function pack(rows: readonly ReportedAccess[]): string {
  const times = rows.map(({ at }) => Math.floor(Date.parse(at) / 1000));
  const packed = {
    times: times.map((time, at) => time - (times[at - 1] ?? 0)),
    texts: TEXTS.map((read) => packTexts(rows.map(read))),
    numbers: NUMBERS.map((read) => rows.map(read)),
  };
  return gzipSync(JSON.stringify(packed)).toString('base64');
}

function packTexts(values: readonly string[]): { readonly of: readonly string[]; readonly at: readonly number[] } {
  const places = new Map<string, number>();
  const at = values.map((value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  });
  return { of: [...places.keys()], at };
}

/** How party and leg were found, or why they were not. */
export function describeFound({ explained }: ReportedAccess): string {
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
      return REASON_WORDS[explained.reason];
    case 'internal':
      return 'the room itself';
  }
}
