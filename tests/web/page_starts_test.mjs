// The page loads under its security policy and draws something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colour_count, open_page } from './browser.mjs';

test('the page starts, draws, and breaks no rule of its security policy', () =>
  open_page(async ({ page, url, problems }) => {
    await page.goto(url);
    await page.waitForSelector('canvas');
    const deadline = Date.now() + 30_000;
    while ((await colour_count(page)) < 10) {
      assert.ok(Date.now() < deadline, `nothing was drawn within 30 s: ${problems.join('; ')}`);
    }
    assert.deepEqual(problems, []);
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src[^;]*'unsafe-(inline|eval)'/);
    if (process.env.NETSPLIT_SCREENSHOT) await page.screenshot({ path: process.env.NETSPLIT_SCREENSHOT });
  }));
