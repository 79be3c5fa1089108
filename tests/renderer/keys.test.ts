/** The keys that Windows people press without thinking. */
import { idOf, thisPc, vmIn, type VmRef } from '../../src/core/cmdlets/ref.js';
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { tick, type ComponentProps } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import App from '../../renderer/App.svelte';
import MachineList from '../../renderer/machines/MachineList.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { zoomAfter } from '../../renderer/state/zoom.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { ActResult } from '../../src/ipc/schema.js';
import { translator } from '../../src/text/index.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, ready, stateOf, type FakeMain } from './bridge.js';

const t = translator('en');
const dev = vm('dev-box');
const lab = vm('lab', { state: 'Running', uptime: 60 });
const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(document.body, { key, ...more });

describe('in the window', () => {
  let main: FakeMain;
  let allow: () => void;
  beforeEach(async () => {
    const state = ready([dev, lab]);
    const allowed = new Promise<ActResult>((resolve) => (allow = () => resolve({ kind: 'done' })));
    main = fakeMain({
      state: () => state,
      actScript: () => ({ text: 'exit' }),
      act: () => allowed,
      memoryHistory: () => [],
    });
    render(App);
    await waitFor(() => expect(app.state).not.toBeNull());
    route.go({ page: 'learn' });
    route.go({ page: 'settings' });
  });

  it('F5 reads again', async () => {
    await press('F5');
    expect(main.asked).toContainEqual({ name: 'refresh', request: undefined });
  });

  it('Ctrl and F leads to the filter, Ctrl and comma to the settings', async () => {
    await press('f', { ctrlKey: true });
    expect(route.now).toMatchObject({ page: 'machines', find: true });
    await press(',', { ctrlKey: true });
    expect(route.now).toEqual({ page: 'settings' });
  });

  it('leaving a review that a console asked for is told, once and for that one', async () => {
    const goal = { kind: 'vms', wants: [], consents: [] } as const;
    const left = () => main.asked.filter(({ name }) => name === 'reviewLeft').map(({ request }) => request);
    main.tell({ kind: 'wizard', goal, review: 'one' });
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'plan')).toBe(true));
    main.tell({ kind: 'wizard', goal, review: 'two' });
    await waitFor(() => expect(left()).toEqual([{ review: 'one' }]));
    main.tell({ kind: 'open', page: 'learn' });
    await waitFor(() => expect(left()).toEqual([{ review: 'one' }, { review: 'two' }]));
    main.tell({ kind: 'wizard', goal });
    main.tell({ kind: 'open', page: 'settings' });
    await tick();
    expect(left()).toHaveLength(2);
  });

  it.each([
    ['Alt and left', () => press('ArrowLeft', { altKey: true })],
    ['the button of the mouse', () => fireEvent.mouseUp(document.body, { button: 3 })],
  ])('%s goes back, page by page', async (_name, back) => {
    await back();
    expect(route.now).toEqual({ page: 'learn' });
    route.go({ page: 'activity' });
    await back();
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('goes back before a tab hears its arrow', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, lab.id) });
    const tab = await screen.findByRole('tab', { selected: true });
    tab.focus();
    await fireEvent.keyDown(tab, { key: 'ArrowLeft', altKey: true });
    expect(route.now).toEqual({ page: 'settings' });
  });

  it('does not look for a VM while something is being written elsewhere', async () => {
    route.go({ page: 'errors' });
    const field = await screen.findByRole('textbox', { name: t('errors.field') });
    field.focus();
    await fireEvent.keyDown(field, { key: 'f', ctrlKey: true });
    expect(route.now.page).toBe('errors');
  });

  it('comes back to what was written', async () => {
    route.go({ page: 'errors' });
    const field = await screen.findByRole('textbox', { name: t('errors.field') });
    await fireEvent.input(field, { target: { value: '0x80370102' } });
    await press(',', { ctrlKey: true });
    await press('ArrowLeft', { altKey: true });
    expect(await screen.findByDisplayValue('0x80370102')).toBeTruthy();
  });

  it('shows the memory of a VM, and comes back to what was changed there', async () => {
    route.go({ page: 'memory', vm: vmIn(thisPc, dev.id), edits: { startup: 2 ** 30 } });
    await screen.findByRole('heading', { level: 1, name: t('memory.title', { name: 'dev-box' }) });
    const visit = route.now;
    await tick();
    expect(route.now).toBe(visit);
    await press(',', { ctrlKey: true });
    await press('ArrowLeft', { altKey: true });
    expect(route.now).toEqual({ page: 'memory', vm: vmIn(thisPc, dev.id), edits: { startup: 2 ** 30 } });
  });

  it('stays before the prompt while Windows asks', async () => {
    route.go({ page: 'elevate', act: 'join-group', from: 'settings' });
    await screen.findByText('exit');
    await fireEvent.click(screen.getByRole('button', { name: t('rights.goOn') }));
    await press('ArrowLeft', { altKey: true });
    await fireEvent.mouseUp(document.body, { button: 3 });
    expect(route.now.page).toBe('elevate');
    route.go({ page: 'learn' });
    allow();
    await waitFor(() => expect(main.asked.some(({ name }) => name === 'refresh')).toBe(true));
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('a letter alone does nothing', async () => {
    await press('f');
    await press(',');
    await press('ArrowLeft');
    expect(route.now).toEqual({ page: 'settings' });
  });

  it('the zoom is asked for step by step, and kept', async () => {
    await press('+', { ctrlKey: true });
    await press('-', { ctrlKey: true });
    await press('0', { ctrlKey: true });
    const asked = main.asked.filter(({ name }) => name === 'settings').map(({ request }) => request);
    expect(asked.slice(-3)).toEqual([{ zoom: 110 }, { zoom: 90 }, { zoom: 100 }]);
  });
});

