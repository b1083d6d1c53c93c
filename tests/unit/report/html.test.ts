import fc from 'fast-check';
import { html, renderMarkup, trustMarkup } from '../../../lib/report/html';
import { CODE_POINT } from '../../fixtures/code-point';

const HOSTILE: readonly (readonly [string, string])[] = [
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ["' onfocus='alert(1)", '&#39; onfocus=&#39;alert(1)'],
  [']]>', ']]&gt;'],
  ['&amp;', '&amp;amp;'],
  ['abc\u202Egpj.exe', 'abc[U+202E]gpj.exe'],
  ['\u2066isolate\u2069', '[U+2066]isolate[U+2069]'],
  ['\u200Fmark\u061C', '[U+200F]mark[U+061C]'],
  ['nul\u0000bell\u0007', 'nul[U+0000]bell[U+0007]'],
  ['line\u2028end', 'line[U+2028]end'],
  ['lone \uD800 half', 'lone [U+D800] half'],
  ['kept: שלום, 東京, 👩‍👩‍👧, tab\tand\nline', 'kept: שלום, 東京, 👩‍👩‍👧, tab\tand\nline'],
];

test.each(HOSTILE)('%j is shown as text', (value, shown) => {
  expect(renderMarkup(html`<p title="${value}">${value}</p>`)).toBe(`<p title="${shown}">${shown}</p>`);
});

test('no text leaves its place, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: CODE_POINT }), (text) => {
      const inside = renderMarkup(html`${text}`);
      expect(inside).not.toMatch(/[<>"']/);
      expect(inside.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
    }),
  );
});

test('markup, lists, numbers and nothing go in as they are', () => {
  const items = ['<a>', trustMarkup('<b>bold</b>'), [html`<i>${'&'}</i>`], 7, undefined];
  expect(renderMarkup(html`<ul>${items}</ul>`)).toBe('<ul>&lt;a&gt;<b>bold</b><i>&amp;</i>7</ul>');
});
