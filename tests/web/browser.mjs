// What every page test needs: the built site behind a local server, under a path nobody foresaw, and the system's
// Chromium.
//
//   import { laboratory } from './browser.mjs';
//   const lab = laboratory();
//   lab.test('a sentence', async (at) => { ... });
//
// Each test gets a page of its own on which Netsplit already runs. When it is over, the page must not have complained:
// no uncaught error, no console error, no failed request, no request to any other place, no breach of its security
// policy.
//
// Environment: NETSPLIT_SITE (the folder; default build/web/site), CHROMIUM (the browser; default from PATH),
// NETSPLIT_SCREENSHOTS (where pictures go; default next to the site).

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../web/serve.mjs';

export const site = process.env.NETSPLIT_SITE ?? fileURLToPath(new URL('../../build/web/site', import.meta.url));
export const source = fileURLToPath(new URL('../..', import.meta.url));
const prefix = '/some/dir/';
const patience_ms = 30_000;

export function picture_path(name) {
  const folder = process.env.NETSPLIT_SCREENSHOTS ?? join(site, '../screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

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

// The system's Chromium, without a window and without a graphics card.
export const launch = () => chromium.launch({
  executablePath: browser_path(),
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
    '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// One page under test. Places are CSS pixels from its top left.
export class At {
  constructor(page, url, problems, context) {
    Object.assign(this, { page, url, problems, context });
  }

  async open(fragment = '') {
    await this.page.goto(this.url + fragment);
    return this.started();
  }

  async started() {
    await this.until(() => this.page.evaluate(() => window.netsplit?.running), 'Netsplit runs');
    return this;
  }

  // What the window shows, as the page itself reads it.
  mirror() { return this.page.evaluate(() => netsplit.mirror()); }

  command(name, argument = '') {
    return this.page.evaluate(([name, argument]) => netsplit.command(name, argument), [name, String(argument)]);
  }

  // Asks `question` again after every frame until the answer is yes; answers it.
  async until(question, sentence, limit_ms = patience_ms) {
    const deadline = Date.now() + limit_ms;
    for (;;) {
      const answer = await question();
      if (answer) return answer;
      if (Date.now() > deadline) {
        const seen = await this.page.evaluate(() => window.netsplit?.running && JSON.stringify({ ...netsplit.mirror(), controls: 0 }));
        assert.fail(`not within ${limit_ms / 1000} s: ${sentence}. Problems: ${this.problems.join('; ') || 'none'}. ` +
          `The window: ${String(seen).slice(0, 3000)}`);
      }
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  async shows(condition, sentence, limit_ms) {
    let state;
    await this.until(async () => condition(state = await this.mirror()), sentence, limit_ms);
    return state;
  }

  // No frame is drawn any more.
  async rests() {
    await this.until(() => this.page.evaluate(async () => {
      const before = netsplit.frames();
      for (let i = 0; i < 12; ++i) await new Promise(requestAnimationFrame);
      return netsplit.frames() === before;
    }), 'the page comes to rest');
  }

  async node(name) {
    const { nodes } = await this.mirror();
    return nodes.find((node) => node.name === name) ?? assert.fail(`there is no node ${name}`);
  }

  async link(from, to) {
    const { links } = await this.mirror();
    const found = links.find((link) => [link.from, link.to].sort().join() === [from, to].sort().join());
    return found ?? assert.fail(`there is no link ${from}–${to}`);
  }

  // The middle of a control of the canvas.
  async control(name) {
    const { controls } = await this.mirror();
    const found = controls.find((control) => control.name === name) ??
      assert.fail(`there is no control ${name}; there are ${controls.map((control) => control.name).join(', ')}`);
    return { x: found.x + found.w / 2, y: found.y + found.h / 2 };
  }

  async click({ x, y }, options) { await this.page.mouse.click(x, y, options); }
  async press(name) { await this.click(await this.control(name)); }
  async drag(from, to) {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(to.x, to.y, { steps: 8 });
    await this.page.mouse.up();
  }

  colours() { return colour_count(this.page); }
}

// How many different colours a picture of the page has: a blank page has one.
export async function colour_count(page) {
  const { data } = await pixels(page.context(), await page.screenshot());
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return colours.size;
}

// A PNG's pixels (RGBA), decoded by the browser; scaled to `width` by `height` cells when those are given, so that
// each is the mean of what it covers.
export async function pixels(context, png, width = 0, height = 0) {
  const blank = await context.newPage();
  try {
    const { size, text } = await blank.evaluate(async ([source, width, height]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      // Halved step by step: one large step would skip pixels.
      let canvas = image, w = image.width, h = image.height;
      const draw = (next_w, next_h) => {
        const next = new OffscreenCanvas(next_w, next_h);
        const to = next.getContext('2d');
        to.imageSmoothingQuality = 'high';
        to.drawImage(canvas, 0, 0, next_w, next_h);
        [canvas, w, h] = [next, next_w, next_h];
        return to;
      };
      while (width && w / 2 >= width && h / 2 >= height) draw(Math.round(w / 2), Math.round(h / 2));
      const { data } = draw(width || w, height || h).getImageData(0, 0, width || w, height || h);
      let text = '';
      for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
      return { size: [w, h], text: btoa(text) };
    }, [png.toString('base64'), width, height]);
    return { width: size[0], height: size[1], data: Buffer.from(text, 'base64') };
  } finally {
    await blank.close();
  }
}

// A browser and a server for the tests of one file.
export function laboratory() {
  let browser, server;
  before(async () => {
    server = await serve(site, 0, prefix);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  // `options` go to the browser's context (viewport, deviceScaleFactor, colorScheme, …), and besides:
  //   fragment  what the page's address ends in;
  //   closed    true: the test opens the page itself (at.page.goto(at.url));
  //   offline   true: the page may keep itself for use without a network, and the test may stop the server;
  //   expected  problems that belong to the test, as a pattern;
  //   limit_ms  for a test that does much.
  function run(sentence, story, options = {}) {
    const { fragment = '', closed = false, offline = false, expected = /^$/, limit_ms = 120_000, ...rest } = options;
    test(sentence, { timeout: limit_ms }, async () => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 }, serviceWorkers: offline ? 'allow' : 'block', ...rest,
      });
      const problems = [];
      const requests = [];
      await context.addInitScript(() => addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI}`)));
      context.on('request', (request) => requests.push(request.url()));
      const watch = (page) => {
        page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
        page.on('console', (message) => ['error', 'warning'].includes(message.type()) &&
          !/registration blocked by Playwright/.test(message.text()) && problems.push(`console: ${message.text()}`));
        // Chromium calls a request aborted when its last byte was read before it noticed its own end.
        page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' &&
          problems.push(`failed: ${request.url()} (${request.failure()?.errorText})`));
        page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()}: ${response.url()}`));
        return page;
      };
      try {
        const new_page = async () => new At(watch(await context.newPage()), server.url, problems, context);
        const at = await new_page();
        at.requests = requests;
        at.new_page = new_page;
        if (!closed) await at.open(fragment);
        await story(at);
        assert.deepEqual(problems.filter((problem) => !expected.test(problem)), []);
        const strayed = requests.filter((url) => !url.startsWith(at.url) && !/^(data|blob|about):/.test(url));
        assert.deepEqual(strayed, [], 'no request leaves the page’s own folder');
      } finally {
        await context.close();
      }
    });
  }
  return { test: run };
}
