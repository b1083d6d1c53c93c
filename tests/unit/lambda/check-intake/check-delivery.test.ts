import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { ChangedPlan } from '../../../../lambda/check-intake/check-delivery';
import { DELIVERIES_A_DAY } from '../../../../lib/domain/exchange/gates/check-intake';
import type { ErasureRecord } from '../../../../lib/domain/registry/conduct-records';
import type { ReleaseRecord } from '../../../../lib/domain/registry/round-records';
import type { UploadEvent } from '../../../../lib/domain/room/read-upload-event';
import { checkUpload, HASH, KEY, PLACE, PLAN, REGISTERED, TEXT, upload } from '../../../fixtures/checked-upload';
import { releaseOf } from '../../../fixtures/conduct';

const keyOf = (event: UploadEvent) => (event.source === 'aws.s3' ? event.detail.object.key : '');

test('a delivery is taken in, and the plan in force is left beside its work', async () => {
  const { answer, objects } = await checkUpload(upload());
  const work = '_work/telco-retail-2026/usage/run-1/';
  expect(answer).toEqual({
    kind: 'accepted',
    run: {
      agreement: 'telco-retail-2026',
      dataset: 'usage',
      run: 'run-1',
      delivery: KEY,
      taken: '2026-06-01T23:59:59.000Z',
      work,
      plan: { key: `${work}plan.json`, sha256: HASH },
      orders: {
        sha256: createHash('sha256')
          .update(objects.get(`${work}orders.json`)!)
          .digest('hex'),
      },
      hasClasses: true,
      hasMappings: false,
    },
  });
  expect([...objects.keys()]).toEqual([PLACE, `${work}plan.json`, `${work}orders.json`]);
  expect(objects.get(`${work}plan.json`)).toBe(TEXT);
  const orders = JSON.parse(objects.get(`${work}orders.json`)!);
  expect(orders).toMatchObject({ ordersVersion: 1, agreement: 'telco-retail-2026', dataset: 'usage' });
  expect(orders.delivery).toEqual({ kind: 'csv', delimiter: ',', skip: 0, width: 6, fields: [0, 1, 2, 3, 4, 5] });
});

test.each<[string, UploadEvent, Parameters<typeof checkUpload>[1]]>([
  ['no-delivery', upload(KEY, 100, 'elsewhere'), {}],
  ['no-delivery', upload('_quarantine/telco-retail-2026/usage/march.csv'), {}],
  ['no-delivery', upload('telco-retail-2026/usage/sftp/march.csv'), {}],
  ['unknown-agreement', upload('another-2026/usage/upload/march.csv'), {}],
  ['unknown-agreement', upload(), { registered: null }],
  ['unknown-dataset', upload('telco-retail-2026/salaries/upload/march.csv'), {}],
  ['agreement-not-active', upload(), { registered: { ...REGISTERED, state: 'suspended' } }],
  ['agreement-not-active', upload(), { registered: { ...REGISTERED, state: 'removed' } }],
  ['outside-term', upload(), { today: '2025-12-31' }],
  ['outside-term', upload(), { today: '2027-01-01' }],
  ['empty-file', upload(KEY, 0), {}],
])('refused as %s: nothing is written, and the log says why', async (reason, event, more) => {
  const { answer, objects, lines } = await checkUpload(event, more);
  // Named where it is a delivery, so that the workflow can put it into quarantine.
  const delivery = reason === 'no-delivery' ? {} : { delivery: keyOf(event) };
  expect(answer).toEqual({ kind: 'refused', reason, ...delivery });
  expect(objects.size).toBe(0);
  expect(lines).toMatchObject([['warn', 'Delivery refused', { reason }]]);
});

test('a second file for a round that went out is refused before anything works on it, with the moment from which it is taken', async () => {
  const releases = [releaseOf(PLAN, 'telco-retail-usage', '2026-05-28')];
  const { answer, objects, lines } = await checkUpload(upload(), { releases, today: '2026-05-29' });
  expect(answer).toEqual({
    kind: 'refused',
    reason: 'too-early',
    delivery: KEY,
    problems: ['The round of 2026-06-04 takes deliveries from 2026-05-31 12:00 UTC on.'],
  });
  expect(objects.size).toBe(0);
  expect(lines).toMatchObject([['warn', 'Delivery refused', { reason: 'too-early' }]]);
  expect((await checkUpload(upload(), { releases, today: '2026-06-01' })).answer).toMatchObject({ kind: 'accepted' });
});

test('a second file for a round that waits is taken in, and not held against the one whose place it takes', async () => {
  const datasetVersion = PLAN.datasets[0]!.version;
  const waits = releaseOf(PLAN, 'telco-retail-usage', '2026-05-28', { state: 'prepared', datasetVersion });
  const { answer, objects } = await checkUpload(upload(), { releases: [waits], today: '2026-05-29' });
  expect(answer).toMatchObject({ kind: 'accepted' });
  expect(objects.get('_work/telco-retail-2026/usage/run-1/orders.json')).not.toContain(waits.place);
});

