import { vmIn, thisPc, textOf } from '../../src/core/cmdlets/ref.js';
import { purposes } from '../../src/core/checks/purposes.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { guestRefusals, type GuestRefusal } from '../../src/core/machine/guest-access.js';
import type { Machine, RoleState, Vm } from '../../src/core/machine/machine.js';
import { eachRole, type Role } from '../../src/core/machine/roles.js';
import type { AppState } from '../../src/ipc/schema.js';
import type { EnterResult, GuestState } from '../../src/ipc/guests.js';
import Settings from '../../renderer/pages/Settings.svelte';
import InsideSection from '../../renderer/machines/InsideSection.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { chainOf, changeOf, ids, planOf, stepOf, vmOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

beforeEach(() => route.go({ page: 'machines' }));

const l1 = ids.lab;
const l2 = ids.box;
const secret = 'c0rrect horse';
const record = {
  id: 'PSSessionOpenFailed',
  category: 'OpenError',
  target: null,
  exception: 'PSDirectException',
  hresult: null,
  message: 'The credential is invalid.',
};
const refusedFor = (why: GuestRefusal): EnterResult => ({
  kind: 'refused',
  why,
  failure: { kind: 'credential-refused', record },
});

function guestOf(change: Partial<Record<Role, RoleState>> = {}, vms: readonly Vm[] | undefined = []): Machine {
  const { machine } = stateOf([]);
  if (!machine) throw new Error('no VM');
  return {
    at: vmIn(thisPc, l1),
    host: {
      ...machine.host,
      name: 'LAB',
      windows: { caption: 'Microsoft Windows Server 2025 Datacenter', build: 26100, sku: 8, server: true },
      switches: [{ id: ids.box, name: 'VmNAT', type: 'Internal', adapterDescription: undefined }],
    },
    vms,
    network: {
      adapters: [],
      addresses: [],
      routes: [],
      dns: [],
      nats: [{ id: 'n1', name: 'LocalNAT', prefix: '192.168.100.0/24' }],
      unread: [],
      readAt: '2026-11-24T08:00:00Z',
    },
    inside: {
      roles: {
        ...eachRole(() => 'Disabled'),
        'hyper-v': 'Enabled',
        'hypervisor-platform': 'Absent',
        ...change,
      },
      freeDisk: 42 * 2 ** 30,
    },
  };
}

const open: GuestState = { status: 'open', userName: 'lab\\admin', remembered: false };
const withGuest = (vm: Vm, guest: GuestState, change: Partial<AppState> = {}): AppState =>
  stateOf([vm], { guests: { [textOf(vmIn(thisPc, vm.id))]: guest }, ...change });
const signedIn = (guest: Machine, change: Partial<Vm> = {}): Vm => {
  const vm = vmOf({ id: l1, nesting: true, inside: 'certainly', guest, ...change });
  app.state = withGuest(vm, open);
  return vm;
};

/** Names are kept in one piece. */
const plain = (text: string | null): string => (text ?? '').replaceAll('\u00a0', ' ');
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });

