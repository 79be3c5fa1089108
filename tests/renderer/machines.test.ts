import { vmIn, thisPc, idOf } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handshake, Identity } from '../../src/core/cmdlets/call.js';
import { adapterPath } from '../../src/core/change/paths.js';
import type { HostFacts, Vm } from '../../src/core/machine/machine.js';
import type { AppState } from '../../src/ipc/schema.js';
import RowAnswer from '../../renderer/machines/RowAnswer.svelte';
import Machines from '../../renderer/pages/Machines.svelte';
import Notices from '../../renderer/ui/Notices.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import {
  adapterOf,
  chainOf,
  changeOf,
  eventsOf,
  ids,
  planOf,
  restartChain,
  runOf,
  shownOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../unit/renderer/fixtures.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

beforeEach(() => route.go({ page: 'machines' }));

const mei: Identity = {
  account: 'DEV-PC\\mei',
  sid: 'S-1-5-21-1-2-3-1001',
  inToken: true,
  isMember: true,
  isElevated: false,
  isAdministrator: true,
};

function listed(vms: readonly Vm[] | undefined, identity: Identity = mei): AppState {
  const handshake: Handshake = {
    shellVersion: '5.1',
    edition: 'Desktop',
    languageMode: 'FullLanguage',
    pid: 1,
    modules: [{ name: 'Hyper-V', state: 'loaded' }],
    identity,
  };
  const state = stateOf(vms ?? [], { connection: { kind: 'ready', handshake, elevated: false } });
  if (!state.machine) throw new Error('no VM');
  const host: HostFacts = {
    ...state.machine.host,
    identity,
    features: { 'Microsoft-Hyper-V': 'enabled' },
    services: { vmms: { state: 'Running', startMode: 'Auto' } },
  };
  return { ...state, machine: { ...state.machine, host, vms } };
}

const dev = vm('dev-box');
const lab = vm('Lab DC 01', { state: 'Running', uptime: 60 });

describe('VMs as they were when what was allowed for this session ended', () => {
  const asked = ['plan', 'start', 'connect', 'enter', 'lookInside', 'keepDrift', 'settle', 'prove', 'act'];
  const ended = { why: 'unused', asOf: '2026-11-24T14:02:00.000Z' } as const;

  it.each([
    ['off', dev],
    ['running, nesting on', vm('build', { state: 'Running', nesting: true, inside: 'probably' })],
    ['saved', vm('saved', { state: 'Saved' })],
    ['paused', vm('paused', { state: 'Paused' })],
  ])('nothing that can be pressed does something with one that was %s', async (_, one) => {
    const main = fakeMain({});
    const state = listed([one], { ...mei, inToken: false, isMember: false });
    if (state.connection.kind !== 'ready') throw new Error('no session');
    const drift = {
      vm: vmIn(thisPc, one.id),
      name: one.name,
      changes: [{ path: `${one.id}/nesting` as const, wrote: true, wroteAt: ended.asOf, now: false }],
    };
    app.state = { ...state, connection: { ...state.connection, ended }, drifts: [drift] };
    app.now = Date.parse(ended.asOf) + 60_000;
    render(Machines, { vm: vmIn(thisPc, one.id) });
    expect(screen.getAllByTitle('Not until you allow it again').length).toBeGreaterThan(0);
    expect(screen.getByText(/updated 1\smin ago/), 'they are as old as that').toBeTruthy();
    const detail = within(screen.getByRole('region', { name: `${one.name}: details` }));
    const pressed: string[] = [];
    for (const role of ['button', 'switch'])
      for (const control of detail.getAllByRole<HTMLButtonElement>(role)) {
        if (control.disabled) continue;
        await fireEvent.click(control);
        pressed.push(control.textContent.trim() || (control.ariaLabel ?? ''));
        expect(['wizard', 'undo', 'recover', 'proof', 'run'], pressed.at(-1)).not.toContain(route.now.page);
      }
    expect(pressed.length, 'what only shows something still works').toBeGreaterThan(2);
    expect(main.asked.map(({ name }) => name).filter((name) => asked.includes(name))).toEqual([]);
  });
});

