import { parse } from 'yaml';
import type { AmendmentChange, Effect } from '../../../../lib/domain/agreement/amendment/amendment-change';
import { diffAgreements } from '../../../../lib/domain/agreement/amendment/diff-agreements';
import { parseAgreement } from '../../../../lib/domain/agreement/parse-agreement';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../../../lib/domain/agreement/plan/plan-agreement';
import { buildAgreementJsonSchema } from '../../../../lib/domain/agreement/schema/agreement-json-schema';
import { sha256 } from '../../audit/sha256';
import { readCase } from '../agreement-cases';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** What is written at a place of the file; undefined: nothing. Places are lists of keys and positions. */
type Edits = Readonly<Record<string, Json | undefined>>;

interface Amended {
  /** To the agreement of `every-treatment.yaml` in both versions. */
  readonly both?: Edits;
  readonly before?: Edits;
  readonly after: Edits;
  readonly files?: readonly [before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>];
  readonly place: string;
  readonly effect: Effect;
  /** Of the amendment that undoes it. */
  readonly back: Effect;
}

const ROOM = { topology: 'hosted', account: '999900001111', region: 'eu-central-1', operator: 'Neutral Ltd' };
const FILES = {
  'population.csv': readCase('valid', 'population.csv'),
  'yes-no.csv': readCase('valid', 'yes-no.csv'),
};
const OTHER_KEY = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuA=';
const SSH = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAWDoyQfM0G80mYBB9VWvrfQeUP0DoLBWpf2X06BJQS7';
const CLUB = {
  name: 'Club',
  account: '777788889999',
  jurisdiction: 'UK',
  contacts: { exchange: 'a@club.example', privacy: 'b@club.example' },
};
const LEG = { every: 'P7D', via: 'api', retain: 'P90D', purposes: ['Marketing'] };
const PEOPLE_TO_CLUB = { ...LEG, from: 'shop', to: 'club', dataset: 'people' };
const SCORES_TO_SHOP = { ...LEG, from: 'club', to: 'shop', dataset: 'scores' };
const SCORES = { owner: 'club', columns: { day: { type: 'date', role: 'plain' } } };
const CLAUSE = { id: '2', text: 'No group smaller than five.', control: 'privacy.k' };
const SWAPPED: Edits = {
  'datasets/people/owner': 'bank',
  'datasets/sums/owner': 'shop',
  'legs/0/from': 'bank',
  'legs/0/to': 'shop',
  'legs/1/from': 'shop',
  'legs/1/to': 'bank',
};
const SNOWFLAKE = { storageAwsIamUserArn: 'arn:aws:iam::111122223333:user/a', externalId: 'outside' };
const GCS = { bucket: 'some-bucket', serviceAccountSubjectId: '1234567890' };
const COLUMNS = 'datasets/people/columns';
const PRIVACY = 'datasets/people/privacy';

const OF_KNOWN_SIZE: Edits = {
  [`${PRIVACY}/population`]: { size: 5_000_000 },
  [`${PRIVACY}/presence`]: undefined,
  'clauses/0/control': 'privacy.k',
};

