/** Five people, from a fresh profile to what they came for. Each line: what it cost, and whether that is within its bounds. */
import { expect, test, type LaunchOptions } from '../e2e/app.js';
import type { Hypernest } from '../e2e/hypernest.js';
import { fillAccount } from '../e2e/inside-steps.js';
import { actOutside } from '../e2e/outside.js';
import { count, type Cost } from './count.js';

interface Bounds {
  readonly clicks: number;
  readonly words?: number;
}

/** Says what was counted; one that is over its bounds has failed. */
function judge(name: string, { clicks, screens }: Cost, most: Bounds): void {
  const words = screens.reduce((sum, screen) => sum + screen.words, 0);
  const isMet = clicks <= most.clicks && words <= (most.words ?? Infinity);
  console.log(`${name}  clicks ${clicks}  screens ${screens.length}  words ${words}  ${isMet ? 'met' : 'missed'}`);
  if (process.env['JOURNEY_SCREENS'])
    for (const { name: screen, words: seen } of screens) console.log(`   ${String(seen).padStart(4)}  ${screen}`);
  expect(isMet, JSON.stringify(most)).toBe(true);
}

async function begin(
  launch: (options: LaunchOptions) => Promise<Hypernest>,
  options: LaunchOptions,
): Promise<{ readonly hypernest: Hypernest; readonly cost: () => Promise<Cost> }> {
  const hypernest = await launch({ speed: 400, ...options });
  hypernest.page.setDefaultTimeout(60_000);
  await hypernest.answer(0);
  return { hypernest, cost: await count(hypernest) };
}

const read = (hypernest: Hypernest) => hypernest.until(({ machine }) => machine !== null, 'this PC was read', 60_000);

test('A: WSL 2 in a VM, by somebody who does not know the word nesting', async ({ launch }) => {
  const { hypernest, cost } = await begin(launch, { fresh: true });
  const { t, page } = hypernest;
  const name = 'dev-box';
  await page.getByRole('radio', { name: t('inside.wsl') }).click();
  await read(hypernest);
  await hypernest.button(t('setup.next')).click();
  await expect(page.getByRole('radio', { name })).toBeChecked({ timeout: 30_000 });
  await hypernest.button(t('setup.nestingButton')).click();
  await hypernest.button(t('wizard.applyAndStart')).click();
  await hypernest.button(t('setup.return')).click({ timeout: 60_000 });
  await expect(page.getByText('wsl --install', { exact: true })).toBeVisible({ timeout: 60_000 });
  await hypernest.button(t('machines.connect')).click();
  // In the window of the VM: the command, and the restart that it asks for.
  await actOutside(hypernest, { act: 'hypervisor', vm: name, on: true });
  await expect(page.getByText(t('setup.insideSeen', { name })).first()).toBeVisible({ timeout: 60_000 });
  expect((await hypernest.vm(name)).inside).toMatch(/^(probably|certainly)$/);
  judge('A', await cost(), { clicks: 8, words: 900 });
});

/** Saved, running, paused and off; nesting on in some of them. */
const twelve = Array.from({ length: 12 }, (_, index) => `lab-${String(index + 10).padStart(4, '0')}`);

test('B: nesting and spoofing for 12 of 300 by name, and all of it taken back', async ({ launch }) => {
  const { hypernest, cost } = await begin(launch, { scenario: 'lab-of-300' });
  const { t, page } = hypernest;
  const settings = async () =>
    ((await read(hypernest)).machine?.vms ?? [])
      .filter(({ name }) => twelve.includes(name))
      .map(({ name, nesting, adapters }) => [name, nesting, adapters?.map(({ macSpoofing }) => macSpoofing).join()]);
  const before = await settings();
  await page.getByRole('textbox', { name: t('machines.filter') }).click();
  await hypernest.electron.evaluate(({ clipboard }, names) => clipboard.writeText(names), twelve.join('\r\n'));
  await page.keyboard.press('Control+v');
  await hypernest.button(/^Turn on nesting for/).click();
  await hypernest.button(t('wizard.moreSettings')).click();
  await page.getByRole('switch', { name: t('wizard.spoofingMany') }).click();
  await hypernest.button(t('wizard.review')).click();
  for (const tick of await page.locator('main').getByRole('checkbox').all()) await tick.click();
  await page.locator('footer .btn.primary').click();
  await hypernest.endedRun(100_000);
  expect(await settings(), 'all 12 are right').toEqual(twelve.map((name) => [name, true, 'On']));
  const there = await cost();
  // On Friday.
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).first().click();
  for (const tick of await page.locator('main').getByRole('checkbox').all()) await tick.click();
  await page.locator('footer .btn.primary').click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 100_000);
  expect(await settings(), 'all 12 are as they were').toEqual(before);
  const back = await cost();
  expect(back.clicks - there.clicks, 'presses to undo it').toBeLessThanOrEqual(3);
  judge('B', there, { clicks: 10 });
});

test('C: why a nested VM has no internet', async ({ launch }) => {
  const { hypernest, cost } = await begin(launch, { scenario: 'server-l1' });
  const { t, page } = hypernest;
  await read(hypernest);
  await hypernest.open('errors');
  await hypernest.button(t('errors.seesNoInternet')).click();
  await hypernest.button(t('inside.signIn')).click();
  await fillAccount(hypernest, 'dev', 'lab');
  await hypernest.until(({ proof }) => proof !== null && proof.state !== 'running', 'tested', 60_000);
  // The hop that fails, of that VM and not of the machine it is in.
  await expect(page.getByRole('heading', { level: 1 })).toContainText('lab-win');
  judge('C', await cost(), { clicks: 6 });
});

test('D: the first useful change of a default Windows 11 administrator', async ({ launch }) => {
  const { hypernest, cost } = await begin(launch, { scenario: 'not-admin', fresh: true });
  const { t, page } = hypernest;
  await expect(page.getByText(t('rights.joinThen')), 'what signing out is for').toBeVisible({ timeout: 60_000 });
  await page.getByRole('radio', { name: t('rights.session') }).click();
  await hypernest.button(t('rights.sessionButton')).click();
  await hypernest.button(t('rights.goOn')).click();
  await hypernest.button(t('machines.turnOn')).click({ timeout: 60_000 });
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('machines.confirmYes'), exact: true })
    .click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  expect(await hypernest.asked()).toEqual([]);
  judge('D', await cost(), { clicks: 6, words: 500 });
});

test('E: from a PC without VMs to one that runs from its ISO file', async ({ launch }) => {
  const { hypernest, cost } = await begin(launch, { scenario: 'empty' });
  const { t } = hypernest;
  await hypernest.button(t('create.button')).click({ timeout: 60_000 });
  await hypernest.button(t('wizard.review')).click();
  await hypernest.button(t('create.applyAndStart')).click();
  expect((await hypernest.endedRun()).outcome).toBe('done');
  expect((await hypernest.vm('Windows 11')).state).toBe('Running');
  judge('E', await cost(), { clicks: 6, words: 400 });
});
