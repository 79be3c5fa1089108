import type { Hypernest } from '../e2e/hypernest.js';
import { expect, test } from '../e2e/app.js';
import { eventChannel } from '../../src/ipc/wire.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

const switcher = ({ page, t }: Hypernest, name: string) =>
  page.getByRole('button', { name: t('hosts.switcher', { name }) });
const pick = ({ page }: Hypernest, name: string) => page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) });

async function showAll(hypernest: Hypernest): Promise<void> {
  await switcher(hypernest, hypernest.t('hosts.thisPc')).click();
  await pick(hypernest, hypernest.t('hosts.all')).click();
}

/** The window is told that a host was lost, which no simulated one is that was read before. */
async function loseSight(
  { electron }: Hypernest,
  host: string,
  failure: 'host-not-answering' | 'host-key-changed',
): Promise<void> {
  const connection = {
    kind: 'lost',
    failure: { kind: failure },
    attempts: 2,
    retryAt: failure === 'host-key-changed' ? null : new Date(Date.now() + 40_000).toISOString(),
    since: new Date().toISOString(),
    changing: false,
  };
  await electron.evaluate(
    ({ BrowserWindow }, [channel, event]) =>
      BrowserWindow.getAllWindows().forEach(({ webContents }) => webContents.send(channel, event)),
    [eventChannel, { kind: 'state', host, state: { connection } }] as const,
  );
}

const small = [
  [800, 560],
  [540, 360],
] as const;
async function smaller(hypernest: Hypernest, name: string): Promise<void> {
  for (const [width, height] of small) {
    await setSize(hypernest, width, height);
    await takePicture(hypernest.electron, hypernest.page, `${name}.${width}x${height}`);
  }
  await setSize(hypernest, 1080, 720);
}

test.describe('all PCs', () => {
  test.use({ options: { scenario: 'lab-of-3-hosts', speed: 10 } });

  test('three hosts', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.until(({ others }) => others['host-000000000003']?.connection.kind === 'lost', 'all were tried');
    await showAll(hypernest);
    await pictures(hypernest, 'all-pcs');
    await smaller(hypernest, 'all-pcs');
    const list = page.getByRole('listbox');
    await list.focus();
    await page.keyboard.press('End');
    await pictures(hypernest, 'all-pcs-end');
    await smaller(hypernest, 'all-pcs-end');
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('lab build');
    await takePicture(hypernest.electron, page, 'all-pcs-filtered');
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('lab-0001, lab-0003, dev-box, k8s-node-1');
    await list.press('Control+a');
    await pictures(hypernest, 'all-pcs-few');
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('');
    await list.press('Control+a');
    await pictures(hypernest, 'all-pcs-many');
    await smaller(hypernest, 'all-pcs-many');
    await page.emulateMedia({ forcedColors: 'active' });
    await takePicture(hypernest.electron, page, 'all-pcs-many.contrast');
    await list.press('Escape');
    await takePicture(hypernest.electron, page, 'all-pcs.contrast');
    await page.emulateMedia({ forcedColors: 'none' });
    await switcher(hypernest, t('hosts.all')).click();
    await pictures(hypernest, 'all-pcs-switcher');
    await page.keyboard.press('Escape');
    await loseSight(hypernest, 'host-000000000001', 'host-not-answering');
    await expect(page.locator('.vm.old').first()).toBeVisible();
    await list.press('End');
    await pictures(hypernest, 'all-pcs-old');
    await list.press('Control+a');
    await takePicture(hypernest.electron, page, 'all-pcs-old-many');
    await list.press('Escape');
    await loseSight(hypernest, 'host-000000000001', 'host-key-changed');
    await expect(page.getByRole('heading', { name: t('hosts.keyTitle', { name: 'BUILD-01' }) })).toBeVisible();
    await takePicture(hypernest.electron, page, 'all-pcs-key');
    await smaller(hypernest, 'all-pcs-key');
  });
});

test.describe('all PCs of twenty', () => {
  test.use({ options: { scenario: 'lab-of-20-hosts', speed: 10, direct: true } });

  test('twenty hosts', async ({ hypernest }) => {
    const { page } = hypernest;
    await begin(hypernest);
    await hypernest.until(
      ({ others }) => Object.values(others).every(({ machine }) => machine !== null),
      'all were read',
      60_000,
    );
    await showAll(hypernest);
    const list = page.getByRole('listbox');
    for (let presses = 0; presses < 30; presses++) await list.press('PageDown');
    await pictures(hypernest, 'twenty-pcs');
    await list.press('Control+a');
    await pictures(hypernest, 'twenty-pcs-many');
    await smaller(hypernest, 'twenty-pcs-many');
  });
});

test.use({ options: { scenario: 'lab-of-3-hosts', speed: 10 } });

test('hosts', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await hypernest.until(({ others }) => others['host-000000000003']?.connection.kind === 'lost', 'all were tried');
  await hypernest.openVm('dev-box');
  await switcher(hypernest, t('hosts.thisPc')).click();
  await expect(pick(hypernest, 'BUILD-01')).toBeVisible();
  await takePicture(hypernest.electron, page, 'hosts-switcher');
  await pick(hypernest, 'BUILD-01').click();
  await hypernest.openVm('lab-0002');
  await pictures(hypernest, 'hosts-machines');
  await setSize(hypernest, 800, 560);
  await takePicture(hypernest.electron, page, 'hosts-machines.800x560');
  await setSize(hypernest, 1080, 720);

  for (const [from, to, name] of [
    ['BUILD-01', 'BUILD-02', 'hosts-away'],
    ['BUILD-02', 'TEST-01', 'hosts-key-changed'],
  ] as const) {
    await switcher(hypernest, from).click();
    await pick(hypernest, to).click();
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
  await page.getByLabel(t('hosts.address')).fill('admin@build-01-new');
  await hypernest.button(t('hosts.test')).click();
  await hypernest.button(t('hosts.accept')).click();
  await expect(page.getByLabel(t('hosts.label'))).toHaveValue('BUILD-01-NEW');
  await hypernest.button(t('hosts.addNow')).click();
  await page.getByRole('radio', { name: t('hosts.sameRenamed', { name: 'BUILD-01' }) }).click();
  await pictures(hypernest, 'hosts-add-renamed');
});
