import { escaped } from '../e2e/hypernest.js';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';

export const folder = path.resolve('tour');
export const isVirtual = !!process.env['TEST_DESKTOP'];

/** Colours fade and rows unfold: a picture waits until nothing moves any more. */
export async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const endless = (animation: Animation): boolean => animation.effect?.getComputedTiming().endTime === Infinity;
    const moving = document.getAnimations().filter((animation) => !endless(animation));
    await Promise.all(moving.map((animation) => animation.finished.catch(() => undefined)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** A picture of the window with its frame where the desktop is ours, else of what is in it. */
export async function takePicture(electron: ElectronApplication, page: Page, name: string): Promise<void> {
  const file = path.join(folder, `${name}.png`);
  await still(page);
  if (!isVirtual) {
    await page.screenshot({ path: file });
    return;
  }
  // The tray icon is a window of the same process, of another name. While something is changed the title says so.
  const title = await electron.evaluate(
    ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())
        ?.getTitle() ?? '',
  );
  const found = execFileSync(
    'xdotool',
    ['search', '--all', '--onlyvisible', '--pid', String(electron.process().pid), '--name', `^${escaped(title)}$`],
    { encoding: 'utf8' },
  );
  execFileSync('import', ['-silent', '-frame', '-window', found.trim().split('\n').at(-1) ?? 'root', file]);
}

export function takeDesktop(name: string): void {
  execFileSync('import', ['-silent', '-window', 'root', path.join(folder, `${name}.png`)]);
}

/** All pictures of one look on one sheet, to leaf through. */
export function makeSheet(name: string, files: readonly string[]): void {
  const tiles = files.flatMap((file) => ['-label', path.basename(file, '.png'), file]);
  execFileSync('montage', [
    ...['-font', 'Noto-Sans-Regular', '-pointsize', '13', '-background', '#e9e9e9'],
    ...tiles,
    ...['-tile', '4x', '-geometry', '560x+10+10', '-depth', '8', path.join(folder, `${name}.png`)],
  ]);
}
