/** How quitting goes: in order where nothing is being changed; in the middle of a run a person says what becomes of it. */
import type { Runs } from './runs.js';

export type QuitAnswer = 'stay' | 'when-done' | 'now';

interface Options {
  readonly runs: () => Pick<Runs, 'busyVms' | 'isBusy' | 'idle' | 'interrupt'> | undefined;
  /** `count`: VMs that are being changed. */
  readonly ask: (count: number) => Promise<QuitAnswer>;
  /** Closes the session; never fails. */
  readonly close: () => Promise<void>;
  /** Asks to quit again. */
  readonly quit: () => void;
  /** At once. */
  readonly exit: () => void;
  /** A run is waited for now, or no longer. */
  readonly waits: (isWaiting: boolean) => void;
  /** A person stays: who wanted to quit has to ask again. */
  readonly stays: () => void;
}

export class Quitting {
  #state: 'staying' | 'leaving' | 'left' = 'staying';
  /** The run is waited for; another answer to the same question takes the place of this one. */
  #waiting: object | undefined;
  /** The sign-in ends: no answer keeps the app any more. */
  #isCalled = false;

  constructor(private readonly options: Options) {}

  /** Nothing of it is left: what is closed now is closed for good. */
  get hasLeft(): boolean {
    return this.#state === 'left';
  }

  /** Somebody wants to quit. True: let it be; else it is being seen to. */
  request(): boolean {
    if (this.#state === 'left') return true;
    if (this.#state === 'staying') void this.#leave();
    return false;
  }

  /** The sign-in ends, or the system ends the app: nobody is asked. Runs go to their next safe end first. */
  async leaveSafely(): Promise<void> {
    if (this.#isCalled || this.#state === 'left') return;
    this.#isCalled = true;
    this.#state = 'leaving';
    const { runs } = this.options;
    runs()?.interrupt();
    await runs()?.idle();
    await this.#end();
  }

  async #leave(): Promise<void> {
    const { runs, ask, exit } = this.options;
    this.#state = 'leaving';
    const busy = runs()?.busyVms.size ?? 0;
    if (busy > 0) {
      const answer = await ask(busy);
      this.#wait(undefined);
      if (this.#isCalled && answer !== 'now') return;
      if (answer === 'stay' || (answer === 'when-done' && runs()?.isBusy)) {
        this.#state = 'staying';
        this.options.stays();
        if (answer === 'when-done') void this.#leaveLater();
        return;
      }
      // At once: a session closed in order would be written down as the end of the run, and nothing could be finished.
      if (runs()?.isBusy) return exit();
    }
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.options.close();
    this.#state = 'left';
    this.options.quit();
  }

  async #leaveLater(): Promise<void> {
    const waiting = {};
    this.#wait(waiting);
    await this.options.runs()?.idle();
    if (this.#waiting === waiting) this.options.quit();
  }

  #wait(waiting: object | undefined): void {
    const wasWaiting = this.#waiting !== undefined;
    this.#waiting = waiting;
    if (wasWaiting !== (waiting !== undefined)) this.options.waits(!wasWaiting);
  }
}
