import { expect, test } from './app.js';
import type { Hypernest } from './hypernest.js';

// The shutdown takes long enough in real time to be in the middle of it.
test.use({ options: { speed: 4, direct: true } });
const NAME = 'Lab DC 01';

/** Starts a change of a running VM and ends the app hard while its guest shuts down. */
async function cutShort(launch: () => Promise<Hypernest>): Promise<void> {
  const first = await launch();
  const { t } = first;
  await first.ready();
  await first.openVm(NAME);
  await first.button(t('machines.reviewRunning')).click();
  await first.button(t('wizard.review')).click();
  await first.button(t('wizard.shutDownAndApply')).click();
  await first.until(
    ({ runs, running }) =>
      running.length > 0 &&
      (runs[0]?.events.some((event) => event.kind === 'step' && event.state === 'running') ?? false),
    'a step is under way',
  );
  await first.killHard();
}

/** The app again, at its question. */
async function asked(launch: () => Promise<Hypernest>): Promise<Hypernest> {
  const again = await launch();
  const state = await again.ready();
  expect(state.runs).toHaveLength(1);
  expect(state.runs[0]?.outcome, 'no outcome was written').toBeUndefined();
  expect(state.running).toEqual([]);
  await again.open('activity');
  await again.button(again.t('activity.decide')).first().click();
  await expect(again.page.getByText(again.t('activity.cutShortTitle'))).toBeVisible();
  return again;
}

test('a run that was cut short can be finished', async ({ launch }) => {
  await cutShort(launch);
  const again = await asked(launch);
  await again.page.getByRole('radio', { name: again.t('activity.finish') }).check();
  await again.button(again.t('activity.finishButton')).click();
  await again.until(
    ({ machine, running }) => running.length === 0 && machine?.vms?.find((vm) => vm.name === NAME)?.nesting === true,
    'finished',
    50_000,
  );
  expect(
    (await again.state()).runs.filter(({ outcome, settled }) => outcome === undefined && settled === undefined),
  ).toEqual([]);
});

test('a run that was cut short can be undone', async ({ launch }) => {
  await cutShort(launch);
  const again = await asked(launch);
  await again.page.getByRole('radio', { name: new RegExp(`^${again.t('activity.back')}`) }).check();
  await again.button(again.t('activity.backButton')).click();
  await expect(again.page.locator('.commandbar')).toBeVisible();
  const nesting = (await again.vm(NAME)).nesting;
  expect(nesting).toBe(false);
});

test('a run that was cut short can be left, and is not asked about again', async ({ launch }) => {
  await cutShort(launch);
  const again = await asked(launch);
  await again.page.getByRole('radio', { name: again.t('activity.leave') }).check();
  await again.button(again.t('activity.leaveButton')).click();
  const { runs } = await again.until((state) => state.runs[0]?.settled === 'left', 'left');
  expect(runs).toHaveLength(1);
});
