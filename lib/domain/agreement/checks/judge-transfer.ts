import { TRANSFER_REGIMES } from './transfer-regimes';

/** What the law of the giver's place says of a disclosure to the receiver's. */
type TransferJudgement =
  | { readonly kind: 'same-jurisdiction' | 'within-eea' }
  /** Allowed as it is. */
  | { readonly kind: 'adequate'; readonly law: string; readonly source: string }
  /** Allowed under a safeguard; `onlyTo`: or to these receivers there. */
  | { readonly kind: 'restricted'; readonly law: string; readonly source: string; readonly onlyTo?: string }
  /** No regime for the giver's place is known here. */
  | { readonly kind: 'unknown' };

/**
 * Whether a disclosure is a transfer to a third country, and what it needs. A part of a country counts as the country:
 * `DE-BY`. Whether the law applies to what is disclosed, people judge: data that are nobody's are no matter of it.
 */
export function judgeTransfer(from: string, to: string): TransferJudgement {
  if (from === to) return { kind: 'same-jurisdiction' };
  const [origin, destination] = [countryOf(from), countryOf(to)];
  const regime = TRANSFER_REGIMES.find(({ area }) => area.has(origin));
  if (regime === undefined) return { kind: 'unknown' };
  const { area, adequate, partly, law, source } = regime;
  if (area.has(destination)) return { kind: area.size === 1 ? 'same-jurisdiction' : 'within-eea' };
  if (adequate.has(destination)) return { kind: 'adequate', law, source };
  const onlyTo = Object.hasOwn(partly, destination) ? partly[destination] : undefined;
  return { kind: 'restricted', law, source, ...(onlyTo === undefined ? {} : { onlyTo }) };
}

/** Other codes for the same. */
const ALIASES: Readonly<Record<string, string>> = { GB: 'UK', EL: 'GR' };

function countryOf(jurisdiction: string): string {
  const country = jurisdiction.split('-')[0] ?? '';
  return Object.hasOwn(ALIASES, country) ? (ALIASES[country] ?? country) : country;
}
