import { isScenario, scenarioNames } from '../../simulator/scenarios/scenarios.js';
import { expect, test } from '../e2e/app.js';
import type { PageName } from '../e2e/hypernest.js';
import { StatusNotifier } from '../e2e/status-notifier.js';
import { isVirtual, takeDesktop, takePicture } from './pictures.js';

/** The switches of `npm start`, handed on by tools/start.mjs. */
const switches = JSON.parse(process.env['HYPERNEST_SWITCHES'] ?? '[]') as readonly string[];
const scenario = switches.find((one) => one.startsWith('--scenario='))?.slice('--scenario='.length) ?? 'workstation';

test.use({ options: { speed: 20, scenario, switches } });

test.beforeAll(() => {
  if (!isScenario(scenario))
    throw new Error(`There is no scenario "${scenario}". Known scenarios: ${scenarioNames.join(', ')}`);
});

test('the main job', async ({ launch }) => {
  test.skip(scenario !== 'workstation', 'its steps are those of the workstation');
  const begin = Date.now();
  let steps = 0;
  let pictures = 0;
  const hypernest = await launch();
  const { t, page, electron } = hypernest;

  /** Says what was done, with a picture. */
  async function did(what: string, picture: string): Promise<void> {
    const name = `${String(++pictures).padStart(2, '0')}-${picture}`;
    await takePicture(electron, page, name);
    console.log(`  ${String(++steps).padStart(2)}. ${what}  -> tour/${name}.png`);
  }

  const state = await hypernest.ready();
  const version = await electron.evaluate(() => process.versions['electron']);
  const through =
    state.source.kind !== 'simulated'
      ? 'this PC'
      : `the simulated ${state.source.scenario}, ${state.source.through === 'powershell' ? 'through PowerShell' : 'without PowerShell'}`;
  await expect(hypernest.option('dev-box')).toBeVisible();
  await did(
    `Hypernest started on Electron ${version} and read ${state.machine?.vms?.length} machines of ${through}`,
    'machines',
  );

  await hypernest.openVm('dev-box');
  const checks = await page
    .locator('.section-head', { hasText: t('machines.checks') })
    .locator('.dim')
    .innerText();
  await did(`Opened dev-box, which is off and ready: its checks say "${checks}"`, 'dev-box');

  await hypernest.button(t('machines.turnOn')).click();
  await expect(hypernest.button(t('machines.confirmYes'))).toBeEnabled();
  await did('Pressed "Turn on nesting": the question names the change and the exact PowerShell', 'confirm');

  await hypernest.button(t('machines.confirmYes')).click();
  const run = await hypernest.endedRun();
  expect(run.outcome).toBe('done');
  await expect.poll(async () => (await hypernest.vm('dev-box')).nesting).toBe(true);
  await did('Confirmed: nested virtualization is on, verified at the VM', 'done');

  await hypernest.button(t('machines.undo')).first().click();
  await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
  await did('Pressed "Undo": the values before, set and now are compared', 'undo');

  await hypernest.button(t('wizard.undoNow')).click();
  await expect.poll(async () => (await hypernest.vm('dev-box')).nesting, { timeout: 20_000 }).toBe(false);
  await hypernest.endedRun();
  await did('Undone: nested virtualization is off again, verified', 'undo-done');

  await hypernest.open('host');
  await did('Opened This PC: each check of the host, with its evidence', 'this-pc');

  if (isVirtual) {
    const tray = await StatusNotifier.find(electron.process().pid ?? 0);
    const labels = (await tray.menu()).children.filter(({ type }) => type !== 'separator').map(({ label }) => label);
    console.log(`  ${String(++steps).padStart(2)}. The tray's menu has: ${labels.join(' | ')}`);
    takeDesktop(`${String(++pictures).padStart(2, '0')}-desktop`);
  }
  console.log(`${steps} steps in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
});

test('a look around another scenario', async ({ launch }) => {
  test.skip(scenario === 'workstation', 'the main job is shown there');
  const hypernest = await launch();
  const { source, machine } = await hypernest.ready();
  const vms = machine?.vms ? `${machine.vms.length} VMs` : 'no list of VMs';
  console.log(`   ${source.kind === 'simulated' ? source.scenario : 'this PC'}: ${vms}`);
  const pages = ['machines', 'host', 'activity', 'errors', 'learn', 'settings'] as const satisfies readonly PageName[];
  for (const [index, name] of pages.entries()) {
    await hypernest.open(name);
    const picture = `${String(index + 1).padStart(2, '0')}-${name}`;
    await takePicture(hypernest.electron, hypernest.page, picture);
    console.log(`  ${String(index + 1).padStart(2)}. -> tour/${picture}.png`);
  }
});
