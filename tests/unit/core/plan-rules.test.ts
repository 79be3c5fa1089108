/** The rules of the planner (design §5), each on worlds and wishes at random, carried out on the simulator. */
import { vmIn, thisPc, idOf } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VmWant } from '../../../src/core/machine/goal.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { Plan } from '../../../src/core/change/step.js';
import { renderPlan } from '../../../src/core/change/script.js';
import { compareVersions } from '../../../src/core/machine/vm-state.js';
import { isOneWay, valueAt } from '../../../src/core/change/values.js';
import { parsePath } from '../../../src/core/change/paths.js';
import { powerOf } from '../../../src/core/machine/vm-state.js';
import { settings } from '../../../src/core/change/settings.js';
import type { VmWish } from '../../../simulator/scenarios/build.js';
import { pcWith, type Carried, type RunWorld } from './run-world.js';

const GiB = 2 ** 30;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const wish: fc.Arbitrary<VmWish> = fc
  .record({
    state: fc.constantFrom('Off', 'Running', 'Saved', 'Paused'),
    version: fc.constantFrom('5.0', '8.0', '9.3', '12.0'),
    nesting: fc.boolean(),
    dynamicMemory: fc.boolean(),
    startup: fc.integer({ min: 1, max: 6 }),
    maximum: fc.integer({ min: 6, max: 10 }),
    /** Of the startup. */
    minimum: fc.constantFrom(0.25, 0.5, 1),
    stopAction: fc.constantFrom('Save', 'ShutDown', 'TurnOff'),
    automaticCheckpoints: fc.boolean(),
    macSpoofing: fc.constantFrom('On', 'Off'),
    startsHypervisor: fc.boolean(),
  })
  .map(({ state, version, nesting, startup, minimum, maximum, macSpoofing, startsHypervisor, ...rest }) => ({
    name: '',
    state,
    version,
    macSpoofing,
    guest: { startsHypervisor },
    settings: {
      ...rest,
      // One that could never start stays out: what becomes of it is not the plan's doing.
      nesting: nesting && version !== '5.0',
      startup: startup * GiB,
      minimum: startup * minimum * GiB,
      maximum: maximum * GiB,
    },
  }));

