/**
 * The session with PowerShell as the rest of the app sees it: one Host that stays while what is behind it dies, is opened again,
 * or is replaced by an elevated one. A session that ends by itself is opened again with growing pauses; one that keeps ending
 * is left alone until somebody clicks.
 */
import type { VmRef } from '../core/cmdlets/ref.js';
import { hasRight } from '../core/machine/access.js';
import type { CallResult, Failure, FailureKind, Handshake, Host, HostCall } from '../core/cmdlets/call.js';
import type { Connection, Ended } from '../ipc/schema.js';

/** Opens a session. Rejects with an OpenFailed when there is none to be had. */
export type OpenHost = (options: {
  readonly elevated: boolean;
  readonly lost: (failure: Failure) => void;
}) => Promise<Host>;

export class OpenFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

interface Session {
  readonly host: Host;
  readonly elevated: boolean;
}

interface Timer {
  /** Of the wall: to be shown. */
  now(): Date;
  /** Milliseconds that only go forward, and stand still while the PC sleeps. */
  elapsed(): number;
  after(milliseconds: number, act: () => void): () => void;
}

/** Milliseconds before the next try, by the tries so far; after the last one only a click tries again. */
const pauses = [0, 0, 1000, 4000, 15_000] as const;
/** A host is tried as long as it is there to be tried: as seldom as this in the end, and never all of them at once. */
const longestPause = 60_000;
const pauseFor = (attempts: number): number =>
  Math.min(longestPause, pauses[attempts] ?? pauses[4] * 2 ** (attempts - 4)) * (0.8 + 0.4 * Math.random());
/** What a person has to see to first: no try helps. */
const lasting: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'ssh-missing',
  'ssh-config',
  'host-key-new',
  'jump-key-unknown',
  'jump-key-changed',
  'host-key-changed',
  'host-key-lost',
  'identity-unreadable',
  'other-machine',
  'host-sign-in-refused',
  'ssh-agent-missing',
  'powershell-missing',
  'powershell-restricted',
]);

/** A session that held this long begins the count anew, in milliseconds. */
const steadyAfter = 60_000;

interface Options {
  readonly open: OpenHost;
  /** Another PC: it may be off for days, and is tried all the same. */
  readonly isHost?: boolean;
  readonly changed: (connection: Connection) => void;
  /** Whether the app was changing something when the session ended. */
  readonly isChanging: () => boolean;
  /** ISO 8601: when the VMs were read last; undefined: they never were. */
  readonly readAt: () => string | undefined;
  readonly timer: Timer;
}

export class HostConnection implements Host {
  #session: Session | null = null;
  #isClosed = false;
  #attempts = 0;
  /** Number of the try that was begun last. */
  #newest = 0;
  /** When the session that is in use was opened. */
  #opened = Infinity;
  /** ISO 8601: since when a host has not answered. */
  #since: string | undefined;
  #takeBack: () => void = () => undefined;
  /** Since an elevated session has ended, until there is one again. */
  #ended: Ended | undefined;
  #state: Connection = { kind: 'starting' };

  constructor(private readonly options: Options) {}

  get state(): Connection {
    return this.#state;
  }

  get handshake(): Handshake {
    return this.#session?.host.handshake ?? nobody;
  }

  /** Opens it, or opens it again after it was lost for good. Never rejects: the state says what came of it. */
  async open(): Promise<void> {
    this.#takeBack();
    this.#attempts = 0;
    if (!this.#session) this.#change(this.#beginning());
    await this.#try();
  }

  /** A host that was away is away until it answers: what was read of it stays in sight. */
  #beginning(): Connection {
    const { isHost, timer } = this.options;
    if (!isHost || this.#state.kind !== 'lost') return { kind: 'starting' };
    return { ...this.#state, retryAt: timer.now().toISOString() };
  }

  /** A new session in place of this one, which serves until then. */
  async reopen(): Promise<void> {
    await this.#try();
  }

  /** Replaces the session by an elevated one. Where that cannot be had the one there is stays; the failure is thrown. */
  async elevate(): Promise<void> {
    await this.#use(await this.#openOne(true));
  }

  /**
   * Puts a session without rights in the place of the elevated one, which nobody uses. Where none can be had the elevated one
   * is closed all the same. A run that began meanwhile keeps it.
   */
  async endElevated(): Promise<void> {
    const before = this.#session;
    if (!before?.elevated) return;
    const next = await this.#openOne(false).catch((error: unknown) => {
      if (error instanceof OpenFailed) return error.failure;
      throw error;
    });
    if (this.#isClosed || before !== this.#session || this.options.isChanging()) {
      if ('host' in next) await next.host.close();
      return;
    }
    this.#noteEnd('unused');
    if ('host' in next) return await this.#use(next);
    this.#lost(next);
    await before.host.close();
  }

