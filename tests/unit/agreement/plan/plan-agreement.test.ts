import type { PlannedColumn, PlannedDataset } from '../../../../lib/domain/agreement/plan/plan';
import { planAgreement } from '../../../../lib/domain/agreement/plan/plan-agreement';
import { listCases, parseValidCase } from '../agreement-cases';

const planCase = (name: string) => planAgreement(parseValidCase(name));

test('the plan of the telecommunications/retail barter', () => {
  expect(planCase('telco-retail.yaml')).toMatchSnapshot();
});

test.each(listCases('valid'))('%s: the plan is plain data, the same each time, and refers only to itself', (name) => {
  const plan = planCase(name);
  expect(planCase(name)).toEqual(plan);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  const datasets = plan.datasets.map(({ id }) => id);
  const parties = plan.parties.map(({ id }) => id);
  for (const { from, to, dataset } of plan.legs) {
    expect(datasets).toContain(dataset);
    expect(parties).toEqual(expect.arrayContaining([from, to]));
  }
  for (const { controls, legalOnly } of plan.clauses) {
    expect(controls.length === 0).toBe(legalOnly);
    for (const control of controls) expect(plan.controls.map(({ id }) => id)).toContain(control);
  }
  for (const dataset of plan.datasets) expect(dataset.privacy === undefined).toBe(dataset.classColumns.length === 0);
});

const treated = planCase('every-treatment.yaml').datasets[0]!;
const columnOf = (dataset: PlannedDataset, name: string) => dataset.columns.find((column) => column.name === name)!;

test.each<[string, Partial<PlannedColumn>]>([
  ['id', { treatment: { kind: 'token' }, releasedAs: { kind: 'string' }, missing: { kind: 'reject' } }],
  [
    'e-mail',
    {
      treatment: { kind: 'mask', keepFirst: 0, keepLast: 0 },
      releasedAs: { kind: 'string' },
      missing: { kind: 'keep' },
    },
  ],
  ['phone', { treatment: { kind: 'mask', keepFirst: 3, keepLast: 2 } }],
  ['name', { treatment: { kind: 'drop' }, title: 'Full name' }],
  [
    'age',
    {
      treatment: { kind: 'generalise', generalisation: { kind: 'widths', widths: ['1', '5', '10', '20'] } },
      releasedAs: { kind: 'string' },
      missing: { kind: 'reject' },
    },
  ],
  [
    'income',
    {
      treatment: { kind: 'generalise', generalisation: { kind: 'widths', widths: ['0.1', '0.5', '1000'] } },
      type: { kind: 'decimal', precision: 12, scale: 2 },
    },
  ],
  ['zip', { treatment: { kind: 'generalise', generalisation: { kind: 'prefixes', lengths: [4, 2, 1] } } }],
  ['seen', { treatment: { kind: 'generalise', generalisation: { kind: 'dates', periods: ['day', 'week'] } } }],
  [
    '2024',
    {
      treatment: {
        kind: 'generalise',
        generalisation: {
          kind: 'hierarchy',
          file: 'yes-no.csv',
          rows: [
            ['true', '*'],
            ['false', '*'],
          ],
        },
      },
    },
  ],
  ['health', { treatment: { kind: 'keep' }, missing: { kind: 'fill', value: 'none' } }],
  [
    'debt',
    {
      type: { kind: 'decimal', precision: 18, scale: 4 },
      releasedAs: { kind: 'decimal', precision: 18, scale: 4 },
      missing: { kind: 'fill', value: '0.5' },
    },
  ],
  ['since', { treatment: { kind: 'date-shift', days: 3 }, releasedAs: { kind: 'date' } }],
  [
    'customer',
    {
      treatment: { kind: 'format-preserving', alphabet: 'upper-alphanumeric', minLength: 4, maxLength: 12 },
      releasedAs: { kind: 'string' },
    },
  ],
  ['contract', { treatment: { kind: 'format-preserving', alphabet: 'digits', minLength: 6, maxLength: 6 } }],
  [
    'rent',
    {
      treatment: { kind: 'top-bottom', bottom: '0', top: '2500.5' },
      releasedAs: { kind: 'decimal', precision: 9, scale: 2 },
    },
  ],
  ['moved', { treatment: { kind: 'top-bottom', bottom: '1980-01-01', top: '2020-12-31' } }],
  ['distance', { treatment: { kind: 'round', multiple: '0.5' }, releasedAs: { kind: 'double' } }],
  ['minutes', { treatment: { kind: 'noise', epsilon: 1, bottom: '0', top: '500', step: '1' } }],
  ['bill', { treatment: { kind: 'noise', epsilon: 0.5, bottom: '-20', top: '1000', step: '0.1' } }],
  ['points', { treatment: { kind: 'microaggregate', k: 5, centre: 'mean' }, releasedAs: { kind: 'integer' } }],
  ['first', { treatment: { kind: 'microaggregate', k: 3, centre: 'median' } }],
  ['reason', { treatment: { kind: 'common-text', k: 10 }, releasedAs: { kind: 'string' } }],
])('%s is planned', (name, expected) => {
  expect(columnOf(treated, name)).toMatchObject(expected);
});

