/** One source of machines, opened: its session, what is known of it, and the runs that change it. Choosing another source closes it. */
import { idOf, outermostOf, thisPc, type VmRef } from '../core/cmdlets/ref.js';
import type { PlanOptions } from '../core/change/step.js';
import type { Host } from '../core/cmdlets/call.js';
import type { Made } from '../core/machine/machine.js';
import type { Proof } from '../core/network/proof.js';
import { isRefused } from '../core/machine/access.js';
import type { RunEvent, RunRecord } from '../core/run/record.js';
import type { ActResult, Connection, ElevatedAct, Installation } from '../ipc/schema.js';
import type { EnterResult } from '../ipc/guests.js';
import type { FileFault } from '../ipc/notices.js';
import { HostConnection, OpenFailed } from './connection.js';
import { Guests } from './guests.js';
import type { KeptAccounts } from './kept-accounts.js';
import { Proving } from './proving.js';
import { madeIn } from '../core/run/made-networks.js';
import { Looking } from './looking.js';
import { noticing } from './noticing.js';
import { runClockOf, type Place } from './place.js';
import { MachineReader } from './reader.js';
import type { Reading } from './readings.js';
import { readingOf } from './plans.js';
import { Runs } from './runs.js';
import type { TriedActs } from './tried-acts.js';
import { Unused } from './unused.js';
import { realWatchClock, Watcher, type Pause, type WatchClock } from './watcher.js';

interface Options {
  readonly appVersion: string;
  /** A copy that its user can write has no elevated session. */
  readonly installation: Installation;
  /** Milliseconds after which an elevated session that nobody uses is ended. */
  readonly unusedLimit: number;
  readonly nameCheckpoint: NonNullable<PlanOptions['nameCheckpoint']>;
  readonly connected: (connection: Connection) => void;
  readonly heard: (reading: Reading) => void;
  readonly ran: (event: RunEvent) => void;
  readonly recorded: (record: RunRecord) => void;
  readonly unwritable: (fault: FileFault) => void;
  /** Who is signed in where has changed. */
  readonly guestsChanged: () => void;
  readonly proved: (proof: Proof) => void;
  readonly kept: KeptAccounts;
  readonly tried: TriedActs;
  readonly failed: (error: unknown) => void;
  /** Readings fail now, or no longer do. */
  readonly troubled: (isFailing: boolean) => void;
  /** Seconds since somebody used the PC. */
  readonly idleSeconds: () => number;
}

export class World {
  readonly connection: HostConnection;
  readonly watcher: Watcher;
  readonly guests: Guests;
  readonly proving: Proving;
  readonly #reader: MachineReader;
  readonly #host: Host;
  readonly #unused: Unused;
  readonly #installation: Installation;
  readonly #time: WatchClock;
  readonly #looking: Looking;
  readonly #tried: TriedActs;
  #runs: Runs | undefined;
  /** Of runs before this start: what a run makes from now on is seen inside. */
  #made: Made | undefined;
  #isClosed = false;

