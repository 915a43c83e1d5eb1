// The page's HTML for those who do not see the picture: axe-core finds nothing, in both languages and both themes, and
// everything can be done by keyboard alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { laboratory, picture_path } from './browser.mjs';

const lab = laboratory();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds on the page as it stands: every rule it has, those of mere good practice too.
async function findings(at) {
  await at.page.evaluate(axe);
  const { violations, passes } = await at.page.evaluate(() => axe.run(document, { resultTypes: ['violations', 'passes'] }));
  assert.ok(passes.length > 15, `axe has looked: ${passes.length} rules`);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

for (const [locale, colorScheme] of [['en-GB', 'dark'], ['de-AT', 'light']]) {
  lab.test(`axe finds nothing, in ${locale} and ${colorScheme}`, async (at) => {
    const { page } = at;
    assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2));
    assert.deepEqual(await findings(at), [], 'as the page opens');
    await at.command('end');
    await at.command('crash_node', 'bob');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await at.until(() => page.evaluate(() => document.activeElement.id === 'mirror-play'), 'the text version is shown');
    await page.locator('#mirror-verdicts [data-standing=violated]').first().waitFor();
    assert.deepEqual(await findings(at), [], 'with the text version in view');
    await page.screenshot({ path: picture_path(`text-${locale}`) });
    await page.evaluate(() => netsplit.say('No sentence of the page’s own.', 'https://example.org/'));
    assert.deepEqual(await findings(at), [], 'with a notice');
    await page.locator('#notice-close').click();
    await page.evaluate(() => netsplit.no_webgl());
    await page.locator('#failed').waitFor();
    assert.deepEqual(await findings(at), [], 'when it has failed');
  }, { locale, colorScheme, seen: true });
}

// Every text that the page itself says, element by element.
const texts = (at) => at.page.evaluate(() =>
  [...document.querySelectorAll('[data-text], [data-label], #mirror-moment, #mirror-verdicts b, #mirror-nodes li, #mirror-links li')]
    .filter((one) => !one.closest('#wait'))  // that has counted kilobytes since
    .map((one) => [one.dataset.text ?? one.dataset.label ?? one.parentNode.id, one.dataset.label ? one.ariaLabel : one.textContent]));

lab.test('the lesson is told as text: its question is answered there, and the answer of the run is said', async (at) => {
  const { page } = at;
  const says = (id, what) => at.until(async () => what.test(await page.textContent(id)), `${id} says ${what}`);
  await at.command('lesson', '5');  // asks whose value storage will hold
  await says('#mirror-lesson-step', /^Step 6 of 7$/);
  await says('#mirror-question', /Whose value/);
  const guesses = await page.locator('#mirror-answers button').allTextContents();
  assert.ok(guesses.length > 1 && guesses.some((guess) => guess.toLowerCase() === 'alice'), guesses.join());
  // By the keyboard, as whoever listens to the page does.
  await page.locator('#mirror-answers button').first().focus();
  await page.keyboard.press('Enter');
  await at.command('end');
  await says('#mirror-answered', /Whose value.*(right|The run says): /);
  await says('#mirror-operations', /alice: write "alice", OK/);
});

lab.test('the page speaks German as soon as German is chosen, and English again', async (at) => {
  const english = await texts(at);
  assert.ok(english.length > 40);
  assert.deepEqual(english.filter(([, text]) => !text), [], 'none is empty');
  await at.command('language', 'de');
  await at.until(async () => await at.page.getAttribute('html', 'lang') === 'de', 'the language is told');
  await at.until(() => at.page.evaluate(() => document.getElementById('mirror-play').textContent === 'Abspielen'), 'and spoken');
  const german = await texts(at);
  assert.equal(german.length, english.length);
  const same = german.filter(([, text], i) => text === english[i][1]).map(([name]) => name);
  assert.deepEqual(same, ['seed', 'experiment', 'link'].filter((name) => same.includes(name)), 'all but what is the same word');
  await at.command('language', 'en');
  await at.until(async () => (await texts(at)).join() === english.join(), 'all of it is English again');
});

lab.test('by keyboard alone: an experiment is chosen, a link cut, a node crashed, the past changed and the run shared', async (at) => {
  const { keyboard } = at.page;
  const press = async (...keys) => { for (const key of keys) await keyboard.press(key); };
  await press('Control+KeyK');
  await at.shows((state) => state.overlay === 'palette', 'the palette is open');
  await at.type('fencing tokens');
  await at.rests();
  await press('Enter');
  await at.shows((state) => state.scenario.id === 'lock-fenced' && state.overlay === 'none', 'an experiment was found');
  await press('End');
  const end = await at.shows((state) => state.time_us > 5_000_000, 'the end');
  await press('ArrowLeft', 'ArrowLeft');
  const { step } = await at.shows((state) => state.step === end.step - 2, 'two events back');
  await press('KeyX', 'KeyN', 'Enter');
  const after = await at.shows((state) => state.nodes.some((node) => node.condition === 'down'), 'a node is down');
  assert.equal(after.branches.length, 2, 'a change of the past is a branch');
  assert.equal(after.step, step + 1);
  await press('Control+KeyZ');
  await at.shows((state) => state.nodes.every((node) => node.condition !== 'down'), 'undone');
  await press('Control+KeyK');
  await at.shows((state) => state.overlay === 'palette', 'the palette again');
  await at.type('Share');
  await at.rests();
  await press('Enter');
  await at.shows((state) => /copied/i.test(state.toast), 'the link is copied');
}, { permissions: ['clipboard-read', 'clipboard-write'] });
