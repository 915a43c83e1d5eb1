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
}, { closed: true, seen: true });

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

lab.test('nothing is drawn and nothing is asked for while nothing changes', async (at) => {
  // Neither by the program nor by the page: no frame, no timer, no look at the mirror.
  const busy = () => at.page.evaluate(async () => {
    let asked = 0;
    const real = { frame: requestAnimationFrame, timeout: setTimeout, interval: setInterval };
    window.requestAnimationFrame = (...rest) => (++asked, real.frame(...rest));
    window.setTimeout = (...rest) => (++asked, real.timeout(...rest));
    window.setInterval = (...rest) => (++asked, real.interval(...rest));
    const before = netsplit.frames();
    for (let i = 0; i < 60; ++i) await new Promise((next) => real.frame.call(window, next));
    Object.assign(window, { requestAnimationFrame: real.frame, setTimeout: real.timeout, setInterval: real.interval });
    return { drawn: netsplit.frames() - before, asked };
  });
  const still = async (when) => {
    await at.rests();
    assert.deepEqual(await busy(), { drawn: 0, asked: 0 }, when);
  };
  await still('as the page opens');
  await at.command('play');
  await at.shows((state) => state.time_us > 50_000, 'it plays');
  await at.command('pause');
  await still('after it has played');
  await at.press('menu');
  await still('with a menu open');
  await at.page.keyboard.press('Escape');
  const { x, y } = await at.node('alice');
  await at.page.mouse.move(x, y);
  await still('with the pointer on a node');
  await at.command('compare');
  await still('with two runs side by side');
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
}, { viewport: { width: 800, height: 600 }, deviceScaleFactor: 2, alone: true });

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
}, { expected: /CONTEXT_LOST_WEBGL/, seen: true });

lab.test('the light theme of the system is the page’s', async (at) => {
  assert.equal((await at.mirror()).theme, 'light');
  await at.page.emulateMedia({ colorScheme: 'dark' });
  await at.shows((state) => state.theme === 'dark', 'the window follows');
  assert.equal(await at.page.getAttribute('html', 'data-theme'), 'dark');
}, { colorScheme: 'light', alone: true });
