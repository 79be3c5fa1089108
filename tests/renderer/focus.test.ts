import { vmIn, thisPc, textOf } from '../../src/core/cmdlets/ref.js';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import App from '../../renderer/App.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { toasts } from '../../renderer/state/toasts.svelte.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { RunRecord } from '../../src/core/run/record.js';
import type { AppState } from '../../src/ipc/schema.js';
import type { GuestState } from '../../src/ipc/guests.js';
import { translator } from '../../src/text/index.js';
import { eventsOf, planOf, restartChain, runOf, stepEvent } from '../unit/renderer/fixtures.js';
import { vm } from '../unit/renderer/vms.js';
import { fakeMain, ready, stateOf, type FakeMain } from './bridge.js';

const t = translator('en');
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const heading = (name: string) => screen.getByRole('heading', { name });

beforeEach(() => {
  for (const { id } of toasts.now) toasts.end(id);
});

async function shown(state: AppState, answers: Parameters<typeof fakeMain>[0] = {}): Promise<FakeMain> {
  const main = fakeMain({ state: () => state, ...answers });
  app.state = null;
  render(App, {});
  await waitFor(() => expect(app.state).not.toBeNull());
  return main;
}

/** As a person presses it: it has the focus. */
async function press(one: HTMLElement): Promise<void> {
  one.focus();
  await fireEvent.click(one);
}

const running = (one: Vm): RunRecord =>
  runOf(planOf([restartChain(one.id, 1, one.name)]), eventsOf({ kind: 'started' }));

