// Pictures of the page in every size and theme, for looking at; and the page's agrees with the desktop program's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { laboratory, picture_path, pixels, source } from './browser.mjs';

const lab = laboratory();
const screens = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1024, height: 768 } },
  desk: { viewport: { width: 1440, height: 900 } },
};

for (const [name, screen] of Object.entries(screens)) {
  for (const colorScheme of ['dark', 'light']) {
    lab.test(`a ${colorScheme} ${name} shows the moment before the write`, async (at) => {
      await at.command('seek', 7_508_000);
      await at.shows((state) => state.time_us === 7_508_000 && state.theme === colorScheme, 'the moment is shown');
      await at.rests();
      await at.page.screenshot({ path: picture_path(`${name}-${colorScheme}`) });
      assert.ok(await at.colours() > 150);
    }, { ...screen, colorScheme, seen: true });
  }
}

const desktop = process.env.NETSPLIT_DESKTOP ??
  ['dev', 'release'].map((preset) => join(source, 'build', preset, 'netsplit-desktop')).find(existsSync);

// A screen of its own where there is none; elsewhere the program's hidden window does.
const xvfb = process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, 'xvfb-run')));
const run_desktop = (...options) => xvfb
  ? execFileSync('xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', desktop, ...options], { timeout: 60_000 })
  : execFileSync(desktop, options, { timeout: 60_000 });

if (!desktop) {
  test('the desktop program is not built: its picture is not compared', () => {});
} else {
  for (const theme of ['dark', 'light']) {
    lab.test(`the page and the desktop program draw the same ${theme} picture`, async (at) => {
      const theirs = picture_path(`desktop-program-${theme}`);
      run_desktop('lock-gc-pause', '--theme', theme, '--size', '1440x900', '--at', '7.508s', '--do', 'wait:1.5',
        '--screenshot', theirs);
      await at.command('seek', 7_508_000);
      await at.shows((state) => state.time_us === 7_508_000, 'the moment is shown');
      await at.rests();
      // Cells of 12 by 12 pixels: letters may differ by a pixel, nothing larger may.
      const [width, height] = [120, 75];
      const a = await pixels(at.context, await at.page.screenshot(), width, height);
      const b = await pixels(at.context, readFileSync(theirs), width, height);
      let sum = 0, off = 0;
      for (let i = 0; i < a.data.length; i += 4) {
        let cell = 0;
        for (let c = 0; c < 3; ++c) cell += Math.abs(a.data[i + c] - b.data[i + c]) / 3;
        sum += cell;
        if (cell > 24) ++off;
      }
      const cells = width * height;
      const advice = `compare ${theirs}; is ${desktop} as new as the page?`;
      assert.ok(sum / cells < 3, `the mean difference is ${(sum / cells).toFixed(2)} of 255: ${advice}`);
      assert.ok(off / cells < 0.02, `${off} of ${cells} cells differ plainly: ${advice}`);
    }, { viewport: { width: 1440, height: 900 }, colorScheme: theme, seen: true });
  }
}
