/**
 * The one table of a VM's catalogued values: how each is read, which call writes it, whether the VM must be off for it, and
 * whether it can be undone. Planner, runner, undo and the tables of the window all use it.
 */
import type { AdapterId, Guid, HostCall, MachineRef } from '../cmdlets/call.js';
import { enums } from '../cmdlets/catalog.js';
import { addressAt, AUTOMATIC, dnsAt, parseStatic, withAddress, withDns } from '../network/addresses.js';
import type { AdapterWant, ChangePath, Thing, ThingKind, VmWant } from '../machine/goal.js';
import { isThere, isThingKind } from '../network/things.js';
import type { Adapter, Role, RoleState, StopAction, Vm, VmState } from '../machine/machine.js';
import { roleNames } from '../machine/network-snapshot.js';
import type { Value } from './plan.js';
import { isSaved, isTransitional, plainState } from '../machine/vm-state.js';

export type VmProperty =
  | 'power'
  | 'savedState'
  | 'version'
  | 'memory.dynamic'
  | 'memory.startup'
  | 'memory.minimum'
  | 'memory.maximum'
  | 'nesting'
  | 'stopAction'
  | 'automaticCheckpoints'
  | AdapterProperty
  | 'role'
  | 'made';
type AdapterProperty = 'macSpoofing' | 'switch' | 'address' | 'dns';

export interface ParsedPath {
  readonly vm: Guid;
  /** The VM that it is inside of, and in whose chain it is changed. */
  readonly inside?: Guid;
  readonly property: VmProperty;
  readonly adapter?: AdapterId;
  readonly role?: Role;
  readonly made?: { readonly what: ThingKind; readonly id: string };
}
/** What of a path, beside its property, says which value is meant. */
type Which = Pick<ParsedPath, 'adapter' | 'role' | 'made'>;

export type Power = 'running' | 'paused' | 'saved' | 'off';

/** undefined: not known, or on its way from one to another. */
export function powerOf({ state }: Pick<Vm, 'state'>): Power | undefined {
  if (state === undefined || isTransitional(state)) return undefined;
  if (isSaved(state)) return 'saved';
  const plain = plainState(state);
  return plain === 'Running' ? 'running' : plain === 'Paused' ? 'paused' : 'off';
}

interface Setting {
  readonly read: (vm: Vm, which: Which) => Value | undefined;
  /** `at-times`: what is changed, and what the VM does, decide (memoryNeedsOff). */
  readonly needsOff: boolean | 'at-times';
  readonly oneWay: boolean;
  /** A copy of the VM with this value: what a plan will have made of it. */
  readonly set: (vm: Vm, value: Value, which: Which) => Vm;
  /** The wish for this value. */
  readonly want: (value: Value, which: Which) => VmWant;
}

const adapterOf = (vm: Vm, id: AdapterId | undefined): Adapter | undefined =>
  vm.adapters?.find((adapter) => adapter.id === id);
const withAdapter = (vm: Vm, id: AdapterId | undefined, change: Partial<Adapter>): Vm =>
  vm.adapters
    ? { ...vm, adapters: vm.adapters.map((adapter) => (adapter.id === id ? { ...adapter, ...change } : adapter)) }
    : vm;
const adapterWant = (id: AdapterId | undefined, want: AdapterWant): VmWant =>
  id === undefined ? {} : { adapters: { [id]: want } };
