import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { expect, sharedTest, test } from './app.js';
import type { Hypernest } from './hypernest.js';

/** Chooses a way in, up to the page that says what will run. */
async function ask(hypernest: Hypernest, way: 'join' | 'session'): Promise<void> {
  const { t, page } = hypernest;
  await hypernest.ready();
  await hypernest.open('machines');
  await page.getByText(t(`rights.${way}`), { exact: true }).click();
  await hypernest.button(t(`rights.${way}Button`)).click();
}

test.describe('no access', () => {
  test.use({ options: { scenario: 'not-admin' } });

  sharedTest('is said as such, never as an empty list, with two ways in', async ({ hypernest }) => {
    const state = await hypernest.ready();
    expect(state.machine?.vms).toBeUndefined();
    await hypernest.open('machines');
    await expect(hypernest.page.getByRole('heading', { name: hypernest.t('rights.title') })).toBeVisible();
    await expect(hypernest.page.getByText(hypernest.t('rights.join'), { exact: true })).toBeVisible();
    await expect(hypernest.page.getByText(hypernest.t('rights.session'), { exact: true })).toBeVisible();
  });

  test('allowing it for this session shows the VMs, and changing one works', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'session');
    await expect(page.getByRole('heading', { name: t('rights.beforeTitle') })).toBeVisible();
    await hypernest.button(t('rights.goOn')).click();
    const state = await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the VMs appear');
    expect(state.connection).toMatchObject({ kind: 'ready', elevated: true });
    await hypernest.open('machines');
    await hypernest.turnNestingOn('dev-box');
    expect((await hypernest.endedRun()).outcome).toBe('done');
  });

  sharedTest('joining the group leads to signing out, once', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'join');
    await hypernest.button(t('rights.goOn')).click();
    await expect(page.getByRole('heading', { name: t('rights.signOutTitle') })).toBeVisible();
  });
});

test.describe('a refused prompt', () => {
  test.use({ options: { scenario: 'prompt-refused', direct: true } });

  sharedTest('changes nothing, and says so', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'session');
    await hypernest.button(t('rights.goOn')).click();
    await expect(page.getByText(t('rights.refusedTitle'))).toBeVisible();
    expect((await hypernest.state()).machine?.vms).toBeUndefined();
  });
});

test.describe('a prompt answered with another account', () => {
  test.use({ options: { scenario: 'other-account', direct: true } });

  sharedTest('joins the account that asked, and the page says so before', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'join');
    await page.getByText(t('rights.different')).click();
    await expect(page.getByText(t('rights.otherAccount'))).toBeVisible();
    await hypernest.button(t('rights.goOn')).click();
    await expect(page.getByRole('heading', { name: t('rights.signOutTitle') })).toBeVisible();
    await expect(page.getByText('DEV-PC\\mei', { exact: false }).first()).toBeVisible();
  });

  sharedTest('allows the session, which runs as that account', async ({ hypernest }) => {
    const { t } = hypernest;
    await ask(hypernest, 'session');
    await hypernest.button(t('rights.goOn')).click();
    const state = await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the VMs appear');
    expect(state.connection).toMatchObject({ kind: 'ready', elevated: true });
    expect(state.machine?.host.identity?.account).toBe('DEV-PC\\admin');
  });
});

test.describe('Administrator Protection', () => {
  test.use({ options: { scenario: 'administrator-protection', direct: true } });

  sharedTest('is named on This PC, and what is allowed runs as the account that it keeps', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await hypernest.ready();
    await hypernest.open('host');
    await page.getByRole('button', { name: t('machines.showFineOf', { list: t('host.groupFine') }) }).click();
    await expect(page.getByText(t('checks.protection'))).toBeVisible();
    await ask(hypernest, 'session');
    await hypernest.button(t('rights.goOn')).click();
    const state = await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the VMs appear');
    expect(state.machine?.host.identity?.account).toBe('DEV-PC\\ADMIN_mei');
    await hypernest.open('host');
    await page.getByRole('button', { name: t('machines.showFineOf', { list: t('host.groupRights') }) }).click();
    await expect(page.getByText(t('checks.protection'))).toBeVisible();
  });
});

test.describe('member, not signed out', () => {
  test.use({ options: { scenario: 'joined-not-signed-out', direct: true } });

  sharedTest('is told to sign out, not to join again', async ({ hypernest }) => {
    await hypernest.ready();
    await hypernest.open('machines');
    await expect(hypernest.page.getByRole('heading', { name: hypernest.t('rights.signOutTitle') })).toBeVisible();
  });
});

