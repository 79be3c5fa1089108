import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '../e2e/app.js';
import { signIn } from '../e2e/inside-steps.js';
import { shellsOf, signalShells } from '../e2e/shells.js';
import { StatusNotifier } from '../e2e/status-notifier.js';
import { begin, looks, pictures, setSize } from './looks.js';
import { folder, isVirtual, takeDesktop, takePicture } from './pictures.js';

test.describe.configure({ mode: 'default' });

test.describe('workstation', () => {
  test.use({ options: { speed: 10 } });

  test('machines', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    for (const [vm, name] of [
      ['dev-box', 'machines-ready'],
      ['Lab DC 01', 'machines-running'],
      ['构建机', 'machines-frozen'],
      ['k8s-node-1', 'machines-on'],
      ['legacy-2012r2', 'machines-saved'],
      ['archive-2019 "cold"', 'machines-paused'],
    ] as const) {
      await hypernest.openVm(vm);
      await pictures(hypernest, name);
      if (name !== 'machines-on') continue;
      for (const part of ['machines.partNetwork', 'machines.memory'] as const) {
        await hypernest.turnTo(part);
        await pictures(hypernest, `${name}-${part.replace('machines.', '')}`);
      }
    }
    await hypernest.button(t('machines.select')).click();
    for (const vm of ['dev-box', 'Lab DC 01', 'k8s-node-2', 'legacy-2012r2']) await hypernest.option(vm).click();
    await pictures(hypernest, 'machines-many');
    await hypernest.button(t('machines.selectEnd')).click();
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('windows-95');
    await pictures(hypernest, 'machines-no-match');
  });

  test('memory', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.openMemory('构建机');
    // A few readings, so that there is a line to see.
    const hot = page.locator('svg.chart .hot');
    await expect(hot).toHaveCount(1, { timeout: 20_000 });
    await expect
      .poll(() => hot.evaluate((line) => (line as SVGPathElement).getTotalLength()), { timeout: 60_000 })
      .toBeGreaterThan(400);
    await pictures(hypernest, 'memory');
    await hypernest.button(t('memory.table')).click();
    await pictures(hypernest, 'memory-table');
    await hypernest.button(t('memory.table')).click();
    await setSize(hypernest, 800, 560);
    await takePicture(hypernest.electron, page, 'memory.800x560');
    await setSize(hypernest, 1080, 760); // as high as the desktop has room for, with the command bar
    await hypernest.open('machines');
    await hypernest.openMemory('Lab DC 01');
    await page.getByLabel(t('memory.startup'), { exact: true }).fill('8');
    await expect(page.getByRole('alert')).toBeVisible();
    await pictures(hypernest, 'memory-error');
  });

  test('pages', async ({ hypernest }) => {
    await begin(hypernest);
    for (const name of ['host', 'activity', 'learn', 'settings'] as const) {
      await hypernest.open(name);
      await pictures(hypernest, name === 'activity' ? 'activity-empty' : name);
    }
    await hypernest.open('errors');
    const field = hypernest.page.getByLabel(hypernest.t('errors.field'), { exact: true });
    await field.fill('WslRegisterDistribution failed with error: 0x80370102');
    await pictures(hypernest, 'errors');
    await field.fill('Something failed: 0x8badf00d');
    await pictures(hypernest, 'errors-unknown');
    await hypernest.button(hypernest.t('errors.report')).click();
    await hypernest.page.getByLabel(hypernest.t('settings.problemMore'), { exact: true }).fill('Z790');
    await hypernest.button(hypernest.t('settings.problemTakeOut')).click();
    await expect(hypernest.page.getByText('<word-1>').first()).toBeVisible();
    await pictures(hypernest, 'report');
  });

  test('small window', async ({ hypernest }) => {
    await begin(hypernest);
    await hypernest.openVm('dev-box');
    for (const [width, height] of [
      [800, 560],
      [540, 720],
    ] as const) {
      await setSize(hypernest, width, height);
      await takePicture(hypernest.electron, hypernest.page, `machines-ready.${width}x${height}`);
    }
    await setSize(hypernest, 800, 560);
    for (const name of ['learn', 'errors'] as const) {
      await hypernest.open(name);
      if (name === 'errors')
        await hypernest.page.getByLabel(hypernest.t('errors.field'), { exact: true }).fill('Error 0x80370102');
      await takePicture(hypernest.electron, hypernest.page, `${name}.800x560`);
    }
    await hypernest.open('settings');
    await hypernest.button(hypernest.t('settings.problemOpen')).click();
    await expect(hypernest.button(hypernest.t('settings.problemSave'))).toBeEnabled();
    await takePicture(hypernest.electron, hypernest.page, 'report.800x560');
  });

  test('contrast, narrow and wide', async ({ hypernest }) => {
    const { t, page, electron } = hypernest;
    await begin(hypernest);
    const taken = async (name: string): Promise<void> => {
      for (const [width, height] of [
        [540, 360],
        [1920, 1000],
        [1080, 720],
      ] as const) {
        await setSize(hypernest, width, height);
        // Wider than the desktop of the tour: without its frame.
        if (width !== 1080) await page.screenshot({ path: path.join(folder, `${name}.${width}x${height}.png`) });
      }
      await page.emulateMedia({ forcedColors: 'active' });
      await takePicture(electron, page, `${name}.contrast`);
      await page.emulateMedia({ forcedColors: 'none' });
    };
    await hypernest.openVm('构建机');
    await taken('machines-frozen');
    for (const part of ['machines.partNetwork', 'machines.memory'] as const) {
      await hypernest.turnTo(part);
      await taken(`machines-frozen-${part.replace('machines.', '')}`);
    }
    for (const name of ['host', 'activity', 'errors', 'learn', 'settings'] as const) {
      await hypernest.open(name);
      await taken(name);
    }
    await hypernest.open('machines');
    await hypernest.openVm('Lab DC 01');
    await hypernest.button(t('machines.reviewRunning')).click();
    await taken('wizard-choose');
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
    await taken('wizard-review');
  });

  test('the confirmation, and undone', async ({ hypernest }) => {
    const { t } = hypernest;
    await begin(hypernest);
    await hypernest.openVm('dev-box');
    await hypernest.button(t('machines.turnOn')).click();
    await expect(hypernest.button(t('machines.confirmYes'))).toBeEnabled();
    await pictures(hypernest, 'confirm');
    await hypernest.button(t('machines.confirmYes')).click();
    await hypernest.endedRun();
    await pictures(hypernest, 'machines-done');
    await hypernest.button(t('machines.undo')).first().click();
    await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
    await pictures(hypernest, 'undo');
  });

  test('the wizard', async ({ hypernest }) => {
    const { t } = hypernest;
    await begin(hypernest);
    await hypernest.openVm('Lab DC 01');
    await hypernest.button(t('machines.reviewRunning')).click();
    await expect(hypernest.button(t('wizard.review'))).toBeVisible();
    await pictures(hypernest, 'wizard-choose');
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
    await pictures(hypernest, 'wizard-review');
    await hypernest.page.getByRole('checkbox', { name: t('checkpoint.tick') }).click();
    await expect(hypernest.page.getByText('Checkpoint-VM').first()).toBeVisible();
    await pictures(hypernest, 'wizard-review-checkpoint');
    await setSize(hypernest, 540, 720);
    await takePicture(hypernest.electron, hypernest.page, 'wizard-review-checkpoint.540x720');
    await setSize(hypernest, 1080, 760);
    await hypernest.button(t('wizard.shutDownAndApply')).click();
    await expect(hypernest.button(t('wizard.stopAfter'))).toBeVisible();
    await takePicture(hypernest.electron, hypernest.page, 'wizard-running.light');
    await hypernest.endedRun(60_000);
    await pictures(hypernest, 'wizard-done');
    await hypernest.open('activity');
    await pictures(hypernest, 'activity');
    await hypernest.open('machines');
    await hypernest.openVm('legacy-2012r2');
    await hypernest.call('settings', { language: 'en' });
    await hypernest.page.locator('.verdict .btn.primary').click();
    await expect(hypernest.button(t('wizard.review'))).toBeVisible();
    await pictures(hypernest, 'wizard-choose-saved');
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.page.locator('.commandbar .btn.primary')).toBeVisible();
    await pictures(hypernest, 'wizard-review-one-way');
  });

  test('the tray', async ({ hypernest }) => {
    test.skip(!isVirtual, 'the desktop is not ours');
    await begin(hypernest);
    await StatusNotifier.find(hypernest.electron.process().pid ?? 0);
    for (const { name, theme, language } of looks) {
      await hypernest.call('settings', { theme, language });
      await expect(hypernest.page.locator('html')).toHaveAttribute('lang', language);
      execFileSync('xdotool', ['mousemove', '17', '16', 'click', '3']);
      await hypernest.page.waitForTimeout(700); // the panel draws its menu when it likes; nothing tells when
      // Down to the sixth VM and into its submenu.
      execFileSync('xdotool', ['key', '--delay', '100', ...Array<string>(7).fill('Down'), 'Right']);
      await hypernest.page.waitForTimeout(700); // nor the submenu
      takeDesktop(`tray.${name}`);
      execFileSync('xdotool', ['key', 'Escape', 'key', 'Escape', 'mousemove', '640', '500']); // or the icon's tooltip lies over the next picture
    }
    console.log('  tray');
  });
});

