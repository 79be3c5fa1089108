import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, sharedTest, test } from './app.js';

test.describe('the main job', () => {
  sharedTest(
    'a VM that is off gets nesting with one click and one confirmation, verified, and is undone',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      expect((await hypernest.vm('dev-box')).nesting).toBe(false);
      await hypernest.turnNestingOn('dev-box');
      const run = await hypernest.endedRun();
      expect(run.outcome).toBe('done');
      await hypernest.until(
        ({ machine }) => machine?.vms?.find(({ name }) => name === 'dev-box')?.nesting === true,
        'read back',
      );
      await expect(hypernest.option('dev-box')).toHaveAccessibleName(new RegExp(t('machines.badgeOnLong')));
      await hypernest.button(t('machines.undo')).first().click();
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
      await hypernest.button(t('wizard.undoNow')).click();
      await hypernest.until(
        ({ machine }) => machine?.vms?.find(({ name }) => name === 'dev-box')?.nesting === false,
        'undone',
      );
      expect((await hypernest.endedRun()).outcome).toBe('done');
    },
  );

  sharedTest(
    'it is through PowerShell where an engine is here, and the window says that nothing real is touched',
    async ({ hypernest }) => {
      const { source } = await hypernest.ready();
      expect(source).toMatchObject({
        kind: 'simulated',
        scenario: 'workstation',
        through: process.env['HYPERNEST_ENGINE'] ? 'powershell' : 'direct',
      });
      await expect(hypernest.page.getByText(hypernest.t('app.simulated'))).toBeVisible();
    },
  );

  sharedTest(
    'a running VM is reviewed, gets a checkpoint, is shut down, changed, started again and undone',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      const name = 'Lab DC 01';
      expect((await hypernest.vm(name)).state).toBe('Running');
      await hypernest.openVm(name);
      await hypernest.button(t('machines.reviewRunning')).click();
      await hypernest.button(t('wizard.review')).click();
      await expect(page.getByRole('heading', { name: t('wizard.powerTitle') })).toBeVisible();
      await expect(page.getByText('ExposeVirtualizationExtensions').first()).toBeVisible();
      await page.getByRole('checkbox', { name: t('checkpoint.tick') }).click();
      await expect(page.getByText('Checkpoint-VM').first()).toBeVisible();
      await hypernest.button(t('wizard.shutDownAndApply')).click();
      const run = await hypernest.endedRun();
      expect(run.outcome).toBe('done');
      const checkpoints = async (): Promise<readonly unknown[]> =>
        (await hypernest.vm(name)).checkpoints?.map((one) => one.name) ?? [];
      expect(await checkpoints()).toEqual([
        expect.stringMatching(
          /^Before: Turn on nested virtualization, \d more \(Hypernest \d{4}-\d\d-\d\d \d\d:\d\d\)$/,
        ),
      ]);
      const after = await hypernest.vm(name);
      expect([after.state, after.nesting]).toEqual(['Running', true]);
      await hypernest.button(t('wizard.undoButton')).first().click();
      await hypernest.button(t('wizard.shutDownAndUndo')).click();
      await hypernest.until(
        ({ machine, running }) =>
          running.length === 0 && machine?.vms?.find((vm) => vm.name === name)?.nesting === false,
        'undone',
        40_000,
      );
      expect((await hypernest.vm(name)).state).toBe('Running');
      // It is a person's way back: there after the undo, and taken away by itself.
      expect(await checkpoints()).toHaveLength(1);
      await hypernest.open('activity');
      await page.locator('[aria-expanded="false"]').last().click();
      await hypernest.button(t('checkpoint.removeButton')).click();
      await expect(page.getByText('Remove-VMSnapshot').first()).toBeVisible();
      // Main asks by itself: it can't be undone.
      await hypernest.answer(0);
      await hypernest.button(t('checkpoint.removeNow')).click();
      await expect.poll(checkpoints).toEqual([]);
      await expect(page.getByRole('heading', { name: t('checkpoint.removed', { count: 1 }) })).toBeVisible();
    },
  );
});

test.describe('a guest that does not shut down', () => {
  test.use({ options: { scenario: 'locked-guest', speed: 400 } });

  sharedTest(
    'is never turned off without being asked about; turning it off is offered, and then the change is made',
    async ({ hypernest }) => {
      const { t } = hypernest;
      await hypernest.ready();
      const name = 'Lab DC 01';
      await hypernest.openVm(name);
      await hypernest.button(t('machines.reviewRunning')).click();
      await hypernest.button(t('wizard.review')).click();
      await hypernest.button(t('wizard.shutDownAndApply')).click();
      const refused = await hypernest.endedRun();
      expect(refused.outcome).not.toBe('done');
      const still = await hypernest.vm(name);
      expect([still.state, still.nesting]).toEqual(['Running', false]);
      await hypernest.page.getByRole('radio', { name: t('wizard.wayTurnOff') }).click();
      await hypernest.button(t('wizard.offerTurnOff')).click();
      await expect(hypernest.page.getByText(t('wizard.turnOffHeadline', { name }))).toBeVisible();
      const apply = hypernest.button(t('wizard.turnOffAndApply'));
      await expect(apply).toBeDisabled();
      await hypernest.page.getByRole('checkbox').first().check();
      await hypernest.answer(0);
      await apply.click();
      await expect
        .poll(async () => (await hypernest.asked()).map(({ message }) => message))
        .toEqual([t('tray.losesAsk')]);
      await hypernest.until(
        ({ machine, running }) =>
          running.length === 0 && machine?.vms?.find((vm) => vm.name === name)?.nesting === true,
        'turned off and changed',
        40_000,
      );
      expect((await hypernest.vm(name)).state).toBe('Running');
    },
  );
});

test.describe('names that would be code', () => {
  test.use({ options: { scenario: 'hostile-names' } });

  sharedTest('are shown as they are, changed by id only, and stand in no script', async ({ hypernest }) => {
    const { machine } = await hypernest.ready();
    for (const vm of machine?.vms ?? []) {
      const shown = (await hypernest.call('plan', {
        goal: { kind: 'vms', consents: [], wants: [{ vm: vmIn(thisPc, vm.id), want: { nesting: true } }] },
      })) as { result: { kind: string }; script: { lines: { text: string }[][] }[] };
      expect(shown.result.kind, vm.name).toBe('ready');
      const script = shown.script
        .flatMap(({ lines }) => lines.map((line) => line.map(({ text }) => text).join('')))
        .join('\n');
      expect(script, vm.name).toContain(vm.id);
      if (vm.name.trim().length > 1) expect(script, vm.name).not.toContain(vm.name);
    }
    const code = (machine?.vms ?? []).find(({ name }) => name.startsWith('$('));
    if (!code) throw new Error('the scenario has no such name');
    await hypernest.turnNestingOn(code.name);
    expect((await hypernest.endedRun()).outcome).toBe('done');
    expect((await hypernest.state()).machine?.vms?.length).toBe(machine?.vms?.length);
    expect(await hypernest.page.evaluate(() => document.querySelectorAll('img').length)).toBe(0);
  });
});
