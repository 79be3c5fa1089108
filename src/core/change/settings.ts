/**
 * The one table of a VM's catalogued values: one row says how a value is read, asked for, written, undone and called. Planner,
 * runner, undo and the tables of the window all use it.
 */
import type { Message } from '../../text/index.js';
import type { AdapterId } from '../cmdlets/call.js';
import { enums } from '../cmdlets/catalog.js';
import type { MemoryWant, NestedAdapterWant, PlannedWant, VmWant } from '../machine/goal.js';
import type { Adapter, HostFacts, RoleState, StopAction, Vm, VmState } from '../machine/machine.js';
import { roleWords } from '../machine/roles.js';
import { compareVersions, isSaved, isTransitional, newestOf, type Power, powerOf } from '../machine/vm-state.js';
import {
  addressAt,
  AUTOMATIC,
  DHCP,
  dnsAt,
  NO_ADDRESS,
  parseStatic,
  withAddress,
  withDns,
} from '../network/addresses.js';
import { NOT_FORWARDED, parseTarget, targetAt } from '../network/mappings.js';
import { isThere, nameOfThingKind } from '../network/things.js';
import { UNKNOWN } from '../network/thing-row.js';
import { memoryAsked } from './limits.js';
import { adapterPath, isOneOf, type VmProperty } from './paths.js';
import { serviceSettings } from './services.js';
import { own, row, text, type Setting, type Typed, type Which } from './setting.js';
import type { Value } from './step.js';
import { byId, ifRead } from '../machine/reading.js';

const onOff = (is: boolean): Message => ({ key: is ? 'plan.valueOn' : 'plan.valueOff' });

const isBoolean = (value: Value): value is boolean => typeof value === 'boolean';
const isNumber = (value: Value): value is number => typeof value === 'number';
const isString = (value: Value): value is string => typeof value === 'string';

const adapterOf = (vm: Vm, id: AdapterId | undefined): Adapter | undefined => byId(vm.adapters, id);
const withAdapter = (vm: Vm, id: AdapterId | undefined, change: Partial<Adapter>): Vm =>
  ifRead(vm.adapters, vm, (all) => ({
    ...vm,
    adapters: all.map((adapter) => (adapter.id === id ? { ...adapter, ...change } : adapter)),
  }));
/** Of a VM inside, or of the VM itself. */
function pluggedWant({ vm, inside, adapter }: Which, want: NestedAdapterWant): PlannedWant {
  if (adapter === undefined) return {};
  return inside === undefined ? { own: { [adapter]: want } } : { nested: { [vm]: { [adapter]: want } } };
}

const states: Readonly<Record<Power, VmState>> = { running: 'Running', paused: 'Paused', saved: 'Saved', off: 'Off' };
const powers = ['running', 'paused', 'saved', 'off'] as const;
const powerWords = {
  running: { key: 'plan.valueRunning' },
  paused: { key: 'plan.valuePaused' },
  saved: { key: 'plan.valueSaved' },
  off: { key: 'plan.valueOff' },
} as const;
const stopWords = {
  Save: { key: 'plan.valueSave' },
  ShutDown: { key: 'plan.valueShutDown' },
  TurnOff: { key: 'plan.valueTurnOff' },
} as const;

/** Windows upgrades to its newest version only, and never down. */
function versionAsked({ version }: VmWant, vm: Vm, host: HostFacts): string | undefined {
  if (version === undefined || (vm.version !== undefined && compareVersions(version, vm.version) <= 0))
    return undefined;
  return newestOf(host.supportedVersions) ?? version;
}

/** Startup and its limits go in one call (change/memory.ts), since one without the others can be refused. */
const memory = <V extends boolean | number>(
  field: keyof MemoryWant,
  typed: Pick<Typed<V>, 'is' | 'name' | 'say'>,
): Setting => {
  const valueIn = (of: Vm['memory'] | MemoryWant): V | undefined => {
    const value = of[field];
    return value !== undefined && typed.is(value) ? value : undefined;
  };
  return own<V>(`memory.${field}`, (want, vm) => valueIn(memoryAsked(vm.memory, want.memory ?? {})), {
    ...typed,
    needsOff: 'at-times',
    oneWay: false,
    read: (vm) => valueIn(vm.memory),
    set: (vm, value) => ({ ...vm, memory: { ...vm.memory, [field]: value } }),
    want: (value) => ({ memory: { [field]: value } }),
  });
};
const sayBytes = (value: number): Message => ({ key: 'plan.valueBytes', params: { value } });