test.describe('virtualization of other makers', () => {
  test.use({ options: { scenario: 'other-virtualization', speed: 10 } });
  test('on this PC, inside and in Learn', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await signIn(hypernest, 'lab', 'dev', 'lab-01');
    await hypernest.turnTo('machines.partOverview');
    await expect(page.getByText(t('makers.inside', { app: 'VirtualBox', vm: 'lab' }), { exact: true })).toBeVisible();
    await pictures(hypernest, 'makers-inside');
    await hypernest.open('host');
    await page.getByRole('heading', { name: t('host.groupOthers'), exact: true }).scrollIntoViewIfNeeded();
    await pictures(hypernest, 'makers-host');
    await hypernest.open('learn');
    await page
      .getByText(t('learn.found', { names: ['lab'] }))
      .first()
      .scrollIntoViewIfNeeded();
    await pictures(hypernest, 'makers-learn');
  });
});

test.describe('the guided setup', () => {
  test.use({ options: { fresh: true, speed: 400 } });

  test('setup', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await pictures(hypernest, 'setup-purpose');
    await page.getByRole('radio', { name: t('inside.hyperV') }).click();
    await hypernest.step(t('setup.stepPc')).click();
    await pictures(hypernest, 'setup-pc');
    await hypernest.button(t('setup.next')).click();
    await expect(page.getByRole('radio', { name: 'dev-box' })).toBeChecked();
    await pictures(hypernest, 'setup-machine');
    await setSize(hypernest, 800, 560);
    await takePicture(hypernest.electron, page, 'setup-machine.800x560');
    await setSize(hypernest, 1080, 760);
    await hypernest.step(t('setup.stepNesting')).click();
    await pictures(hypernest, 'setup-nesting');
    await hypernest.button(t('setup.nestingButton')).click();
    await pictures(hypernest, 'setup-review');
    await hypernest.button(t('wizard.apply')).click();
    await hypernest.button(t('setup.return')).click();
    await pictures(hypernest, 'setup-inside');
    await page
      .locator('aside')
      .getByRole('button', { name: t('setup.stepEnd') })
      .click();
    await pictures(hypernest, 'setup-end');
  });

  for (const scenario of ['no-hyper-v', 'not-admin', 'empty'])
    test.describe(scenario, () => {
      test.use({ options: { scenario, fresh: true } });
      test(`setup-${scenario}`, async ({ hypernest }) => {
        const { t, page } = hypernest;
        await begin(hypernest);
        if (scenario === 'not-admin') await hypernest.button(t('setup.entry')).click();
        await page.getByRole('radio', { name: t('inside.hyperV') }).click();
        await hypernest.button(t('setup.next')).click();
        await pictures(hypernest, `setup-${scenario}`);
      });
    });
});