describe('the focus, when what had it goes', () => {
  const box = vm('dev-box');
  const on = vm('dev-box', { nesting: true });

  it('is at the sentence of the VM after nesting was turned on and confirmed', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, box.id) });
    const plan = { result: { kind: 'ready', plan: planOf([]) }, script: [], undoScript: [] };
    const main = await shown(ready([box]), { plan: () => plan, start: () => ({ kind: 'started', run: 'r1' }) });
    await press(button(t('machines.turnOn')));
    const yes = within(await screen.findByRole('dialog')).getByRole<HTMLButtonElement>('button', {
      name: t('machines.confirmYes'),
    });
    await waitFor(() => expect(yes.disabled).toBe(false));
    await press(yes);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    main.tell({ kind: 'state', state: ready([{ ...box, nesting: true }]) });
    await waitFor(() => expect(document.activeElement).toBe(heading(t('machines.onOffSentence', { name: 'dev-box' }))));
  });

  it('is at the name of the VM after its Start is gone', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, on.id) });
    const main = await shown(ready([on]));
    const start = screen.getAllByRole('button', { name: t('machines.start') })[0];
    if (!start) throw new Error('no Start');
    await press(start);
    main.tell({ kind: 'state', state: ready([{ ...on, state: 'Running', inside: 'no' }]) });
    await waitFor(() => expect(document.activeElement).toBe(heading('dev-box')));
  });

  it('waits at the heading while a button is off, and comes back to it', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, on.id) });
    const main = await shown(ready([on]));
    const start = screen.getAllByRole<HTMLButtonElement>('button', { name: t('machines.start') })[0];
    if (!start) throw new Error('no Start');
    await press(start);
    const run = running(on);
    main.tell({ kind: 'state', state: ready([on], { runs: [run], running: [run.id] }) });
    await waitFor(() => expect(document.activeElement).toBe(heading('dev-box')));
    main.tell({ kind: 'state', state: ready([on], { running: [] }) });
    await waitFor(() => expect(document.activeElement).toBe(start));
  });

  const lab = vm('lab', { state: 'Running', nesting: true });
  const guest = (status: GuestState['status']) => ({
    [textOf(vmIn(thisPc, lab.id))]: { status, userName: 'dev', remembered: true } as GuestState,
  });
  const entered = (one: Vm): Vm => {
    const { machine } = ready([]);
    return machine ? { ...one, guest: { ...machine, at: vmIn(thisPc, one.id), vms: [] } } : one;
  };

  it('is at Guest after signing in, which is said, and after signing out', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, lab.id) });
    const main = await shown(ready([lab], { guests: guest('closed') }));
    await press(screen.getByRole('tab', { name: t('machines.partGuest') }));
    await press(button(t('inside.submit')));
    main.tell({ kind: 'state', state: ready([lab], { guests: guest('opening') }) });
    await waitFor(() => expect(document.activeElement).toBe(heading(t('inside.title'))));
    main.tell({ kind: 'state', state: ready([entered(lab)], { guests: guest('open') }) });
    expect(await screen.findByText(t('inside.spokenIn', { name: 'lab' }))).toBeTruthy();
    expect(document.activeElement).toBe(heading(t('inside.title')));
    await press(button(t('inside.signOut')));
    main.tell({ kind: 'state', state: ready([lab], { guests: guest('closed') }) });
    expect(await screen.findByText(t('inside.spokenOut', { name: 'lab' }))).toBeTruthy();
    expect(document.activeElement).toBe(heading(t('inside.title')));
  });

  it('stays in the step of the setup when its VM has started, and when it was signed in to', async () => {
    const settings = {
      ...stateOf([]).settings,
      setup: { state: 'open', purpose: 'wsl', vm: vmIn(thisPc, on.id) } as const,
    };
    const up: Vm = { ...on, state: 'Running', inside: 'no' };
    const stateAt = (one: Vm, change: Partial<AppState> = {}) => ready([one], { settings, ...change });
    const main = await shown(stateAt(on));
    route.go({ page: 'setup', after: 'nesting' });
    await press(await screen.findByRole('button', { name: t('setup.startButton', { name: 'dev-box' }) }));
    main.tell({ kind: 'state', state: stateAt(up) });
    const sign = await screen.findByRole('button', { name: t('inside.signIn') });
    expect(screen.getByRole('main').contains(document.activeElement)).toBe(true);
    expect(document.activeElement).not.toBe(document.body);
    await press(sign);
    const dialog = await screen.findByRole('dialog');
    await press(within(dialog).getByRole('button', { name: t('inside.cancel') }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const guests = { [textOf(vmIn(thisPc, on.id))]: { status: 'open', userName: 'dev', remembered: false } } as const;
    main.tell({ kind: 'state', state: stateAt(entered(up), { guests }) });
    await waitFor(() => expect(screen.queryByRole('button', { name: t('inside.signIn') })).toBeNull());
    expect(document.activeElement).not.toBe(document.body);
  });

  it('is at the sentence of what came of a run that began from a review', async () => {
    const chain = restartChain(on.id, 1, on.name);
    const plan = planOf([chain]);
    const wants = [{ vm: vmIn(thisPc, on.id), want: { stopAction: 'ShutDown' as const } }];
    route.go({ page: 'wizard', goal: { kind: 'vms', wants, consents: [] }, setup: 'nesting' });
    const main = await shown(ready([on]), {
      plan: () => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] }),
      start: () => ({ kind: 'started', run: 'r1' }),
    });
    await press(await screen.findByRole('button', { name: t('wizard.shutDownAndApply') }));
    const events = eventsOf({ kind: 'started' }, ...chain.steps.map((_, at) => stepEvent(chain, at, 'done')), {
      kind: 'ended',
      outcome: 'done',
    });
    const record: RunRecord = { ...runOf(plan, events), outcome: 'done' };
    main.tell({ kind: 'run-record', record });
    await screen.findByRole('button', { name: t('setup.return') });
    await tick();
    expect(document.activeElement?.tagName).toBe('H2');
  });

  it('is at the sentence of a plan that was made again, and never at its button', async () => {
    const first = planOf([restartChain(on.id, 1, on.name)]);
    const second = planOf([restartChain(on.id, 1, on.name)], { id: 'p2' });
    const wants = [{ vm: vmIn(thisPc, on.id), want: { stopAction: 'ShutDown' as const } }];
    route.go({ page: 'wizard', goal: { kind: 'vms', wants, consents: [] }, setup: 'nesting' });
    const shownAs = (plan: typeof first) => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] });
    await shown(ready([on]), {
      plan: () => shownAs(first),
      start: () => ({ kind: 'changed', plan: shownAs(second) }),
    });
    await press(await screen.findByRole('button', { name: t('wizard.shutDownAndApply') }));
    expect(await screen.findByText(t('wizard.changedTitle'))).toBeTruthy();
    await waitFor(() => expect(button(t('wizard.shutDownAndApply')).disabled).toBe(false));
    await tick();
    expect(document.activeElement?.tagName).toBe('H2');
  });

  it('is at the sentence of the VM after what was changed there is kept', async () => {
    const changes = [{ path: `${on.id}/nesting` as const, wrote: false, wroteAt: '', now: true }];
    const drifts = [{ vm: vmIn(thisPc, on.id), name: on.name, changes }];
    route.go({ page: 'machines', vm: vmIn(thisPc, on.id) });
    const main = await shown(ready([on], { drifts }));
    await press(button(t('machines.driftKeep')));
    main.tell({ kind: 'state', state: ready([on]) });
    await waitFor(() => expect(document.activeElement).toBe(heading(t('machines.onOffSentence', { name: on.name }))));
  });

  it('is at the title of the list after a session that was lost is there again', async () => {
    const failure = { kind: 'session-lost' } as const;
    const lost = { kind: 'lost', failure, attempts: 4, retryAt: null, changing: false } as const;
    route.go({ page: 'machines' });
    const main = await shown(ready([on], { connection: lost }));
    await press(button(t('machines.tryNow')));
    main.tell({ kind: 'state', state: ready([on]) });
    await waitFor(() => expect(document.activeElement).toBe(heading(on.name)));
  });

  it('is left alone where a person has left', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, on.id) });
    const main = await shown(ready([on]));
    const start = screen.getAllByRole<HTMLButtonElement>('button', { name: t('machines.start') })[0];
    start?.focus();
    start?.blur();
    main.tell({ kind: 'state', state: ready([{ ...on, state: 'Running', inside: 'no' }]) });
    await waitFor(() => expect(start?.isConnected).toBe(false));
    expect(document.activeElement).toBe(document.body);
  });
});

