/** What the answers of Windows mean for reading: gone, late, passing, or to be read again. */
import type { MachineRef } from '../core/cmdlets/ref.js';
import type { CallResult, Failure, Guid } from '../core/cmdlets/call.js';
import { readOf } from '../core/cmdlets/reads.js';
import type { Machine } from '../core/machine/machine.js';
import type { MachinePatch } from '../core/machine/patch.js';
import { tickCalls, tickOf, type Tick } from '../core/machine/tick.js';
import { powerOf } from '../core/machine/vm-state.js';
import { ifRead } from '../core/machine/reading.js';

export interface Reading {
  readonly machine: Machine;
  /** null: the first one. */
  readonly before: Machine | null;
  readonly patch: MachinePatch;
}

/** Which VMs are read in full, whatever the tick says. */
export interface Attention {
  readonly all: boolean;
  readonly vms: readonly Guid[];
  /** The PC was asleep or locked: it may be in another network now. */
  readonly isBack?: boolean;
}

/** Windows did not answer in time: what was known is kept, as old, and it is tried again ever more seldom. */
export class NotRead extends Error {
  override readonly name = 'NotRead';
}

export const isTimedOut = (result: CallResult): boolean =>
  readOf(result).errors.some(({ kind }) => kind === 'timed-out');

/** The service answers, and listing VMs failed, but not for want of the module: the next time it may do. */
export function isPassing(
  tick: CallResult<'Get-CimInstance/Msvm_ComputerSystem'>,
  list: CallResult<'Get-VM'>,
): boolean {
  const { errors } = readOf(list);
  const isLasting = errors.some(({ kind }) => kind === 'module-missing' || kind === 'module-blocked');
  return tickOf(tick) !== undefined && errors.length > 0 && !isLasting;
}

export const probeCalls = (at: MachineRef) =>
  [...tickCalls(at), { cmdlet: 'Get-CimInstance/Win32_Service', params: {}, at }] as const;

/** As one comparable text. */
export function obstacleOf(
  tick: CallResult<'Get-CimInstance/Msvm_ComputerSystem'>,
  services: CallResult<'Get-CimInstance/Win32_Service'>,
): string {
  const states = readOf(services).rows?.map(({ Name, State }) => `${Name} ${State}`);
  const failures = readOf(tick).errors.map(({ kind }) => kind);
  return [tickOf(tick)?.size, ...failures, ...(states ?? ['unread'])].join(' ');
}

export const isSessionGone = (result: CallResult): boolean => goneIn([result]) !== undefined;

export function goneIn(results: readonly CallResult[]): Failure | undefined {
  for (const result of results)
    if ('failed' in result && (result.failed.kind === 'session-lost' || result.failed.kind === 'cancelled'))
      return result.failed;
  return undefined;
}

/** Some VM with nesting on runs. */
export const nestingRuns = (machine: Machine): boolean =>
  ifRead(machine.vms, false, (all) => all.some((vm) => vm.nesting === true && powerOf(vm) === 'running'));

export const hasNat = ({ network, vms }: Machine): boolean =>
  (typeof network?.nats === 'object' && network.nats.length > 0) ||
  ifRead(vms, false, (all) => all.some(({ nats }) => ifRead(nats, false, (own) => own.length > 0)));

/** What could not be read is there, in no state that a tick can tell: the next one reads it again, or finds that it is gone. */
export const withoutFailed = (tick: Tick, failed: ReadonlySet<Guid>): Tick =>
  new Map([...tick].map(([id, row]) => [id, failed.has(id) ? { ...row, EnabledState: inNoState } : row]));
const inNoState = -1;

export const countersCall = (at: MachineRef) =>
  ({ cmdlet: 'Get-CimInstance/HyperVHypervisorVirtualProcessor', params: {}, at }) as const;

/** What is read without rights, with all that only somebody with rights can read as it was. */
export const withVmsOf = ({ vms, host }: Machine, read: Machine): Machine => ({
  ...read,
  vms,
  host: { ...read.host, switches: host.switches, supportedVersions: host.supportedVersions },
});
