// What a person does in the window, with the mouse on the canvas.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { laboratory, source } from './browser.mjs';

const lab = laboratory();

lab.test('play advances the time, and pressing again stops it', async (at) => {
  await at.press('play');
  await at.shows((state) => state.playing && state.time_us > 100_000, 'the time runs');
  await at.press('play');
  const { time_us } = await at.shows((state) => !state.playing, 'it stops');
  await at.rests();
  assert.equal((await at.mirror()).time_us, time_us);
});

lab.test('the cut tool cuts a link by a click, heals it by another, and the address follows', async (at) => {
  await at.press('tool.cut');
  await at.shows((state) => state.tool === 'cut', 'the tool is chosen');
  await at.click(await at.link('alice', 'lock'));
  await at.until(async () => (await at.link('alice', 'lock')).state === 'cut', 'the link is cut');
  assert.equal((await at.link('bob', 'lock')).state, 'open');
  const cut = await at.until(() => at.page.evaluate(() => location.hash), 'the run stands in the address');
  assert.match(cut, /^#v1\./);
  await at.click(await at.link('alice', 'lock'));
  await at.until(async () => (await at.link('alice', 'lock')).state === 'open', 'the link is healed');
  await at.until(() => at.page.evaluate((before) => location.hash !== before, cut), 'the address changes again');
});

lab.test('the knife drawn across two links cuts both', async (at) => {
  await at.press('tool.cut');
  const one = await at.link('alice', 'lock');
  const other = await at.link('bob', 'lock');
  const reach = (other.x - one.x) * 0.2;
  await at.drag({ x: one.x - reach, y: one.y + 1 }, { x: other.x + reach, y: other.y + 1 });
  await at.shows((state) => state.links.filter((link) => link.state === 'cut').length === 2, 'both are cut');
});

lab.test('the pause tool stops a process and lets it run again', async (at) => {
  await at.press('tool.pause');
  await at.click(await at.node('alice'));
  await at.until(async () => (await at.node('alice')).condition === 'paused', 'alice is paused');
  await at.click(await at.node('alice'));
  await at.until(async () => (await at.node('alice')).condition === 'up', 'alice runs again');
});

lab.test('a lasso round a node parts it from the rest, and a click on the region heals it', async (at) => {
  await at.press('tool.partition');
  const alice = await at.node('alice');
  await at.page.mouse.move(alice.x + 60, alice.y);
  await at.page.mouse.down();
  for (let turn = 0; turn < 6.2; turn += 0.3) {
    await at.page.mouse.move(alice.x + 60 * Math.cos(turn), alice.y + 60 * Math.sin(turn));
  }
  await at.page.mouse.up();
  await at.press('menu.apart');
  const state = await at.shows((seen) => seen.islands.length === 1, 'a region is cut off');
  assert.match(state.islands[0], /^alice cannot reach/);
  await at.click({ x: alice.x - 58, y: alice.y - 10 });
  await at.press('menu.heal_island');
  await at.shows((seen) => seen.islands.length === 0, 'the partition is healed');
});

lab.test('a clock dragged to the right runs fast, and its menu steps it', async (at) => {
  await at.press('tool.clock');
  const bob = await at.node('bob');
  await at.drag(bob, { x: bob.x + 90, y: bob.y });
  await at.until(async () => (await at.node('bob')).drift_ppm > 10_000, 'his clock runs fast');
  await at.click(await at.node('bob'));
  await at.press('menu.step.on_second');
  await at.until(async () => (await at.node('bob')).wall_error_us >= 1_000_000, 'it was stepped');
});

lab.test('a message is opened by a click, altered by typing, and dropped', async (at) => {
  await at.command('seek', 7_600_000);
  const message = await at.still(({ messages }) => messages.length === 1 && messages[0], 'one message is on its way');
  assert.equal(message.label, 'Write alice · 1');
  await at.click(message);
  await at.press('field.token');
  await at.type('7');
  await at.page.keyboard.press('Enter');
  await at.shows((state) => state.messages[0]?.label === 'Write alice · 7', 'its token is another');
  await at.press('menu.drop');
  await at.shows((state) => state.messages.length === 0, 'it is gone');
});

lab.test('one step on, one step back, and a pull at the time line', async (at) => {
  const first = await at.mirror();
  await at.press('step');
  await at.press('step');
  const second = await at.shows((state) => state.step === first.step + 2, 'two steps on');
  assert.ok(second.time_us > first.time_us);
  await at.press('step_back');
  await at.shows((state) => state.step === first.step + 1, 'one step back');
  await at.command('seek', 5_000_000);
  await at.shows((state) => state.time_us === 5_000_000, 'five seconds in');
  const line = await at.area('scrubber');
  const y = line.y + line.h / 2;
  await at.drag({ x: line.x + line.w * 0.5, y }, { x: line.x + line.w * 0.2, y });
  await at.shows((state) => Math.abs(state.time_us - 2_000_000) < 50_000, 'two seconds in');
});

lab.test('the lock lies: at its end, storage has taken a stale write, with a reason', async (at) => {
  await at.command('end');
  // Another rule is broken before it, and for a moment the lesson's question withholds this one.
  const stale = (seen) => seen.properties.find((one) => one.name === 'no_stale_write');
  const broken = stale(await at.shows((seen) => stale(seen).standing === 'violated', 'the rule is broken'));
  assert.ok(broken.why.length > 10);
  await at.command('bad_event', 'no_stale_write');
  await at.shows((seen) => seen.time_us === broken.at_us, 'the moment it broke');
});

lab.test('a press that leaves the canvas is not lost: the time line follows the mouse outside', async (at) => {
  await at.command('seek', 5_000_000);
  await at.shows((state) => state.time_us === 5_000_000, 'five seconds in');
  const line = await at.area('scrubber');
  const y = line.y + line.h / 2;
  await at.page.mouse.move(line.x + line.w * 0.5, y);
  await at.page.mouse.down();
  await at.page.mouse.move(line.x + line.w * 0.4, y, { steps: 4 });
  await at.page.mouse.move(line.x + line.w * 0.3, 900, { steps: 4 });  // below the window
  await at.page.mouse.up();
  await at.shows((state) => Math.abs(state.time_us - 3_000_000) < 50_000, 'three seconds in');
  await at.page.mouse.move(line.x + line.w * 0.8, y, { steps: 4 });
  await at.rests();
  assert.ok(Math.abs((await at.mirror()).time_us - 3_000_000) < 50_000, 'the button was let go');
});

lab.test('the wheel zooms the network instead of scrolling the page', async (at) => {
  const before = await at.node('alice');
  const middle = await at.node('lock');
  await at.page.mouse.move(middle.x, middle.y + 120);
  await at.page.mouse.wheel(0, -300);
  await at.until(async () => Math.abs((await at.node('alice')).x - before.x) > 20, 'the nodes move apart');
  assert.deepEqual(await at.page.evaluate(() => [scrollX, scrollY, visualViewport.scale]), [0, 0, 1]);
});

lab.test('a right click opens no menu of the browser', async (at) => {
  const kept = await at.page.evaluate(() => new Promise((told) => {
    document.addEventListener('contextmenu', (event) => told(event.defaultPrevented), { once: true });
    document.getElementById('canvas').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  }));
  assert.equal(kept, true);
});

const drop = (at, name, text) => at.page.evaluate(([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: 'application/json' }));
  const canvas = document.getElementById('canvas');
  for (const kind of ['dragover', 'drop']) {
    canvas.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}, [name, text]);

lab.test('a scenario file dropped on the page is opened', async (at) => {
  const file = readFileSync(join(source, 'scenarios/5-fencing/lock-gc-pause.json'), 'utf8');
  await drop(at, 'mine.json', file.replace('The lock that lies', 'A lock of my own'));
  const state = await at.shows((seen) => seen.scenario.title === 'A lock of my own', 'the file is open');
  assert.equal(state.nodes.length, 4);
});

lab.test('a file that is no scenario earns a sentence and changes nothing', async (at) => {
  await at.command('seek', 2_000_000);
  await drop(at, 'broken.json', '{"protocol": "lease_lock", "colour": "blue"');
  const state = await at.shows((seen) => seen.toast_tone === 'bad' && seen.toast.length > 10, 'a sentence says why');
  assert.equal(state.time_us, 2_000_000);
  assert.equal(state.scenario.id, 'lock-gc-pause');
  await drop(at, 'huge.json', ' '.repeat(300 * 1024));
  await at.page.getByText(/“huge.json” is no scenario/).waitFor();
});
