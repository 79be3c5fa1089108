/** What a plan is made of: the values that change, the steps that change them, and a VM's steps as one chain. */
import { hostOf, type HostId, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { Check } from '../checks/check.js';
import type { HostCall } from '../cmdlets/call.js';
import type { ChangePath, Consent, Goal, PlannedGoal, Thing, ThingToMake } from '../machine/goal.js';
import type { VmState } from '../machine/machine.js';
import type { Role } from '../machine/roles.js';
import type { Power } from '../machine/vm-state.js';
import { isCheckpoint } from '../network/things.js';
import { parsePath } from './paths.js';

type PlanId = string;
export type StepId = string;
/** A catalogued value. Bytes and versions as Windows gives them; null: not known before. */
export type Value = string | number | boolean | null;

export interface Change {
  readonly path: ChangePath;
  readonly from: Value;
  readonly to: Value;
}

/**
 * `answers`: the guest's heartbeat is there, so that it can be asked to shut down. `role`: what it is to run is ready inside,
 * or off.
 */
type Condition =
  { readonly vm: VmRef; readonly answers: true } | { readonly vm: VmRef; readonly role: Role; readonly is: boolean };

/** A step before it has its place in a plan. */
export interface Part {
  readonly title: Message;
  readonly do: { readonly call: HostCall } | { readonly wait: Condition; /** seconds */ readonly atMost: number };
  readonly kind: 'power' | 'setting' | 'inside' | 'one-way';
  readonly changes: readonly Change[];
  /** What it makes; its id is known when it is done. */
  readonly makes?: ThingToMake;
  /** What a run has made, and goes by itself: a VM, its disk, what is around a VM that was deleted. */
  readonly removes?: Thing;
}

export interface Step extends Part {
  readonly id: StepId;
  /** Counts from 1 over the whole plan: the same number in power line, table, script and run. */
  readonly number: number;
  readonly vm: VmRef;
}

/** The off-period of one VM, for the power line. Estimates in seconds; undefined: never measured. */
export interface PowerLine {
  readonly before: Power;
  readonly after: 'running' | 'off';
  /** Steps that bring it down, that run while it is off, and that bring it up. */
  readonly down: readonly StepId[];
  readonly off: readonly StepId[];
  readonly up: readonly StepId[];
  readonly estimate: Estimate;
}
/** Seconds, as measured in earlier runs. */
export interface Estimate {
  readonly down?: number;
  readonly off?: number;
  readonly up?: number;
}

/** The steps of one VM, in order. A failure stops its own chain only. */
export interface Chain {
  readonly vm: VmRef;
  readonly name: string;
  readonly steps: readonly Step[];
  /** null: nothing starts or stops. */
  readonly power: PowerLine | null;
  /** Facts the chain rests on, read again before each step: if one changed, it is planned anew. */
  readonly basis: readonly { readonly path: ChangePath; readonly value: Value }[];
  /** Nested VMs that run or are saved inside and go down with it. */
  readonly nested: readonly { readonly name: string; readonly state: VmState }[];
}

export interface Plan {
  readonly id: PlanId;
  readonly goal: Goal;
  /** What the goal means for each VM (an undo resolved to wants). */
  readonly wants: readonly PlannedGoal[];
  /** ISO 8601: when the facts were read that it rests on. */
  readonly readAt: string;
  readonly chains: readonly Chain[];
  /** What must be agreed to before it runs, for which VMs; `given` when the goal has it already. */
  readonly consents: readonly {
    readonly consent: Consent;
    readonly vms: readonly VmRef[];
    readonly given: boolean;
  }[];
  /** What cannot be undone, said before. */
  readonly oneWay: readonly { readonly vm: VmRef; readonly path: ChangePath; readonly reason: Message }[];
  /** What should be known of it before it runs; in the way of nothing. */
  readonly remarks?: readonly Remark[];
  /** VMs that are left out, and why. */
  readonly blocked: readonly { readonly vm: VmRef; readonly name: string; readonly by: readonly Check[] }[];
  /** VMs that are left out because they are not there any more. */
  readonly gone?: readonly Gone[];
}

/** `at`: its PC, where the plan is of several. */
type Remark = Check & { readonly at?: HostId };

export interface Gone {
  readonly vm: VmRef;
  /** As it was called last; the beginning of its id where nobody knows. */
  readonly name: string;
}

/** Agreed to for this VM when the plan was started. */
export const hasAgreed = ({ consents }: Pick<Plan, 'consents'>, vm: VmRef, consent: Consent): boolean =>
  consents.some((one) => one.consent === consent && one.vms.includes(vm));

export type PlanResult =
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'already-so'; readonly gone?: readonly Gone[] }
  | {
      readonly kind: 'blocked';
      readonly by: readonly { readonly vm: VmRef; readonly name: string; readonly checks: readonly Check[] }[];
      readonly gone?: readonly Gone[];
    };

export interface PlanOptions {
  readonly id: PlanId;
  readonly estimates?: ReadonlyMap<VmRef, Estimate>;
  /** Where the numbers go on, for a chain that is planned anew. */
  readonly firstNumber?: number;
  /** VMs whose guest was asked in vain: only these are turned off. Absent: the goal's consents say so. */
  readonly askedInVain?: ReadonlySet<VmRef>;
  /** VMs whose memory Windows refused to change while they ran: it is changed while they are off. */
  readonly refusedRunning?: ReadonlySet<VmRef>;
  /** How the checkpoint of a VM is to be called, that is taken before these steps. Windows has it as data. */
  readonly nameCheckpoint?: (vm: VmRef, steps: readonly Part[]) => string;
  /** How VMs that are gone were called. */
  readonly names?: ReadonlyMap<VmRef, string>;
}

/** What it makes or removes is in the machine that its VM is in, and is not seen with the VM alone. */
export const isAround = ({ makes, changes, vm }: Pick<Step, 'makes' | 'changes' | 'vm'>): boolean =>
  (makes?.at === hostOf(vm) && !isCheckpoint(makes)) ||
  changes.some(({ path }) => {
    const { made, port } = parsePath(path) ?? {};
    return port !== undefined || (made?.isAround === true && !isCheckpoint(made));
  });

/** The machine that a step reaches into: where its call runs, the VM whose role it waits for, or else the one that its VM is in. */
export const reachedBy = ({ do: act, vm }: Pick<Step, 'do' | 'vm'>): MachineRef =>
  'call' in act ? act.call.at : 'role' in act.wait ? vm : hostOf(vm);
