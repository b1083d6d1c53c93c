import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { renderAuditReport } from '../../../lib/report/audit/render-audit-report';
import { type StoryOptions, tellAuditStory } from '../../fixtures/audit-story';
import { pageOfStory } from '../../fixtures/page-of-story';
import { findChromium } from '../chromium';

const HOSTILE = `<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202E"';=cmd|'/C calc'!A1\r\n\u001B[2J\u009B2J\u2028`;
const SAMPLES: Readonly<Record<string, StoryOptions>> = {
  eventful: { accesses: 2000 },
  quiet: { accesses: 300, quiet: true },
  hostile: { accesses: 60, hostile: HOSTILE },
  empty: { accesses: 0, quiet: true },
  large: { accesses: 99_900 },
};
const NAMES = Object.keys(SAMPLES);
const SMALL = NAMES.filter((name) => name !== 'large');
const PHONE = 390;

const folder = mkdtempSync(join(tmpdir(), 'audit-report-'));
const sizes = new Map<string, number>();
/** How many accesses each story tells of: the room's own are none of the page's. */
const told = new Map<string, string>();
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch(findChromium());
  for (const [name, options] of Object.entries(SAMPLES)) {
    const story = tellAuditStory(options);
    writeFileSync(fileOf(name), renderAuditReport(story.report, pageOfStory(story)));
    sizes.set(name, statSync(fileOf(name)).size);
    const { length } = story.rows.filter(({ explained }) => explained.kind !== 'internal');
    told.set(name, length.toLocaleString('en'));
  }
}, 180_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string): string {
  return join(folder, `${name}.html`);
}

/** Opens a sample, looks at it, and closes it. */
async function visit<T>(name: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(fileOf(name)).href);
    return await look(page);
  } finally {
    await context.close();
  }
}

const statusOf = (page: Page) => page.locator('#rows-status').textContent();

test.each(NAMES)(
  '%s: asks for nothing but itself, runs nothing but its own script, and the console stays silent',
  async (name) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const [requests, messages]: [string[], string[]] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('dialog', (dialog) => messages.push(dialog.message()));
    const url = pathToFileURL(fileOf(name)).href;
    await page.goto(url, { waitUntil: 'networkidle' });
    if (name !== 'empty') await page.locator('#filter').waitFor({ state: 'visible' });
    await context.close();
    expect(requests.filter((request) => request !== 'data:,' && !request.startsWith('blob:'))).toEqual([url]);
    expect(messages).toEqual([]);
  },
);

