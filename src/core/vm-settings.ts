/**
 * The one table of a VM's catalogued values: how each is read, which call writes it, whether the VM must be off for it, and
 * whether it can be put back. Planner, runner, put-back and the tables of the window all use it.
 */
import type { AdapterId, Guid, HostCall, MachineRef } from './call.js';
import type { ChangePath, VmWant } from './goal.js';
import type { StopAction, Vm, VmState } from './machine.js';
import type { Value } from './plan.js';
import { isSaved, isTransitional, plainState } from './vm-rules.js';

export type VmProperty =
  | 'power'
  | 'savedState'
  | 'version'
  | 'memory.startup'
  | 'memory.minimum'
  | 'memory.maximum'
  | 'nesting'
  | 'stopAction'
  | 'automaticCheckpoints'
  | 'macSpoofing';

export interface ParsedPath {
  readonly vm: Guid;
  readonly property: VmProperty;
  readonly adapter?: AdapterId;
}

export type Power = 'running' | 'paused' | 'saved' | 'off';

/** undefined: not known, or on its way from one to another. */
export function powerOf({ state }: Pick<Vm, 'state'>): Power | undefined {
  if (state === undefined || isTransitional(state)) return undefined;
  if (isSaved(state)) return 'saved';
  const plain = plainState(state);
  return plain === 'Running' ? 'running' : plain === 'Paused' ? 'paused' : 'off';
}

interface Setting {
  readonly read: (vm: Vm, adapter: AdapterId | undefined) => Value | undefined;
  readonly needsOff: boolean;
  readonly oneWay: boolean;
  /** A copy of the VM with this value: what a plan will have made of it. */
  readonly set: (vm: Vm, value: Value, adapter: AdapterId | undefined) => Vm;
  /** The wish for this value. */
  readonly want: (value: Value, adapter: AdapterId | undefined) => VmWant;
}

const states: Readonly<Record<Power, VmState>> = { running: 'Running', paused: 'Paused', saved: 'Saved', off: 'Off' };
const isPower = (value: Value): value is Power => typeof value === 'string' && Object.hasOwn(states, value);
const isStopAction = (value: Value): value is StopAction =>
  value === 'Save' || value === 'ShutDown' || value === 'TurnOff';
const isBoolean = (value: Value): value is boolean => typeof value === 'boolean';
const isNumber = (value: Value): value is number => typeof value === 'number';
const isString = (value: Value): value is string => typeof value === 'string';

export const settings: Readonly<Record<VmProperty, Setting>> = {
  power: {
    read: powerOf,
    needsOff: false,
    oneWay: false,
    set: (vm, value) => (isPower(value) ? { ...vm, state: states[value] } : vm),
    want: (value) => (value === 'running' || value === 'off' ? { power: value } : {}),
  },
  savedState: {
    read: ({ state }) => (state === undefined || isTransitional(state) ? undefined : isSaved(state)),
    needsOff: false,
    oneWay: true,
    set: (vm, value) => (value === false && isSaved(vm.state) ? { ...vm, state: 'Off' } : vm),
    want: () => ({}),
  },
  version: {
    read: (vm) => vm.version,
    needsOff: true,
    oneWay: true,
    set: (vm, value) => (isString(value) ? { ...vm, version: value } : vm),
    want: (value) => (isString(value) ? { version: value } : {}),
  },
  'memory.startup': {
    read: (vm) => vm.memory.startup,
    needsOff: true,
    oneWay: false,
    set: (vm, value) => (isNumber(value) ? { ...vm, memory: { ...vm.memory, startup: value } } : vm),
    want: (value) => (isNumber(value) ? { memory: { startup: value } } : {}),
  },
  'memory.minimum': {
    read: (vm) => vm.memory.minimum,
    needsOff: true,
    oneWay: false,
    set: (vm, value) => (isNumber(value) ? { ...vm, memory: { ...vm.memory, minimum: value } } : vm),
    want: (value) => (isNumber(value) ? { memory: { minimum: value } } : {}),
  },
  'memory.maximum': {
    read: (vm) => vm.memory.maximum,
    needsOff: true,
    oneWay: false,
    set: (vm, value) => (isNumber(value) ? { ...vm, memory: { ...vm.memory, maximum: value } } : vm),
    want: (value) => (isNumber(value) ? { memory: { maximum: value } } : {}),
  },
  nesting: {
    read: (vm) => vm.nesting,
    needsOff: true,
    oneWay: false,
    set: (vm, value) => (isBoolean(value) ? { ...vm, nesting: value } : vm),
    want: (value) => (isBoolean(value) ? { nesting: value } : {}),
  },
  stopAction: {
    read: (vm) => vm.stopAction,
    needsOff: false,
    oneWay: false,
    set: (vm, value) => (isStopAction(value) ? { ...vm, stopAction: value } : vm),
    want: (value) => (isStopAction(value) ? { stopAction: value } : {}),
  },
  automaticCheckpoints: {
    read: (vm) => vm.automaticCheckpoints,
    needsOff: false,
    oneWay: false,
    set: (vm, value) => (isBoolean(value) ? { ...vm, automaticCheckpoints: value } : vm),
    want: (value) => (isBoolean(value) ? { automaticCheckpoints: value } : {}),
  },
  macSpoofing: {
    read: (vm, id) => vm.adapters?.find((adapter) => adapter.id === id)?.macSpoofing,
    needsOff: false,
    oneWay: false,
    set: (vm, value, id) =>
      (value === 'On' || value === 'Off') && vm.adapters
        ? {
            ...vm,
            adapters: vm.adapters.map((adapter) => (adapter.id === id ? { ...adapter, macSpoofing: value } : adapter)),
          }
        : vm,
    want: (value, id) =>
      (value === 'On' || value === 'Off') && id !== undefined ? { adapters: { [id]: { macSpoofing: value } } } : {},
  },
};

