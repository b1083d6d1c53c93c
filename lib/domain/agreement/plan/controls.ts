import { formatShare } from '../../format';
import { nameLeg } from '../checks/check-legs';
import { canIdentify, canNameSubject, chooseTreatment, isClassColumn, isSearched } from '../checks/column-rules';
import type { AgreementText, Column, Dataset } from '../schema/agreement';
import type { TreatmentChoice } from '../schema/treatment-schema';
import { CONTROL_IDS, type ControlId } from './control-ids';
import type { Trigger } from './measures';
import type { Control } from './plan';

/** What of an agreement its controls carry out. */
interface ControlledTerms {
  /** Those that a leg gives. */
  readonly datasets: readonly (readonly [id: string, dataset: Dataset])[];
  readonly legs: AgreementText['legs'];
  readonly fairness?: AgreementText['fairness'];
  readonly parties: AgreementText['parties'];
  readonly remedies: AgreementText['remedies'];
  readonly term: AgreementText['term'];
}

export function controlledTerms({
  datasets,
  legs,
  ...terms
}: Omit<ControlledTerms, 'datasets'> & Pick<AgreementText, 'datasets'>): ControlledTerms {
  const given = Object.entries(datasets).filter(([id]) => legs.some(({ dataset }) => dataset === id));
  const { fairness, parties, remedies, term } = terms;
  return { datasets: given, legs, ...(fairness === undefined ? {} : { fairness }), parties, remedies, term };
}

interface CatalogueEntry extends Omit<Control, 'id' | 'setting'> {
  /** What this agreement sets it to, one text per dataset or just one; none: the agreement does not set it. */
  readonly settings: (terms: ControlledTerms) => readonly string[];
}

