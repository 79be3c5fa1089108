/** The guided setup over a main that answers what the test says. */
import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HostFacts, Machine, Vm } from '../../src/core/machine/machine.js';
import type { AppState, Settings } from '../../src/ipc/schema.js';
import Setup from '../../renderer/pages/Setup.svelte';
import MachineStep from '../../renderer/setup/MachineStep.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { translator } from '../../src/text/index.js';
import { handshakeOf, hostOf, stranger } from '../unit/core/worlds.js';
import { vm } from '../unit/renderer/vms.js';
import { readWorld } from '../unit/shell/a-machine.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');

beforeEach(() => {
  route.go({ page: 'setup' });
});

const dev = vm('dev-box', { state: 'Off', nesting: false });
const lab = vm('Lab DC 01', { state: 'Running', nesting: false });

function at(
  setup: Partial<Settings['setup']>,
  vms: readonly Vm[] | undefined = [dev, lab],
  host: Partial<HostFacts> = {},
): AppState {
  const facts = hostOf(host);
  const handshake = handshakeOf({
    ...(facts.identity ? { identity: facts.identity } : {}),
    modules: [{ name: 'Hyper-V', state: facts.modules['Hyper-V'] ?? 'loaded' }],
  });
  const state = stateOf([], { connection: { kind: 'ready', handshake, elevated: false }, source: { kind: 'this-pc' } });
  const machine: Machine = { at: thisPc, host: facts, vms };
  return {
    ...state,
    machine,
    settings: { ...state.settings, setup: { state: 'open', purpose: null, vm: null, ...setup } },
  };
}

const title = (): string => screen.getByRole('heading', { level: 1 }).textContent.trim();
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const steps = () => within(screen.getByRole('navigation', { name: /^Set up in/ }));
const kept = (main: ReturnType<typeof fakeMain>) =>
  main.asked.filter(({ name }) => name === 'settings').map(({ request }) => request);

describe('what for', () => {
  it('waits for a choice, says why, and remembers it', async () => {
    const main = fakeMain({});
    app.state = at({ state: 'new' });
    render(Setup, { after: undefined });
    expect(title()).toBe(t('setup.purposeTitle'));
    expect(button(t('setup.next')).disabled).toBe(true);
    expect(screen.getByText(t('setup.purposeNote'), { exact: false })).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: /^WSL 2/ }));
    expect(kept(main)).toEqual([{ setup: { state: 'open', purpose: 'wsl', vm: null } }]);
    expect(button(t('setup.next')).disabled).toBe(false);
  });

  it('leaves out the steps that a purpose does not need', async () => {
    fakeMain({});
    app.state = at({});
    render(Setup, { after: undefined });
    expect(steps().getAllByRole('button')).toHaveLength(8);
    await fireEvent.click(screen.getByRole('radio', { name: /^Linux KVM/ }));
    expect(steps().queryByRole('button', { name: /Network/ })).toBeNull();
    expect(screen.getByText(t('setup.steps', { count: 5 }))).toBeTruthy();
  });

  it('can be skipped: it says so, and leads to the machines', async () => {
    const main = fakeMain({});
    app.state = at({ state: 'new' });
    render(Setup, { after: undefined });
    await fireEvent.click(button(t('setup.skip')));
    expect(kept(main)).toEqual([{ setup: { state: 'closed', purpose: null, vm: null } }]);
    expect(route.now.page).toBe('machines');
  });
});

