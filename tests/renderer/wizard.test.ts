import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import Undo from '../../renderer/pages/Undo.svelte';
import ThreeWayTables from '../../renderer/wizard/ThreeWayTables.svelte';
import Recover from '../../renderer/pages/Recover.svelte';
import LastRun from '../../renderer/machines/LastRun.svelte';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { failureOf } from '../../src/core/cmdlets/failure.js';
import type { Goal } from '../../src/core/machine/goal.js';
import { rolePath } from '../../src/core/change/paths.js';
import type { Plan } from '../../src/core/change/step.js';
import type { ThreeWay } from '../../src/core/run/undo.js';
import type { StartResult } from '../../src/ipc/schema.js';
import {
  adapterOf,
  chainOf,
  changeOf,
  checkOf,
  eventsOf,
  ids,
  planOf,
  refusedMemory,
  restartChain,
  runOf,
  shownOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../unit/renderer/fixtures.js';
import { otherPc } from '../unit/core/other-pc.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

const nestingOn = (vm: string): Goal => ({
  kind: 'vms',
  wants: [{ vm: vmIn(thisPc, vm), want: { nesting: true } }],
  consents: [],
});
const click = (name: string | RegExp): Promise<unknown> => fireEvent.click(screen.getByRole('button', { name }));

const boxPlan = planOf([
  chainOf([stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)])], { name: 'dev-box' }),
]);
const off = vmOf({ id: ids.box, name: 'dev-box', state: 'Off' });