test('a dropped column is not released', () => {
  expect(treated.columns.filter(({ releasedAs }) => releasedAs === undefined).map(({ name }) => name)).toEqual([
    'name',
    'Straße & Nr.',
    'secret',
  ]);
});

test('classes are made of released quasi columns and of masks that leave characters visible', () => {
  expect(
    treated.classColumns.map(({ column, generalisation, weight }) => [column, generalisation.kind, weight]),
  ).toEqual([
    ['2024', 'hierarchy', 1],
    ['phone', 'none', 1],
    ['iban', 'none', 0.2],
    ['age', 'widths', 0.5],
    ['income', 'widths', 1],
    ['height', 'widths', 1],
    ['zip', 'prefixes', 1],
    ['born', 'dates', 1],
    ['seen', 'dates', 1],
  ]);
});

test('an exempted column counts in every class and names its clause', () => {
  const [sales] = planCase('exemptions.yaml').datasets;
  expect(sales?.classColumns.map(({ column, generalisation }) => [column, generalisation.kind])).toEqual([
    ['region', 'none'],
    ['branch', 'none'],
    ['joined', 'none'],
    ['floor', 'none'],
    ['card', 'none'],
    ['age', 'widths'],
  ]);
  expect(columnOf(sales!, 'region')).toMatchObject({ treatment: { kind: 'keep' }, exemptBy: '2.1' });
});

test('floors: distances by type, shares as numbers', () => {
  expect(treated.privacy).toEqual({
    k: 5,
    l: [
      { column: 'health', atLeast: 2 },
      { column: 'vote', atLeast: 3 },
      { column: 'contract', atLeast: 2 },
    ],
    t: [
      { column: 'debt', atMost: 0.25, distance: 'ordered' },
      { column: 'vote', atMost: 1, distance: 'equal' },
      { column: 'rent', atMost: 0.5, distance: 'ordered' },
      { column: 'savings', atMost: 0.5, distance: 'ordered' },
    ],
    kMap: 20,
    presence: { atLeast: 0.001, atMost: 0.5 },
    risk: { average: 0.1, maximum: 0.2 },
    population: {
      kind: 'counts',
      file: 'population.csv',
      rows: [
        {
          values: ['true', '***4711', 'DE***', '34', '1000', '1.8', '1010', '2000-01-01', '2026-01-01 00:00:00'],
          subjects: 1200,
        },
        {
          values: ['false', '***4712', 'DE***', null, '2000', '1.7', '1020', '2001-01-01', '2026-01-01 00:00:00'],
          subjects: 34,
        },
      ],
    },
    suppressAtMost: 0.025,
  });
  expect(treated.recoding).toEqual({ mode: 'full-domain', metric: 'entropy' });
  expect(planCase('telco-retail.yaml').datasets[0]?.recoding).toBeUndefined();
  expect(planCase('telco-retail.yaml').datasets[0]?.privacy?.t).toEqual([
    { column: 'churned', atMost: 0.3, distance: 'equal' },
  ]);
});

test('cleaning: all columns, named columns, or none', () => {
  expect(treated.clean).toEqual({
    dedupe: treated.columns.map(({ name }) => name),
    rejectAbove: 0.015,
    missingTexts: ['', 'NA', '-'],
  });
  const [usage, purchases] = planCase('telco-retail.yaml').datasets;
  expect(usage?.clean).toEqual({ dedupe: ['msisdn', 'month'], rejectAbove: 0.02, missingTexts: [''] });
  expect(purchases?.clean).toEqual({ dedupe: [], rejectAbove: 1, missingTexts: [''] });
  expect(usage?.columns.filter(({ missing }) => missing.kind === 'reject').map(({ name }) => name)).toEqual([
    'msisdn',
    'month',
  ]);
});

test('every way of delivery', () => {
  expect(planCase('every-via.yaml').legs.map(({ via }) => via)).toEqual([
    { kind: 'sftp' },
    { kind: 'lake-formation' },
    { kind: 'api' },
    { kind: 'query-only' },
    { kind: 'product', productId: 'prod-abc123' },
    {
      kind: 'snowflake',
      storageAwsIamUserArn: 'arn:aws:iam::111122223333:user/abc1-b-self1234',
      externalId: 'MYACCOUNT_SFCRole=2_a1b2=',
    },
    { kind: 'gcs', bucket: 'bank-inbox', serviceAccountSubjectId: '123456789012345678901' },
    { kind: 'data-grant' },
  ]);
});

