/** What a run needs of the app to be carried out. */
import type { VmRef, MachineRef } from '../cmdlets/ref.js';
import type { PlanResult } from '../change/step.js';
import type { Failure, Guid, Host } from '../cmdlets/call.js';
import type { VmGoal } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { RunHappening } from './record.js';

/** Whose VMs are read, and which machines are looked into for what a step needs to know. */
export interface Where {
  readonly at: MachineRef;
  readonly inside?: readonly VmRef[];
  /** Roles too: that takes seconds. */
  readonly roles?: boolean;
  /** The switches, addresses and NAT networks of the machine that the VMs are in, too. */
  readonly around?: boolean;
}

export interface RunDeps {
  readonly host: Host;
  /** Full reads; a VM that is gone is left out. Fails when it could not be read. */
  readonly readVms: (ids: readonly Guid[], where: Where) => Promise<readonly Vm[] | Failure>;
  /** This PC as it is known: what is free is free over it too. Its addresses and routes are read again just before. */
  readonly root?: () => Machine | null;
  readonly readNetwork?: () => Promise<Failure | undefined>;
  /** Resolves when it is written down and flushed; false: that cannot be done, and it is only told. Never rejects. */
  readonly record: (happening: RunHappening) => Promise<boolean>;
  /** Plans the rest for one VM as it is now. */
  readonly planAgain: (goal: VmGoal, vm: Vm, firstNumber: number) => PlanResult;
  /** Waits for a turn at this VM: two changes on one VM never overlap, over all runs. */
  readonly lock: (vm: VmRef) => Promise<() => void>;
  /** Seconds, on the app's clock. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Seconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** The reason of a stop that no person asked for: the sign-in ends. What was under way is finished, and what ran before runs again. */
export const INTERRUPTED = 'interrupted';
export const isInterrupted = ({ signal }: Pick<RunDeps, 'signal'>): boolean =>
  signal.aborted && signal.reason === INTERRUPTED;

export const isStopped = ({ signal }: Pick<RunDeps, 'signal'>): boolean => signal.aborted;