describe('a VM that a run is changing now', () => {
  const little = { ...dev.memory, startup: 2 ** 31 };
  it.each([
    ['off', vm('box', { memory: little, stopAction: 'Save' })],
    ['off, nesting on', vm('box', { nesting: true, memory: little })],
    ['running, nesting on', vm('box', { state: 'Running', nesting: true, inside: 'no' })],
    ['paused', vm('box', { state: 'Paused' })],
  ])('%s: nothing that can be pressed asks for a second change of it', async (_, one) => {
    const main = fakeMain({ connect: () => ({ ok: true }) });
    const record = runOf(planOf([restartChain(one.id, 1, one.name)]), eventsOf({ kind: 'started' }));
    app.state = { ...listed([one, lab]), runs: [record], running: [record.id] };
    render(Machines, { vm: vmIn(thisPc, one.id) });
    const detail = within(screen.getByRole('region', { name: `${one.name}: details` }));
    expect(detail.getByText(t('machines.lastRunning'))).toBeTruthy();
    expect(detail.getAllByTitle(t('machines.busy')).length, 'it says why').toBeGreaterThan(0);
    for (const role of ['button', 'switch'])
      for (const control of detail.getAllByRole<HTMLButtonElement>(role)) {
        if (control.disabled || control.textContent.trim() === t('machines.watch')) continue;
        await fireEvent.click(control);
        expect(['wizard', 'undo'], control.textContent.trim() || (control.ariaLabel ?? '')).not.toContain(
          route.now.page,
        );
      }
    expect(main.asked.map(({ name }) => name)).not.toContain('plan');
  });

  it('leaves the others as free as they were', () => {
    fakeMain({});
    const record = runOf(planOf([restartChain(dev.id, 1, dev.name)]), eventsOf({ kind: 'started' }));
    app.state = { ...listed([dev, lab]), runs: [record], running: [record.id] };
    render(Machines, { vm: vmIn(thisPc, lab.id) });
    expect(screen.queryByTitle(t('machines.busy'))).toBeNull();
  });
});

