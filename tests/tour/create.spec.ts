import { test } from '../e2e/app.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

test.describe.configure({ mode: 'default' });
test.use({ options: { scenario: 'empty', speed: 10 } });

test('a VM to be created', async ({ hypernest }) => {
  const { t } = hypernest;
  const { page, electron } = hypernest;
  await begin(hypernest);
  await hypernest.button(t('create.button')).click();
  await pictures(hypernest, 'create');
  await setSize(hypernest, 540, 720);
  await takePicture(electron, page, 'create.540x720');
  await setSize(hypernest, 1080, 720);
  await page.getByRole('radio', { name: new RegExp(t('create.fromDisk')) }).click();
  await page.getByLabel(t('create.file'), { exact: true }).fill('C:\\Users\\dev\\VMs\\none.vhdx');
  await hypernest.button(t('wizard.review')).click();
  await pictures(hypernest, 'create-blocked');
  await hypernest.button(t('wizard.back')).click();
  await page.getByRole('radio', { name: new RegExp(t('create.fromIso')) }).click();
  await hypernest.button(t('wizard.review')).click();
  await pictures(hypernest, 'create-review');
  await hypernest.button(t('create.applyAndStart')).click();
  await hypernest.endedRun();
  await pictures(hypernest, 'create-done');
  await hypernest.button(t('wizard.undoButton')).click();
  await pictures(hypernest, 'create-undo');
});