describe('the wizard', () => {
  it('takes one click and one confirmation for a VM that is off and ready', async () => {
    const main = fakeMain({ plan: () => shownOf(boxPlan), start: () => ({ kind: 'started', run: 'r1' }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    await screen.findByRole('heading', { name: '1 setting of dev-box changes.' });
    await click('Apply');
    expect(main.asked.filter(({ name }) => name === 'start').map(({ request }) => request)).toEqual([
      { plan: 'p1', consents: [] },
    ]);
  });

  it('moves the focus to the sentence of the review, so that a screen reader says it first', async () => {
    fakeMain({ plan: () => shownOf(boxPlan) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    const heading = await screen.findByRole('heading', { name: '1 setting of dev-box changes.' });
    await expect.poll(() => document.activeElement).toBe(heading);
  });

  it('lets a running VM be chosen for first, and changes nothing by asking', async () => {
    const main = fakeMain({ plan: () => shownOf(planOf([restartChain()])) });
    app.state = stateOf([vmOf()]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.lab) } });
    expect(screen.getByRole('radio', { name: /Shut down now, then start again/ }).getAttribute('aria-checked')).toBe(
      'true',
    );
    await click('Review');
    await screen.findByRole('button', { name: 'Shut down and apply' });
    expect(main.asked.map(({ name }) => name)).not.toContain('start');
  });

  it.each([
    ['a VM that is gone', { kind: 'goal', goal: nestingOn(ids.lab) }],
    ['a run that is gone', { kind: 'run', run: 'r1' }],
  ] as const)('offers for %s nothing but to close it', (_, opening) => {
    fakeMain({});
    app.state = stateOf(opening.kind === 'goal' ? [vmOf()] : []);
    render(Wizard, { opening });
    app.state = stateOf([off]);
    flushSync();
    const bar = within(screen.getByRole('contentinfo'));
    expect(bar.getAllByRole('button').map(({ textContent }) => textContent.trim())).toEqual([t('wizard.close')]);
  });

  it.each([
    ['intel', 'virtualization extensions (VT-x).'],
    ['other', 'virtualization extensions.'],
  ] as const)('names the extensions of a processor of %s only where they have a name', (vendor, words) => {
    fakeMain({});
    const state = stateOf([vmOf()]);
    const { machine } = state;
    if (!machine?.host.processor) throw new Error('no processor');
    const host = { ...machine.host, processor: { ...machine.host.processor, name: 'CPU', vendor } };
    app.state = { ...state, machine: { ...machine, host } };
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.lab) } });
    expect(document.body.textContent).toContain(words);
  });

  it('offers memory and spoofing for many under more settings, each VM as it differs', async () => {
    const main = fakeMain({ plan: () => shownOf(boxPlan) });
    const much = vmOf({ id: ids.box, name: 'dev-box', memory: { ...off.memory, startup: 2 ** 34 } });
    app.state = stateOf([vmOf(), much]);
    const wants = [ids.lab, ids.box].map((id) => ({ vm: vmIn(thisPc, id), want: { nesting: true } }));
    render(Wizard, { opening: { kind: 'goal', goal: { kind: 'vms', wants, consents: [] } } });
    await click('More settings');
    const memory = screen.getByRole<HTMLInputElement>('textbox', { name: 'Startup memory' });
    expect([memory.value, memory.placeholder]).toEqual(['', 'Mixed']);
    await fireEvent.input(memory, { target: { value: '16' } });
    await fireEvent.click(screen.getByRole('switch', { name: 'MAC address spoofing' }));
    await click('Review');
    const spoofing = (id: string) => ({ [adapterOf(id)]: { macSpoofing: 'On' } });
    const goal = main.asked.at(-1)?.request;
    expect(goal).toMatchObject({
      goal: { wants: [ids.lab, ids.box].map((id) => ({ vm: vmIn(thisPc, id), want: { adapters: spoofing(id) } })) },
    });
    expect(goal).toMatchObject({ goal: { wants: [{ want: { memory: { startup: 2 ** 34 } } }, { want: {} }] } });
    expect(goal).not.toMatchObject({ goal: { wants: [{}, { want: { memory: {} } }] } });
  });

  it('asks of many only what was asked for: one that has nesting already is left alone', async () => {
    const main = fakeMain({ plan: () => shownOf(boxPlan) });
    const on = vmOf({ id: ids.box, name: 'dev-box', nesting: true, memory: { ...off.memory, startup: 2 ** 31 } });
    app.state = stateOf([vmOf({ memory: { ...off.memory, startup: 2 ** 31 } }), on]);
    const wants = [ids.lab, ids.box].map((id) => ({ vm: vmIn(thisPc, id), want: { nesting: true } }));
    render(Wizard, { opening: { kind: 'goal', goal: { kind: 'vms', wants, consents: [] } } });
    await click('Review');
    const asked = [{ vm: vmIn(thisPc, ids.lab), want: { nesting: true } }];
    expect(main.asked.at(-1)?.request).toEqual({ goal: { kind: 'vms', wants: asked, consents: [] } });
  });

  it('waits for the tick before what cannot be undone, and says so beside the button', async () => {
    const version = changeOf(ids.box, 'version', '9.0', '12.0');
    const plan = planOf([chainOf([stepOf(ids.box, 1, 'one-way', [version])], { name: 'dev-box' })], {
      oneWay: [{ vm: vmIn(thisPc, ids.box), path: version.path, reason: { key: 'app.name' } }],
      consents: [{ consent: 'upgrade-version', vms: [vmIn(thisPc, ids.box)], given: false }],
    });
    const main = fakeMain({ plan: () => shownOf(plan), start: () => ({ kind: 'started', run: 'r1' }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    const button = await screen.findByRole('button', { name: 'Upgrade and apply' });
    expect(button.hasAttribute('disabled')).toBe(true);
    expect(screen.getByText(t('wizard.waitsForVersion'))).toBeTruthy();
    await fireEvent.click(screen.getByRole('checkbox', { name: /Upgrade dev-box to 12.0/ }));
    await fireEvent.click(button);
    expect(main.asked.at(-1)).toEqual({ name: 'start', request: { plan: 'p1', consents: ['upgrade-version'] } });
  });

  it('shows the new plan and what changed when the facts changed meanwhile; nothing ran', async () => {
    const basis = (value: string): Plan =>
      planOf(
        boxPlan.chains.map((chain) => ({ ...chain, basis: [{ path: `${ids.box}/stopAction` as const, value }] })),
        { id: value },
      );
    const changed: StartResult = { kind: 'changed', plan: shownOf(basis('TurnOff')) };
    fakeMain({ plan: () => shownOf(basis('Save')), start: () => changed });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    await screen.findByRole('button', { name: 'Apply' });
    await click('Apply');
    expect(await screen.findByText(t('wizard.changedTitle'))).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Apply' })).toBeTruthy();
  });

  it('lights the line of PowerShell of the step that is pointed at', async () => {
    fakeMain({ plan: () => shownOf(boxPlan) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    const line = (await screen.findByText('Cmdlet-1')).closest('li');
    await fireEvent.focus(screen.getByRole('button', { name: /Step\s+1/ }));
    expect(line?.classList.contains('is-lit')).toBe(true);
  });

  it('says which failure kept Windows from being read, and what to do, instead of only that it failed', async () => {
    const failure = { kind: 'timed-out', record: { message: 'The operation timed out.', id: 'X', category: 'Y' } };
    let isRead = false;
    const main = fakeMain({ plan: () => (isRead ? shownOf(boxPlan) : { kind: 'unreadable', failure }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    expect(await screen.findByText(t('failures.timedOut'))).toBeTruthy();
    expect(screen.getByText(t('failures.timedOutNext'))).toBeTruthy();
    expect(screen.getByText('The operation timed out.')).toBeTruthy();
    isRead = true;
    await click(t('wizard.tryAgain'));
    await screen.findByRole('heading', { name: '1 setting of dev-box changes.' });
    expect(main.asked.map(({ name }) => name)).not.toContain('start');
  });

  it('says the same when the reading before the first step fails: nothing ran', async () => {
    fakeMain({
      plan: () => shownOf(boxPlan),
      start: () => ({ kind: 'unreadable', failure: { kind: 'session-lost' } }),
    });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    await screen.findByRole('heading', { name: '1 setting of dev-box changes.' });
    await click('Apply');
    expect(await screen.findByText('PowerShell ended')).toBeTruthy();
    expect(screen.getByRole('button', { name: t('wizard.tryAgain') })).toBeTruthy();
  });

  it('says before it runs what should be known, of many machines the first few and then all', async () => {
    const remarks = [1, 2, 3, 4, 5, 6].map((memory) =>
      checkOf({
        vm: `${ids.lab.slice(0, -1)}${String(memory)}`,
        title: { key: 'checks.memoryEnough', params: { memory: memory * 2 ** 30 } },
      }),
    );
    fakeMain({ plan: () => shownOf({ ...boxPlan, remarks }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    const list = within(await screen.findByRole('region', { name: t('wizard.remarks') }));
    expect(list.getAllByText(/of startup memory$/)).toHaveLength(4);
    await click('2 more');
    expect(list.getAllByText(/of startup memory$/)).toHaveLength(6);
  });

  it('says of VMs of two PCs that have one ID what should be known of each', async () => {
    const remark = checkOf({ vm: ids.lab, title: { key: 'checks.memoryEnough', params: { memory: 2 ** 30 } } });
    const remarks = [
      { ...remark, at: thisPc },
      { ...remark, at: otherPc },
    ];
    fakeMain({ plan: () => shownOf({ ...boxPlan, remarks }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    const list = within(await screen.findByRole('region', { name: t('wizard.remarks') }));
    expect(list.getAllByText(/of startup memory$/)).toHaveLength(2);
  });

  it('says what blocks instead of an empty plan', async () => {
    fakeMain({ plan: () => ({ ...shownOf(boxPlan), result: { kind: 'blocked', by: [] } }) });
    app.state = stateOf([off]);
    render(Wizard, { opening: { kind: 'goal', goal: nestingOn(ids.box) } });
    await screen.findByRole('heading', { name: t('wizard.blockedTitle') });
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull();
  });
});

describe('a run', () => {
  const chain = restartChain();
  const plan = planOf([chain]);

  it('follows each step live and ends with the values read again', async () => {
    fakeMain({});
    const live = runOf(plan, eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([vmOf()], { runs: [live], running: ['r1'] });
    render(Wizard, { opening: { kind: 'run', run: 'r1' } });
    expect(screen.getByRole('button', { name: 'Stop after this step' })).toBeTruthy();
    const all = [0, 1, 2, 3].flatMap((n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
    const done = runOf(plan, eventsOf({ kind: 'started' }, ...all, { kind: 'ended', outcome: 'done' }), {
      outcome: 'done',
    });
    app.state = stateOf([vmOf({ nesting: true })], { runs: [done] });
    await screen.findByRole('heading', { name: 'Lab DC 01 can run VMs now.' });
    await click(t('wizard.undoButton'));
    expect(route.now).toEqual({ page: 'undo', run: 'r1' });
  });

  it('that Windows refused as the machine ran plans it with the machine off', async () => {
    const main = fakeMain({ plan: () => shownOf(plan) });
    const memory = chainOf([stepOf(ids.lab, 1, 'setting', [changeOf(ids.lab, 'memory.startup', 2 ** 32, 2 ** 33)])]);
    const failure = failureOf(refusedMemory, 'Set-VMMemory');
    const why = { key: 'plan.stoppedHeld', params: { vm: 'Lab DC 01' } } as const;
    const events = eventsOf(
      { kind: 'started' },
      stepEvent(memory, 0, 'failed', { failure, readBack: [changeOf(ids.lab, 'memory.startup', 2 ** 32, 2 ** 32)] }),
      { kind: 'stopped', vm: vmIn(thisPc, ids.lab), why, offer: 'while-off' },
      { kind: 'ended', outcome: 'failed' },
    );
    app.state = stateOf([vmOf()], { runs: [runOf(planOf([memory]), events, { outcome: 'failed' })] });
    render(Wizard, { opening: { kind: 'run', run: 'r1' } });
    expect(await screen.findAllByText(t('errors.memoryRunning'))).not.toEqual([]);
    expect(screen.getByRole('radio', { name: /Shut it down for the change/, checked: true })).toBeTruthy();
    // Nothing was written: nothing to undo.
    expect(screen.queryByRole('radio', { name: /^Undo/ })).toBeNull();
    await click(t('wizard.offerReview'));
    await screen.findByRole('button', { name: 'Shut down and apply' });
    expect(main.asked.map(({ name }) => name)).toEqual(['plan']);
  });

  it('that failed says what Windows said, and plans the start of a VM that ran before', async () => {
    const main = fakeMain({ plan: () => shownOf(plan) });
    const record = {
      id: 'OutOfMemory',
      category: 'X',
      target: null,
      exception: 'E',
      hresult: null,
      message: 'Not enough memory.',
    };
    const failed = runOf(
      plan,
      eventsOf(
        { kind: 'started' },
        ...[0, 1, 2].map((n) => stepEvent(chain, n, 'done')),
        stepEvent(chain, 3, 'failed', { failure: { kind: 'unexpected', record } }),
        { kind: 'ended', outcome: 'failed' },
      ),
      { outcome: 'failed' },
    );
    app.state = stateOf([vmOf({ state: 'Off', nesting: true })], { runs: [failed] });
    render(Wizard, { opening: { kind: 'run', run: 'r1' } });
    expect(screen.getByText('Not enough memory.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Plan again…' }).classList.contains('primary')).toBe(true);
    expect(screen.getByRole('button', { name: t('wizard.leaveAsIs') }).classList.contains('primary')).toBe(false);
    await click('Plan again…');
    expect(main.asked.at(-1)?.request).toEqual({
      goal: {
        kind: 'vms',
        wants: [{ vm: vmIn(thisPc, ids.lab), want: { power: 'running', nesting: true } }],
        consents: [],
      },
    });
  });

  it('never recommends to turn off: it is chosen, and then agreed to on the next page', async () => {
    const main = fakeMain({ plan: () => shownOf(plan) });
    const locked = runOf(
      plan,
      eventsOf(
        { kind: 'started' },
        stepEvent(chain, 0, 'failed', { failure: { kind: 'timed-out' } }),
        { kind: 'stopped', vm: chain.vm, why: { key: 'app.name' }, offer: 'turn-off' },
        { kind: 'ended', outcome: 'failed' },
      ),
      { outcome: 'failed' },
    );
    app.state = stateOf([vmOf()], { runs: [locked] });
    render(Wizard, { opening: { kind: 'run', run: 'r1' } });
    expect(screen.getByRole('radio', { name: /Try again/ }).getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(screen.getByRole('radio', { name: /Turn it off and continue/ }));
    expect(main.asked).toEqual([]);
    await click(t('wizard.offerTurnOff'));
    expect(main.asked.at(-1)).toMatchObject({ name: 'plan', request: { goal: { consents: ['turn-off'] } } });
  });
});

describe('undoing', () => {
  const way: ThreeWay = {
    vm: vmIn(thisPc, ids.box),
    name: 'dev-box',
    path: changeOf(ids.box, 'stopAction', 0, 0).path,
    found: 'Save',
    wrote: 'ShutDown',
    now: 'TurnOff',
    verdict: 'somebody-else',
  };

  it('takes along what somebody else changed only when it is ticked', async () => {
    const main = fakeMain({ plan: () => shownOf(boxPlan, { threeWay: [way] }) });
    app.state = stateOf([off], { runs: [runOf(boxPlan, [], { outcome: 'done' })] });
    render(Undo, { run: 'r1' });
    const tick = await screen.findByRole('checkbox');
    expect(tick.getAttribute('aria-checked')).toBe('false');
    await fireEvent.click(tick);
    expect(main.asked.at(-1)?.request).toEqual({
      goal: { kind: 'undo', run: 'r1', also: [{ vm: way.vm, path: way.path }], consents: [] },
    });
  });

  it('shows the same value of two VMs, also where one inside claims the id of one of this PC', () => {
    fakeMain({});
    app.state = stateOf([off]);
    render(ThreeWayTables, { rows: [way, { ...way, vm: vmIn(vmIn(thisPc, ids.lab), ids.box), name: 'twin' }] });
    expect(screen.getAllByRole('row')).toHaveLength(3);
    expect(document.body.textContent).toContain('twin');
  });

  describe('of many VMs', () => {
    const machines = Array.from({ length: 3 }, (_, index) =>
      vmOf({ id: `00000000-0000-4000-8000-00000000000${String(index)}`, name: `lab-${String(index)}` }),
    );
    const [one] = machines;
    const back = (id: string, name: string, setting: string, found: boolean | string): ThreeWay => ({
      vm: vmIn(thisPc, id),
      name,
      path: changeOf(id, setting, 0, 0).path,
      found,
      wrote: true,
      now: true,
      verdict: 'undo',
    });
    const rows = machines.flatMap(({ id, name }) => [
      back(id, name, 'nesting', false),
      back(id, name, 'automaticCheckpoints', false),
    ]);
    const plan = planOf(machines.map(({ id, name }, index) => restartChain(id, index * 4 + 1, name)));
    const planned = () => shownOf(plan, { threeWay: rows });
    const goals = (main: ReturnType<typeof fakeMain>) =>
      main.asked.filter(({ name }) => name === 'plan').map(({ request }) => request);

    it('shows once what goes back alike, and says how many restart', async () => {
      fakeMain({ plan: planned });
      app.state = stateOf(machines, { runs: [runOf(plan, [], { outcome: 'done' })] });
      render(Undo, { run: 'r1' });
      const sentence = `${t('wizard.undoManyHeadline', { count: 6, machines: 3 })} ${t('wizard.undoManyRestart', { count: 3 })}`;
      expect(await screen.findByRole('heading', { name: sentence })).toBeTruthy();
      expect(screen.getAllByRole('table')).toHaveLength(1);
      expect(screen.getAllByRole('checkbox').map(({ textContent }) => textContent.trim())).toEqual([
        t('app.machines', { count: 3 }),
        'lab-0',
        'lab-1',
        'lab-2',
      ]);
    });

    it('leaves out a VM whose tick is taken away, and takes it back', async () => {
      const main = fakeMain({ plan: planned });
      app.state = stateOf(machines, { runs: [runOf(plan, [], { outcome: 'done' })] });
      render(Undo, { run: 'r1' });
      await fireEvent.click(await screen.findByRole('checkbox', { name: 'lab-1' }));
      const others = machines.filter(({ name }) => name !== 'lab-1').map(({ id }) => vmIn(thisPc, id));
      expect(goals(main).at(-1)).toEqual({ goal: { kind: 'undo', run: 'r1', only: others, consents: [] } });
      expect(screen.getByRole('checkbox', { name: 'lab-1' }).getAttribute('aria-checked')).toBe('false');
      expect(screen.getByRole('checkbox', { name: t('app.machines', { count: 3 }) }).getAttribute('aria-checked')).toBe(
        'mixed',
      );
      await fireEvent.click(screen.getByRole('checkbox', { name: t('app.machines', { count: 3 }) }));
      expect(goals(main).at(-1)).toEqual({ goal: { kind: 'undo', run: 'r1', consents: [] } });
    });

    it('from the page of one VM has only that one ticked', async () => {
      const record = runOf(plan, [], { outcome: 'done' });
      app.state = stateOf(machines, { runs: [record] });
      const main = fakeMain({ plan: planned });
      render(LastRun, { run: record, at: vmIn(thisPc, one?.id ?? '') });
      await click(t('machines.undo'));
      expect(route.now).toEqual({ page: 'undo', run: 'r1', only: [vmIn(thisPc, one?.id ?? '')] });
      cleanup();
      render(Undo, { run: 'r1', only: [vmIn(thisPc, one?.id ?? '')] });
      const ticked = await screen.findAllByRole('checkbox', { checked: true });
      expect(ticked.map(({ textContent }) => textContent.trim())).toEqual(['lab-0']);
      expect(goals(main)).toEqual([
        { goal: { kind: 'undo', run: 'r1', only: [vmIn(thisPc, one?.id ?? '')], consents: [] } },
      ]);
    });
  });

  it('never finishes a run that was cut short without a choice, and leaves it when somebody changed something', async () => {
    const main = fakeMain({ threeWay: () => [way], settle: () => ({ kind: 'left' }) });
    const chain = restartChain();
    const cut = runOf(planOf([chain]), eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([vmOf()], { runs: [cut] });
    render(Recover, { run: 'r1' });
    const button = await screen.findByRole('button', { name: t('wizard.leaveAsIs') });
    await waitFor(() => expect(button).toHaveProperty('disabled', false));
    expect(main.asked.map(({ name }) => name)).toEqual(['threeWay']);
    await click(t('wizard.leaveAsIs'));
    expect(main.asked.at(-1)).toEqual({ name: 'settle', request: { run: 'r1', how: 'leave' } });
  });

  it.each([
    [t('activity.finishButton'), /^Finish/],
    [t('wizard.undoButton'), /^Undo/],
  ])('says to sign in and choose again where %s had to start a VM that was off', async (button, choice) => {
    const unseen: ThreeWay = { ...way, path: rolePath(ids.box, 'hyper-v'), now: undefined, verdict: 'unknown' };
    const main = fakeMain({ threeWay: () => [unseen], settle: () => ({ kind: 'starts-first', run: 'r2' }) });
    const chain = restartChain();
    const cut = runOf(planOf([chain]), eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([off], { runs: [cut] });
    render(Recover, { run: 'r1' });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: t('wizard.leaveAsIs') })).toHaveProperty('disabled', false),
    );
    await fireEvent.click(screen.getByRole('radio', { name: choice }));
    await click(button);
    expect(main.asked.at(-1)).toMatchObject({ name: 'settle', request: { run: 'r1' } });
    expect(await screen.findByText(/sign in to it and choose again/)).toBeDefined();
    expect(screen.getByRole('button', { name: button })).toHaveProperty('disabled', false);
  });

  it.each([
    ['starts it first', 'OffCritical', rolePath(ids.box, 'hyper-v'), ['threeWay', 'settle']],
    ['reviews it', 'Off', way.path, ['threeWay']],
  ] as const)('undoing what could not be read of a VM that is off %s where that would show it', async (...args) => {
    const [, state, path, asked] = args;
    const main = fakeMain({
      threeWay: () => [{ ...way, path, now: undefined, verdict: 'unknown' }],
      settle: () => ({ kind: 'starts-first', run: 'r2' }),
    });
    const chain = restartChain();
    const cut = runOf(planOf([chain]), eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([{ ...off, state }], { runs: [cut] });
    render(Recover, { run: 'r1' });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: t('wizard.leaveAsIs') })).toHaveProperty('disabled', false),
    );
    await fireEvent.click(screen.getByRole('radio', { name: /^Undo/ }));
    await click(t('wizard.undoButton'));
    expect(main.asked.map(({ name }) => name)).toEqual(asked);
  });

  it('calls nobody back who went on while it was decided', async () => {
    let settle: () => void = () => undefined;
    const settled = new Promise((resolve) => (settle = () => resolve({ kind: 'left' })));
    const main = fakeMain({ threeWay: () => [], settle: () => settled });
    app.state = stateOf([vmOf()], { runs: [runOf(planOf([restartChain()]), eventsOf({ kind: 'started' }))] });
    render(Recover, { run: 'r1' });
    await screen.findByRole('radio', { checked: true });
    await click(t('activity.leaveButton'));
    expect(main.asked.at(-1)).toMatchObject({ name: 'settle' });
    route.go({ page: 'learn' });
    settle();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: t('activity.leaveButton') })).toHaveProperty('disabled', false),
    );
    expect(route.now).toEqual({ page: 'learn' });
  });

  it('says of a run that never began that it did not, and recommends to leave it: finishing would shut a VM down', async () => {
    const main = fakeMain({ threeWay: () => [], settle: () => ({ kind: 'left' }) });
    app.state = stateOf([vmOf()], { runs: [runOf(planOf([restartChain()]), eventsOf({ kind: 'started' }))] });
    render(Recover, { run: 'r1' });
    expect(await screen.findByText(t('wizard.recommended'))).toBeTruthy();
    expect(screen.getByRole('heading', { name: t('activity.unbegunHeadline', { name: 'Lab DC 01' }) })).toBeTruthy();
    const leave = await screen.findByRole('radio', { checked: true });
    expect(leave.textContent).toContain(t('activity.leaveBecause'));
    await click(t('activity.leaveButton'));
    expect(main.asked.at(-1)).toEqual({ name: 'settle', request: { run: 'r1', how: 'leave' } });
  });

  it('keeps the choice made while what is so now is still being read: it does not turn to Finish under the hand', async () => {
    let answer: (rows: readonly ThreeWay[]) => void = () => undefined;
    fakeMain({ threeWay: () => new Promise((resolve) => (answer = resolve)) });
    const chain = restartChain();
    const cut = runOf(planOf([chain]), eventsOf({ kind: 'started' }, stepEvent(chain, 0, 'running')));
    app.state = stateOf([vmOf()], { runs: [cut] });
    render(Recover, { run: 'r1' });
    const button = screen.getByRole('button', { name: t('wizard.leaveAsIs') });
    expect(button).toHaveProperty('disabled', true);
    const [, , leave] = screen.getAllByRole('radio');
    expect(leave?.getAttribute('aria-checked')).toBe('false');
    if (leave) await fireEvent.click(leave);
    answer([]);
    await screen.findByText('Recommended');
    expect(leave?.getAttribute('aria-checked')).toBe('true');
    expect(screen.getByRole('button', { name: t('wizard.leaveAsIs') })).toHaveProperty('disabled', false);
  });
});