describe('Machines', () => {
  it('turns nesting on with one click and one confirmation where nothing stops', async () => {
    const main = fakeMain({
      plan: () => ({ result: { kind: 'ready', plan: planOf([]) }, script: [], undoScript: [] }),
      start: () => ({ kind: 'started', run: 'r9' }),
    });
    app.state = listed([dev, lab]);
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    await fireEvent.click(screen.getByRole('button', { name: t('machines.turnOn') }));
    const dialog = await screen.findByRole('dialog');
    const yes = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Turn on' });
    await waitFor(() => expect(yes.disabled).toBe(false));
    expect(
      main.asked.some(({ name }) => name === 'start'),
      'nothing starts before it is confirmed',
    ).toBe(false);
    await fireEvent.click(yes);
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'start')).toBe(true));
  });

  it('changes at once with a switch what the tray would, and reviews first what the tray would', async () => {
    const main = fakeMain({
      plan: () => ({ result: { kind: 'ready', plan: planOf([]) }, script: [], undoScript: [] }),
      start: () => ({ kind: 'started', run: 'r9' }),
    });
    const on = vm('build', { nesting: true });
    app.state = listed([on, { ...lab, nesting: true }, vm('moving', { state: 'Starting' })]);
    const { rerender } = render(Machines, { vm: vmIn(thisPc, on.id) });
    const nesting = () => screen.getByRole<HTMLButtonElement>('switch', { name: 'Nested virtualization' });
    await fireEvent.click(nesting());
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'start')).toBe(true));
    expect(route.now.page, 'it is off: nothing stops').toBe('machines');
    await rerender({ vm: vmIn(thisPc, app.state.machine?.vms?.[2]?.id ?? '') });
    expect(nesting().disabled, 'a VM that starts').toBe(true);
    await rerender({ vm: vmIn(thisPc, lab.id) });
    await fireEvent.click(nesting());
    expect(route.now, 'it runs').toMatchObject({ page: 'wizard', goal: { wants: [{ vm: vmIn(thisPc, lab.id) }] } });
  });

  it('shows what runs in the confirmation as everywhere else: no name of a cmdlet breaks over two lines', async () => {
    const tokens = [
      { kind: 'cmdlet' as const, text: 'Set-VMProcessor' },
      { kind: 'parameter' as const, text: ' -ExposeVirtualizationExtensions ' },
      { kind: 'variable' as const, text: '$true' },
    ];
    const part = { step: 's1', number: 1, at: thisPc, lines: [tokens] };
    fakeMain({ plan: () => ({ result: { kind: 'ready', plan: planOf([]) }, script: [part], undoScript: [] }) });
    app.state = listed([dev]);
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    await fireEvent.click(screen.getByRole('button', { name: t('machines.turnOn') }));
    const cmdlet = await screen.findByText('Set-VMProcessor');
    expect(cmdlet.classList.contains('k')).toBe(true);
    expect(cmdlet.closest('code')?.textContent).toBe('Set-VMProcessor -ExposeVirtualizationExtensions $true');
  });

  it('never starts what needs a consent: the review opens instead', async () => {
    const chain = restartChain();
    const plan = {
      ...planOf([chain]),
      consents: [{ consent: 'shut-down' as const, vms: [chain.vm], given: false }],
    };
    const main = fakeMain({ plan: () => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] }) });
    app.state = listed([dev]);
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    await fireEvent.click(screen.getByRole('button', { name: t('machines.turnOn') }));
    await waitFor(() => expect(route.now.page).toBe('wizard'));
    expect(main.asked.some(({ name }) => name === 'start')).toBe(false);
  });

  it('reviews a running VM, and offers no one-click way to stop it', async () => {
    fakeMain({});
    app.state = listed([dev, lab]);
    render(Machines, { vm: vmIn(thisPc, lab.id) });
    expect(screen.queryByRole('button', { name: t('machines.turnOn') })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: t('machines.reviewRunning') }));
    expect(route.now).toMatchObject({
      page: 'wizard',
      goal: { wants: [{ vm: vmIn(thisPc, lab.id), want: { nesting: true } }] },
    });
  });

  it('finds by name and by state, and says so when nothing does', async () => {
    fakeMain({});
    app.state = listed([dev, lab]);
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    const filter = screen.getByRole('textbox', { name: 'Filter' });
    await fireEvent.input(filter, { target: { value: 'running' } });
    expect(screen.getAllByRole('option')).toHaveLength(1);
    await fireEvent.input(filter, { target: { value: 'sql' } });
    expect(screen.getByText('No VM matches “sql”.')).toBeTruthy();
    await fireEvent.keyDown(filter, { key: 'Escape' });
    expect(screen.getAllByRole('option')).toHaveLength(2);
  });

  it('takes many at once: what changes, what is left alone', async () => {
    fakeMain({});
    const on = vm('k8s', { nesting: true });
    app.state = listed([dev, lab, on]);
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    await fireEvent.click(screen.getByRole('button', { name: 'Select' }));
    await fireEvent.keyDown(screen.getByRole('listbox'), { key: 'a', ctrlKey: true });
    await fireEvent.click(screen.getByRole('button', { name: 'Turn on nesting for 2…' }));
    const now = route.now;
    // All that were selected: what the wizard sets besides is for the one that has nesting already, too.
    expect(now.page === 'wizard' && now.goal.kind === 'vms' && now.goal.wants.map(({ vm: ref }) => idOf(ref))).toEqual([
      dev.id,
      lab.id,
      on.id,
    ]);
  });

  it('reaches every one of three hundred selected, and puts the button in sight', async () => {
    fakeMain({});
    const lab300 = Array.from({ length: 300 }, (_, index) => vm(`lab-${String(index)}`, { nesting: index % 2 === 0 }));
    app.state = listed(lab300);
    render(Machines, { vm: vmIn(thisPc, lab300[0]?.id ?? '') });
    await fireEvent.click(screen.getByRole('button', { name: 'Select' }));
    await fireEvent.keyDown(screen.getByRole('listbox'), { key: 'a', ctrlKey: true });
    const table = screen.getByRole('table');
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(within(table).queryByText('lab-299')).toBeNull();
    for (const all of within(table).getAllByRole('button', { name: 'All 150 names' })) await fireEvent.click(all);
    for (const { name } of lab300) expect(within(table).getByText(name)).toBeTruthy();
  });

  it('turns spoofing on for the adapters of many that have it off, through one review', async () => {
    fakeMain({});
    const one = vmOf({ id: ids.lab, name: 'Lab DC 01' });
    const two = vmOf({ id: ids.box, name: 'dev-box', state: 'Off' });
    app.state = listed([one, two]);
    render(Machines, { vm: vmIn(thisPc, one.id) });
    await fireEvent.click(screen.getByRole('button', { name: 'Select' }));
    await fireEvent.keyDown(screen.getByRole('listbox'), { key: 'a', ctrlKey: true });
    await fireEvent.click(screen.getByRole('switch', { name: 'MAC address spoofing' }));
    const now = route.now;
    expect(now.page === 'wizard' && now.goal.kind === 'vms' && now.goal.wants.map(({ want }) => want)).toEqual(
      [ids.lab, ids.box].map((id) => ({ adapters: { [adapterOf(id)]: { macSpoofing: 'On' } } })),
    );
  });

  it('answers a switch in its own row, with the way back there and nowhere else', async () => {
    const one = vmOf({ id: ids.lab, name: 'Lab DC 01' });
    const chain = chainOf([stepOf(one.id, 1, 'setting', [changeOf(one.id, 'macSpoofing', 'Off', 'On')])]);
    const plan = planOf([chain]);
    fakeMain({ plan: () => shownOf(plan), start: () => ({ kind: 'started', run: 'r1' }) });
    app.state = listed([one]);
    render(Machines, { vm: vmIn(thisPc, one.id) });
    await fireEvent.click(screen.getByRole('tab', { name: t('machines.partNetwork') }));
    const spoofing = () => screen.getByRole('switch', { name: /MAC address spoofing/ });
    const row = () => spoofing().closest('.setting');
    await fireEvent.click(spoofing());
    await waitFor(() => expect(row()?.querySelector('[role="status"]')).not.toBeNull());
    const run = runOf(plan, eventsOf({ kind: 'started' }));
    app.state = { ...listed([one]), runs: [run], running: ['r1'] };
    await waitFor(() => expect(row()?.textContent).toContain(t('machines.lastRunning')));
    expect(screen.queryAllByText(t('machines.lastRunning'))).toHaveLength(1);
    const ended = eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'done'), { kind: 'ended', outcome: 'done' });
    app.state = { ...listed([one]), runs: [{ ...run, events: ended, outcome: 'done' }] };
    await tick();
    const undo = screen.getAllByRole('button', { name: t('machines.undo') });
    expect(undo.map((button) => button.closest('.setting'))).toEqual([row()]);
    await fireEvent.click(screen.getByRole('button', { name: t('machines.undo') }));
    expect(route.now).toMatchObject({ page: 'undo', run: 'r1' });
  });

  it.each([
    ['failed', 'failed', 'machines.openActivity', 'activity'],
    ['was cut short', undefined, 'machines.settle', 'recover'],
  ] as const)('leads on from a switch that %s', async (_, outcome, button, page) => {
    const one = vmOf({ id: ids.lab, name: 'Lab DC 01' });
    const plan = planOf([chainOf([stepOf(one.id, 1, 'setting', [changeOf(one.id, 'macSpoofing', 'Off', 'On')])])]);
    app.state = { ...listed([one]), runs: [runOf(plan, eventsOf({ kind: 'started' }), outcome && { outcome })] };
    render(RowAnswer, { run: 'r1' });
    await fireEvent.click(screen.getByRole('button', { name: t(button) }));
    expect(route.now).toEqual({ page, run: 'r1' });
  });

  it('still says what came of a switch after another tab was looked at', async () => {
    const one = vmOf({ id: ids.lab, name: 'Lab DC 01' });
    const chain = chainOf([stepOf(one.id, 1, 'setting', [changeOf(one.id, 'macSpoofing', 'Off', 'On')])]);
    const plan = planOf([chain]);
    const run = runOf(plan, eventsOf({ kind: 'started' }));
    fakeMain({ memoryHistory: () => [], plan: () => shownOf(plan), start: () => ({ kind: 'started', run: 'r1' }) });
    app.state = listed([one]);
    render(Machines, { vm: vmIn(thisPc, one.id) });
    await fireEvent.click(screen.getByRole('tab', { name: t('machines.partNetwork') }));
    await fireEvent.click(screen.getByRole('switch', { name: /MAC address spoofing/ }));
    app.state = { ...listed([one]), runs: [run], running: ['r1'] };
    await screen.findByText(t('machines.lastRunning'));
    await fireEvent.click(screen.getByRole('tab', { name: t('machines.memory') }));
    app.state = { ...listed([one]), runs: [{ ...run, outcome: 'failed' }] };
    expect(await screen.findByRole('button', { name: t('machines.openActivity') })).toBeTruthy();
  });

  it('goes on in the part that was looked at only at the VM that was open last', async () => {
    app.state = listed([dev, lab]);
    fakeMain({ memoryHistory: () => [] });
    const partOf = (vm: string) => {
      cleanup();
      render(Machines, { vm: vmIn(thisPc, vm) });
      return screen.getByRole('tab', { selected: true }).textContent;
    };
    partOf(dev.id);
    await fireEvent.click(screen.getByRole('tab', { name: t('machines.memory') }));
    expect(partOf(dev.id)).toBe(t('machines.memory'));
    expect(partOf(lab.id)).toBe(t('machines.partOverview'));
    expect(partOf(dev.id)).toBe(t('machines.partOverview'));
  });

  describe('in a narrow window', () => {
    beforeEach(() => {
      vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => 0, removeEventListener: () => 0 }));
      fakeMain({ memoryHistory: () => [] });
      app.state = listed([dev, lab]);
    });
    afterEach(() => vi.unstubAllGlobals());
    const shows = () => document.querySelector('.split')?.getAttribute('data-show');

    it('the second click of a double click does nothing on the page that has come', async () => {
      route.go({ page: 'machines' });
      const { rerender } = render(Machines, { vm: undefined });
      await tick();
      await fireEvent.click(screen.getByRole('option', { name: /^dev-box/ }), { detail: 1 });
      await rerender({ vm: vmIn(thisPc, dev.id) });
      const tab = screen.getByRole('tab', { name: t('machines.memory') });
      await fireEvent.click(tab, { detail: 2 });
      expect(tab.getAttribute('aria-selected')).toBe('false');
      await fireEvent.click(tab, { detail: 1 });
      expect(tab.getAttribute('aria-selected')).toBe('true');
    });

    it('who looks for a VM sees the list, with some ticked too', async () => {
      route.go({ page: 'machines' });
      render(Machines, { vm: undefined });
      await tick();
      await fireEvent.click(screen.getByRole('button', { name: t('machines.select') }));
      await fireEvent.click(screen.getByRole('option', { name: /^dev-box/ }));
      expect(shows()).toBe('detail');
      route.find();
      await tick();
      expect(shows()).toBe('list');
      await fireEvent.click(screen.getByRole('option', { name: /^Lab DC 01/ }));
      expect(shows()).toBe('detail');
    });
  });

  it('says no access, not "no VMs", and leads to our page before the prompt', async () => {
    const main = fakeMain({});
    app.state = listed(undefined, { ...mei, inToken: false, isMember: false });
    render(Machines, { vm: undefined });
    expect(screen.getByRole('heading', { name: t('rights.title') })).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: 'Allow for this session' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Allow for this session…' }));
    expect(route.now).toEqual({ page: 'elevate', act: 'allow-session', from: 'machines' });
    expect(
      main.asked.some(({ name }) => name === 'act'),
      'nothing is asked of Windows yet',
    ).toBe(false);
  });
});

