// What outlasts a visit: the page itself, for use without a network, and the last work.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../web/serve.mjs';
import { laboratory, site } from './browser.mjs';

const lab = laboratory();

const taken_over = (at) => at.page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== 'activated') await new Promise((told) => active.addEventListener('statechange', told, { once: true }));
});

// A copy of the site that a test may change and take off the network.
async function own_site(at, story) {
  const folder = mkdtempSync(join(tmpdir(), 'netsplit-site-'));
  cpSync(site, folder, { recursive: true });
  const server = await serve(folder, 0, '/a/b/');
  at.url = server.url;
  try {
    return await story(folder, server);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

lab.test('with the server stopped the page loads again, plays, and checks in a Worker', async (at) => {
  await own_site(at, async (_, server) => {
    await at.open();
    await taken_over(at);
    await server.close();
    await at.page.reload();
    await at.started();
    assert.equal((await at.mirror()).scenario.id, 'lock-gc-pause');
    await at.command('play');
    await at.shows((state) => state.time_us > 100_000, 'it plays');
    await at.command('pause');
    await at.command('check', 'judge');
    await at.shows(({ checker }) => checker.tasks.some((one) => one.kind === 'judge' && one.headline), 'a Worker answers');
    await at.page.goto(at.url + 'index.html#lock-fenced');
    await at.started();
    await at.shows((state) => state.scenario.id === 'lock-fenced', 'under its other name, with another experiment');
    await at.page.goto(at.url + 'NOTICES.txt');
    assert.match(await at.page.locator('body').textContent(), /Dear ImGui/);
  });
}, { closed: true, offline: true, expected: /ERR_CONNECTION_REFUSED/ });

lab.test('a new build is seen at once, and what was kept of the old one is let go', async (at) => {
  await own_site(at, async (folder) => {
    await at.open();
    await taken_over(at);
    const kept = () => at.page.evaluate(() => caches.keys());
    const [old] = await kept();
    const build = old.split(' ').pop();
    for (const name of ['index.html', 'service.js']) {
      const file = join(folder, name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(build, '0123456789ab').replace('<title>', '<title>New '));
    }
    await at.page.reload();
    await at.started();
    assert.match(await at.page.locator('link[rel=stylesheet]').getAttribute('href'), /0123456789ab/);
    await at.until(async () => (await kept()).some((one) => one.endsWith('0123456789ab')), 'the new build is kept');
    await at.until(() => at.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting), 'it waits');
    assert.ok((await kept()).includes(old), 'as long as a page of the old one is open');
    // With no page of the old build open the new one takes over. A navigation that meets that very moment may wait
    // for ever: it is begun anew, as a person would.
    await at.page.goto('about:blank');
    await at.page.waitForTimeout(1000);
    await at.page.goto(at.url, { timeout: 10_000 }).catch(() => at.page.goto(at.url));
    await at.started();
    await at.until(async () => (await kept()).length === 1, 'the old one is gone');
    assert.match((await kept())[0], /0123456789ab$/);
  });
}, { closed: true, offline: true });

lab.test('the page can be installed', async (at) => {
  await taken_over(at);
  const client = await at.context.newCDPSession(at.page);
  const { url, errors, data } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.ok(url.startsWith(at.url));
  const manifest = JSON.parse(data);
  for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, url))).status, 200, src);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  // Playwright's contexts are windows in which nothing can be installed.
  assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== 'in-incognito'), []);
}, { offline: true });

const kept_text = (at) => at.page.evaluate(() => localStorage.getItem('netsplit /some/dir/'));

async function leaves_work(at) {
  await at.command('open', 'lock-fenced');
  await at.command('seek', 1_500_000);
  await at.command('cut', 'bob,lock');
  await at.command('seek', 3_000_000);
  await at.shows((state) => state.time_us === 3_000_000, 'three seconds in');
  return at.until(async () => {
    const link = await at.page.evaluate(() => location.hash);
    const text = await kept_text(at);
    return link && text?.endsWith(link) && text;
  }, 'the run is kept');
}

lab.test('the last work is open again at the next visit, with theme and language', async (at) => {
  await at.command('theme', 'light');
  await at.command('language', 'de');
  await leaves_work(at);
  const next = await at.new_page();
  await next.open();
  const state = await next.shows((seen) => seen.time_us === 3_000_000, 'where one left off');
  assert.equal(state.scenario.id, 'lock-fenced');
  assert.equal((await next.link('bob', 'lock')).state, 'cut');
  assert.equal(state.theme, 'light');
  assert.equal(state.language, 'de');
  assert.equal(await next.page.getAttribute('html', 'lang'), 'de');
  assert.equal(state.toast, 'Hier haben Sie aufgehört.');
  await next.until(() => next.page.evaluate(() => location.hash.startsWith('#v1.')), 'and it stands in the address');
}, { colorScheme: 'dark' });

lab.test('an address that names a run is what is opened, whatever was kept', async (at) => {
  await leaves_work(at);
  const next = await at.new_page();
  await next.open('#lock-clock-jump');
  assert.equal((await next.shows((state) => state.scenario.id === 'lock-clock-jump', 'the address counts')).toast, '');
});

const unsound = {
  damaged: (good) => good.replace(/.$/, (last) => last === 'A' ? 'B' : 'A'),
  truncated: (good) => good.slice(0, good.length / 2),
  'of a future version': (good) => good.replace(/^netsplit 1 /, 'netsplit 2 '),
  'something else': () => '{"scenario": "mine"}',
  enormous: (good) => good + 'A'.repeat(2_000_000),
};
lab.test('kept work that is not sound is left out with one sentence, and is kept anew', async (at) => {
  const good = await leaves_work(at);
  for (const [kind, make] of Object.entries(unsound)) {
    const next = await at.new_page();
    // At the last moment, so that no page that is still open keeps its own over it.
    await next.page.addInitScript((text) => localStorage.setItem('netsplit /some/dir/', text), make(good));
    await next.open();
    const state = await next.shows((seen) => seen.toast, `a sentence for what is ${kind}`);
    assert.match(state.toast, kind === 'of a future version' ? /newer Netsplit/ : /damaged/);
    assert.equal(state.scenario.id, 'lock-gc-pause', kind);
    await leaves_work(next);
    await next.page.close();
  }
});

lab.test('a browser that keeps nothing is no hindrance', async (at) => {
  await at.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new DOMException('no', 'SecurityError'); } });
  });
  await at.open();
  await at.command('cut', 'bob,lock');
  await at.until(() => at.page.evaluate(() => location.hash.startsWith('#v1.')), 'the run stands in the address');
}, { closed: true });