test.describe('what was allowed for this session', () => {
  test.use({ options: { scenario: 'not-admin', switches: ['--unused-limit=10'] } });
  test.describe.configure({ timeout: 120_000 });

  test('ends when nobody uses it: the VMs stay, as of then, and one click leads to allowing it again', async ({
    hypernest,
  }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'session');
    await hypernest.button(t('rights.goOn')).click();
    await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the VMs appear');
    // Only read from now on: all that this waits with is the window's own question for the state.
    const { connection, machine } = await hypernest.until(
      (state) => state.connection.kind === 'ready' && state.connection.ended !== undefined,
      'what was allowed has ended',
      60_000,
    );
    if (connection.kind !== 'ready' || !connection.ended) throw new Error('it has not ended');
    expect(connection).toMatchObject({ elevated: false, ended: { why: 'unused' } });
    expect(machine?.vms?.length).toBeGreaterThan(0);

    const { asOf } = connection.ended;
    await expect(page.getByText(t('rights.endedTitle', { at: asOf }))).toBeVisible();
    await hypernest.openVm('dev-box');
    await expect(hypernest.button(t('machines.turnOn'))).toBeDisabled();
    await expect(hypernest.button(t('machines.start'))).toBeDisabled();
    await expect(page.getByRole('switch', { name: t('machines.nesting') })).toBeDisabled();
    // Whoever asks past the page is refused too.
    const vm = machine?.vms?.find(({ name }) => name === 'dev-box')?.id ?? '';
    const goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, vm), want: { nesting: true } }], consents: [] };
    expect(await hypernest.call('plan', { goal })).toMatchObject({ failure: { kind: 'access-denied' } });

    await hypernest.button(t('rights.allowAgain')).click();
    await expect(page.getByRole('heading', { name: t('rights.beforeTitle') })).toBeVisible();
    await hypernest.button(t('rights.goOn')).click();
    await hypernest.until((state) => state.connection.kind === 'ready' && state.connection.elevated, 'it is allowed');
    await expect(page.getByText(t('rights.endedTitle', { at: asOf }))).toHaveCount(0);
    await expect(hypernest.button(t('machines.turnOn'))).toBeEnabled();
  });

  test('stays while somebody clicks', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'session');
    await hypernest.button(t('rights.goOn')).click();
    await hypernest.until(({ machine }) => (machine?.vms?.length ?? 0) > 0, 'the VMs appear');
    const begun = Date.now();
    while (Date.now() - begun < 15_000) {
      await hypernest.open('learn');
      await hypernest.open('machines');
      await page.keyboard.press('Tab');
      expect((await hypernest.state()).connection).toMatchObject({ kind: 'ready', elevated: true });
    }
  });
});

test.describe('a copy that its user can write', () => {
  test.use({ options: { scenario: 'not-admin', direct: true, switches: ['--user-copy'] } });

  sharedTest(
    'offers to join the group, says why it offers no session, and refuses one also past the page',
    async ({ hypernest }) => {
      const { t, page } = hypernest;
      await hypernest.ready();
      await hypernest.open('machines');
      await expect(page.getByRole('radio', { name: t('rights.session') })).toBeDisabled();
      await expect(page.getByText(t('rights.sessionUserCopy'))).toBeVisible();
      await expect(hypernest.call('act', { act: 'allow-session' })).rejects.toThrow();
      await expect(hypernest.call('actScript', { act: 'allow-session' })).rejects.toThrow();
      expect((await hypernest.state()).connection).toMatchObject({ elevated: false });
      await hypernest.button(t('rights.joinButton')).click();
      await hypernest.button(t('rights.goOn')).click();
      await expect(page.getByRole('heading', { name: t('rights.signOutTitle') })).toBeVisible();
      await expect(hypernest.button(t('rights.sessionButton'))).toHaveCount(0);
    },
  );
});

test.describe('a copy that is run from source', () => {
  test.use({ options: { scenario: 'not-admin', direct: true } });

  sharedTest('says before it asks who decides what is elevated', async ({ hypernest }) => {
    const { t, page } = hypernest;
    await ask(hypernest, 'session');
    await expect(page.getByRole('heading', { name: t('rights.beforeTitle') })).toBeVisible();
    await expect(page.getByText(t('rights.fromSource'))).toBeVisible();
  });
});
