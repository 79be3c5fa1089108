import { expect } from '@playwright/test';
import type { Hypernest } from '../e2e/hypernest.js';
import { takePicture } from './pictures.js';

export const looks = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'zh-CN', theme: 'light', language: 'zh-CN' },
] as const;

/** The page as it stands, in each look; then in the first again. */
export async function pictures(hypernest: Hypernest, name: string): Promise<void> {
  for (const { name: look, theme, language } of [...looks.slice(1), looks[0]]) {
    await hypernest.call('settings', { theme, language });
    await expect(hypernest.page.locator('html')).toHaveAttribute('data-theme', theme);
    await expect(hypernest.page.locator('html')).toHaveAttribute('lang', language);
    hypernest.language = language;
    await takePicture(hypernest.electron, hypernest.page, `${name}.${look}`);
  }
  console.log(`  ${name}`);
}

export async function begin(hypernest: Hypernest): Promise<void> {
  await hypernest.ready();
  await hypernest.call('settings', { theme: 'light', language: 'en' });
  hypernest.language = 'en';
}

export async function setSize({ electron, page }: Hypernest, width: number, height: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, size) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setMinimumSize(200, 200);
      window?.setContentSize(...size);
    },
    [width, height] as [number, number],
  );
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
}
