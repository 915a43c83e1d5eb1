// Without a mouse: by keyboard, by finger, and for those who do not see the picture.
import assert from 'node:assert/strict';
import { laboratory, picture_path } from './browser.mjs';

const lab = laboratory();
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

lab.test('Space plays and pauses, arrows step, and the page does not scroll', async (at) => {
  const { keyboard } = at.page;
  await keyboard.press('Space');
  await at.shows((state) => state.playing && state.time_us > 50_000, 'it plays');
  await keyboard.press('Space');
  const { step } = await at.shows((state) => !state.playing, 'it pauses');
  await keyboard.press('ArrowRight');
  await at.shows((state) => state.step === step + 1, 'one step on');
  await keyboard.press('ArrowLeft');
  await at.shows((state) => state.step === step, 'one step back');
  await keyboard.press('Home');
  await at.shows((state) => state.time_us === 0, 'the first moment');
  await keyboard.press('KeyC');
  await at.shows((state) => state.tool === 'cut', 'C is the knife');
  assert.deepEqual(await at.page.evaluate(() => [scrollX, scrollY]), [0, 0]);
});

lab.test('shortcuts go by the letter on the key, and leave the browser’s own alone', async (at) => {
  const key = (key, code, more = {}) => at.page.evaluate(([key, code, more]) => {
    const target = document.activeElement;
    const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more });
    target.dispatchEvent(event);
    target.dispatchEvent(new KeyboardEvent('keyup', { key, code, bubbles: true, ...more }));
    return event.defaultPrevented;
  }, [key, code, more]);
  await key('p', 'KeyR');  // Dvorak: P is where others have R
  await at.shows((state) => state.tool === 'pause', 'the letter counts');
  await key('ч', 'KeyX');  // Cyrillic: no Latin letter, so the place counts
  await at.shows((state) => state.tool === 'crash', 'the place counts');
  assert.equal(await key('c', 'KeyC', { ctrlKey: true }), false, 'Control C is the browser’s');
  assert.equal(await key('F5', 'F5'), false);
  await at.rests();
  assert.equal((await at.mirror()).tool, 'crash');
});

lab.test('digits typed into the seed field make another run', async (at) => {
  await at.press('seed');
  await at.until(() => at.page.evaluate(() => Module._page_wants_text()), 'the field takes text');
  await at.page.keyboard.press('Control+KeyA');
  await at.type('42');
  await at.page.keyboard.press('Enter');
  await at.shows((state) => state.seed === 42, 'the seed is 42');
});

lab.test('Tab goes through the controls of the window', async (at) => {
  const { page } = at;
  await page.keyboard.press('Tab');
  await at.shows((state) => state.focus !== '', 'a control has the ring');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'canvas');
  const first = (await at.mirror()).focus;
  await page.keyboard.press('Tab');
  await at.shows((state) => state.focus !== '' && state.focus !== first, 'the next control has it');
});

lab.test('a scenario is saved as a download', async (at) => {
  const [download] = await Promise.all([at.page.waitForEvent('download'), at.command('save')]);
  assert.equal(download.suggestedFilename(), 'lock-gc-pause.json');
});

lab.test('Escape and Tab lead from the canvas to the same as text, and Escape back', async (at) => {
  const { page } = at;
  const mirror = page.locator('#mirror');
  const shown = async () => (await mirror.boundingBox()).width > 100;
  assert.equal(await shown(), false, 'unseen at first');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'mirror-play');
  assert.equal(await shown(), true, 'revealed by focus');
  await page.screenshot({ path: picture_path('text-version') });
  await page.keyboard.press('Space');
  await at.shows((state) => state.playing, 'Space presses the button, once');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await at.shows((state) => !state.playing, 'the button has become Pause');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'canvas');
  assert.equal(await shown(), false);
}, { seen: true });

lab.test('the text version tells verdicts, nodes and events, and acts on them', async (at) => {
  const { page } = at;
  const mirror = page.locator('#mirror');
  assert.equal(await mirror.locator('h1').textContent(), 'The lock that lies');
  await at.command('end');
  await mirror.locator('#mirror-verdicts').getByText(/^Violated, always/).first().waitFor({ state: 'attached' });
  assert.match(await mirror.locator('#mirror-verdicts').textContent(), /Why: /);
  assert.ok(await mirror.locator('#mirror-events li').count() > 3);
  await page.locator('#mirror button', { hasText: 'Pause bob' }).focus();
  await page.keyboard.press('Enter');
  await at.until(async () => (await at.node('bob')).condition === 'paused', 'bob is paused');
  await page.locator('#mirror button', { hasText: 'Resume bob' }).waitFor();
  await page.getByRole('button', { name: 'Cut the link between alice and lock' }).focus();
  await page.keyboard.press('Enter');
  await at.until(async () => (await at.link('alice', 'lock')).state === 'cut', 'the link is cut');
  await page.selectOption('#mirror-library', 'lock-fenced');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await at.shows((state) => state.scenario.id === 'lock-fenced', 'another experiment is open');
});

