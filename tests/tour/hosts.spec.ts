import { expect, test } from '../e2e/app.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

test.use({ options: { scenario: 'lab-of-3-hosts', speed: 10 } });

test('hosts', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await hypernest.until(({ others }) => others['host-000000000003']?.connection.kind === 'lost', 'all were tried');
  const switcher = (name: string) => page.getByRole('button', { name: hypernest.t('hosts.switcher', { name }) });
  const pick = (name: string) => page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) });

  await hypernest.openVm('dev-box');
  await switcher(t('hosts.thisPc')).click();
  await expect(pick('BUILD-01')).toBeVisible();
  await takePicture(hypernest.electron, page, 'hosts-switcher');
  await pick('BUILD-01').click();
  await hypernest.openVm('lab-0002');
  await pictures(hypernest, 'hosts-machines');
  await setSize(hypernest, 800, 560);
  await takePicture(hypernest.electron, page, 'hosts-machines.800x560');
  await setSize(hypernest, 1080, 720);

  for (const [from, to, name] of [
    ['BUILD-01', 'BUILD-02', 'hosts-away'],
    ['BUILD-02', 'TEST-01', 'hosts-key-changed'],
  ] as const) {
    await switcher(from).click();
    await pick(to).click();
    await pictures(hypernest, name);
  }

  await hypernest.button(t('hosts.openHosts')).click();
  await pictures(hypernest, 'hosts');
  await setSize(hypernest, 540, 720);
  await takePicture(hypernest.electron, page, 'hosts.540x720');
  await setSize(hypernest, 1080, 720);
  await hypernest.button(t('hosts.add')).click();
  await page.getByLabel(t('hosts.address')).fill('admin@off-01');
  await hypernest.button(t('hosts.test')).click();
  await expect(page.getByText(t('failures.hostNotAnswering'))).toBeVisible();
  await pictures(hypernest, 'hosts-add-failed');
  await page.getByLabel(t('hosts.address')).fill('mei@lab-07:2222');
  await hypernest.button(t('hosts.test')).click();
  await expect(hypernest.button(t('hosts.accept'))).toBeVisible();
  await pictures(hypernest, 'hosts-add-key');
  await hypernest.button(t('hosts.accept')).click();
  await expect(page.getByLabel(t('hosts.label'))).toHaveValue('LAB-07');
  await pictures(hypernest, 'hosts-add-fine');
});
