// What every page test needs: the built site behind a local server, under a path nobody foresaw, and the system's
// Chromium.
//
//   import { laboratory } from './browser.mjs';
//   const lab = laboratory();
//   lab.test('a sentence', async (at) => { ... });
//
// Each test gets a page freshly loaded on which Netsplit already runs; tests that ask for the same screen get it in the
// same tab, which spares a process and its start. When a test is over, the page must not have complained: no uncaught
// error, no console error, no failed request, no request to any other place, no breach of its security policy.
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

  // What `find` picks from the mirror, once it is there and stands where it stood a frame before.
  async still(find, sentence) {
    let before = null;
    return this.until(async () => {
      const found = find(await this.mirror());
      const stands = found && before && found.x === before.x && found.y === before.y;
      before = found;
      return stands && found;
    }, sentence);
  }

  node(name) {
    return this.still(({ nodes }) => nodes.find((node) => node.name === name), `there is a node ${name}`);
  }

  link(from, to) {
    const ends = [from, to].sort().join();
    return this.still(({ links }) => links.find((link) => [link.from, link.to].sort().join() === ends),
      `there is a link ${from}–${to}`);
  }

  // A control of the canvas that can be pressed: its rectangle.
  area(name) {
    return this.still(({ controls }) => controls.find((control) => control.name === name && control.enabled),
      `there is a control ${name}`);
  }

  // Its middle.
  async control(name) {
    const { x, y, w, h } = await this.area(name);
    return { x: x + w / 2, y: y + h / 2 };
  }

  async click({ x, y }, options) { await this.page.mouse.click(x, y, options); }
  async press(name) { await this.click(await this.control(name)); }
  // Gives the keyboard to what is hidden until it can take it.
  async focus(selector) {
    await this.until(() => this.page.locator(selector).evaluate((element) => {
      element.focus();
      return document.activeElement === element;
    }), `${selector} takes the keyboard`);
  }

  // Types into the field that takes text, once there is one.
  async type(text) {
    await this.until(() => this.page.evaluate(() => Module._page_wants_text()), 'a field takes text');
    await this.page.keyboard.type(text);
  }

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

// A context of the browser's, what its pages complained of and asked for, and its first page.
class Tab {
  // `screen` goes to the browser's context. A page that is not `seen` does everything up to its last call: only the
  // triangles are not painted and the canvas is not shown, which without a graphics card is nine tenths of a frame.
  static async open(browser, url, { offline = false, seen = false, ...screen }) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 }, serviceWorkers: offline ? 'allow' : 'block', ...screen,
    });
    const tab = Object.assign(new Tab(), { context, url, problems: [], requests: [] });
    await context.addInitScript(() => addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI}`)));
    if (!seen) {
      await context.addInitScript(() => {
        WebGL2RenderingContext.prototype.drawElements = () => {};
        addEventListener('DOMContentLoaded', () => document.getElementById('canvas')?.style.setProperty('opacity', 0));
      });
    }
    context.on('request', (request) => tab.requests.push(request.url()));
    tab.at = await tab.new_page();
    return tab;
  }

  async new_page() {
    const page = await this.context.newPage();
    const say = (problem) => this.problems.push(problem);
    page.on('pageerror', (error) => say(`uncaught: ${error.message}`));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) &&
      !/registration blocked by Playwright/.test(message.text()) && say(`console: ${message.text()}`));
    // Chromium calls a request aborted when its last byte was read before it noticed its own end.
    page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' &&
      say(`failed: ${request.url()} (${request.failure()?.errorText})`));
    page.on('response', (response) => response.status() >= 400 && say(`${response.status()}: ${response.url()}`));
    return Object.assign(new At(page, this.url, this.problems, this.context),
      { requests: this.requests, new_page: () => this.new_page() });
  }

  // The page as at a first visit, at another address. Requires: the test before ended well.
  async renew(fragment) {
    const { page } = this.at;
    for (const other of this.context.pages()) if (other !== page) await other.close();
    await page.mouse.move(0, 0);
    await page.evaluate((address) => {
      Object.assign(netsplit, { keep() {}, link_changed() {} });
      localStorage.clear();
      history.replaceState(null, '', address);
    }, this.url + fragment);
    this.problems.length = this.requests.length = 0;
    await page.reload();
    await this.at.started();
  }
}

// A browser and a server for the tests of one file.
export function laboratory() {
  let browser, server;
  const tabs = new Map();  // by what they were asked for
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
  //   seen      true: the test looks at the picture (colours, screenshots);
  //   alone     true: the test changes what outlasts a page (the size of the tab, its media), and has a tab of its own;
  //   closed    true: the test opens the page itself (at.page.goto(at.url)), in a tab of its own;
  //   offline   true: the page may keep itself for use without a network, and the test may stop the server;
  //   expected  problems that belong to the test, as a pattern;
  //   limit_ms  for a test that does much.
  function run(sentence, story, options = {}) {
    const { fragment = '', alone = false, closed = false, expected = /^$/, limit_ms = 120_000, ...rest } = options;
    const own = alone || closed || rest.offline;
    const asked = JSON.stringify(rest);
    test(sentence, { timeout: limit_ms }, async () => {
      const used = own ? undefined : tabs.get(asked);
      const tab = used ?? await Tab.open(browser, server.url, rest);
      tabs.delete(asked);
      let well = false;
      try {
        if (used) await tab.renew(fragment);
        else if (!closed) await tab.at.open(fragment);
        await story(tab.at);
        assert.deepEqual(tab.problems.filter((problem) => !expected.test(problem)), []);
        const strayed = tab.requests.filter((url) => !url.startsWith(tab.at.url) && !/^(data|blob|about):/.test(url));
        assert.deepEqual(strayed, [], 'no request leaves the page’s own folder');
        well = true;
      } finally {
        if (well && !own) tabs.set(asked, tab);
        else await tab.context.close();
      }
    });
  }
  return { test: run };
}