describe('While the machines cannot be read', () => {
  it('says how old is what is seen, and can be asked to try now', async () => {
    const main = fakeMain({});
    app.state = listed([dev]);
    render(Notices, {});
    const said = 'Can’t read the VMs right now. What you see was read';
    expect(screen.queryByText(said, { exact: false })).toBeNull();
    app.state = { ...listed([dev]), isFailing: true };
    expect(await screen.findByText(said, { exact: false })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(main.asked).toContainEqual(expect.objectContaining({ name: 'refresh' }));
  });
});

describe('A VM that something else has changed', () => {
  const path = `${dev.id}/nesting` as const;
  const drift = { vm: vmIn(thisPc, dev.id), name: dev.name, changes: [{ path, wrote: true, wroteAt: '', now: false }] };

  it('says what was and what is, and leads to the plan that undoes it', async () => {
    fakeMain({ memoryHistory: () => [] });
    app.state = { ...listed([dev]), drifts: [drift] };
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    expect(screen.getByText('Nested virtualization: was On, now Off.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('machines.driftAgain') }));
    expect(route.now).toMatchObject({
      page: 'wizard',
      goal: { wants: [{ vm: vmIn(thisPc, dev.id), want: { nesting: true } }] },
    });
  });

  it('says alike what went alike with two adapters of one name', () => {
    fakeMain({ memoryHistory: () => [] });
    const changes = ['a', 'b'].map((id) => ({
      ...{ path: adapterPath(dev.id, id, 'macSpoofing'), wrote: 'On', wroteAt: '', now: 'Off' },
    }));
    app.state = { ...listed([dev]), drifts: [{ ...drift, changes }] };
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    expect(screen.getAllByText(/was On, now Off\.$/)).toHaveLength(2);
  });

  it('is marked in the list, for the ear too', () => {
    fakeMain({});
    app.state = { ...listed([dev, lab]), drifts: [drift] };
    render(Machines, { vm: vmIn(thisPc, lab.id) });
    const marked = screen.getAllByRole('option').filter((row) => row.textContent.includes(t('machines.rowDrift')));
    expect(marked.map((row) => row.textContent.includes(dev.name))).toEqual([true]);
  });

  it('names the checkpoint that was applied, or that may have been', async () => {
    fakeMain({});
    app.state = { ...listed([dev]), drifts: [{ ...drift, checkpoint: { name: 'clean', isApplied: true } }] };
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    expect(screen.getByText('The checkpoint “clean” was applied', { exact: false })).toBeTruthy();
    app.state = { ...listed([dev]), drifts: [{ ...drift, checkpoint: { name: 'clean', isApplied: false } }] };
    await tick();
    expect(screen.getByText('Another tool might have changed it, or', { exact: false })).toBeTruthy();
  });

  it('can be kept as it is', async () => {
    const main = fakeMain({});
    app.state = { ...listed([dev]), drifts: [drift] };
    render(Machines, { vm: vmIn(thisPc, dev.id) });
    await fireEvent.click(screen.getByRole('button', { name: t('machines.driftKeep') }));
    expect(main.asked).toContainEqual({ name: 'keepDrift', request: { vm: vmIn(thisPc, dev.id) } });
  });
});

describe('a list of names that is pasted', () => {
  it('ticks the VMs that are called so, and says which names no VM has', async () => {
    fakeMain({});
    const build = vm('build');
    app.state = listed([dev, lab, build]);
    render(Machines, { vm: undefined });
    const field = screen.getByRole('textbox', { name: t('machines.filter') });
    const clipboardData = { getData: () => 'dev-box\r\nlab dc 01\nmissing-7' };
    await fireEvent(field, Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData }));
    expect(screen.getByRole('heading', { name: t('app.machines', { count: 2 }) })).toBeTruthy();
    expect(screen.queryByRole('option', { name: /^build/ })).toBeNull();
    expect(screen.getByText('missing-7')).toBeTruthy();
  });
});

it('who looks for a VM has the cursor in the filter, each time, whichever VM is open beside it', async () => {
  fakeMain({});
  app.state = listed([dev, lab]);
  route.go({ page: 'machines', vm: vmIn(thisPc, lab.id) });
  render(Machines, { vm: vmIn(thisPc, lab.id) });
  const field = screen.getByRole('textbox', { name: t('machines.filter') });
  expect(document.activeElement).not.toBe(field);
  for (let time = 0; time < 2; time++) {
    route.open({ kind: 'open', page: 'machines', find: true });
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(route.now).toMatchObject({ page: 'machines', vm: vmIn(thisPc, lab.id) });
    field.blur();
  }
});

it('what is off costs no badge in the list, and is said; what is on has its words, also while many are selected', async () => {
  fakeMain({});
  const on = vm('build', { nesting: true, state: 'Off' });
  app.state = listed([vm('plain', { nesting: false }), on]);
  render(Machines, { vm: vmIn(thisPc, on.id) });
  const badge = (name: RegExp) => screen.getByRole('option', { name }).querySelector('.badge');
  expect(badge(/^plain/)).toBeNull();
  expect(screen.getByRole('option', { name: /^plain/ }).textContent).toContain(t('machines.badgeOffLong'));
  expect(badge(/^build/)?.textContent).toContain(t('machines.badgeOn'));
  await fireEvent.click(screen.getByRole('button', { name: t('machines.select') }));
  expect(badge(/^build/)?.textContent).toContain(t('machines.badgeOn'));
});

it('a VM has four parts, one at a time; who comes back to it goes on where it was left', async () => {
  fakeMain({ memoryHistory: () => [] });
  app.state = listed([dev, lab]);
  const { unmount } = render(Machines, { vm: vmIn(thisPc, lab.id) });
  const tabs = screen.getAllByRole('tab');
  const selected = () => screen.getByRole('tab', { selected: true }).textContent;
  expect(tabs.map(({ textContent }) => textContent)).toEqual(['Overview', 'Guest', 'Network', 'Memory']);
  expect(selected()).toBe('Overview');
  expect(screen.queryByRole('heading', { name: t('inside.title') })).toBeNull();
  await fireEvent.click(screen.getByRole('tab', { name: 'Guest' }));
  expect(screen.getByRole('heading', { name: t('inside.title') })).toBeTruthy();
  expect(screen.queryByRole('heading', { name: t('machines.checks') })).toBeNull();
  await fireEvent.click(screen.getByRole('tab', { name: 'Memory' }));
  expect(screen.getByRole('button', { name: t('machines.memoryMore') })).toBeTruthy();
  unmount();
  const again = render(Machines, { vm: vmIn(thisPc, lab.id) });
  expect(selected()).toBe('Memory');
  await again.rerender({ vm: vmIn(thisPc, dev.id) });
  expect(selected()).toBe('Overview');
});
