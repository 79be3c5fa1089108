/** Inside a machine: its section on the page, the account, Ready inside, and the accounts that are kept. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../e2e/app.js';
import type { Hypernest } from '../e2e/hypernest.js';
import { fillAccount, signIn } from '../e2e/inside-steps.js';
import { signalShells } from '../e2e/shells.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

test.describe.configure({ mode: 'default' });
test.use({ options: { scenario: 'server-l1', speed: 400 } });

/** The section of the page that has this heading, at the top of what is seen. */
async function showSection({ page }: Hypernest, title: string): Promise<void> {
  await page
    .getByRole('heading', { name: title, exact: true })
    .first()
    .evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
}

async function askAccount(hypernest: Hypernest): Promise<void> {
  await hypernest.turnTo('machines.partGuest');
  await hypernest.button(hypernest.t('inside.signIn')).click();
  await expect(hypernest.page.getByRole('dialog')).toBeVisible();
}

test('what is inside, before and after signing in', async ({ hypernest }) => {
  const { t } = hypernest;
  await begin(hypernest);
  await hypernest.openVm('dev-box');
  await hypernest.turnTo('machines.partGuest');
  await showSection(hypernest, t('inside.title'));
  await pictures(hypernest, 'inside-off');
  await hypernest.openVm('lab');
  await hypernest.turnTo('machines.partGuest');
  await showSection(hypernest, t('inside.title'));
  await pictures(hypernest, 'inside-no-account');
  await signIn(hypernest);
  await showSection(hypernest, t('inside.title'));
  await pictures(hypernest, 'inside-signed-in');
  for (const [width, height] of [
    [800, 560],
    [540, 720],
  ] as const) {
    await setSize(hypernest, width, height);
    await showSection(hypernest, t('inside.title'));
    await takePicture(hypernest.electron, hypernest.page, `inside-signed-in.${width}x${height}`);
  }
});

test('the session with a machine ends', async ({ hypernest }) => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no session to end');
  const { t, page } = hypernest;
  await begin(hypernest);
  await signIn(hypernest);
  // Held, asked, ended: what was asked never comes.
  const { pid } = hypernest.electron.process();
  signalShells(pid, 'SIGSTOP');
  await hypernest.button(t('inside.readAgainOf', { name: 'lab' })).click();
  await page.waitForTimeout(300); // the question is on its way; nothing tells when it is there
  signalShells(pid, 'SIGKILL');
  await expect(page.getByText(t('inside.lost', { name: 'lab' }))).toBeVisible();
  await showSection(hypernest, t('inside.title'));
  await pictures(hypernest, 'inside-session-lost');
});

test('the account', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await hypernest.openVm('lab');
  await askAccount(hypernest);
  await pictures(hypernest, 'account-empty');
  await fillAccount(hypernest, 'dev', 'not it');
  await expect(page.getByText(t('inside.causeWrong'))).toBeVisible();
  await pictures(hypernest, 'account-wrong-password');
  await setSize(hypernest, 540, 720);
  await takePicture(hypernest.electron, page, 'account-wrong-password.540x720');
  await setSize(hypernest, 1080, 720);
  await fillAccount(hypernest, 'dev', '');
  await expect(page.getByText(t('inside.refusedBlank'))).toBeVisible();
  await pictures(hypernest, 'account-blank-password');
  await fillAccount(hypernest, 'ann@contoso.com', '1234');
  await expect(hypernest.button(t('inside.writeIt'))).toBeVisible();
  await pictures(hypernest, 'account-mail-address');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('inside.cancel'), exact: true })
    .click();
  await showSection(hypernest, t('inside.title'));
  await pictures(hypernest, 'inside-refused');
});

test('Ready inside', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await signIn(hypernest);
  await hypernest.button(t('inside.rolesChange')).click();
  await page.getByRole('radio', { name: new RegExp(`^${t('inside.wsl')}`) }).check();
  await pictures(hypernest, 'ready-inside');
  await setSize(hypernest, 540, 720);
  await takePicture(hypernest.electron, page, 'ready-inside.540x720');
  await setSize(hypernest, 1080, 720);
  await hypernest.button(t('wizard.review')).click();
  await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
  await pictures(hypernest, 'ready-inside-review');
  await hypernest.button(t('wizard.shutDownAndApply')).click();
  await hypernest.endedRun(60_000);
  await pictures(hypernest, 'ready-inside-done');
});

test.describe('an account that is no administrator', () => {
  test.use({ options: { scenario: 'workstation', speed: 40 } });
  test('inside-not-administrator', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.openVm('构建机');
    await askAccount(hypernest);
    await fillAccount(hypernest, 'guest', 'guest');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(t('inside.notAdministrator', { name: '构建机' }))).toBeVisible();
    await dialog.getByRole('button', { name: t('inside.cancel'), exact: true }).click();
    await showSection(hypernest, t('inside.title'));
    await pictures(hypernest, 'inside-not-administrator');
  });
});

test.describe('a Linux guest', () => {
  test.use({ options: { scenario: 'linux-guest', speed: 400 } });
  test('inside-linux', async ({ hypernest }) => {
    await begin(hypernest);
    await hypernest.openVm('ubuntu-kvm');
    await hypernest.turnTo('machines.partGuest');
    await showSection(hypernest, hypernest.t('inside.title'));
    await pictures(hypernest, 'inside-linux');
  });
});

test('accounts that are kept', async ({ launch, userData }) => {
  // As they are written where the system encrypts; there is nothing here that could.
  await mkdir(path.join(userData, 'accounts'), { recursive: true });
  const first = await launch();
  const lab = await first.vm('lab');
  await first.electron.close();
  const accounts = [
    { at: vmIn(thisPc, lab.id), machine: 'lab', userName: 'dev', secret: '' },
    {
      at: vmIn(vmIn(thisPc, lab.id), '5d3c9f10-0000-4000-8000-000000000002'),
      machine: 'lab-win',
      userName: 'LAB-WIN\\dev',
      secret: '',
    },
  ];
  await writeFile(path.join(userData, 'accounts', 'simulated-server-l1.json'), JSON.stringify({ accounts }));
  const hypernest = await launch();
  await begin(hypernest);
  await hypernest.open('settings');
  await showSection(hypernest, hypernest.t('inside.accounts'));
  await pictures(hypernest, 'settings-accounts');
});