interface Asked extends Omit<VmWant, 'adapters'> {
  readonly spoofing?: 'On' | 'Off' | undefined;
}
const asked: fc.Arbitrary<Asked> = fc
  .record({
    nesting: optional(fc.boolean()),
    version: optional(fc.constant('12.0')),
    startup: optional(fc.integer({ min: 1, max: 12 })),
    dynamic: optional(fc.boolean()),
    stopAction: optional(fc.constantFrom('Save', 'ShutDown', 'TurnOff')),
    automaticCheckpoints: optional(fc.boolean()),
    checkpoint: optional(fc.constant(true)),
    power: optional(fc.constantFrom('running', 'off')),
    savedState: optional(fc.constantFrom('resume', 'drop')),
    spoofing: optional(fc.constantFrom('On', 'Off')),
  })
  .map(({ startup, dynamic, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const memory = {
      ...(startup === undefined ? {} : { startup: startup * GiB }),
      ...(dynamic === undefined ? {} : { dynamic }),
    };
    return { ...given, ...(Object.keys(memory).length === 0 ? {} : { memory }) };
  });

const lab = fc.array(fc.record({ wish, want: optional(asked), turnOff: fc.boolean() }), { minLength: 1, maxLength: 4 });
type Lab = typeof lab extends fc.Arbitrary<infer T> ? T : never;

interface Case {
  readonly pc: RunWorld;
  readonly before: ReadonlyMap<string, Vm>;
  readonly plan: Plan;
  readonly wants: ReadonlyMap<string, VmWant>;
}

/** undefined: nothing to do, or all of it is blocked. */
async function caseOf(vms: Lab): Promise<Case | undefined> {
  const pc = pcWith(vms.map((one, index) => ({ ...one.wish, name: `vm-${index}` })));
  await pc.read();
  const before = await vmsOf(pc);
  const wants = vms.flatMap((one, index) => {
    if (!one.want) return [];
    const { spoofing, ...want } = one.want;
    const vm = [...before.values()].find(({ name }) => name === `vm-${index}`);
    const [adapter] = vm?.adapters ?? [];
    if (!vm || !adapter) return [];
    const adapters = spoofing ? { adapters: { [adapter.id]: { macSpoofing: spoofing } } } : {};
    return [{ vm: vmIn(thisPc, vm.id), want: { ...want, ...adapters } }];
  });
  if (wants.length === 0) return undefined;
  const consents = vms.some(({ turnOff }) => turnOff) ? (['turn-off'] as const) : [];
  const result = await pc.planGoal({ kind: 'vms', wants, consents });
  if (result.kind !== 'ready') return undefined;
  const planned = new Set(result.plan.chains.map(({ vm }) => vm));
  const wanted = wants.filter(({ vm }) => planned.has(vm));
  return { pc, before, plan: result.plan, wants: new Map(wanted.map(({ vm, want }) => [idOf(vm), want])) };
}

const vmsOf = async (pc: RunWorld): Promise<ReadonlyMap<string, Vm>> =>
  new Map(((await pc.read()).vms ?? []).map((vm) => [vm.id, vm]));

const consented = ({ consents }: Plan, vm: string) =>
  consents.flatMap((one) => (one.vms.includes(vmIn(thisPc, vm)) ? [one.consent] : []));

/** Values that are of an adapter, a role or a thing made: not of the VM alone. */
const isOf: readonly string[] = ['macSpoofing', 'switch', 'address', 'dns', 'role', 'made'];

/** Every catalogued value of a VM. */
const valuesOf = (vm: Vm): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(settings).flatMap(([name, { read }]) =>
      isOf.includes(name) ? [] : [[name, read(vm, { vm: vm.id })] as const],
    ),
  ),
  macSpoofing: vm.adapters?.map(({ macSpoofing }) => macSpoofing),
});

const cmdletsOf = (plan: Plan, vm: string): readonly string[] =>
  (plan.chains.find((chain) => idOf(chain.vm) === vm)?.steps ?? []).map(({ do: act }) =>
    'call' in act ? act.call.cmdlet : 'wait',
  );

const always = async (holds: (made: Case) => Promise<void> | void) => {
  let ready = 0;
  await fc.assert(
    fc.asyncProperty(lab, async (vms) => {
      const made = await caseOf(vms);
      if (!made) return;
      ready++;
      await holds(made);
    }),
    { numRuns: 150 },
  );
  // A property that holds for lack of plans says nothing.
  expect(ready).toBeGreaterThan(60);
};

