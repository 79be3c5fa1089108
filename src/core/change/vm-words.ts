/** How a catalogued value and its setting are called: one place, so that every table says the same. */
import type { Message } from '../../text/index.js';
import type { ChangePath } from '../machine/goal.js';
import type { Role } from '../machine/machine.js';
import { nameOfThingKind } from '../network/things.js';
import type { Value } from './plan.js';
import { parsePath, type VmProperty } from './settings.js';

const names: Readonly<Record<VmProperty, Message>> = {
  power: { key: 'plan.namePower' },
  savedState: { key: 'plan.nameSavedState' },
  version: { key: 'plan.nameVersion' },
  'memory.dynamic': { key: 'plan.nameDynamic' },
  'memory.startup': { key: 'plan.nameStartup' },
  'memory.minimum': { key: 'plan.nameMinimum' },
  'memory.maximum': { key: 'plan.nameMaximum' },
  nesting: { key: 'plan.nameNesting' },
  stopAction: { key: 'plan.nameStopAction' },
  automaticCheckpoints: { key: 'plan.nameCheckpoints' },
  macSpoofing: { key: 'plan.nameSpoofing' },
  switch: { key: 'plan.nameSwitch' },
  address: { key: 'plan.nameAddress' },
  dns: { key: 'plan.nameDns' },
  role: { key: 'plan.nameRole' },
  made: { key: 'plan.nameMade' },
};

export function nameOfSetting(path: ChangePath): Message {
  const parsed = parsePath(path);
  if (!parsed) return { key: 'plan.valueText', params: { value: path } };
  if (parsed.role) return roleWords[parsed.role];
  if (parsed.made) return nameOfThingKind(parsed.made.what);
  return names[parsed.property];
}

/** As Windows calls them. */
export const roleWords: Readonly<Record<Role, Message>> = {
  'hyper-v': { key: 'plan.roleHyperV' },
  'virtual-machine-platform': { key: 'plan.roleMachinePlatform' },
  'hypervisor-platform': { key: 'plan.roleHypervisorPlatform' },
};

const words: Readonly<Record<string, Message>> = {
  running: { key: 'plan.valueRunning' },
  paused: { key: 'plan.valuePaused' },
  saved: { key: 'plan.valueSaved' },
  off: { key: 'plan.valueOff' },
  On: { key: 'plan.valueOn' },
  Off: { key: 'plan.valueOff' },
  Save: { key: 'plan.valueSave' },
  ShutDown: { key: 'plan.valueShutDown' },
  TurnOff: { key: 'plan.valueTurnOff' },
  '': { key: 'plan.valueNotConnected' },
  dhcp: { key: 'plan.valueDhcp' },
  automatic: { key: 'plan.valueAutomatic' },
  none: { key: 'plan.valueNone' },
  there: { key: 'plan.valueKept' },
  gone: { key: 'plan.valueGone' },
  Enabled: { key: 'plan.valueOn' },
  Disabled: { key: 'plan.valueOff' },
  EnablePending: { key: 'plan.valueOnPending' },
  DisablePending: { key: 'plan.valueOffPending' },
  Absent: { key: 'plan.valueAbsent' },
};

export function wordsOfValue(path: ChangePath, value: Value | undefined): Message {
  if (value === null || value === undefined) return { key: 'plan.valueUnknown' };
  const property = parsePath(path)?.property;
  if (property === 'savedState') return value === true ? { key: 'plan.valueKept' } : { key: 'plan.valueNone' };
  if (typeof value === 'boolean') return value ? { key: 'plan.valueOn' } : { key: 'plan.valueOff' };
  if (typeof value === 'number' && property?.startsWith('memory.'))
    return { key: 'plan.valueBytes', params: { value } };
  if (typeof value === 'number') return { key: 'plan.valueText', params: { value: String(value) } };
  const word = Object.hasOwn(words, value) ? words[value] : undefined;
  if (word) return word;
  if (property === 'address') {
    const [address = value, gateway] = value.split(' via ');
    if (gateway !== undefined) return { key: 'plan.valueStatic', params: { address, gateway } };
  }
  return { key: 'plan.valueText', params: { value } };
}