it('the zoom ends where the steps end', () => {
  expect([
    zoomAfter(400, '+'),
    zoomAfter(50, '-'),
    zoomAfter(105, '='),
    zoomAfter(105, '-'),
    zoomAfter(100, 'x'),
  ]).toEqual([400, 50, 110, 100, undefined]);
});

describe('what was begun', () => {
  const goal = { kind: 'vms', wants: [{ vm: vmIn(thisPc, lab.id), want: { nesting: true } }], consents: [] } as const;
  const dialog = () => screen.queryByRole('dialog', { name: t('wizard.leaveAsk') });

  beforeEach(async () => {
    const state = stateOf([dev, lab]);
    fakeMain({ state: () => state });
    render(App);
    await waitFor(() => expect(app.state).not.toBeNull());
    route.go({ page: 'machines', vm: vmIn(thisPc, lab.id) });
    route.go({ page: 'wizard', goal });
    await waitFor(() => expect(screen.getByRole('button', { name: t('wizard.review') })).toBeTruthy());
  });

  it.each([
    ['Esc', () => press('Escape')],
    ['Alt and left', () => press('ArrowLeft', { altKey: true })],
    ['the button of the mouse', () => fireEvent.mouseUp(document.body, { button: 3 })],
  ])('is left by %s only after a question', async (_name, leave) => {
    await leave();
    await waitFor(() => expect(dialog()).not.toBeNull());
    expect(route.now.page).toBe('wizard');
    await fireEvent.click(screen.getByRole('button', { name: t('wizard.stay') }));
    await waitFor(() => expect(dialog()).toBeNull());
    expect(route.now.page).toBe('wizard');
    await leave();
    await fireEvent.click(await screen.findByRole('button', { name: t('wizard.leave') }));
    expect(route.now).toMatchObject({ page: 'machines' });
  });

  it('is left one page at a time', async () => {
    // It has run, and asks nothing.
    route.go({ page: 'learn' });
    route.go({ page: 'activity' });
    route.go({ page: 'run', run: 'gone' });
    await screen.findByRole('button', { name: t('wizard.close') });
    await fireEvent.mouseUp(document.body, { button: 3 });
    expect(route.now).toEqual({ page: 'activity' });
  });

  it('is not left by the keys of other pages', async () => {
    await press('f', { ctrlKey: true });
    await press(',', { ctrlKey: true });
    expect(route.now.page).toBe('wizard');
  });
});