const CATALOGUE: Readonly<Record<ControlId, CatalogueEntry>> = {
  'privacy.k': byRelease(
    'Least class size (k-anonymity)',
    floors(({ k }, id) => `${id} ≥ ${k}`),
  ),
  'privacy.l': byRelease(
    'Distinct sensitive values per class (l-diversity)',
    floors(({ l }, id) =>
      listAfter(
        id,
        Object.entries(l).map(
          ([column, { min, kind, c }]) =>
            `${column} ≥ ${min}${kind === 'distinct' ? '' : ` (${kind}${c === undefined ? '' : `, c = ${c}`})`}`,
        ),
      ),
    ),
  ),
  'privacy.t': byRelease(
    'Closeness of each class to the whole (t-closeness)',
    floors(({ t }, id) =>
      listAfter(
        id,
        Object.entries(t).map(([column, { max }]) => `${column} ≤ ${max}`),
      ),
    ),
  ),
  'privacy.k-map': byRelease(
    'Least part of the population behind a class (k-map)',
    floors(({ kMap }, id) => (kMap === undefined ? undefined : `${id} ≥ ${kMap}`)),
  ),
  'privacy.presence': byRelease(
    'Certainty that somebody is in the data (δ-presence)',
    floors(({ presence }, id) =>
      presence === undefined ? undefined : `${id} ${formatShare(presence.min)} to ${formatShare(presence.max)}`,
    ),
  ),
  'privacy.risk': byRelease(
    'Risk of re-identification',
    floors(({ risk }, id) =>
      listAfter(
        id,
        Object.entries(risk ?? {}).flatMap(([of, share]) =>
          share === undefined ? [] : [`${of} ≤ ${formatShare(share)}`],
        ),
      ),
    ),
  ),
  'privacy.suppression': byRelease(
    'Rows left out to reach the floor',
    floors(({ suppressAtMost }, id) => `${id} ≤ ${formatShare(suppressAtMost)}`),
  ),
  'privacy.discovery': byRelease(
    'Every release is searched for identifiers that nobody declared',
    perDataset(({ columns }, id) =>
      listAfter(
        id,
        Object.entries(columns).flatMap(([name, column]) => (isColumnSearched(column) ? [name] : [])),
      ),
    ),
  ),
  'treatment.token': byTreatment('token', 'Identifiers become tokens, keyed per receiver'),
  'treatment.mask': byTreatment('mask', 'Values are masked'),
  'treatment.drop': byTreatment('drop', 'Columns are left out'),
  'treatment.generalise': byTreatment('generalise', 'Quasi-identifiers are made less precise'),
  'treatment.date-shift': byTreatment('date-shift', 'Dates are moved, per subject'),
  'treatment.format-preserving': byTreatment(
    'format-preserving',
    'Identifiers become others of the same form, keyed per receiver',
  ),
  'treatment.top-bottom': byTreatment('top-bottom', 'Extreme values are cut off'),
  'treatment.round': byTreatment('round', 'Numbers are rounded'),
  'treatment.noise': byTreatment('noise', 'Numbers are moved by noise'),
  'treatment.microaggregate': byTreatment('microaggregate', 'Neighbouring values are merged'),
  'treatment.common-text': byTreatment('common-text', 'Texts that few share are withheld'),
  'trace.watermark': byRelease(
    'Each receiver’s releases are marked, so that a leak can be traced',
    perLeg(({ watermark }) => (watermark === undefined ? undefined : `${formatShare(watermark)} left out`)),
  ),
  'cleaning.checks': byRelease(
    'Rows that break a rule are rejected',
    perDataset(({ columns }, id) => {
      const rules = Object.values(columns).flatMap(({ check }) => check ?? []).length;
      return rules === 0 ? undefined : `${id}: ${rules} ${rules === 1 ? 'rule' : 'rules'}`;
    }),
  ),
  'cleaning.dedupe': byRelease(
    'Duplicates are delivered once',
    perDataset(({ clean: { dedupe = [] } }, id) => listAfter(id, dedupe === true ? ['all columns'] : dedupe)),
  ),
  'cleaning.rejection': byRelease(
    'A delivery with too many rejected rows is refused',
    perDataset(({ clean: { rejectAbove } }, id) =>
      rejectAbove < 1 ? `${id} > ${formatShare(rejectAbove)}` : undefined,
    ),
  ),
  'escrow.all-or-none': byRelease('A round is delivered whole or not at all', ({ legs }) => [
    legs.length === 1 ? 'the one leg of a round' : `all ${legs.length} legs of a round`,
  ]),
  'certificate.measured': byRelease('Every release is measured and certified', () => [
    'by queries on the written release',
  ]),
  // To warn stops nothing and tells nobody but who reads the report.
  'fairness.balance': byRelease(
    'A round in which a party gets too much less than it gives is withheld',
    ({ fairness }) =>
      fairness?.tolerance === undefined || fairness.outside !== 'withhold'
        ? []
        : [`at most ${formatShare(fairness.tolerance)} less`],
  ),
  'fairness.expected': byRelease(
    'A release that holds less than its receiver expects is withheld',
    perLeg(describeExpected),
  ),
  'access.signed': byRoom('Nothing is granted before all parties have signed', 'this version, by every party'),
  'access.term': {
    title: 'Nothing is granted outside the term',
    enforcedBy: 'room',
    settings: ({ term: { starts, ends } }) => [`${starts} to ${ends}`],
  },
  'access.purpose': {
    title: 'A request to the API names its purpose, and another than agreed is refused',
    enforcedBy: 'room',
    // No other way of delivery asks for one.
    settings: perLeg(({ purposes, via }) => (via.kind === 'api' ? purposes.join(' or ') : undefined)),
  },
  'access.quota': {
    title:
      'Reads beyond the quota are refused where the room hands out links, and a breach where they are fetched by SFTP or queried',
    enforcedBy: 'room',
    settings: perLeg(describeQuota),
  },
  'access.network': {
    title:
      'From other networks nobody gets in by SFTP or gets links to read by; what is read from there otherwise is a breach, as far as the logs tell the address',
    enforcedBy: 'room',
    settings: ({ parties, legs }) =>
      Object.entries(parties).flatMap(([id, party]) => listAfter(id, describeNetworks(id, party, legs)) ?? []),
  },
  'access.retention': {
    title: 'A release is withdrawn when it may be kept no longer',
    enforcedBy: 'room',
    settings: perLeg(({ retain }) => `after ${retain}`),
  },
  'access.veto': byRoom(
    'A party stops at once what it gives and gets, and every publication to come; others keep what was published to them by others',
    'by its own word, until it takes that back',
  ),
  'audit.logged': byRoom(
    'Every access to the data is logged where nobody can change it',
    "object by object, by the room's trail, locked",
  ),
  'audit.report': byRoom(
    'Every access is explained by a clause or raised, in a signed report',
    'each month, and for each party its own',
  ),
  'erasure.tracked': {
    title: 'A person is left out on request, and every receiver is asked, with a deadline, to erase what it has',
    enforcedBy: 'room',
    settings: perDataset(({ subject, columns }, id) =>
      subject !== undefined && canNameSubject(columns[subject]?.type) ? `${id} by ${subject}` : undefined,
    ),
  },
  'breach.notice': byRoom(
    'A breach is told to whoever it concerns',
    'by letter to the contacts, when it is on record, at each remedy and when it is over',
  ),
  'interlock.delivery': byRemedy('late-delivery', 'Who does not give does not get'),
  'remedy.forbidden-access': byRemedy('forbidden-access', 'What follows an access that is not agreed'),
  'remedy.failed-release': byRemedy('failed-release', 'What follows a release that cannot be certified'),
  'remedy.resharing': byRemedy('resharing', 'What follows when data are passed on'),
  'remedy.overdue-destruction': byRemedy('overdue-destruction', 'What follows when destruction is not attested'),
  'exit.notice': {
    title: 'Who leaves gives notice, and receives nothing after it has run out',
    enforcedBy: 'room',
    settings: ({ term }) => [term.exit.notice],
  },
  'exit.destruction': {
    title: 'Destruction is asked for, and its attestation kept',
    enforcedBy: 'room',
    settings: ({ term }) => [`within ${term.exit.destroyWithin}`],
  },
  'exit.keys-deleted': byRoom(
    "The keys of the legs' tokens are deleted after the end",
    'all of them, thirty days after the agreement has ended',
  ),
  'storage.encrypted': byRoom('Encrypted storage', "every bucket, with the room's own key"),
  'storage.private': byRoom('Private storage', 'every bucket, no public access'),
  'storage.versioned': byRoom('Versioned storage', 'every bucket'),
  'transport.tls': byRoom('Encrypted transport', 'every bucket refuses anything but TLS'),
};