const isRoleState = (value: Value): value is RoleState =>
  typeof value === 'string' && (value === 'Absent' || (enums.FeatureState as readonly string[]).includes(value));

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
  'memory.dynamic': {
    read: (vm) => vm.memory.dynamic,
    needsOff: 'at-times',
    oneWay: false,
    set: (vm, value) => (isBoolean(value) ? { ...vm, memory: { ...vm.memory, dynamic: value } } : vm),
    want: (value) => (isBoolean(value) ? { memory: { dynamic: value } } : {}),
  },
  'memory.startup': {
    read: (vm) => vm.memory.startup,
    needsOff: 'at-times',
    oneWay: false,
    set: (vm, value) => (isNumber(value) ? { ...vm, memory: { ...vm.memory, startup: value } } : vm),
    want: (value) => (isNumber(value) ? { memory: { startup: value } } : {}),
  },
  'memory.minimum': {
    read: (vm) => vm.memory.minimum,
    needsOff: 'at-times',
    oneWay: false,
    set: (vm, value) => (isNumber(value) ? { ...vm, memory: { ...vm.memory, minimum: value } } : vm),
    want: (value) => (isNumber(value) ? { memory: { minimum: value } } : {}),
  },
  'memory.maximum': {
    read: (vm) => vm.memory.maximum,
    needsOff: 'at-times',
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
    read: (vm, { adapter }) => adapterOf(vm, adapter)?.macSpoofing,
    needsOff: false,
    oneWay: false,
    set: (vm, value, { adapter }) =>
      value === 'On' || value === 'Off' ? withAdapter(vm, adapter, { macSpoofing: value }) : vm,
    want: (value, { adapter }) =>
      value === 'On' || value === 'Off' ? adapterWant(adapter, { macSpoofing: value }) : {},
  },
  /** The name of the switch; empty: not connected. */
  switch: {
    read: (vm, { adapter }) => {
      const { switchId, switchName } = adapterOf(vm, adapter) ?? {};
      return switchId === null ? '' : switchId === undefined ? undefined : switchName;
    },
    needsOff: false,
    oneWay: false,
    set: (vm, value, { adapter }) =>
      isString(value)
        ? withAdapter(vm, adapter, {
            switchName: value,
            switchId: value === '' ? null : '00000000-0000-0000-0000-000000000000',
          })
        : vm,
    want: (value, { adapter }) =>
      isString(value) ? adapterWant(adapter, { switch: value === '' ? null : value }) : {},
  },
  address: {
    read: (vm, { adapter }) => addressAt(vm, adapter),
    needsOff: false,
    oneWay: false,
    set: (vm, value, { adapter }) => (isString(value) ? withAddress(vm, adapter, value) : vm),
    want: (value, { adapter }) => {
      const address = isString(value) ? parseStatic(value) : undefined;
      return address === undefined ? {} : adapterWant(adapter, { address });
    },
  },
  dns: {
    read: (vm, { adapter }) => dnsAt(vm, adapter),
    needsOff: false,
    oneWay: false,
    set: (vm, value, { adapter }) => (isString(value) ? withDns(vm, adapter, value) : vm),
    want: (value, { adapter }) =>
      isString(value) ? adapterWant(adapter, { dns: value === AUTOMATIC ? AUTOMATIC : value.split(' ') }) : {},
  },
  role: {
    read: (vm, { role }) => (role === undefined ? undefined : vm.guest?.inside?.roles[role]),
    needsOff: false,
    oneWay: false,
    set: (vm, value, { role }) => {
      const { inside } = vm.guest ?? {};
      if (!vm.guest || !inside || role === undefined || !isRoleState(value)) return vm;
      return { ...vm, guest: { ...vm.guest, inside: { ...inside, roles: { ...inside.roles, [role]: value } } } };
    },
    want: (value, { role }) =>
      role === undefined ? {} : { roles: { [role]: value === 'Enabled' || value === 'EnablePending' } },
  },
  /** Whether it is still there, as exactly what was made. What has gone is not made again. */
  made: {
    read: (vm, { made }) => (made === undefined || !vm.guest ? undefined : isThere(vm.guest, made)),
    needsOff: false,
    oneWay: true,
    set: (vm) => vm,
    want: () => ({}),
  },
};

const isProperty = (text: string): text is VmProperty => Object.hasOwn(settings, text);

export const pathOf = (vm: Guid, property: Exclude<VmProperty, AdapterProperty | 'role' | 'made'>): ChangePath =>
  `${vm}/${property}`;
export const adapterPath = (vm: Guid, adapter: AdapterId, property: AdapterProperty = 'macSpoofing'): ChangePath =>
  `${vm}/adapters/${adapter}/${property}`;
/** Of a VM inside another, changed in the chain of that. */
export const insidePath = (outer: Guid, path: ChangePath): ChangePath => `${outer}/${path}`;
export const rolePath = (vm: Guid, role: Role): ChangePath => `${vm}/roles/${role}`;
export const madePath = (vm: Guid, { what, id }: Pick<Thing, 'what' | 'id'>): ChangePath => `${vm}/made/${what}/${id}`;

const isAdapterProperty = (text: string | undefined): text is AdapterProperty =>
  text === 'macSpoofing' || text === 'switch' || text === 'address' || text === 'dns';
const isRole = (text: string): text is Role => (roleNames as readonly string[]).includes(text);

/** undefined: not a path of this catalog (a journal of another version, a hand-made message). */
export function parsePath(path: string): ParsedPath | undefined {
  const vm = path.slice(0, 36);
  const rest = path.slice(37);
  if (path[36] !== '/') return undefined;
  if (/^[0-9a-f-]{36}\//.test(rest)) {
    const inner = parsePath(rest);
    return inner && inner.inside === undefined ? { ...inner, inside: vm } : undefined;
  }
  const [, adapter, property] = /^adapters\/(.+)\/(\w+)$/.exec(rest) ?? [];
  if (adapter !== undefined) return isAdapterProperty(property) ? { vm, property, adapter } : undefined;
  const [, what, id] = /^made\/(\w+)\/(.+)$/.exec(rest) ?? [];
  if (id !== undefined) return isThingKind(what) ? { vm, property: 'made', made: { what, id } } : undefined;
  const role = /^roles\/(.+)$/.exec(rest)?.[1];
  if (role !== undefined) return isRole(role) ? { vm, property: 'role', role } : undefined;
  return isProperty(rest) && !isAdapterProperty(rest) && rest !== 'role' && rest !== 'made'
    ? { vm, property: rest }
    : undefined;
}

/**
 * Whether a value is what was written, or what comes of it by itself: a feature that waits for a restart is on after any
 * restart, and one that needs none at once.
 */
