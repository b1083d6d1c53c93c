import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { renderAuditFiles } from '../../../../lib/report/audit/audit-files';
import { packRows } from '../../../../lib/report/audit/pack-rows';
import { renderAuditReport } from '../../../../lib/report/audit/render-audit-report';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { CODE_POINT } from '../../../fixtures/code-point';

const STORY = tellAuditStory({ accesses: 120 });
const PAGE = renderAuditReport(STORY.report);

/** What a reader sees: without tags, style and script. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)\b.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('the files of a report, each whole', () => {
  const files = renderAuditFiles(STORY.report);
  expect(files.map(({ name }) => name)).toEqual([
    ...['audit.html', 'report.json', 'processing-record.json'],
    ...['breaches', 'rounds', 'releases', 'destruction', 'problems'].flatMap((name) => [
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

test('the same report gives the same page', () => expect(renderAuditReport(STORY.report)).toBe(PAGE));

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

test('no text of a log adds a tag, whatever it holds', () => {
  const tags = (hostile: string) =>
    renderAuditReport(tellAuditStory({ accesses: 3, hostile }).report)
      .replace(/<script type="application\/octet-stream".*?<\/script>/s, '')
      .split('<').length;
  const plain = tags('plain');
  fc.assert(
    fc.property(fc.string({ unit: CODE_POINT, minLength: 1 }), (text) => {
      expect(tags(text)).toBe(plain);
    }),
    { numRuns: 30 },
  );
});

test('rows that are packed read back, and as many as fit are kept', () => {
  const packed = packRows(STORY.rows, 1_000_000);
  expect(packed.rows).toBe(STORY.rows.length);
  const { times, texts } = JSON.parse(gunzipSync(Buffer.from(packed.text, 'base64')).toString());
  expect(times).toHaveLength(STORY.rows.length);
  expect(times[0] * 1000).toBe(Date.parse(STORY.rows[0]!.at));
  const [keys] = [texts[6]];
  expect(keys.at.map((at: number) => keys.of[at])).toEqual(STORY.rows.map(({ resource }) => resource.name));
  const less = packRows(STORY.rows, packed.text.length * 0.6);
  expect(less.text.length).toBeLessThanOrEqual(packed.text.length * 0.6);
  expect(less.rows).toBeGreaterThan(STORY.rows.length * 0.2);
});

test('a page that cannot hold every access says so', () => {
  const { accesses } = STORY.report;
  const text = textOf(
    renderAuditReport({ ...STORY.report, accesses: { ...accesses, beyond: 5000, total: accesses.total + 5000 } }),
  );
  expect(text).toContain('Its search does not see the other 5,000');
});
