import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { renderAuditFiles } from '../../../../lib/report/audit/audit-files';
import type { PageRows } from '../../../../lib/report/audit/page-rows';
import { renderAuditReport } from '../../../../lib/report/audit/render-audit-report';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { pageOfStory } from '../../../fixtures/page-of-story';
import { wordOf } from '../../../fixtures/party-keys';

const STORY = tellAuditStory({ accesses: 120 });
const ROWS = pageOfStory(STORY);
const PAGE = renderAuditReport(STORY.report, ROWS);

/** What a reader sees: without tags, style and script. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)\b.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('the files of a report, each whole', () => {
  const files = renderAuditFiles(STORY.report, ROWS);
  expect(files.map(({ name }) => name)).toEqual([
    ...['audit.html', 'report.json', 'processing-record.json'],
    ...['breaches', 'rounds', 'releases', 'destruction', 'problems', 'drifts'].flatMap((name) => [
      `${name}.csv`,
      `${name}.jsonl`,
    ]),
  ]);
  const [, report, record] = files.map(({ text }) => text);
  expect(JSON.parse(report!)).toMatchObject({
    reportVersion: 1,
    verdict: STORY.report.verdict,
    accesses: { total: STORY.rows.length },
  });
  expect(JSON.parse(record!)).toMatchObject({
    basis: expect.stringContaining('art. 30'),
    activities: [{ leg: 'telco-retail-usage' }, { leg: 'retail-clinic-purchases' }, { leg: 'clinic-telco-visits' }],
    destruction: [{ state: 'not-due' }, { state: 'not-due' }, { state: 'not-due' }],
  });
});

test('the record of processing says whom data are about as the agreement does, and claims nothing where it does not', () => {
  const [first] = STORY.report.processing;
  const { persons: _, subjects: __, ...bare } = first!;
  const show = (record: typeof bare & { persons?: string; subjects?: string }) =>
    / Persons and data (.*?) disclosed:/
      .exec(textOf(renderAuditReport({ ...STORY.report, processing: [record] }, ROWS)))?.[1]
      ?.trim()
      .replaceAll(/ +/g, ' ');
  expect(show(bare)).toBe('whom they are about is not told by the agreement');
  expect(show({ ...bare, subjects: 'msisdn' })).toBe(
    'whom they are about is not told by the agreement; told apart by msisdn',
  );
  expect(show({ ...bare, persons: '<b>customers', subjects: 'msisdn' })).toBe(
    '&lt;b&gt;customers told apart by msisdn',
  );
  expect(show({ ...bare, persons: 'customers' })).toBe('customers');
});

test('the same report gives the same page', () => expect(renderAuditReport(STORY.report, ROWS)).toBe(PAGE));

test('verdict and exceptions come first, and nothing is left out', () => {
  const text = textOf(PAGE);
  const order = [
    'Audit report',
    STORY.report.verdict.sentence,
    'Access without decision',
    'Over time',
    'Who reached what',
    'Between accounts',
    'By party and clause',
    'One by one',
    'Breaches and remedies',
    'Reported by parties',
    'Is a file missing?',
    'Please tell the others.',
    'Integrity',
    'Coverage',
    'What the trails record',
    'What cannot be seen',
    'cannot be seen at all',
    'Who runs the room',
    'raw delivery',
    'Rounds and certified releases',
    'withheld whole',
    'Certificates',
    'Record of processing',
    'Destruction',
    'Standards',
    'Evidence',
    'How to verify',
  ];
  let from = text.indexOf('Tied to clause');
  expect(order.map((words) => text.includes(words))).toEqual(order.map(() => true));
  for (const words of order.slice(2)) {
    const at = text.indexOf(words, from);
    expect([words, at >= from]).toEqual([words, true]);
    from = at;
  }
  for (const { control } of STORY.report.standards) expect(text).toContain(control);
  for (const { sha256 } of STORY.report.releases) expect(text).toContain(sha256);
});

test('the table of rounds says of each leg what it is worth, and how many were erased before and since', () => {
  const [round] = STORY.report.rounds;
  const [first, second, third] = round!.worth;
  const worth = [{ ...first!, erased: 3 }, { ...second!, leftOut: { persons: 2, asked: '2026-02-01' } }, third!];
  const files = renderAuditFiles({ ...STORY.report, rounds: [{ ...round!, worth }] }, ROWS);
  const text = files.find(({ name }) => name === 'rounds.csv')!.text;
  const [row] = parse(text, { columns: true }) as Readonly<Record<string, string>>[];
  expect(row).toMatchObject({
    worth: worth.map(({ leg, value }) => `${leg}=${value}`).join(' '),
    'erased before': `${second!.leg}=2`,
    'erased since': `${first!.leg}=3`,
  });
});

describe('what peers’ rooms say of breaches', () => {
  const { agreements, parties } = STORY.report;
  const [{ id, version, legs }] = agreements as [(typeof agreements)[number]];
  const [from, party] = parties.map(({ id }) => id) as [string, string];
  const plan = { agreement: { id, version, content: 'c'.repeat(64), title: 'A ring' } };
  const word = wordOf(
    plan,
    { from, party, at: '2026-03-02T07:00:00Z' },
    { leg: legs[0]!.id, measures: ['suspend-party'] },
  );
  const told = [
    { ...word, heard: '2026-03-02T08:00:00Z' },
    {
      ...word,
      report: '=two',
      heard: '2026-03-03T08:00:00Z',
      until: '2026-03-04T08:00:00Z',
      fault: 'not-genuine' as const,
    },
  ];

  test('is a table of its own on the page, and files of its own: nothing where there is none', () => {
    expect(PAGE).not.toContain('Told by peers');
    const report = { ...STORY.report, told };
    const text = textOf(renderAuditReport(report, ROWS));
    expect(text.split('Told by peers’ rooms')).toHaveLength(2);
    for (const words of ['resharing', 'suspend-party', 'stands', 'not proven', 'not genuine'])
      expect(text).toContain(words);
    const files = renderAuditFiles(report, ROWS);
    const before = new Set(renderAuditFiles(STORY.report, ROWS).map(({ name }) => name));
    expect(files.map(({ name }) => name).filter((name) => !before.has(name))).toEqual(['told.csv', 'told.jsonl']);
    const [csv, lines] = files.filter(({ name }) => name.startsWith('told.')).map((file) => file.text) as [
      string,
      string,
    ];
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(told);
    const rows = parse(csv, { columns: true }) as Readonly<Record<string, string>>[];
    expect(rows).toMatchObject([
      { heard: '2026-03-02T08:00:00Z', until: '', by: from, party, breach: 'resharing', leg: legs[0]!.id, fault: '' },
      { until: '2026-03-04T08:00:00Z', measures: 'suspend-party', signature: word.signature, fault: 'not-genuine' },
    ]);
    expect(rows[1]!.id).not.toMatch(/^=/);
  });

  test('is shown in part where there is too much of it, and it is said how much', () => {
    const many = Array.from({ length: 51 }, (_, at) => ({ ...told[0]!, report: `word-${at}` }));
    const text = textOf(renderAuditReport({ ...STORY.report, told: many }, ROWS));
    expect(text).toContain('The first 50 of 51');
  });
});

/** The rows of the page, each by its time, key and state, as the script reads them. */
function unpack({ pieces }: PageRows): readonly (readonly unknown[])[] {
  return pieces.flatMap((piece) => {
    const { times, texts, numbers } = JSON.parse(gunzipSync(Buffer.from(piece, 'base64')).toString());
    let time = 0;
    return times.map((step: number, row: number) => {
      time += step;
      return [time, texts[6].of[texts[6].at[row]], numbers[1][row]];
    });
  });
}

