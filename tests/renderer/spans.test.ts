/** A change of VMs on several PCs, as the window shows it: one review, one run, under the name of each PC. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import Activity from '../../renderer/pages/Activity.svelte';
import Undo from '../../renderer/pages/Undo.svelte';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { textOf, thisPc, vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import { joinPlans, joinScripts, nameOn } from '../../src/core/change/span.js';
import type { Goal } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Plan } from '../../src/core/change/step.js';
import type { RunHappening, RunRecord } from '../../src/core/run/record.js';
import type { AppState, HostState, ShownPlan } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { translator } from '../../src/text/index.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { hostOf } from '../unit/core/worlds.js';
import {
  chainOf,
  changeOf,
  checkOf,
  eventsOf,
  ids,
  planOf,
  restartChain,
  runOf,
  stepEvent,
  stepOf,
  vmOf,
} from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf } from './bridge.js';

const t = translator('en');
const here = t('hosts.thisPc');
const there = 'BUILD-01';
const labelOf = (pc: HostId): string => (pc === thisPc ? here : there);
const click = (name: string | RegExp): Promise<unknown> => fireEvent.click(screen.getByRole('button', { name }));
const words = (): string => document.body.textContent.replaceAll('\u00a0', ' ');
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Both have a VM of the same id and name. */
function stateWith(vm: Vm, runs: readonly (readonly RunRecord[])[] = []): AppState {
  const other: HostState = {
    ...nothingKnown({ kind: 'simulated', scenario: 'workstation', through: 'direct' }),
    machine: { at: otherPc, host: hostOf({ name: 'BUILD-01' }), vms: [vm] },
    runs: runs[1] ?? [],
  };
  return stateOf([vm], {
    runs: runs[0] ?? [],
    hosts: [{ id: otherPc, label: there, address: 'admin@build-01' }],
    others: { [textOf(otherPc)]: other },
  });
}

/** The part of a PC: nesting of its dev-box. */
function partOf(pc: HostId): Plan {
  const step = stepOf(ids.box, 1, 'setting', [changeOf(ids.box, 'nesting', false, true)]);
  const vm = vmIn(pc, ids.box);
  return planOf([chainOf([{ ...step, vm }], { vm, name: 'dev-box' })], { id: `p-${textOf(pc)}` });
}
const goal: Goal = {
  kind: 'vms',
  wants: [thisPc, otherPc].map((pc) => ({ vm: vmIn(pc, ids.box), want: { nesting: true } })),
  consents: [],
};
const scriptFor = ({ chains }: Plan, pc: HostId): ShownPlan['script'] =>
  chains.flatMap(({ steps }) =>
    steps.map(({ id, number }) => ({
      step: id,
      number,
      at: pc,
      lines: [[{ kind: 'cmdlet' as const, text: `Cmdlet-of-${labelOf(pc)}` }]],
    })),
  );
function shownOf(parts: readonly (readonly [HostId, Plan])[], change: Partial<Plan> = {}): ShownPlan {
  const joined = joinPlans(
    { id: 'whole', goal },
    parts.map(([pc, plan]) => ({ plan, label: labelOf(pc) })),
  );
  return {
    result: { kind: 'ready', plan: { ...joined, ...change } },
    script: joinScripts(parts.map(([pc, plan]) => scriptFor(plan, pc))),
    undoScript: [],
  };
}
const parts = [
  [thisPc, partOf(thisPc)],
  [otherPc, partOf(otherPc)],
] as const;
const off = vmOf({ id: ids.box, name: 'dev-box', state: 'Off' });

function recordOf(index: number, ...told: readonly RunHappening[]): RunRecord {
  const [pc, plan] = parts[index] ?? parts[0];
  const id = `r-${textOf(pc)}`;
  const events = eventsOf({ kind: 'started' }, ...told).map((event) => ({ ...event, run: id }));
  const ended = told.find((event) => event.kind === 'ended');
  const outcome = ended?.kind === 'ended' ? { outcome: ended.outcome } : {};
  return runOf(plan, events, { id, span: { id: 'whole', part: index + 1, parts: 2 }, ...outcome });
}
const chainAt = (index: number) => {
  const [chain] = (parts[index] ?? parts[0])[1].chains;
  if (!chain) throw new Error('no chain');
  return chain;
};
const whole = (index: number): RunRecord =>
  recordOf(index, stepEvent(chainAt(index), 0, 'running'), stepEvent(chainAt(index), 0, 'done'), {
    kind: 'ended',
    outcome: 'done',
  });

