/** Memory: when a VM goes down for it, what is said before, what Windows may refuse as it runs, and that all of it goes back. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemoryWant } from '../../../src/core/machine/goal.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import { planWants } from '../../../src/core/change/plan.js';
import type { Plan, PlanResult } from '../../../src/core/change/step.js';
import { memoryNeedsOff } from '../../../src/core/machine/vm-state.js';
import { pathOf } from '../../../src/core/change/paths.js';
import type { VmSettings } from '../../../simulator/world.js';
import { guid, machineOf, vmOf } from './worlds.js';
import { pcWith, readyOf, story, type Carried, type RunWorld } from './run-world.js';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

const fixed = { dynamicMemory: false, startup: 4 * GiB, minimum: GiB, maximum: 8 * GiB };
const dynamic = { ...fixed, dynamicMemory: true };

const memoryOf = async (pc: RunWorld): Promise<Pick<Vm['memory'], 'dynamic' | 'startup' | 'minimum' | 'maximum'>> => {
  const { memory } = await pc.vm('a');
  const { dynamic: isDynamic, startup, minimum, maximum } = memory;
  return { dynamic: isDynamic, startup, minimum, maximum };
};

/** A PC whose VM runs, read long enough to know whether a hypervisor runs inside. */
async function running(settings: Partial<VmSettings>, startsHypervisor = false): Promise<RunWorld> {
  const pc = pcWith([{ name: 'a', state: 'Running', up: 600, settings, guest: { startsHypervisor } }]);
  await pc.read();
  return pc;
}

const remarksOf = ({ remarks = [] }: Plan): readonly string[] => remarks.map(({ title }) => title.key);
const callsOf = ({ chains }: Plan) =>
  chains.flatMap(({ steps }) =>
    steps.flatMap(({ do: act }) =>
      'call' in act && act.call.cmdlet === 'Set-VMMemory' ? [act.call.params as Partial<Record<string, unknown>>] : [],
    ),
  );