test('a plan that is not the one that was agreed stops everything', async () => {
  await expect(checkUpload(upload(), { registered: { ...REGISTERED, hash: 'another' } })).rejects.toThrow(ChangedPlan);
});

test('a run whose name could lead elsewhere is not begun', async () => {
  await expect(checkUpload(upload(), { run: '../usage' })).rejects.toThrow(TypeError);
});

test('a file that cannot be the dataset is refused, and its owner is left what is wrong with it', async () => {
  const { answer, objects } = await checkUpload(upload(), { content: 'msisdn;Age\n1;2\n' });
  expect(answer).toMatchObject({ kind: 'refused', reason: 'unreadable', delivery: KEY });
  const { problems } = answer as { readonly problems: readonly string[] };
  expect(problems).toContain('column "age" is missing.');
  // Names out of the file stay with the raw data.
  expect(JSON.stringify(problems)).not.toContain('Age');
  expect([...objects.keys()]).toEqual([
    PLACE,
    '_work/telco-retail-2026/usage/run-1/plan.json',
    '_quarantine/telco-retail-2026/usage/run-1.json',
  ]);
  expect(objects.get('_quarantine/telco-retail-2026/usage/run-1.json')).toMatch(/differs in case only/);
});

test('Parquet that is none is refused', async () => {
  const { answer } = await checkUpload(upload('telco-retail-2026/usage/upload/march.parquet'));
  expect(answer).toMatchObject({ kind: 'refused', reason: 'unreadable' });
});

test('a treatment that needs more than SQL is ordered of the function that does it', async () => {
  const [usage, ...others] = PLAN.datasets;
  const columns = usage!.columns.map((column) =>
    column.name === 'minutes'
      ? {
          ...column,
          type: { kind: 'integer' } as const,
          treatment: { kind: 'microaggregate', k: 5, centre: 'median' } as const,
        }
      : column,
  );
  const plan = { ...PLAN, datasets: [{ ...usage!, columns }, ...others] };
  const hash = createHash('sha256')
    .update(canonicalize(plan) ?? '')
    .digest('hex');
  const { answer, objects } = await checkUpload(upload(), { registered: { ...REGISTERED, plan, hash } });
  expect(answer).toMatchObject({ kind: 'accepted', run: { hasMappings: true } });
  const orders = JSON.parse(objects.get('_work/telco-retail-2026/usage/run-1/orders.json')!);
  expect(orders.mappings).toMatchObject([
    { column: 'minutes', values: 'values_5', replacements: 'replacements/all/5' },
  ]);
});

test('a leg without a key stops everything', async () => {
  const provisioned = { ...REGISTERED.provisioned, legKeys: {} };
  await expect(checkUpload(upload(), { registered: { ...REGISTERED, provisioned } })).rejects.toThrow(/has no key/);
});

test('the job is told where earlier releases of the same data set version lie, and of no other', async () => {
  const release = (place: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
    agreement: PLAN.agreement.id,
    version: 1,
    round: '2026-01-01',
    leg: 'telco-retail-usage',
    datasetVersion: PLAN.datasets[0]!.version,
    state: 'final',
    sha256: 'a'.repeat(64),
    certificate: 'a'.repeat(64),
    place,
    at: '2026-01-02T00:00:00Z',
    ...more,
  });
  const own = '_escrow/telco-retail-2026/telco-retail-usage/run-1/';
  const { objects } = await checkUpload(upload(), {
    releases: [
      release('earlier/'),
      release('other-version/', { datasetVersion: 99 }),
      release('other-leg/', { leg: 'retail-telco-purchases' }),
      release(own),
    ],
  });
  const orders = JSON.parse(objects.get('_work/telco-retail-2026/usage/run-1/orders.json') ?? '');
  const steps: { do: string; prefix?: string }[] = orders.tasks['treat-and-measure'];
  expect(steps.flatMap((step) => (step.do === 'earlier' ? [step.prefix] : []))).toEqual(['earlier/']);
});

test('an upload that is told of twice is taken in by one run, which may be asked twice itself', async () => {
  const told: UploadEvent = {
    source: 'aws.s3',
    detail: { bucket: { name: 'landing' }, object: { key: KEY, size: 100, 'version-id': 'v1' } },
  };
  const first = await checkUpload(told);
  expect(first.answer.kind).toBe('accepted');
  expect((await checkUpload(told, { left: first.objects })).answer).toEqual(first.answer);
  const second = await checkUpload(told, { run: 'run-2', left: first.objects });
  expect(second.answer).toEqual({ kind: 'repeated' });
  expect(second.objects).toEqual(first.objects);
  const detail = { ...told.detail, object: { ...told.detail.object, 'version-id': 'v2' } };
  const next = await checkUpload({ ...told, detail } as UploadEvent, { run: 'run-2', left: first.objects });
  expect(next.answer.kind).toBe('accepted');
});