test.describe('cut short', () => {
  test.use({ options: { speed: 2 } });
  test('recover', async ({ launch }) => {
    const first = await launch();
    const { t } = first;
    await begin(first);
    await first.openVm('Lab DC 01');
    await first.button(t('machines.reviewRunning')).click();
    await first.button(t('wizard.review')).click();
    await first.button(t('wizard.shutDownAndApply')).click();
    await first.until(
      ({ runs }) => runs.some(({ events }) => events.some(({ kind }) => kind === 'step')),
      'it has begun',
    );
    await first.killHard();
    const again = await launch();
    await begin(again);
    await again.open('activity');
    await pictures(again, 'activity-cut-short');
    await again.button(t('activity.decide')).first().click();
    await expect(again.page.getByText(t('activity.cutShortTitle'))).toBeVisible();
    await pictures(again, 'recover');
  });
});

test.describe('a guest that does not shut down', () => {
  test.use({ options: { scenario: 'locked-guest', speed: 400 } });
  test('failed', async ({ hypernest }) => {
    const { t } = hypernest;
    await begin(hypernest);
    await hypernest.openVm('Lab DC 01');
    await hypernest.button(t('machines.reviewRunning')).click();
    await hypernest.button(t('wizard.review')).click();
    await hypernest.button(t('wizard.shutDownAndApply')).click();
    await hypernest.endedRun(60_000);
    await pictures(hypernest, 'wizard-failed');
    await hypernest.page.getByRole('radio', { name: t('wizard.wayTurnOff') }).click();
    await hypernest.button(t('wizard.offerTurnOff')).click();
    await expect(hypernest.page.getByText(t('wizard.turnOffHeadline', { name: 'Lab DC 01' }))).toBeVisible();
    await pictures(hypernest, 'wizard-turn-off');
    await setSize(hypernest, 800, 560);
    await takePicture(hypernest.electron, hypernest.page, 'wizard-turn-off.800x560');
  });
});

