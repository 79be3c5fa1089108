/**
 * One shell held open, as a Host: requests with ids in lanes (reads; each VM's changes in order; the host's), deadlines by
 * class, and an answer for everything that waits when the shell dies. Whoever opens it decides whether to open another.
 */
import { thisPc, depthOf, isVmRef, idsTo, type VmRef, type MachineRef } from '../core/cmdlets/ref.js';
import type { CallResult, Failure, FailureKind, Host, HostCall, ShellEnd } from '../core/cmdlets/call.js';
import { cmdlets, deadlines, type CatalogEntry } from '../core/cmdlets/catalog.js';
import type { CredentialSource } from '../core/cmdlets/credentials.js';
import { accountsFor } from './accounts.js';
import { framesIn, readySchema, replyOf, type Frame } from './frames.js';
import { handshakeOf } from './handshake.js';
import { failureIn, resultsOf, wireCalls } from './protocol.js';
import { lostFailure } from './shell-end.js';
import type { Transport } from './transport.js';

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
  /** It runs on another PC: what it answers has the limits of a guest's. */
  readonly isStrange?: boolean;
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
  closeGuest(vm: VmRef): void;
  used(): void;
}

interface Waiting {
  readonly calls: readonly HostCall[];
  readonly resolve: (results: readonly CallResult[]) => void;
  readonly takeBack: () => void;
}

/** Beyond the bridge's own deadline: it answers first unless it hangs itself. */
const GRACE = 5000;