describe('the review', () => {
  const open = async (shown: ShownPlan = shownOf(parts)) => {
    const main = fakeMain({
      plan: () => shown,
      start: () => ({ kind: 'started', run: 'whole' }),
      saveScript: () => ({ kind: 'saved' }),
    });
    app.state = stateWith(off);
    render(Wizard, { opening: { kind: 'goal', goal } });
    await screen.findByRole('heading', { name: there });
    return main;
  };

  it('has the VMs of each PC under its name, and starts them all with one click', async () => {
    const main = await open();
    for (const name of [here, there]) {
      const section = within(screen.getByRole('region', { name }));
      expect(section.getByText('dev-box')).toBeTruthy();
      expect(section.getByText(t('plan.nameNesting'))).toBeTruthy();
    }
    expect(words()).not.toContain(nameOn('dev-box', there));
    await click(t('wizard.apply'));
    expect(main.asked.filter(({ name }) => name === 'start').map(({ request }) => request)).toEqual([
      { plan: 'whole', consents: [] },
    ]);
  });

  it('speaks of no PC as of this one, and of the shown one again once it is left', async () => {
    await open();
    expect(app.words('host.pc')).toBe('the PC');
    cleanup();
    expect(app.words('host.pc')).toBe('this PC');
    // A page comes before the one that it takes the place of goes.
    const [before, now] = [app.speakOf(null), app.speakOf(null)];
    before();
    expect(app.words('host.pc')).toBe('the PC');
    now();
    expect(app.words('host.pc')).toBe('this PC');
  });

  it('that is left with the VMs of another PC only closes to that PC', async () => {
    fakeMain({ plan: () => shownOf([parts[1]]), watch: () => undefined });
    app.state = stateWith(off);
    const vm = vmIn(otherPc, ids.box);
    route.go({ page: 'wizard', goal: { ...goal, wants: [{ vm, want: { nesting: true } }] } });
    render(Wizard, { opening: { kind: 'goal', goal: { ...goal, wants: [{ vm, want: { nesting: true } }] } } });
    await click(t('wizard.cancel'));
    expect([app.at, route.now]).toEqual([otherPc, { page: 'machines', vm }]);
  });

  it('shows, copies and saves the PowerShell of one PC at a time', async () => {
    const main = await open();
    expect(words()).toContain(`Cmdlet-of-${here}`);
    expect(words()).not.toContain(`Cmdlet-of-${there}`);
    await click(t('wizard.copy'));
    await fireEvent.change(screen.getByRole('combobox'), { target: { value: textOf(otherPc) } });
    expect(words()).toContain(`Cmdlet-of-${there}`);
    expect(words()).not.toContain(`Cmdlet-of-${here}`);
    await click(t('wizard.saveScript'));
    const asked = main.asked.filter(({ name }) => name === 'copyScript' || name === 'saveScript');
    expect(asked.map(({ request }) => request)).toEqual([
      { plan: 'whole', which: 'run', of: thisPc },
      { plan: 'whole', which: 'run', of: otherPc },
    ]);
  });

  it('gives no PowerShell away of a PC that it could not be bound to', async () => {
    await open();
    const state = stateWith(off);
    app.state = { ...state, others: { [textOf(otherPc)]: nothingKnown({ kind: 'host' }) } };
    expect(await screen.findByRole('button', { name: t('wizard.saveScript') })).toBeTruthy();
    await fireEvent.change(screen.getByRole('combobox'), { target: { value: textOf(otherPc) } });
    expect(screen.queryByRole('button', { name: t('wizard.copy') })).toBeNull();
    expect(screen.queryByRole('button', { name: t('wizard.saveScript') })).toBeNull();
    expect(words()).toContain(plain(t('wizard.scriptNoName', { name: there })));
  });

  it('says under the name of a PC that is away why its VMs are left out', async () => {
    const since = '2026-11-24T14:02:00.000Z';
    const title = { key: 'plan.hostAway', params: { host: there, since } } as const;
    const blocked = [
      {
        vm: vmIn(otherPc, ids.box),
        name: nameOn('dev-box', there),
        by: [checkOf({ id: 'host', verdict: 'blocker', title })],
      },
    ];
    await open(shownOf(parts.slice(0, 1), { blocked }));
    const section = within(screen.getByRole('region', { name: there }));
    expect(section.getByText(t.message(title))).toBeTruthy();
    expect(section.getByText('dev-box')).toBeTruthy();
  });

  it('folds each of many PCs to a line, but for one that leaves something out, and says once what is lost', async () => {
    const pcs = [thisPc, ...['1', '2', '3'].map((digit) => hostNamed(`host-${digit.repeat(12)}`))];
    const names = ['A', 'B', 'C'];
    const left = vmIn(pcs[3] ?? thisPc, ids.lab);
    const each = pcs.map((pc) => [pc, partOf(pc)] as const);
    const oneWay = pcs.map((pc) => ({
      vm: vmIn(pc, ids.box),
      path: `${ids.box}/power` as const,
      reason: { key: 'plan.oneWayPower' } as const,
    }));
    const blocked = [{ vm: left, name: 'gone', by: [checkOf({ id: 'host', verdict: 'blocker' })] }];
    fakeMain({ plan: () => shownOf(each, { oneWay, blocked }) });
    const hosts = pcs.slice(1).map((id, at) => ({ id, label: names[at] ?? '', address: 'admin@there' }));
    app.state = { ...stateWith(off), hosts };
    render(Wizard, { opening: { kind: 'goal', goal } });
    await screen.findAllByText('C');
    const open = [...document.querySelectorAll('.pc details')].map((one) => one.hasAttribute('open'));
    expect(open).toEqual([false, false, false, true]);
    expect(screen.getAllByText(t('plan.oneWayPower'))).toHaveLength(1);
    expect(words().split(plain(t('wizard.groupKeep', { count: 1 })))).toHaveLength(9);
  });

  it('tells VMs apart by their PC where their PC is not said', async () => {
    const at = parts.map(([pc]) => vmIn(pc, ids.box));
    const lost = { consent: 'drop-saved-state', vms: at.slice(1), given: false } as const;
    await open(shownOf(parts, { consents: [lost] }));
    expect(words()).toContain(plain(t('wizard.consentDrop', { name: nameOn('dev-box', there) })));
  });

  it('is shown anew where the same value of two VMs of one id has changed', async () => {
    const main = fakeMain({
      plan: () => shownOf(parts),
      start: () => {
        const changed = parts.map(([pc, plan]) => {
          const chains = plan.chains.map((chain) => ({
            ...chain,
            steps: chain.steps.map((step) => ({
              ...step,
              changes: step.changes.map((one) => ({ ...one, from: null })),
            })),
          }));
          return [pc, { ...plan, chains }] as const;
        });
        return { kind: 'changed', plan: shownOf(changed) };
      },
    });
    app.state = stateWith(off);
    render(Wizard, { opening: { kind: 'goal', goal } });
    await screen.findByRole('heading', { name: there });
    await click(t('wizard.apply'));
    await screen.findByText(t('wizard.changedTitle'));
    expect(screen.getByRole('region', { name: there })).toBeTruthy();
    expect(main.asked.filter(({ name }) => name === 'start')).toHaveLength(1);
  });
});

