import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import { buildRoomReport } from '../../../lib/domain/exchange/report/build-room-report';
import type { RoundOutcome } from '../../../lib/domain/exchange/rounds/round';
import { renderRoomReport } from '../../../lib/report/render-room-report';
import { deliverRound, withholdRound } from '../../fixtures/round-outcome';
import { makeCrowdedPlan, makePlanWithoutClasses, makeRingPlan, makeTwoPartyPlan } from '../../fixtures/sample-plan';
import { findChromium } from '../chromium';

const SAMPLES: Readonly<Record<string, { readonly plan: Plan; readonly round: (plan: Plan) => RoundOutcome }>> = {
  delivered: { plan: makeTwoPartyPlan(), round: deliverRound },
  withheld: { plan: makeTwoPartyPlan(), round: withholdRound },
  ring: { plan: makeRingPlan(), round: deliverRound },
  'no classes': { plan: makePlanWithoutClasses(), round: deliverRound },
  'ten parties': { plan: makeCrowdedPlan(10, 20), round: deliverRound },
  'long names': { plan: makeLongPlan(), round: deliverRound },
};
const NAMES = Object.keys(SAMPLES);
const PHONE = 390;
const VIEWS = [1280, PHONE].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [width, scheme] as const));

const folder = mkdtempSync(join(tmpdir(), 'room-report-'));
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch(findChromium());
  for (const [name, { plan, round }] of Object.entries(SAMPLES)) {
    const report = buildRoomReport(plan, round(plan), { toolVersion: '0.1.0', produced: '2026-03-02' });
    writeFileSync(fileOf(name), renderRoomReport(report));
  }
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string): string {
  return join(folder, `${name.replace(' ', '-')}.html`);
}

/** Names as long as a file's columns may be, without a place to break. */
function makeLongPlan(): Plan {
  const plan = makeTwoPartyPlan();
  const long = 'W'.repeat(128);
  return {
    ...plan,
    agreement: { ...plan.agreement, title: long },
    parties: plan.parties.map((party) => ({ ...party, name: `${party.name} ${long}` })),
    datasets: plan.datasets.map((dataset) => ({
      ...dataset,
      title: long,
      columns: [...dataset.columns, { ...dataset.columns[0]!, name: long }],
    })),
  };
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

test.each(NAMES)('%s: asks for nothing but itself, and the console stays silent', async (name) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const [requests, messages]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  const url = pathToFileURL(fileOf(name)).href;
  await page.goto(url, { waitUntil: 'networkidle' });
  await context.close();
  expect(requests.filter((request) => request !== 'data:,')).toEqual([url]);
  expect(messages).toEqual([]);
});

describe.each(VIEWS)('at %i pixels, %s', (width, colorScheme) => {
  const options = { viewport: { width, height: 900 }, colorScheme };

  // The pages of many parties repeat what these have.
  test.each(['delivered', 'withheld', 'no classes', 'long names'])(
    '%s: has no serious fault of accessibility',
    async (name) => {
      const faults = await visit(name, options, async (page) => {
        await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`);
        await page.evaluate(axe.source);
        return page.evaluate<string[]>(
          `axe.run().then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`,
        );
      });
      expect(faults).toEqual([]);
    },
  );
});

describe.each([1280, PHONE])('at %i pixels', (width) => {
  test.each(NAMES)('%s: never scrolls sideways, and no letter of a plot is small or outside', async (name) => {
    const seen = await visit(name, { viewport: { width, height: 900 } }, (page) =>
      page.evaluate<{ width: number; small: string[]; outside: string[] }>(`(() => {
        const texts = [...document.querySelectorAll('svg text')].map((text) => ({ text, box: text.getBoundingClientRect() }));
        const name = ({ text }) => text.closest('svg[role]').querySelector('title').textContent + ': ' + text.textContent;
        return {
          width: document.documentElement.scrollWidth,
          small: texts.filter(({ text }) => parseFloat(getComputedStyle(text).fontSize) < 11).map(name),
          outside: texts.filter(({ box }) => box.left < 0 || box.right > innerWidth).map(name),
        };
      })()`),
    );
    expect(seen).toEqual({ width, small: [], outside: [] });
  });

  test('no two figures of a plot cover each other', async () => {
    const covered = await visit('delivered', { viewport: { width, height: 900 } }, (page) =>
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

test('twenty legs are rendered within a second', () => {
  const plan = makeCrowdedPlan(10, 20);
  const report = buildRoomReport(plan, deliverRound(plan), { toolVersion: '0.1.0', produced: '2026-03-02' });
  const began = performance.now();
  renderRoomReport(report);
  expect(performance.now() - began).toBeLessThan(1000);
});

test('is read without JavaScript, and opens a fold-out without it', async () => {
  const shown = await visit('delivered', { javaScriptEnabled: false }, async (page) => {
    const hash = page.getByText(/^[0-9a-f]{64}$/).first();
    const folded = await hash.isVisible();
    await page.getByText('Hashes (SHA-256)').first().click();
    return [await page.getByText('Both releases delivered').isVisible(), folded, await hash.isVisible()];
  });
  expect(shown).toEqual([true, false, true]);
});

test('on paper it is light, open and uncut, without the links of the screen', async () => {
  const paper = await visit('delivered', { colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    return page.evaluate<Record<string, unknown>>(`({
      background: getComputedStyle(document.body).backgroundColor,
      navigation: getComputedStyle(document.querySelector('nav')).display,
      closed: [...document.querySelectorAll('details > :not(summary)')].filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }) || part.getBoundingClientRect().height === 0).length,
      cut: [...document.querySelectorAll('svg[role]')].filter((plot) => getComputedStyle(plot).breakInside !== 'avoid').length,
    })`);
  });
  expect(paper).toEqual({ background: 'rgb(255, 255, 255)', navigation: 'none', closed: 0, cut: 0 });
});

test('a keyboard sees where it is', async () => {
  const outline = await visit('delivered', {}, async (page) => {
    await page.keyboard.press('Tab');
    return page.evaluate<string>(
      `(() => { const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement); return document.activeElement.tagName + ' ' + outlineStyle + ' ' + outlineWidth; })()`,
    );
  });
  expect(outline).toBe('A solid 3px');
});