/** A row for each key of the agreement language: an amendment by it that loosens, where one can. */
const ROWS: Readonly<Record<string, Amended>> = {
  agreement: turns('agreement', 'other-name', 'agreement.id', 'loosens', 'loosens'),
  title: turns('title', 'Other', 'agreement.title', 'changes', 'changes'),
  'room.topology': turnsRoom('topology', 'peer', { topology: 'hosted' }),
  'room.account': turnsRoom('account', '999900002222'),
  'room.region': turnsRoom('region', 'eu-west-1'),
  'room.operator': turnsRoom('operator', 'Elsewhere Ltd'),
  'parties.*.name': turns('parties/shop/name', 'Other', 'parties.shop.name', 'changes', 'changes'),
  'parties.*.account': turns('parties/shop/account', '123123123123', 'parties.shop.account', 'loosens', 'loosens'),
  'parties.*.jurisdiction': turns('parties/shop/jurisdiction', 'DE', 'parties.shop.jurisdiction', 'loosens', 'loosens'),
  'parties.*.contacts.exchange': contact('exchange'),
  'parties.*.contacts.privacy': contact('privacy'),
  'parties.*.contacts.security': contact('security'),
  'parties.*.sftp.publicKeys': {
    both: { 'parties/shop/sftp': { publicKeys: [`${SSH} a`], cidrs: ['203.0.113.0/24'] } },
    after: { 'parties/shop/sftp/publicKeys': [`${SSH} a`, `${SSH} b`] },
    ...at('parties.shop.sftp.publicKeys', 'loosens', 'tightens'),
  },
  'parties.*.sftp.cidrs': {
    both: { 'parties/shop/sftp': { publicKeys: [`${SSH} a`], cidrs: ['203.0.113.0/24'] } },
    after: { 'parties/shop/sftp/cidrs': ['203.0.0.0/16'] },
    ...at('parties.shop.sftp.cidrs', 'loosens', 'tightens'),
  },
  'parties.*.signingKey': turns('parties/shop/signingKey', OTHER_KEY, 'parties.shop.signingKey', 'loosens', 'loosens'),
  'parties.*.networks': turns('parties/shop/networks', ['203.0.0.0/16'], 'parties.shop.networks'),
  'parties.*.givesNothing': {
    both: { 'parties/club': CLUB, 'legs/2': PEOPLE_TO_CLUB },
    before: { 'datasets/scores': SCORES, 'legs/3': SCORES_TO_SHOP },
    after: { 'parties/club/givesNothing': '1' },
    ...at('parties.club.givesNothing', 'loosens', 'tightens'),
  },
  'parties.*.getsNothing': {
    both: { 'parties/club': CLUB, 'datasets/scores': SCORES, 'legs/2': SCORES_TO_SHOP },
    before: { 'legs/3': PEOPLE_TO_CLUB },
    after: { 'parties/club/getsNothing': '1' },
    ...at('parties.club.getsNothing', 'loosens', 'tightens'),
  },
  'term.starts': turns('term/starts', '2025-12-01', 'term.starts'),
  'term.ends': turns('term/ends', '2027-01-31', 'term.ends'),
  'term.exit.notice': turns('term/exit/notice', 'P10D', 'term.exit.notice', 'loosens', 'loosens'),
  'term.exit.destroyWithin': turns('term/exit/destroyWithin', 'P1M', 'term.exit.destroyWithin', 'loosens', 'loosens'),
  'datasets.*.owner': { after: SWAPPED, ...at('datasets.people.owner', 'loosens', 'loosens') },
  'datasets.*.title': turns('datasets/people/title', 'Other', 'datasets.people.title', 'changes', 'changes'),
  'datasets.*.version': turns('datasets/people/version', 4, 'datasets.people.version', 'loosens', 'loosens'),
  'datasets.*.persons': {
    before: { 'datasets/people/persons': 'customers' },
    after: { 'datasets/people/persons': undefined },
    ...at('datasets.people.persons', 'loosens', 'tightens'),
  },
  'datasets.*.basis': {
    before: { 'datasets/people/basis': '1' },
    after: {},
    ...at('datasets.people.basis', 'loosens', 'tightens'),
  },
  'datasets.*.subject': {
    both: {
      'datasets/sums/columns/who': { type: 'string', role: 'identifier', treatment: 'token', missing: 'reject' },
    },
    before: { 'datasets/sums/subject': 'who' },
    after: {},
    ...at('datasets.sums.subject', 'loosens', 'tightens'),
  },
  'datasets.*.columns.*.type': turnsColumn('debt', 'type', 'decimal(20,4)', 'type'),
  'datasets.*.columns.*.role': {
    both: column('points', 'role', 'sensitive'),
    ...turnsColumn('points', 'role', 'plain', 'role'),
  },
  'datasets.*.columns.*.treatment': turnsColumn('name', 'treatment', 'mask'),
  'datasets.*.columns.*.treatment.mask.keepFirst': turnsColumn('phone', 'treatment/mask/keepFirst', 4),
  'datasets.*.columns.*.treatment.mask.keepLast': turnsColumn('phone', 'treatment/mask/keepLast', 3),
  'datasets.*.columns.*.treatment.dateShift.days': turnsColumn('since', 'treatment/dateShift/days', 2),
  'datasets.*.columns.*.treatment.formatPreserving.alphabet': {
    ...turnsColumn('contract', 'treatment/formatPreserving/alphabet', 'hex', 'treatment', 'loosens'),
  },
  'datasets.*.columns.*.treatment.formatPreserving.length': {
    ...turnsColumn('contract', 'treatment/formatPreserving/length', 7, 'treatment', 'loosens'),
  },
  'datasets.*.columns.*.treatment.topBottom.bottom': turnsColumn('rent', 'treatment/topBottom/bottom', -10),
  'datasets.*.columns.*.treatment.topBottom.top': turnsColumn('moved', 'treatment/topBottom/top', '2021-01-31'),
  'datasets.*.columns.*.treatment.round.to': turnsColumn('savings', 'treatment/round/to', 100),
  'datasets.*.columns.*.treatment.noise.epsilon': turnsColumn('minutes', 'treatment/noise/epsilon', 2),
  'datasets.*.columns.*.treatment.noise.bottom': turnsColumn(
    'minutes',
    'treatment/noise/bottom',
    -10,
    'treatment',
    'loosens',
  ),
  'datasets.*.columns.*.treatment.noise.top': turnsColumn(
    'minutes',
    'treatment/noise/top',
    400,
    'treatment',
    'loosens',
  ),
  'datasets.*.columns.*.treatment.noise.step': turnsColumn('bill', 'treatment/noise/step', 0.05),
  'datasets.*.columns.*.treatment.microaggregate.k': turnsColumn('points', 'treatment/microaggregate/k', 4),
  'datasets.*.columns.*.treatment.microaggregate.show': {
    ...turnsColumn('points', 'treatment/microaggregate/show', 'median', 'treatment', 'loosens'),
  },
  'datasets.*.columns.*.treatment.commonText.k': turnsColumn('reason', 'treatment/commonText/k', 2),
  'datasets.*.columns.*.generalise.widths': turnsColumn('age', 'generalise/widths', [1, 5, 10, 20, 40]),
  'datasets.*.columns.*.generalise.prefixes': turnsColumn('zip', 'generalise/prefixes', [4, 3, 2, 1]),
  'datasets.*.columns.*.generalise.dates': turnsColumn(
    'seen',
    'generalise/dates',
    ['day', 'month', 'year'],
    'treatment',
    'loosens',
  ),
  'datasets.*.columns.*.generalise.hierarchy': {
    after: {},
    files: [{}, { 'yes-no.csv': 'false,*\ntrue,*\n' }],
    ...at('datasets.people.columns.2024.treatment', 'loosens', 'loosens'),
  },
  'datasets.*.columns.*.check': {
    both: column('note', 'check', ['length(note) <= 140', 'length(note) >= 2']),
    ...turnsColumn('note', 'check', 'length(note) <= 140', 'check'),
  },
  'datasets.*.columns.*.missing': turnsColumn('age', 'missing', 'keep', 'missing'),
  'datasets.*.columns.*.missing.fill': turnsColumn('health', 'missing/fill', 'other', 'missing', 'loosens'),
  'datasets.*.columns.*.exempt': {
    after: { ...column('zip', 'exempt', '1'), ...column('zip', 'generalise', undefined) },
    ...at('datasets.people.columns.zip.exempt', 'loosens', 'tightens'),
  },
  'datasets.*.columns.*.written': turnsColumn('age', 'written', '1.234,56', 'written', 'changes', 'changes'),
  'datasets.*.columns.*.mayIdentify': turnsColumn('note', 'mayIdentify', '1', 'mayIdentify'),
  'datasets.*.columns.*.weight': turnsColumn('age', 'weight', 0.7, 'weight', 'changes', 'changes'),
  'datasets.*.columns.*.title': turnsColumn('name', 'title', 'Other', 'title', 'changes', 'changes'),
  'datasets.*.clean.dedupe': turns(
    'datasets/people/clean/dedupe',
    ['id', 'since'],
    'datasets.people.clean.dedupe',
    'tightens',
    'loosens',
  ),
  'datasets.*.clean.rejectAbove': turns('datasets/people/clean/rejectAbove', 0.5, 'datasets.people.clean.rejectAbove'),
  'datasets.*.clean.missingTexts': turns(
    'datasets/people/clean/missingTexts',
    [''],
    'datasets.people.clean.missingTexts',
  ),
  'datasets.*.privacy.k': turnsFloor('k', 4),
  'datasets.*.privacy.l.*': turnsFloor('l/vote', 2),
  'datasets.*.privacy.l.*.min': {
    both: { [`${PRIVACY}/l/vote`]: { min: 3, kind: 'entropy' } },
    ...turnsFloor('l/vote/min', 2, 'l.vote'),
  },
  'datasets.*.privacy.l.*.kind': {
    both: { [`${PRIVACY}/l/vote`]: { min: 3, kind: 'entropy' } },
    ...turnsFloor('l/vote/kind', 'distinct', 'l.vote'),
  },
  'datasets.*.privacy.l.*.c': {
    both: { [`${PRIVACY}/l/vote`]: { min: 3, kind: 'recursive', c: 2 } },
    ...turnsFloor('l/vote/c', 4, 'l.vote'),
  },
  'datasets.*.privacy.t.*': turnsFloor('t/debt', 0.5),
  'datasets.*.privacy.t.*.max': { both: { [`${PRIVACY}/t/vote/max`]: 0.5 }, ...turnsFloor('t/vote/max', 1, 't.vote') },
  'datasets.*.privacy.t.*.distance': {
    both: { [`${PRIVACY}/t/debt`]: { max: 0.25, distance: 'equal' } },
    ...turnsFloor('t/debt/distance', 'ordered', 't.debt'),
  },
  'datasets.*.privacy.t.*.hierarchy': {
    both: { [`${PRIVACY}/t/health`]: { max: 0.5, distance: 'hierarchical', hierarchy: 'health.csv' } },
    after: {},
    files: [{ 'health.csv': 'none,well,*\nflu,ill,*\n' }, { 'health.csv': 'none,ill,*\nflu,well,*\n' }],
    ...at('datasets.people.privacy.t.health', 'loosens', 'loosens'),
  },
  'datasets.*.privacy.kMap': turnsFloor('kMap', 10),
  'datasets.*.privacy.presence.min': turnsFloor('presence/min', 0),
  'datasets.*.privacy.presence.max': turnsFloor('presence/max', 0.6),
  'datasets.*.privacy.population.size': {
    both: OF_KNOWN_SIZE,
    ...turnsFloor('population/size', 6_000_000, 'population', 'loosens'),
  },
  'datasets.*.privacy.population.counts': {
    after: {},
    files: [{}, { 'population.csv': FILES['population.csv'].replace(/\d+\s*$/, '99999\n') }],
    ...at('datasets.people.privacy.population', 'loosens', 'loosens'),
  },
  'datasets.*.privacy.risk.average': turnsFloor('risk/average', 0.15),
  'datasets.*.privacy.risk.maximum': turnsFloor('risk/maximum', 0.25),
  'datasets.*.privacy.suppressAtMost': turnsFloor('suppressAtMost', 0.05),
  'datasets.*.privacy.mode': {
    both: { ...OF_KNOWN_SIZE, [`${PRIVACY}/metric`]: undefined },
    ...turnsFloor('mode', 'multidimensional'),
  },
  'datasets.*.privacy.metric': turnsFloor('metric', 'discernibility', 'metric', 'changes', 'changes'),
  'datasets.*.privacy.asymmetry': turnsFloor('asymmetry', '1'),
  'legs.*.from': newLeg(),
  'legs.*.to': newLeg(),
  'legs.*.dataset': newLeg(),
  'legs.*.every': turnsLeg('every', 'P1D'),
  'legs.*.via': turns('legs/1/via', 'data-grant', 'legs.bank-shop-sums.via', 'loosens', 'loosens'),
  'legs.*.via.product.productId': delivery({ product: { productId: 'prod-1' } }, { product: { productId: 'prod-2' } }),
  'legs.*.via.snowflake.storageAwsIamUserArn': delivery(
    { snowflake: SNOWFLAKE },
    { snowflake: { ...SNOWFLAKE, storageAwsIamUserArn: 'arn:aws:iam::111122223333:user/b' } },
  ),
  'legs.*.via.snowflake.externalId': delivery(
    { snowflake: SNOWFLAKE },
    { snowflake: { ...SNOWFLAKE, externalId: 'other' } },
  ),
  'legs.*.via.gcs.bucket': delivery({ gcs: GCS }, { gcs: { ...GCS, bucket: 'other-bucket' } }),
  'legs.*.via.gcs.serviceAccountSubjectId': delivery(
    { gcs: GCS },
    { gcs: { ...GCS, serviceAccountSubjectId: '1234567891' } },
  ),
  'legs.*.retain': turnsLeg('retain', 'P91D'),
  'legs.*.expects.subjects': expectation('subjects', 900),
  'legs.*.expects.completeness': expectation('completeness', 0.8),
  'legs.*.expects.lossAtMost': expectation('lossAtMost', 0.7),
  'legs.*.quota.requests': turnsLeg('quota/requests', 501),
  'legs.*.quota.gigabytes': turnsLeg('quota/gigabytes', 3, 'quota.bytes'),
  'legs.*.purposes': turnsLeg('purposes', ['Marketing', 'CommercialResearch']),
  'legs.*.transfer.safeguard': {
    before: { 'legs/0/transfer': { safeguard: '1' } },
    after: {},
    ...at('legs.shop-bank-people.transfer.safeguard', 'loosens', 'tightens'),
  },
  'legs.*.watermark': { both: { 'legs/0/watermark': 0.005 }, ...turnsLeg('watermark', 0.001) },
  'legs.*.forbids': { both: { 'legs/0/forbids': ['resale', 'combination'] }, ...turnsLeg('forbids', ['combination']) },
  'fairness.tolerance': turns('fairness/tolerance', 0.6, 'fairness.tolerance'),
  'fairness.outside': {
    both: { 'clauses/0/control': 'privacy.k' },
    ...turns('fairness/outside', 'warn', 'fairness.outside'),
  },
  'fairness.weights.*': turns('fairness/weights/people', 3, 'fairness.weights.people', 'changes', 'changes'),
  'remedies.*.on': turns('remedies/2/on', 'resharing', 'remedies.forbidden-access'),
  'remedies.*.after': turns('remedies/0/after', 'P300D', 'remedies.late-delivery'),
  'remedies.*.do': turns('remedies/1/do', 'warn', 'remedies.forbidden-access'),
  'clauses.*.id': { before: { 'clauses/1': CLAUSE }, after: {}, ...at('clauses.2', 'loosens', 'changes') },
  'clauses.*.text': {
    both: { 'clauses/1': CLAUSE },
    after: { 'clauses/1/text': 'No group.' },
    ...at('clauses.2.text', 'changes', 'changes'),
  },
  'clauses.*.control': {
    both: { 'clauses/1': { ...CLAUSE, control: ['privacy.k', 'privacy.l'] } },
    after: { 'clauses/1/control': 'privacy.k' },
    ...at('clauses.2.control', 'loosens', 'tightens'),
  },
  'clauses.*.legalOnly': {
    both: { 'clauses/1': CLAUSE },
    after: { 'clauses/1/control': undefined, 'clauses/1/legalOnly': true },
    ...at('clauses.2.control', 'loosens', 'tightens'),
  },
};