/** The controls that exist under these terms: those that the terms give a setting, in the catalogue's order. */
export function listControls(terms: ControlledTerms): (Control & { readonly id: ControlId })[] {
  return CONTROL_IDS.flatMap((id) => {
    const { settings, ...control } = CATALOGUE[id];
    const said = settings(terms);
    const setting = said.join(said.some((text) => text.includes(',')) ? '; ' : ', ');
    return said.length === 0 ? [] : [{ id, ...control, setting }];
  });
}

function byRelease(title: string, settings: CatalogueEntry['settings']): CatalogueEntry {
  return { title, enforcedBy: 'release', settings };
}

function byRoom(title: string, setting: string): CatalogueEntry {
  return { title, enforcedBy: 'room', settings: () => [setting] };
}

function byRemedy(trigger: Trigger, title: string): CatalogueEntry {
  const settings: CatalogueEntry['settings'] = ({ remedies }) =>
    remedies
      .filter(({ on }) => on === trigger)
      .map(({ after, do: measure }) => (after === undefined ? measure : `${measure} after ${after}`));
  return { title, enforcedBy: 'room', settings };
}

function perLeg(
  say: (leg: AgreementText['legs'][number]) => string | readonly string[] | undefined,
): CatalogueEntry['settings'] {
  return ({ legs }) => legs.flatMap((leg) => listAfter(nameLeg(leg), [say(leg) ?? []].flat()) ?? []);
}

const QUOTA_COUNTED: ReadonlySet<string> = new Set(['api', 'sftp', 'lake-formation', 'query-only', 'snowflake', 'gcs']);
/** A warehouse reads a file in any number of parts: what it reads is counted, and not how often. */
const QUOTA_IN_BYTES: ReadonlySet<string> = new Set(['snowflake', 'gcs']);

/** Nothing for ways of delivery where nobody tells the room what was read as it happens. */
function describeQuota({ quota, every, via }: AgreementText['legs'][number]): string | undefined {
  if (quota === undefined || !QUOTA_COUNTED.has(via.kind)) return undefined;
  const most = [
    ...(quota.requests === undefined || QUOTA_IN_BYTES.has(via.kind) ? [] : [`${quota.requests} requests in ${every}`]),
    ...(quota.gigabytes === undefined ? [] : [`${quota.gigabytes} GB in ${every}`]),
  ].join(' and ');
  return most === '' ? undefined : `${most}, ${via.kind === 'api' ? 'then refused' : 'then a breach'}`;
}

/** At SFTP and where the room hands out links others are refused; elsewhere who reads is known afterwards. */
function describeNetworks(
  party: string,
  { networks = [], sftp }: AgreementText['parties'][string],
  legs: AgreementText['legs'],
): readonly string[] {
  const isRefused = legs.some(({ to, via }) => to === party && via.kind === 'api');
  return [
    ...(networks.length === 0 ? [] : [`${networks.join(', ')}, else ${isRefused ? 'refused' : 'a breach'}`]),
    ...(sftp?.cidrs ?? []).map((cidr) => `${cidr} for SFTP`),
  ];
}

function describeExpected({ expects }: AgreementText['legs'][number]): readonly string[] {
  const { subjects, completeness, lossAtMost } = expects ?? {};
  return [
    ...(subjects === undefined ? [] : [`subjects ≥ ${subjects}`]),
    ...(completeness === undefined ? [] : [`completeness ≥ ${formatShare(completeness)}`]),
    ...(lossAtMost === undefined ? [] : [`loss ≤ ${formatShare(lossAtMost)}`]),
  ];
}

function isColumnSearched(column: Column): boolean {
  const treatment = chooseTreatment(column)?.kind ?? 'drop';
  return canIdentify(column.type) && isSearched(column.role, treatment);
}

function byTreatment(kind: TreatmentChoice['kind'], title: string): CatalogueEntry {
  const settings = perDataset(({ columns }, id) =>
    listAfter(
      id,
      Object.entries(columns).flatMap(([name, column]) => (chooseTreatment(column)?.kind === kind ? [name] : [])),
    ),
  );
  return byRelease(title, settings);
}

/** Only a dataset with classes has a floor to hold. */
function floors(
  say: (floor: NonNullable<Dataset['privacy']>, id: string) => string | undefined,
): CatalogueEntry['settings'] {
  return perDataset(({ columns, privacy }, id) =>
    privacy !== undefined && Object.values(columns).some(isClassColumn) ? say(privacy, id) : undefined,
  );
}

function perDataset(say: (dataset: Dataset, id: string) => string | undefined): CatalogueEntry['settings'] {
  return ({ datasets }) => datasets.flatMap(([id, dataset]) => say(dataset, id) ?? []);
}

function listAfter(id: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${id}: ${names.join(', ')}`;
}
