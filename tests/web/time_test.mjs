// The space-time diagram, branches and reasons, with the mouse, a finger and the keyboard.
import assert from 'node:assert/strict';
import { laboratory } from './browser.mjs';

const lab = laboratory();

// Where a time stands on the diagram's axis.
async function on_axis(at, time_us) {
  const track = await at.area('scrubber');
  const { diagram } = await at.mirror();
  return track.x + (time_us - diagram.from) / (diagram.to - diagram.from) * track.w;
}

async function played(at) {
  await at.command('end');
  await at.shows((seen) => seen.properties.some((one) => one.standing === 'violated'), 'the run is over');
}

lab.test('a click on an event shades its past and its future, and Escape clears them', async (at) => {
  await played(at);
  const { y } = await at.control('line.alice');
  await at.click({ x: await on_axis(at, 500_000), y });
  const { diagram } = await at.shows((seen) => seen.diagram.event >= 0, 'an event is chosen');
  assert.ok(diagram.future > 5);
  await at.page.keyboard.press('Escape');
  await at.shows((seen) => seen.diagram.event === -1, 'none is');
});

lab.test('the wheel zooms the diagram about the pointer, and the axis changes to Lamport numbers', async (at) => {
  await played(at);
  const x = await on_axis(at, 6_000_000);
  const { y } = await at.control('line.bob');
  await at.page.mouse.move(x, y + 12);
  await at.page.mouse.wheel(0, -400);
  await at.shows(({ diagram }) => diagram.to - diagram.from < 6_000_000, 'less is in view');
  assert.ok(Math.abs(await on_axis(at, 6_000_000) - x) < 3, 'the moment under the pointer stays');
  await at.press('axis.logical');
  await at.shows(({ diagram }) => diagram.axis === 'logical' && diagram.to < 100, 'numbers, not microseconds');
});

lab.test('what would break it is run, and one click makes it a branch', async (at) => {
  await at.command('open', 'lock-fenced');
  await at.command('end');
  await at.shows((seen) => seen.time_us > 5_000_000, 'the run is over');
  await at.command('what_if', 'no_stale_write');
  const { what_if } = await at.shows((seen) => seen.what_if && !seen.what_if.running, 'all changes were tried');
  assert.ok(what_if.found.includes('fencing = off'));
  await at.press('try.no_stale_write.0');
  const state = await at.shows((seen) => seen.branches.length === 2, 'a branch');
  assert.equal(state.branches[1].name, what_if.found[0]);
  await at.command('compare_branches', '0,1');
  const { comparison } = await at.shows((seen) => seen.comparison, 'the two are compared');
  assert.ok(comparison.verdicts.includes('no_stale_write'));
});

lab.test('on a phone the diagram is zoomed by two fingers', async (at) => {
  await played(at);
  const track = await at.area('scrubber');
  const [x, y] = [track.x + track.w / 2, track.y - 60];
  const client = await at.page.context().newCDPSession(at.page);
  const fingers = (type, apart) => client.send('Input.dispatchTouchEvent', {
    type, touchPoints: apart === null ? [] : [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }],
  });
  await fingers('touchStart', 20);
  for (let apart = 25; apart <= 90; apart += 5) await fingers('touchMove', apart);
  await fingers('touchEnd', null);
  await at.shows(({ diagram }) => diagram.to - diagram.from < 6_000_000, 'less is in view');
}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
