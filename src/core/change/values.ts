/** A VM's values by their paths: read, compared with a wish, said, and asked for again. */
import type { Message } from '../../text/index.js';
import type { AdapterId } from '../cmdlets/call.js';
import type { ChangePath, PlannedWant, VmWant } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { parsePath, type ParsedPath } from './paths.js';
import { mergeServices } from './services.js';
import { settings } from './settings.js';
import type { Change, Value } from './step.js';
import { byId } from '../machine/reading.js';

/**
 * Whether a value is what was written, or what comes of it by itself: a feature that waits for a restart is on after any
 * restart, and one that needs none at once.
 */
export const isReached = (now: Value | undefined, to: Value): boolean =>
  now === to || (to === 'EnablePending' && now === 'Enabled') || (to === 'DisablePending' && now === 'Disabled');

/** The VM of a path, which may be one inside the VM at hand. By where it is: one inside may have any id, that of its own host too. */
const ownerIn = (vm: Vm, { vm: id, inside }: ParsedPath): Vm | undefined =>
  inside === undefined ? (vm.id === id ? vm : undefined) : vm.id === inside ? byId(vm.guest?.vms, id) : undefined;

/** `around`: the machine that the VM is in, for what was made there. undefined: not read, or no such value. */
export function valueAt(vm: Vm, path: ChangePath, around?: Machine): Value | undefined {
  const parsed = parsePath(path);
  const owner = parsed && ownerIn(vm, parsed);
  return owner && settings[parsed.property].read(owner, parsed, around);
}

export function withValue(vm: Vm, path: ChangePath, value: Value): Vm {
  const parsed = parsePath(path);
  if (!parsed) return vm;
  if (parsed.inside === undefined) return parsed.vm !== vm.id ? vm : settings[parsed.property].set(vm, value, parsed);
  const { guest } = vm;
  if (guest?.vms === undefined || parsed.inside !== vm.id) return vm;
  const vms = guest.vms.map((nested) =>
    nested.id === parsed.vm ? settings[parsed.property].set(nested, value, parsed) : nested,
  );
  return { ...vm, guest: { ...guest, vms } };
}

/** The values of the VM itself that differ from the wish, in the order in which they are written. */
export const differenceOf = ({ host }: Machine, vm: Vm, want: VmWant): readonly Change[] =>
  Object.values(settings).flatMap(({ asked }) =>
    asked(want, vm, host).flatMap(({ path, to }): readonly Change[] => {
      const from = valueAt(vm, path);
      return from === to ? [] : [{ path, from: from ?? null, to }];
    }),
  );

export const isOneWay = (path: ChangePath): boolean => {
  const parsed = parsePath(path);
  return parsed !== undefined && settings[parsed.property].oneWay !== false;
};

export function nameOfSetting(path: ChangePath): Message {
  const parsed = parsePath(path);
  if (!parsed) return { key: 'plan.valueText', params: { value: path } };
  const { name } = settings[parsed.property];
  return typeof name === 'function' ? name(parsed) : name;
}

export function wordsOfValue(path: ChangePath, value: Value | undefined): Message {
  if (value === null || value === undefined) return { key: 'plan.valueUnknown' };
  const parsed = parsePath(path);
  return parsed ? settings[parsed.property].say(value) : { key: 'plan.valueText', params: { value: String(value) } };
}

/** The wish for a value, in the chain that it is in: of a VM inside where the path is that VM's. */
export function wantFor(path: ChangePath, value: Value): PlannedWant {
  const parsed = parsePath(path);
  return parsed ? settings[parsed.property].want(value, parsed) : {};
}

function mergeAdapters<Want>(
  a: Readonly<Record<AdapterId, Want>> = {},
  b: Readonly<Record<AdapterId, Want>> = {},
): Readonly<Record<AdapterId, Want>> {
  return { ...a, ...Object.fromEntries(Object.entries(b).map(([id, want]) => [id, { ...a[id], ...want }])) };
}

/** Two wishes for one VM as one. */
export const mergeWants = (a: PlannedWant, b: PlannedWant): PlannedWant => ({
  ...a,
  ...b,
  ...(a.memory || b.memory ? { memory: { ...a.memory, ...b.memory } } : {}),
  ...(a.adapters || b.adapters ? { adapters: mergeAdapters(a.adapters, b.adapters) } : {}),
  ...(a.roles || b.roles ? { roles: { ...a.roles, ...b.roles } } : {}),
  ...(a.ports || b.ports ? { ports: [...(a.ports ?? []), ...(b.ports ?? [])] } : {}),
  ...(a.remove || b.remove ? { remove: [...(a.remove ?? []), ...(b.remove ?? [])] } : {}),
  ...(a.own || b.own ? { own: mergeAdapters(a.own, b.own) } : {}),
  ...(a.nested || b.nested ? { nested: mergeNested(a.nested, b.nested) } : {}),
  ...(a.services || b.services ? { services: mergeServices(a.services, b.services) } : {}),
});

function mergeNested(a: PlannedWant['nested'] = {}, b: PlannedWant['nested'] = {}): NonNullable<PlannedWant['nested']> {
  const merged = Object.entries(b).map(([vm, adapters]) => [vm, mergeAdapters(a[vm], adapters)] as const);
  return { ...a, ...Object.fromEntries(merged) };
}
