/** A network for nested VMs: three ways, what stands against each, its review and end, its test, and how it is undone. */
import { expect, test } from '../e2e/app.js';
import type { Hypernest } from '../e2e/hypernest.js';
import { chooseWay, enterNested, signIn } from '../e2e/inside-steps.js';
import { begin, pictures, setSize } from './looks.js';
import { takePicture } from './pictures.js';

test.describe.configure({ mode: 'default' });
test.use({ options: { scenario: 'server-l1', speed: 400 } });

async function small(hypernest: Hypernest, name: string): Promise<void> {
  for (const [width, height] of [
    [800, 560],
    [540, 720],
  ] as const) {
    await setSize(hypernest, width, height);
    await takePicture(hypernest.electron, hypernest.page, `${name}.${width}x${height}`);
  }
  await setSize(hypernest, 1080, 720);
}

test('NAT inside, from choosing to undo', async ({ hypernest }) => {
  test.setTimeout(240_000);
  const { t, page } = hypernest;
  await begin(hypernest);
  await signIn(hypernest);
  await enterNested(hypernest);
  await hypernest.turnTo('machines.partNetwork');
  await hypernest.button(t('network.testButton')).first().click();
  await expect(page.getByText(t('network.cause'), { exact: true })).toBeVisible();
  await pictures(hypernest, 'proof-stops');
  await small(hypernest, 'proof-stops');
  await hypernest.open('machines');
  await hypernest.openVm('lab');
  await chooseWay(hypernest, 'wayNat');
  await pictures(hypernest, 'network-nat');
  await small(hypernest, 'network-nat');
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByText('New-NetNat').first()).toBeVisible();
  await pictures(hypernest, 'network-review');
  await small(hypernest, 'network-review');
  await hypernest.button(t('network.apply')).click();
  await hypernest.endedRun();
  await pictures(hypernest, 'network-done');
  await small(hypernest, 'network-done');
  await page.getByRole('heading', { name: t('wizard.next'), exact: true }).scrollIntoViewIfNeeded();
  await pictures(hypernest, 'network-done-table');
  await hypernest.button(t('network.testButton')).first().click();
  await takePicture(hypernest.electron, page, 'proof-running.light');
  await hypernest.until(({ proof }) => proof?.state === 'done', 'tested', 40_000);
  await pictures(hypernest, 'proof-all');
  await small(hypernest, 'proof-all');
  await hypernest.open('activity');
  await pictures(hypernest, 'activity-network');
  await hypernest.button(t('activity.undoButton')).first().click();
  await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
  await pictures(hypernest, 'undo-network');
  await small(hypernest, 'undo-network');
  await hypernest.button(t('wizard.cancel')).click();
  const { guests } = await hypernest.state();
  for (const key of Object.keys(guests)) await hypernest.call('leave', { at: key });
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).first().click();
  await expect(page.getByText(t('activity.gapUnknown')).first()).toBeVisible();
  await pictures(hypernest, 'undo-network-unknown');
});

test('MAC address spoofing', async ({ hypernest }) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await signIn(hypernest);
  await chooseWay(hypernest, 'waySpoofing');
  await pictures(hypernest, 'network-spoofing');
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByRole('checkbox').first()).toBeVisible();
  await pictures(hypernest, 'network-spoofing-review');
  await page.getByRole('checkbox').first().check();
  await hypernest.button(t('network.apply')).click();
  await hypernest.endedRun();
  await pictures(hypernest, 'network-spoofing-done');
});

for (const [scenario, way, name] of [
  ['wifi-laptop', 'wayDefaultSwitch', 'network-default-switch'],
  ['docker-owns-the-nat', 'wayNat', 'network-nat-existing'],
  ['two-adapters', 'waySpoofing', 'network-two-adapters'],
  ['cloud-host', 'wayNat', 'network-cloud-host'],
] as const)
  test.describe(scenario, () => {
    test.use({ options: { scenario, speed: 400 } });
    test(name, async ({ hypernest }) => {
      await begin(hypernest);
      await signIn(hypernest);
      await chooseWay(hypernest, way);
      await pictures(hypernest, name);
    });
  });

test.describe('vpn-overlap', () => {
  test.use({ options: { scenario: 'vpn-overlap', speed: 400 } });
  test('network-vpn-overlap', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await signIn(hypernest);
    await chooseWay(hypernest, 'wayNat');
    await page.getByLabel(t('network.prefix'), { exact: true }).fill('10.99.7.0/24');
    await expect(page.getByText(/Lab VPN|Contoso VPN/).first()).toBeVisible();
    await pictures(hypernest, 'network-vpn-overlap');
  });
});

test.describe('port-taken', () => {
  test.use({ options: { scenario: 'port-taken', speed: 400 } });
  test('ports-taken', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.openVm('lab');
    await hypernest.turnTo('machines.partNetwork');
    await pictures(hypernest, 'ports');
    await small(hypernest, 'ports');
    await page.getByLabel(t('ports.hostPort'), { exact: true }).fill('8080');
    await expect(
      page.getByText(t('ports.listeningAs', { protocol: 'TCP', port: '8080', process: '4321' })),
    ).toBeVisible();
    await pictures(hypernest, 'ports-taken');
    await small(hypernest, 'ports-taken');
  });
});

test('a network before anybody has signed in', async ({ hypernest }) => {
  const { t } = hypernest;
  await begin(hypernest);
  await hypernest.openVm('lab');
  await hypernest.turnTo('machines.partNetwork');
  await hypernest.button(t('network.entryButton')).click();
  await expect(hypernest.button(t('inside.signIn'))).toBeVisible();
  await pictures(hypernest, 'network-no-account');
});

test('an address that stays: its row, what Windows asks an administrator for, its review, its end without an account', async ({
  hypernest,
}) => {
  const { t, page } = hypernest;
  await begin(hypernest);
  await hypernest.openVm('lab');
  await hypernest.turnTo('machines.partNetwork');
  await expect(hypernest.button(t('network.stayButton'))).toBeEnabled();
  await pictures(hypernest, 'network-stay');
  await hypernest.button(t('network.stayButton')).click();
  await expect(page.getByLabel(t('network.prefix'))).toBeVisible();
  await pictures(hypernest, 'network-stay-choose');
  await hypernest.button(t('wizard.review')).click();
  await expect(page.getByText(t('checks.elevatedNone'))).toBeVisible();
  await pictures(hypernest, 'network-stay-blocked');
  await hypernest.button(t('host.fixSession')).click();
  await hypernest.button(t('rights.goOn')).click();
  await expect(hypernest.button(t('network.apply'))).toBeVisible({ timeout: 30_000 });
  await pictures(hypernest, 'network-stay-review');
  await small(hypernest, 'network-stay-review');
  await hypernest.button(t('network.apply')).click();
  await hypernest.endedRun();
  await pictures(hypernest, 'network-stay-done');
  await small(hypernest, 'network-stay-done');
});
