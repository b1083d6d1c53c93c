import pc from 'picocolors';
import { describeProfile } from '../../../../lib/cli/describe/describe-profile';
import type { ColumnProfile, FileProfile } from '../../../../lib/domain/discovery/column-profile';
import { proposeColumn } from '../../../../lib/domain/discovery/propose-column';

const column = (name: string, changed: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  type: { kind: 'string' },
  rows: 100,
  missing: 0,
  distinct: 2,
  longest: 10,
  once: 0,
  entropy: 1,
  shape: { form: 'Aaaa', share: 1 },
  recognised: [],
  ...changed,
});
const profile = (...names: readonly string[]): FileProfile => ({
  name: 'people.csv',
  missingTexts: [],
  rows: 100,
  columns: names.map((name) => column(name)),
  risk: { columns: names, upTo: 1, counted: names.length, worst: [{ columns: names, alone: 0.5 }] },
});
const describeIt = (...names: readonly string[]) => describeProfile(profile(...names), pc.createColors(false));

test('what a file calls its columns neither colours the terminal nor rings its bell', () => {
  const text = describeIt('na\u001b[31mme\u0007', 'line\nfeed', 'link\u001b]8;;http://x\u0007');
  expect(text).toContain('na[U+001B][31mme[U+0007]');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test.each<[boolean, readonly string[]]>([
  [true, ['30', '1948-05-04', 'Köln']],
  [true, ['eva@example.org', '73,64', '12']],
  [false, ['id', '2024', '2025', 'name']],
  [false, ['age']],
])('a first line that looks like data is told: %s', (told, names) => {
  expect(describeIt(...names).includes('looks like data')).toBe(told);
});

test.each<[string, Partial<ColumnProfile>, object]>([
  ['two values in few rows say nothing', { rows: 3 }, { role: 'quasi' }],
  ['two values in many rows', {}, { role: 'plain', reason: 'two values at most' }],
  [
    'a birth date that is no date: its first characters are the day',
    {
      distinct: 90,
      recognised: [{ kind: 'birth-date', title: 'date of birth', nature: 'quasi', by: 'name', matched: 9, looked: 9 }],
    },
    { role: 'quasi', treatment: 'drop', reason: expect.stringContaining('as YYYY-MM-DD') },
  ],
])('%s', (_, changed, proposed) => {
  expect(proposeColumn(column('geboren', changed), undefined)).toMatchObject(proposed);
});