lab.test('the text version sets speed, seed, parameters and branch', async (at) => {
  const { page } = at;
  await page.selectOption('#mirror-speed', { label: '2 times real time' });
  await at.shows((state) => state.speed_ppm === 2_000_000, 'twice as fast');
  const seed = page.getByLabel('Seed', { exact: true });
  assert.equal(await seed.inputValue(), '7');
  await seed.fill('42');
  await seed.press('Enter');
  await at.shows((state) => state.seed === 42, 'another run');
  const fencing = page.getByLabel('fencing', { exact: false }).first();
  await fencing.fill('token');
  await fencing.press('Enter');
  await at.shows((state) => state.parameters.find((one) => one.name === 'fencing').value === 'token', 'a remedy');
  await fencing.fill('nonsense');
  await fencing.press('Enter');
  await at.shows((state) => state.toast_tone === 'bad', 'a sentence says what is wrong');
  await page.selectOption('#mirror-branch', '0');
  await at.shows((state) => state.branch === 0 && state.seed === 7, 'back on the first run');
});

lab.test('reduced motion follows the system while the page is open', async (at) => {
  await at.command('seek', 550_000);
  const place = async () => (await at.mirror()).messages[0].x;
  await at.shows((state) => state.messages.length === 1, 'a message is on its way');
  const early = await place();
  await at.page.emulateMedia({ reducedMotion: 'reduce' });
  await at.until(async () => Math.abs(await place() - early) > 5, 'it stands half-way at once');
  await at.page.emulateMedia({ reducedMotion: 'no-preference' });
  await at.until(async () => Math.abs(await place() - early) < 1, 'and is back where it truly is');
}, { alone: true });

lab.test('what has not changed is not said again', async (at) => {
  const changes = await at.page.evaluate(async () => {
    let count = 0;
    const watch = new MutationObserver((records) => { count += records.length; });
    watch.observe(document.getElementById('mirror-verdicts'), { childList: true, subtree: true, characterData: true });
    netsplit.command('play');
    const start = netsplit.mirror().time_us;
    while (netsplit.mirror().time_us < start + 300_000) await new Promise(requestAnimationFrame);
    netsplit.command('pause');
    watch.disconnect();
    return count;
  });
  assert.equal(changes, 0);
});

lab.test('on a phone, a finger chooses the tool and cuts', async (at) => {
  assert.equal((await at.mirror()).form, 'narrow');
  const tap = async ({ x, y }) => at.page.touchscreen.tap(x, y);
  await tap(await at.control('tool.cut'));
  await at.shows((state) => state.tool === 'cut', 'the knife is chosen');
  await tap(await at.link('alice', 'lock'));
  await at.until(async () => (await at.link('alice', 'lock')).state === 'cut', 'the link is cut');
  await tap(await at.control('play'));
  await at.shows((state) => state.playing, 'it plays');
}, phone);

// Touches as the browser itself makes them; `places` lists one list of fingers per moment.
async function fingers(at, ...places) {
  const client = await at.context.newCDPSession(at.page);
  const send = (type, touchPoints) => client.send('Input.dispatchTouchEvent', { type, touchPoints });
  const frame = () => at.page.evaluate(() => new Promise(requestAnimationFrame));
  for (const [i, points] of places.entries()) {
    await send(i === 0 ? 'touchStart' : 'touchMove', points.map((point, id) => ({ ...point, id })));
    await frame();
  }
  return { lift: () => send('touchEnd', []) };
}

lab.test('on a phone, a finger scrolls the lesson', async (at) => {
  const { x, y } = await at.control('tab.lesson');
  await at.page.touchscreen.tap(x, y);
  const before = (await at.area('lesson.1')).y;
  const path = Array.from({ length: 9 }, (_, i) => [{ x: 200, y: 800 - i * 15 }]);
  await (await fingers(at, ...path)).lift();
  const after = await at.shows((state) => state.controls.find((one) => one.name === 'lesson.1')?.y < before - 60, 'it moves up');
  assert.equal(after.time_us, 0, 'and nothing was pressed');
}, phone);

lab.test('on a phone, two fingers zoom the network', async (at) => {
  const first = await at.node('alice');
  const path = Array.from({ length: 6 }, (_, i) => [{ x: 195 - 20 - i * 12, y: 300 }, { x: 195 + 20 + i * 12, y: 300 }]);
  await (await fingers(at, ...path)).lift();
  await at.until(async () => (await at.node('alice')).x < first.x - 30, 'the nodes move apart');
  await at.rests();
  assert.equal((await at.mirror()).links.every((link) => link.state === 'open'), true);
}, phone);

lab.test('on a phone, a long press opens the node’s menu', async (at) => {
  const { x, y } = await at.node('alice');
  const press = await fingers(at, [{ x, y }]);
  await at.control('menu.pause');  // while the finger is down
  await press.lift();
  await at.rests();
  await at.page.screenshot({ path: picture_path('phone-menu') });
  const { controls } = await at.mirror();
  assert.ok(controls.some((one) => one.name === 'menu.pause'), 'it stays when the finger is lifted');
}, { ...phone, seen: true });