test('every key of the agreement language has a row but its version, which says only which is the later', () => {
  const keys = [...new Set(keysOf(buildAgreementJsonSchema()))];
  expect(Object.keys(ROWS).sort()).toEqual(keys.filter((key) => key !== 'version').sort());
});

test.each(Object.entries(ROWS))('%s', (_, { both = {}, before = {}, after, files = [{}, {}], place, effect, back }) => {
  const old = planEdited({ ...both, ...before }, files[0]);
  const next = planEdited({ ...both, ...after }, files[1]);
  expect(changesAt(place, old, next)).toEqual([expect.objectContaining({ effect })]);
  expect(changesAt(place, next, old)).toEqual([expect.objectContaining({ effect: back })]);
});

function changesAt(place: string, old: Plan, next: Plan): readonly AmendmentChange[] {
  return diffAgreements(old, next, sha256).changes.filter((change) => change.place === place);
}

const PLANS = new Map<string, Plan>();

function planEdited(edits: Edits, files: Readonly<Record<string, string>>): Plan {
  const key = JSON.stringify([edits, files]);
  const plan = PLANS.get(key) ?? readEdited(edits, files);
  PLANS.set(key, plan);
  return plan;
}

const BASE: unknown = parse(readCase('valid', 'every-treatment.yaml'));

