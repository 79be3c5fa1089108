/** The list of all PCs, and many selected on several of them. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import App from '../../renderer/App.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { review } from '../../renderer/state/quick.js';
import { refresh } from '../../renderer/state/refresh.js';
import { route } from '../../renderer/state/route.svelte.js';
import RailAlone from './RailAlone.svelte';
import { rootOf, textOf, thisPc, vmIn, type HostId, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { HostFacts, Vm } from '../../src/core/machine/machine.js';
import type { AppState, Connection, HostState } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { translator } from '../../src/text/index.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { guid, handshakeOf, hostOf, machineOf, vmOf } from '../unit/core/worlds.js';
import { chainOf, eventsOf, planOf, runOf, stepOf } from '../unit/renderer/fixtures.js';
import { fakeMain, ready, type FakeMain } from './bridge.js';

const t = translator('en');
const awayPc = hostNamed('host-000000000002');
const newPc = hostNamed('host-000000000003');
const since = '2026-12-01T13:05:00.000Z';
const away: Connection = {
  kind: 'lost',
  failure: { kind: 'host-not-answering' },
  attempts: 4,
  retryAt: '2026-12-01T13:06:00.000Z',
  changing: false,
  since,
};

const known = (pc: HostId, name: string, vms: readonly Vm[], change: Partial<HostState> = {}): HostState => ({
  ...nothingKnown({ kind: 'host' }),
  connection: { kind: 'ready', handshake: handshakeOf(), elevated: false },
  machine: { ...machineOf({ name }, vms), at: pc },
  ...change,
});

// As of imported copies: the ids are those of the VMs here.
const here = [vmOf(1, { name: 'dev-box' }), vmOf(2, { name: 'web', state: 'Running' })];
const builds = [vmOf(1, { name: 'runner' }), vmOf(2, { name: 'web' }), vmOf(3, { name: 'zeta', state: 'Running' })];
const labs = [vmOf(1, { name: 'old-lab' })];

const four = (change: Partial<AppState> = {}): AppState =>
  ready(here, {
    hosts: [
      { id: otherPc, label: 'Builds', address: 'admin@build-01' },
      { id: awayPc, label: 'Labs', address: 'admin@lab-01' },
      { id: newPc, label: 'New', address: 'admin@new-01' },
    ],
    others: {
      [textOf(otherPc)]: known(otherPc, 'BUILD-01', builds),
      [textOf(awayPc)]: known(awayPc, 'LAB-01', labs, { connection: away }),
      [textOf(newPc)]: nothingKnown({ kind: 'host' }),
    },
    ...change,
  });
const on = (pc: HostId, n: number): VmRef => vmIn(pc, guid(n));

const options = (): readonly (string | null | undefined)[] =>
  screen.getAllByRole('option').map((row) => row.querySelector('.name')?.firstChild?.textContent);
const groups = (): readonly (string | null)[] =>
  screen
    .getAllByRole('group')
    .flatMap((group) => (group.closest('[role="listbox"]') ? [group.getAttribute('aria-label')] : []));
const row = (pc: string, name: RegExp): HTMLElement =>
  within(screen.getByRole('group', { name: new RegExp(`^${pc} · `) })).getByRole('option', { name });
const list = (): HTMLElement => screen.getByRole('listbox');
const filter = (): HTMLElement => screen.getByRole('textbox', { name: t('machines.filter') });

let main: FakeMain;
async function open(state: AppState = four()): Promise<void> {
  main = fakeMain({ memoryHistory: () => [], state: () => state, connect: () => ({ ok: true }) });
  render(App);
  await waitFor(() => expect(app.state).not.toBeNull());
  app.showAll();
  await tick();
}
const goal = (): unknown => (route.now.page === 'wizard' ? route.now.goal : undefined);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  app.show(thisPc);
  app.state = null;
  route.go({ page: 'machines' });
});

describe('the switcher', () => {
  const open = async (state: AppState, name: string): Promise<void> => {
    fakeMain({});
    app.state = state;
    render(RailAlone, { page: 'machines', blocks: false });
    await fireEvent.keyDown(screen.getByRole('button', { name: t('hosts.switcher', { name }) }), { key: 'Enter' });
    await screen.findByRole('menu');
  };
  it('begins with all PCs, and says then that these are listed', async () => {
    await open(four(), t('hosts.thisPc'));
    const [first] = screen.getAllByRole('menuitemradio');
    expect(first?.textContent).toContain(t('hosts.all'));
    expect(first?.textContent).toContain(t('app.machines', { count: 6 }));
    if (first) await fireEvent.click(first);
    expect([app.isAll, app.at, route.now.page]).toEqual([true, thisPc, 'machines']);
    expect(await screen.findByRole('button', { name: t('hosts.switcher', { name: t('hosts.all') }) })).toBeTruthy();
  });

  it('names the one PC that any other page is about, and goes back to one alone', async () => {
    app.showAll();
    await open(four(), t('hosts.all'));
    route.go({ page: 'activity' });
    expect(await screen.findByRole('button', { name: t('hosts.switcher', { name: t('hosts.thisPc') }), hidden: true }));
    await fireEvent.click(screen.getByRole('menuitemradio', { name: /^Builds/ }));
    expect([app.isAll, app.at, route.now.page]).toEqual([false, otherPc, 'activity']);
  });

  it('names all PCs above a change of VMs of several, and the one PC above any other', async () => {
    await open(four(), t('hosts.thisPc'));
    const called = async (pc: string): Promise<void> => {
      const name = t('hosts.switcher', { name: pc });
      expect(await screen.findByRole('button', { name, hidden: true })).toBeTruthy();
    };
    review([on(otherPc, 1), on(thisPc, 1)], { nesting: true });
    expect([app.isAll, app.at]).toEqual([false, thisPc]);
    await called(t('hosts.all'));
    review([on(otherPc, 1)], { nesting: true });
    await called('Builds');
  });

  it('is of one PC again when the last host is removed', () => {
    app.state = four();
    app.showAll();
    expect(app.isAll).toBe(true);
    app.state = four({ hosts: [], others: {} });
    expect(app.isAll).toBe(false);
  });
});

describe('the list of all PCs', () => {
  it('says to a screen reader which PC has no VMs', async () => {
    const { others } = four();
    const builds = others[textOf(otherPc)];
    if (!builds?.machine) throw new Error('no such PC');
    await open(
      four({ others: { ...others, [textOf(otherPc)]: { ...builds, machine: { ...builds.machine, vms: [] } } } }),
    );
    const head = screen.getByText(t('machines.group', { name: 'Builds', count: 0 }));
    expect(head.closest('[aria-hidden="true"]')).toBeNull();
  });

  it('has each PC with how it stands, and of each what runs first; what is old looks old', async () => {
    await open();
    expect(groups()).toEqual([
      t('machines.group', { name: t('hosts.thisPc'), count: 2 }),
      t('machines.group', { name: 'Builds', count: 3 }),
      `${t('machines.group', { name: 'Labs', count: 1 })}${t('machines.comma')}${t('hosts.awaySince', { since })}`,
    ]);
    expect(options()).toEqual(['web', 'dev-box', 'zeta', 'runner', 'web', 'old-lab']);
    expect(screen.getAllByRole('option').map((one) => one.classList.contains('old'))).toEqual([
      ...Array.from({ length: 5 }, () => false),
      true,
    ]);
    expect(screen.getByText(t('hosts.awaySince', { since }), { exact: false })).toBeTruthy();
    expect(screen.getByText(t('hosts.connecting')), 'a PC that has told nothing yet is named').toBeTruthy();
  });

  it('leads from a PC that needs something to its own page', async () => {
    await open();
    await fireEvent.click(screen.getByRole('button', { name: /^Labs/ }));
    expect([app.isAll, app.at, route.now]).toEqual([false, awayPc, { page: 'machines' }]);
  });

  it('opens a VM with its PC turned to, which its head names, though another has the same id', async () => {
    await open();
    await fireEvent.click(row('Builds', /^runner/));
    expect([app.isAll, app.at]).toEqual([true, otherPc]);
    expect(route.now).toEqual({ page: 'machines', vm: on(otherPc, 1) });
    const detail = within(screen.getByRole('region', { name: t('machines.detail', { name: 'runner' }) }));
    expect(detail.getByText(/^Builds · /)).toBeTruthy();
    expect(screen.getAllByRole('option', { selected: true }).map((one) => one.id)).toEqual([
      row('Builds', /^runner/).id,
    ]);
  });

  it('goes by its keys from the last VM of one PC to the first of the next', async () => {
    await open();
    await fireEvent.click(row(t('hosts.thisPc'), /^dev-box/));
    await fireEvent.keyDown(list(), { key: 'ArrowDown' });
    expect(route.now).toEqual({ page: 'machines', vm: on(otherPc, 3) });
    await fireEvent.keyDown(list(), { key: 'o' });
    expect(route.now).toEqual({ page: 'machines', vm: on(awayPc, 1) });
    expect(document.activeElement).toBe(list());
  });

  it('says of a VM that is open what became of its PC, never that the VM is gone', async () => {
    await open();
    await fireEvent.click(row('Builds', /^runner/));
    const connection: Connection = { ...away, failure: { kind: 'host-key-changed' }, retryAt: null };
    main.tell({ kind: 'state', host: otherPc, state: { connection } });
    await tick();
    expect(screen.getByRole('heading', { name: t('hosts.keyTitle', { name: 'Builds' }) })).toBeTruthy();
    expect(screen.queryByText(t('machines.goneTitle'))).toBeNull();
    expect(groups(), 'the others stay').toHaveLength(2);
    expect(screen.getByRole('button', { name: t('machines.back') }), 'in a narrow window').toBeTruthy();
    main.tell({ kind: 'state', host: otherPc, state: { connection: { kind: 'starting' }, machine: null } });
    await tick();
    expect(screen.queryByText(t('machines.goneTitle'))).toBeNull();
  });

  it('finds by the name of a PC too, and keeps those of which nobody can tell', async () => {
    await open();
    await fireEvent.input(filter(), { target: { value: 'web builds' } });
    expect(options()).toEqual(['web']);
    expect(groups()).toEqual([t('machines.group', { name: 'Builds', count: 1 })]);
    expect(screen.getByText(t('hosts.connecting'))).toBeTruthy();
    await fireEvent.input(filter(), { target: { value: 'nothing-such' } });
    expect(screen.getByText(t('machines.noMatch', { filter: 'nothing-such' }))).toBeTruthy();
  });

  it('acts on the VM of its own PC: its menu, and a double click', async () => {
    await open();
    await fireEvent.dblClick(row('Builds', /^zeta/));
    expect(main.asked).toContainEqual({ name: 'connect', request: { vm: on(otherPc, 3) } });
    await fireEvent.contextMenu(row('Builds', /^web/), { clientX: 4, clientY: 4 });
    await fireEvent.click(await screen.findByRole('menuitem', { name: t('machines.turnOnMenu') }));
    expect(app.at).toBe(otherPc);
    expect(goal()).toMatchObject({ wants: [{ vm: on(otherPc, 2), want: { nesting: true } }] });
  });

  it('offers nothing in the menu of a VM whose PC is away', async () => {
    await open();
    await fireEvent.contextMenu(row('Labs', /^old-lab/), { clientX: 4, clientY: 4 });
    const entry = await screen.findByRole('menuitem', { name: new RegExp(`^${t('machines.turnOnMenu')}`) });
    expect(entry.getAttribute('aria-disabled')).toBe('true');
  });

  it('stays where it is, with what is ticked, when one PC is read again', async () => {
    await open();
    await fireEvent.click(row(t('hosts.thisPc'), /^web/));
    await fireEvent.click(row('Builds', /^runner/), { ctrlKey: true });
    const pane = list().closest('.list-body');
    if (!pane) throw new Error('nothing scrolls');
    pane.scrollTop = 40;
    const before = row('Builds', /^web/);
    const [first, ...rest] = builds;
    if (!first) throw new Error('no VM');
    const host = known(otherPc, 'BUILD-01', [{ ...first, state: 'Starting' }, ...rest]);
    main.tell({ kind: 'state', host: otherPc, state: { machine: host.machine } });
    await tick();
    expect(screen.getAllByRole('option', { selected: true })).toHaveLength(2);
    expect([pane.scrollTop, document.activeElement]).toEqual([40, list()]);
    expect(row('Builds', /^web/)).toBe(before);
  });

  it('stays where somebody has scrolled to when its VMs are read again, though another VM is open', async () => {
    const many = Array.from({ length: 60 }, (_, index) => vmOf(index + 1, { name: `runner-${String(index)}` }));
    const host = known(otherPc, 'BUILD-01', many);
    await open(four({ others: { ...four().others, [textOf(otherPc)]: host } }));
    await fireEvent.click(row(t('hosts.thisPc'), /^dev-box/));
    await tick();
    const pane = list().closest('.list-body');
    if (!pane) throw new Error('nothing scrolls');
    pane.scrollTop = 2000;
    await fireEvent.scroll(pane);
    const again = known(otherPc, 'BUILD-01', many.slice(1));
    main.tell({ kind: 'state', host: otherPc, state: { machine: again.machine } });
    await tick();
    expect(app.pc(otherPc)?.vms).toHaveLength(59);
    expect(pane.scrollTop).toBe(2000);
  });

  const lost = (connection: Connection): HostState => ({ ...nothingKnown({ kind: 'host' }), connection });
  it.each([
    ['was read before', known(awayPc, 'LAB-01', labs, { connection: away }), 'reconnect'],
    ['was away from the start', lost(away), 'reconnect'],
    ['may be another', lost({ ...away, failure: { kind: 'host-key-changed' }, retryAt: null }), 'refresh'],
  ] as const)('is read again as a whole, and tries who is away, without waiting for it: it %s', async (_, of, how) => {
    const asked: unknown[] = [];
    await open(four({ others: { ...four().others, [textOf(awayPc)]: of } }));
    const never = new Promise(() => undefined);
    const call = (name: string, _: unknown, host: HostId): Promise<unknown> => {
      asked.push([name, host]);
      return host === thisPc || host === otherPc ? Promise.resolve() : never;
    };
    Object.defineProperty(window, 'hypernest', { value: { call, on: () => () => 0 }, configurable: true });
    await refresh();
    expect(asked).toEqual([
      ['refresh', thisPc],
      ['refresh', otherPc],
      [how, awayPc],
      ['refresh', newPc],
    ]);
    asked.length = 0;
    app.show(awayPc);
    await refresh();
    expect(asked).toContainEqual([how, awayPc]);
  });

  it('keeps to all when a VM is opened from outside, and goes back to what was open on one', async () => {
    await open();
    main.tell({ kind: 'open', page: 'machines', vm: on(otherPc, 2) });
    await tick();
    expect([app.isAll, app.at]).toEqual([true, otherPc]);
    expect(screen.getAllByRole('option', { selected: true })[0]?.textContent).toContain('web');
    app.show(thisPc);
    await fireEvent.click(screen.getByRole('option', { name: /^dev-box/ }));
    app.show(otherPc);
    await tick();
    expect(screen.getByRole('region', { name: t('machines.detail', { name: 'web' }) })).toBeTruthy();
    app.show(thisPc);
    await tick();
    expect(screen.getByRole('region', { name: t('machines.detail', { name: 'dev-box' }) })).toBeTruthy();
  });

  it('alone in a narrow window it opens a VM in its place, and comes back to all', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => 0, removeEventListener: () => 0 }));
    await open();
    await tick();
    const shows = () => document.querySelector('.split')?.getAttribute('data-show');
    expect(shows()).toBe('list');
    await fireEvent.click(row('Builds', /^runner/));
    expect([shows(), app.at]).toEqual(['detail', otherPc]);
    await fireEvent.click(screen.getByRole('button', { name: t('machines.back') }));
    expect([shows(), app.isAll]).toEqual(['list', true]);
  });
});

describe('many on several PCs', () => {
  const all = async (): Promise<void> => {
    await fireEvent.click(screen.getByRole('button', { name: t('machines.select') }));
    await fireEvent.keyDown(list(), { key: 'a', ctrlKey: true });
  };
  const wanted = (): unknown => (goal() as { wants: readonly { vm: VmRef }[] }).wants.map(({ vm }) => vm);

  it('go to one review, told apart by their PC; those of a PC that is away are left out, with the reason', async () => {
    await open();
    await all();
    const table = within(screen.getByRole('table'));
    expect(table.getAllByText('web').map((name) => name.parentElement?.textContent)).toEqual([
      expect.stringContaining(t('hosts.thisPc')),
      expect.stringContaining('Builds'),
    ]);
    expect(table.queryByText('old-lab')).toBeNull();
    const left = screen.getByText(t('hosts.leftAway', { name: 'Labs' }), { exact: false });
    expect(left.parentElement?.textContent).toContain('old-lab');
    await fireEvent.click(screen.getByRole('button', { name: t('machines.manyReview', { count: 5 }) }));
    expect(wanted()).toEqual([on(thisPc, 1), on(thisPc, 2), on(otherPc, 1), on(otherPc, 2), on(otherPc, 3)]);
    expect(app.at).toBe(thisPc);
  });

  it('are blocked by what blocks on their own PC alone', async () => {
    const processor = { ...hostOf().processor, name: 'Snapdragon', architecture: 12 } as HostFacts['processor'];
    const arm = machineOf({ name: 'BUILD-01', processor }, builds);
    const host = known(otherPc, 'BUILD-01', builds, { machine: { ...arm, at: otherPc } });
    await open(four({ others: { ...four().others, [textOf(otherPc)]: host } }));
    await all();
    const blockedBy = screen.getAllByText(t('machines.blockedByHost', { pc: 'BUILD-01' }));
    expect(blockedBy).toHaveLength(3);
    expect(screen.getByRole('button', { name: t('machines.manyReview', { count: 2 }) })).toBeTruthy();
  });

  it('those that a run changes are named apart, on whichever PC it runs', async () => {
    const chain = chainOf([stepOf(guid(1), 1, 'setting')], { vm: on(otherPc, 1) });
    const run = runOf(planOf([chain]), eventsOf({ kind: 'started' }));
    const host = known(otherPc, 'BUILD-01', builds, { runs: [run], running: [run.id] });
    await open(four({ others: { ...four().others, [textOf(otherPc)]: host } }));
    expect(app.isBusy(on(otherPc, 1))).toBe(true);
    expect(app.isBusy(on(thisPc, 1)), 'the one with the same id').toBe(false);
    await all();
    const busy = screen.getByText(t('machines.manyBusy'), { exact: false });
    expect(busy.parentElement?.textContent).toContain('runner · Builds');
    expect(busy.parentElement?.textContent).not.toContain('dev-box');
  });

  it('are not judged anew when another PC is read', async () => {
    let reads = 0;
    const many = Array.from({ length: 50 }, (_, index) => vmOf(index + 1, { name: `runner-${String(index)}` }));
    for (const one of many)
      Object.defineProperty(one, 'version', {
        get: () => {
          reads += 1;
          return '8.0';
        },
        enumerable: true,
      });
    const host = known(otherPc, 'BUILD-01', many);
    await open(four({ others: { ...four().others, [textOf(otherPc)]: host } }));
    await all();
    expect(screen.getByRole('button', { name: t('machines.manyReview', { count: 52 }) })).toBeTruthy();
    expect(reads).toBeGreaterThan(many.length);
    reads = 0;
    const again = here.map((one) => ({ ...one, readAt: since }));
    main.tell({ kind: 'state', state: { machine: machineOf({ name: 'DEV-PC' }, again) } });
    await tick();
    expect(app.vm(on(thisPc, 1))?.readAt, 'it was read').toBe(since);
    expect(reads).toBe(0);
  });

  it('are started, shut down and turned off where each is', async () => {
    await open();
    await all();
    await fireEvent.click(screen.getByRole('button', { name: t('machines.manyStart', { count: 3 }) }));
    expect(wanted()).toEqual([on(thisPc, 1), on(otherPc, 1), on(otherPc, 2)]);
  });

  it('have spoofing turned on for the adapters of each, though their ids are the same', async () => {
    await open();
    await all();
    await fireEvent.click(screen.getByRole('switch', { name: t('machines.manySpoofing') }));
    const roots = (wanted() as readonly VmRef[]).map(rootOf);
    expect(roots).toEqual([thisPc, thisPc, otherPc, otherPc, otherPc]);
  });

  it('are ticked by a pasted name on every PC that has it', async () => {
    await open();
    const clipboardData = { getData: () => 'web\nold-lab\nmissing-7' };
    await fireEvent(
      filter(),
      Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData }),
    );
    expect(screen.getByRole('heading', { name: t('app.machines', { count: 3 }) })).toBeTruthy();
    expect(screen.getByText('missing-7')).toBeTruthy();
  });
});

describe('what is known of a VM of any PC', () => {
  it('is found, and says why nothing can be done with it, whichever PC is shown', () => {
    fakeMain({});
    app.state = four();
    expect(app.vm(on(otherPc, 1))?.name).toBe('runner');
    expect(app.whyOff(on(awayPc, 1))).toBe(t('hosts.awayOff'));
    expect([app.whyOff(on(thisPc, 1)), app.whyOff(null)]).toEqual([undefined, undefined]);
    app.show(awayPc);
    expect(app.whyOff(null)).toBe(t('hosts.awayOff'));
    expect(app.whyOff(on(otherPc, 1))).toBeUndefined();
  });

  it('is not made anew when another PC is read', () => {
    fakeMain({});
    const before = four();
    app.state = before;
    const [own, builds] = app.pcs;
    const rows = [own?.vms, builds?.vms];
    const labs = known(awayPc, 'LAB-01', [vmOf(1, { name: 'renamed' })]);
    app.state = { ...before, others: { ...before.others, [textOf(awayPc)]: labs } };
    expect(app.pcs[0]?.vms).toBe(rows[0]);
    expect(app.pcs[1]?.vms).toBe(rows[1]);
    expect(app.vm(on(awayPc, 1))?.name).toBe('renamed');
  });
});