test('an upload whose run broke off is taken in again by a person’s word, once for each word', async () => {
  const object = { key: KEY, size: 100, 'version-id': 'v1' };
  const told: UploadEvent = { source: 'aws.s3', detail: { bucket: { name: 'landing' }, object } };
  const first = await checkUpload(told);
  const again = await checkUpload({ ...told, again: 'job-mended' } as UploadEvent, {
    run: 'run-2',
    left: first.objects,
  });
  expect(again.answer).toMatchObject({ kind: 'accepted', run: { run: 'run-2', delivery: KEY } });
  const twice = await checkUpload({ ...told, again: 'job-mended' } as UploadEvent, {
    run: 'run-3',
    left: again.objects,
  });
  expect(twice.answer).toEqual({ kind: 'repeated' });
  // The event of the upload itself still belongs to the first run.
  expect((await checkUpload(told, { run: 'run-4', left: again.objects })).answer).toEqual({ kind: 'repeated' });
});

test('a dataset has so many places in a day: what is beyond them is refused before anything works on it, and no day after', async () => {
  let left: ReadonlyMap<string, string> = new Map();
  const deliver = async (run: string, today?: string) => {
    const { answer, objects } = await checkUpload(upload(), { run, left, ...(today === undefined ? {} : { today }) });
    left = objects;
    return answer;
  };
  for (let run = 1; run <= DELIVERIES_A_DAY; run += 1)
    expect(await deliver(`run-${run}`)).toMatchObject({ kind: 'accepted' });
  const before = left.size;
  expect(await deliver('run-beyond')).toEqual({ kind: 'refused', reason: 'too-many-today', delivery: KEY });
  expect(left.size).toBe(before);
  // Asked again, a run keeps its place; the next day has new ones; another dataset has its own.
  expect(await deliver('run-1')).toMatchObject({ kind: 'accepted' });
  expect(await deliver('run-beyond', '2026-06-02')).toMatchObject({ kind: 'accepted' });
  const other = await checkUpload(upload('telco-retail-2026/purchases/upload/march.csv'), { run: 'run-other', left });
  expect(other.answer).not.toMatchObject({ reason: 'too-many-today' });
});

test('subjects that are to be erased are left out, by digests and a key of their own', async () => {
  const erasure: ErasureRecord = {
    id: 'erasure-usage-0',
    agreement: PLAN.agreement.id,
    dataset: 'usage',
    subject: 'd'.repeat(64),
    key: 'arn:aws:kms:eu-central-1:111122223333:key/first',
    requestedAt: '2026-02-01T00:00:00Z',
    deadline: '2026-03-01T00:00:00Z',
    receivers: [],
  };
  const { objects } = await checkUpload(upload(), { erasures: [erasure, { ...erasure, dataset: 'purchases' }] });
  const { tasks } = JSON.parse(objects.get('_work/telco-retail-2026/usage/run-1/orders.json')!);
  const steps: readonly {
    readonly do: string;
    readonly name?: string;
    readonly leg?: object;
    readonly sql?: string;
  }[] = tasks['clean-and-count'];
  expect(steps.find((step) => step.do === 'keys')?.leg).toEqual({
    leg: 'erasure',
    key: 'arn:aws:kms:eu-central-1:111122223333:key/first',
    messages: { erasure: '["erasure","telco-retail-2026","usage"]' },
  });
  const named = steps.find(({ name }) => name === 'erased_subjects');
  expect(named?.sql).toBe(`SELECT digest FROM VALUES ('${'d'.repeat(64)}') AS given(digest)`);
  expect(tasks['treat-and-measure']).toContainEqual({ do: 'load', name: 'erased' });
  // Digests under another key are looked for by that key; whose key nobody knows is not passed over.
  const other = { ...erasure, id: 'erasure-usage-1', key: 'arn:aws:kms:eu-central-1:111122223333:key/other' };
  const both = JSON.parse(
    (await checkUpload(upload(), { erasures: [erasure, other] })).objects.get(
      '_work/telco-retail-2026/usage/run-1/orders.json',
    )!,
  );
  const lent = both.tasks['clean-and-count'].flatMap(({ do: act, leg }: { do: string; leg?: { key: string } }) =>
    act === 'keys' ? [leg?.key] : [],
  );
  expect(lent).toEqual([erasure.key, other.key]);
  const { key: _, ...keyless } = erasure;
  await expect(checkUpload(upload(), { erasures: [keyless] })).rejects.toThrow('without their key');
});
