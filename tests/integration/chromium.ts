import { existsSync } from 'node:fs';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** How to start a Chromium that talks to nobody. @throws Error that says what to install, when there is none. */
export function findChromium(): { readonly executablePath: string; readonly args: string[] } {
  const named = process.env.CHROMIUM_PATH;
  const executablePath = (named ? [named] : USUAL_PLACES).find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      named
        ? `CHROMIUM_PATH names ${named}, which does not exist. Point it to a Chromium or Chrome executable.`
        : 'These tests look at pages in a browser, and none was found. Install Chromium (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), or name one in CHROMIUM_PATH.',
    );
  }
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}