  /** A person or a change makes use of the session. */
  used(): void {
    if (this.#session?.elevated) this.#session.host.used?.();
  }

  async call<const Calls extends readonly HostCall[]>(
    calls: Calls,
    signal?: AbortSignal,
  ): Promise<{ [I in keyof Calls]: CallResult<Calls[I]['cmdlet']> }> {
    if (this.#session) return await this.#session.host.call(calls, signal);
    const kind: FailureKind = this.#isClosed ? 'cancelled' : 'session-lost';
    // One result for each call, of the kind that every call may have.
    return calls.map(({ cmdlet }) => ({ failed: { kind, cmdlet } })) as unknown as {
      [I in keyof Calls]: CallResult<Calls[I]['cmdlet']>;
    };
  }

  closeGuest(vm: VmRef): void {
    this.#session?.host.closeGuest?.(vm);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#takeBack();
    const session = this.#session;
    this.#session = null;
    await session?.host.close();
  }

  /** Only the newest of several counts: what comes of an older one is nobody's wish any more. */
  async #try(): Promise<void> {
    const before = this.#session;
    this.#attempts++;
    const own = ++this.#newest;
    try {
      const session = await this.#openOne(false);
      if (this.#isClosed || own !== this.#newest || before !== this.#session) await session.host.close();
      else await this.#use(session);
    } catch (error) {
      if (!(error instanceof OpenFailed)) throw error;
      // A session that still serves is not given up because another could not be had.
      if (own === this.#newest && this.#session === null) this.#lost(error.failure);
    }
  }

  async #openOne(elevated: boolean): Promise<Session> {
    // It may be lost before it is in use: then it never was open.
    const fate: { session?: Session; failure?: Failure } = {};
    const lost = (failure: Failure): void => {
      fate.failure = failure;
      if (fate.session && fate.session === this.#session) this.#lost(failure);
    };
    const host = await this.options.open({ elevated, lost });
    if (fate.failure) throw new OpenFailed(fate.failure);
    fate.session = { host, elevated };
    return fate.session;
  }

  async #use(session: Session): Promise<void> {
    const old = this.#session;
    this.#takeBack();
    this.#session = session;
    this.#since = undefined;
    this.#opened = this.options.timer.elapsed();
    const { handshake } = session.host;
    if (session.elevated || (handshake.identity && hasRight(handshake.identity))) this.#ended = undefined;
    const ended = this.#ended && { ended: this.#ended };
    this.#change({ kind: 'ready', handshake, elevated: session.elevated, ...ended });
    await old?.host.close();
  }

  #lost(failure: Failure): void {
    if (this.#isClosed) return;
    const { timer, isHost = false } = this.options;
    const changing = this.options.isChanging();
    // An elevated session is never opened again without a click; the one without rights takes its place.
    const wasElevated = this.#session?.elevated ?? false;
    if (wasElevated && !this.#ended) this.#noteEnd('lost');
    this.#session = null;
    if (timer.elapsed() - this.#opened > steadyAfter) this.#attempts = 0;
    this.#opened = Infinity;
    const pause = wasElevated ? 0 : isHost ? pauseOf(failure, this.#attempts) : pauses[this.#attempts];
    const retryAt = pause === undefined ? null : new Date(timer.now().getTime() + pause).toISOString();
    if (isHost) this.#since ??= timer.now().toISOString();
    const since = this.#since !== undefined && { since: this.#since };
    this.#change({ kind: 'lost', failure, attempts: this.#attempts, retryAt, changing, ...since });
    this.#takeBack();
    if (pause !== undefined) this.#takeBack = timer.after(pause, () => void this.#try());
  }

  #noteEnd(why: Ended['why']): void {
    const asOf = this.options.readAt();
    this.#ended = asOf === undefined ? undefined : { why, asOf };
  }

  #change(connection: Connection): void {
    this.#state = connection;
    this.options.changed(connection);
  }
}

const pauseOf = ({ kind }: Failure, attempts: number): number | undefined =>
  lasting.has(kind) ? undefined : pauseFor(attempts);

/** Before the first session has said who it is. */
const nobody: Handshake = { shellVersion: '', edition: '', languageMode: '', pid: 0, modules: [], identity: null };
