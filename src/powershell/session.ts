/**
 * One shell held open, as a Host: requests with ids in lanes (reads; each VM's changes in order; the host's), deadlines by
 * class, and an answer for everything that waits when the shell dies. Whoever opens it decides whether to open another.
 */
import type { CallResult, Failure, FailureKind, Guid, Handshake, Host, HostCall, ShellEnd } from '../core/cmdlets/call.js';
import { allowList, homes, modulesOf, outside } from '../core/cmdlets/allow-list.js';
import { cmdlets, deadlines, type CatalogEntry } from '../core/cmdlets/catalog.js';
import type { CredentialSource } from '../core/cmdlets/credentials.js';
import { accountsFor } from './accounts.js';
import bridge from './bridge.ps1?raw';
import { framesIn, readySchema, replyOf, type Frame } from './frames.js';
import { failureIn, resultsOf, wireCalls } from './protocol.js';
import { lostFailure } from './shell-end.js';
import type { Transport } from './transport.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export interface SetupOptions {
  /** Asks who runs the shell: identity.ps1, or what the simulated world has in its place. */
  readonly identity: string;
  /** Whether that account is in Hyper-V Administrators: not waited for longer than `membershipWithin` milliseconds. */
  readonly membership?: string | undefined;
  readonly membershipWithin?: number;
  /** Not given: Windows itself. */
  readonly standIn?: StandIn | undefined;
  /** Milliseconds without a word that somebody uses it after which an elevated shell ends itself: reading is no use. */
  readonly idleMs?: number;
}

/** What stands in the place of Windows: chosen by the composition, never by the environment of the shell. */
export interface StandIn {
  /** The folder of its modules. */
  readonly modules: string;
  /** Variables of the environment that its modules need. */
  readonly variables: readonly string[];
}

/** A Windows before 2016 has an older Hyper-V module beside the one that is meant. */
const minimumVersions: Readonly<Record<string, string>> = { 'Hyper-V': '2.0' };

export const setupOf = ({ identity, membership, membershipWithin = 5000, standIn, idleMs }: SetupOptions): string =>
  base64(
    JSON.stringify({
      modules: modulesOf().map((name) => ({
        name,
        ...(minimumVersions[name] === undefined ? {} : { minimumVersion: minimumVersions[name] }),
      })),
      folder: standIn?.modules,
      homes,
      allow: allowList(outside),
      allowInside: allowList(),
      identity,
      ...(membership === undefined ? {} : { membership, membershipMs: membershipWithin }),
      ...(idleMs === undefined ? {} : { idleMs }),
    }),
  );

export const bridgeText = bridge;

/**
 * The one statement that starts the bridge: base64 keeps quoting, code pages and line rules away. Where it is not let run (policy,
 * antivirus), the ids of that error are its last words, and it does not stay.
 */
export const bootstrapOf = (setup: SetupOptions): string =>
  `try { & ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(bridge)}')))) '${setupOf(setup)}' } ` +
  'catch { try { [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId) $($_.Exception.InnerException.Errors.ErrorId): $($_.Exception.Message)") } catch { $_ } finally { exit 74 } }\n';

