import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/core/cmdlets/call.js';
import type { Goal, VmWant } from '../../../src/core/machine/goal.js';
import {
  howToChange,
  needsReview,
  oneClick,
  type HowToChange,
  type OneClick,
  type Planner,
} from '../../../src/core/change/one-click.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import { planWants } from '../../../src/core/change/plan.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { readWorld } from '../shell/a-machine.js';
import { adapterId, guid, machineOf, vmOf } from './worlds.js';

const on = { nesting: true } as const;
const spoofing = (...adapters: readonly number[]): VmWant => ({
  adapters: Object.fromEntries(adapters.map((n) => [adapterId(n), { macSpoofing: 'On' as const }])),
});
const adapters = (...numbers: readonly number[]): Vm['adapters'] =>
  numbers.flatMap((n) => (vmOf(n).adapters ?? []).map((adapter) => ({ ...adapter, id: adapterId(n) })));

describe('what a click does', () => {
  it.each<[string, Partial<Vm>, VmWant, HowToChange]>([
    ['nesting on, off', {}, on, 'now'],
    ['nesting off, off', { nesting: true }, { nesting: false }, 'now'],
    ['nesting on, running', { state: 'Running' }, on, 'review'],
    ['nesting on, saved', { state: 'Saved' }, on, 'review'],
    ['nesting on, too old a version', { version: '5.0' }, on, 'review'],
    ['nesting on, not read', { nesting: undefined }, on, 'no'],
    ['nesting on, starting', { state: 'Starting' }, on, 'no'],
    ['spoofing, one adapter', { state: 'Running' }, spoofing(1), 'now'],
    ['spoofing, one of two', { adapters: adapters(1, 2) }, spoofing(2), 'now'],
    ['spoofing, two at once', { adapters: adapters(1, 2) }, spoofing(1, 2), 'review'],
    ['spoofing, no adapter', { adapters: [] }, spoofing(), 'no'],
    ['spoofing, an adapter that is gone', {}, spoofing(7), 'no'],
    ['start', {}, { power: 'running' }, 'now'],
    ['start, saved', { state: 'Saved' }, { power: 'running' }, 'now'],
    ['resume', { state: 'Paused' }, { power: 'running' }, 'now'],
    ['start, running already', { state: 'Running' }, { power: 'running' }, 'no'],
    ['shut down', { state: 'Running' }, { power: 'off' }, 'review'],
    ['shut down, nobody to hear it', { state: 'Running', shutdownService: 'off' }, { power: 'off' }, 'no'],
    ['memory', {}, { memory: { startup: 2 ** 32 } }, 'review'],
    ['two things at once', {}, { nesting: true, power: 'running' }, 'review'],
    ['two things, one of them impossible', { state: 'Running' }, { nesting: true, power: 'running' }, 'no'],
  ])('%s', (_what, but, want, how) => {
    const vm = vmOf(1, but);
    expect(howToChange(machineOf({}, [vm]), vm, want)).toBe(how);
  });

  it('is nothing where the host cannot nest', () => {
    const vm = vmOf(1);
    const host = machineOf({ windows: { caption: 'Windows 10', build: 10240, sku: 48, server: false } }, [vm]);
    expect(howToChange(host, vm, on)).toBe('no');
  });
});

// Otherwise a click without … would open the wizard, or say that it cannot be done.
it.each<ScenarioName>([
  'workstation',
  'two-adapters',
  'lab-of-300',
  'amd-on-windows-11',
  'hostile-names',
  'locked-guest',
])('%s: what is promised at once has nothing to agree to in its plan', async (scenario) => {
  const machine = (await readWorld(scenario)).machine();
  const seen = new Set<HowToChange>();
  for (const vm of machine.vms ?? []) {
    const [adapter] = vm.adapters ?? [];
    const wants: readonly VmWant[] = [
      { nesting: vm.nesting !== true },
      { power: 'running' },
      { power: 'off' },
      ...(adapter
        ? [{ adapters: { [adapter.id]: { macSpoofing: adapter.macSpoofing === 'On' ? 'Off' : 'On' } as const } }]
        : []),
    ];
    for (const want of wants) {
      const how = howToChange(machine, vm, want);
      seen.add(how);
      const goals = [{ vm: vmIn(thisPc, vm.id), want }];
      const goal: Goal = { kind: 'vms', wants: goals, consents: [] };
      const result = planWants(machine, goal, goals, { id: 'plan' });
      const runs = result.kind === 'ready' && !needsReview(result.plan);
      if (how === 'now') expect(runs, `${vm.name} ${String(vm.state)} ${JSON.stringify(want)}`).toBe(true);
      if (how === 'review') expect(runs, `${vm.name} ${String(vm.state)} ${JSON.stringify(want)}`).toBe(false);
    }
  }
  expect(seen).toContain('now');
});

describe('what came of a click', () => {
  const wants = [{ vm: vmIn(thisPc, guid(1)), want: on }];
  const goal: Goal = { kind: 'vms', wants, consents: [] };
  const unread: Failure = { kind: 'timed-out' };
  const planned = (but: Partial<Vm>) => ({
    result: planWants(machineOf({}, [vmOf(1, but)]), goal, wants, { id: 'p' }),
  });
  type Start = Awaited<ReturnType<Planner['start']>>;
  const started: Start = { kind: 'started', run: 'r' };

  it.each<[string, Awaited<ReturnType<Planner['plan']>>, Start, Partial<OneClick>, readonly string[]]>([
    ['it runs', planned({}), started, { kind: 'started' }, ['p']],
    ['so already', planned({ nesting: true }), started, { kind: 'already' }, []],
    ['something stops', planned({ state: 'Running' }), started, { kind: 'review' }, []],
    ['its state forbids it', planned({ state: 'Starting' }), started, { kind: 'refused', by: 'check' }, []],
    ['not read', unread, started, { kind: 'refused', by: 'failure' }, []],
    ['not read again', planned({}), { kind: 'unreadable', failure: unread }, { kind: 'refused', by: 'failure' }, ['p']],
    ['it changed meanwhile', planned({}), { kind: 'changed' }, { kind: 'review' }, ['p']],
  ])('%s', async (_, plan, start, came, begun) => {
    const asked: string[] = [];
    const planner: Planner = {
      plan: () => Promise.resolve(plan),
      start: (id) => {
        asked.push(id);
        return Promise.resolve(start);
      },
    };
    expect(await oneClick(planner, goal)).toMatchObject(came);
    expect(asked).toEqual(begun);
  });
});
