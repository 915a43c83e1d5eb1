// A browser that cannot, a server that does not: a sentence instead of a blank page.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { laboratory, picture_path } from './browser.mjs';

const lab = laboratory();

async function says(at, pattern, name) {
  const failure = at.page.locator('#failure');
  await failure.waitFor();
  assert.match(await failure.textContent(), pattern);
  assert.ok((await at.page.locator('#remedy').textContent()).length > 10, 'and what to do');
  assert.equal(await at.page.locator('#mirror').isVisible(), false);
  await at.page.screenshot({ path: picture_path(`broken-${name}`) });
}

lab.test('without WebGL2 the page says so, and downloads no program', async (at) => {
  await at.page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === 'webgl2' ? null : real.call(this, kind, ...rest);
    };
  });
  await at.page.goto(at.url);
  await says(at, /WebGL2/, 'no-webgl2');
  assert.equal(at.requests.some((url) => url.includes('.wasm')), false);
}, { closed: true });

lab.test('without WebAssembly the page says so', async (at) => {
  await at.page.addInitScript(() => { delete globalThis.WebAssembly; });
  await at.page.goto(at.url);
  await says(at, /WebAssembly/, 'no-webassembly');
}, { closed: true });

lab.test('a program that is missing on the server is named, and can be asked for again', async (at) => {
  await at.page.route('**/netsplit.wasm*', (route) => route.fulfill({ status: 404, body: 'no' }));
  await at.page.goto(at.url);
  await says(at, /could not be loaded.*404/, 'missing');
  await at.page.unroute('**/netsplit.wasm*');
  const loaded = at.page.waitForEvent('load');
  await at.page.getByRole('button', { name: 'Try again' }).click();
  await loaded;
  await at.started();
}, { closed: true, expected: /404/, colorScheme: 'light' });

lab.test('a connection that breaks is told', async (at) => {
  await at.page.route('**/netsplit.wasm*', (route) => route.abort('connectionreset'));
  await at.page.goto(at.url);
  await says(at, /could not be loaded/, 'connection');
}, { closed: true, expected: /netsplit\.wasm|ERR_CONNECTION_RESET/ });

lab.test('a part of the program that is missing is told', async (at) => {
  await at.page.route('**/netsplit.js*', (route) => route.fulfill({ status: 404, body: 'no' }));
  await at.page.goto(at.url);
  await says(at, /could not be loaded/, 'part');
}, { closed: true, expected: /404|netsplit\.js/ });

lab.test('a program without its scenarios is told', async (at) => {
  await at.page.route('**/scenarios.txt*', (route) => route.fulfill({ status: 404, body: 'no' }));
  await at.page.goto(at.url);
  await says(at, /could not be loaded.*404/, 'scenarios');
}, { closed: true, expected: /404/ });

lab.test('a page without its words still says that a part is missing', async (at) => {
  await at.page.route('**/texts.js*', (route) => route.fulfill({ status: 404, body: 'no' }));
  await at.page.goto(at.url);
  const failure = at.page.locator('#failure');
  await failure.waitFor();
  assert.match(await failure.textContent(), /could not be loaded/);
}, { closed: true, expected: /404|texts\.js/ });

lab.test('a German browser is told in German', async (at) => {
  await at.page.route('**/netsplit.wasm*', (route) => route.fulfill({ status: 404, body: 'no' }));
  await at.page.goto(at.url);
  await says(at, /konnte nicht geladen werden.*404/, 'german');
  assert.equal(await at.page.getAttribute('html', 'lang'), 'de');
  assert.equal(await at.page.locator('#again').textContent(), 'Noch einmal versuchen');
}, { closed: true, expected: /404/, locale: 'de-AT' });

lab.test('a damaged program is told', async (at) => {
  await at.page.route('**/netsplit.wasm*', (route) => route.fulfill({ status: 200, body: 'this is no program' }));
  await at.page.goto(at.url);
  await says(at, /could not be loaded/, 'damaged');
}, { closed: true });

lab.test('a server that sends the program under a wrong type is forgiven', async (at) => {
  await at.page.route('**/netsplit.wasm*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'text/plain' } });
  });
  await at.open();
}, { closed: true });

lab.test('a browser that gives no stream of bytes loads it too', async (at) => {
  await at.page.addInitScript(() => Object.defineProperty(Response.prototype, 'body', { get: () => undefined }));
  await at.open();
}, { closed: true });

lab.test('the progress is that of the bytes', async (at) => {
  let let_through;
  const held = new Promise((go) => { let_through = go; });
  await at.page.route('**/netsplit.js*', async (route) => {
    await held;
    await route.continue();
  });
  await at.page.goto(at.url, { waitUntil: 'commit' });
  await at.until(() => at.page.evaluate(() => document.getElementById('progress')?.value === 1), 'all bytes are there');
  assert.match(await at.page.locator('#loading').textContent(), /^([\d,]+) of \1 kB$/);
  // Not page.screenshot: that waits for the page to be loaded.
  const client = await at.context.newCDPSession(at.page);
  const { data } = await client.send('Page.captureScreenshot');
  writeFileSync(picture_path('loading'), Buffer.from(data, 'base64'));
  let_through();
  await at.started();
}, { closed: true });

lab.test('without JavaScript there is a sentence', async (at) => {
  await at.page.goto(at.url);
  await at.page.getByText(/needs JavaScript/).waitFor();
  await at.page.screenshot({ path: picture_path('broken-no-javascript') });
}, { closed: true, javaScriptEnabled: false });

lab.test('a fault of the program itself is told, and the run is kept in the address', async (at) => {
  await at.page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }));
  await says(at, /has stopped/, 'stopped');
}, { expected: /unreachable/ });
