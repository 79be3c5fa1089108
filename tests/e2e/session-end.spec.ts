/** The sign-in ends, or a process of Chromium does: what runs comes to a safe end, and what was is said. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { endOf, expect, test } from './app.js';
import type { Hypernest } from './hypernest.js';

const NAME = 'Lab DC 01';

/** A change of a running VM, while its guest shuts down. */
async function inTheMiddle(hypernest: Hypernest): Promise<void> {
  await hypernest.ready();
  const { id } = await hypernest.vm(NAME);
  const shown = (await hypernest.call('plan', {
    goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, id), want: { nesting: true } }], consents: ['shut-down'] },
  })) as { result: { plan: { id: string } } };
  await hypernest.call('start', { plan: shown.result.plan.id, consents: ['shut-down'] });
  await hypernest.until(
    ({ runs }) => runs[0]?.events.some((event) => event.kind === 'step' && event.state === 'running') ?? false,
    'a step is under way',
  );
}

/** The app again: the VM was started again, nothing else was begun, and the question says why. */
async function saysWhatWas(again: Hypernest): Promise<void> {
  const { t } = again;
  const { runs, running } = await again.ready();
  expect(running).toEqual([]);
  const [run] = runs;
  if (!run) throw new Error('no run');
  const steps = run.plan.chains.flatMap((chain) => chain.steps);
  const done = run.events.flatMap((event) => {
    const act = event.kind === 'step' ? steps.find(({ id }) => id === event.step)?.do : undefined;
    return event.kind === 'step' && act && 'call' in act ? [`${act.call.cmdlet} ${event.state}`] : [];
  });
  expect(done).toEqual(['Stop-VM running', 'Stop-VM done', 'Start-VM running', 'Start-VM done']);
  expect(run.events.map(({ kind }) => kind)).toContain('interrupted');
  expect(run.outcome).toBeUndefined();
  await again.open('activity');
  await expect(again.page.getByText(/You were signed out of Windows during .*, after 2 of 3 steps\./)).toBeVisible();
  await again.button(t('activity.decide')).first().click();
  await expect(again.page.getByText(/You were signed out of Windows at .*, after 2 of 3 steps\./)).toBeVisible();
  await expect(again.page.getByRole('radio', { name: t('activity.finish') })).toBeVisible();
}

test.describe('in the middle of a run', () => {
  test.use({ options: { speed: 10, direct: true } });

  test('Windows is held up by the window, whose title says why; the VM that ran runs again, then the app ends', async ({
    launch,
  }) => {
    const hypernest = await launch();
    await inTheMiddle(hypernest);
    const child = hypernest.electron.process();
    // Only Windows sends it: sent here as it would.
    const held = await hypernest.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      let isHeld = false;
      const event = { reasons: ['logoff'], preventDefault: () => (isHeld = true) };
      window?.emit('query-session-end', event);
      return { isHeld, title: window?.getTitle() };
    });
    expect(held).toEqual({ isHeld: true, title: hypernest.t('tray.holds', { name: NAME }) });
    await endOf(child);
    await saysWhatWas(await launch());
  });

  test('a system that ends the app by a signal is not asked back, and finds all in order', async ({ launch }) => {
    const hypernest = await launch();
    await inTheMiddle(hypernest);
    const child = hypernest.electron.process();
    child.kill('SIGTERM');
    await endOf(child);
    await saysWhatWas(await launch());
  });
});

test.describe('a process that ends by itself', () => {
  test.use({ options: { direct: true } });

  /** Ends a process of this app, and only of it. */
  const end = (hypernest: Hypernest, type: 'Tab' | 'GPU'): Promise<boolean> =>
    hypernest.electron.evaluate(({ app }, wanted) => {
      const found = app.getAppMetrics().find((metric) => metric.type === wanted);
      return found !== undefined && process.kill(found.pid, 'SIGKILL');
    }, type);
  /** Playwright lets go of a page that has crashed, and leaves the new one waiting for it: main lets it go on, and reads it. */
  const shows = (hypernest: Hypernest): Promise<string> =>
    hypernest.electron.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (!window || window.webContents.isCrashed()) return '';
      const { debugger: session } = window.webContents;
      if (!session.isAttached()) session.attach();
      try {
        await session.sendCommand('Runtime.runIfWaitingForDebugger');
        return String(await window.webContents.executeJavaScript('document.body.innerText'));
      } catch {
        return ''; // between two pages
      }
    });

  test('the page comes back once and says so; when it ends again main asks what to do', async ({ hypernest }) => {
    const { t } = hypernest;
    await hypernest.ready();
    await hypernest.answer(0);
    expect(await end(hypernest, 'Tab')).toBe(true);
    await expect.poll(() => shows(hypernest), { timeout: 20_000 }).toContain(t('app.pageAgain'));
    expect(await hypernest.asked()).toEqual([]);
    expect(await end(hypernest, 'Tab')).toBe(true);
    await expect.poll(() => hypernest.asked()).toMatchObject([{ message: t('tray.pageTitle') }]);
    await expect.poll(() => shows(hypernest), { timeout: 20_000 }).toContain('dev-box');
  });

  test('the graphics process: the app starts once more without acceleration, when nothing runs', async ({
    hypernest,
  }) => {
    await hypernest.ready();
    await hypernest.electron.evaluate(({ app }) => {
      const seen: unknown[] = [];
      Object.assign(globalThis, { __relaunched: seen });
      Object.assign(app, {
        relaunch: ({ args }: { args: string[] }) => seen.push(args.slice(-1)),
        quit: () => seen.push('quit'),
      });
    });
    expect(await end(hypernest, 'GPU')).toBe(true);
    await expect
      .poll(() => hypernest.electron.evaluate(() => (globalThis as unknown as { __relaunched: unknown }).__relaunched))
      .toEqual([['--without-gpu'], 'quit']);
  });

  test.describe('once more', () => {
    test.use({ options: { direct: true, switches: ['--without-gpu'] } });
    test('is said, and works', async ({ hypernest }) => {
      await hypernest.ready();
      await expect(hypernest.page.getByText(hypernest.t('app.withoutGpu'))).toBeVisible();
      await expect(hypernest.option('dev-box')).toBeVisible();
    });
  });
});