const isProperty = (text: string): text is VmProperty => Object.hasOwn(settings, text);

export const pathOf = (vm: Guid, property: Exclude<VmProperty, 'macSpoofing'>): ChangePath => `${vm}/${property}`;
export const adapterPath = (vm: Guid, adapter: AdapterId): ChangePath => `${vm}/adapters/${adapter}/macSpoofing`;

/** undefined: not a path of this catalog (a journal of another version, a hand-made message). */
export function parsePath(path: string): ParsedPath | undefined {
  const vm = path.slice(0, 36);
  const rest = path.slice(37);
  if (path[36] !== '/') return undefined;
  const adapter = /^adapters\/(.+)\/macSpoofing$/.exec(rest)?.[1];
  if (adapter !== undefined) return { vm, property: 'macSpoofing', adapter };
  return isProperty(rest) && rest !== 'macSpoofing' ? { vm, property: rest } : undefined;
}

/** undefined: not read, or no such value. */
export function valueAt(vm: Vm, path: ChangePath): Value | undefined {
  const parsed = parsePath(path);
  return parsed && settings[parsed.property].read(vm, parsed.adapter);
}

export function withValue(vm: Vm, path: ChangePath, value: Value): Vm {
  const parsed = parsePath(path);
  return parsed ? settings[parsed.property].set(vm, value, parsed.adapter) : vm;
}

export const isOneWay = (path: ChangePath): boolean => {
  const parsed = parsePath(path);
  return parsed !== undefined && settings[parsed.property].oneWay;
};

/** Two wishes for one VM as one. */
export const mergeWants = (a: VmWant, b: VmWant): VmWant => ({
  ...a,
  ...b,
  ...(a.memory || b.memory ? { memory: { ...a.memory, ...b.memory } } : {}),
  ...(a.adapters || b.adapters ? { adapters: { ...a.adapters, ...b.adapters } } : {}),
});

export function wantFor(path: ChangePath, value: Value): VmWant {
  const parsed = parsePath(path);
  return parsed ? settings[parsed.property].want(value, parsed.adapter) : {};
}

/** The call that writes one value; memory's two go in one call, so they are not here. */
export function writeOf(at: MachineRef, { vm, property, adapter }: ParsedPath, to: Value): HostCall | undefined {
  const on = { vm } as const;
  switch (property) {
    case 'nesting':
      return isBoolean(to)
        ? { cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: to }, at, on }
        : undefined;
    case 'stopAction':
      return isStopAction(to) ? { cmdlet: 'Set-VM', params: { AutomaticStopAction: to }, at, on } : undefined;
    case 'automaticCheckpoints':
      return isBoolean(to) ? { cmdlet: 'Set-VM', params: { AutomaticCheckpointsEnabled: to }, at, on } : undefined;
    case 'version':
      return { cmdlet: 'Update-VMVersion', params: {}, at, on };
    case 'macSpoofing':
      return adapter !== undefined && (to === 'On' || to === 'Off')
        ? { cmdlet: 'Set-VMNetworkAdapter', params: { MacAddressSpoofing: to }, at, on: { vm, adapter } }
        : undefined;
    case 'power':
    case 'savedState':
    case 'memory.startup':
    case 'memory.minimum':
    case 'memory.maximum':
      return undefined;
  }
}