describe('a VM goes down for its memory', () => {
  const isRunning = { state: 'Running', memory: { ...vmOf(1).memory, assigned: 4 * GiB } } as const;
  const isDynamic = { ...isRunning, memory: { ...isRunning.memory, dynamic: true, minimum: GiB } } as const;
  test.each<[string, Partial<Vm>, MemoryWant, ReturnType<typeof memoryNeedsOff>]>([
    ['off: never', {}, { dynamic: true, startup: GiB }, null],
    ['saved', { state: 'Saved' }, { startup: GiB }, 'not-running'],
    ['paused', { state: 'Paused' }, { startup: GiB }, 'not-running'],
    ['its state is not known', { state: undefined }, { startup: GiB }, 'not-running'],
    ['a hypervisor runs inside', { ...isRunning, inside: 'certainly' }, { startup: GiB }, 'inside'],
    ['one runs inside, probably', { ...isDynamic, inside: 'probably' }, { maximum: 2 ** 36 }, 'inside'],
    ['whether one does is not known', { ...isDynamic, inside: 'unknown' }, { maximum: 2 ** 36 }, 'inside-unknown'],
    ['fixed, more', isRunning, { startup: 8 * GiB }, null],
    ['fixed, less', isRunning, { startup: GiB }, null],
    ['fixed, configuration version 6.2', { ...isRunning, version: '6.2' }, { startup: GiB }, null],
    ['fixed, configuration version 5.0', { ...isRunning, version: '5.0' }, { startup: GiB }, 'version'],
    ['fixed, version not known', { ...isRunning, version: undefined }, { startup: GiB }, 'version'],
    ['fixed to dynamic', isRunning, { dynamic: true }, 'dynamic'],
    ['dynamic to fixed', isDynamic, { dynamic: false }, 'dynamic'],
    ['dynamic or not is not known', { ...isDynamic, memory: { ...isDynamic.memory, dynamic: undefined } }, { maximum: 2 ** 36 }, 'dynamic'], // prettier-ignore
    ['dynamic, startup', isDynamic, { startup: 5 * GiB }, 'startup'],
    ['dynamic, the startup that it has', isDynamic, { startup: 4 * GiB, maximum: 16 * GiB }, null],
    ['dynamic, limits wider apart', isDynamic, { minimum: GiB / 2, maximum: 16 * GiB }, null],
    ['dynamic, a higher minimum', isDynamic, { minimum: 2 * GiB }, 'narrower'],
    ['dynamic, a lower maximum', isDynamic, { maximum: 6 * GiB }, 'narrower'],
    ['dynamic, limits not known', { ...isDynamic, memory: { ...isDynamic.memory, maximum: undefined } }, { maximum: 16 * GiB }, 'narrower'], // prettier-ignore
  ])('%s', (_, vm, wanted, reason) => {
    expect(memoryNeedsOff(vmOf(1, vm), wanted)).toBe(reason);
  });

  test('and otherwise nothing stops', async () => {
    const pc = await running(fixed);
    const done = await pc.do('a', { memory: { startup: 6 * GiB } });
    expect(story(done)).toEqual(['done Set-VMMemory']);
    expect((await pc.vm('a')).state).toBe('Running');
    const wider = await running(dynamic);
    const widened = await wider.ready('a', { memory: { minimum: GiB / 2, maximum: 16 * GiB } });
    expect(widened.chains.map(({ power }) => power)).toEqual([null]);
    expect(story(await wider.carryOut(widened))).toEqual(['done Set-VMMemory']);
  });

  test('once, with everything else that needs it, and the plan says why', async () => {
    const pc = await running(dynamic);
    const plan = await pc.ready('a', { nesting: true, memory: { dynamic: false, startup: 6 * GiB } });
    expect(remarksOf(plan)).toEqual(['checks.resizeDynamic']);
    expect(story(await pc.carryOut(plan))).toEqual([
      'done Stop-VM',
      'done Set-VMMemory',
      'done Set-VMProcessor',
      'done Start-VM',
    ]);
    expect(await memoryOf(pc)).toMatchObject({ dynamic: false, startup: 6 * GiB });
  });

  test('where a hypervisor runs inside, and where that is not known', async () => {
    const inside = await running({ ...fixed, nesting: true }, true);
    expect(remarksOf(await inside.ready('a', { memory: { startup: 6 * GiB } }))).toEqual(['checks.resizeInside']);
    const unknown = vmOf(1, { state: 'Running', inside: 'unknown', nesting: true });
    const wants = [{ vm: vmIn(thisPc, unknown.id), want: { memory: { startup: 6 * GiB } } }];
    const plan = readyOf(planWants(machineOf({}, [unknown]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' }));
    expect(remarksOf(plan)).toEqual(['checks.resizeUnknown']);
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['shut-down']);
  });
});

describe('what cannot be is said before', () => {
  test.each<[string, MemoryWant, string]>([
    ['more than this PC has', { startup: 65 * GiB }, 'checks.memoryBeyond'],
    ['not whole 2 MB', { startup: 4 * GiB + MiB }, 'checks.memorySize'],
    ['too little', { minimum: 16 * MiB }, 'checks.memorySize'],
    ['too much', { maximum: 13 * 2 ** 40 }, 'checks.memorySize'],
    ['limits crossed', { minimum: 6 * GiB }, 'checks.memoryBelow'],
  ])('%s', async (_, memory, key) => {
    const pc = pcWith([{ name: 'a', settings: dynamic }]);
    expect(await pc.plan('a', { memory })).toMatchObject({ kind: 'blocked', by: [{ checks: [{ title: { key } }] }] });
  });

  test('a startup that is not free now is a warning with numbers, where the VM is to run', () => {
    const others = [vmOf(2, { state: 'Running', memory: { ...vmOf(2).memory, assigned: 20 * GiB } })];
    const plans = (vm: Partial<Vm>, startup: number, power?: 'running'): Plan => {
      const machine = machineOf({ freeMemory: 10 * GiB }, [vmOf(1, vm), ...others]);
      const wants = [{ vm: vmIn(thisPc, guid(1)), want: { memory: { startup }, ...(power ? { power } : {}) } }];
      return readyOf(planWants(machine, { kind: 'vms', wants, consents: [] }, wants, { id: 'p' }));
    };
    const holds = { state: 'Running', memory: { ...vmOf(1).memory, assigned: 4 * GiB } } as const;
    expect(plans({}, 16 * GiB).remarks).toBeUndefined();
    expect(plans({}, 10 * GiB, 'running').remarks).toBeUndefined();
    // What it holds now comes back to it.
    expect(plans(holds, 14 * GiB).remarks).toBeUndefined();
    const [remark] = plans(holds, 16 * GiB).remarks ?? [];
    expect(remark).toMatchObject({
      verdict: 'warning',
      title: { key: 'checks.memoryNotFree', params: { memory: 16 * GiB, free: 14 * GiB } },
      why: { params: { count: 1, total: 20 * GiB } },
    });
    expect(remark?.evidence).toContainEqual({ source: 'vm-2', value: 20 * GiB });
    expect(plans({}, 12 * GiB, 'running').remarks?.map(({ title }) => title.key)).toEqual(['checks.memoryNotFree']);
  });

  test('less than the VMs inside need is advice in the plan', () => {
    const inside = [vmOf(20, { memory: { ...vmOf(20).memory, startup: 3 * GiB } })];
    const vm = vmOf(1, { state: 'Running', guest: machineOf({}, inside) });
    const wants = [{ vm: vmIn(thisPc, vm.id), want: { memory: { startup: 2 * GiB } } }];
    const plan = readyOf(planWants(machineOf({}, [vm]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' }));
    expect(remarksOf(plan)).toContain('checks.nestedMemory');
  });
});

describe('a resize that Windows refuses as it runs', () => {
  const refuse = (pc: RunWorld): void => {
    pc.simulator.fault({ cmdlet: 'Set-VMMemory', effect: { kind: 'error', error: 'set-memory-nested-running' } });
  };

  test('stops there, says so, and offers the change with the machine off', async () => {
    const pc = await running(fixed);
    refuse(pc);
    const done = await pc.do('a', { memory: { startup: 6 * GiB } });
    expect(story(done)).toEqual(['failed Set-VMMemory', 'stopped, offer while-off']);
    expect(done.events).toContainEqual(
      expect.objectContaining({ why: { key: 'plan.stoppedHeld', params: { vm: 'a' } } }),
    );
    expect(await memoryOf(pc)).toMatchObject({ startup: 4 * GiB });
    const again = await pc.plan('a', { memory: { startup: 6 * GiB } });
    expect(remarksOf(readyOf(again))).toEqual(['checks.resizeRefused']);
    expect(story(await pc.carryOut(readyOf(again)))).toEqual(['done Stop-VM', 'done Set-VMMemory', 'done Start-VM']);
    expect(await memoryOf(pc)).toMatchObject({ startup: 6 * GiB });
  });

  test('for want of memory or of rights is not helped by turning it off', async () => {
    for (const error of ['set-memory-no-memory', 'access-denied-operation'] as const) {
      const pc = await running(fixed);
      pc.simulator.fault({ cmdlet: 'Set-VMMemory', effect: { kind: 'error', error } });
      expect(story(await pc.do('a', { memory: { startup: 6 * GiB } }))).toEqual(['failed Set-VMMemory']);
    }
  });
});

describe('what Windows changes along with it', () => {
  test('is written down and undone', async () => {
    const pc = pcWith([{ name: 'a', settings: dynamic }]);
    pc.simulator.world.folklore.fixedLimits = 'follow';
    const done = await pc.do('a', { memory: { dynamic: false } });
    expect(await memoryOf(pc)).toEqual({ dynamic: false, startup: 4 * GiB, minimum: 4 * GiB, maximum: 4 * GiB });
    expect(await pc.verdicts(done)).toEqual({
      'memory.dynamic': 'undo',
      'memory.minimum': 'undo',
      'memory.maximum': 'undo',
    });
    const back = readyOf(await pc.undoPlan(done));
    expect(callsOf(back)).toEqual([{ DynamicMemoryEnabled: true, MinimumBytes: GiB, MaximumBytes: 8 * GiB }]);
    await pc.carryOut(back);
    expect(await memoryOf(pc)).toEqual({ dynamic: true, startup: 4 * GiB, minimum: GiB, maximum: 8 * GiB });
  });

  test('limits go back before dynamic memory goes off: without it Windows takes none', async () => {
    const pc = pcWith([{ name: 'a', settings: fixed }]);
    const done = await pc.do('a', { memory: { dynamic: true, startup: 2 * GiB, minimum: 2 * GiB, maximum: 16 * GiB } });
    const back = readyOf(await pc.undoPlan(done));
    expect(callsOf(back)).toEqual([
      { StartupBytes: 4 * GiB, MinimumBytes: GiB, MaximumBytes: 8 * GiB },
      { DynamicMemoryEnabled: false },
    ]);
    await pc.carryOut(back);
    expect(await memoryOf(pc)).toEqual({ dynamic: false, startup: 4 * GiB, minimum: GiB, maximum: 8 * GiB });
  });

  test('a fixed startup outside of the limits goes back all the same', async () => {
    const pc = pcWith([{ name: 'a', settings: { ...fixed, startup: 12 * GiB } }]);
    const done = await pc.do('a', { memory: { dynamic: true } });
    expect(await memoryOf(pc)).toMatchObject({ dynamic: true, maximum: 12 * GiB });
    await pc.carryOut(readyOf(await pc.undoPlan(done)));
    expect(await memoryOf(pc)).toEqual({ dynamic: false, startup: 12 * GiB, minimum: GiB, maximum: 8 * GiB });
  });
});

describe('for any VM and any sequence of wishes for its memory', () => {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  /** Mostly whole; sometimes a size that Windows does not take. */
  const bytes = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 24 }).map((halves) => (halves * GiB) / 2) },
    { weight: 1, arbitrary: fc.constantFrom(GiB + MiB, 16 * MiB, 2 ** 44, 33 * MiB + 1) },
  );
  const wish: fc.Arbitrary<MemoryWant> = fc
    .record({
      dynamic: optional(fc.boolean()),
      startup: optional(bytes),
      minimum: optional(bytes),
      maximum: optional(bytes),
    })
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const lab = fc.record({
    state: fc.constantFrom('Off', 'Running', 'Paused'),
    isDynamic: fc.boolean(),
    startup: fc.integer({ min: 2, max: 12 }),
    minimum: fc.constantFrom(0.25, 0.5, 1),
    maximum: fc.constantFrom(0.5, 1, 2),
    version: fc.constantFrom('5.0', '8.0', '12.0'),
    hasHypervisor: fc.boolean(),
    limits: fc.constantFrom('kept', 'follow'),
    wishes: fc.array(wish, { minLength: 1, maxLength: 4 }),
  });
  type Lab = typeof lab extends fc.Arbitrary<infer T> ? T : never;

  function worldOf({ state, isDynamic, startup, minimum, maximum, version, hasHypervisor, limits }: Lab): RunWorld {
    const settings = {
      dynamicMemory: isDynamic,
      nesting: hasHypervisor && version !== '5.0',
      startup: (startup * GiB) / 2,
      // Fixed memory may start with more than its limits: nothing holds it to them.
      minimum: (startup * Math.min(minimum, maximum) * GiB) / 2,
      maximum: (startup * (isDynamic ? Math.max(1, maximum) : maximum) * GiB) / 2,
      ...(limits === 'follow' && !isDynamic ? { minimum: (startup * GiB) / 2, maximum: (startup * GiB) / 2 } : {}),
    };
    const guest = { startsHypervisor: hasHypervisor };
    const pc = pcWith([{ name: 'a', state, version, settings, guest, ...(state === 'Off' ? {} : { up: 600 }) }]);
    pc.simulator.world.folklore.fixedLimits = limits;
    return pc;
  }

  /** As it is after each call of a plan. */
  function expectInOrder(plan: Plan, before: Vm): void {
    let { dynamic: isOn, startup = 0, minimum = 0, maximum = 0 } = before.memory;
    for (const call of callsOf(plan)) {
      const { DynamicMemoryEnabled, StartupBytes, MinimumBytes, MaximumBytes } = call;
      if (typeof DynamicMemoryEnabled === 'boolean') isOn = DynamicMemoryEnabled;
      if (typeof StartupBytes === 'number') startup = StartupBytes;
      if (typeof MinimumBytes === 'number') minimum = MinimumBytes;
      if (typeof MaximumBytes === 'number') maximum = MaximumBytes;
      // Windows refuses limits without dynamic memory.
      if (isOn !== true) expect([MinimumBytes, MaximumBytes]).toEqual([undefined, undefined]);
      else expect(minimum <= startup && startup <= maximum, JSON.stringify(plan.chains)).toBe(true);
      for (const size of [StartupBytes, MinimumBytes, MaximumBytes])
        if (typeof size === 'number') {
          expect(size % (2 * MiB)).toBe(0);
          expect(size).toBeGreaterThanOrEqual(32 * MiB);
          expect(size).toBeLessThanOrEqual(12 * 2 ** 40);
        }
    }
  }

  const expectSound = async (pc: RunWorld): Promise<void> => {
    const now = await memoryOf(pc);
    if (now.dynamic)
      expect((now.minimum ?? 0) <= (now.startup ?? 0) && (now.startup ?? 0) <= (now.maximum ?? 0)).toBe(true);
  };

  /** A hypervisor may have come up inside since it was planned: refused, it is done with the machine off. */
  async function finish(pc: RunWorld, plan: Plan, again: () => Promise<PlanResult>): Promise<Carried> {
    const done = await pc.carryOut(plan);
    if (!story(done).includes('stopped, offer while-off')) {
      expect(done.outcome, story(done).join()).toBe('done');
      return done;
    }
    const next = await pc.carryOut(readyOf(await again()));
    expect(next.outcome, story(next).join()).toBe('done');
    return next;
  }

  test('the plan keeps startup between the limits, Windows takes it, and undoing restores all four', async () => {
    let carried = 0;
    let twice = 0;
    await fc.assert(
      fc.asyncProperty(lab, async (one) => {
        const pc = worldOf(one);
        await pc.read();
        const states = [await memoryOf(pc)];
        const runs: Carried[] = [];
        for (const memory of one.wishes) {
          const before = await pc.vm('a');
          const result = await pc.plan('a', { memory });
          if (result.kind !== 'ready') continue;
          expectInOrder(result.plan, before);
          const done = await finish(pc, result.plan, () => pc.plan('a', { memory }));
          const now = await memoryOf(pc);
          for (const { path, to } of result.plan.chains.flatMap(({ steps }) => steps.at(-1)?.changes ?? []))
            if (path === pathOf(pc.id('a'), 'memory.startup')) expect(now.startup).toBe(to);
          await expectSound(pc);
          runs.push(done);
          states.push(now);
          carried++;
        }
        for (const run of runs.toReversed()) {
          states.pop();
          const before = await pc.vm('a');
          const back = await pc.undoPlan(run);
          if (back.kind === 'ready') {
            expectInOrder(back.plan, before);
            if (callsOf(back.plan).length > 1) twice++;
            await finish(pc, back.plan, () => pc.undoPlan(run));
          }
          expect(await memoryOf(pc)).toEqual(states.at(-1));
        }
      }),
      { numRuns: 150 },
    );
    // A property that holds for lack of plans says nothing.
    expect(carried).toBeGreaterThan(100);
    expect(twice).toBeGreaterThan(0);
  }, 60_000);
});