/** Time as the session counts it: stands still while the PC sleeps. */
export interface SessionClock {
  after(milliseconds: number, act: () => void): () => void;
}
const realTime: SessionClock = {
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface SessionOptions {
  readonly transport: Transport;
  /** Called once when the shell ends by itself. */
  readonly lost?: (failure: Failure) => void;
  readonly readyWithin?: number;
  readonly clock?: SessionClock;
  /** Accounts inside guests. Asked before each batch for one, so that a new password counts from then on. */
  readonly credentials?: CredentialSource;
  /** Sees every request line, for tests: never a secret. */
  readonly trace?: (line: string) => void;
}

/** The shell did not come up; `languageMode` is asked by whoever opened it. */
export class NotReady extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

export interface Session extends Host {
  readonly pid: number | undefined;
  /** Ends the session kept in this VM (and through it those in its own VMs), after what was asked of it before. */
  closeGuest(vm: Guid): void;
  used(): void;
}

interface Waiting {
  readonly calls: readonly HostCall[];
  readonly resolve: (results: readonly CallResult[]) => void;
  readonly takeBack: () => void;
}

/** Beyond the bridge's own deadline: it answers first unless it hangs itself. */
const GRACE = 5000;

export async function openSession(options: SessionOptions): Promise<Session> {
  const { transport, clock = realTime, readyWithin = 30_000 } = options;
  const waiting = new Map<number, Waiting>();
  let ended: 'session-lost' | 'cancelled' | undefined;
  let nextId = 1;
  let isReady = false;
  // What is told of its end: ours, where we ended it.
  let why: ShellEnd['how'] | undefined;
  const kill = (how: ShellEnd['how']): void => {
    why ??= how;
    transport.kill();
  };
  let said = '';
  /** Whether it has written lines that are no frames since it was last understood. */
  let isNoisy = false;

  const ready = new Promise<Frame | Failure>((resolve) => {
    transport.onSaid((last) => {
      said = last;
      // It stays, and waits for nothing: there is no use in waiting for it.
      if (!isReady && lostFailure({ by: 'signal', code: '' }, said).kind === 'antivirus') kill('only-errors');
    });
    transport.onLine((line) => {
      const frames = framesIn(line);
      if (frames.length === 0 && line.trim() !== '') isNoisy = true;
      for (const frame of frames) {
        if (frame.id === 0) resolve(frame);
        const entry = waiting.get(frame.id);
        if (!entry) continue;
        isNoisy = false;
        waiting.delete(frame.id);
        entry.takeBack();
        const { calls } = entry;
        entry.resolve(resultsOf(replyOf(frame, calls[0]?.at.length ?? 0, calls.length), calls));
      }
    });
    void transport.ended.then((end) => {
      const failure = lostFailure(end, said, why);
      resolve(failure);
      const closedByUs = ended === 'cancelled';
      ended ??= 'session-lost';
      for (const { calls, resolve: answer, takeBack } of waiting.values()) {
        takeBack();
        answer(calls.map((call) => lostResult(call, ended ?? 'session-lost')));
      }
      waiting.clear();
      if (isReady && !closedByUs) options.lost?.(failure);
    });
  });

  const takeBack = clock.after(readyWithin, () =>
    kill(isNoisy ? 'not-understood' : said === '' ? 'said-nothing' : 'only-errors'),
  );
  const first = await ready;
  takeBack();
  if ('kind' in first) throw new NotReady(first);
  const parsed = readySchema.safeParse(first.body?.['ready']);
  if (!parsed.success) {
    kill('not-understood');
    throw new NotReady(failureIn(replyOf(first, 0, 0)) ?? lostFailure(await transport.ended, said, why));
  }
  isReady = true;

  const accounts = accountsFor(transport, options.credentials);

  const send = (calls: readonly HostCall[], signal: AbortSignal | undefined): Promise<readonly CallResult[]> => {
    const refuse = (kind: FailureKind) => Promise.resolve(calls.map(({ cmdlet }) => ({ failed: { kind, cmdlet } })));
    if (ended) return refuse(ended);
    if (signal?.aborted) return refuse('cancelled');
    const at = calls[0]?.at ?? [];
    const credentials = accounts.sendFor(at);
    if (!credentials) return refuse('no-credentials');
    const id = nextId++;
    const limit = deadlineOf(calls);
    return new Promise((resolve) => {
      // The answer is given here; what the shell says later finds nobody waiting.
      const answerWith = (kind: 'cancelled' | 'timed-out') => {
        const entry = waiting.get(id);
        if (!entry) return;
        waiting.delete(id);
        entry.takeBack();
        resolve(calls.map((call) => lostResult(call, kind)));
      };
      const changes = calls.some((call) => entryOf(call).kind === 'change');
      const timers = [
        clock.after(limit + GRACE, () => {
          answerWith('timed-out');
          // The bridge keeps deadlines by itself: one that does not is no use any more. What a guest is asked never tells: a
          // bridge that hangs is found by what this PC is asked.
          if (at.length === 0) kill(isNoisy ? 'not-understood' : 'hung');
        }),
      ];
      const onAbort = () => {
        transport.write(`#stop ${String(id)}`);
        // Of a change only the bridge knows whether it had begun; a read is over at once.
        if (changes) timers.push(clock.after(GRACE, () => answerWith('cancelled')));
        else answerWith('cancelled');
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.set(id, {
        calls,
        resolve,
        takeBack: () => {
          for (const stop of timers) stop();
          signal?.removeEventListener('abort', onAbort);
        },
      });
      const [lane, wired] = [laneOf(calls), wireCalls(calls)];
      const line =
        at.length === 0
          ? `#call ${String(id)} ${lane} ${String(limit)} ${wired}`
          : JSON.stringify({ id, lane, deadlineMs: limit, at, credentials, calls: wired });
      options.trace?.(line);
      transport.write(line);
    });
  };

  return {
    handshake: handshakeOf(parsed.data),
    pid: transport.pid ?? parsed.data.pid,
    async call(calls, signal) {
      const results = await send(calls, signal);
      // One result for each call, made from its catalog entry.
      return results as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> };
    },
    closeGuest(vm) {
      transport.write(`#close ${vm}`);
      accounts.forgetFrom(vm);
    },
    used() {
      transport.write('#used');
    },
    async close() {
      ended ??= 'cancelled';
      transport.end();
      // A shell that does not leave by itself is ended.
      const stop = clock.after(2000, () => kill('hung'));
      await transport.ended;
      stop();
    },
  };
}

const entryOf = (call: HostCall): CatalogEntry => cmdlets[call.cmdlet];

/** A read is lost; a change may have happened. */
function lostResult(call: HostCall, kind: 'session-lost' | 'cancelled' | 'timed-out'): CallResult {
  const failure: Failure = { kind, cmdlet: call.cmdlet };
  return entryOf(call).kind === 'change' ? { unknown: true, failure } : { failed: failure };
}

/** Milliseconds for a batch: the sum of its calls, but no more than two minutes unless one call alone may take longer. */
function deadlineOf(calls: readonly HostCall[]): number {
  const seconds = calls.map((call) => deadlines[entryOf(call).deadline]);
  const sum = seconds.reduce((total, one) => total + one, 0);
  return Math.min(sum, Math.max(120, ...seconds)) * 1000;
}

/** Reads have a lane of their own; changes keep their order for each VM; each guest has its own: one that hangs holds up no other. */
function laneOf(calls: readonly HostCall[]): string {
  const at = calls[0]?.at ?? [];
  if (at.length > 0) return `guest:${at.join('/')}`;
  if (calls.every((call) => entryOf(call).kind === 'read')) return 'read';
  const vm = calls.flatMap(({ on }) => (on && 'vm' in on ? [on.vm] : []))[0];
  return vm === undefined ? 'host' : `vm:${vm}`;
}

function handshakeOf({
  psVersion,
  edition,
  languageMode,
  pid,
  modules,
  policyLifted,
  identity,
}: ReturnType<typeof readySchema.parse>): Handshake {
  return {
    shellVersion: psVersion,
    edition,
    languageMode,
    pid,
    modules: modules.map(({ name, state, fqid, message }) => ({
      name,
      state,
      ...(state === 'loaded'
        ? {}
        : {
            record: {
              id: fqid ?? '',
              category: '',
              target: name,
              exception: '',
              hresult: null,
              message: message ?? '',
            },
          }),
    })),
    ...(policyLifted ? { policyLifted } : {}),
    identity,
  };
}