describe('what is chosen for VMs of several PCs', () => {
  it('says nothing of the memory, the processor or the name of one of them', async () => {
    const running = vmOf({ id: ids.box, name: 'dev-box', memory: { ...vmOf().memory, startup: 2 ** 30 } });
    fakeMain({});
    app.state = stateWith(running);
    render(Wizard, { opening: { kind: 'goal', goal } });
    await screen.findByRole('heading', { name: t('wizard.nestingSection') });
    await click(t('wizard.moreSettings'));
    expect(words()).toContain(t('wizard.stopSectionMany'));
    for (const said of ['DEV-PC', 'BUILD-01 ', 'i9-12900K', 'free now']) expect(words()).not.toContain(said);
    expect(screen.queryByRole('complementary', { name: t('wizard.nestLabel') })).toBeNull();
  });
});

describe('the run', () => {
  const running = (index: number): RunRecord => recordOf(index, stepEvent(chainAt(index), 0, 'running'));

  it('has the VMs of each PC under its name, and how many of them are done', () => {
    fakeMain({});
    app.state = { ...stateWith(off, [[whole(0)], [running(1)]]) };
    render(Wizard, { opening: { kind: 'run', run: 'whole' } });
    expect(screen.getByRole('region', { name: there })).toBeTruthy();
    expect(words()).toContain(plain(t('wizard.runManyNow', { done: 1, all: 2 })));
    expect(words()).toContain(plain(t('wizard.doneOf', { done: 0, all: 1 })));
    expect(words()).not.toContain(nameOn('dev-box', there));
  });

  it('is done when all parts are, and is undone as a whole', async () => {
    fakeMain({});
    app.state = stateWith(off, [[whole(0)], [running(1)]]);
    render(Wizard, { opening: { kind: 'run', run: 'whole' } });
    app.state = stateWith(off, [[whole(0)], [whole(1)]]);
    await screen.findByRole('heading', { name: plain(t('wizard.doneMany', { count: 2 })) });
    await click(t('wizard.undoButton'));
    expect(route.now).toEqual({ page: 'undo', run: 'whole' });
  });

  it('names who failed by its PC', async () => {
    const failed = recordOf(
      1,
      stepEvent(chainAt(1), 0, 'running'),
      stepEvent(chainAt(1), 0, 'failed', { failure: { kind: 'session-lost' } }),
      { kind: 'ended', outcome: 'failed' },
    );
    fakeMain({});
    app.state = stateWith(off, [[whole(0)], [failed]]);
    render(Wizard, { opening: { kind: 'run', run: 'whole' } });
    expect(words()).toContain(plain(t('wizard.donePartly', { done: 1, all: 2 })));
    expect(words()).toContain(nameOn('dev-box', there));
  });

  it('is stopped as a whole', async () => {
    const main = fakeMain({});
    app.state = stateWith(off, [[running(0)], [running(1)]]);
    render(Wizard, { opening: { kind: 'run', run: 'whole' } });
    await click(t('wizard.stopAfter'));
    expect(main.asked).toContainEqual({ name: 'cancel', request: { run: 'whole' } });
  });
});

