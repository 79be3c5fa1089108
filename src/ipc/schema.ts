/**
 * The one const from which both ends of IPC are derived: calls (window → main, request checked by zod in main) and events
 * (main → window). The window proposes goals and plan ids; never a cmdlet, never a script.
 */
import { isHostText, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { z } from 'zod';
import type { Failure } from '../core/cmdlets/call.js';
import type { Goal } from '../core/machine/goal.js';
import type { FoundFiles } from '../core/machine/files.js';
import type { HostKeys, HostStep } from '../core/machine/hosts.js';
import type { MachinePatch } from '../core/machine/patch.js';
import { oneShots } from '../core/machine/machine.js';
import type { MemorySample } from '../core/machine/memory-history.js';
import type { Symptom } from '../core/errors/symptoms.js';
import { purposes } from '../core/checks/purposes.js';
import type { PlanResult } from '../core/change/step.js';
import type { ThreeWay } from '../core/run/undo.js';
import type { RunEvent, RunRecord } from '../core/run/record.js';
import type { ScriptPart } from '../core/change/script.js';
import { languageTags, type Language } from '../text/index.js';
import type { EnterResult } from './guests.js';
import { noticeKinds, type FileFault, type Notice } from './notices.js';
import { hostRequests, type AddAnswer, type RemoveAnswer, type TestAnswer } from './hosts.js';
import type { ProblemReport } from './report.js';
import type { HostState, ShownHost, Installation } from './state.js';
import { opened, updateActs, updateWishes, type Updating } from './updates.js';
import { consent, goalSchema, guestRef, id, ownVm, vmRef } from './goal-schema.js';

/** `new`: nobody has seen it; `open`: left in the middle, or being done; `closed`: finished or skipped. What is done is never kept: it is read. */
const setupSchema = z.strictObject({
  state: z.enum(['new', 'open', 'closed']),
  purpose: z.enum(purposes).nullable(),
  vm: ownVm.nullable(),
});

const settingsSchema = z.strictObject({
  language: z.enum(['system', ...languageTags]),
  theme: z.enum(['system', 'light', 'dark']),
  zoom: z.int().min(50).max(400), // of the window, in per cent
  startWithWindows: z.boolean(),
  closeToTray: z.boolean(),
  notifications: z.boolean(),
  updates: z.enum(updateWishes),
  /** Where machines come from. `auto`: this PC where it has Hyper-V, else the simulated workstation. */
  source: z.enum(['auto', 'this-pc', 'simulated']),
  scenario: z.string().max(60),
  /** Guided setup. */
  setup: setupSchema,
});
export type Settings = z.infer<typeof settingsSchema>;
export type { Connection, Ended, HostState, Installation, ShownHost, Source } from './state.js';

/** What is known of one PC here is of this PC. */
export interface AppState extends HostState {
  readonly version: string;
  readonly installation: Installation;
  /** Where the app comes from; null: nobody has published it. */
  readonly repository: string | null;
  /** null: this copy cannot look for a newer version, and says nothing of it. */
  readonly updates: Updating | null;
  readonly language: Language;
  /** Light or dark, after settings and system. */
  readonly theme: 'light' | 'dark';
  readonly settings: Settings;
  /** Starting with Windows was turned off in Windows itself: Task Manager, or its settings. */
  readonly isStartOff: boolean;
  readonly scenarios: readonly string[];
  readonly notices: readonly Notice[];
  readonly hosts: readonly ShownHost[];
  /** What is known of each of them, by its id. */
  readonly others: Readonly<Record<string, HostState>>;
}

/** A plan with what only main can make of it. */
export interface ShownPlan {
  readonly result: PlanResult;
  readonly script: readonly ScriptPart[];
  /** What would undo it, as PowerShell. */
  readonly undoScript: readonly ScriptPart[];
  readonly threeWay?: readonly ThreeWay[];
}

/** What a right costs, said on our own page before Windows asks. */
const elevatedAct = z.object({ act: z.enum([...oneShots, 'allow-session']) });
export type ElevatedAct = z.infer<typeof elevatedAct>['act'];
/** Both come with Hyper-V. */
const openedTool = z.object({ tool: z.enum(['hyper-v-manager', 'quick-create']) });
export type Tool = z.infer<typeof openedTool>['tool'];

export type ActResult =
  { readonly kind: 'done' } | { readonly kind: 'refused' } | { readonly kind: 'failed'; readonly failure: Failure };
export type Saved = { readonly kind: 'saved' | 'cancelled' } | { readonly kind: 'failed'; readonly fault: FileFault };

/** Windows did not answer, or refused the reading that the reply rests on. Nothing was changed. */
export interface Unread {
  readonly kind: 'unreadable';
  readonly failure: Failure;
}

export type StartResult =
  | { readonly kind: 'started'; readonly run: string }
  | { readonly kind: 'consent-missing' }
  | { readonly kind: 'changed'; readonly plan: ShownPlan }
  | { readonly kind: 'unknown-plan' }
  | Unread;

const settleHow = z.enum(['finish', 'undo', 'leave']);
export type SettleHow = z.infer<typeof settleHow>;
/** `starts-first`: what is inside a VM that is off is read once it runs: this run starts it, and settles nothing yet. */
export type SettleResult =
  StartResult | { readonly kind: 'left' } | { readonly kind: 'starts-first'; readonly run: string };

const scriptOf = z.object({
  plan: id,
  which: z.enum(['run', 'undo']),
  of: z.custom<HostId>(isHostText).exactOptional(),
});

interface Call<Request extends z.ZodType, Reply> {
  readonly request: Request;
  /** Only a type: what main answers. */
  readonly reply?: Reply;
}
const call =
  <Reply>() =>
  <Request extends z.ZodType>(request: Request): Call<Request, Reply> => ({ request });
const nothing = z.undefined();

export const calls = {
  state: call<AppState>()(nothing),
  /** Reads all machines again now. */
  refresh: call<void>()(nothing),
  /** The VM whose page is open: it is read in full at each change. null: none. */
  watch: call<void>()(z.object({ vm: ownVm.nullable() })),
  /** Its memory as it was read over the last half hour, after `since`: milliseconds since 1970. */
  memoryHistory: call<readonly MemorySample[]>()(z.object({ vm: ownVm, since: z.number().min(0) })),
  plan: call<ShownPlan | Unread>()(z.object({ goal: goalSchema })),
  /** Carries out a plan that main has made and shown. */
  start: call<StartResult>()(z.object({ plan: id, consents: z.array(consent) })),
  /** Files that a VM can be created from, in the folders where people keep them. `uses`: and which disks a VM uses. */
  findFiles: call<FoundFiles>()(z.object({ uses: z.boolean() })),
  /** Asks for one with the dialog of Windows. null: none was chosen, or there is no such dialog for a simulated PC. */
  pickFile: call<{ readonly path: string | null }>()(z.object({ what: z.enum(['iso', 'vhdx']) })),
  cancel: call<void>()(z.object({ run: id })),
  /** A run that was cut short. */
  settle: call<SettleResult>()(z.object({ run: id, how: settleHow })),
  threeWay: call<readonly ThreeWay[] | Unread>()(z.object({ run: id })),
  /** `of`: the PC whose part it is, of a plan of several: none of them can run that of another. */
  copyScript: call<void>()(scriptOf),
  /** Asks where with the system's dialog. */
  saveScript: call<Saved>()(scriptOf),
  /** The same as a WinGet configuration, where it can be one. */
  saveConfiguration: call<Saved>()(scriptOf.omit({ which: true })),
  /** The same, for what is else only copied: diagnostics are made in main, a report of runs is words of the window. */
  saveReport: call<Saved>()(
    z.object({
      report: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('diagnostics') }),
        z.strictObject({ kind: z.enum(['runs', 'network-test']), text: z.string().max(2_000_000) }),
      ]),
    }),
  ),
  /**
   * Makes a report of a problem anew; saved and copied is the one that was made last, so that nothing leaves that was not
   * shown. `words`: what a person wants taken out besides; `pasted`: the error that it is about.
   */
  problemReport: call<ProblemReport>()(
    z.strictObject({
      words: z.array(z.string().min(2).max(200)).max(50).readonly(),
      pasted: z.string().max(100_000).exactOptional(),
    }),
  ),
  saveProblemReport: call<Saved>()(nothing),
  copyProblemReport: call<void>()(nothing),
  copyText: call<void>()(z.object({ text: z.string().max(200_000) })),
  /** Opens vmconnect for a VM. */
  connect: call<{ ok: boolean }>()(z.object({ vm: ownVm })),
  /** Opens a program of Windows in which VMs are created. */
  openTool: call<{ ok: boolean }>()(openedTool),
  /** A text that comes with the app, or a page of its repository. */
  openAbout: call<{ ok: boolean }>()(z.strictObject({ what: z.enum(opened) })),
  /** Looks for a newer version now, or installs the one that is fetched as soon as no change runs. */
  update: call<void>()(z.strictObject({ act: z.enum(updateActs) })),
  /** What an elevated act will run, word for word. */
  actScript: call<{ text: string }>()(elevatedAct),
  act: call<ActResult>()(elevatedAct),
  /** Both are asked for in a dialog of main's own, and not done during a run. */
  signOut: call<void>()(nothing),
  /** Restarts this PC, or the simulated one. */
  restart: call<void>()(nothing),
  /** Opens the session again after it was lost for good. */
  reconnect: call<void>()(nothing),
  /** Goes inside a machine with an account there. The password is used and kept in main only. */
  enter: call<EnterResult>()(
    z.strictObject({
      at: guestRef,
      userName: z.string().max(256),
      password: z.string().max(256),
      remember: z.boolean(),
    }),
  ),
  /** Leaves it, and forgets what is not kept. */
  leave: call<void>()(z.object({ at: guestRef })),
  forgetAccount: call<void>()(z.object({ at: guestRef })),
  /** Uses an account that is kept; null: all of them. Nothing else sends a kept password. */
  signInKept: call<void>()(z.object({ at: guestRef.nullable() })),
  /** Reads what is inside again now. */
  lookInside: call<void>()(z.object({ at: guestRef })),
  /** Reads the addresses and routes of this PC: what a free network is chosen from. */
  readNetwork: call<void>()(nothing),
  /** Tests the network of a machine's nested VMs: from inside `vm` where that can be entered, else from the machine. */
  prove: call<void>()(z.object({ at: guestRef, vm: vmRef.nullable() })),
  /** What is tested in that machine. */
  stopProof: call<void>()(z.object({ at: guestRef })),
  settings: call<Settings>()(settingsSchema.partial()),
  /** What was changed by something else on this VM is as it should be. */
  keepDrift: call<void>()(z.object({ vm: vmRef })),
  testHost: call<TestAnswer>()(hostRequests.test),
  testKnownHost: call<TestAnswer>()(hostRequests.testKnown),
  /** What is tested now. */
  stopHostTest: call<void>()(nothing),
  /** The key that was accepted, and the one that the host shows now. */
  hostKeys: call<HostKeys>()(hostRequests.keys),
  addHost: call<AddAnswer>()(hostRequests.add),
  renameHost: call<void>()(hostRequests.rename),
  /** Its journal stays. */
  removeHost: call<RemoveAnswer>()(hostRequests.remove),
  openLogFolder: call<void>()(nothing),
  copyDiagnostics: call<void>()(nothing),
  dismissNotice: call<void>()(z.object({ kind: z.enum(noticeKinds) })),
  /** A review that a console had asked for is left. */
  reviewLeft: call<void>()(z.object({ review: id })),
} as const;

