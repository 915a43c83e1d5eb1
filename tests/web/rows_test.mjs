// Everything a person wants to do with a run, as a person does it, with the mouse and with a finger, at three sizes and
// in both themes.
import assert from 'node:assert/strict';
import { laboratory } from './browser.mjs';

const lab = laboratory();
const screens = {
  desk: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 1024, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

// The same gestures by mouse and by finger.
function hand(at) {
  const finger = at.page.viewportSize().width < 700;
  let client;
  const touch = async (type, points) => {
    client ??= await at.context.newCDPSession(at.page);
    await client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  };
  const { mouse, touchscreen } = at.page;
  return {
    tap: ({ x, y }) => finger ? touchscreen.tap(x, y) : mouse.click(x, y),
    async press(name) { await this.tap(await at.control(name)); },
    async draw(path) {
      if (!finger) {
        await mouse.move(path[0].x, path[0].y);
        await mouse.down();
        for (const { x, y } of path.slice(1)) await mouse.move(x, y);
        return mouse.up();
      }
      await touch('touchStart', [path[0]]);
      for (const point of path.slice(1)) await touch('touchMove', [point]);
      await touch('touchEnd', []);
    },
    // What a right click asks for: a finger stays.
    async ask({ x, y }, answered) {
      if (!finger) return mouse.click(x, y, { button: 'right' });
      await touch('touchStart', [{ x, y }]);
      await answered();
      await touch('touchEnd', []);
    },
  };
}

const line = (a, b, steps = 4) => Array.from({ length: steps + 1 }, (_, i) =>
  ({ x: a.x + (b.x - a.x) * i / steps, y: a.y + (b.y - a.y) * i / steps }));
const round = ({ x, y }, radius) => Array.from({ length: 11 }, (_, i) =>
  ({ x: x + radius * Math.cos(i * 0.6), y: y + radius * Math.sin(i * 0.6) }));
const state_of = (at, from, to, state) => at.until(async () => (await at.link(from, to)).state === state, `${from}–${to} is ${state}`);
const is = (at, name, condition) => at.until(async () => (await at.node(name)).condition === condition, `${name} is ${condition}`);
const has = (name) => (state) => state.controls.some((one) => one.name === name);

const rows = {
  async 'cut a link: by a click, or across several; again to heal'(at, by) {
    await by.press('tool.cut');
    await by.tap(await at.link('alice', 'lock'));
    await state_of(at, 'alice', 'lock', 'cut');
    await by.tap(await at.link('alice', 'lock'));
    await state_of(at, 'alice', 'lock', 'open');
    const one = await at.link('alice', 'lock'), other = await at.link('bob', 'lock');
    const reach = (other.x - one.x) * 0.2;
    await by.draw(line({ x: one.x - reach, y: one.y + 1 }, { x: other.x + reach, y: other.y + 1 }));
    await at.shows(({ links }) => links.filter((link) => link.state === 'cut').length === 2, 'both are cut');
  },

  async 'partition: a lasso round some nodes'(at, by) {
    await by.press('tool.partition');
    const alice = await at.node('alice');
    await by.draw(round(alice, Math.min(60, alice.x - 4)));
    await by.press('menu.apart');
    await at.shows((state) => /^alice cannot reach/.test(state.islands[0] ?? ''), 'a region is cut off');
  },

  async 'pause, crash, restart: by the tool or by the node’s menu'(at, by) {
    await by.press('tool.pause');
    await by.tap(await at.node('alice'));
    await is(at, 'alice', 'paused');
    await by.press('tool.crash');
    await by.tap(await at.node('bob'));
    await is(at, 'bob', 'down');
    await by.press('tool.select');
    const menu = () => at.shows(has('menu.restart'), 'its menu is open');
    await by.ask(await at.node('bob'), menu);
    await menu();
    await by.press('menu.restart');
    await is(at, 'bob', 'up');
  },

  async 'skew a clock: drag the node’s clock'(at, by) {
    await by.press('tool.clock');
    const bob = await at.node('bob');
    await by.draw(line(bob, { x: bob.x - 60, y: bob.y }));
    await at.until(async () => (await at.node('bob')).drift_ppm < -5_000, 'it runs slow');
  },

  async 'act on a message: look inside, alter, duplicate, delay, deliver, drop'(at, by) {
    const message = () => at.still(({ messages }) => messages[0], 'one is on its way');
    const acted = async (item, done, sentence) => {
      await at.command('seek', 7_600_000);
      await at.shows((state) => state.time_us === 7_600_000 && state.messages.length === 1, 'before the write arrives');
      await by.tap(await message());
      await by.press(item);
      await at.shows(done, sentence);
      await at.command('undo');
      await at.shows((state) => state.messages.length === 1, 'undone');
    };
    await at.command('seek', 7_600_000);
    assert.equal((await message()).label, 'Write alice · 1');
    await acted('menu.duplicate', (state) => state.messages.length === 2, 'there are two');
    await acted('menu.delay', (state) => state.messages.length === 1 && state.branches.length > 1, 'it comes later');
    await acted('menu.drop', (state) => state.messages.length === 0, 'it is lost');
    await by.tap(await message());
    await by.press('menu.deliver');
    await at.rests();
    await at.command('step');
    await at.shows((state) => state.time_us === 7_600_000 && state.messages[0]?.label !== 'Write alice · 1', 'it has arrived at once');
    await at.command('undo');
    await at.command('seek', 7_600_000);
    await by.tap(await message());
    await by.press('field.token');
    await at.type('7');
    await at.page.keyboard.press('Enter');
    await at.shows((state) => state.messages[0]?.label === 'Write alice · 7', 'its token is another');
  },

  async 'go back: pull the scrubber, or arrow keys; a change there is a branch'(at, by) {
    await at.command('seek', 5_000_000);
    const { branches } = await at.shows((state) => state.time_us === 5_000_000, 'five seconds in');
    const track = await at.area('scrubber');
    const y = track.y + track.h / 2;
    await by.draw(line({ x: track.x + track.w * 0.5, y }, { x: track.x + track.w * 0.2, y }));
    await at.shows((state) => Math.abs(state.time_us - 2_000_000) < 100_000, 'two seconds in');
    await at.rests();
    const pulled = await at.mirror();
    await at.page.keyboard.press('ArrowLeft');
    await at.shows((state) => state.step <= pulled.step && state.time_us < pulled.time_us, 'one event back');
    await at.command('cut', 'bob,lock');
    await at.shows((state) => state.branches.length === branches.length + 1, 'a branch');
  },

  async 'stage the interesting moment: one key'(at) {
    await at.page.keyboard.press('1');
    await at.shows((state) => state.time_us === 7_400_000, 'Alice is about to wake');
  },

  async 'share: one button'(at, by) {
    await at.command('cut', 'bob,lock');
    await by.press('share');
    await at.shows((state) => /copied/i.test(state.toast), 'the link is copied');
    assert.match(await at.page.evaluate(() => navigator.clipboard.readText()), /\/some\/dir\/#v1\./);
    const download = at.page.waitForEvent('download');
    await by.press('menu');
    await by.press('menu.save');
    assert.equal((await download).suggestedFilename(), 'lock-gc-pause.json');
  },
};

for (const [name, screen] of Object.entries(screens)) {
  for (const colorScheme of ['dark', 'light']) {
    lab.test(`on a ${colorScheme} ${name}`, async (at) => {
      const by = hand(at);
      for (const [row, story] of Object.entries(rows)) {
        try {
          await at.command('open', 'lock-gc-pause');
          await at.command('select_tool', 'select');
          await at.shows((state) => state.time_us === 0 && state.links.every((link) => link.state === 'open'), 'from the start');
          await story(at, by);
        } catch (problem) {
          problem.message = `${row}: ${problem.message}`;
          throw problem;
        }
      }
      assert.equal((await at.mirror()).theme, colorScheme);
    }, { ...screen, colorScheme, permissions: ['clipboard-read', 'clipboard-write'], limit_ms: 280_000 });
  }
}