test.describe('many at once', () => {
  test.use({ options: { scenario: 'lab-of-300', speed: 400, direct: true } });
  test('reviewed, and undone', async ({ hypernest }) => {
    const { t, page } = hypernest;
    const next = page.locator('.commandbar .btn.primary');
    await begin(hypernest);
    await page.getByRole('textbox', { name: t('machines.filter') }).fill('lab-000');
    await hypernest.button(t('machines.select')).click();
    await page.getByRole('listbox').press('Control+a');
    await page.locator('.detail .btn.primary').click();
    await next.click();
    await expect(page.getByText(t('wizard.runsNow'), { exact: true })).toBeVisible();
    await pictures(hypernest, 'many-review');
    await next.click();
    await hypernest.endedRun(60_000);
    await hypernest.button(t('wizard.undoButton')).first().click();
    await expect(next).toBeEnabled();
    await page.getByRole('checkbox').nth(1).click();
    await expect(next).toBeEnabled();
    await pictures(hypernest, 'many-undo');
    await setSize(hypernest, 800, 560);
    await takePicture(hypernest.electron, page, 'many-undo.800x560');
  });
});

test.describe('the session', () => {
  test.skip(!process.env['HYPERNEST_ENGINE'], 'no PowerShell here: there is no shell to end');

  test('state-loading', async ({ hypernest }) => {
    // A shell that is held before it has said that it is ready: the app waits as it does on a slow PC.
    const { pid } = hypernest.electron.process();
    await expect.poll(() => shellsOf(pid).length, { intervals: [10] }).toBe(1);
    signalShells(pid, 'SIGSTOP');
    if ((await hypernest.state()).machine === null) await pictures(hypernest, 'state-loading');
    signalShells(pid, 'SIGCONT');
  });

  test('state-session-lost', async ({ hypernest }) => {
    await begin(hypernest);
    await hypernest.loseShell();
    await hypernest.open('machines');
    await expect(hypernest.page.getByText(hypernest.t('machines.lostTitle'))).toBeVisible();
    await pictures(hypernest, 'state-session-lost');
  });
});

test.describe('rights', () => {
  test.use({ options: { scenario: 'not-admin' } });
  test('no access, before the prompt', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.open('machines');
    await pictures(hypernest, 'state-no-access');
    await page.getByText(t('rights.session'), { exact: true }).click();
    await hypernest.button(t('rights.sessionButton')).click();
    await expect(page.getByRole('heading', { name: t('rights.beforeTitle') })).toBeVisible();
    await pictures(hypernest, 'elevate-before-prompt');
  });
});

test.describe('rights that have ended', () => {
  test.use({ options: { scenario: 'not-admin', switches: ['--unused-limit=20'] } });
  test('the VMs as of then', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await begin(hypernest);
    await hypernest.open('machines');
    await page.getByText(t('rights.session'), { exact: true }).click();
    await hypernest.button(t('rights.sessionButton')).click();
    await hypernest.button(t('rights.goOn')).click();
    await expect(hypernest.button(t('rights.allowAgain'))).toBeVisible({ timeout: 90_000 });
    await pictures(hypernest, 'machines-ended');
    await hypernest.open('host');
    await pictures(hypernest, 'host-ended');
  });
});

test.describe('a copy that its user can write', () => {
  test.use({ options: { scenario: 'not-admin', switches: ['--user-copy'] } });
  test('no session is offered', async ({ hypernest }) => {
    await begin(hypernest);
    await hypernest.open('machines');
    await pictures(hypernest, 'state-no-access-user-copy');
  });
});

for (const [scenario, page, name] of [
  ['joined-not-signed-out', 'machines', 'state-sign-out'],
  ['administrator-protection', 'host', 'host-administrator-protection'],
  ['no-hyper-v', 'machines', 'state-no-hyper-v'],
  ['windows-home', 'machines', 'state-windows-home'],
  ['service-stopped', 'machines', 'state-service-stopped'],
  ['module-blocked', 'machines', 'state-module-blocked'],
  ['constrained-language', 'machines', 'state-constrained-language'],
  ['empty', 'machines', 'state-empty'],
  ['amd-on-windows-10', 'host', 'host-blockers'],
  ['amd-on-windows-11', 'host', 'host-amd'],
  ['arm64', 'host', 'host-arm64'],
  ['inside-another-hypervisor', 'host', 'host-inside-another-hypervisor'],
  ['hostile-names', 'machines', 'machines-hostile-names'],
  ['lab-of-1000', 'machines', 'machines-lab-of-1000'],
] as const)
  test.describe(scenario, () => {
    test.use({ options: { scenario } });
    test(name, async ({ hypernest }) => {
      await begin(hypernest);
      await hypernest.open(page);
      await pictures(hypernest, name);
    });
  });

test.describe('one-broken-vm', () => {
  test.use({ options: { scenario: 'one-broken-vm' } });
  test('machines-unknown', async ({ hypernest }) => {
    await begin(hypernest);
    await hypernest.openVm('archive-2019');
    await pictures(hypernest, 'machines-unknown');
  });
});