describe('the list of VMs', () => {
  const vms = Array.from({ length: 3 }, (_, index) =>
    vm(`lab-${String(index)}`, { state: 'Running', uptime: 60, memory: { ...vm('m').memory, assigned: 2 ** 32 } }),
  );

  it('has the focus after a click on a row, so that its keys go on from there and the row is heard', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, vms[0]?.id ?? '') });
    await shown(ready(vms));
    const [, second, third] = screen.getAllByRole('option');
    if (!second || !third) throw new Error('no rows');
    await fireEvent.click(second);
    const list = screen.getByRole('listbox');
    expect(document.activeElement).toBe(list);
    expect(second.hasAttribute('tabindex'), 'a row never takes it').toBe(false);
    await fireEvent.keyDown(list, { key: 'ArrowDown' });
    expect(list.getAttribute('aria-activedescendant')).toBe(third.id);
    expect(third.getAttribute('aria-selected')).toBe('true');
  });

  it('calls a row the same with each reading', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, vms[0]?.id ?? '') });
    const main = await shown(ready(vms));
    const name = (): string => accessible(screen.getAllByRole('option')[0]);
    const before = name();
    expect(before).toBe(`lab-0, ${t('machines.stateRunning')}, ${t('machines.badgeOffLong')}`);
    const more = vms.map((one) => ({ ...one, uptime: 6000, memory: { ...one.memory, assigned: 2 ** 31 } }));
    main.tell({ kind: 'state', state: ready(more) });
    await screen.findAllByText(/^2\s*GB/);
    expect(name()).toBe(before);
  });

  it('says how many a filter has found in one place that is always there', async () => {
    route.go({ page: 'machines', vm: vmIn(thisPc, vms[0]?.id ?? '') });
    await shown(ready(vms));
    const places = () => [...document.querySelectorAll('.list [role=status]')];
    const [place] = places();
    expect(place?.textContent).toBe('');
    const filter = screen.getByRole('textbox', { name: t('machines.filter') });
    await fireEvent.input(filter, { target: { value: 'lab-2' } });
    expect(places()).toEqual([place]);
    expect(place?.textContent).toBe(t('machines.footSome', { count: 1, all: 3 }));
    await fireEvent.input(filter, { target: { value: 'nothing' } });
    expect(place?.textContent).toBe(t('machines.footSome', { count: 0, all: 3 }));
  });
});

/** What a screen reader takes for the name of an option: its content but for what is hidden from it. */
function accessible(option: Element | undefined): string {
  const copy = option?.cloneNode(true) as Element | undefined;
  for (const hidden of copy?.querySelectorAll('[aria-hidden=true], svg') ?? []) hidden.remove();
  return (copy?.textContent ?? '').replace(/\s+/g, ' ').trim();
}
