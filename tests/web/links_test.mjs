// A run as a link: shared, opened by somebody else, and refused when it is not sound.
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { laboratory } from './browser.mjs';

const lab = laboratory();
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

async function run_with_a_cut(at) {
  await at.command('seek', 1_500_000);
  await at.command('cut', 'bob,lock');
  await at.command('seek', 3_000_000);
  await at.shows((state) => state.time_us === 3_000_000, 'three seconds in');
  await at.until(() => at.page.evaluate(() => location.hash), 'the window has written its run into the address');
}

lab.test('share copies a link, and who opens it sees the same run, reproduced', async (at) => {
  await run_with_a_cut(at);
  await at.press('share');
  await at.shows((state) => /copied/i.test(state.toast), 'the window says so');
  const link = await at.until(() => at.page.evaluate(() => navigator.clipboard.readText()), 'the clipboard has it');
  assert.ok(link.startsWith(`${at.url}#v1.`), link);
  assert.equal(await at.page.evaluate(() => location.href), link);

  const other = await at.new_page();
  await other.page.goto(link);
  await other.started();
  const state = await other.shows((seen) => seen.toast, 'the window says what came out');
  assert.match(state.toast, /^Reproduced/);
  assert.equal(state.time_us, 3_000_000);
  assert.equal((await other.link('bob', 'lock')).state, 'cut');
  assert.equal(await other.page.evaluate(() => location.href), link);
}, clipboard);

lab.test('a link can be copied where the browser keeps the clipboard from pages', async (at) => {
  await at.page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  await at.press('share');
  const field = at.page.locator('#notice-link');
  await field.waitFor();
  assert.match(await field.inputValue(), /\/some\/dir\/#v1\./);
  await at.page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await field.isVisible(), false);
});

lab.test('an experiment’s name in the address opens it', async (at) => {
  assert.equal((await at.mirror()).scenario.id, 'lock-fenced');
  await at.page.evaluate(() => { location.hash = '#2pc-blocking'; });
  await at.shows((state) => state.scenario.id === '2pc-blocking', 'also one that begins with a digit');
}, { fragment: '#lock-fenced' });

lab.test('a link pasted into the page, or put into its address, is opened', async (at) => {
  const before = await at.page.evaluate(() => netsplit.mirror().scenario.id);
  await at.page.evaluate(() => { location.hash = '#lock-clock-jump'; });
  await at.shows((state) => state.scenario.id === 'lock-clock-jump', 'the address is followed');
  await at.command('share');
  const link = await at.until(() => at.page.evaluate(() => location.hash.startsWith('#v1.') && location.href), 'it has a link');
  await at.command('open', before);
  await at.shows((state) => state.scenario.id === before, 'back to the first');
  await at.page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.getElementById('canvas').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, link);
  await at.shows((state) => state.scenario.id === 'lock-clock-jump' && /^Reproduced/.test(state.toast), 'the paste is opened');
}, clipboard);

// Each is refused with one sentence, in an open page and in a fresh one.
const bad_links = {
  tampered: (good) => {
    const middle = Math.floor(good.length / 2);
    return good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1);
  },
  truncated: (good) => good.slice(0, -12),
  'of a future version': (good) => good.replace('#v1.', '#v9.'),
  oversized: () => `#v1.${'A'.repeat(20_000)}`,
  'a bomb': () => `#v1.${deflateRawSync(Buffer.alloc(10 << 20), { level: 9 }).toString('base64url')}`,
  'no link at all': () => '#something else',
};

for (const [kind, make] of Object.entries(bad_links)) {
  lab.test(`a link that is ${kind} gets one sentence, and the work that is open stays`, async (at) => {
    await run_with_a_cut(at);
    const unshared = await at.page.evaluate(() => location.hash);
    await at.command('share');
    const good = await at.until(() => at.page.evaluate((before) => location.hash !== before && location.hash, unshared),
      'the run has a link with its hash');
    await at.command('seek', 4_000_000);
    const bad = make(good);
    await at.page.evaluate((hash) => { location.hash = hash; }, bad);
    const state = await at.shows((seen) => seen.toast_tone === 'bad', 'a sentence says why');
    assert.match(state.toast, /^.{15,240}$/);
    assert.equal(state.time_us, 4_000_000);
    assert.equal((await at.link('bob', 'lock')).state, 'cut');
    assert.equal(await at.page.evaluate(() => location.hash), good, 'the address tells of what is open');
    await at.until(async () => await at.page.locator('#mirror-status').textContent() === state.toast, 'a screen reader says it too');

    const fresh = await at.new_page();
    await fresh.open(bad);
    const first = await fresh.shows((seen) => seen.toast_tone === 'bad', 'a fresh page says why');
    assert.equal(first.toast, state.toast);
    assert.equal(first.scenario.id, 'lock-gc-pause');
  });
}
