/** Several PCs in one window: which is shown, what is said of each, and how one is added. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Hosts from '../../renderer/hosts/Hosts.svelte';
import Obstacle from '../../renderer/states/Obstacle.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { toasts } from '../../renderer/state/toasts.svelte.js';
import { viewOf } from '../../renderer/state/view.js';
import RailAlone from './RailAlone.svelte';
import { textOf, thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import type { FailureKind } from '../../src/core/cmdlets/call.js';
import type { AppState, Connection, HostState } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { hostSteps } from '../../src/core/machine/hosts.js';
import { hostRequests } from '../../src/ipc/hosts.js';
import { translator } from '../../src/text/index.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { guid, handshakeOf, machineOf, vmOf } from '../unit/core/worlds.js';
import { fakeMain, ready } from './bridge.js';

const t = translator('en');
const since = '2026-12-01T13:05:00.000Z';
const away = (kind: FailureKind, retryAt: string | null): Connection => ({
  kind: 'lost',
  failure: { kind },
  attempts: 4,
  retryAt,
  changing: false,
  since,
});
const machine = { ...machineOf({ name: 'BUILD-01' }, [vmOf(1, { name: 'runner' })]), at: otherPc };
const known = (change: Partial<HostState> = {}): HostState => ({
  ...nothingKnown({ kind: 'host' }),
  connection: { kind: 'ready', handshake: handshakeOf(), elevated: false },
  machine,
  ...change,
});
const withHost = (host: HostState = known()): AppState =>
  ready([vmOf(1, { name: 'dev-box' })], {
    hosts: [{ id: otherPc, label: 'Builds', address: 'admin@build-01' }],
    others: { [textOf(otherPc)]: host },
  });

afterEach(() => {
  cleanup();
  app.show(thisPc);
  app.state = null;
  for (const { id } of toasts.now) toasts.end(id);
});
beforeEach(() => void fakeMain({}));

describe('the window', () => {
  it('with one PC has no switcher, and its place is This PC', () => {
    app.state = ready([]);
    render(RailAlone, { page: 'machines', blocks: false });
    expect(screen.queryByRole('button', { name: t('hosts.switcher', { name: t('hosts.thisPc') }) })).toBeNull();
    expect(screen.getByRole('button', { name: t('app.pageHost') })).toBeTruthy();
  });

  it('shows one PC at a time, and asks main about that one', async () => {
    const { asked } = fakeMain({});
    app.state = withHost();
    expect([app.own(guid(1))?.name, app.isHere]).toEqual(['dev-box', true]);
    app.show(otherPc);
    expect([app.own(guid(1))?.name, app.isHere]).toEqual(['runner', false]);
    expect(app.vm(vmIn(thisPc, guid(1)))?.name, 'of whichever PC').toBe('dev-box');
    expect(asked).toEqual([{ name: 'watch', request: { vm: null } }]);
    app.show(hostNamed('host-ba9876543210'));
    expect(app.at).toBe(otherPc);
  });

  it('goes to the PC of a page that is opened from outside, and away from one that is forgotten', () => {
    const { tell } = fakeMain({ state: () => withHost() });
    app.state = withHost();
    const stop = app.start();
    tell({ kind: 'open', page: 'machines', vm: vmIn(otherPc, guid(1)) });
    expect(app.at).toBe(otherPc);
    expect(route.now).toEqual({ page: 'machines', vm: vmIn(otherPc, guid(1)) });
    tell({ kind: 'state', state: { hosts: [], others: {} } });
    expect(app.at).toBe(thisPc);
    stop();
  });

  it('has its switcher on top of the rail, with how each stands', async () => {
    app.state = withHost(known({ connection: away('host-not-answering', '2026-12-01T13:06:00.000Z') }));
    render(RailAlone, { page: 'machines', blocks: false });
    const switcher = screen.getByRole('button', { name: t('hosts.switcher', { name: t('hosts.thisPc') }) });
    expect(screen.getByRole('button', { name: t('hosts.page') })).toBeTruthy();
    await fireEvent.keyDown(switcher, { key: 'Enter' });
    const entry = await screen.findByRole('menuitemradio', { name: /Builds/ });
    expect(entry.textContent).toContain(t('hosts.awaySince', { since }));
    await fireEvent.click(entry);
    expect(app.at).toBe(otherPc);
  });
});

describe('a host that is away', () => {
  it('keeps its VMs in sight, as old', () => {
    const connection = away('host-not-answering', '2026-12-01T13:06:00.000Z');
    app.state = withHost(known({ connection }));
    app.show(otherPc);
    expect(viewOf(app.state)).toMatchObject({ kind: 'list', ended: { why: 'away', asOf: machine.host.readAt } });
    expect(app.whyOff(null)).toBe(t('hosts.awayOff'));
  });

  it.each([
    ['host-key-changed', t('hosts.keyTitle', { name: 'Builds' })],
    ['other-machine', t('hosts.otherTitle', { name: 'Builds' })],
  ] as const)('%s is a hard stop of its own: nothing of it is shown, and nothing tries again', (kind, title) => {
    app.state = withHost(known({ connection: away(kind, null) }));
    app.show(otherPc);
    const view = viewOf(app.state);
    if (view.kind !== 'lost') throw new Error(view.kind);
    render(Obstacle, { view });
    expect(screen.getByRole('heading', { name: title })).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('hosts.tryNow') })).toBeNull();
  });

  const accepted = { type: 'ssh-ed25519', sha256: `SHA256:${'a'.repeat(43)}` };
  const shown = { type: 'ecdsa-sha2-nistp256', sha256: `SHA256:${'b'.repeat(43)}` };
  function showChanged(keys: unknown) {
    const main = fakeMain({ hostKeys: () => keys });
    app.state = withHost(known({ connection: away('host-key-changed', null) }));
    app.show(otherPc);
    const view = viewOf(app.state);
    if (view.kind !== 'lost') throw new Error(view.kind);
    render(Obstacle, { view });
    return main;
  }
  const definition = async (term: string): Promise<string> =>
    (await screen.findByText(term)).nextElementSibling?.textContent ?? '';

  it('shows both keys, each with its type, and how the new one is compared', async () => {
    const { asked } = showChanged({ accepted, shown });
    await screen.findByText(shown.sha256);
    expect(await definition(t('hosts.keyAccepted'))).toContain(accepted.sha256);
    const now = await definition(t('hosts.keyShown'));
    expect(now).toContain(shown.type);
    expect(asked).toContainEqual({ name: 'hostKeys', request: { host: otherPc } });
    expect(screen.getByText(/ssh_host_ecdsa_key\.pub$/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('hosts.tryNow') })).toBeNull();
  });

  it('says why the new key could not be had, and when it is the accepted one again', async () => {
    showChanged({ accepted, failure: 'host-not-answering' });
    await screen.findByText(accepted.sha256);
    expect(await definition(t('hosts.keyShown'))).toContain(t('failures.hostNotAnswering'));
    cleanup();
    const { asked } = showChanged({ accepted, shown: accepted });
    expect(await screen.findByText(t('hosts.keySame', { name: 'Builds' }))).toBeTruthy();
    await press(t('hosts.tryNow'));
    expect(asked).toContainEqual({ name: 'reconnect', request: undefined });
  });
});

/** An entry of the menu of the host. */
async function menu(entry: string): Promise<void> {
  const button = screen.getByRole('button', { name: t('hosts.more', { name: 'Builds' }) });
  await fireEvent.keyDown(button, { key: 'Enter' });
  await fireEvent.click(await screen.findByRole('menuitem', { name: entry }));
}
async function write(label: string, value: string): Promise<void> {
  await fireEvent.input(await screen.findByLabelText(label), { target: { value } });
}
async function press(name: string): Promise<void> {
  await fireEvent.click(await screen.findByRole('button', { name }));
}

