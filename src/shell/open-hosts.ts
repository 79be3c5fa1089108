/** Every PC that is open: this one, or a simulated one in its place, and each host that was added. Each is read and changed by itself. */
import { rootOf, thisPc, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { rootsOf } from '../core/change/span.js';
import type { Goal, RunId } from '../core/machine/goal.js';
import type { ShownHost, Source } from '../ipc/schema.js';
import type { AppStore } from './app-state.js';
import type { OpenSource } from './open-source.js';
import type { Runs } from './runs.js';
import { Spans, type Changes } from './spans.js';
import { realWatchClock, type Pause } from './watcher.js';
import type { World } from './world.js';

interface Options {
  readonly store: AppStore;
  readonly local: OpenSource;
  /** Hosts that go with what is open in the place of this PC: those that were added, or those of a scenario. */
  readonly known: () => readonly ShownHost[];
  /** What they are told to be until they are open. */
  readonly source: () => Source;
  readonly open: (host: ShownHost) => OpenSource;
  /** All are open now, or could not be. */
  readonly opened: () => void;
  readonly failed: (what: string, error: unknown) => void;
}

/** Runs of every PC. */
type AllRuns = Pick<Runs, 'isBusy' | 'busyVms' | 'idle' | 'interrupt'>;

export class OpenHosts {
  readonly #others = new Map<HostId, OpenSource>();
  /** Counts how often they were opened anew. */
  #turn = 0;
  #isOpen = false;

  /** What several of them are changed by at once. */
  readonly spans: Spans;

  constructor(private readonly options: Options) {
    this.spans = new Spans({
      state: () => options.store.state,
      runsAt: (host) => this.#sourceAt(host)?.world?.runs,
      all: () => this.worlds.map(({ runs }) => runs),
      after: (milliseconds, act) => realWatchClock.after(milliseconds, act),
    });
  }

  /** This PC. undefined: it is not open yet, or another one is being opened in its place. */
  get world(): World | undefined {
    return this.options.local.world;
  }

  /** All that there are, or they could not be. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get opened(): World {
    return this.options.local.opened;
  }

  get worlds(): readonly World[] {
    return this.#sources.flatMap(({ world }) => world ?? []);
  }

  get #sources(): readonly OpenSource[] {
    return [this.options.local, ...this.#others.values()];
  }

  /** Throws for a host that is not there. */
  source(host: HostId): OpenSource {
    const found = this.#sourceAt(host);
    if (!found) throw new Error('no such host is open');
    return found;
  }

  at(host: HostId): World {
    return this.source(host).opened;
  }

  #sourceAt(host: HostId): OpenSource | undefined {
    return host === thisPc ? this.options.local : this.#others.get(host);
  }

  /** Who plans it: the PC that it is about, or all of them together. `host`: where it names none. */
  planner(goal: Goal, host: HostId): Changes {
    if (goal.kind === 'undo') return this.changeOf(goal.run);
    if (goal.kind === 'create') return this.at(host).runs;
    const [root = host, ...others] = rootsOf(goal.wants.map(({ vm }) => vm));
    return others.length > 0 ? this.spans : this.at(root).runs;
  }

  /** Who has that plan. Where it is not known any more, this PC says so. */
  withPlan(plan: string): Changes {
    const all = [this.spans, ...this.worlds.map(({ runs }) => runs)];
    return all.find((one) => one.planOf(plan) !== undefined) ?? this.opened.runs;
  }

  /** Who carries out, or has carried out, that change. */
  changeOf(run: RunId): Changes {
    return this.spans.has(run) ? this.spans : this.withRun(run).runs;
  }

  withRun(run: RunId): World {
    return this.worlds.find(({ runs }) => runs.records.some(({ id }) => id === run)) ?? this.opened;
  }

  keepDrift(vm: VmRef): void {
    this.source(rootOf(vm)).keepDrift(vm);
  }

  /** undefined: this PC is not open yet. */
  get runs(): AllRuns | undefined {
    if (!this.world) return undefined;
    const all = (): readonly Runs[] => this.worlds.map(({ runs }) => runs);
    return {
      get isBusy() {
        return all().some(({ isBusy }) => isBusy);
      },
      get busyVms() {
        return new Set(all().flatMap(({ busyVms }) => [...busyVms]));
      },
      idle: async () => {
        await Promise.all(all().map((runs) => runs.idle()));
      },
      interrupt: () => all().forEach((runs) => runs.interrupt()),
    };
  }

  used(): void {
    for (const world of this.worlds) world.used();
  }

  setVisible(isVisible: boolean): void {
    for (const { watcher } of this.worlds) watcher.setVisible(isVisible);
  }

  setPaused(why: Pause, isPaused: boolean): void {
    for (const world of this.worlds) world.setPaused(why, isPaused);
  }

  /** What the settings and the command line say now; what was open is closed. */
  async open(): Promise<void> {
    const turn = ++this.#turn;
    this.#isOpen = false;
    const others = [...this.#others.values()];
    this.#others.clear();
    this.options.store.setHosts([], this.options.source());
    await Promise.all(others.map((source) => source.close()));
    await this.options.local.open();
    await this.follow();
    if (turn !== this.#turn) return;
    this.#isOpen = true;
    this.options.opened();
  }

  /** Hosts that are new are opened, `anew` once more, those that are gone closed. Nothing waits for a host. */
  async follow(anew?: HostId): Promise<void> {
    const { store, known, source, open, failed } = this.options;
    const hosts = known();
    store.setHosts(hosts, source());
    const gone = [...this.#others].filter(([id]) => !hosts.some((host) => host.id === id));
    for (const [id] of gone) this.#others.delete(id);
    const opening = hosts.flatMap((host) => {
      const before = this.#others.get(host.id);
      if (before) return host.id === anew ? [before.open()] : [];
      const made = open(host);
      this.#others.set(host.id, made);
      return [made.open()];
    });
    const all = [...gone.map(([, one]) => one.close()), ...opening];
    for (const one of await Promise.allSettled(all)) if (one.status === 'rejected') failed('host', one.reason);
  }

  closeFiles(): void {
    for (const source of this.#sources) source.closeFiles();
  }

  async close(): Promise<void> {
    await Promise.all(this.worlds.map((world) => world.close()));
  }
}