export const isReached = (now: Value | undefined, to: Value): boolean =>
  now === to || (to === 'EnablePending' && now === 'Enabled') || (to === 'DisablePending' && now === 'Disabled');

/** The VM of a path, which may be one inside the VM at hand. By where it is: one inside may have any id, that of its own host too. */
const ownerIn = (vm: Vm, { vm: id, inside }: ParsedPath): Vm | undefined =>
  inside === undefined
    ? vm.id === id
      ? vm
      : undefined
    : vm.id === inside
      ? vm.guest?.vms?.find((nested) => nested.id === id)
      : undefined;

/** undefined: not read, or no such value. */
export function valueAt(vm: Vm, path: ChangePath): Value | undefined {
  const parsed = parsePath(path);
  const owner = parsed && ownerIn(vm, parsed);
  return owner && settings[parsed.property].read(owner, parsed);
}

export function withValue(vm: Vm, path: ChangePath, value: Value): Vm {
  const parsed = parsePath(path);
  if (!parsed) return vm;
  if (parsed.inside === undefined) return parsed.vm !== vm.id ? vm : settings[parsed.property].set(vm, value, parsed);
  const { guest } = vm;
  if (!guest?.vms || parsed.inside !== vm.id) return vm;
  const vms = guest.vms.map((nested) =>
    nested.id === parsed.vm ? settings[parsed.property].set(nested, value, parsed) : nested,
  );
  return { ...vm, guest: { ...guest, vms } };
}

export const isOneWay = (path: ChangePath): boolean => {
  const parsed = parsePath(path);
  return parsed !== undefined && settings[parsed.property].oneWay;
};

type AdapterWants = Readonly<Record<AdapterId, AdapterWant>>;

const mergeAdapters = (a: AdapterWants = {}, b: AdapterWants = {}): AdapterWants => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([id, want]) => [id, { ...a[id], ...want }])),
});

/** Two wishes for one VM as one. */
export const mergeWants = (a: VmWant, b: VmWant): VmWant => ({
  ...a,
  ...b,
  ...(a.memory || b.memory ? { memory: { ...a.memory, ...b.memory } } : {}),
  ...(a.adapters || b.adapters ? { adapters: mergeAdapters(a.adapters, b.adapters) } : {}),
  ...(a.roles || b.roles ? { roles: { ...a.roles, ...b.roles } } : {}),
  ...(a.remove || b.remove ? { remove: [...(a.remove ?? []), ...(b.remove ?? [])] } : {}),
  ...(a.nested || b.nested ? { nested: mergeNested(a.nested, b.nested) } : {}),
});

function mergeNested(a: VmWant['nested'] = {}, b: VmWant['nested'] = {}): NonNullable<VmWant['nested']> {
  const merged = Object.entries(b).map(([vm, adapters]) => [vm, mergeAdapters(a[vm], adapters)] as const);
  return { ...a, ...Object.fromEntries(merged) };
}

/** The wish for a value, in the chain that it is in: of a VM inside where the path is that VM's. */
export function wantFor(path: ChangePath, value: Value): VmWant {
  const parsed = parsePath(path);
  if (!parsed) return {};
  const want = settings[parsed.property].want(value, parsed);
  if (parsed.inside === undefined) return want;
  return want.adapters ? { nested: { [parsed.vm]: want.adapters } } : {};
}

/** The call that writes one value; memory's go in one call, so they are not here. */
export function writeOf(at: MachineRef, { vm, property, adapter, role }: ParsedPath, to: Value): HostCall | undefined {
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
    case 'switch':
      if (adapter === undefined || !isString(to)) return undefined;
      return to === ''
        ? { cmdlet: 'Disconnect-VMNetworkAdapter', params: {}, at, on: { vm, adapter } }
        : { cmdlet: 'Connect-VMNetworkAdapter', params: { SwitchName: to }, at, on: { vm, adapter } };
    case 'role':
      return role === undefined
        ? undefined
        : { cmdlet: roleCmdlet(role, to === 'EnablePending'), params: {}, at: [...at, vm] };
    case 'power':
    case 'savedState':
    case 'address':
    case 'dns':
    case 'made':
    case 'memory.dynamic':
    case 'memory.startup':
    case 'memory.minimum':
    case 'memory.maximum':
      return undefined;
  }
}

function roleCmdlet(role: Role, on: boolean) {
  switch (role) {
    case 'hyper-v':
      return on ? 'Enable-WindowsOptionalFeature/Hyper-V' : 'Disable-WindowsOptionalFeature/Hyper-V';
    case 'virtual-machine-platform':
      return on
        ? 'Enable-WindowsOptionalFeature/VirtualMachinePlatform'
        : 'Disable-WindowsOptionalFeature/VirtualMachinePlatform';
    case 'hypervisor-platform':
      return on
        ? 'Enable-WindowsOptionalFeature/HypervisorPlatform'
        : 'Disable-WindowsOptionalFeature/HypervisorPlatform';
  }
}
