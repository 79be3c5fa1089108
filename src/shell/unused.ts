/**
 * Counts how long what was allowed for this session has not been used. Use is a change, going into a guest, or a click or key
 * of a person; reading is none, the app reads by itself. The count stands still while the PC sleeps, and goes on behind a locked
 * screen.
 */
interface Options {
  /** Milliseconds */
  readonly limit: number;
  /** Waits on a clock that stands still while the PC sleeps. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  /** A run is under way: that is use, however long one of its steps takes. */
  readonly isBusy: () => boolean;
  /** Told of each use. */
  readonly used: () => void;
  /** Resolves when it has ended, or is kept because a run has begun meanwhile. */
  readonly end: () => Promise<void>;
}

export class Unused {
  #takeBack: (() => void) | undefined;

  constructor(private readonly options: Options) {}

  /** It is allowed from now on. */
  begin(): void {
    this.#count();
  }

  /** It is not allowed any more. */
  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  used(): void {
    if (this.#takeBack) this.#count();
  }

  #count(): void {
    this.#takeBack?.();
    this.options.used();
    this.#takeBack = this.options.after(this.options.limit, () => {
      if (this.options.isBusy()) this.used();
      else void this.options.end().then(() => this.used());
    });
  }
}