test.each([721, 768, 780, 820, 864, 900])('at %i pixels no table leaves its card, nor the page', async (width) => {
  const seen = await visit('eventful', { viewport: { width, height: 900 } }, async (page) => {
    await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`);
    return page.evaluate<{ width: number; outside: string[] }>(`({
      width: document.documentElement.scrollWidth,
      outside: [...document.querySelectorAll('table')]
        .filter((table) => table.getBoundingClientRect().right > table.parentElement.getBoundingClientRect().right + 1)
        .map((table) => table.className),
    })`);
  });
  expect(seen).toEqual({ width, outside: [] });
});

describe.each([1280, PHONE])('at %i pixels', (width) => {
  test.each(SMALL)('%s: never scrolls sideways, and no letter of a plot is small or outside', async (name) => {
    const seen = await visit(name, { viewport: { width, height: 900 } }, async (page) => {
      await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`);
      return page.evaluate<{ width: number; small: string[]; outside: string[] }>(`(() => {
        const texts = [...document.querySelectorAll('svg text')].map((text) => ({ text, box: text.getBoundingClientRect() }));
        const name = ({ text }) => text.closest('svg[role]').querySelector('title').textContent + ': ' + text.textContent;
        return {
          width: document.documentElement.scrollWidth,
          small: texts.filter(({ text }) => parseFloat(getComputedStyle(text).fontSize) < 11).map(name),
          outside: texts.filter(({ box }) => box.left < 0 || box.right > innerWidth).map(name),
        };
      })()`);
    });
    expect(seen).toEqual({ width, small: [], outside: [] });
  });

  test.each(['light', 'dark'] as const)('%s: has no serious fault of accessibility', async (colorScheme) => {
    const faults = await visit('eventful', { viewport: { width, height: 900 }, colorScheme }, async (page) => {
      await page.locator('#filter').waitFor({ state: 'visible' });
      await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`);
      await page.evaluate(axe.source);
      return page.evaluate<string[]>(
        `axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`,
      );
    });
    expect(faults).toEqual([]);
  });

  test('no two figures of a plot cover each other', async () => {
    const covered = await visit('eventful', { viewport: { width, height: 900 } }, (page) =>
      page.evaluate<string[]>(`[...document.querySelectorAll('svg[role]')].flatMap((plot) => {
        const texts = [...plot.querySelectorAll('text')].filter((text) => text.textContent !== '');
        const boxes = texts.map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
        return boxes.flatMap((one, at) => boxes.slice(at + 1)
          .filter((two) => one.box.left < two.box.right && two.box.left < one.box.right && one.box.top < two.box.bottom - 2 && two.box.top < one.box.bottom - 2)
          .map((two) => one.words + ' / ' + two.words));
      })`),
    );
    expect(covered).toEqual([]);
  });
});

test.each([1280, PHONE])(
  'at %i pixels a stranger’s breach is seen with its dataset, and what has no arrow in the caption',
  async (width) => {
    const seen = await visit('eventful', { viewport: { width, height: 900 } }, async (page) => {
      const figure = (title: string) => page.locator('figure', { has: page.getByRole('heading', { name: title }) });
      const column = await figure('Who reached what').locator('.heat-parties li').count();
      return {
        column,
        strangers: await figure('Who reached what').locator('svg desc').textContent(),
        arrows: await figure('Between accounts').locator('svg[role] title').allTextContents(),
        caption: await figure('Between accounts').locator('figcaption').textContent(),
        isShown: await figure('Between accounts').locator('figcaption').isVisible(),
      };
    });
    expect(seen.column).toBe(4);
    expect(seen.strangers).toContain('not attributed, usage: 1, breaches: 1;');
    expect(seen.arrows.filter((title) => title.endsWith('→ no party'))).toHaveLength(1);
    expect(seen.arrows.every((title) => new Set(title.split(' → ')).size === 2)).toBe(true);
    expect(seen.caption).toMatch(/ Without an arrow: 1 access of which an account is not told \(size not told\)\.$/);
    expect(seen.isShown).toBe(true);
  },
);

test('is read without JavaScript: verdict, exceptions, first accesses, and where the rest is', async () => {
  const seen = await visit('eventful', { javaScriptEnabled: false }, async (page) => ({
    verdict: await page.getByRole('heading', { level: 1 }).isVisible(),
    exceptions: await page.getByText('A party reached data of its own leg').isVisible(),
    rows: await page.locator('#rows tbody tr').count(),
    filter: await page.locator('#filter').isVisible(),
    status: await statusOf(page),
  }));
  expect(seen).toEqual({
    verdict: true,
    exceptions: true,
    rows: 25,
    filter: false,
    status: `The first 25 accesses of ${told.get('eventful')}; every one is in accesses.csv. Search and filters need JavaScript.`,
  });
});

test('the script shows the same rows as the page without it', async () => {
  const read = (page: Page) => page.evaluate<string>(`document.querySelector('#rows tbody').textContent`);
  const squeeze = (text: string) => text.replace(/\s+/g, '');
  const without = await visit('hostile', { javaScriptEnabled: false }, read);
  const withScript = await visit('hostile', {}, async (page) => {
    await page.locator('#filter').waitFor({ state: 'visible' });
    return read(page);
  });
  expect(squeeze(withScript)).toBe(squeeze(without));
});

test('hostile texts are shown as text, with what could hide or reorder others by its code', async () => {
  const { text, images, scripts } = await visit('hostile', {}, async (page) => {
    await page.locator('#filter').waitFor({ state: 'visible' });
    return {
      text: await page.evaluate<string>(`document.querySelector('main').textContent`),
      images: await page.locator('img').count(),
      scripts: await page.locator('script').count(),
    };
  });
  expect(text).toContain('<img src=x onerror=alert(1)></script><script>alert(2)</script>[U+202E]');
  expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
  expect([images, scripts]).toEqual([0, 1]);
});

test('search, filters and pages show what they say', async () => {
  const seen = await visit('eventful', {}, async (page) => {
    const answers: (string | null)[] = [];
    const answer = async (act: () => Promise<unknown>) => {
      const before = await statusOf(page);
      await act();
      for (let tries = 0; tries < 200 && (await statusOf(page)) === before; tries += 1) await page.waitForTimeout(20);
      answers.push(await statusOf(page));
    };
    await page.locator('#filter').waitFor({ state: 'visible' });
    answers.push(await statusOf(page));
    await answer(() => page.getByLabel('State').selectOption({ label: 'Unattributed' }));
    expect(await page.locator('#rows tbody').textContent()).toContain('no agreement names this account or user');
    await answer(() => page.locator('#filter [name=dataset]').selectOption({ label: 'usage' }));
    await answer(() => page.getByRole('button', { name: 'Clear' }).click());
    await answer(() => page.getByLabel('Search').fill('ROUND-12 notebook'));
    const found = await page.locator('#rows tbody tr').allTextContents();
    expect(found.every((row) => row.includes('round-12') && row.includes('notebook'))).toBe(true);
    await answer(() => page.getByLabel('Search').fill('nothing of the kind'));
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    answers.push(await page.locator('#pager span').textContent());
    return answers;
  });
  expect(seen).toEqual([
    `${told.get('eventful')} accesses.`,
    `2 accesses of ${told.get('eventful')} match.`,
    `1 access of ${told.get('eventful')} match.`,
    `${told.get('eventful')} accesses.`,
    `3 accesses of ${told.get('eventful')} match.`,
    'No access matches.',
    `26–50 of ${told.get('eventful')}`,
  ]);
});

test('a hundred thousand accesses: below 2 MB, all of them searched', async () => {
  const seen = await visit('large', {}, async (page) => {
    await page.locator('#filter').waitFor({ state: 'visible', timeout: 30_000 });
    const loaded = await page.evaluate<number>('Math.round(performance.now())');
    const all = await statusOf(page);
    const took = await page.evaluate<number>(`new Promise((resolve) => {
      const status = document.getElementById('rows-status');
      const began = performance.now();
      new MutationObserver(() => resolve(Math.round(performance.now() - began))).observe(status, { childList: true });
      const field = document.querySelector('[name=text]');
      field.value = 'part-00007 analytics';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    })`);
    return { all, loaded, took, found: await statusOf(page) };
  });
  process.stdout.write(
    `audit report of ${told.get('large')} accesses: ${((sizes.get('large') ?? 0) / 1e6).toFixed(2)} MB, ready after ${seen.loaded} ms, a search takes ${seen.took} ms with its 120 ms of waiting for the next key\n`,
  );
  expect(sizes.get('large')).toBeLessThan(2_000_000);
  expect(seen.all).toBe(`${told.get('large')} accesses.`);
  expect(seen.found).toMatch(new RegExp(`^[\\d,]+ accesses of ${told.get('large')} match\\.$`));
});

test('on paper it is light, open and without what only works on a screen', async () => {
  const paper = await visit('eventful', { colorScheme: 'dark' }, async (page) => {
    await page.locator('#filter').waitFor({ state: 'visible' });
    await page.emulateMedia({ media: 'print' });
    return page.evaluate<Record<string, unknown>>(`({
      background: getComputedStyle(document.body).backgroundColor,
      navigation: getComputedStyle(document.querySelector('nav')).display,
      filter: getComputedStyle(document.getElementById('filter')).display,
      pager: getComputedStyle(document.getElementById('pager')).display,
      // What the pack has as a file, and the evidence of each row, is printed where it was opened.
      closed: [...document.querySelectorAll('details:not(.listed, .accesses .proofs) > :not(summary)')].filter((part) => part.getBoundingClientRect().height === 0 && part.textContent.trim() !== '').length,
    })`);
  });
  expect(paper).toEqual({
    background: 'rgb(255, 255, 255)',
    navigation: 'none',
    filter: 'none',
    pager: 'none',
    closed: 0,
  });
});

test('a keyboard reaches the filter and sees where it is', async () => {
  const outline = await visit('eventful', {}, async (page) => {
    await page.locator('#filter').waitFor({ state: 'visible' });
    await page.locator('#filter [name=dataset]').focus();
    await page.keyboard.press('Tab');
    return page.evaluate<string>(
      `(() => { const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement); return document.activeElement.name + ' ' + outlineStyle + ' ' + outlineWidth; })()`,
    );
  });
  expect(outline).toBe('state solid 3px');
});