describe('inside a machine', () => {
  it('says without an account what is known from outside, with one button', () => {
    fakeMain({});
    const vm = vmOf({ nesting: true, inside: 'probably' });
    app.state = stateOf([vm]);
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText(t('inside.probably'))).toBeTruthy();
    expect(screen.getByText(t('inside.answers'))).toBeTruthy();
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent.trim())).toEqual(['Sign in…']);
  });

  it('does not offer to go into a machine that is off', () => {
    fakeMain({});
    const vm = vmOf({ state: 'Off', nesting: true });
    app.state = stateOf([vm]);
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText('Hypernest can’t read the guest of Lab DC 01 while it’s off.')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('gives the commands for a Linux guest, and copies them', async () => {
    const main = fakeMain({});
    const vm = vmOf({ heartbeat: 'OkApplicationsUnknown', nesting: true });
    app.state = stateOf([vm]);
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText(t('inside.answersPlain'))).toBeTruthy();
    await fireEvent.click(button('Copy kvm-ok'));
    expect(main.asked).toContainEqual({ name: 'copyText', request: { text: 'kvm-ok' } });
  });

  it('shows what was read inside: Windows, hypervisor, roles, switches, NAT', () => {
    fakeMain({});
    const vm = signedIn(guestOf());
    render(InsideSection, { vm, within: thisPc });
    for (const words of [
      'Windows Server 2025 Datacenter',
      t('inside.certain'),
      '“VmNAT” (internal)',
      'NAT network “LocalNAT”',
      '192.168.100.0/24',
    ])
      expect(document.body.textContent).toContain(words);
    expect(plain(document.body.textContent)).toContain('Virtual Machine Platform: off');
    expect(plain(document.body.textContent)).toContain('Windows Hypervisor Platform: not available in this Windows');
  });

  it('starts a nested VM in the machine that it is in, and shuts one down through a review', async () => {
    const nested = [
      vmOf({ id: l2, name: 'web', state: 'Off' }),
      vmOf({ id: '11111111-1111-4111-8111-111111111111', name: 'db', state: 'Running' }),
    ];
    const main = fakeMain({
      plan: () => ({ result: { kind: 'ready', plan: planOf([]) }, script: [], undoScript: [] }),
      start: () => ({ kind: 'started', run: 'r1' }),
    });
    const vm = signedIn(guestOf({}, nested));
    render(InsideSection, { vm, within: thisPc });
    await fireEvent.click(button('Start web'));
    expect(main.asked[0]?.request).toEqual({
      goal: { kind: 'vms', wants: [{ vm: vmIn(vmIn(thisPc, l1), l2), want: { power: 'running' } }], consents: [] },
    });
    await fireEvent.click(button('Shut down db…'));
    expect(route.now).toMatchObject({
      page: 'wizard',
      goal: { wants: [{ vm: vmIn(vmIn(thisPc, l1), '11111111-1111-4111-8111-111111111111'), want: { power: 'off' } }] },
    });
  });

  it('does not call an unread list of nested VMs empty', () => {
    fakeMain({});
    const vm = signedIn({ ...guestOf(), vms: undefined });
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText('Couldn’t read the VMs in Lab DC 01')).toBeTruthy();
  });

  it('reads again and signs out', async () => {
    const main = fakeMain({});
    const vm = signedIn(guestOf());
    render(InsideSection, { vm, within: thisPc });
    await fireEvent.click(button('Refresh the guest in Lab DC 01'));
    await fireEvent.click(button('Sign out'));
    expect(main.asked).toEqual([
      { name: 'lookInside', request: { at: vmIn(thisPc, l1) } },
      { name: 'leave', request: { at: vmIn(thisPc, l1) } },
    ]);
  });

  it('says that a lost session changed nothing, and opens it again with the account that is known', async () => {
    const main = fakeMain({});
    const vm = vmOf({ nesting: true });
    app.state = withGuest(vm, { status: 'refused', userName: 'lab\\admin', remembered: false, why: 'session-lost' });
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText(/No change was in progress/)).toBeTruthy();
    await fireEvent.click(button(t('inside.lookNow')));
    expect(main.asked).toEqual([{ name: 'lookInside', request: { at: vmIn(thisPc, l1) } }]);
  });

  it('with a kept account asks for a click first, and names one for all where several are kept', async () => {
    const main = fakeMain({});
    const vm = vmOf({ nesting: true });
    const kept: GuestState = { status: 'closed', userName: 'lab\\admin', remembered: true };
    app.state = stateOf([vm], { guests: { [textOf(vmIn(thisPc, l1))]: kept } });
    const { rerender } = render(InsideSection, { vm, within: thisPc });
    expect(
      screen.getByText(/The account lab.admin is remembered. Its password is sent only when you sign in/),
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('inside.signInAll') })).toBeNull();
    expect(main.asked).toEqual([]);
    await fireEvent.click(button('Sign in'));
    app.state = stateOf([vm], {
      guests: { [textOf(vmIn(thisPc, l1))]: kept, [textOf(vmIn(vmIn(thisPc, l1), l2))]: kept },
    });
    await rerender({ vm, within: thisPc });
    await fireEvent.click(button(t('inside.signInAll')));
    expect(main.asked).toEqual([
      { name: 'signInKept', request: { at: vmIn(thisPc, l1) } },
      { name: 'signInKept', request: { at: null } },
    ]);
  });

  it('of a nested VM, says that its password passes through the VM that it is in', async () => {
    const nested = vmOf({ id: l2, name: 'web', state: 'Running' });
    fakeMain({});
    const vm = signedIn(guestOf({}, [nested]));
    render(InsideSection, { vm, within: thisPc });
    await fireEvent.click(button('More for web'));
    await fireEvent.click(await screen.findByRole('menuitem', { name: /Sign in to it/ }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(/its password passes through Lab DC 01/)).toBeTruthy();
  });

  it('can be cancelled while it opens', async () => {
    const main = fakeMain({});
    const vm = vmOf({ nesting: true });
    app.state = withGuest(vm, { status: 'opening', userName: 'lab\\admin', remembered: false });
    render(InsideSection, { vm, within: thisPc });
    expect(screen.getByText('Signing in to Lab DC 01…')).toBeTruthy();
    await fireEvent.click(button('Cancel'));
    expect(main.asked).toEqual([{ name: 'leave', request: { at: vmIn(thisPc, l1) } }]);
  });
});

