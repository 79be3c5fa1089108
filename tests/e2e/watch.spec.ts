import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';
import { actOutside } from './outside.js';
import { StatusNotifier } from './status-notifier.js';

const hasTray = process.platform === 'linux' && !!process.env['DBUS_SESSION_BUS_ADDRESS'];

/** What Windows says of itself to every app. */
const say = (hypernest: Hypernest, event: 'lock-screen' | 'unlock-screen' | 'suspend' | 'resume') =>
  hypernest.electron.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);

const readAt = async (hypernest: Hypernest): Promise<string | undefined> =>
  (await hypernest.state()).machine?.host.readAt;

/** Turns nesting of a VM that is off on or off, without the window. */
async function change(hypernest: Hypernest, name: string, nesting: boolean): Promise<void> {
  const { id } = await hypernest.vm(name);
  const goal = { kind: 'vms', consents: [], wants: [{ vm: vmIn(thisPc, id), want: { nesting } }] };
  const { result } = (await hypernest.call('plan', { goal })) as { result: { plan: { id: string } } };
  const started = (await hypernest.call('start', { plan: result.plan.id, consents: [] })) as { run: string };
  await hypernest.until(
    ({ runs }) => runs.some((run) => run.id === started.run && run.outcome === 'done'),
    `nesting of ${name} is ${String(nesting)}`,
  );
}

for (const [begins, ends] of [
  ['lock-screen', 'unlock-screen'],
  ['suspend', 'resume'],
] as const)
  sharedTest(
    `from ${begins} on nothing is read though a run goes on, and with ${ends} at once`,
    async ({ hypernest }) => {
      await hypernest.ready();
      await say(hypernest, begins);
      // A reading that was under way may end; the one that follows each change of the app's own must not begin.
      await change(hypernest, 'dev-box', true);
      const before = await readAt(hypernest);
      await change(hypernest, 'dev-box', false);
      await change(hypernest, 'dev-box', true);
      expect(await readAt(hypernest)).toBe(before);
      await say(hypernest, ends);
      await hypernest.until(({ machine }) => machine?.host.readAt !== before, 'it was read again');
      expect((await hypernest.vm('dev-box')).nesting, 'the run went on').toBe(true);
    },
  );

test.describe('what somebody else does meanwhile', () => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: nobody else can reach the simulated PC');

  sharedTest(
    'a checkpoint that takes nesting away is seen at the VM, in the list and in the tray, and can be undone or kept',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      await hypernest.ready();
      await actOutside(hypernest, { act: 'checkpoint', vm: 'dev-box', name: 'clean' });
      await hypernest.turnNestingOn('dev-box');
      expect((await hypernest.endedRun()).outcome).toBe('done');
      await actOutside(hypernest, { act: 'checkpoint', vm: 'dev-box', name: 'later' });
      // A reading that another act falls into may know the checkpoint and not yet that the VM goes on from it.
      await hypernest.until(({ machine }) => {
        const box = machine?.vms?.find(({ name }) => name === 'dev-box');
        const later = box?.checkpoints?.find(({ name }) => name === 'later');
        return box?.checkpoints?.length === 2 && later !== undefined && box.parentCheckpoint === later.id;
      }, 'both checkpoints are known, and from which it goes on');
      const apply = async (): Promise<void> => {
        await actOutside(hypernest, { act: 'applyCheckpoint', vm: 'dev-box', name: 'clean' });
        await hypernest.until(({ drifts }) => drifts.length === 1, 'the drift is seen');
      };
      await apply();
      await expect(page.getByText(t('machines.driftTitle'))).toBeVisible();
      await expect(page.getByText(t('machines.driftApplied', { name: 'clean' }))).toBeVisible();
      await expect(hypernest.option('dev-box')).toHaveAccessibleName(new RegExp(t('machines.rowDrift')));
      if (hasTray) {
        const tray = await StatusNotifier.find(hypernest.electron.process().pid ?? 0, 15_000);
        await expect
          .poll(async () => (await tray.menu()).children[1]?.label)
          .toContain(t('tray.drifted', { pc: 'DEV-PC', name: 'dev-box' }));
      }

      await hypernest.button(t('machines.driftAgain')).click();
      await hypernest.button(t('wizard.apply')).click();
      await hypernest.until(({ drifts, running }) => drifts.length === 0 && running.length === 0, 'it is undone');
      expect((await hypernest.vm('dev-box')).nesting).toBe(true);

      await hypernest.open('machines');
      await hypernest.openVm('dev-box');
      await apply();
      await hypernest.button(t('machines.driftKeep')).click();
      await hypernest.until(({ drifts }) => drifts.length === 0, 'it is kept');
      expect((await hypernest.vm('dev-box')).nesting).toBe(false);
    },
  );

  sharedTest(
    'the service of Hyper-V is stopped: said within a tick, and the list is back when it runs',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      await hypernest.ready();
      await actOutside(hypernest, { act: 'service', name: 'vmms', state: 'Stopped' });
      await expect(page.getByText(t('machines.stoppedTitle'))).toBeVisible();
      await actOutside(hypernest, { act: 'service', name: 'vmms', state: 'Running' });
      await expect(hypernest.option('dev-box')).toBeVisible();
    },
  );

  sharedTest('a right is lost: no access is said, not that there are no VMs', async ({ hypernest }) => {
    await hypernest.ready();
    await actOutside(hypernest, { act: 'loseGroup' });
    await expect(hypernest.page.getByText(hypernest.t('rights.title'))).toBeVisible();
    await hypernest.until(
      ({ connection }) => connection.kind === 'ready' && connection.handshake.identity?.inToken === false,
      'a new session says who the account is now',
    );
  });
});