describe('this PC', () => {
  it('is passed where nothing stands in the way; where one is, is said to a screen reader', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl' });
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.machineTitle')));
    expect(
      steps()
        .getByRole('button', { name: /\bVM\b/ })
        .getAttribute('aria-current'),
    ).toBe('step');
    expect(steps().getByRole('button', { name: /This PC.*done/ })).toBeTruthy();
  });

  it('names what comes first alone, with its fix, and folds what follows from it', async () => {
    fakeMain({});
    const host = {
      features: { 'Microsoft-Hyper-V': 'disabled' as const },
      services: {},
      modules: { 'Hyper-V': 'missing' as const },
    };
    app.state = at({ purpose: 'wsl' }, undefined, host);
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.pcTitle')));
    expect(screen.getAllByRole('button', { name: t('checks.fixEnableHyperV') })).toHaveLength(1);
    expect(button(t('setup.next')).disabled).toBe(true);
    await fireEvent.click(button(t('setup.showFollowers')));
    expect(screen.getByText(t('checks.serviceAbsent'))).toBeTruthy();
    await fireEvent.click(button(t('checks.fixEnableHyperV')));
    expect(route.now).toEqual({ page: 'elevate', act: 'enable-hyper-v', from: 'setup' });
  });

  it('explains the restart that Hyper-V waits for, and leaves it to main, which asks', async () => {
    const main = fakeMain({ restart: () => undefined });
    const host = { services: {}, modules: { 'Hyper-V': 'missing' as const } };
    app.state = at({ purpose: 'wsl' }, undefined, host);
    render(Setup, { after: undefined });
    await waitFor(() => expect(screen.getByText(t('setup.restartTitle'))).toBeTruthy());
    expect(screen.getByText(t('setup.restart3Why'))).toBeTruthy();
    await fireEvent.click(button(t('checks.fixRestart')));
    expect(main.asked.map(({ name }) => name)).toContain('restart');
  });

  it('offers both ways to see the VMs, and comes back', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl' }, undefined, { identity: stranger });
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.pcTitle')));
    await fireEvent.click(screen.getByRole('radio', { name: t('rights.session') }));
    await fireEvent.click(button(t('rights.sessionButton')));
    expect(route.now).toEqual({ page: 'elevate', act: 'allow-session', from: 'setup' });
  });

  it('chooses the way that is left where joining did not last, and offers joining no more', async () => {
    fakeMain({});
    const tried = [{ act: 'join-group' as const, time: '2020-05-04T12:00:00.000Z' }];
    app.state = at({ purpose: 'wsl' }, undefined, { identity: { ...stranger, isMember: false }, tried });
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.pcTitle')));
    expect(button(t('rights.sessionButton'))).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: t('rights.join') }));
    expect(screen.queryByRole('button', { name: t('rights.joinButton') })).toBeNull();
    expect(screen.queryByText(t('rights.recommended'))).toBeNull();
  });

  it('claims nothing while it is being read', () => {
    fakeMain({});
    app.state = {
      ...at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) }),
      machine: null,
      connection: { kind: 'starting' },
    };
    render(Setup, { after: undefined });
    expect(screen.getByText(t('setup.pcReading'))).toBeTruthy();
    expect(screen.getByText(t('setup.pcLeadReading'))).toBeTruthy();
    expect(button(t('setup.next')).disabled).toBe(true);
  });
});

