import type { Trigger } from '../enforcement/measures';
import { formatShare } from '../format';
import type { AgreementText, Dataset } from './agreement';
import { nameLeg } from './check-legs';
import { chooseTreatment, isClassColumn } from './column-rules';
import { CONTROL_IDS, type ControlId } from './control-ids';
import type { Control } from './plan';
import type { TreatmentChoice } from './treatment-schema';

/** What of an agreement its controls carry out. */
export interface ControlledTerms {
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
  'fairness.balance': byRelease('What a party gets is held against what it gives', ({ fairness }) =>
    fairness?.tolerance === undefined
      ? []
      : [`at most ${formatShare(fairness.tolerance)} less, else ${fairness.outside ?? 'warn'}`],
  ),
  'access.signed': byRoom('Nothing is granted before all parties have signed', 'this version, by every party'),
  'access.term': {
    title: 'Nothing is granted outside the term',
    enforcedBy: 'room',
    settings: ({ term: { starts, ends } }) => [`${starts} to ${ends}`],
  },
  'access.purpose': {
    title: 'A request names its purpose, and another than agreed is refused',
    enforcedBy: 'room',
    settings: perLeg(({ purposes }) => purposes.join(' or ')),
  },
  'access.quota': {
    title:
      'Reads beyond the quota are refused where the room hands out links, and a breach where they are fetched by SFTP or queried',
    enforcedBy: 'room',
    settings: perLeg(describeQuota),
  },
  'access.network': {
    title: 'Requests from other networks are refused',
    enforcedBy: 'room',
    settings: ({ parties }) =>
      Object.entries(parties).flatMap(([id, { networks = [], sftp }]) =>
        networks.length + (sftp?.cidrs.length ?? 0) === 0
          ? []
          : [`${id}: ${[...networks, ...(sftp?.cidrs ?? []).map((cidr) => `${cidr} for SFTP`)].join(', ')}`],
      ),
  },
  'access.retention': {
    title: 'A release is withdrawn when it may be kept no longer',
    enforcedBy: 'room',
    settings: perLeg(({ retain }) => `after ${retain}`),
  },
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

function perLeg(say: (leg: AgreementText['legs'][number]) => string | undefined): CatalogueEntry['settings'] {
  return ({ legs }) => legs.flatMap((leg) => listAfter(nameLeg(leg), [say(leg) ?? []].flat()) ?? []);
}

const QUOTA_COUNTED: ReadonlySet<string> = new Set(['api', 'sftp', 'lake-formation', 'query-only']);

/** Nothing for ways of delivery where nobody tells the room what was read as it happens. */
function describeQuota({ quota, every, via }: AgreementText['legs'][number]): string | undefined {
  if (quota === undefined || !QUOTA_COUNTED.has(via.kind)) return undefined;
  const most = [
    ...(quota.requests === undefined ? [] : [`${quota.requests} requests in ${every}`]),
    ...(quota.gigabytes === undefined ? [] : [`${quota.gigabytes} GB in ${every}`]),
  ].join(' and ');
  return most === '' ? undefined : `${most}, ${via.kind === 'api' ? 'then refused' : 'then a breach'}`;
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