describe('History of one PC', () => {
  it('says that a change is part of one on several, and shows that', async () => {
    fakeMain({ threeWay: () => [] });
    app.state = stateWith(off, [[whole(0)], [whole(1)]]);
    render(Activity, {});
    expect(words()).toContain(plain(t('activity.partOf', { count: 2 })));
    await fireEvent.click(screen.getByRole('button', { expanded: false }));
    await click(t('activity.wholeButton'));
    expect(route.now).toEqual({ page: 'run', run: 'whole' });
  });

  it('shows the whole too where a part of it was cut short, once that is settled', async () => {
    fakeMain({ threeWay: () => [] });
    const cut = recordOf(1, stepEvent(chainAt(1), 0, 'running'));
    const button = () => screen.queryByRole('button', { name: t('activity.wholeButton') });
    app.state = stateWith(off, [[whole(0)], [cut]]);
    render(Activity, {});
    await fireEvent.click(screen.getByRole('button', { expanded: false }));
    expect(button()).toBeNull();
    app.state = stateWith(off, [[whole(0)], [{ ...cut, settled: 'left' }]]);
    await waitFor(() => expect(button()).not.toBeNull());
    cleanup();
    render(Wizard, { opening: { kind: 'run', run: 'whole' } });
    expect(words()).toContain(plain(t('wizard.donePartly', { done: 1, all: 2 })));
  });

  it('undoes its own part, says so, and leads to the undo of all', async () => {
    const run = whole(0);
    const undo: Goal = { kind: 'undo', run: run.id, consents: [] };
    const back = { ...partOf(thisPc), goal: undo };
    fakeMain({ plan: () => ({ result: { kind: 'ready', plan: back }, script: [], undoScript: [], threeWay: [] }) });
    app.state = stateWith(off, [[run], [whole(1)]]);
    render(Undo, { run: run.id });
    await screen.findByText(plain(t('activity.partTitle', { count: 2 })), {
      normalizer: (text) => plain(text),
    });
    await click(t('activity.partAll'));
    expect(route.now).toEqual({ page: 'undo', run: 'whole' });
  });

  it('one undo of all is called by what it undoes, and its VMs are ticked one by one', async () => {
    const undo: Goal = { kind: 'undo', run: 'whole', consents: [] };
    const shown = shownOf(parts);
    if (shown.result.kind !== 'ready') throw new Error('not ready');
    const main = fakeMain({
      plan: () => ({
        ...shown,
        result: { kind: 'ready', plan: { ...(shown.result.kind === 'ready' && shown.result.plan), goal: undo } },
        threeWay: parts.map(([pc]) => ({
          vm: vmIn(pc, ids.box),
          name: nameOn('dev-box', labelOf(pc)),
          path: `${ids.box}/nesting`,
          found: false,
          wrote: true,
          now: true,
          verdict: 'undo',
        })),
      }),
    });
    app.state = stateWith(off, [[whole(0)], [whole(1)]]);
    render(Undo, { run: 'whole' });
    await fireEvent.click(await screen.findByRole('checkbox', { name: nameOn('dev-box', there) }));
    await waitFor(() =>
      expect(main.asked.at(-1)?.request).toEqual({
        goal: { kind: 'undo', run: 'whole', only: [vmIn(thisPc, ids.box)], consents: [] },
      }),
    );
    expect(words()).toContain(
      plain(t('wizard.titleUndo', { title: t('wizard.titleNestingOn', { name: t('app.machines', { count: 2 }) }) })),
    );
  });
});

describe('a change of many VMs of one PC', () => {
  it('has no name of a PC above it', async () => {
    const plan = planOf([restartChain(ids.box, 1, 'dev-box'), restartChain(ids.lab, 5, 'lab')]);
    fakeMain({ plan: () => ({ result: { kind: 'ready', plan }, script: [], undoScript: [] }) });
    app.state = stateWith(off);
    const wants = [ids.box, ids.lab].map((id) => ({ vm: vmIn(thisPc, id), want: { power: 'off' as const } }));
    render(Wizard, { opening: { kind: 'goal', goal: { kind: 'vms', wants, consents: [] } } });
    await screen.findByText(t('wizard.powerTitleMany'));
    expect(screen.queryByRole('heading', { name: here })).toBeNull();
    expect(screen.queryByRole('combobox')).toBeNull();
  });
});
