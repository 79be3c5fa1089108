/** All that the window is told, as one value, and where each change of it goes. What is known of a host is a part of it. */
import { textOf, thisPc, type HostId } from '../core/cmdlets/ref.js';
import { ofHost } from '../core/machine/hosts.js';
import { diff, type MachinePatch } from '../core/machine/patch.js';
import type { AppState, HostState, ShownHost, Source } from '../ipc/schema.js';
import type { Notice } from '../ipc/notices.js';
import type { Reading } from './readings.js';

/** What is known of one PC. */
export interface HostStore {
  readonly state: HostState;
  change(change: Partial<HostState>): void;
  /** For what reaches the window in a smaller form, as a patch or an event. */
  keep(change: Partial<HostState>): void;
  /** A reading: kept, and what of it the window lacks. undefined: it was given all of it. */
  hear(reading: Reading): MachinePatch | undefined;
}

/** Before anything of it is known. */
export const nothingKnown = (source: Source): HostState => ({
  source,
  connection: { kind: 'starting' },
  machine: null,
  runs: [],
  running: [],
  guests: {},
  accounts: [],
  canRemember: false,
  proof: null,
  drifts: [],
  isFailing: false,
});

export class AppStore {
  #state: AppState;

  constructor(
    first: AppState,
    /** Only what has changed. `host`: of that one; undefined: of the app, and of this PC. */
    private readonly changed: (change: Partial<AppState>, host?: HostId) => void,
  ) {
    this.#state = first;
  }

  get state(): AppState {
    return this.#state;
  }

  change(change: Partial<AppState>): void {
    this.#keep(change);
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

  /** Which hosts there are. Of one that is new nothing is known yet; of one that is gone nothing stays. */
  setHosts(hosts: readonly ShownHost[], source: Source): void {
    const { others: before } = this.#state;
    const others = Object.fromEntries(
      hosts.map(({ id }) => [textOf(id), before[textOf(id)] ?? nothingKnown(source)] as const),
    );
    this.change({ hosts, others });
  }

  of(host: HostId): HostStore {
    const read = (): HostState => ofHost<HostState>(this.#state, host) ?? nobody;
    const keep = (change: Partial<HostState>): void => {
      if (host === thisPc) return this.#keep(change);
      const { others } = this.#state;
      const before = others[textOf(host)];
      // It was forgotten meanwhile.
      if (before) this.#keep({ others: { ...others, [textOf(host)]: { ...before, ...change } } });
    };
    const change = (now: Partial<HostState>): void => {
      keep(now);
      if (host === thisPc) this.changed(now);
      else if (textOf(host) in this.#state.others) this.changed(now, host);
    };
    return {
      get state() {
        return read();
      },
      change,
      keep,
      hear: ({ machine, before, patch }) => {
        const known = read().machine;
        if (!known || !before) {
          change({ machine });
          return undefined;
        }
        keep({ machine });
        return before === known ? patch : diff(known, machine);
      },
    };
  }

  #keep(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

const nobody = nothingKnown({ kind: 'host' });
