/** All that the window is told, as one value, and where each change of it goes. */
import { diff, type MachinePatch } from '../core/machine/patch.js';
import type { AppState } from '../ipc/schema.js';
import type { Notice } from '../ipc/notices.js';
import type { Reading } from './readings.js';

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

  /** In the place of what was said of the same kind. */
  say(notice: Notice): void {
    this.change({ notices: [...this.#withoutNotice(notice.kind), notice] });
  }

  unsay(kind: Notice['kind']): void {
    const notices = this.#withoutNotice(kind);
    if (notices.length < this.#state.notices.length) this.change({ notices });
  }

  #withoutNotice(kind: Notice['kind']): readonly Notice[] {
    return this.#state.notices.filter((notice) => notice.kind !== kind);
  }

  /** A reading: kept, and what of it the window lacks. undefined: it was given all of it. */
  hear({ machine, before, patch }: Reading): MachinePatch | undefined {
    const known = this.#state.machine;
    if (!known || !before) {
      this.change({ machine });
      return undefined;
    }
    this.keep({ machine });
    return before === known ? patch : diff(known, machine);
  }

  /** For what reaches the window in a smaller form, as a patch or an event. */
  keep(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
