/** A plan is the difference between a snapshot and a goal, as ordered steps. It is shown, then carried out, then put back. */
import type { Message } from '../text/index.js';
import type { Guid, HostCall } from './call.js';
import type { Check } from './checks/check.js';
import type { ChangePath, Consent, Goal, VmGoal } from './goal.js';
import type { VmState } from './machine.js';

export type PlanId = string;
export type StepId = string;
/** A catalogued value. Bytes and versions as Windows gives them; null: not known before. */
export type Value = string | number | boolean | null;

export interface Change {
  readonly path: ChangePath;
  readonly from: Value;
  readonly to: Value;
}

export type Condition = { readonly vm: Guid; readonly state: VmState } | { readonly vm: Guid; readonly settled: true };

export interface Step {
  readonly id: StepId;
  /** Counts from 1 over the whole plan: the same number in power line, table, script and run. */
  readonly number: number;
  readonly vm: Guid;
  readonly title: Message;
  readonly do: { readonly call: HostCall } | { readonly wait: Condition; /** seconds */ readonly atMost: number };
  readonly kind: 'power' | 'setting' | 'one-way';
  readonly changes: readonly Change[];
}

/** The off-period of one VM, for the power line. Estimates in seconds; undefined: never measured. */
export interface PowerLine {
  readonly before: 'running' | 'paused' | 'saved' | 'off';
  readonly after: 'running' | 'off';
  /** Steps that run before it goes down, while it is off, and after it is up again. */
  readonly down: readonly StepId[];
  readonly off: readonly StepId[];
  readonly up: readonly StepId[];
  readonly estimate: { readonly down?: number; readonly off?: number; readonly up?: number };
}

/** The steps of one VM, in order. A failure stops its own chain only. */
export interface Chain {
  readonly vm: Guid;
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
  /** What the goal means for each VM (a put-back resolved to wants). */
  readonly wants: readonly VmGoal[];
  /** ISO 8601: when the facts were read that it rests on. */
  readonly readAt: string;
  readonly chains: readonly Chain[];
  /** What must be agreed to before it runs, for which VMs; `given` when the goal has it already. */
  readonly consents: readonly { readonly consent: Consent; readonly vms: readonly Guid[]; readonly given: boolean }[];
  /** What cannot be put back, said before. */
  readonly oneWay: readonly { readonly vm: Guid; readonly path: ChangePath; readonly reason: Message }[];
  /** VMs that are left out, and why. */
  readonly blocked: readonly { readonly vm: Guid; readonly name: string; readonly by: readonly Check[] }[];
}

export type PlanResult =
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'already-so' }
  | {
      readonly kind: 'blocked';
      readonly by: readonly { readonly vm: Guid; readonly name: string; readonly checks: readonly Check[] }[];
    };