describe('for any VMs and any wishes', () => {
  test('carrying the plan out reaches the goal, and planning again finds nothing to do', async () => {
    await always(async ({ pc, plan, before, wants }) => {
      const done = await pc.carryOut(plan);
      expect(done.outcome).toBe('done');
      const after = await vmsOf(pc);
      for (const [id, want] of wants) {
        const vm = after.get(id);
        const was = before.get(id);
        if (!vm || !was) throw new Error('gone');
        if (want.nesting !== undefined) expect(vm.nesting).toBe(want.nesting);
        if (want.version !== undefined)
          expect(compareVersions(vm.version ?? '', want.version)).toBeGreaterThanOrEqual(0);
        if (want.memory?.startup !== undefined) expect(vm.memory.startup).toBe(want.memory.startup);
        if (want.memory?.dynamic !== undefined) expect(vm.memory.dynamic).toBe(want.memory.dynamic);
        if (want.stopAction) expect(vm.stopAction).toBe(want.stopAction);
        if (want.automaticCheckpoints !== undefined) expect(vm.automaticCheckpoints).toBe(want.automaticCheckpoints);
        for (const [adapter, { macSpoofing }] of Object.entries(want.adapters ?? {}))
          expect(vm.adapters?.find((one) => one.id === adapter)?.macSpoofing).toBe(macSpoofing);
        if (want.power) expect(powerOf(vm)).toBe(want.power);
        // What ran before runs again after.
        else if (powerOf(was) === 'running') expect(powerOf(vm)).toBe('running');
      }
      const goal = { kind: 'vms', wants: plan.wants, consents: [] } as const;
      expect(await pc.planGoal(goal)).toEqual({ kind: 'already-so' });
    });
  });

  test('undoing restores every value that is not one-way', async () => {
    await always(async ({ pc, plan, before }) => {
      const done = await pc.carryOut(plan);
      const back = await pc.undoPlan(done);
      if (back.kind === 'ready') expect((await pc.carryOut(back.plan)).outcome).toBe('done');
      else expect(back.kind).toBe('already-so');
      const after = await vmsOf(pc);
      for (const { path } of changesOf(plan)) {
        const id = parsePath(path)?.vm ?? '';
        const [was, vm] = [before.get(id), after.get(id)];
        if (!was || !vm) throw new Error('gone');
        const found = valueAt(was, path);
        if (isOneWay(path) || found === 'saved' || found === 'paused') {
          expect(plan.oneWay.some((one) => idOf(one.vm) === id)).toBe(true);
          continue;
        }
        expect([path, valueAt(vm, path)]).toEqual([path, found]);
      }
    });
  });

  test('no other VM is touched, and of each VM nothing that was not in the plan', async () => {
    await always(async ({ pc, plan, before }) => {
      const done = await pc.carryOut(plan);
      const planned = new Set(plan.chains.map(({ vm }) => vm));
      for (const { vm } of done.changes) expect(planned.has(vmIn(thisPc, vm))).toBe(true);
      const after = await vmsOf(pc);
      const touched = new Set<string>(changesOf(plan).map(({ path }) => path));
      for (const [id, was] of before) {
        const vm = after.get(id);
        if (!vm) throw new Error('gone');
        if (!planned.has(vmIn(thisPc, id))) expect(valuesOf(vm)).toEqual(valuesOf(was));
        for (const name of [
          'nesting',
          'version',
          'memory.dynamic',
          'memory.startup',
          'memory.minimum',
          'memory.maximum',
          'stopAction',
          'automaticCheckpoints',
        ] as const)
          if (!touched.has(`${id}/${name}`))
            expect(settings[name].read(vm, { vm: vm.id })).toEqual(settings[name].read(was, { vm: was.id }));
      }
    });
  });

  test('power is touched only with consent, the guest is asked first, and nothing is forced', async () => {
    await always(async ({ pc, plan, before, wants }) => {
      for (const { vm } of plan.chains) {
        const cmdlets = cmdletsOf(plan, idOf(vm));
        const consents = consented(plan, idOf(vm));
        const was = powerOf(before.get(idOf(vm)) ?? { state: undefined });
        if (cmdlets.includes('Stop-VM')) expect(consents).toContain('shut-down');
        if (cmdlets.includes('Stop-VM/TurnOff')) {
          expect(consents).toContain('turn-off');
          expect(plan.goal.consents).toContain('turn-off');
        }
        if (cmdlets.includes('Remove-VMSavedState')) expect(consents).toContain('drop-saved-state');
        if (cmdlets.includes('Update-VMVersion')) expect(consents).toContain('upgrade-version');
        // Without one of these it is as it was, or started because that was asked for.
        if (consents.length > 0) continue;
        const { power } = wants.get(idOf(vm)) ?? {};
        if (was !== 'off' || power === undefined)
          for (const name of cmdlets)
            if (name === 'Start-VM' || name === 'Resume-VM') expect(power).toBe('running');
            else if (was !== 'off')
              expect(['Set-VM', 'Set-VMNetworkAdapter', 'Set-VMMemory', 'Checkpoint-VM']).toContain(name);
      }
      const done = await pc.carryOut(plan);
      expect(done.changes.some(({ force }) => force)).toBe(false);
      expect(JSON.stringify(renderPlan(plan))).not.toContain('-Force');
    });
  });

  test('a saved state goes only where that was chosen and agreed to', async () => {
    await always(async ({ pc, plan, before, wants }) => {
      const done = await pc.carryOut(plan);
      const after = await vmsOf(pc);
      for (const [id, was] of before) {
        if (powerOf(was) !== 'saved') continue;
        const want = wants.get(id);
        const dropped = done.changes.some(({ vm, cmdlet }) => vm === id && cmdlet === 'Remove-VMSavedState');
        if (dropped)
          expect([want?.savedState, consented(plan, id)]).toEqual(['drop', expect.arrayContaining(['drop-saved-state'])]); // prettier-ignore
        // Otherwise it is still saved, or its work goes on or was shut down as a guest does it.
        else if (powerOf(after.get(id) ?? was) !== 'saved') expect(cmdletsOf(plan, id)).toContain('Start-VM');
      }
    });
  });

  test('what needs the VM off lies in one off-period, numbers count on, and the power line says where', async () => {
    await always(({ plan }) => {
      expect(plan.chains.flatMap(({ steps }) => steps.map(({ number }) => number))).toEqual(
        plan.chains.flatMap(({ steps }) => steps).map((_, index) => index + 1),
      );
      for (const { steps, power } of plan.chains) {
        const names = steps.map(({ do: act }) => ('call' in act ? act.call.cmdlet : 'wait'));
        const downs = names.filter((name) => ['Stop-VM', 'Stop-VM/TurnOff', 'Remove-VMSavedState'].includes(name));
        expect(downs.length).toBeLessThanOrEqual(1);
        expect(names.filter((name) => name === 'Stop-VM').length).toBeLessThanOrEqual(1);
        const last = names.findLastIndex((name) => ['Start-VM', 'Resume-VM'].includes(name));
        // What could be changed while it runs goes into the off-period too, once there is one.
        const needsOff = steps.flatMap(({ changes }, index) =>
          changes.some(({ path }) => {
            const needs = settings[parsePath(path)?.property ?? 'power'].needsOff;
            return needs === 'at-times' ? downs.length > 0 : needs;
          })
            ? [index]
            : [],
        );
        const down = downs[0] === undefined ? -1 : names.indexOf(downs[0]);
        for (const index of needsOff) {
          expect(index).toBeGreaterThan(down);
          if (power?.after === 'running' && last > down) expect(index).toBeLessThan(last);
        }
        const own = steps.filter(({ makes }) => makes === undefined);
        if (power) expect([...power.down, ...power.off, ...power.up]).toEqual(own.map(({ id }) => id));
        expect(names.lastIndexOf('Checkpoint-VM')).toBeLessThanOrEqual(0);
      }
    });
  });

  test('a failure stops its own chain only', async () => {
    await always(async ({ pc, plan }) => {
      const [broken, ...others] = plan.chains;
      const cmdlet =
        broken &&
        cmdletsOf(plan, idOf(broken.vm))
          .find((name) => name !== 'wait')
          ?.split('/')[0];
      if (!broken || !cmdlet) return;
      pc.simulator.fault({ cmdlet, vm: idOf(broken.vm), effect: { kind: 'error', error: 'access-denied-operation' } });
      const done = await pc.carryOut(plan);
      expect(done.outcome).toBe(others.length > 0 ? 'partly' : firstIs(done, idOf(broken.vm)));
      for (const { steps } of others) for (const { id } of steps) expect(lastStateOf(done, id)).toBe('done');
      expect(broken.steps.map(({ id }) => lastStateOf(done, id))).toContain('failed');
    });
  });
});

const changesOf = ({ chains }: Plan) => chains.flatMap(({ steps }) => steps.flatMap(({ changes }) => changes));

const lastStateOf = ({ events }: Carried, step: string) => {
  const last = events.findLast((event) => event.kind === 'step' && event.step === step);
  return last?.kind === 'step' ? last.state : undefined;
};

/** One chain alone: failed at once, or after something was done. */
const firstIs = ({ events }: Carried, vm: string) =>
  events.some((event) => event.kind === 'step' && idOf(event.vm) === vm && event.state === 'done')
    ? 'partly'
    : 'failed';
