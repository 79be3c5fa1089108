/** Ready inside, where it cannot be, and where it goes wrong half-way. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import type { Goal } from '../../src/core/machine/goal.js';
import { expect, sharedTest, test } from './app.js';

test.use({ options: { scenario: 'linux-guest', speed: 400, direct: true } });

sharedTest('a Linux guest is told what it needs, and that the rest is not for it', async ({ hypernest }) => {
  const { t, page } = hypernest;
  const name = 'ubuntu-kvm';
  await hypernest.ready();
  await hypernest.openVm(name);
  await hypernest.turnTo('machines.partGuest');
  await expect(page.getByText(t('inside.answersPlain')).first()).toBeVisible();
  await expect(page.getByText('/dev/kvm').first()).toBeVisible();
});

sharedTest('what was turned on before a feature was refused is turned off again', async ({ launch }) => {
  const hypernest = await launch({ scenario: 'feature-refused' });
  const { t, page } = hypernest;
  await hypernest.ready();
  const { id } = await hypernest.vm('lab');
  const entered = await hypernest.call('enter', {
    at: vmIn(thisPc, id),
    userName: 'dev',
    password: 'lab',
    remember: false,
  });
  expect(entered).toEqual({ kind: 'open' });
  const roles = { 'virtual-machine-platform': true, 'hypervisor-platform': true };
  const goal: Goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { roles } }], consents: ['shut-down'] };
  const shown = await hypernest.call('plan', { goal });
  expect(shown).toMatchObject({ result: { kind: 'ready' } });
  const plan = (shown as { result: { plan: { id: string } } }).result.plan.id;
  await hypernest.call('start', { plan, consents: ['shut-down'] });
  expect((await hypernest.endedRun()).outcome).toBe('partly');
  const states = async () => {
    const { guest } = await hypernest.vm('lab');
    return [guest?.inside?.roles['virtual-machine-platform'], guest?.inside?.roles['hypervisor-platform']];
  };
  expect(await states()).toEqual(['EnablePending', 'Disabled']);
  await hypernest.open('activity');
  await hypernest.button(t('activity.undoButton')).first().click();
  await expect(page.locator('.commandbar')).toBeVisible();
  await hypernest.button(t('wizard.shutDownAndUndo')).click();
  await hypernest.until(({ runs, running }) => runs.length === 2 && running.length === 0, 'undone', 60_000);
  await expect.poll(states).toEqual(['Disabled', 'Disabled']);
  expect((await hypernest.vm('lab')).state).toBe('Running');
});