describe('Hosts', () => {
  it('renames and removes a host', async () => {
    const { asked } = fakeMain({ renameHost: () => undefined, removeHost: () => ({ kind: 'removed' }) });
    app.state = withHost();
    render(Hosts, {});
    await menu(t('hosts.rename'));
    await fireEvent.input(await screen.findByLabelText(t('hosts.label')), { target: { value: 'Lab' } });
    await fireEvent.click(screen.getByRole('button', { name: t('hosts.renameNow') }));
    await waitFor(() => expect(asked).toContainEqual({ name: 'renameHost', request: { host: otherPc, label: 'Lab' } }));
    await menu(t('hosts.remove'));
    await fireEvent.click(await screen.findByRole('button', { name: t('hosts.removeNow') }));
    await waitFor(() => expect(asked).toContainEqual({ name: 'removeHost', request: { host: otherPc } }));
  });

  it('adds one: tested, its key compared, named', async () => {
    const sha256 = `SHA256:${'a'.repeat(43)}`;
    const fingerprint = { type: 'ssh-ed25519', sha256 };
    const { asked } = fakeMain({
      testHost: (request) =>
        (request as { accepts?: string }).accepts === undefined
          ? {
              kind: 'tested',
              test: {
                passed: ['ssh-there', 'name', 'port'],
                failed: { step: 'host-key', failure: 'host-key-new', detail: '' },
                fingerprint,
              },
            }
          : { kind: 'tested', test: { passed: [], fingerprint, machine: { id: guid(1), name: 'LAB-7' } } },
      addHost: () => ({ kind: 'added', host: otherPc }),
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await fireEvent.input(await screen.findByLabelText(t('hosts.address')), { target: { value: 'admin@lab-7' } });
    await fireEvent.click(screen.getByRole('button', { name: t('hosts.test') }));
    expect(await screen.findByText(sha256)).toBeTruthy();
    await press(t('hosts.accept'));
    const label = await screen.findByLabelText<HTMLInputElement>(t('hosts.label'));
    expect(label.value).toBe('LAB-7');
    await fireEvent.click(screen.getByRole('button', { name: t('hosts.addNow') }));
    await waitFor(() => expect(app.at).toBe(otherPc));
    expect(asked.filter(({ name }) => name !== 'watch').map(({ request }) => request)).toEqual([
      { address: 'admin@lab-7' },
      { address: 'admin@lab-7', accepts: sha256 },
      { address: 'admin@lab-7', label: 'LAB-7' },
    ]);
  });

  it.each([
    ['a host that is added', 'testHost'],
    ['one that was added', 'testKnownHost'],
  ] as const)(
    'shows each step of the test of %s as it passes, says it once, and ends the test with the dialog',
    async (_, call) => {
      const { asked, tell } = fakeMain({ [call]: () => new Promise(() => undefined), stopHostTest: () => undefined });
      app.state = withHost();
      render(Hosts, { adding: call === 'testHost' });
      if (call === 'testHost') {
        await write(t('hosts.address'), 'admin@lab-7');
        await press(t('hosts.test'));
      } else await menu(t('hosts.testAgain'));
      const row = async (step: string): Promise<string | null> => {
        const found = (await screen.findAllByRole('listitem')).find((one) => one.textContent.includes(step));
        return found?.querySelector('svg')?.getAttribute('aria-label') ?? null;
      };
      expect(await row(t('hosts.stepSsh'))).toBe(t('hosts.stepNow'));
      tell({ kind: 'host-test', step: 'name' });
      expect(await screen.findByText(t('hosts.stepSaid', { step: t('hosts.stepName') }))).toBeTruthy();
      expect(
        await Promise.all(
          (['hosts.stepSsh', 'hosts.stepName', 'hosts.stepPort', 'hosts.stepKey'] as const).map((key) => row(t(key))),
        ),
      ).toEqual((['hosts.stepFine', 'hosts.stepFine', 'hosts.stepNow', 'hosts.stepNot'] as const).map((key) => t(key)));
      expect(asked.some(({ name }) => name === 'stopHostTest')).toBe(false);
      await press(t(call === 'testHost' ? 'inside.cancel' : 'hosts.close'));
      await waitFor(() => expect(asked.filter(({ name }) => name === 'stopHostTest')).toHaveLength(1));
    },
  );

  it('ends no test with a dialog whose test has ended', async () => {
    const { asked } = fakeMain({ testKnownHost: () => ({ kind: 'tested', test: { passed: hostSteps } }) });
    app.state = withHost();
    render(Hosts, {});
    await menu(t('hosts.testAgain'));
    expect(await screen.findByText(t('hosts.stepSaid', { step: t('hosts.stepRights') }))).toBeTruthy();
    await press(t('hosts.close'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(asked.some(({ name }) => name === 'stopHostTest')).toBe(false);
  });

  it('names the step that failed, with what to do and what was said', async () => {
    fakeMain({
      testHost: () => ({
        kind: 'tested',
        test: {
          passed: ['ssh-there', 'name'],
          failed: { step: 'port', failure: 'host-port-closed', detail: 'Connection refused' },
        },
      }),
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await fireEvent.input(await screen.findByLabelText(t('hosts.address')), { target: { value: 'admin@lab-7' } });
    await fireEvent.click(screen.getByRole('button', { name: t('hosts.test') }));
    expect(await screen.findByText(t('failures.hostPortClosed'))).toBeTruthy();
    expect(screen.getByText('Connection refused')).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('hosts.addNow') })).toBeNull();
  });

  it('does not remove one on which a change is under way, or without a press that main has seen, and says so', async () => {
    const answers = ['busy', 'refused', 'removed'];
    fakeMain({ removeHost: () => ({ kind: answers.shift() }) });
    app.state = withHost();
    render(Hosts, {});
    await menu(t('hosts.remove'));
    expect(await screen.findByText(t('hosts.removeText'))).toBeTruthy();
    await press(t('hosts.removeNow'));
    expect(await screen.findByText(t('hosts.removeBusy', { name: 'Builds' }))).toBeTruthy();
    await press(t('hosts.removeNow'));
    expect(await screen.findByText(t('hosts.removeRefused', { name: 'Builds' }))).toBeTruthy();
    await press(t('hosts.removeNow'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says when not all that was kept for a removed one could be deleted', async () => {
    fakeMain({
      removeHost: () => {
        throw new Error('EBUSY');
      },
    });
    app.state = withHost();
    render(Hosts, {});
    await menu(t('hosts.remove'));
    await press(t('hosts.removeNow'));
    expect(await screen.findByText(t('hosts.removeFailed', { name: 'Builds' }))).toBeTruthy();
  });

  it('asks to accept a key only where one was shown, and never twice', async () => {
    const sha256 = `SHA256:${'a'.repeat(43)}`;
    const failed = { step: 'host-key', failure: 'host-key-new', detail: 'Host key verification failed.' };
    const shown = [undefined, { type: 'ssh-rsa', sha256 }, { type: 'ssh-rsa', sha256 }];
    fakeMain({
      testHost: () => {
        const fingerprint = shown.shift();
        return { kind: 'tested', test: { passed: ['ssh-there'], failed, ...(fingerprint && { fingerprint }) } };
      },
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    expect(await screen.findByText(failed.detail)).toBeTruthy();
    expect(screen.getByText(t('failures.hostKeyNew'))).toBeTruthy();
    await press(t('hosts.test'));
    await press(t('hosts.accept'));
    expect(await screen.findByText(failed.detail)).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('hosts.accept') })).toBeNull();
  });

  it('names one by itself, not by the one that was tested before it; a name that was written stays', async () => {
    const names = ['LAB-7', 'LAB-8', 'LAB-9'];
    fakeMain({
      testHost: () => ({ kind: 'tested', test: { passed: [], machine: { id: guid(1), name: names.shift() } } }),
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    const named = async (address: string): Promise<string> => {
      await write(t('hosts.address'), address);
      await press(t('hosts.test'));
      return (await screen.findByLabelText<HTMLInputElement>(t('hosts.label'))).value;
    };
    expect(await named('admin@lab-7')).toBe('LAB-7');
    expect(await named('admin@lab-8')).toBe('LAB-8');
    await write(t('hosts.label'), 'Mine');
    expect(await named('admin@lab-9')).toBe('Mine');
  });

  it.each([
    ['this-pc', 'hosts.isThisPc', 'hosts.addNow', true],
    ['no-name', 'hosts.noName', 'hosts.test', false],
  ] as const)('says why it is not added: %s', async (kind, why, button, isOff) => {
    fakeMain({
      testHost: () => ({ kind: 'tested', test: { passed: [], machine: { id: guid(1), name: 'LAB-7' } } }),
      addHost: () => ({ kind }),
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    await press(t('hosts.addNow'));
    expect(await screen.findByText(t(why))).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: t(button) }).disabled).toBe(isOff);
  });

  const lab = { id: guid(1), name: 'LAB-7' };
  it.each([
    ['fine', { passed: [], machine: lab }, true],
    [
      'no permission for its VMs',
      { passed: [], machine: lab, failed: { step: 'rights', failure: 'access-denied', detail: '' } },
      false,
    ],
  ] as const)('says that it is ready only where its test has said so: %s', async (_, test, isReady) => {
    fakeMain({ testHost: () => ({ kind: 'tested', test }), addHost: () => ({ kind: 'added', host: otherPc }) });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    await write(t('hosts.label'), ' Lab ');
    await press(t('hosts.addNow'));
    await waitFor(() => expect(app.at).toBe(otherPc));
    expect(toasts.now.map(({ text }) => text)).toEqual(isReady ? [t('hosts.isFine', { name: 'Lab' })] : []);
  });

  it('is not added without a name, whose longest by Windows fits, and one that cannot be added is no failed test', async () => {
    const { asked } = fakeMain({
      testHost: () => ({ kind: 'tested', test: { passed: [], machine: { ...lab, name: 'L'.repeat(63) } } }),
      addHost: () => {
        throw new Error('EBUSY');
      },
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    const { value } = await screen.findByLabelText<HTMLInputElement>(t('hosts.label'));
    expect(hostRequests.add.safeParse({ address: 'admin@lab-7', label: value }).success).toBe(true);
    await write(t('hosts.label'), '   ');
    const add = screen.getByRole<HTMLButtonElement>('button', { name: t('hosts.addNow') });
    await waitFor(() => expect(add.disabled).toBe(true));
    await fireEvent.submit(screen.getByLabelText(t('hosts.address')).closest('form') ?? add);
    expect(asked.some(({ name }) => name === 'addHost')).toBe(false);
    await write(t('hosts.label'), 'Lab');
    await press(t('hosts.addNow'));
    expect(await screen.findByText(t('hosts.addFailed'))).toBeTruthy();
    expect(screen.queryByText(t('hosts.failed'))).toBeNull();
  });

  it('accepts a key by its button alone, and not by Enter in the address', async () => {
    const sha256 = `SHA256:${'a'.repeat(43)}`;
    const failed = { step: 'host-key', failure: 'host-key-new', detail: '' };
    const test = { passed: [], failed, fingerprint: { type: 'ssh-ed25519', sha256 } };
    const { asked } = fakeMain({ testHost: () => ({ kind: 'tested', test }) });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    const accept = await screen.findByRole<HTMLButtonElement>('button', { name: t('hosts.accept') });
    await fireEvent.submit(screen.getByLabelText(t('hosts.address')).closest('form') ?? accept);
    await waitFor(() => expect(asked.filter(({ name }) => name === 'testHost')).toHaveLength(2));
    expect(asked.some(({ request }) => request !== undefined && 'accepts' in Object(request))).toBe(false);
    expect(accept.type, 'no press of Enter in a field is one of this button').toBe('button');
  });

  it('says when it could not be renamed', async () => {
    fakeMain({
      renameHost: () => {
        throw new Error('EBUSY');
      },
    });
    app.state = withHost();
    render(Hosts, {});
    await menu(t('hosts.rename'));
    await press(t('hosts.renameNow'));
    expect(await screen.findByText(t('hosts.renameFailed'))).toBeTruthy();
    expect(screen.getByRole('dialog')).toBeTruthy();
  });

  it('offers to reach a host at another address from now on, and nothing where the address is its own', async () => {
    for (const isMoved of [true, false]) {
      const known = { kind: 'known', host: otherPc, label: 'Builds', isMoved };
      const answers = [known, { kind: 'added', host: otherPc }];
      const { asked } = fakeMain({
        testHost: () => ({ kind: 'tested', test: { passed: [], machine: { id: guid(1), name: 'LAB-7' } } }),
        addHost: () => answers.shift(),
      });
      app.state = withHost();
      const { unmount } = render(Hosts, { adding: true });
      await write(t('hosts.address'), 'admin@lab-7');
      await press(t('hosts.test'));
      await press(t('hosts.addNow'));
      expect(await screen.findByText(t(isMoved ? 'hosts.isMoved' : 'hosts.isThere', { name: 'Builds' }))).toBeTruthy();
      const use = screen.queryByRole('button', { name: t('hosts.useAddress') });
      expect(use !== null).toBe(isMoved);
      if (use) {
        await fireEvent.click(use);
        await waitFor(() =>
          expect(toasts.now.map(({ text }) => text)).toEqual([t('hosts.isFine', { name: 'Builds' })]),
        );
        expect(asked.findLast(({ name }) => name === 'addHost')?.request).toEqual({
          address: 'admin@lab-7',
          label: 'LAB-7',
          sameAs: otherPc,
        });
      }
      unmount();
    }
  });

  const sameId = {
    kind: 'same-id',
    hosts: [
      { id: otherPc, label: 'Builds' },
      { id: hostNamed('host-ba9876543210'), label: 'Tests' },
    ],
  };
  it.each([
    ['hosts.sameRenamed', 'Tests', 'host-ba9876543210'],
    ['hosts.sameOther', '', null],
  ] as const)('asks which computer it is where others have its computer id: %s %s', async (key, name, sameAs) => {
    const answers = [sameId, { kind: 'added', host: otherPc }];
    const { asked } = fakeMain({
      testHost: () => ({ kind: 'tested', test: { passed: [], machine: { id: guid(1), name: 'LAB-7' } } }),
      addHost: () => answers.shift(),
    });
    app.state = withHost();
    render(Hosts, { adding: true });
    await write(t('hosts.address'), 'admin@lab-7');
    await press(t('hosts.test'));
    await press(t('hosts.addNow'));
    expect(await screen.findByRole('radiogroup', { name: t('hosts.sameId') })).toBeTruthy();
    // Nothing is chosen for a person.
    expect(screen.queryByRole('radio', { checked: true })).toBeNull();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: t('hosts.addNow') }).disabled).toBe(true);
    await fireEvent.click(screen.getByRole('radio', { name: new RegExp(`^${t(key, { name })}`) }));
    await press(t('hosts.addNow'));
    await waitFor(() => expect(app.at).toBe(otherPc));
    const added = asked.filter(({ name: call }) => call === 'addHost').map(({ request }) => request);
    expect(added).toEqual([
      { address: 'admin@lab-7', label: 'LAB-7' },
      { address: 'admin@lab-7', label: 'LAB-7', sameAs },
    ]);
  });
});
