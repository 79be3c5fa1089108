/** How a catalogued value and its setting are called: one place, so that every table says the same. */
import type { Message } from '../text/index.js';
import type { ChangePath } from './goal.js';
import type { Value } from './plan.js';
import { parsePath, type VmProperty } from './vm-settings.js';

const names: Readonly<Record<VmProperty, Message>> = {
  power: { key: 'plan.namePower' },
  savedState: { key: 'plan.nameSavedState' },
  version: { key: 'plan.nameVersion' },
  'memory.startup': { key: 'plan.nameStartup' },
  'memory.minimum': { key: 'plan.nameMinimum' },
  'memory.maximum': { key: 'plan.nameMaximum' },
  nesting: { key: 'plan.nameNesting' },
  stopAction: { key: 'plan.nameStopAction' },
  automaticCheckpoints: { key: 'plan.nameCheckpoints' },
  macSpoofing: { key: 'plan.nameSpoofing' },
};

export function nameOfSetting(path: ChangePath): Message {
  const parsed = parsePath(path);
  if (!parsed) return { key: 'plan.valueText', params: { value: path } };
  return names[parsed.property];
}

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
  return { key: 'plan.valueText', params: { value } };
}
