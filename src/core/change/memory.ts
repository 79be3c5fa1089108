/** Changes of a VM's memory, in an order that Windows takes. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { MemoryWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { parsePath, pathOf } from './paths.js';
import type { Change, Part, Value } from './step.js';
import { withValue } from './values.js';

const fields = ['dynamic', 'startup', 'minimum', 'maximum'] as const;
type Field = (typeof fields)[number];

/** All of a VM's memory that Windows may change along with a part of it. */
export const memoryPaths = (vm: Vm['id']) => fields.map((field) => pathOf(vm, `memory.${field}`));

export const isMemory = ({ path }: Pick<Change, 'path'>): boolean =>
  parsePath(path)?.property.startsWith('memory.') ?? false;

/** The memory as it would be. */
export const memoryAfter = (vm: Vm, changes: readonly Change[]): Vm['memory'] =>
  changes.filter(isMemory).reduce((made, { path, to }) => withValue(made, path, to), vm).memory;

/** The wish that changes amount to. */
export const memoryWantOf = (vm: Vm, changes: readonly Change[]): MemoryWant => {
  const valueOf = (field: Field): Value | undefined =>
    changes.find(({ path }) => path === pathOf(vm.id, `memory.${field}`))?.to;
  const bytes = (field: Exclude<Field, 'dynamic'>): Partial<Record<typeof field, number>> => {
    const value = valueOf(field);
    return typeof value === 'number' ? { [field]: value } : {};
  };
  const dynamic = valueOf('dynamic');
  return {
    ...(typeof dynamic === 'boolean' ? { dynamic } : {}),
    ...bytes('startup'),
    ...bytes('minimum'),
    ...bytes('maximum'),
  };
};

/**
 * One call: a value without those that go along with it can be refused. Only limits that are to stay behind when dynamic memory
 * goes off take a call of their own before it: without dynamic memory Windows takes none.
 */
export function memorySteps(at: MachineRef, vm: Vm, changes: readonly Change[]): readonly Part[] {
  const to = memoryWantOf(vm, changes);
  const isLimit = ({ path }: Change): boolean => /m(?:in|ax)imum$/.test(path);
  if (to.dynamic !== false || !changes.some(isLimit)) return [memoryStep(at, vm, changes)];
  const { startup, minimum, maximum } = memoryAfter(vm, changes);
  const path = pathOf(vm.id, 'memory.startup');
  const now = vm.memory.startup ?? null;
  // As long as dynamic memory is on, startup lies between the limits, whatever fixed memory starts with after it.
  const between =
    startup === undefined ? undefined : Math.max(minimum ?? startup, Math.min(maximum ?? startup, startup));
  const before: readonly Change[] = between === undefined || between === now ? [] : [{ path, from: now, to: between }];
  const last: readonly Change[] =
    startup === undefined || between === undefined || between === startup ? [] : [{ path, from: between, to: startup }];
  return [
    memoryStep(at, vm, [...before, ...changes.filter(isLimit)]),
    memoryStep(at, vm, [...changes.filter((change) => change.path === pathOf(vm.id, 'memory.dynamic')), ...last]),
  ];
}

function memoryStep(at: MachineRef, vm: Vm, changes: readonly Change[]): Part {
  const { dynamic, startup, minimum, maximum } = memoryWantOf(vm, changes);
  return {
    title:
      dynamic !== undefined
        ? { key: dynamic ? 'plan.dynamicOn' : 'plan.dynamicOff' }
        : startup !== undefined
          ? { key: 'plan.setMemory', params: { to: startup } }
          : minimum !== undefined && maximum !== undefined
            ? { key: 'plan.setLimits', params: { minimum, maximum } }
            : maximum !== undefined
              ? { key: 'plan.setMaximum', params: { to: maximum } }
              : { key: 'plan.setMinimum', params: { to: minimum ?? 0 } },
    do: {
      call: {
        cmdlet: 'Set-VMMemory',
        params: {
          ...(dynamic === undefined ? {} : { DynamicMemoryEnabled: dynamic }),
          ...(startup === undefined ? {} : { StartupBytes: startup }),
          ...(minimum === undefined ? {} : { MinimumBytes: minimum }),
          ...(maximum === undefined ? {} : { MaximumBytes: maximum }),
        },
        at,
        on: { vm: vm.id },
      },
    },
    kind: 'setting',
    changes,
  };
}
