import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, readingTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';
import { actOutside } from './outside.js';
import { chooseWay, enterNested, fillAccount, signIn } from './inside-steps.js';

// The looks are the same without PowerShell.
const quick = { direct: true, speed: 400 };
test.use({ options: quick });

/** Of a theme axe sees nothing but its colours, of a language only what is called something, and how wide that is. */
const looks = [
  { theme: 'light', language: 'en', asks: 'everything' },
  { theme: 'dark', language: 'en', asks: 'colours' },
  { theme: 'light', language: 'zh-CN', asks: 'words' },
] as const;
type RunOptions = Parameters<AxeBuilder['options']>[0];
const rulesOf: Readonly<Record<(typeof looks)[number]['asks'] | 'a menu', RunOptions>> = {
  // Whatever can be pressed has 24 px, or 24 px around it (WCAG 2.5.8): axe asks for it only where it is told to.
  everything: { rules: { 'target-size': { enabled: true } } },
  colours: { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
  // It lies over the page, in none of its landmarks.
  'a menu': { rules: { 'target-size': { enabled: true }, region: { enabled: false } } },
  words: {
    runOnly: {
      type: 'tag',
      values: ['cat.name-role-value', 'cat.text-alternatives', 'cat.language', 'cat.forms'],
    },
    rules: { 'target-size': { enabled: true } },
  },
};

/** axe finds nothing on what is shown now. */
async function expectNoViolations(
  { page }: Hypernest,
  what: string,
  asks: keyof typeof rulesOf = 'everything',
): Promise<void> {
  // Colours fade in after a change of the theme; a half-way colour has no contrast of its own.
  const isLoaded = await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    return 'axe' in globalThis;
  });
  // Electron has one page per window: axe's other mode opens a second one. Its own text, half a megabyte, is sent once a page.
  const axe = new AxeBuilder({ page, ...(isLoaded && { axeSource: ';' }) }).setLegacyMode(true);
  const { violations, incomplete, passes } = await axe
    .options({ resultTypes: ['violations'], ...rulesOf[asks] })
    .analyze();
  expect(passes.length + incomplete.length, `${what}: rules were applied`).toBeGreaterThan(0);
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`),
    what,
  ).toEqual([]);
}

/** Every page and state, in each of the looks. */
async function inEachLook(hypernest: Hypernest, what: string): Promise<void> {
  const { page } = hypernest;
  for (const { asks, ...look } of looks) {
    await hypernest.call('settings', look);
    await expect(page.locator('html')).toHaveAttribute('data-theme', look.theme);
    await expect(page.locator('html')).toHaveAttribute('lang', look.language);
    await expectNoViolations(hypernest, `${what}, ${look.theme}, ${look.language}`, asks);
  }
  const [{ theme, language }] = looks;
  await hypernest.call('settings', { theme, language });
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

readingTest('the pages of a workstation', async ({ hypernest }) => {
  test.setTimeout(180_000);
  const { page } = hypernest;
  const { machine } = await hypernest.ready();
  await expect(page.getByRole('option').first()).toBeVisible();
  for (const vm of machine?.vms ?? []) {
    await hypernest.openVm(vm.name);
    if (vm.name === 'dev-box') await inEachLook(hypernest, vm.name);
    else await expectNoViolations(hypernest, vm.name);
    for (const part of ['machines.partGuest', 'machines.partNetwork', 'machines.memory'] as const) {
      await hypernest.turnTo(part);
      await expectNoViolations(hypernest, `${vm.name}, ${part}`);
    }
  }
  for (const name of ['host', 'activity', 'errors', 'learn', 'settings'] as const) {
    await hypernest.open(name);
    await inEachLook(hypernest, name);
  }
});

/** The pages of the rail, and a VM. */
async function onEachPage(hypernest: Hypernest, ask: (page: string) => Promise<void>): Promise<void> {
  await hypernest.ready();
  await hypernest.openVm('Lab DC 01');
  await ask('machines');
  for (const name of ['host', 'activity', 'errors', 'learn', 'settings'] as const) {
    await hypernest.open(name);
    await ask(name);
  }
}

readingTest('the pages in a contrast theme', async ({ hypernest }) => {
  test.setTimeout(120_000);
  const { page } = hypernest;
  await page.emulateMedia({ forcedColors: 'active' });
  try {
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    await onEachPage(hypernest, (name) => expectNoViolations(hypernest, `${name}, contrast theme`));
  } finally {
    await page.emulateMedia({ forcedColors: 'none' });
  }
});

for (const percent of [200, 400])
  readingTest(`the pages at ${percent} % zoom: nothing is cut off sideways`, async ({ hypernest }) => {
    test.setTimeout(120_000);
    const { electron, page } = hypernest;
    // WCAG 1.4.10 is written for a window of 1,280 by 1,024.
    const sizes = await electron.evaluate(({ BrowserWindow }, factor) => {
      const [window] = BrowserWindow.getAllWindows();
      const before = window?.getContentSize() ?? [];
      window?.setContentSize(1280, 1024);
      window?.webContents.setZoomFactor(factor);
      return before;
    }, percent / 100);
    try {
      await expect.poll(() => page.evaluate(() => Math.round(innerWidth))).toBe(Math.round(128_000 / percent));
      await onEachPage(hypernest, async (name) => {
        await expectNoViolations(hypernest, `${name}, ${percent} %`);
        // What scrolls up and down, or hides what is beyond it, would hide it sideways as well.
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll('html, .window, main, .scroll, .list, .detail, .column, .commandbar')]
            .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
            .map((one) => `${one.className || one.tagName}: ${String(one.scrollWidth)} > ${String(one.clientWidth)}`),
        );
        expect(wide, `${name}, ${percent} %`).toEqual([]);
      });
    } finally {
      await electron.evaluate(({ BrowserWindow }, [width = 1080, height = 720]) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.webContents.setZoomFactor(1);
        window?.setContentSize(width, height);
      }, sizes);
    }
  });

readingTest('an error that is known, one that is probable, and one that is not', async ({ hypernest }) => {
  test.setTimeout(120_000);
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.open('errors');
  for (const [text, said] of [
    ['WslRegisterDistribution failed with error: 0x80370102', t('errors.nestingOff')],
    ['0x80004005', t('errors.platform')],
    ['0x8badf00d', t('errors.unknown')],
  ] as const) {
    await page.getByLabel(t('errors.field'), { exact: true }).fill(text);
    await expect(page.getByText(said, { exact: true })).toBeVisible();
    await inEachLook(hypernest, text);
  }
});

readingTest('the report of a problem, with a word taken out and one that is nowhere', async ({ hypernest }) => {
  test.setTimeout(120_000);
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.open('settings');
  await hypernest.button(t('settings.problemOpen')).click();
  for (const word of ['Z790', 'nowhere-at-all']) {
    await expect(hypernest.button(t('settings.problemSave'))).toBeEnabled();
    await page.getByLabel(t('settings.problemMore'), { exact: true }).fill(word);
    await hypernest.button(t('settings.problemTakeOut')).click();
  }
  await expect(page.getByText(t('settings.problemWordNowhere', { word: 'nowhere-at-all' }))).toBeVisible();
  await inEachLook(hypernest, 'report');
});

test.describe('virtualization of other makers', () => {
  test.use({ options: { ...quick, scenario: 'other-virtualization' } });

  readingTest('on this PC, inside, in Learn and as the cause of an error', async ({ hypernest }) => {
    test.setTimeout(180_000);
    const { t, page } = hypernest;
    await signIn(hypernest, 'lab', 'dev', 'lab-01');
    await hypernest.turnTo('machines.partOverview');
    await expect(page.getByText(t('makers.inside', { app: 'VirtualBox', vm: 'lab' }), { exact: true })).toBeVisible();
    await inEachLook(hypernest, 'inside');
    for (const name of ['host', 'learn', 'errors'] as const) {
      await hypernest.open(name);
      if (name === 'errors') await page.getByLabel(t('errors.field'), { exact: true }).fill('HAXM is not installed');
      await inEachLook(hypernest, name);
    }
  });
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
  await hypernest.button(t('wizard.undoButton')).first().click();
  await expect(hypernest.button(t('wizard.shutDownAndUndo'))).toBeVisible();
  await inEachLook(hypernest, 'undone');
  await hypernest.open('activity');
  await expect(page.getByText(t('activity.today')).first()).toBeVisible();
  await inEachLook(hypernest, 'activity');
});

readingTest('the memory of a machine, with its table and with what cannot be', async ({ hypernest }) => {
  test.setTimeout(120_000);
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.openMemory('构建机');
  await hypernest.button(t('memory.table')).click();
  await expect(page.getByRole('table').getByRole('row')).not.toHaveCount(1);
  await inEachLook(hypernest, 'memory, locked');
  await hypernest.open('machines');
  await hypernest.openMemory('Lab DC 01');
  await page.getByLabel(t('memory.startup'), { exact: true }).fill('60');
  await expect(page.getByRole('alert')).toBeVisible();
  await inEachLook(hypernest, 'memory, an error');
});

readingTest('the confirmation', async ({ hypernest }) => {
  await hypernest.ready();
  await hypernest.openVm('dev-box');
  await hypernest.button(hypernest.t('machines.turnOn')).click();
  await expect(hypernest.page.getByRole('dialog')).toBeVisible();
  await expect(hypernest.button(hypernest.t('machines.confirmYes'))).toBeEnabled();
  await inEachLook(hypernest, 'confirmation');
});

test.describe('with PowerShell', () => {
  test.skip(
    !process.env['HYPERNEST_ENGINE'],
    'no PowerShell here: nobody else can reach the simulated PC, and there is no shell to end',
  );
  test.use({ options: { speed: 400 } });

  test('what somebody else has changed, at the machine', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await actOutside(hypernest, { act: 'checkpoint', vm: 'dev-box', name: 'clean' });
    await hypernest.turnNestingOn('dev-box');
    await hypernest.endedRun();
    await actOutside(hypernest, { act: 'applyCheckpoint', vm: 'dev-box', name: 'clean' });
    await expect(page.getByText(t('machines.driftTitle'), { exact: true })).toBeVisible();
    await inEachLook(hypernest, 'drift');
  });

  test('a session that was lost', async ({ hypernest }) => {
    await hypernest.ready();
    await hypernest.loseShell();
    await hypernest.open('machines');
    await expect(hypernest.page.getByText(hypernest.t('machines.lostTitle'))).toBeVisible();
    await inEachLook(hypernest, 'lost');
  });
});

test.describe('inside machines', () => {
  test.use({ options: { ...quick, scenario: 'server-l1' } });
  test.describe.configure({ timeout: 180_000 });

  readingTest('the section Inside, the account and its refusals', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.openVm('dev-box');
    await hypernest.turnTo('machines.partGuest');
    await expectNoViolations(hypernest, 'inside, off');
    await hypernest.openVm('lab');
    await hypernest.turnTo('machines.partGuest');
    await inEachLook(hypernest, 'inside, without an account');
    await hypernest.button(t('inside.signIn')).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await inEachLook(hypernest, 'account');
    for (const [user, password, said] of [
      ['dev', 'not it', t('inside.causeWrong')],
      ['dev', '', t('inside.refusedBlank')],
      ['ann@contoso.com', '1234', t('inside.writeIt')],
    ] as const) {
      await fillAccount(hypernest, user, password);
      await expect(dialog.getByText(said, { exact: true })).toBeVisible();
      await inEachLook(hypernest, `account, ${said}`);
    }
    await dialog.getByRole('button', { name: t('inside.cancel'), exact: true }).click();
    await inEachLook(hypernest, 'inside, refused');
  });

  test('Ready inside, from choosing to done', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    await inEachLook(hypernest, 'inside, signed in');
    await hypernest.button(t('inside.rolesChange')).click();
    await page.getByRole('radio', { name: new RegExp(`^${t('inside.wsl')}`) }).check();
    await inEachLook(hypernest, 'guest setup');
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.button(t('wizard.shutDownAndApply'))).toBeVisible();
    await inEachLook(hypernest, 'ready inside, review');
    await hypernest.button(t('wizard.shutDownAndApply')).click();
    await hypernest.endedRun(60_000);
    await inEachLook(hypernest, 'ready inside, done');
  });

  test('the network, from choosing to its test and back', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.openVm('lab');
    await hypernest.turnTo('machines.partNetwork');
    await hypernest.button(t('network.entryButton')).click();
    await expect(hypernest.button(t('inside.signIn'))).toBeVisible();
    await inEachLook(hypernest, 'network, without an account');
    await hypernest.open('machines');
    await signIn(hypernest);
    await enterNested(hypernest);
    await hypernest.turnTo('machines.partNetwork');
    await hypernest.button(t('network.testButton')).first().click();
    await hypernest.until(({ proof }) => proof?.state === 'done', 'tested');
    await expect(page.getByRole('heading', { name: t('network.cause') })).toBeVisible();
    await inEachLook(hypernest, 'test, stopped at a hop');
    await hypernest.open('machines');
    await hypernest.openVm('lab');
    await chooseWay(hypernest, 'waySpoofing');
    await inEachLook(hypernest, 'network, spoofing');
    await page.getByRole('radio', { name: new RegExp(`^${t('network.wayNat')}`) }).check();
    await inEachLook(hypernest, 'network, NAT');
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.button(t('network.apply'))).toBeVisible();
    await inEachLook(hypernest, 'network, review');
    await hypernest.button(t('network.apply')).click();
    await hypernest.endedRun();
    await inEachLook(hypernest, 'network, done with commands by hand');
    await hypernest.button(t('network.testButton')).first().click();
    await hypernest.until(({ proof }) => proof?.state !== 'running', 'tested', 40_000);
    await inEachLook(hypernest, 'test, ended');
    await hypernest.open('activity');
    await hypernest.button(t('activity.undoButton')).first().click();
    await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
    await inEachLook(hypernest, 'undo, what was created');
    await hypernest.button(t('wizard.cancel')).click();
    const { guests } = await hypernest.state();
    for (const key of Object.keys(guests)) await hypernest.call('leave', { at: key });
    await hypernest.button(t('activity.undoButton')).first().click();
    await expect(page.getByText(t('wizard.undoUnreadTitle'))).toBeVisible();
    await inEachLook(hypernest, 'undo, not known');
    // From here its account is asked for, and what was not known is compared.
    await hypernest.button(t('inside.signIn')).click();
    await fillAccount(hypernest, 'dev', 'lab');
    await expect(hypernest.button(t('wizard.undoNow'))).toBeEnabled();
  });

  for (const [scenario, way, what] of [
    ['wifi-laptop', 'wayDefaultSwitch', 'Default Switch'],
    ['docker-owns-the-nat', 'wayNat', 'a NAT network that is there'],
    ['two-adapters', 'waySpoofing', 'two adapters'],
    ['vpn-overlap', 'wayNat', 'a network that is in use elsewhere'],
  ] as const)
    readingTest(`network: ${what}`, async ({ launch }) => {
      const hypernest = await launch({ scenario });
      const { t, page } = hypernest;
      await signIn(hypernest);
      await chooseWay(hypernest, way);
      if (scenario === 'vpn-overlap') {
        await page.getByLabel(t('network.prefix'), { exact: true }).fill('10.99.7.0/24');
        await expect(hypernest.button(t('wizard.review'))).toBeDisabled();
      }
      await inEachLook(hypernest, `network, ${what}`);
    });

  readingTest('a Linux guest', async ({ launch }) => {
    const hypernest = await launch({ scenario: 'linux-guest' });
    await hypernest.ready();
    await hypernest.openVm('ubuntu-kvm');
    await hypernest.turnTo('machines.partGuest');
    await expect(hypernest.page.getByText(hypernest.t('inside.linuxTitle'))).toBeVisible();
    await inEachLook(hypernest, 'inside, Linux');
  });

  test('the network wizard with the keyboard alone', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await signIn(hypernest);
    const { keyboard } = page;
    /** Goes on by Tab until it is there, as a person does who sees where the focus is. */
    const tabTo = async (target: Locator, message: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`no Tab leads to ${message}`);
    };
    await page.getByRole('tab', { selected: true }).focus();
    await keyboard.press('ArrowRight');
    await tabTo(hypernest.button(t('network.entryButton')), 'the choice of a network');
    await keyboard.press('Enter');
    const chosen = page.getByRole('radio', { checked: true });
    await expect(chosen).toHaveAccessibleName(new RegExp(`^${t('network.waySpoofing')}`));
    await tabTo(chosen, 'the chosen way');
    // The arrows move the choice, and past its ends round.
    // Until this PC's networks have been read, no free one is known.
    await expect(page.getByRole('radio', { name: new RegExp(`^${t('network.wayNat')}`) })).toBeEnabled();
    await keyboard.press('ArrowUp');
    await expect(page.getByRole('radio', { checked: true })).toHaveAccessibleName(
      new RegExp(`^${t('network.wayNat')}`),
    );
    const prefix = page.getByLabel(t('network.prefix'), { exact: true });
    await tabTo(prefix, 'the network inside');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('10.77.0.0/24');
    await expect(prefix).toHaveValue('10.77.0.0/24');
    await tabTo(page.getByRole('checkbox').first(), 'the first nested VM');
    await keyboard.press('Space');
    await expect(page.getByRole('checkbox').first()).not.toBeChecked();
    await tabTo(hypernest.button(t('wizard.review')), 'the review');
    await keyboard.press('Enter');
    await expect(hypernest.button(t('network.apply'))).toBeEnabled();
    await tabTo(hypernest.button(t('network.apply')), 'what makes it');
    await keyboard.press('Enter');
    expect((await hypernest.endedRun()).outcome).toBe('done');
    // Focus is where the end is said.
    await expect(
      page.getByRole('heading', { name: t('network.doneNat', { name: 'lab', prefix: '10.77.0.0/24' }) }),
    ).toBeFocused();
    await tabTo(hypernest.button(t('network.testButton')), 'the test');
    await keyboard.press('Enter');
    await hypernest.until(({ proof }) => proof !== null && proof.state !== 'running', 'tested', 40_000);
  });
});

test.describe('accounts that are kept', () => {
  test.use({ options: { ...quick, scenario: 'server-l1' } });
  test('each can be forgotten', async ({ launch, userData }) => {
    const accounts = [
      { at: vmIn(thisPc, 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42'), machine: 'lab', userName: 'dev', secret: '' },
    ];
    await mkdir(path.join(userData, 'accounts'), { recursive: true });
    await writeFile(path.join(userData, 'accounts', 'simulated-server-l1.json'), JSON.stringify({ accounts }));
    const hypernest = await launch();
    await hypernest.ready();
    await hypernest.open('settings');
    await expect(hypernest.page.getByText(hypernest.t('inside.accountUser', { user: 'dev' }))).toBeVisible();
    await inEachLook(hypernest, 'settings, kept accounts');
  });
});

for (const scenario of [
  'not-admin',
  'administrator-protection',
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
    test.use({ options: { ...quick, scenario } });
    readingTest(`${scenario}: machines and this PC`, async ({ hypernest }) => {
      await hypernest.ready();
      const { page, t } = hypernest;
      for (const [name, title] of [
        ['machines', 'app.pageMachines'],
        ['host', 'app.pageHost'],
      ] as const) {
        await hypernest.open(name);
        await expect(page.getByRole('navigation').locator('[aria-current="page"]')).toContainText(t(title));
        await expect(page.getByRole('main').getByRole('heading', { level: 1 }).first()).toBeVisible();
        await inEachLook(hypernest, `${scenario}, ${name}`);
      }
    });
  });

test.describe('a VM to be created', () => {
  test.use({ options: { ...quick, scenario: 'empty' } });

  test('its page, its review, its end and its undo', async ({ hypernest }) => {
    test.setTimeout(120_000);
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.button(t('create.button')).click();
    await expect(hypernest.button(t('wizard.review'))).toBeEnabled();
    await hypernest.button(t('wizard.moreSettings')).click();
    await hypernest.button(t('create.getOne')).click();
    await inEachLook(hypernest, 'create a VM');
    await page.getByRole('radio', { name: new RegExp(t('create.fromDisk')) }).click();
    await page.getByLabel(t('create.file'), { exact: true }).fill('C:\\Users\\dev\\VMs\\none.vhdx');
    await expectNoViolations(hypernest, 'create a VM, from a disk');
    await hypernest.button(t('wizard.review')).click();
    await expect(page.getByText(t('wizard.blockedTitle'))).toBeVisible();
    await inEachLook(hypernest, 'create a VM, blocked');
    await hypernest.button(t('wizard.back')).click();
    await page.getByRole('radio', { name: new RegExp(t('create.fromIso')) }).click();
    await hypernest.button(t('wizard.review')).click();
    await expect(hypernest.button(t('create.applyAndStart'))).toBeEnabled();
    await inEachLook(hypernest, 'create a VM, review');
    await hypernest.button(t('create.applyAndStart')).click();
    await hypernest.endedRun();
    await inEachLook(hypernest, 'create a VM, done');
    await hypernest.button(t('wizard.undoButton')).click();
    await expect(page.getByRole('checkbox')).toBeVisible();
    await inEachLook(hypernest, 'create a VM, undo');
  });
});

test.describe('the guided setup', () => {
  test.use({ options: { ...quick, fresh: true } });
  test.describe.configure({ timeout: 180_000 });

  readingTest('each step of it, and its end', async ({ hypernest }) => {
    const { page, t } = hypernest;
    await hypernest.ready();
    await expect(page.getByRole('radio', { name: t('inside.hyperV') })).toBeVisible();
    await inEachLook(hypernest, 'what for');
    await page.getByRole('radio', { name: t('inside.hyperV') }).click();
    for (const name of [
      'setup.stepPc',
      'setup.stepMachine',
      'setup.stepNesting',
      'setup.stepInside',
      'setup.stepEnd',
    ] as const) {
      if (name === 'setup.stepNesting') await page.getByRole('radio', { name: 'dev-box' }).click();
      await hypernest.step(t(name)).click();
      await expect(page.locator('aside [aria-current="step"]')).toContainText(t(name));
      await inEachLook(hypernest, name);
    }
  });
});

test.describe('the guided setup, where this PC blocks', () => {
  for (const scenario of ['no-hyper-v', 'not-admin', 'empty'])
    test.describe(scenario, () => {
      test.use({ options: { ...quick, scenario, fresh: true } });
      readingTest(scenario, async ({ hypernest }) => {
        const { page, t } = hypernest;
        await hypernest.ready();
        if (scenario === 'not-admin') await hypernest.button(t('setup.entry')).click();
        await page.getByRole('radio', { name: t('inside.hyperV') }).click();
        await hypernest.button(t('setup.next')).click();
        await inEachLook(hypernest, scenario);
      });
    });
});

test.describe('other hosts', () => {
  test.use({ options: { ...quick, scenario: 'lab-of-3-hosts' } });
  test.describe.configure({ timeout: 180_000 });

  /** In light and dark: Chinese shows nothing here that axe does not see elsewhere. */
  async function inBothThemes(hypernest: Hypernest, what: string): Promise<void> {
    for (const { asks, ...look } of looks.slice(0, 2)) {
      await hypernest.call('settings', look);
      await expect(hypernest.page.locator('html')).toHaveAttribute('data-theme', look.theme);
      await expectNoViolations(hypernest, `${what}, ${look.theme}`, asks);
    }
    await hypernest.call('settings', { theme: 'light' });
  }
  async function turnTo({ page, t }: Hypernest, from: string, to: string): Promise<void> {
    await page.getByRole('button', { name: t('hosts.switcher', { name: from }) }).click();
    await page.getByRole('menuitemradio', { name: new RegExp(`^${to}`) }).click();
  }

  readingTest(
    'all PCs in one list, one that is away, one whose key changed, and all of them as hosts',
    async ({ hypernest }) => {
      const { page, t } = hypernest;
      await hypernest.ready();
      await hypernest.until(({ others }) => others['host-000000000003']?.connection.kind === 'lost', 'all were tried');
      await page.getByRole('button', { name: t('hosts.switcher', { name: t('hosts.thisPc') }) }).click();
      const all = page.getByRole('menuitemradio', { name: new RegExp(`^${t('hosts.all')}`) });
      await expect(all).toBeVisible();
      await expectNoViolations(hypernest, 'the switcher', 'a menu');
      await all.click();
      await expect(page.getByRole('heading', { name: t('hosts.all'), level: 1 })).toBeVisible();
      await inEachLook(hypernest, 'all PCs');
      await page.getByRole('listbox').press('Control+a');
      await expect(hypernest.button(/^Turn on nesting for/)).toBeVisible();
      await expectNoViolations(hypernest, 'many on several PCs');
      await page.emulateMedia({ forcedColors: 'active' });
      await expectNoViolations(hypernest, 'many on several PCs, contrast theme', 'colours');
      await page.emulateMedia({ forcedColors: 'none' });
      await page.getByRole('listbox').press('Escape');

      await page.getByRole('button', { name: /^BUILD-02/ }).click();
      await expect(page.getByRole('heading', { name: t('hosts.lostTitle', { name: 'BUILD-02' }) })).toBeVisible();
      await expectNoViolations(hypernest, 'a host that is away');
      await turnTo(hypernest, 'BUILD-02', 'TEST-01');
      await expect(page.getByRole('heading', { name: t('hosts.keyTitle', { name: 'TEST-01' }) })).toBeVisible();
      await inBothThemes(hypernest, 'a changed key');
      await hypernest.button(t('hosts.openHosts')).click();
      await expect(page.getByRole('heading', { name: t('hosts.page'), level: 1 })).toBeVisible();
      await inBothThemes(hypernest, 'hosts');
    },
  );

  readingTest('each answer of the dialog that adds one', async ({ hypernest }) => {
    const { page, t } = hypernest;
    await hypernest.ready();
    await page.getByRole('button', { name: t('hosts.page'), exact: true }).click();
    await hypernest.button(t('hosts.add')).click();
    const dialog = page.getByRole('dialog');
    const press = (name: string) => dialog.getByRole('button', { name, exact: true }).click();
    await press(t('hosts.test'));
    await expect(dialog.getByText(t('hosts.faultEmpty'))).toBeVisible();
    await expectNoViolations(hypernest, 'no address');
    for (const [address, said] of [
      ['admin@off-01', t('failures.hostNotAnswering')],
      ['mei@lab-07:2222', t('hosts.compareWhy')],
    ] as const) {
      await dialog.getByLabel(t('hosts.address')).fill(address);
      await press(t('hosts.test'));
      await expect(dialog.getByText(said)).toBeVisible();
      await inBothThemes(hypernest, address);
    }
    await dialog.getByLabel(t('hosts.address')).fill('admin@build-01-new');
    await press(t('hosts.test'));
    await press(t('hosts.accept'));
    await expect(dialog.getByLabel(t('hosts.label'))).toHaveValue('BUILD-01-NEW');
    await press(t('hosts.addNow'));
    await expect(dialog.getByRole('radio', { name: t('hosts.sameRenamed', { name: 'BUILD-01' }) })).toBeVisible();
    await expectNoViolations(hypernest, 'a host with the id of another');
    await press(t('inside.cancel'));
  });
});
