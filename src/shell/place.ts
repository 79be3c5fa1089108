/** Where machines come from, as the rest of the app sees it. */
import type { Host } from '../core/cmdlets/call.js';
import type { Files } from '../core/machine/files.js';
import type { HostId, VmRef } from '../core/cmdlets/ref.js';
import type { CredentialSource } from '../core/cmdlets/credentials.js';
import type { ActResult, ElevatedAct, Source, Tool } from '../ipc/schema.js';
import type { OpenHost } from './connection.js';
import type { WatchClock } from './watcher.js';

/** What differs between this PC and a simulated one. Only main.ts knows how they are made. */
export interface Place {
  readonly source: Source;
  /** The root of all its references. */
  readonly at: HostId;
  /** The folder of its runs: what was done to one world is not undone in another. */
  readonly journal: string;
  /** `credentials`: accounts inside guests, asked for before each batch for one. */
  readonly open: (options: Parameters<OpenHost>[0] & { readonly credentials: CredentialSource }) => Promise<Host>;
  /** Word for word what an elevated act runs. */
  readonly script: (act: ElevatedAct) => string;
  readonly act: (act: Exclude<ElevatedAct, 'allow-session'>) => Promise<ActResult>;
  readonly connect: (vm: VmRef) => Promise<boolean>;
  /** Absent: none of them is there to be opened. */
  readonly fileOf?: (tool: Tool) => string;
  /** The files of its PC: a simulated one never touches a real file. */
  readonly files: Files;
  /** Where this account keeps what it downloads. undefined: not known. */
  readonly downloads: () => string | undefined;
  readonly signOut: () => Promise<boolean>;
  readonly restart: () => Promise<boolean>;
  /** When its Windows was started. Absent: not known. */
  readonly startedAt?: () => Date;
  /** Time of all that waits and is timed: it stands still while the PC sleeps. Absent: this one never does. */
  readonly time?: WatchClock;
  /** The clock of its runs, where a simulated world goes faster: seconds that only go forward, and waiting for some. */
  readonly clock?: RunClock;
  /** The PC goes to sleep, or is awake again: deadlines stand still meanwhile. */
  readonly sleeping: (isAsleep: boolean) => void;
  readonly close: () => Promise<void>;
}

export interface RunClock {
  readonly elapsed: () => number;
  readonly wait: (seconds: number) => Promise<void>;
}

export const runClockOf = (time: WatchClock): RunClock => ({
  elapsed: () => time.now() / 1000,
  wait: (seconds) => new Promise((resolve) => void time.after(seconds * 1000, resolve)),
});