/** Opens a session over a shell that has been started; fails with NotReady. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const session = new ShellSession(options);
  return await session.opened();
}

class ShellSession {
  readonly #transport: Transport;
  readonly #clock: SessionClock;
  readonly #accounts: ReturnType<typeof accountsFor>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #first: Promise<Frame | Failure>;
  #ended: 'session-lost' | 'cancelled' | undefined;
  #nextId = 1;
  #isReady = false;
  /** What is told of its end: ours, where we ended it. */
  #why: ShellEnd['how'] | undefined;
  /** Its last words on stderr. */
  #said = '';
  /** Whether it has written lines that are no frames since it was last understood. */
  #isNoisy = false;

  constructor(private readonly options: SessionOptions) {
    const { transport, clock = realTime, credentials } = options;
    this.#transport = transport;
    this.#clock = clock;
    this.#accounts = accountsFor(transport, credentials);
    this.#first = this.#listen();
  }

  async opened(): Promise<Session> {
    const takeBack = this.#clock.after(this.options.readyWithin ?? 30_000, () =>
      this.#kill(this.#isNoisy ? 'not-understood' : this.#said === '' ? 'said-nothing' : 'only-errors'),
    );
    const first = await this.#first;
    takeBack();
    if ('kind' in first) throw new NotReady(first);
    const parsed = readySchema.safeParse(first.body?.['ready']);
    if (!parsed.success) {
      this.#kill('not-understood');
      throw new NotReady(
        failureIn(replyOf(first, 0, 0, this.options.isStrange)) ??
          lostFailure(await this.#transport.ended, this.#said, this.#why),
      );
    }
    this.#isReady = true;
    return this.#session(parsed.data);
  }

  #session(ready: ReturnType<typeof readySchema.parse>): Session {
    const transport = this.#transport;
    return {
      handshake: handshakeOf(ready),
      pid: transport.pid ?? ready.pid,
      call: async (calls, signal) => {
        const results = await this.#send(calls, signal);
        // One result for each call, made from its catalog entry.
        return results as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> };
      },
      closeGuest: (vm) => {
        transport.write(`#close ${wirePath(vm)}`);
        this.#accounts.forgetFrom(vm);
      },
      used: () => transport.write('#used'),
      close: async () => {
        this.#ended ??= 'cancelled';
        transport.end();
        // A shell that does not leave by itself is ended.
        const stop = this.#clock.after(2000, () => this.#kill('hung'));
        await transport.ended;
        stop();
      },
    };
  }

  #kill(how: ShellEnd['how']): void {
    this.#why ??= how;
    this.#transport.kill();
  }

  /** Resolves with its first frame, or with why there was none. */
  #listen(): Promise<Frame | Failure> {
    const transport = this.#transport;
    return new Promise((resolve) => {
      transport.onSaid((last) => {
        this.#said = last;
        // It stays, and waits for nothing: there is no use in waiting for it.
        if (!this.#isReady && lostFailure({ by: 'signal', code: '' }, last).kind === 'antivirus')
          this.#kill('only-errors');
      });
      transport.onLine((line) => {
        const frames = framesIn(line);
        if (frames.length === 0 && line.trim() !== '') this.#isNoisy = true;
        for (const frame of frames) {
          if (frame.id === 0) resolve(frame);
          this.#take(frame);
        }
      });
      void transport.ended.then((end) => resolve(this.#hasEnded(end)));
    });
  }

  #take(frame: Frame): void {
    const entry = this.#waiting.get(frame.id);
    if (!entry) return;
    this.#isNoisy = false;
    this.#waiting.delete(frame.id);
    entry.takeBack();
    const { calls } = entry;
    const reply = replyOf(frame, depthOf(machineOf(calls)), calls.length, this.options.isStrange);
    entry.resolve(resultsOf(reply, calls));
  }

  #hasEnded(end: Awaited<Transport['ended']>): Failure {
    const failure = lostFailure(end, this.#said, this.#why);
    const closedByUs = this.#ended === 'cancelled';
    const kind = (this.#ended ??= 'session-lost');
    for (const { calls, resolve: answer, takeBack } of this.#waiting.values()) {
      takeBack();
      answer(calls.map((call) => lostResult(call, kind)));
    }
    this.#waiting.clear();
    if (this.#isReady && !closedByUs) this.options.lost?.(failure);
    return failure;
  }

  #send(calls: readonly HostCall[], signal: AbortSignal | undefined): Promise<readonly CallResult[]> {
    const refuse = (kind: FailureKind) => Promise.resolve(calls.map(({ cmdlet }) => ({ failed: { kind, cmdlet } })));
    if (this.#ended) return refuse(this.#ended);
    if (signal?.aborted) return refuse('cancelled');
    const machine = machineOf(calls);
    const credentials = this.#accounts.sendFor(machine);
    if (!credentials) return refuse('no-credentials');
    const id = this.#nextId++;
    const limit = deadlineOf(calls);
    return new Promise((resolve) => {
      this.#waiting.set(id, { calls, resolve, takeBack: this.#watch(id, calls, limit, signal) });
      const [lane, wired] = [laneOf(calls), wireCalls(calls)];
      const line = isVmRef(machine)
        ? JSON.stringify({ id, lane, deadlineMs: limit, at: idsTo(machine), credentials, calls: wired })
        : `#call ${String(id)} ${lane} ${String(limit)} ${wired}`;
      this.options.trace?.(line);
      this.#transport.write(line);
    });
  }

  /** Answers a request that its deadline or its caller ends first. Returned: ends the watch. */
  #watch(id: number, calls: readonly HostCall[], limit: number, signal: AbortSignal | undefined): () => void {
    // The answer is given here; what the shell says later finds nobody waiting.
    const answerWith = (kind: 'cancelled' | 'timed-out'): void => {
      const entry = this.#waiting.get(id);
      if (!entry) return;
      this.#waiting.delete(id);
      entry.takeBack();
      entry.resolve(calls.map((call) => lostResult(call, kind)));
    };
    const changes = calls.some((call) => entryOf(call).kind === 'change');
    const isOfThisPc = !isVmRef(machineOf(calls));
    const timers = [
      this.#clock.after(limit + GRACE, () => {
        answerWith('timed-out');
        // The bridge keeps deadlines by itself: one that does not is no use any more. What a guest is asked never tells: a
        // bridge that hangs is found by what this PC is asked.
        if (isOfThisPc) this.#kill(this.#isNoisy ? 'not-understood' : 'hung');
      }),
    ];
    const onAbort = (): void => {
      this.#transport.write(`#stop ${String(id)}`);
      // Of a change only the bridge knows whether it had begun; a read is over at once.
      if (changes) timers.push(this.#clock.after(GRACE, () => answerWith('cancelled')));
      else answerWith('cancelled');
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return () => {
      for (const stop of timers) stop();
      signal?.removeEventListener('abort', onAbort);
    };
  }
}

/** All calls of a batch go to one machine. */
const machineOf = ([first]: readonly HostCall[]): MachineRef => first?.at ?? thisPc;
/** As the bridge names it: by ids, from the VM of this PC on. */
const wirePath = (vm: VmRef): string => idsTo(vm).join('/');

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
  const machine = machineOf(calls);
  if (isVmRef(machine)) return `guest:${wirePath(machine)}`;
  if (calls.every((call) => entryOf(call).kind === 'read')) return 'read';
  const vm = calls.flatMap(({ on }) => (on && 'vm' in on ? [on.vm] : []))[0];
  return vm === undefined ? 'host' : `vm:${vm}`;
}
