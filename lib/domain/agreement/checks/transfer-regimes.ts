/** A law by which personal data leave its area only to where they are protected as well, or under a safeguard. */
interface TransferRegime {
  readonly law: string;
  /** Countries within which a disclosure is no transfer. */
  readonly area: ReadonlySet<string>;
  /** Countries that are found to protect data as well, whoever gets them there. */
  readonly adequate: ReadonlySet<string>;
  /** The same, for some receivers alone: who that is, by country. The agreement has to say that the receiver is one. */
  readonly partly: Readonly<Record<string, string>>;
  /** What the lists are taken from, and of which day. A country that was added since needs a safeguard here until it is. */
  readonly source: string;
}

const EEA = countries('EU AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK');
const CANADA = 'commercial organisations under PIPEDA';
const JAPAN = 'business operators under the Act on the Protection of Personal Information';

/** Every regime that is known here. Of other jurisdictions nothing is said: see `judgeTransfer`. */
export const TRANSFER_REGIMES: readonly TransferRegime[] = [
  {
    law: 'GDPR, chapter V',
    area: EEA,
    adequate: countries('AD AR CH FO GG IL IM JE KR NZ UK UY'),
    partly: { CA: CANADA, JP: JAPAN, US: 'participants in the EU-US Data Privacy Framework' },
    source: 'European Commission, adequacy decisions under art. 45 GDPR, as of 2025-12-31',
  },
  {
    law: 'UK GDPR, chapter V',
    area: countries('UK'),
    adequate: union(EEA, countries('AD AR CH FO GG GI IL IM JE KR NZ UY')),
    partly: { CA: CANADA, JP: JAPAN, US: 'participants in the UK extension to the EU-US Data Privacy Framework' },
    source: 'Data Protection Act 2018, schedule 21, with SI 2022/1213 (Korea) and SI 2023/1028 (US), as of 2025-12-31',
  },
  {
    law: 'Swiss FADP, art. 16',
    area: countries('CH'),
    adequate: union(EEA, countries('AD AR FO GG GI IL IM JE MC NZ UK UY')),
    partly: { CA: CANADA, US: 'participants in the Swiss-US Data Privacy Framework' },
    source: 'Data Protection Ordinance (SR 235.11), annex 1, as of 2024-09-15',
  },
];

function countries(codes: string): ReadonlySet<string> {
  return new Set(codes.split(' '));
}

function union(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one, ...other]);
}