describe('an account', () => {
  const vm = vmOf({ nesting: true });

  async function ask(answer: EnterResult, state = stateOf([vm])): Promise<ReturnType<typeof fakeMain>> {
    const main = fakeMain({ enter: () => answer });
    app.state = state;
    render(InsideSection, { vm, within: thisPc });
    await fireEvent.click(button('Sign in…'));
    await screen.findByRole('dialog');
    return main;
  }
  const fill = async (userName: string, password: string): Promise<void> => {
    await fireEvent.input(screen.getByLabelText('User name'), { target: { value: userName } });
    await fireEvent.input(screen.getByLabelText('Password'), { target: { value: password } });
    const form = document.querySelector('form');
    if (form) await fireEvent.submit(form);
  };

  it('sends the password once and leaves it nowhere on the page', async () => {
    const main = await ask({ kind: 'open' });
    await fill('lab\\admin', secret);
    expect(main.asked).toEqual([
      { name: 'enter', request: { at: vmIn(thisPc, l1), userName: 'lab\\admin', password: secret, remember: false } },
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.body.innerHTML).not.toContain(secret);
  });

  it('empties the password when it was refused, and puts the focus there', async () => {
    await ask(refusedFor('wrong-password'));
    await fill('lab\\admin', secret);
    await screen.findByText('Lab DC 01 didn’t accept this account.');
    const field = screen.getByLabelText<HTMLInputElement>('Password');
    expect(field.value).toBe('');
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(document.body.innerHTML).not.toContain(secret);
  });

  it('says who could read a kept password, and keeps it only when it is ticked', async () => {
    const main = await ask({ kind: 'open' });
    expect(screen.getByText(/Any app that runs as you could read it/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('checkbox', { name: /Remember for this Windows account/ }));
    await fill('lab\\admin', secret);
    expect(main.asked[0]?.request).toMatchObject({ remember: true });
  });

  it('offers no keeping where Windows cannot encrypt it', async () => {
    await ask({ kind: 'open' }, stateOf([vm], { canRemember: false }));
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  it('asks nobody without a user name', async () => {
    const main = await ask({ kind: 'open' });
    await fill('  ', secret);
    expect(main.asked).toEqual([]);
    expect(screen.getByText(t('inside.userNameMissing'))).toBeTruthy();
  });

  it('writes a mail address as Windows wants it', async () => {
    await ask(refusedFor('microsoft-account'));
    await fill('mei@outlook.com', secret);
    await screen.findByText(t('inside.causeMicrosoft'));
    await fireEvent.click(button(t('inside.writeIt')));
    expect(screen.getByLabelText<HTMLInputElement>('User name').value).toBe('MicrosoftAccount\\mei@outlook.com');
    expect(document.activeElement).toBe(screen.getByLabelText('Password'));
  });

  it('has a sentence and a way on for each refusal, in both languages', async () => {
    const said = new Set<string>();
    for (const language of ['en', 'zh-CN'] as const)
      for (const why of guestRefusals) {
        fakeMain({});
        app.state = withGuest(
          vm,
          {
            status: 'refused',
            userName: 'lab\\admin',
            remembered: false,
            why,
            failure: { kind: 'unexpected', record },
          },
          { language },
        );
        render(InsideSection, { vm, within: thisPc });
        const text = document.querySelector('.rows, .infobar')?.textContent ?? '';
        said.add(`${language} ${document.querySelector('[role=alert], .infobar')?.textContent ?? why} ${text}`);
        expect(document.querySelector('button'), why).toBeTruthy();
        cleanup();
      }
    // Four are one answer of Windows; what was typed tells them apart, which here is not known.
    expect(said.size).toBeGreaterThanOrEqual(2 * (guestRefusals.length - 3));
  });

  it('shows what Windows said, folded', async () => {
    await ask(refusedFor('wrong-password'));
    await fill('lab\\admin', secret);
    const more = await screen.findByRole('button', { name: 'What Windows said' });
    expect(screen.queryByText(/The credential is invalid/)).toBeNull();
    await fireEvent.click(more);
    expect(screen.getByText(/The credential is invalid/)).toBeTruthy();
  });
});

describe('ready inside', () => {
  const opening = (roles: Partial<Record<Role, boolean>>) => ({
    opening: {
      kind: 'goal' as const,
      goal: { kind: 'vms' as const, wants: [{ vm: vmIn(thisPc, l1), want: { roles } }], consents: [] },
    },
  });
  const shown = () => ({
    result: { kind: 'ready', plan: planOf([chainOf([stepOf(l1, 1, 'setting')])]) },
    script: [],
    undoScript: [],
  });
  const planned = (main: ReturnType<typeof fakeMain>): unknown =>
    main.asked.find(({ name }) => name === 'plan')?.request;
  const review = (): HTMLElement => button('Review');

  it('asks for an account before anything can be planned', async () => {
    const main = fakeMain({ plan: shown, enter: () => ({ kind: 'open' }) });
    app.state = stateOf([vmOf({ nesting: true })]);
    render(Wizard, opening({}));
    expect(screen.getByRole('heading', { name: 'Set up the guest in Lab DC 01' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: /Hyper-V VMs/ }));
    expect(review().hasAttribute('disabled')).toBe(true);
    expect(screen.getByText(t('inside.noteSignIn'))).toBeTruthy();
    expect(planned(main)).toBeUndefined();
  });

  it('shows four purposes, and finds the others by what is typed', async () => {
    fakeMain({});
    signedIn(guestOf());
    render(Wizard, opening({}));
    expect(screen.getAllByRole('radio')).toHaveLength(4);
    await fireEvent.click(button(t('inside.somethingElse')));
    expect(screen.getAllByRole('radio')).toHaveLength(purposes.length);
    const field = screen.getByRole('textbox', { name: t('inside.findOther') });
    await fireEvent.input(field, { target: { value: 'podman' } });
    expect(screen.getAllByRole('radio')).toHaveLength(5);
    const found = screen.getByRole('radio', { name: new RegExp(t('inside.docker')) });
    await fireEvent.click(found);
    await fireEvent.input(field, { target: { value: 'nothing of the kind' } });
    // What is chosen stays in sight.
    expect(found.getAttribute('aria-checked')).toBe('true');
    expect(screen.getByText(t('inside.noOther', { filter: 'nothing of the kind' }))).toBeTruthy();
    // One of the four is not called missing.
    await fireEvent.input(field, { target: { value: 'wsl' } });
    expect(screen.queryByText(t('inside.noOther', { filter: 'wsl' }))).toBeNull();
  });

  it('offers one command that does all of it first, where there is one and nesting is on', async () => {
    fakeMain({});
    signedIn(guestOf());
    render(Wizard, opening({}));
    const isOffered = (): boolean => screen.queryByText('wsl --install') !== null;
    expect(isOffered()).toBe(false);
    await fireEvent.click(screen.getByRole('radio', { name: new RegExp(t('inside.wsl')) }));
    expect(isOffered()).toBe(true);
    const [short, first] = [t('inside.shortWay'), t('inside.first')].map((name) => screen.getByRole('heading', { name })); // prettier-ignore
    expect(short && first && short.compareDocumentPosition(first)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    await fireEvent.click(screen.getByRole('radio', { name: new RegExp(t('inside.hyperV')) }));
    expect(isOffered()).toBe(false);
  });

  it('plans the role that what is chosen needs', async () => {
    const main = fakeMain({ plan: shown });
    signedIn(guestOf());
    render(Wizard, opening({}));
    await fireEvent.click(screen.getByRole('radio', { name: new RegExp(t('inside.wsl')) }));
    await fireEvent.click(review());
    expect(planned(main)).toEqual({
      goal: {
        kind: 'vms',
        wants: [{ vm: vmIn(thisPc, l1), want: { roles: { 'virtual-machine-platform': true } } }],
        consents: [],
      },
    });
  });

  it('reviews a role and the restart that it needs as one change, and says that memory is frozen from then on', async () => {
    const path = `${l1}/roles/hyper-v`;
    const change = (from: RoleState, to: RoleState) => [changeOf(l1, 'roles/hyper-v', from, to)];
    const steps = [
      stepOf(l1, 1, 'inside', change('Disabled', 'EnablePending')),
      stepOf(l1, 2, 'power', [changeOf(l1, 'power', 'running', 'off')]),
      stepOf(l1, 3, 'power', [changeOf(l1, 'power', 'off', 'running')]),
      stepOf(l1, 4, 'inside', change('EnablePending', 'Enabled')),
    ];
    const [turnOn, down, up] = steps.map(({ id }) => [id]);
    const power = {
      before: 'running' as const,
      after: 'running' as const,
      down: [...(turnOn ?? []), ...(down ?? [])],
      off: [],
      up: up ?? [],
      estimate: {},
    };
    const plan = planOf([chainOf(steps, { power, basis: [{ path: `${l1}/nesting`, value: true }] })]);
    fakeMain({ plan: () => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] }) });
    signedIn(guestOf({ 'hyper-v': 'Disabled' }));
    render(Wizard, opening({ 'hyper-v': true }));
    await fireEvent.click(review());
    await screen.findByRole('heading', { name: 'Hyper-V will be turned on in Lab DC 01, which restarts once.' });
    expect(screen.getAllByText('Hyper-V'), path).toHaveLength(1);
    expect(screen.getByText(/From then on, its memory is locked at 4/)).toBeTruthy();
  });

  it('recommends with a reason, and has it chosen', () => {
    fakeMain({});
    signedIn(guestOf({ 'hyper-v': 'Disabled' }));
    render(Wizard, opening({}));
    const card = screen.getByRole('radio', { name: /Hyper-V VMs/ });
    expect(card.getAttribute('aria-checked')).toBe('true');
    expect(within(card).getByText(/its network is set up for nested VMs/)).toBeTruthy();
  });

  it('takes nesting and memory along in the same restart, unless they are unticked', async () => {
    const main = fakeMain({ plan: shown });
    const memory = { ...vmOf().memory, startup: 2 ** 31 };
    signedIn(guestOf({ 'hyper-v': 'Disabled' }), { nesting: false, memory });
    render(Wizard, opening({ 'hyper-v': true }));
    await fireEvent.click(screen.getByRole('checkbox', { name: /Start with 4/ }));
    await fireEvent.click(review());
    expect(planned(main)).toMatchObject({
      goal: { wants: [{ want: { roles: { 'hyper-v': true }, nesting: true } }] },
    });
    expect(planned(main)).not.toMatchObject({ goal: { wants: [{ want: { memory: {} } }] } });
  });

  it('does not offer Hyper-V in a Home edition', () => {
    fakeMain({});
    const guest = guestOf({ 'hyper-v': 'Absent' });
    const windows = { caption: 'Microsoft Windows 11 Home', build: 26100, sku: 101, server: false };
    signedIn({ ...guest, host: { ...guest.host, windows } });
    render(Wizard, opening({}));
    const card = screen.getByRole<HTMLButtonElement>('radio', { name: /Hyper-V VMs/ });
    expect(card.disabled).toBe(true);
    expect(within(card).getByText('Windows 11 Home doesn’t include Hyper-V')).toBeTruthy();
  });

  it('keeps a role whose nested VMs would be stranded, names them, and turns it off only when it is ticked', async () => {
    const main = fakeMain({ plan: shown });
    signedIn(guestOf({}, [vmOf({ id: l2, name: 'web' })]));
    render(Wizard, opening({ 'hyper-v': false }));
    const tick = screen.getByRole('checkbox', { name: /Turn off Hyper-V/ });
    expect(tick.getAttribute('aria-checked')).toBe('false');
    expect(screen.getByText('web')).toBeTruthy();
    expect(review().hasAttribute('disabled')).toBe(true);
    await fireEvent.click(tick);
    await fireEvent.click(review());
    expect(planned(main)).toMatchObject({ goal: { wants: [{ want: { roles: { 'hyper-v': false } } }] } });
  });

  it('says of Linux that nesting is all, and how to check it', async () => {
    fakeMain({});
    app.state = stateOf([vmOf({ nesting: true, heartbeat: 'OkApplicationsUnknown' })]);
    render(Wizard, opening({}));
    expect(screen.getByRole('radio', { name: /Linux KVM/ }).getAttribute('aria-checked')).toBe('true');
    expect(screen.getByText('ls /dev/kvm')).toBeTruthy();
    expect(review().hasAttribute('disabled')).toBe(true);
  });

  it('asks for a machine that is off to be started first', () => {
    fakeMain({});
    app.state = stateOf([vmOf({ nesting: true, state: 'Off' })]);
    render(Wizard, opening({ 'hyper-v': true }));
    expect(screen.getByText('Start Lab DC 01 first.')).toBeTruthy();
    expect(screen.queryByLabelText('Password')).toBeNull();
  });
});

describe('kept accounts', () => {
  it('are listed in Settings, each forgettable', async () => {
    const main = fakeMain({});
    app.state = stateOf([], { accounts: [{ at: vmIn(thisPc, l1), machine: 'Lab DC 01', userName: 'lab\\admin' }] });
    render(Settings);
    await fireEvent.click(button('Remove the account lab\\admin in Lab DC 01'));
    expect(main.asked).toContainEqual({ name: 'forgetAccount', request: { at: vmIn(thisPc, l1) } });
  });
});
