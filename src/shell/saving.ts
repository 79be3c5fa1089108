/** Keeps trying to write down what the app holds in memory. Never throws: what changes something is an event, which nobody catches. */
import type { FileFault } from '../ipc/notices.js';
import { faultOf, isHeld } from './replace-file.js';
import type { WatchClock } from './watcher.js';

/** Milliseconds to the next try: soon, while a scanner of Windows may hold the file, then now and then for as long as it takes. */
const soon = [50, 200, 1000] as const;
const later = 30_000;

/** How it is said that a file cannot be used, and how the next try is waited for. */
export interface Keeping {
  /** null: it can be used again. */
  readonly tell: (fault: FileFault | null) => void;
  readonly after: WatchClock['after'];
}

interface Options extends Keeping {
  readonly file: string;
  /** All that is to be kept now. Throws where it cannot be. */
  readonly write: () => void;
}

export class Saving {
  #tries = 0;
  #fault: FileFault | null = null;
  #takeBack: (() => void) | undefined;
  #isHeld = false;

  constructor(private readonly options: Options) {}

  /** At once; where that fails, again and again. A change that comes meanwhile is told as well: it may be the first that matters. */
  save(): void {
    if (this.#takeBack !== undefined && this.#isHeld) {
      // Not asked at each change: to be refused may take its time. The next try writes the newest.
      if (this.#fault) this.options.tell(this.#fault);
      return;
    }
    this.#stop();
    this.#try(true);
  }

  /** The last try, if there is something to try. */
  close(): void {
    if (this.#takeBack === undefined) return;
    this.#stop();
    this.#try(false);
    this.#stop();
    this.#say(null);
  }

  #stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  #try(isNew: boolean): void {
    this.#takeBack = undefined;
    try {
      this.options.write();
      this.#tries = 0;
      this.#say(null);
    } catch (error) {
      this.#isHeld = isHeld(error);
      const pause = this.#isHeld ? soon[this.#tries++] : undefined;
      // Held for a moment is not worth a word.
      if (pause === undefined) this.#say(faultOf(error, this.options.file), isNew);
      this.#takeBack = this.options.after(pause ?? later, () => this.#try(false));
    }
  }

  #say(fault: FileFault | null, isNew = false): void {
    if (!isNew && JSON.stringify(fault) === JSON.stringify(this.#fault)) return;
    this.#fault = fault;
    this.options.tell(fault);
  }
}