/** Where several are changed, in the order in which they are written: the version first, since nesting may need it. */
export const settings: Readonly<Record<VmProperty, Setting>> = {
  power: row<Power>({
    is: isOneOf(powers),
    name: { key: 'plan.namePower' },
    say: (value) => powerWords[value],
    needsOff: false,
    oneWay: false,
    read: powerOf,
    set: (vm, value) => ({ ...vm, state: states[value] }),
    want: (value) => (value === 'running' || value === 'off' ? { power: value } : {}),
  }),
  savedState: row<boolean>({
    is: isBoolean,
    name: { key: 'plan.nameSavedState' },
    say: (value) => ({ key: value ? 'plan.valueKept' : 'plan.valueNone' }),
    needsOff: false,
    oneWay: { key: 'plan.oneWaySavedState' },
    read: ({ state }) => (state === undefined || isTransitional(state) ? undefined : isSaved(state)),
    set: (vm, value) => (!value && isSaved(vm.state) ? { ...vm, state: 'Off' } : vm),
  }),
  version: own<string>('version', versionAsked, {
    is: isString,
    name: { key: 'plan.nameVersion' },
    say: text,
    needsOff: true,
    oneWay: { key: 'plan.oneWayVersion' },
    read: (vm) => vm.version,
    set: (vm, value) => ({ ...vm, version: value }),
    want: (value) => ({ version: value }),
    write: (at, to, { vm }) => ({
      title: { key: 'plan.upgradeVersion', params: { to } },
      call: { cmdlet: 'Update-VMVersion', params: {}, at, on: { vm } },
    }),
  }),
  'memory.dynamic': memory('dynamic', { is: isBoolean, name: { key: 'plan.nameDynamic' }, say: onOff }),
  'memory.startup': memory('startup', { is: isNumber, name: { key: 'plan.nameStartup' }, say: sayBytes }),
  'memory.minimum': memory('minimum', { is: isNumber, name: { key: 'plan.nameMinimum' }, say: sayBytes }),
  'memory.maximum': memory('maximum', { is: isNumber, name: { key: 'plan.nameMaximum' }, say: sayBytes }),
  nesting: own<boolean>('nesting', ({ nesting }) => nesting, {
    is: isBoolean,
    name: { key: 'plan.nameNesting' },
    say: onOff,
    needsOff: true,
    oneWay: false,
    read: (vm) => vm.nesting,
    set: (vm, value) => ({ ...vm, nesting: value }),
    want: (value) => ({ nesting: value }),
    write: (at, to, { vm }) => ({
      title: { key: to ? 'plan.nestingOn' : 'plan.nestingOff' },
      call: { cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: to }, at, on: { vm } },
    }),
  }),
  stopAction: own<StopAction>('stopAction', ({ stopAction }) => stopAction, {
    is: isOneOf(enums.StopAction),
    name: { key: 'plan.nameStopAction' },
    say: (value) => stopWords[value],
    needsOff: false,
    oneWay: false,
    read: (vm) => vm.stopAction,
    set: (vm, value) => ({ ...vm, stopAction: value }),
    want: (value) => ({ stopAction: value }),
    write: (at, to, { vm }) => ({
      title: { key: 'plan.setStopAction' },
      call: { cmdlet: 'Set-VM', params: { AutomaticStopAction: to }, at, on: { vm } },
    }),
  }),
  automaticCheckpoints: own<boolean>('automaticCheckpoints', ({ automaticCheckpoints }) => automaticCheckpoints, {
    is: isBoolean,
    name: { key: 'plan.nameCheckpoints' },
    say: onOff,
    needsOff: false,
    oneWay: false,
    read: (vm) => vm.automaticCheckpoints,
    set: (vm, value) => ({ ...vm, automaticCheckpoints: value }),
    want: (value) => ({ automaticCheckpoints: value }),
    write: (at, to, { vm }) => ({
      title: { key: to ? 'plan.checkpointsOn' : 'plan.checkpointsOff' },
      call: { cmdlet: 'Set-VM', params: { AutomaticCheckpointsEnabled: to }, at, on: { vm } },
    }),
  }),
  macSpoofing: row<'On' | 'Off'>(
    {
      is: isOneOf(['On', 'Off']),
      name: { key: 'plan.nameSpoofing' },
      say: (value) => onOff(value === 'On'),
      needsOff: false,
      oneWay: false,
      read: (vm, { adapter }) => adapterOf(vm, adapter)?.macSpoofing,
      set: (vm, value, { adapter }) => withAdapter(vm, adapter, { macSpoofing: value }),
      want: (value, { inside, adapter }) =>
        inside !== undefined || adapter === undefined ? {} : { adapters: { [adapter]: { macSpoofing: value } } },
      write: (at, to, { vm, adapter }) =>
        adapter === undefined
          ? undefined
          : {
              title: { key: to === 'On' ? 'plan.spoofingOn' : 'plan.spoofingOff' },
              call: { cmdlet: 'Set-VMNetworkAdapter', params: { MacAddressSpoofing: to }, at, on: { vm, adapter } },
            },
    },
    ({ adapters = {} }, vm) =>
      Object.entries(adapters).flatMap(([id, { macSpoofing: to }]) =>
        to === undefined ? [] : [{ path: adapterPath(vm.id, id, 'macSpoofing'), to }],
      ),
  ),
  /** The name of the switch; empty: not connected. */
  switch: row<string>({
    is: isString,
    name: { key: 'plan.nameSwitch' },
    say: (value) => (value === '' ? { key: 'plan.valueNotConnected' } : text(value)),
    needsOff: false,
    oneWay: false,
    read: (vm, { adapter }) => {
      const { switchId, switchName } = adapterOf(vm, adapter) ?? {};
      return switchId === null ? '' : switchId === undefined ? undefined : switchName;
    },
    set: (vm, value, { adapter }) =>
      withAdapter(vm, adapter, { switchName: value, switchId: value === '' ? null : UNKNOWN }),
    want: (value, which) => pluggedWant(which, { switch: value === '' ? null : value }),
  }),
  address: row<string>({
    is: isString,
    name: { key: 'plan.nameAddress' },
    say: sayAddress,
    needsOff: false,
    oneWay: false,
    read: (vm, { adapter }) => addressAt(vm, adapter),
    set: (vm, value, { adapter }) => withAddress(vm, adapter, value),
    want: (value, which) => {
      const address = parseStatic(value);
      return address === undefined ? {} : pluggedWant(which, { address });
    },
  }),
  dns: row<string>({
    is: isString,
    name: { key: 'plan.nameDns' },
    say: (value) => (value === AUTOMATIC ? { key: 'plan.valueAutomatic' } : text(value)),
    needsOff: false,
    oneWay: false,
    read: (vm, { adapter }) => dnsAt(vm, adapter),
    set: (vm, value, { adapter }) => withDns(vm, adapter, value),
    want: (value, which) => pluggedWant(which, { dns: value === AUTOMATIC ? AUTOMATIC : value.split(' ') }),
  }),
  role: row<RoleState>({
    is: isOneOf([...enums.FeatureState, 'Absent']),
    name: ({ role }) => (role === undefined ? { key: 'plan.nameRole' } : roleWords(role)),
    say: (value) => roleStateWords[value] ?? text(value),
    needsOff: false,
    oneWay: false,
    read: (vm, { role }) => (role === undefined ? undefined : vm.guest?.inside?.roles[role]),
    set: (vm, value, { role }) => {
      const { inside } = vm.guest ?? {};
      if (!vm.guest || !inside || role === undefined) return vm;
      return { ...vm, guest: { ...vm.guest, inside: { ...inside, roles: { ...inside.roles, [role]: value } } } };
    },
    want: (value, { role }) =>
      role === undefined ? {} : { roles: { [role]: value === 'Enabled' || value === 'EnablePending' } },
  }),
  ...serviceSettings,
  /** Where a port of the host leads. One that led here and no longer does is handed on again. */
  port: row<string>({
    is: isString,
    name: ({ port }) => ({
      key: 'ports.made',
      params: { protocol: port?.protocol ?? '', port: String(port?.hostPort ?? '') },
    }),
    say: (value) => (value === NOT_FORWARDED ? { key: 'plan.valueNone' } : text(value)),
    needsOff: false,
    oneWay: false,
    read: (_, { port }, around) => (port && around ? targetAt(around, port) : undefined),
    want: (value, { port }) => {
      const target = value === NOT_FORWARDED ? { vmPort: null } : parseTarget(value);
      return port && target ? { ports: [{ ...port, ...target }] } : {};
    },
  }),
  /** Whether it is still there, as exactly what was made. What has gone is not made again. */
  made: row<'there' | 'gone'>({
    is: isOneOf(['there', 'gone']),
    name: ({ made }) => (made === undefined ? { key: 'plan.nameMade' } : nameOfThingKind(made.what)),
    say: (value) => ({ key: value === 'there' ? 'plan.valueKept' : 'plan.valueGone' }),
    needsOff: false,
    oneWay: true,
    read: (vm, { made }, around) => {
      const home = made?.isAround ? around : vm.guest;
      return made && home && isThere(home, { ...made, vm: vm.id });
    },
  }),
};

const roleStateWords: Readonly<Partial<Record<RoleState, Message>>> = {
  Enabled: { key: 'plan.valueOn' },
  Disabled: { key: 'plan.valueOff' },
  EnablePending: { key: 'plan.valueOnPending' },
  DisablePending: { key: 'plan.valueOffPending' },
  Absent: { key: 'plan.valueAbsent' },
};

function sayAddress(value: string): Message {
  if (value === DHCP) return { key: 'plan.valueDhcp' };
  if (value === NO_ADDRESS) return { key: 'plan.valueNone' };
  const [address = value, gateway] = value.split(' via ');
  return gateway === undefined ? text(value) : { key: 'plan.valueStatic', params: { address, gateway } };
}
