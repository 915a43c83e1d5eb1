// The page starts anywhere, shows the first experiment, and lies still when nothing moves.
import assert from 'node:assert/strict';
import { laboratory } from './browser.mjs';

const lab = laboratory();

lab.test('the page opens on the lock that lies, within seconds, from any folder of any host', async (at) => {
  const begun = Date.now();
  await at.open();
  const state = await at.shows((seen) => seen.open, 'an experiment is open');
  assert.ok(Date.now() - begun < 20_000);
  assert.equal(state.scenario.id, 'lock-gc-pause');
  assert.deepEqual(state.nodes.map((node) => node.name).sort(), ['alice', 'bob', 'lock', 'storage']);
  assert.ok(await at.colours() > 100, 'the canvas shows more than a few colours');
  assert.match(await at.page.title(), /The lock that lies/);
  assert.equal(await at.page.getAttribute('html', 'lang'), 'en');
  assert.ok(await at.page.locator('#cover.done').count(), 'the loading screen is gone');
  assert.match(at.requests[0], /\/some\/dir\/$/);
}, { closed: true });

lab.test('the security policy allows no inline script and no other host', async (at) => {
  const policy = await at.page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'|https?:|\*/);
  const inline = await at.page.evaluate(() => [...document.querySelectorAll('script')].filter((script) => !script.src).length);
  assert.equal(inline, 0);
  const broken = await at.page.evaluate(() => new Promise((told) => {
    addEventListener('securitypolicyviolation', (event) => told(event.violatedDirective));
    const script = document.createElement('script');
    script.textContent = 'window.broken_in = true';
    document.body.append(script);
  }));
  assert.match(broken, /script-src/);
  assert.equal(await at.page.evaluate(() => window.broken_in), undefined);
}, { expected: /policy broken|Content Security Policy/ });

lab.test('a resting page draws nothing and takes under one per cent of the processor', async (at) => {
  await at.rests();
  const client = await at.context.newCDPSession(at.page);
  await client.send('Performance.enable');
  const read = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const frames = await at.page.evaluate(() => netsplit.frames());
  const first = await read();
  await at.page.evaluate(() => new Promise((over) => setTimeout(over, 2000)));  // the span that is measured
  const last = await read();
  assert.equal(await at.page.evaluate(() => netsplit.frames()), frames);
  const busy = (last.TaskDuration - first.TaskDuration) / (last.Timestamp - first.Timestamp);
  assert.ok(busy < 0.01, `busy for ${(busy * 100).toFixed(2)} % of the time`);
});

lab.test('the picture is as sharp as the screen, and follows the size of the window', async (at) => {
  const backing = () => at.page.evaluate(() => {
    const canvas = document.getElementById('canvas');
    return [canvas.width, canvas.height];
  });
  assert.deepEqual(await backing(), [1600, 1200]);
  const { nodes } = await at.mirror();
  assert.ok(nodes.every((node) => node.x < 800 && node.y < 600), 'places are CSS pixels');
  await at.page.setViewportSize({ width: 1200, height: 700 });
  await at.until(async () => (await backing()).join() === '2400,1400', 'the canvas grows with the window');
  await at.shows((state) => state.form === 'wide', 'the window takes the wide form');
}, { viewport: { width: 800, height: 600 }, deviceScaleFactor: 2 });

lab.test('the picture comes back after the graphics were lost', async (at) => {
  await at.rests();
  const before = await at.page.screenshot();
  await at.page.evaluate(() => {
    const canvas = document.getElementById('canvas');
    window.context_of_test = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    window.events_of_test = [];
    for (const name of ['webglcontextlost', 'webglcontextrestored']) {
      canvas.addEventListener(name, () => events_of_test.push(name));
    }
    context_of_test.loseContext();
  });
  await at.until(() => at.page.evaluate(() => events_of_test.length === 1), 'the context is lost');
  await at.command('step');  // what happens meanwhile is not lost
  await at.page.evaluate(() => context_of_test.restoreContext());
  await at.until(() => at.page.evaluate(() => events_of_test.length === 2), 'the context is restored');
  await at.command('step_back');
  await at.rests();
  assert.ok(await at.colours() > 100);
  assert.ok(before.length * 0.8 < (await at.page.screenshot()).length, 'text and shapes are there again');
}, { expected: /CONTEXT_LOST_WEBGL/ });

lab.test('the light theme of the system is the page’s', async (at) => {
  assert.equal((await at.mirror()).theme, 'light');
  await at.page.emulateMedia({ colorScheme: 'dark' });
  await at.shows((state) => state.theme === 'dark', 'the window follows');
  assert.equal(await at.page.getAttribute('html', 'data-theme'), 'dark');
}, { colorScheme: 'light' });