describe('in the list', () => {
  let main: FakeMain;
  const chosen: string[] = [];
  const list = (
    selected?: ReadonlySet<VmRef>,
    more: Partial<ComponentProps<typeof MachineList>> = {},
    all: readonly Vm[] = [dev, lab],
  ) => {
    main = fakeMain({ connect: () => ({ ok: true }), state: () => ready(all) });
    app.state = ready(all);
    chosen.length = 0;
    render(MachineList, {
      pcs: app.pcs,
      vms: app.pcs[0]?.vms ?? [],
      isAll: false,
      chosen: vmIn(thisPc, lab.id),
      selected,
      isBeside: true,
      onchoose: (ref: VmRef) => chosen.push(idOf(ref)),
      onselect: () => undefined,
      ...more,
    });
  };
  const row = (name: RegExp) => screen.getByRole('option', { name });

  it('a right click opens the menu of that VM, and chooses it', async () => {
    list();
    await fireEvent.contextMenu(row(/^dev-box/), { clientX: 40, clientY: 60 });
    const menu = await screen.findByRole('menu', { name: t('machines.more', { name: 'dev-box' }) });
    expect(menu.textContent).toContain(t('machines.start'));
    expect(menu.textContent).toContain(t('machines.connect'));
    expect(chosen).toEqual([dev.id]);
  });

  it('Shift and F10, or the menu key, opens that of the chosen one', async () => {
    list();
    await fireEvent.contextMenu(screen.getByRole('listbox'));
    const menu = await screen.findByRole('menu', { name: t('machines.more', { name: 'lab' }) });
    expect(menu.textContent).toContain(t('machines.shutDown'));
    expect(menu.textContent).not.toContain(t('machines.start'));
  });

  it('a right click beside the rows opens nothing', async () => {
    list();
    await fireEvent.contextMenu(screen.getByRole('listbox'), { button: 2 });
    expect(screen.queryByRole('menu')).toBeNull();
    expect(chosen).toEqual([]);
  });

  it('the menu of a row that was scrolled away opens where it can be seen', async () => {
    const many = Array.from({ length: 90 }, (_, at) => vm(`vm-${at}`));
    list(undefined, { chosen: vmIn(thisPc, many[0]?.id ?? '') }, many);
    const rows = screen.getByRole('listbox');
    const pane = rows.closest('.list-body');
    if (!pane) throw new Error('nothing scrolls');
    pane.scrollTop = 3000;
    await fireEvent.scroll(pane);
    await fireEvent.contextMenu(rows);
    expect(await screen.findByRole('menu')).toBeTruthy();
    expect(pane.scrollTop).toBeLessThan(100);
  });

  it('alone in a narrow window it is not left by a right click or an arrow, and its keys know a row', async () => {
    list(undefined, { chosen: undefined, isBeside: false });
    const rows = screen.getByRole('listbox');
    rows.focus();
    await fireEvent.contextMenu(rows);
    expect(await screen.findByRole('menu', { name: t('machines.more', { name: 'lab' }) })).toBeTruthy();
    await fireEvent.contextMenu(row(/^dev-box/));
    expect(await screen.findByRole('menu', { name: t('machines.more', { name: 'dev-box' }) })).toBeTruthy();
    await fireEvent.keyDown(rows, { key: 'Home' });
    expect(chosen).toEqual([]);
    await fireEvent.keyDown(rows, { key: 'Enter' });
    expect(chosen).toEqual([lab.id]);
  });

  it('a double click connects, as in Hyper-V Manager', async () => {
    list();
    await fireEvent.dblClick(row(/^lab/));
    expect(main.asked).toContainEqual({ name: 'connect', request: { vm: vmIn(thisPc, lab.id) } });
  });

  it('while many are selected neither does anything', async () => {
    list(new Set([vmIn(thisPc, dev.id)]));
    await fireEvent.dblClick(row(/^lab/));
    await fireEvent.contextMenu(row(/^lab/));
    expect(screen.queryByRole('menu')).toBeNull();
    expect(main.asked).toEqual([]);
  });
});
