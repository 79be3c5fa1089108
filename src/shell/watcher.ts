/** Keeps what is known of a machine up to date: one loop, never two readings at once, never faster than the host can bear. */
import type { Guid } from '../core/cmdlets/call.js';
import type { Attention } from './readings.js';
import { lookUpEvery, nextTick, paceOf } from './schedule.js';

export interface WatchClock {
  /** Milliseconds that never jump. */
  now(): number;
  /** Calls `act` once after so many milliseconds; the answer takes it back. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Why nothing is read: the PC sleeps, or its user has locked it. */
export type Pause = 'asleep' | 'locked';

interface Options {
  readonly read: (attention: Attention) => Promise<void>;
  /** A reading that threw: a bug of ours. */
  readonly failed: (error: unknown) => void;
  /** Readings fail now, or no longer do. */
  readonly troubled: (isFailing: boolean) => void;
  /** Seconds since the last key or move of the mouse. */
  readonly idleSeconds: () => number;
  readonly clock: WatchClock;
}

export class Watcher {
  #isVisible = false;
  readonly #pauses = new Set<Pause>();
  #failures = 0;
  #isStopped = false;
  #open: Guid | null = null;
  #all = false;
  #isBack = false;
  readonly #touched = new Set<Guid>();
  /** A reading was asked for: it begins as soon as the one under way has ended. */
  #isAsked = false;
  #asked: (() => void)[] = [];
  #wake: () => void = () => undefined;
  #loop: Promise<void> | undefined;

  constructor(private readonly options: Options) {}

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Resolves when no reading is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#loop;
    this.#answer();
  }

  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    this.#wake();
  }

  /** Nothing is read while there is a reason not to; when the last one has gone, at once. */
  setPaused(why: Pause, isPaused: boolean): void {
    if (this.#pauses.has(why) === isPaused) return;
    if (isPaused) this.#pauses.add(why);
    else this.#pauses.delete(why);
    this.#isBack ||= this.#pauses.size === 0;
    this.#isAsked ||= this.#isBack;
    this.#wake();
  }

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** The VM whose page is open is read in full at each tick. */
  setOpen(vm: Guid | null): void {
    this.#open = vm;
    if (vm !== null) this.#ask();
  }

  /** The app has just changed it. */
  touch(vm: Guid): void {
    this.#touched.add(vm);
    this.#ask();
  }

  /** Reads everything again; resolves after a reading that began after the call. */
  refresh(): Promise<void> {
    this.#all = true;
    const done = new Promise<void>((resolve) => this.#asked.push(resolve));
    this.#ask();
    return done;
  }

  #ask(): void {
    this.#isAsked = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const started = this.options.clock.now();
      if (this.#pauses.size === 0) await this.#read();
      await this.#rest(started, this.options.clock.now() - started);
    }
  }

  async #read(): Promise<void> {
    const waiting = this.#asked;
    const vms = [...this.#touched, ...(this.#open === null ? [] : [this.#open])];
    const attention = { all: this.#all, vms, isBack: this.#isBack };
    this.#asked = [];
    this.#isAsked = false;
    this.#all = false;
    this.#isBack = false;
    this.#touched.clear();
    try {
      await this.options.read(attention);
      this.#count(0);
    } catch (error) {
      this.options.failed(error);
      this.#count(this.#failures + 1);
    }
    for (const done of waiting) done();
  }

  #count(failures: number): void {
    const wasFailing = this.isFailing;
    this.#failures = failures;
    if (wasFailing !== this.isFailing) this.options.troubled(this.isFailing);
  }

  /** Until the next tick is due, or something is asked. Who may be looking can change meanwhile. */
  async #rest(started: number, took: number): Promise<void> {
    const { clock } = this.options;
    for (;;) {
      const due = this.#due(started, took);
      if (this.#isStopped || clock.now() >= due) return;
      await new Promise<void>((resolve) => {
        const wait = Math.min(due - clock.now(), lookUpEvery(this.#isVisible));
        const takeBack = due === Infinity ? () => undefined : clock.after(wait, resolve);
        this.#wake = () => {
          takeBack();
          resolve();
        };
      });
      this.#wake = () => undefined;
    }
  }

  #due(started: number, took: number): number {
    if (this.#pauses.size > 0) return Infinity;
    if (this.#isAsked) return started + took;
    return nextTick({ started, took, failures: this.#failures }, paceOf(this.#isVisible, this.options.idleSeconds()));
  }

  #answer(): void {
    for (const done of this.#asked) done();
    this.#asked = [];
  }
}

export const realWatchClock: WatchClock = {
  now: () => performance.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
