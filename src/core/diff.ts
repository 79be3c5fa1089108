/** Two snapshots → what changed. Only this crosses to the window after the first full snapshot. */
import type { Guid } from './call.js';
import type { HostFacts, Machine, Vm } from './machine.js';

export interface MachinePatch {
  readonly host?: HostFacts;
  /** VMs that are new or differ in anything but readAt. `order`: all ids, only when the order or the set changed. */
  readonly changed?: readonly Vm[];
  readonly removed?: readonly Guid[];
  readonly order?: readonly Guid[];
  /** The list became unreadable, or readable again. */
  readonly list?: 'unreadable' | 'readable';
  /** ISO 8601: when the machine was last read, changed or not. */
  readonly readAt: string;
}

export type ApplyPatch = (machine: Machine, patch: MachinePatch) => Machine;
