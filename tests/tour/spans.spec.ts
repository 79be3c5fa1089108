import { expect, test } from '../e2e/app.js';
import type { Hypernest } from '../e2e/hypernest.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

const small = [
  [800, 560],
  [540, 360],
] as const;
async function all(hypernest: Hypernest, name: string): Promise<void> {
  await pictures(hypernest, name);
  for (const [width, height] of small) {
    await setSize(hypernest, width, height);
    await takePicture(hypernest.electron, hypernest.page, `${name}.${width}x${height}`);
  }
  await setSize(hypernest, 1080, 720);
}

test.use({ options: { scenario: 'lab-of-3-hosts', speed: 10 } });

test('a change of several PCs', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await hypernest.until(({ others }) => others['host-000000000001']?.machine !== null, 'the host was read');
  await page.getByRole('button', { name: t('hosts.switcher', { name: t('hosts.thisPc') }) }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${t('hosts.all')}`) }).click();
  const list = page.getByRole('listbox');
  await page
    .getByRole('textbox', { name: t('machines.filter') })
    .fill('lab-0002, lab-0003, lab-0005, dev-box, k8s-node-1');
  await list.press('Control+a');
  await takePicture(hypernest.electron, page, 'span-many.light');
  await page.locator('.detail button.primary').first().click();
  await all(hypernest, 'span-choose');
  await hypernest.button(t('wizard.review')).click();
  await page.getByRole('heading', { name: 'BUILD-01' }).waitFor();
  await all(hypernest, 'span-review');
  await page.getByRole('heading', { name: 'BUILD-01' }).scrollIntoViewIfNeeded();
  await pictures(hypernest, 'span-review-end');
  await page.getByRole('combobox').selectOption('host-000000000001');
  await takePicture(hypernest.electron, page, 'span-review-script');
  await page.locator('footer button.primary').click();
  await page.getByRole('heading', { name: 'BUILD-01' }).waitFor();
  await page.screenshot({ path: 'test-results/span-run.png' });
  await page
    .getByRole('heading', { name: t('wizard.doneMany', { count: 4 }) })
    .or(page.getByText(t('wizard.leaveNote')))
    .first()
    .waitFor();
  await all(hypernest, 'span-done');
  await hypernest.button(t('wizard.undoButton')).click();
  await page.getByRole('heading', { name: 'BUILD-01' }).waitFor();
  await all(hypernest, 'span-undo');
  await hypernest.open('activity');
  await page.getByRole('button', { expanded: false }).last().click();
  await expect(hypernest.button(t('activity.wholeButton'))).toBeVisible();
  await all(hypernest, 'span-history');
  await hypernest.button(t('activity.undoButton')).first().click();
  await hypernest.button(t('activity.partAll')).waitFor();
  await all(hypernest, 'span-part');
});