function readEdited(edits: Edits, files: Readonly<Record<string, string>>): Plan {
  const root = Object(structuredClone(BASE));
  // Only agreements whose legs all come by the API can throttle, and here some do not.
  for (const [place, value] of Object.entries({ 'remedies/5/do': 'suspend-party', ...edits }))
    write(root, place.split('/'), value);
  const known: Readonly<Record<string, string>> = { ...FILES, ...files };
  const reading = parseAgreement({
    text: JSON.stringify(root),
    file: 'agreement.yaml',
    readText: (path) => known[path],
    sha256,
  });
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.findings, null, 1));
  return planAgreement(reading.agreement);
}

function write(target: object, [key = '', ...rest]: readonly string[], value: Json | undefined): void {
  if (rest.length > 0) {
    if (Reflect.get(target, key) === undefined) Reflect.set(target, key, {});
    write(Reflect.get(target, key), rest, value);
  } else if (value === undefined) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, structuredClone(value));
}

function at(place: string, effect: Effect, back: Effect) {
  return { place, effect, back };
}

function turns(
  path: string,
  value: Json | undefined,
  place: string,
  effect: Effect = 'loosens',
  back: Effect = 'tightens',
) {
  return { after: { [path]: value }, ...at(place, effect, back) };
}

function turnsRoom(key: string, value: Json, room: Json = ROOM): Amended {
  return { both: { room }, ...turns(`room/${key}`, value, `room.${key}`, 'loosens', 'loosens') };
}