  private constructor(
    readonly place: Place,
    options: Options,
  ) {
    const time = place.time ?? realWatchClock;
    this.#time = time;
    this.#installation = options.installation;
    this.#tried = options.tried;
    this.guests = this.#openGuests(options);
    this.connection = this.#connect(options);
    this.#unused = new Unused({
      limit: options.unusedLimit,
      after: (milliseconds, act) => time.after(milliseconds, act),
      isBusy: () => this.#runs?.isBusy ?? false,
      used: () => this.connection.used(),
      end: () => this.connection.endElevated(),
    });
    this.#host = noticing(this.connection, ({ at }) => this.guests.used(at));
    this.#reader = new MachineReader(
      this.#host,
      this.place.at,
      { now: () => time.now(), date: () => new Date() },
      this.#whileOpen((reading: Reading) => this.#heard(reading, options)),
      () => this.#made,
      () => this.#hasEnded,
      () => this.#tried.facts,
    );
    this.proving = new Proving({
      host: this.#host,
      machine: () => this.#reader.machine,
      canEnter: (at) => this.guests.credentials(at) !== undefined,
      heard: this.#whileOpen(options.proved),
      now: () => time.now(),
    });
    this.#looking = new Looking({
      machine: () => this.#reader.machine,
      guests: this.guests,
      // A run has the one session of its guest to itself: a look would wait behind its changes.
      isKept: (vm) => this.#hasEnded || this.runs.busyVms.has(vm),
      now: () => time.now(),
    });
    this.watcher = new Watcher({
      read: async (attention) => {
        await this.#reader.read(attention);
        this.#reader.readThirdParty(attention).catch(options.failed);
        // Beside it: a guest that hangs keeps nobody from hearing of the rest.
        this.#looking.look().catch(options.failed);
      },
      failed: options.failed,
      troubled: this.#whileOpen(options.troubled),
      idleSeconds: options.idleSeconds,
      clock: time,
    });
  }

  /** What is heard after it was closed is of no use to anybody. */
  #whileOpen<Told extends readonly unknown[]>(tell: (...told: Told) => void): (...told: Told) => void {
    return (...told) => {
      if (!this.#isClosed) tell(...told);
    };
  }

  #openGuests({ kept, guestsChanged }: Options): Guests {
    return new Guests({
      host: () => this.connection,
      machine: () => this.#reader.machine,
      read: (at, how) => this.#reader.readGuest(at, how),
      forget: (at) => this.#reader.forgetGuest(at),
      kept,
      changed: this.#whileOpen(guestsChanged),
      after: (milliseconds, act) => this.#time.after(milliseconds, act),
    });
  }

  #connect({ connected }: Options): HostConnection {
    const time = this.#time;
    return new HostConnection({
      open: (how) => this.place.open({ ...how, credentials: this.guests.credentials }),
      isHost: this.place.at !== thisPc,
      isChanging: () => this.#runs?.isBusy ?? false,
      readAt: () => (this.#reader.machine?.vms === undefined ? undefined : this.#reader.machine.host.readAt),
      timer: { now: () => new Date(), elapsed: () => time.now(), after: (wait, act) => time.after(wait, act) },
      changed: this.#whileOpen((connection: Connection) => {
        connected(connection);
        if (connection.kind === 'ready' && connection.elevated) this.#unused.begin();
        else this.#unused.stop();
        if (connection.kind === 'ready') void this.watcher.refresh();
      }),
    });
  }

  #heard(reading: Reading, { heard, failed }: Options): void {
    this.guests.noticed(reading.machine);
    this.#tried.heard(reading.machine.host);
    // Who the account is may have changed meanwhile: only a new session says so.
    const isNew = reading.before !== null && isRefused(reading.machine) && !isRefused(reading.before);
    if (isNew) this.#lookAgain().catch(failed);
    heard(reading);
  }

  /** Resolves before the session is open: what it finds is heard. */
  static async open(place: Place, options: Options): Promise<World> {
    const world = new World(place, options);
    world.#runs = await Runs.open({
      host: (): Host => world.#host,
      ...readingOf(world.#reader),
      files: place.files,
      nameCheckpoint: options.nameCheckpoint,
      at: place.at,
      folder: place.journal,
      appVersion: options.appVersion,
      onEvent: (event) => {
        world.used();
        if (event.kind === 'step') world.watcher.touch(idOf(outermostOf(event.vm)));
        options.ran(event);
      },
      onRecord: (record) => {
        world.used();
        for (const { vm } of record.plan.chains) world.watcher.touch(idOf(outermostOf(vm)));
        options.recorded(record);
      },
      onUnwritable: options.unwritable,
      failed: options.failed,
      ...(place.clock ?? runClockOf(world.#time)),
    });
    // A simulated PC begins anew each time.
    if (place.source.kind !== 'simulated') world.#made = madeIn(world.#runs.records);
    void world.connection.open().then(() => world.watcher.start());
    return world;
  }

  /** A person clicks, or something is changed: what was allowed for this session stays allowed. */
  used(): void {
    this.#unused.used();
  }

  async enter(form: Parameters<Guests['enter']>[0]): Promise<EnterResult> {
    this.used();
    return await this.guests.enter(form);
  }

  /** What was allowed has ended: the VMs stay as they were. */
  get #hasEnded(): boolean {
    const { state } = this.connection;
    return state.kind === 'ready' && state.ended !== undefined;
  }

  get runs(): Runs {
    if (!this.#runs) throw new Error('the journal is not read yet');
    return this.#runs;
  }

  /** The VM whose page is open: read at each tick, and looked into while somebody is signed in there. */
  watch(vm: VmRef | null): void {
    this.#looking.at(vm);
    this.watcher.setOpen(vm && idOf(vm));
  }

  /** Addresses and routes of this PC, for what a free network is chosen from. */
  async readNetwork(): Promise<void> {
    await this.#reader.readNetwork();
  }

  /** A run goes on behind a locked screen; only sleep stops its deadlines. */
  setPaused(why: Pause, isPaused: boolean): void {
    if (why === 'asleep') this.place.sleeping(isPaused);
    this.watcher.setPaused(why, isPaused);
  }

  /** Word for word what an elevated act runs. */
  script(act: ElevatedAct): string {
    this.#refuseUnoffered(act);
    return this.place.script(act);
  }

  async act(act: ElevatedAct): Promise<ActResult> {
    this.#refuseUnoffered(act);
    if (act === 'allow-session') return await this.#allowSession();
    const result = await this.place.act(act);
    if (result.kind === 'done') {
      this.#tried.put(act, new Date());
      await this.#lookAgain();
    }
    return result;
  }

  async signOut(): Promise<boolean> {
    const isDone = await this.place.signOut();
    if (isDone) await this.#lookAgain();
    return isDone;
  }

  /** On this PC Windows ends us with everything else; a simulated one is there again at once. */
  async restart(): Promise<boolean> {
    if (!(await this.place.restart())) return false;
    if (this.place.source.kind === 'simulated') await this.connection.reopen();
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unused.stop();
    this.proving.stop();
    this.guests.close();
    await Promise.all([this.watcher.stop(), this.connection.close()]);
    await this.place.close();
  }

  /** Whoever can write the copy would decide what is elevated; the other acts run constant texts and end. */
  #refuseUnoffered(act: ElevatedAct): void {
    if (act === 'allow-session' && this.#installation === 'for-this-user')
      throw new Error('no elevated session from a copy that its user can write');
  }

  async #allowSession(): Promise<ActResult> {
    try {
      await this.connection.elevate();
      return { kind: 'done' };
    } catch (error) {
      if (!(error instanceof OpenFailed)) throw error;
      // Windows says a prompt that was answered with No as a cancelled start.
      return error.failure.kind === 'cancelled' ? { kind: 'refused' } : { kind: 'failed', failure: error.failure };
    }
  }

  /** Who the account is may have changed: only a new session says so. An elevated one stays, it would have to ask again. */
  async #lookAgain(): Promise<void> {
    const { state } = this.connection;
    if (state.kind === 'ready' && state.elevated) await this.watcher.refresh();
    else await this.connection.reopen();
  }
}
