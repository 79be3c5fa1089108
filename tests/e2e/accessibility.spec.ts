import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './app.js';
import type { Hypernest } from './hypernest.js';

const looks = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'zh-CN' },
] as const;

/** Every page and state, in each of the looks: axe finds nothing. */
async function expectNoViolations(hypernest: Hypernest, what: string): Promise<void> {
  // Colours fade in after a change of the theme; a half-way colour has no contrast of its own.
  await hypernest.page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  );
  // Electron has one page per window: axe's other mode opens a second one.
  const { violations } = await new AxeBuilder({ page: hypernest.page }).setLegacyMode(true).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`),
    what,
  ).toEqual([]);
}

async function inEachLook(hypernest: Hypernest, what: string): Promise<void> {
  for (const look of looks) {
    await hypernest.call('settings', look);
    await expect(hypernest.page.locator('html')).toHaveAttribute('data-theme', look.theme);
    await expect(hypernest.page.locator('html')).toHaveAttribute('lang', look.language);
    hypernest.language = look.language;
    await expectNoViolations(hypernest, `${what}, ${look.theme}, ${look.language}`);
  }
  await hypernest.call('settings', { theme: 'light', language: 'en' });
  await expect(hypernest.page.locator('html')).toHaveAttribute('lang', 'en');
  hypernest.language = 'en';
}

test('the pages of a workstation', async ({ hypernest }) => {
  test.setTimeout(180_000);
  const { page } = hypernest;
  const { machine } = await hypernest.ready();
  await expect(page.getByRole('option').first()).toBeVisible();
  for (const vm of machine?.vms ?? []) {
    await hypernest.openVm(vm.name);
    if (vm.name === 'dev-box') await inEachLook(hypernest, vm.name);
    else await expectNoViolations(hypernest, vm.name);
  }
  for (const name of ['host', 'activity', 'settings'] as const) {
    await hypernest.open(name);
    await inEachLook(hypernest, name);
  }
});

test('the wizard, from choosing to done and back', async ({ hypernest }) => {
  test.setTimeout(180_000);
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.openVm('Lab DC 01');
  await hypernest.button(t('machines.reviewRunning')).click();
  await expect(hypernest.button(t('wizard.review'))).toBeVisible();
  await inEachLook(hypernest, 'choose');
  await hypernest.button(t('wizard.review')).click();
  await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
  await inEachLook(hypernest, 'review');
  await hypernest.button(t('wizard.shutDownAndApply')).click();
  await hypernest.endedRun();
  await inEachLook(hypernest, 'done');
  await hypernest.button(t('wizard.putBackButton')).first().click();
  await expect(hypernest.button(t('wizard.shutDownAndPutBack'))).toBeVisible();
  await inEachLook(hypernest, 'put back');
  await hypernest.open('activity');
  await expect(page.getByText(t('activity.today')).first()).toBeVisible();
  await inEachLook(hypernest, 'activity');
});

test('the confirmation', async ({ hypernest }) => {
  await hypernest.ready();
  await hypernest.openVm('dev-box');
  await hypernest.button(hypernest.t('machines.turnOn')).click();
  await expect(hypernest.page.getByRole('dialog')).toBeVisible();
  await expect(hypernest.button(hypernest.t('machines.confirmYes'))).toBeEnabled();
  await inEachLook(hypernest, 'confirmation');
});

test('a session that was lost', async ({ hypernest }) => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no shell to end');
  await hypernest.ready();
  await hypernest.loseShell();
  await hypernest.open('machines');
  await expect(hypernest.page.getByText(hypernest.t('machines.lostTitle'))).toBeVisible();
  await inEachLook(hypernest, 'lost');
});

for (const scenario of [
  'not-admin',
  'joined-not-signed-out',
  'no-hyper-v',
  'windows-home',
  'module-blocked',
  'constrained-language',
  'service-stopped',
  'amd-on-windows-10',
  'one-broken-vm',
  'empty',
  'inside-another-hypervisor',
  'arm64',
])
  test.describe(scenario, () => {
    test.use({ options: { scenario, direct: true } });
    test(`${scenario}: machines and this PC`, async ({ hypernest }) => {
      await hypernest.ready();
      await hypernest.open('machines');
      await inEachLook(hypernest, `${scenario}, machines`);
      await hypernest.open('host');
      await inEachLook(hypernest, `${scenario}, this PC`);
    });
  });
