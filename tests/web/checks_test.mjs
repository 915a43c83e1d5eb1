// Long work on the page: in a Worker of its own, from the page's own folder, while the picture goes on.
import assert from 'node:assert/strict';
import { laboratory } from './browser.mjs';

const lab = laboratory();

const task = (state, kind) => state.checker.tasks.find((one) => one.kind === kind);
const ended = (at, kind) => at.shows((state) => !task(state, kind).running && (task(state, kind).headline || task(state, kind).error),
  `${kind} comes to an end`, 90_000);

async function unfenced(at) {
  await at.command('parameter', 'fencing=off');
  await at.command('check_set', 'repeats=1');
  await at.press('check');
  await at.shows((state) => state.checker.open, 'the panel is open');
}

lab.test('exploring in a Worker finds the stale write, which opens beside the run and leads back', async (at) => {
  await unfenced(at);
  const before = await at.mirror();
  const workers = [];
  at.page.on('worker', (worker) => workers.push(worker.url()));
  await at.press('check.start');
  const found = task(await ended(at, 'explore'), 'explore');
  assert.equal(found.error, '');
  assert.match(found.headline, /^no stale write can be violated, in \d+ steps$/);
  assert.equal(found.coverage[0].label, 'Explored');
  assert.equal(workers.length, 1);
  assert.ok(workers[0].startsWith(at.url), 'the Worker comes from the page’s own folder');
  for (const program of ['netsplit.wasm', 'netsplit-worker.wasm']) {
    assert.equal(at.requests.filter((url) => url.includes(program)).length, 1, `${program} was loaded once`);
  }
  await at.press('check.open.0');
  const shown = await at.shows((state) => state.scenario.title === 'A shortest way to violate no stale write', 'it is open');
  assert.equal(shown.branches.length, before.branches.length + 1);
  assert.equal(shown.properties.find((one) => one.name === 'no_stale_write').ahead, 'violated');
  await at.press('check.back');
  await at.shows((state) => state.scenario.id === 'lock-fenced' && state.branch === before.branch, 'back at the run');
}, { fragment: '#lock-fenced' });

lab.test('a Worker whose program does not come says so, and the next one has it', async (at) => {
  await at.context.route('**/netsplit-worker.wasm*', (route) => route.fulfill({ status: 503, body: 'later' }), { times: 1 });
  await at.open('#lock-fenced');
  await unfenced(at);
  await at.press('check.start');
  assert.match(task(await ended(at, 'explore'), 'explore').error, /could not be loaded: the server answered 503/);
  assert.equal((await at.mirror()).scenario.id, 'lock-fenced');
  await at.press('check.start');
  assert.match(task(await ended(at, 'explore'), 'explore').headline, /can be violated/);
}, { closed: true, expected: /503/ });

lab.test('while a Worker works the page draws every frame, and cancelling ends the Worker', async (at) => {
  await at.command('check_set', 'repeats=4');
  await at.command('check_show', 'explore');
  const worker = at.page.waitForEvent('worker');
  await at.command('check', 'explore');
  const closed = (await worker).waitForEvent?.('close') ?? new Promise((told) => worker.then((one) => one.on('close', told)));
  await at.shows((state) => task(state, 'explore').done > 10_000, 'it gets on');
  const first = task(await at.mirror(), 'explore');
  await at.command('play');
  const frames = await at.page.evaluate(async () => {
    const before = netsplit.frames();
    let longest = 0, last = performance.now();
    for (let i = 0; i < 30; ++i) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return { drawn: netsplit.frames() - before, longest };
  });
  await at.command('pause');
  assert.ok(frames.drawn >= 25, `${frames.drawn} of 30 frames were drawn`);
  const later = task(await at.shows((state) => task(state, 'explore').done > first.done, 'it gets on meanwhile'), 'explore');
  assert.ok(later.running);
  await at.press('check.cancel');
  await closed;
  await at.shows((state) => task(state, 'explore').cancelled && !task(state, 'explore').running, 'it is cancelled');
  await at.rests();
});

lab.test('a sweep, a smaller run of what it found, and the judged history', async (at) => {
  await unfenced(at);
  await at.command('check_set', 'seeds=500');
  await at.command('check', 'sweep');
  const swept = task(await ended(at, 'sweep'), 'sweep');
  assert.ok(swept.findings.length > 0);
  await at.command('check_shrink', 0);
  const small = task(await ended(at, 'shrink'), 'shrink');
  assert.equal(small.error, '');
  assert.match(small.headline, /is still violated/);
  await at.command('check', 'judge');
  const judged = task(await ended(at, 'judge'), 'judge');
  assert.equal(judged.error, '');
  assert.ok(judged.findings.length > 0);
}, { fragment: '#lock-fenced' });

lab.test('the same by keyboard as text: start, hear the answer, open it, go back', async (at) => {
  await at.command('parameter', 'fencing=off');
  await at.command('check_set', 'repeats=1');
  await at.focus('#mirror-check');
  await at.page.keyboard.press('Enter');
  await at.page.getByText(/^no stale write can be violated/).first().waitFor({ state: 'attached', timeout: 60_000 });
  const open = at.page.locator('#mirror-findings button', { hasText: 'Open no_stale_write' });
  await open.focus();
  await at.page.keyboard.press('Enter');
  await at.shows((state) => state.checker.found, 'it is open');
  await at.focus('#mirror-check-back');
  await at.page.keyboard.press('Enter');
  await at.shows((state) => !state.checker.found, 'back');
}, { fragment: '#lock-fenced' });

lab.test('what was found is saved as a file', async (at) => {
  await unfenced(at);
  await at.command('check', 'explore');
  await ended(at, 'explore');
  const download = at.page.waitForEvent('download');
  await at.command('check_save', 0);
  const file = await download;
  assert.equal(file.suggestedFilename(), 'lock-fenced-no-stale-write.json');
}, { fragment: '#lock-fenced' });
