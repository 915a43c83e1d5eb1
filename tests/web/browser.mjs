// What every page test needs: the built site behind a local server, and a page in the system's Chromium.
//
//   import { open_page, check } from './browser.mjs';
//   await open_page(async ({ page, url, problems }) => { ... });
//
// Environment: NETSPLIT_SITE (the folder; default build/web/site), CHROMIUM (the browser; default from PATH).

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../web/serve.mjs';

const site = process.env.NETSPLIT_SITE ?? fileURLToPath(new URL('../../build/web/site', import.meta.url));

function browser_path() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = process.env.PATH.split(delimiter);
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(existsSync);
    if (found) return found;
  }
  throw new Error('No Chromium was found: install it (Debian: chromium) or name it in CHROMIUM.');
}

// Runs `story` on a fresh page of the site and closes everything. `options` go to the browser context
// (viewport, deviceScaleFactor, colorScheme, reducedMotion, ...). `problems` collects what the page must never
// produce: uncaught errors, console errors (a refused script shows up here) and failed requests.
export async function open_page(story, options = {}) {
  const server = await serve(site);
  const browser = await chromium.launch({
    executablePath: browser_path(),
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
      '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const problems = [];
    const new_page = async () => {
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
      page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
      page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
      page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()}: ${response.url()}`));
      return page;
    };
    await story({ page: await new_page(), new_page, context, browser, url: server.url, problems });
  } finally {
    await browser.close();
    await server.close();
  }
}

// How many different colours a screenshot of the page has, sampled on a grid: a blank page has one.
export async function colour_count(page) {
  const png = (await page.screenshot()).toString('base64');
  return page.context().newPage().then(async (blank) => {
    const count = await blank.evaluate(async (source) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const draw = canvas.getContext('2d');
      draw.drawImage(image, 0, 0);
      const { data } = draw.getImageData(0, 0, image.width, image.height);
      const colours = new Set();
      for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      return colours.size;
    }, png);
    await blank.close();
    return count;
  });
}