describe('a machine', () => {
  it('is recommended with its reason, and chosen until somebody says otherwise', async () => {
    const main = fakeMain({});
    app.state = at({ purpose: 'wsl' });
    render(Setup, { after: undefined });
    const box = await screen.findByRole('radio', { name: /dev-box/ });
    expect(box.getAttribute('aria-checked')).toBe('true');
    expect(box.textContent).toContain(t('setup.recommended'));
    expect(screen.getByRole('radio', { name: /Lab DC 01/ }).textContent).toContain(t('setup.badgeShutDown'));
    await fireEvent.click(screen.getByRole('radio', { name: /Lab DC 01/ }));
    expect(kept(main).at(-1)).toEqual({ setup: { state: 'open', purpose: 'wsl', vm: vmIn(thisPc, lab.id) } });
  });

  it('that cannot be judged cannot be chosen, and says why', async () => {
    fakeMain({});
    const broken = vm('archive', { state: 'OffCritical', nesting: undefined, problem: 'Critical' });
    app.state = at({ purpose: 'wsl' }, [broken]);
    render(Setup, { after: undefined });
    const radio = await screen.findByRole<HTMLButtonElement>('radio', { name: /archive/ });
    expect(radio.disabled).toBe(true);
    expect(radio.textContent).toContain('Critical');
    expect(button(t('setup.next')).disabled).toBe(true);
  });

  it('that is gone is said, and no other takes its place unasked', async () => {
    const main = fakeMain({});
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, '00000000-0000-4000-8000-0000000000ff') });
    render(Setup, { after: undefined });
    await screen.findByText(t('setup.machineGone'));
    expect(screen.getByRole('radio', { name: /dev-box/ }).getAttribute('aria-checked')).toBe('false');
    expect(kept(main)).toEqual([]);
  });

  it('can be made where there is none', async () => {
    const main = fakeMain({ openTool: () => ({ ok: true }) });
    app.state = at({ purpose: 'wsl' }, []);
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.emptyTitle', { pc: 'DEV-PC' })));
    await fireEvent.click(button(t('setup.checkAgain')));
    expect(main.asked.some(({ name }) => name === 'refresh')).toBe(true);
    await fireEvent.click(button(t('setup.openQuickCreate')));
    await fireEvent.click(button(t('setup.openManager')));
    expect(main.asked.filter(({ name }) => name === 'openTool').map(({ request }) => request)).toEqual([
      { tool: 'quick-create' },
      { tool: 'hyper-v-manager' },
    ]);
    await fireEvent.click(button(t('create.button')));
    expect(route.now).toEqual({ page: 'create', setup: 'machine' });
  });
});

describe('the short way', () => {
  const started = { ...dev, state: 'Running' as const, nesting: true, heartbeat: 'OkApplicationsHealthy' as const };

  it('turns nesting on from the choice of the VM, and starts it in the same go', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl' });
    render(Setup, { after: undefined });
    await screen.findByRole('radio', { name: /dev-box/ });
    await fireEvent.click(button(t('setup.nestingButton')));
    const want = { nesting: true, power: 'running' };
    expect(route.now).toMatchObject({
      page: 'wizard',
      setup: 'nesting',
      goal: { wants: [{ vm: vmIn(thisPc, dev.id), want }] },
    });
  });

  it('is the command that installs it all; an account is the other way', async () => {
    const main = fakeMain({ connect: () => ({ ok: true }) });
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) }, [started]);
    render(Setup, { after: undefined });
    expect(await screen.findByText('wsl --install')).toBeTruthy();
    await fireEvent.click(button(t('machines.connect')));
    expect(main.asked).toContainEqual({ name: 'connect', request: { vm: vmIn(thisPc, dev.id) } });
    await fireEvent.click(button(t('inside.signIn')));
    expect(await screen.findByRole('dialog')).toBeTruthy();
  });

  it('is done when a hypervisor has been seen, and says that this was judged from outside', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) }, [{ ...started, inside: 'probably' }]);
    render(Setup, { after: undefined });
    await waitFor(() =>
      expect(title()).toBe(t('setup.endReady', { name: 'dev-box', what: translator('en')('inside.wsl') })),
    );
    expect(document.body.textContent).toContain(t('setup.insideSeen', { name: 'dev-box' }));
    expect(screen.getByText(t('setup.insideSeenWhy'))).toBeTruthy();
    expect(screen.queryByText('wsl --install')).toBeNull();
  });

  it('is not there for what no command installs', async () => {
    fakeMain({});
    app.state = at({ purpose: 'hyper-v', vm: vmIn(thisPc, dev.id) }, [started]);
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.insideTitle', { name: 'dev-box' })));
    expect(screen.queryByText(t('setup.short'))).toBeNull();
    expect(button(t('inside.signIn'))).toBeTruthy();
  });
});