function column(name: string, path: string, value: Json | undefined): Edits {
  return { [`${COLUMNS}/${name}/${path}`]: value };
}

function turnsColumn(
  name: string,
  path: string,
  value: Json | undefined,
  key = 'treatment',
  back: Effect = 'tightens',
  effect: Effect = 'loosens',
) {
  return { after: column(name, path, value), ...at(`datasets.people.columns.${name}.${key}`, effect, back) };
}

function turnsFloor(
  path: string,
  value: Json,
  key = path.replaceAll('/', '.'),
  back: Effect = 'tightens',
  effect: Effect = 'loosens',
) {
  return { after: { [`${PRIVACY}/${path}`]: value }, ...at(`datasets.people.privacy.${key}`, effect, back) };
}

function turnsLeg(path: string, value: Json, key = path.replaceAll('/', '.')) {
  return { after: { [`legs/0/${path}`]: value }, ...at(`legs.shop-bank-people.${key}`, 'loosens', 'tightens') };
}

function expectation(key: string, after: Json): Amended {
  const expects = { subjects: 1000, completeness: 0.9, lossAtMost: 0.6 };
  return { both: { 'legs/0/expects': expects }, ...turnsLeg(`expects/${key}`, after) };
}

function delivery(before: Json, after: Json) {
  return {
    before: { 'legs/1/via': before },
    after: { 'legs/1/via': after },
    ...at('legs.bank-shop-sums.via', 'loosens', 'loosens'),
  };
}

function newLeg(): Amended {
  return {
    both: {
      'parties/club': CLUB,
      'datasets/scores': SCORES,
      'legs/2': SCORES_TO_SHOP,
      'parties/club/getsNothing': '1',
    },
    after: { 'parties/club/getsNothing': undefined, 'legs/3': PEOPLE_TO_CLUB },
    ...at('legs.shop-club-people', 'loosens', 'tightens'),
  };
}

function contact(task: string): Amended {
  return turns(`parties/shop/contacts/${task}`, 'c@shop.example', 'parties.shop.contacts', 'changes', 'changes');
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Places that hold something written: every key but those that hold nothing but keys. */
function keysOf(schema: Schema, place: readonly string[] = []): readonly string[] {
  const { properties, additionalProperties, items, anyOf = [] } = schema;
  if (properties !== undefined)
    return Object.entries(properties).flatMap(([key, inside]) => keysOf(inside, [...place, key]));
  if (typeof additionalProperties === 'object') return keysOf(additionalProperties, [...place, '*']);
  if (items?.properties !== undefined) return keysOf(items, [...place, '*']);
  if (anyOf.length > 0) return anyOf.flatMap((either) => keysOf(either, place));
  return [place.join('.')];
}
