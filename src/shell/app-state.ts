/** All that the window is told, as one value, and where each change of it goes. */
import type { AppState } from '../ipc/schema.js';

export class AppStore {
  #state: AppState;

  constructor(
    first: AppState,
    /** Only what has changed. */
    private readonly changed: (change: Partial<AppState>) => void,
  ) {
    this.#state = first;
  }

  get state(): AppState {
    return this.#state;
  }

  change(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed(change);
  }

  /** For what reaches the window in a smaller form, as a patch or an event. */
  keep(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
