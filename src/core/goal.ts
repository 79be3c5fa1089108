/** A goal is a state that the user wants. It is all that the renderer may ask for. */
import type { AdapterId, Guid, MachineRef } from './call.js';
import type { StopAction } from './machine.js';

export type RunId = string;
export type Consent = 'shut-down' | 'turn-off' | 'drop-saved-state' | 'upgrade-version';

export interface VmWant {
  readonly power?: 'running' | 'off';
  /** What to do with a saved state that is in the way: start it and shut down (keeps the work), or drop it (loses it). */
  readonly savedState?: 'resume' | 'drop';
  readonly nesting?: boolean;
  /** A configuration version, `10.0`; only the newest of the host can be had. One-way. */
  readonly version?: string;
  /** bytes; a startup above the maximum raises that too. */
  readonly memory?: { readonly startup?: number; readonly maximum?: number };
  readonly stopAction?: StopAction;
  readonly automaticCheckpoints?: boolean;
  readonly adapters?: Readonly<Record<AdapterId, { readonly macSpoofing?: 'On' | 'Off' }>>;
}

export interface VmGoal {
  readonly at: MachineRef;
  readonly vm: Guid;
  readonly want: VmWant;
}

/** One value of one VM, as text, so that it can be a key. */
export type ChangePath =
  | `${Guid}/${'power' | 'nesting' | 'version' | 'memory.startup' | 'memory.maximum' | 'stopAction' | 'automaticCheckpoints' | 'savedState'}`
  | `${Guid}/adapters/${AdapterId}/macSpoofing`;

export type Goal =
  | { readonly kind: 'vms'; readonly wants: readonly VmGoal[]; readonly consents: readonly Consent[] }
  /** `also`: values that somebody else changed since and that go back all the same. */
  | {
      readonly kind: 'put-back';
      readonly run: RunId;
      readonly also?: readonly ChangePath[];
      readonly consents: readonly Consent[];
    };
