// What the page costs its visitor, for `./dev bench`: the download, compressed as a good host does, of which the program
// has a target, and the time from asking for the page to its first frame in headless Chromium, against another. A fixed loop in the same browser
// says how fast the machine was.
//
//   node page_bench.mjs        (environment as for the page's tests: see browser.mjs)

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { serve } from '../../web/serve.mjs';
import { launch, site } from './browser.mjs';

const starts = 5;
const program_kb_max = 700;
const first_frame_s_max = 2;

// What a first visit waits for; the Worker's program, licences and icons come later, or never.
const loaded = /\.(html|css|js|wasm)$|^scenarios\.txt$/;
const later = /^(netsplit-worker\.|worker\.js|service\.js)/;
const compressed = (name) => brotliCompressSync(readFileSync(join(site, name)),
  { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;
const sizes = readdirSync(site).filter((name) => loaded.test(name) && !later.test(name))
  .map((name) => ({ name, bytes: compressed(name) })).sort((a, b) => b.bytes - a.bytes);
const total_kb = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(sizes.filter(({ bytes }) => bytes > 2000).map(({ name, bytes }) => `${name} ${kb(bytes)}`).join(', '));
const verdict = (reached) => reached ? '' : '  <- missed';
const program_kb = sizes.find(({ name }) => name === 'netsplit.wasm').bytes / 1000;
console.log(`the program with its fonts, compressed (brotli): ${program_kb.toFixed(1)} kB ` +
  `(target: at most ${program_kb_max})${verdict(program_kb <= program_kb_max)}; all that a first visit waits for: ` +
  `${total_kb.toFixed(0)} kB; with the first long job: ${kb(compressed('netsplit-worker.wasm'))}`);

const server = await serve(site, 0, '/bench/');
const browser = await launch();
const times_s = [];
let loop_ms = Infinity;
for (let i = 0; i < starts; ++i) {
  // A context of its own each time: nothing is cached, nothing is compiled already.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const watch = () => {
      if (window.netsplit?.running) window.first_frame_ms = performance.now();
      else requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
  await page.goto(server.url);
  await page.waitForFunction(() => window.first_frame_ms);
  times_s.push(await page.evaluate(() => first_frame_ms) / 1000);
  loop_ms = Math.min(loop_ms, await page.evaluate(() => {
    const begun = performance.now();
    let x = 1;
    for (let n = 0; n < 1e7; ++n) x = Math.imul(x ^ n, 2654435761);
    return x === 0 ? 0 : performance.now() - begun;
  }));
  await context.close();
}
await browser.close();
await server.close();
times_s.sort((a, b) => a - b);
const median_s = times_s[starts >> 1];
console.log(`first frame in Chromium: ${median_s.toFixed(2)} s, the median of ${starts}, ${times_s[0].toFixed(2)} to ` +
  `${times_s.at(-1).toFixed(2)} (target: at most ${first_frame_s_max})${verdict(median_s <= first_frame_s_max)}; ` +
  `ten million multiplications took ${loop_ms.toFixed(0)} ms there`);
