import path from 'node:path';
import { test } from '../e2e/app.js';
import type { Hypernest } from '../e2e/hypernest.js';
import { begin, pictures, setSize } from './looks.js';
import { folder, takePicture } from './pictures.js';

test.describe.configure({ mode: 'default' });
test.use({ options: { scenario: 'empty', speed: 10 } });

/** As contrast themes, narrow and wide windows show it. */
async function otherwise(hypernest: Hypernest, name: string): Promise<void> {
  const { electron, page } = hypernest;
  await page.emulateMedia({ forcedColors: 'active' });
  await takePicture(electron, page, `${name}.contrast`);
  await page.emulateMedia({ forcedColors: 'none' });
  for (const [width, height] of [
    [540, 720],
    [1920, 1000],
  ] as const) {
    await setSize(hypernest, width, height);
    // Wider than the desktop of the tour: without its frame.
    await page.screenshot({ path: path.join(folder, `${name}.${width}x${height}.png`) });
  }
  await setSize(hypernest, 1080, 720);
}

test('a VM to be created', async ({ hypernest }) => {
  const { t } = hypernest;
  const { page } = hypernest;
  await begin(hypernest);
  await hypernest.button(t('create.button')).click();
  await pictures(hypernest, 'create');
  await otherwise(hypernest, 'create');
  await page.getByRole('radio', { name: new RegExp(t('create.fromDisk')) }).click();
  await page.getByLabel(t('create.file'), { exact: true }).fill('C:\\Users\\dev\\VMs\\none.vhdx');
  await hypernest.button(t('wizard.review')).click();
  await pictures(hypernest, 'create-blocked');
  await otherwise(hypernest, 'create-blocked');
  await hypernest.button(t('wizard.back')).click();
  await page.getByRole('radio', { name: new RegExp(t('create.fromIso')) }).click();
  await hypernest.button(t('wizard.review')).click();
  await pictures(hypernest, 'create-review');
  await otherwise(hypernest, 'create-review');
  await hypernest.button(t('create.applyAndStart')).click();
  await hypernest.endedRun();
  await pictures(hypernest, 'create-done');
  await otherwise(hypernest, 'create-done');
  await hypernest.button(t('wizard.undoButton')).click();
  await pictures(hypernest, 'create-undo');
  await otherwise(hypernest, 'create-undo');
});
