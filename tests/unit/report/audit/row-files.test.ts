import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { ReportedAccess } from '../../../../lib/domain/audit/report/reported-access';
import { ACCESS_FILES } from '../../../../lib/report/audit/access-files';
import { formatCsvLine } from '../../../../lib/report/audit/csv';
import { describeOcsf } from '../../../../lib/report/audit/describe-ocsf';
import { EXCEPTION_FILES } from '../../../../lib/report/audit/exception-files';
import { formatJsonLine } from '../../../../lib/report/audit/json-line';
import { tellAuditStory } from '../../../fixtures/audit-story';
import { CODE_POINT } from '../../../fixtures/code-point';

const HOSTILE = `<img src=x onerror=alert(1)>\u202E"';=cmd|'/C calc'!A1\r\n\u001B[2J\u009B2J,\u2028`;
const STORY = tellAuditStory({ accesses: 200 });
const HOSTILE_STORY = tellAuditStory({ accesses: 20, hostile: HOSTILE });

const write = (name: string, rows: readonly ReportedAccess[]): string => {
  const file = ACCESS_FILES.find((each) => each.name === name)!;
  return file.head + rows.map(file.formatRow).join('');
};

describe('CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', '"\'=1+1"'],
    ['+31', '"\'+31"'],
    ['-1', '"\'-1"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['  =1', '"\'  =1"'],
    ['\uFF1D1', '"\'\uFF1D1"'],
    ['x;=cmd()', '"x;\'=cmd()"'],
    ['a\r\n=b', 'a[U+000D][U+000A]=b'],
    ['\t=1', '[U+0009]=1'],
    ['abc\u202Egpj.exe', 'abc[U+202E]gpj.exe'],
    ['\u001B[31m', '[U+001B][31m'],
    [7, '7'],
    [undefined, ''],
  ] as const)('%j is written %j', (value, cell) => expect(formatCsvLine([value])).toBe(`${cell}\r\n`));

  test('holds no formula for any separator, no control character but its line ends, and reads back as many cells', () => {
    const nasty = fc
      .array(
        fc.constantFrom('=', '+', '-', '@', ',', ';', '|', '\t', '"', "'", ' ', 'a', '\r', '\n', '\u202E', '\uFF1D'),
      )
      .map((each) => each.join(''));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(nasty, fc.string({ unit: CODE_POINT })), { minLength: 1, maxLength: 6 }),
        (cells) => {
          const line = formatCsvLine(cells);
          expect(line.slice(0, -2)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
          const [read] = parse(line, { skip_empty_lines: false, relax_column_count: true }) as string[][];
          expect(read).toHaveLength(cells.length);
          for (const cell of read ?? []) expect(cell).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u);
          for (const separator of [';', '|']) {
            for (const cell of line.split(separator)) expect(cell).not.toMatch(/^[\s"]*[=+\-@]/);
          }
        },
      ),
    );
  });

  test('lists every access with who, clause, decision and evidence', () => {
    const rows = parse(write('accesses.csv', STORY.rows), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(STORY.rows.length);
    expect(rows[0]).toMatchObject({
      explained: 'attributed',
      agreement: 'mobility-ring',
      version: '3',
      effect: 'permit',
      confidence: 'certain',
      'evidence sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const strangers = rows.filter(({ explained }) => explained === 'unattributed');
    expect(strangers.map(({ reason, party, leg, dataset }) => ({ reason, party, leg, dataset }))).toEqual([
      { reason: 'no-party', party: '', leg: 'telco-retail-usage', dataset: 'usage' },
      { reason: 'operator-as-party', party: '', leg: '', dataset: '' },
    ]);
  });

  test('lists every exception', () => {
    const [file] = EXCEPTION_FILES;
    const text = file!.head + STORY.exceptions.map(file!.formatRow).join('');
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(STORY.exceptions.length);
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(19);
  });
});

describe('JSON lines', () => {
  test('read back as what was written, and hold nothing that a terminal acts on', () => {
    const lines = write('accesses.jsonl', HOSTILE_STORY.rows);
    expect(lines).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
    const rows = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual(JSON.parse(JSON.stringify(HOSTILE_STORY.rows)));
  });

  test('any text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: CODE_POINT }), (text) => {
        const line = formatJsonLine({ text });
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ text })));
        expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('OCSF', () => {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(
    JSON.parse(readFileSync(join(__dirname, '../../../cases/audit/ocsf-api-activity.schema.json'), 'utf8')),
  );
  test.each([
    ['every kind of access', STORY.rows],
    ['hostile texts', HOSTILE_STORY.rows],
  ])('%s is an API Activity', (_, rows) => {
    for (const row of rows) {
      const event = describeOcsf(row) as { class_uid: number; activity_id: number; type_uid: number };
      expect(validate(event) || validate.errors).toBe(true);
      expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
    }
  });

  test.each([
    [{ kind: 'aws-service', name: 'cloudtrail.amazonaws.com' }, { invoked_by: 'cloudtrail.amazonaws.com' }],
    [{ kind: 'anonymous', name: '' }, { user: { name: 'anonymous', type_id: 0 } }],
    [{ kind: 'sftp-user', name: 'retail' }, { user: { name: 'retail', type_id: 1 } }],
  ] as const)('the actor %j', (actor, told) => {
    const event = describeOcsf({ ...STORY.rows[0]!, actor });
    expect(validate(event) || validate.errors).toBe(true);
    expect(event).toMatchObject({ actor: told });
  });

  test.each([
    ['2001:db8::1', { ip: '2001:db8::1' }],
    ['athena.amazonaws.com', { svc_name: 'athena.amazonaws.com' }],
    ['', { name: 'unknown' }],
  ])('the source %j', (ip, told) =>
    expect(describeOcsf({ ...STORY.rows[0]!, client: { ip } })).toMatchObject({ src_endpoint: told }),
  );
});
