import { vmIn, thisPc, textOf } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Errors from '../../renderer/pages/Errors.svelte';
import Failed from '../../renderer/wizard/Failed.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { checksOfHost } from '../../src/core/checks/all.js';
import { failureOf } from '../../src/core/cmdlets/failure.js';
import type { Wish } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { translator } from '../../src/text/index.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';
import { refusedMemory } from '../unit/renderer/fixtures.js';

const t = translator('en');
const box = vm('dev-box');
const legacy = vm('legacy');
const lab = vm('lab', { nesting: true });

beforeEach(() => {
  route.go({ page: 'errors' });
  app.state = stateOf([box, legacy, lab]);
});

async function paste(text: string): Promise<void> {
  await fireEvent.input(screen.getByRole('textbox', { name: t('errors.field') }), { target: { value: text } });
}

describe('Errors', () => {
  it('leads from a code to the plan that turns nesting on for the machine that was chosen', async () => {
    const main = fakeMain({});
    render(Errors, {});
    await paste('WslRegisterDistribution failed with error: 0x80370102');
    expect(screen.getByText(t('errors.recognised', { by: '0x80370102' }))).toBeTruthy();
    expect(screen.getByRole('heading', { name: t('errors.nestingOff') })).toBeTruthy();
    const where = screen.getByRole<HTMLSelectElement>('combobox', { name: t('errors.where') });
    expect([...where.options].map(({ textContent }) => textContent)).toEqual([
      t('errors.chooseVm'),
      'dev-box',
      'legacy',
      'lab',
    ]);
    expect(where.value, 'nobody has chosen one').toBe('');
    expect(screen.queryByRole('button', { name: t('errors.turnOn') })).toBeNull();
    await fireEvent.change(where, { target: { value: legacy.id } });
    expect(screen.getByText(t('errors.nestingIsOff', { vm: 'legacy' }))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('errors.turnOn') }));
    const wants = [{ vm: vmIn(thisPc, legacy.id), want: { nesting: true } }];
    expect(route.now).toEqual({ page: 'wizard', goal: { kind: 'vms', wants, consents: [] } });
    // It is offline and changes nothing by itself.
    expect(main.asked).toEqual([]);
  });

  it('takes the VM that was opened last for the one that is meant, and offers no other', async () => {
    fakeMain({});
    route.go({ page: 'machines', vm: vmIn(thisPc, legacy.id) });
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe(legacy.id);
    await fireEvent.click(screen.getByRole('button', { name: t('errors.turnOn') }));
    expect(route.now).toMatchObject({ goal: { wants: [{ vm: vmIn(thisPc, legacy.id) }] } });
  });

  it('chooses the machine that the text names', async () => {
    fakeMain({});
    render(Errors, {});
    await paste("'legacy' failed to start because one of the Hyper-V components is not running.");
    expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe(legacy.id);
  });

  it('says that nesting is not the cause where it is on, and offers what may be instead', async () => {
    fakeMain({});
    app.state = stateOf([lab]);
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByText(t('errors.nestingIsOn', { vm: 'lab' }))).toBeTruthy();
    expect(screen.getByText(t('errors.notTheCause'))).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('errors.turnOn') })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: t('errors.makeReady') }));
    expect(route.now).toMatchObject({ goal: { wants: [{ want: { roles: { 'virtual-machine-platform': true } } }] } });
  });

  it('does not guess where the list, or a value, could not be read', async () => {
    fakeMain({});
    app.state = { ...stateOf([]), machine: null };
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByText(t('errors.machinesUnread', { pc: t('host.pc') }))).toBeTruthy();
    cleanup();
    app.state = stateOf([vm('unread', { nesting: undefined })]);
    render(Errors, {});
    await paste('0x80370102');
    expect(screen.getByText(t('errors.nestingUnread', { vm: 'unread' }))).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('errors.turnOn') })).toBeNull();
  });

  const running = vm('runner', { state: 'Running', nesting: true });
  it.each<[string, Vm, string, Wish]>([
    ['The virtual machine dev-box is not in running state.', box, t('errors.start'), { power: 'running' }],
    ['New-NetNat : The parameter is incorrect.', running, t('errors.chooseNetwork'), { network: 'choose' }],
    [
      'Hyper-V cannot be installed: A hypervisor is already running.',
      running,
      t('errors.makeReady'),
      { roles: { 'hyper-v': true } },
    ],
    ['HAXM is not installed', running, t('errors.makeReady'), { roles: { 'hypervisor-platform': true } }],
    ['this platform does not support nested virtualization', lab, t('errors.turnOff'), { nesting: false }],
  ])('%s: leads to the plan for that machine', async (text, one, button, want) => {
    fakeMain({});
    app.state = stateOf([one]);
    render(Errors, {});
    await paste(text);
    await fireEvent.click(screen.getByRole('button', { name: button }));
    expect(route.now).toEqual({
      page: 'wizard',
      goal: { kind: 'vms', wants: [{ vm: vmIn(thisPc, one.id), want }], consents: [] },
    });
  });

  it('says how much memory the machine asks for, and leads to it', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('Not enough memory in the system to start the virtual machine legacy.');
    expect(screen.getByText(/^legacy starts with 4\s*GB\.$/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('errors.changeMemory') }));
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, legacy.id) });
  });

  it('says which account was refused where, and asks for another', async () => {
    fakeMain({});
    const failure = { kind: 'credential-refused' } as const;
    app.state = stateOf([running], {
      guests: {
        [textOf(vmIn(thisPc, running.id))]: {
          status: 'refused',
          userName: 'me',
          remembered: false,
          why: 'wrong-password',
          failure,
        },
      },
    });
    render(Errors, {});
    await paste('The credential is invalid.');
    expect(screen.getByText(t('errors.wasRefused', { vm: 'runner', user: 'me' }))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('errors.signIn') }));
    expect(await screen.findByRole('dialog')).toBeTruthy();
  });

  it('shows what of this PC bears on it, with the button that mends it', async () => {
    fakeMain({});
    const state = stateOf([]);
    if (!state.machine) throw new Error('no machine');
    const services = { vmms: { state: 'Stopped', startMode: 'Auto' } };
    const features = { 'Microsoft-Hyper-V': 'enabled' } as const;
    const host = { ...state.machine.host, services, features };
    app.state = { ...state, machine: { ...state.machine, host } };
    render(Errors, {});
    await paste('The Virtual Machine Management service is not running.');
    expect(screen.getByText(t('checks.serviceStopped', { state: 'Stopped' }))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('checks.fixStartService') }));
    expect(route.now).toMatchObject({ page: 'elevate', act: 'start-service' });
  });

  it('leads from a missing right to the ways to it, and from a missing role to the act that adds it', async () => {
    fakeMain({});
    const state = stateOf([]);
    if (!state.machine) throw new Error('no machine');
    const identity = {
      account: 'DEV-PC\\mei',
      sid: 'S-1-5-21-1-2-3-1001',
      inToken: false,
      isMember: false,
      isElevated: false,
      isAdministrator: true,
    };
    const features = { 'Microsoft-Hyper-V': 'disabled' } as const;
    const host = { ...state.machine.host, identity, features };
    app.state = { ...state, machine: { ...state.machine, host } };
    render(Errors, {});
    await paste('You do not have the required permission to complete this task.');
    await fireEvent.click(screen.getByRole('button', { name: t('checks.fixJoinGroup') }));
    expect(route.now).toEqual({ page: 'machines' });
    cleanup();
    render(Errors, {});
    await paste("Hyper-V has not been installed on computer 'DEV-PC'.");
    await fireEvent.click(screen.getByRole('button', { name: t('checks.fixEnableHyperV') }));
    expect(route.now).toMatchObject({ page: 'elevate', act: 'enable-hyper-v' });
  });

  it('gives what needs a console as text to copy', async () => {
    const main = fakeMain({});
    render(Errors, {});
    await paste('Hyper-V cannot be installed because virtualization support is not enabled in the BIOS.');
    await fireEvent.click(screen.getByRole('button', { name: /^Copy/ }));
    expect(main.asked).toEqual([
      { name: 'copyText', request: { text: expect.stringMatching(/^Enable-WindowsOptionalFeature/) as string } },
    ]);
  });

  it('shows several causes of one code, the likeliest first, and what tells them apart', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('0x80070005');
    expect(screen.getByText(t('errors.severalKicker'))).toBeTruthy();
    expect(screen.getByRole('heading', { name: t('errors.diskAccess') })).toBeTruthy();
    expect(screen.getByText(t('errors.diskAccessTell'))).toBeTruthy();
    expect(screen.getByText(t('errors.rightsTell'))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: `${t('errors.choose')} ${t('errors.rights')}` }));
    expect(screen.getByText(t('errors.chosenKicker'))).toBeTruthy();
    expect(screen.getByRole('heading', { name: t('errors.rights') })).toBeTruthy();
    expect(screen.queryByRole('heading', { name: t('errors.diskAccess') })).toBeNull();
    expect(document.activeElement?.textContent).toContain(t('errors.rights'));
    // Of another text the likeliest is shown again.
    await paste('Start-VM : 0x80070005');
    expect(screen.getByRole('heading', { name: t('errors.diskAccess') })).toBeTruthy();
  });

  it('says so where this PC is fine in what the error is about', async () => {
    fakeMain({});
    const state = stateOf([]);
    if (!state.machine) throw new Error('no machine');
    const services = { vmms: { state: 'Running', startMode: 'Auto' } };
    const host = { ...state.machine.host, services };
    app.state = { ...state, machine: { ...state.machine, host } };
    expect(
      checksOfHost(app.state.machine ?? state.machine).find(({ id }) => id === 'management-service')?.verdict,
    ).toBe('ok');
    render(Errors, {});
    await paste('The Virtual Machine Management service is not running.');
    expect(screen.getByText(t('errors.refutedKicker'))).toBeTruthy();
    expect(screen.queryByText(t('errors.kicker'))).toBeNull();
  });

  it('is where a failure of a run leads, with what Windows said: the same cause in the same words', async () => {
    fakeMain({});
    render(Failed, { failure: failureOf(refusedMemory, 'Set-VMMemory') });
    expect(screen.getByText(t('errors.memoryRunning'))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('failures.explain') }));
    if (route.now.page !== 'errors') throw new Error(route.now.page);
    const pasted = route.now.text;
    cleanup();
    render(Errors, { pasted });
    expect(screen.getByRole('heading', { name: t('errors.memoryRunning') })).toBeTruthy();
    cleanup();
    // Where the table knows nothing, nothing is offered.
    render(Failed, { failure: { kind: 'session-lost' } });
    expect(screen.queryByRole('button', { name: t('failures.explain') })).toBeNull();
  });

  it('says so when it does not know, naming the code, and leads to the checks of this PC', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('Something failed: 0x8badf00d');
    expect(screen.getByText(t('errors.unknown'))).toBeTruthy();
    expect(screen.getByText(t('errors.unknownCode', { codes: ['0x8badf00d'] }))).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('errors.unknownHost') }));
    expect(route.now).toEqual({ page: 'host' });
  });

  it('is empty again after Clear, and ready for the next', async () => {
    fakeMain({});
    render(Errors, {});
    await paste('0x80370102');
    await fireEvent.click(screen.getByRole('button', { name: t('errors.clear') }));
    expect(screen.getByRole('heading', { level: 2 }).textContent).toBe(t('errors.sees'));
    expect(document.activeElement).toBe(screen.getByRole('textbox'));
  });
});
