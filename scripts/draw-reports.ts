import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { renderAuditReport } from '../lib/report/audit/render-audit-report';
import { tellAuditStory } from '../tests/fixtures/audit-story';
import { pageOfStory } from '../tests/fixtures/page-of-story';
import { findChromium } from '../tests/integration/chromium';

const IMAGES = join(__dirname, '../docs/images');
const WIDTH = 1100;
/** What `npm start` leaves. */
const ROOM = 'out/telco-retail/room.html';

/** Draws the pages in docs/images: `npm run images`. That of a round only where one was run before. */
async function drawReports(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'barter-images-'));
  const browser = await chromium.launch(findChromium());
  try {
    const audit = join(folder, 'audit.html');
    const story = tellAuditStory({ accesses: 3000 });
    writeFileSync(audit, renderAuditReport(story.report, pageOfStory(story)));
    await draw(browser, audit, 'audit-report.png', 3100);
    if (existsSync(ROOM)) await draw(browser, resolve(ROOM), 'room-report.png', 1000);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The top of a page; of exceptions the first alone is open. */
async function draw(browser: Browser, file: string, image: string, height: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height } });
  await page.goto(pathToFileURL(file).href, { waitUntil: 'networkidle' });
  await page.evaluate(`for (const each of [...document.querySelectorAll('.exception')].slice(1)) each.open = false`);
  await page.screenshot({ path: join(IMAGES, image) });
  await page.close();
}

drawReports();