/** Without the room's own, which are none of the page's. */
const TOLD = STORY.rows
  .filter(({ explained }) => explained.kind !== 'internal')
  .toSorted((left, right) => (left.at < right.at ? -1 : Number(left.at > right.at)))
  .map(({ at, resource, bytes }) => [
    Math.floor(Date.parse(at) / 1000),
    resource.name,
    Number(((bytes?.out ?? 0) + (bytes?.in ?? 0)).toPrecision(3)),
  ]);

test.each([
  ['in one piece', 1000, 1],
  ['in pieces that end with the last row', TOLD.length / 2, 2],
  ['in pieces of a row', 1, TOLD.length],
  ['in uneven pieces', 50, Math.ceil(TOLD.length / 50)],
])('rows that are packed read back: %s', (_, piece, pieces) => {
  const page = pageOfStory(STORY, { piece });
  expect(page).toMatchObject({ rows: TOLD.length, beyond: 0 });
  expect(page.pieces).toHaveLength(Math.ceil(pieces));
  expect(unpack(page)).toEqual(TOLD);
});

test('as many rows are kept as fit, the first ones, and the others are counted', () => {
  const whole = pageOfStory(STORY, { piece: 20 }).pieces.join('').length;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: whole }),
      fc.integer({ min: 0, max: 200 }),
      (piece, text, rows) => {
        const page = pageOfStory(STORY, { piece, text, rows });
        expect(page.pieces.join('').length).toBeLessThanOrEqual(text);
        expect(page.rows).toBeLessThanOrEqual(rows);
        expect(page.rows + page.beyond).toBe(TOLD.length);
        expect(unpack(page)).toEqual(TOLD.slice(0, page.rows));
      },
    ),
    { numRuns: 60 },
  );
  expect(pageOfStory(STORY, { piece: 20, text: whole * 0.6 }).rows).toBeGreaterThan(TOLD.length * 0.4);
});

test('a page that cannot hold every access says so', () => {
  const text = textOf(renderAuditReport(STORY.report, pageOfStory(STORY, { rows: 100 })));
  expect(text).toContain(`Its search does not see the other ${TOLD.length - 100}`);
});