export type CallName = keyof typeof calls;
export type RequestOf<N extends CallName> = z.infer<(typeof calls)[N]['request']>;
export type ReplyOf<N extends CallName> =
  NonNullable<(typeof calls)[N]['reply']> extends never ? void : Exclude<(typeof calls)[N]['reply'], undefined>;

/** Of another PC than this one. */
interface OfHost {
  readonly host?: HostId;
}

/** Main → window. `state` replaces parts of the AppState, or of what is known of a host; a machine comes as a patch. */
export type AppEvent =
  | (OfHost & { readonly kind: 'machine'; readonly patch: MachinePatch })
  | (OfHost & { readonly kind: 'state'; readonly state: Partial<AppState> })
  | (OfHost & { readonly kind: 'run'; readonly event: RunEvent })
  | (OfHost & { readonly kind: 'run-record'; readonly record: RunRecord })
  | (OfHost & {
      readonly kind: 'open';
      /** `allow`: our page before the prompt of Windows. */
      readonly page:
        'allow' | 'machines' | 'create' | 'memory' | 'host' | 'activity' | 'settings' | 'errors' | 'learn' | 'setup';
      readonly vm?: VmRef;
      readonly run?: string;
      readonly symptom?: Symptom;
      readonly text?: string; // an error, as if it had been pasted
      readonly find?: boolean; // with the cursor in the filter of the VMs
    })
  /** The test of a host that is under way has passed this step, and those before it. */
  | (OfHost & { readonly kind: 'host-test'; readonly step: HostStep })
  /** `review`: a console waits for what comes of it. */
  | (OfHost & { readonly kind: 'wizard'; readonly goal: Goal; readonly review?: string });

/** What the preload script exposes as `window.hypernest`. Names and shapes are checked in main. `host`: the one that is shown. */
export interface Bridge {
  call(name: string, request: unknown, host?: unknown): Promise<unknown>;
  on(listener: (event: AppEvent) => void): () => void;
}