describe('the steps of a machine', () => {
  it('go on where they were left, and open the one wizard that leads back', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) });
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.nestingTitle', { name: 'dev-box' })));
    await fireEvent.click(button(t('setup.nestingButton')));
    expect(route.now).toMatchObject({
      page: 'wizard',
      setup: 'nesting',
      goal: { wants: [{ vm: vmIn(thisPc, dev.id), want: { nesting: true } }] },
    });
  });

  it('pass what has been done meanwhile', async () => {
    fakeMain({});
    const done = { ...dev, nesting: true };
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) }, [done]);
    render(Setup, { after: 'nesting' });
    await waitFor(() => expect(title()).toBe(t('setup.insideTitle', { name: 'dev-box' })));
    expect(button(t('setup.startButton', { name: 'dev-box' }))).toBeTruthy();
  });

  it('end with what works, what does not yet, and what to type', async () => {
    const main = fakeMain({});
    app.state = at({ purpose: 'kvm', vm: vmIn(thisPc, dev.id) }, [{ ...dev, nesting: true }]);
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.endReady', { name: 'dev-box', what: t('inside.kvm') })));
    expect(screen.getByText(t('inside.nestingOn'))).toBeTruthy();
    expect(screen.queryByText(t('setup.endOpen'))).toBeNull();
    await fireEvent.click(button('Copy kvm-ok'));
    expect(main.asked).toContainEqual({ name: 'copyText', request: { text: 'kvm-ok' } });
    await fireEvent.click(button(t('setup.finish')));
    expect(kept(main)).toEqual([{ setup: { state: 'closed', purpose: 'kvm', vm: vmIn(thisPc, dev.id) } }]);
    expect(route.now).toEqual({ page: 'machines', vm: vmIn(thisPc, dev.id) });
  });

  it('name what is left, each with its way there', async () => {
    fakeMain({});
    app.state = at({ purpose: 'wsl', vm: vmIn(thisPc, dev.id) });
    render(Setup, { after: undefined });
    await waitFor(() => expect(title()).toBe(t('setup.nestingTitle', { name: 'dev-box' })));
    await fireEvent.click(steps().getByRole('button', { name: t('setup.stepEnd') }));
    expect(title()).toBe(t('setup.endPartly', { name: 'dev-box' }));
    await fireEvent.click(button(t('setup.endGoTo', { step: t('setup.stepInside') })));
    expect(title()).toBe(t('setup.insideTitle', { name: 'dev-box' }));
  });
});

it('finds a VM by words in any order, as everywhere', async () => {
  const many = ['Lab DC 01', 'Lab DC 02', 'dev', 'build', 'web', 'mail'].map((name) => vm(name));
  app.state = at({}, many);
  const machine: Machine = { at: thisPc, host: hostOf({}), vms: many };
  render(MachineStep, { machine, purpose: 'hyper-v', vm: null, isGone: false, onchange: () => undefined });
  await fireEvent.input(screen.getByRole('textbox', { name: t('setup.filter') }), { target: { value: '01 lab' } });
  expect(screen.getAllByRole('radio').map(({ textContent }) => textContent.includes('Lab DC 01'))).toEqual([true]);
});

describe('on a PC without Hyper-V', () => {
  it('a simulated one can be looked at, from where its VMs are', async () => {
    const main = fakeMain({});
    const { connection, machine } = await readWorld('no-hyper-v');
    app.state = { ...at({ purpose: 'wsl' }), connection, machine: machine() };
    render(Setup, { after: undefined });
    await fireEvent.click(button(t('machines.trySimulated')));
    expect(main.asked.at(-1)).toEqual({ name: 'settings', request: { source: 'simulated' } });
    await waitFor(() => expect(route.now).toEqual({ page: 'machines' }));
  });

  it('is not offered where it has, nor where the PC is simulated already', async () => {
    fakeMain({});
    const { connection, machine } = await readWorld('no-hyper-v');
    const source = { kind: 'simulated', scenario: 'no-hyper-v', through: 'direct' } as const;
    app.state = { ...at({ purpose: 'wsl' }), connection, machine: machine(), source };
    render(Setup, { after: undefined });
    expect(document.body.textContent).toContain(t('checks.roleOff'));
    expect(screen.queryByRole('button', { name: t('machines.trySimulated') })).toBeNull();
  });
});
