/**
 * Whether data in a jurisdiction stay within the European Economic Area, inside which a disclosure is no transfer to a third
 * country (GDPR, chapter V). A part of a country counts as the country: `DE-BY`.
 * Source: Agreement on the EEA, as of 2020-02-01: the EU's members, Iceland, Liechtenstein and Norway.
 */
export function isInEea(jurisdiction: string): boolean {
  return EEA.has(jurisdiction.toUpperCase().split('-')[0] ?? '');
}

const EEA: ReadonlySet<string> = new Set(
  'EU EEA AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);