test('controls exist only where the agreement sets them', () => {
  expect(Object.fromEntries(planCase('every-treatment.yaml').controls.map(({ id, setting }) => [id, setting]))).toEqual(
    {
      'privacy.k': 'people ≥ 5',
      'privacy.l': 'people: health ≥ 2, vote ≥ 3, contract ≥ 2',
      'privacy.t': 'people: debt ≤ 0.25, vote ≤ 1, rent ≤ 0.5, savings ≤ 0.5',
      'privacy.k-map': 'people ≥ 20',
      'privacy.presence': 'people 0.1 % to 50 %',
      'privacy.risk': 'people: average ≤ 10 %, maximum ≤ 20 %',
      'privacy.suppression': 'people ≤ 2.5 %',
      'privacy.discovery':
        'people: age, income, height, zip, health, debt, rent, distance, savings, minutes, bill, points, reason, note; sums: sum',
      'treatment.token': 'people: id, vote',
      'treatment.mask': 'people: e-mail, phone, house, iban',
      'treatment.drop': 'people: name, Straße & Nr., secret',
      'treatment.generalise': 'people: 2024, age, income, height, zip, born, seen',
      'treatment.date-shift': 'people: since, logged',
      'treatment.format-preserving': 'people: customer, contract',
      'treatment.top-bottom': 'people: rent, moved',
      'treatment.round': 'people: distance, savings',
      'treatment.noise': 'people: minutes, bill',
      'treatment.microaggregate': 'people: points, first',
      'treatment.common-text': 'people: reason',
      'trace.watermark': 'shop-bank-people: 0.1 % left out',
      'cleaning.checks': 'people: 1 rule',
      'cleaning.dedupe': 'people: all columns, sums: all columns',
      'cleaning.rejection': 'people > 1.5 %',
      'escrow.all-or-none': 'all 2 legs of a round',
      'certificate.measured': 'by queries on the written release',
      'fairness.balance': 'at most 50 % less',
      'fairness.expected': 'shop-bank-people: subjects ≥ 1000, completeness ≥ 90 %, loss ≤ 60 %',
      'access.signed': 'this version, by every party',
      'access.term': '2026-01-01 to 2026-12-31',
      'access.purpose': 'shop-bank-people: Marketing, bank-shop-sums: Marketing',
      'access.quota': 'shop-bank-people: 500 requests in P7D and 2.5 GB in P7D, then refused',
      'access.network': 'shop: 203.0.113.0/24, else refused',
      'access.retention': 'shop-bank-people: after P90D, bank-shop-sums: after P90D',
      'access.veto': 'by its own word, until it takes that back',
      'audit.logged': "object by object, by the room's trail, locked",
      'audit.report': 'each month, and for each party its own',
      'erasure.tracked': 'people by id',
      'breach.notice': 'by letter to the contacts, when it is on record, at each remedy and when it is over',
      'interlock.delivery': 'suspend-counterpart after P3D',
      'remedy.forbidden-access': 'suspend-party, terminate after P7D',
      'remedy.failed-release': 'warn',
      'remedy.resharing': 'revoke',
      'remedy.overdue-destruction': 'throttle after P1D',
      'exit.notice': 'P30D',
      'exit.destruction': 'within P30D',
      'exit.keys-deleted': 'all of them, thirty days after the agreement has ended',
      'storage.encrypted': "every bucket, with the room's own key",
      'storage.private': 'every bucket, no public access',
      'storage.versioned': 'every bucket',
      'transport.tls': 'every bucket refuses anything but TLS',
    },
  );
  expect(planCase('one-way.yaml').controls.map(({ id }) => id)).toEqual([
    'privacy.discovery',
    'cleaning.checks',
    'escrow.all-or-none',
    'certificate.measured',
    'access.signed',
    'access.term',
    'access.retention',
    'access.veto',
    'audit.logged',
    'audit.report',
    'breach.notice',
    'exit.notice',
    'exit.destruction',
    'exit.keys-deleted',
    'storage.encrypted',
    'storage.private',
    'storage.versioned',
    'transport.tls',
  ]);
});

test('only datasets that a leg gives are planned, each with a weight', () => {
  expect(planCase('every-treatment.yaml').fairness).toEqual({
    tolerance: 0.5,
    outside: 'withhold',
    weights: { people: 2.5, sums: 1 },
  });
  expect(planCase('ring-of-three.yaml').fairness).toEqual({
    outside: 'warn',
    weights: { sales: 1, loans: 1, games: 1 },
  });
});
