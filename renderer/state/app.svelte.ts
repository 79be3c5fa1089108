/** What main has told the window: one value, replaced in parts by events. All pages derive from it. */
import { thisPc, rootOf, type HostId, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Failure, Guid } from '../../src/core/cmdlets/call.js';
import { titleOfFailure } from '../../src/core/errors/failures.js';
import { ofHost } from '../../src/core/machine/hosts.js';
import type { Vm, VmState } from '../../src/core/machine/machine.js';
import type { AppEvent, AppState, HostState, ShownHost } from '../../src/ipc/schema.js';
import { learn, translator, type Language, type Message, type Translator } from '../../src/text/index.js';
import type { Raw } from '../../src/text/shown.js';
import { api, callsOf, listen } from '../api.js';
import { afterEvent, type StateEvent } from './events.js';
import { route } from './route.svelte.js';
import { stateKey } from '../../src/core/machine/state-words.js';
import { PcState } from './pc-state.svelte.js';
import type { Old } from './view.js';

/** `learned` only has it done again: the words of a language come after it. */
const wordsOf = ({
  language,
  host,
}: {
  language: Language;
  host: Raw | null | undefined;
  learned: Language;
}): Translator => translator(language, { host });

const unsaid: AppState['others'] = {};
const isSame = (one: AppState, other: AppState): boolean =>
  [one, other].every((each) => (Object.keys(each) as (keyof AppState)[]).every((part) => one[part] === other[part]));

class App {
  /** As main has told it; null until it has answered. */
  #all = $state.raw<AppState | null>(null);
  #at = $state.raw<HostId>(thisPc);
  #pcs = $state.raw([this.#pcOf(thisPc)]);
  #isAll = $state(false);
  /** Of each PC that was turned away from: the VM that was open. */
  readonly #left = new Map<HostId, VmRef>();
  #before: AppState | null = null;
  readonly #shown = $derived.by(() => {
    const all = this.#all;
    const now = all && { ...all, ...ofHost<HostState>(all, this.#at), others: unsaid };
    if (!now || !this.#before || !isSame(now, this.#before)) this.#before = now;
    return this.#before;
  });
  /** Milliseconds; moves once a second while somebody can see it, for ages and countdowns. */
  now = $state(Date.now());
  // Each part by itself: what hangs on one is not made anew when another changes, all words of a page least of all.
  readonly #language = $derived(this.state?.language ?? 'en');
  #learned = $state.raw<Language>('en');
  #about = $state.raw<HostId | null>();
  #speaker: object | undefined;
  readonly #label = $derived(
    this.#about === null ? null : this.#all?.hosts.find(({ id }) => id === (this.#about ?? this.#at))?.label,
  );
  readonly words = $derived(wordsOf({ language: this.#language, host: this.#label, learned: this.#learned }));

  /** With what is known of the PC that is shown, and of no other: the same value while only another one changes. */
  get state(): AppState | null {
    return this.#shown;
  }
  set state(state: AppState | null) {
    this.#keep(state);
  }

  /** As it is, whichever PC is shown. */
  get all(): AppState | null {
    return this.#all;
  }

  /** What is known of a PC, whichever is shown. undefined: it was removed. */
  of(host: HostId): HostState | undefined {
    return this.#all ? ofHost<HostState>(this.#all, host) : undefined;
  }

  /** This PC, then the hosts in the order of the person: the same value until one comes or goes. */
  get pcs(): readonly PcState[] {
    return this.#pcs;
  }

  /** undefined: it was removed. */
  pc(host: HostId): PcState | undefined {
    return this.#pcs.find(({ id }) => id === host);
  }

  /** The PC that is shown: pages and calls are about it. */
  get at(): HostId {
    return this.#at;
  }

  /** Words are about that PC from now on, whichever is shown; null: about several. The answer ends it, where no other page speaks by then. */
  speakOf(pc: HostId | null): () => void {
    const own = (this.#speaker = {});
    this.#about = pc;
    return () => {
      if (this.#speaker === own) this.#about = undefined;
    };
  }

  /** The list is of all PCs. Every other page goes on to be about the one that is shown. */
  get isAll(): boolean {
    return this.#isAll && this.#pcs.length > 1;
  }

  showAll(): void {
    this.#isAll = true;
    route.go({ page: 'machines' });
  }

  /** As the person calls it. */
  nameOf(host: HostId): string {
    return this.#all?.hosts.find(({ id }) => id === host)?.label ?? this.words('hosts.thisPc');
  }

  /** The host that is shown; undefined: it is this PC. */
  get host(): ShownHost | undefined {
    return this.#all?.hosts.find(({ id }) => id === this.#at);
  }

  /** It is this PC: prompts, restarts, programs and files of its Windows are here. */
  get isHere(): boolean {
    return this.#at === thisPc;
  }

  /** Another PC is shown from now on, and its VMs alone are listed; one that is not there is not. */
  show(host: HostId): void {
    this.turnTo(host);
    if (host === this.#at) this.#isAll = false;
  }

  /** Another PC is shown from now on, whichever VMs are listed; one that is not there is not. */
  turnTo(host: HostId): void {
    if (host === this.#at || !this.pc(host)) return;
    void api.watch({ vm: null });
    if (route.opened !== undefined) this.#left.set(this.#at, route.opened);
    this.#at = host;
    callsOf(host);
    route.ofAnother(this.#left.get(host));
  }

  get #shownPc(): PcState | undefined {
    return this.pc(this.#at);
  }

  /** The runs that are being carried out now, on the PC that is shown. */
  get running(): ReadonlySet<string> {
    return this.#shownPc?.running ?? new Set();
  }

  /** A run is changing this VM, of whichever PC, what it is in, or what is in it. */
  isBusy(vm: VmRef): boolean {
    return this.pc(rootOf(vm))?.isBusy(vm) === true;
  }

  /** Why nothing can be done with this VM now; null: with any of the PC that the page is about, of several with some at least. */
  whyOff(vm: VmRef | null): string | undefined {
    const of = vm === null ? (this.#about === undefined ? this.#at : this.#about) : rootOf(vm);
    const ended = of === null ? undefined : this.pc(of)?.ended;
    if (ended) return this.words(ended.why === 'away' ? 'hosts.awayOff' : 'rights.endedOff');
    return vm !== null && this.isBusy(vm) ? this.words('machines.busy') : undefined;
  }

  /** Of the PC that is shown: what was allowed for this session has ended, or it is away. */
  get ended(): Old | undefined {
    return this.#shownPc?.ended;
  }

  /** Of whichever PC. */
  vm(ref: VmRef): Vm | undefined {
    return this.pc(rootOf(ref))?.vm(ref);
  }

  /** A VM of the PC that is shown. */
  own(id: Guid | undefined): Vm | undefined {
    return this.#shownPc?.own(id);
  }

  /** Seconds since an ISO 8601 time. */
  age(time: string): number {
    return Math.max(0, (this.now - Date.parse(time)) / 1000);
  }

  stateWord(state: VmState | undefined): string {
    return this.words(stateKey(state));
  }

  failureTitle(failure: Failure): Message {
    return titleOfFailure(failure);
  }

  /** Asks for the state and follows it; the answer ends that. */
  start(): () => void {
    // Events that come before the state are in it already.
    const stop = listen((event) => this.#hear(event));
    void this.#firstState().then((state) => {
      this.state = state;
      this.now = Date.now();
    });
    const clock = setInterval(() => {
      if (!document.hidden) this.now = Date.now();
    }, 1000);
    return () => {
      stop();
      clearInterval(clock);
      clearTimeout(this.#due);
      this.#due = undefined;
    };
  }

  #hear(event: AppEvent): void {
    // Of who has asked for it (hosts/live.svelte.ts).
    if (event.kind === 'host-test') return;
    if (event.kind === 'run' || event.kind === 'machine') return this.#takeLater(event);
    this.#take();
    if (event.kind === 'open') {
      this.turnTo(whose(event));
      route.open(event);
    } else if (event.kind === 'wizard') {
      const { goal, review } = event;
      this.turnTo(whose(event));
      route.go({ page: 'wizard', goal, ...(review !== undefined && { review }) });
    } else if (this.#all) {
      const all = afterEvent(this.#all, event);
      this.#keep(all);
      // It was forgotten.
      if (!this.#shownPc) this.turnTo(thisPc);
      void this.#learn(all.language);
    }
  }

  /** Asked for again where its words come after it: what happens meanwhile is in it then. */
  async #firstState(): Promise<AppState> {
    const state = await api.state();
    if (translator(state.language).language === state.language) return state;
    await this.#learn(state.language);
    return await api.state();
  }

  async #learn(language: Language): Promise<void> {
    await learn(language);
    this.#learned = language;
  }

  /** A run of hundreds of machines tells dozens of things a second: the page is made anew ten times a second at most. */
  #takeLater(event: StateEvent): void {
    this.#waiting.push(event);
    if (this.#due !== undefined) return;
    this.#take();
  }
  #waiting: StateEvent[] = [];
  #due: ReturnType<typeof setTimeout> | undefined;

  #take(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    const state = this.#all;
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    if (state) this.#keep(events.reduce(afterEvent, state));
    this.#due = setTimeout(() => this.#take(), 100);
  }

  #keep(all: AppState | null): void {
    this.#all = all;
    const ids = [thisPc, ...(all?.hosts ?? []).map(({ id }) => id)];
    if (ids.length === this.#pcs.length && ids.every((id, index) => id === this.#pcs[index]?.id)) return;
    this.#pcs = ids.map((id) => this.pc(id) ?? this.#pcOf(id));
  }

  /** Made outside of any page: it outlives them. */
  #pcOf(host: HostId): PcState {
    return new PcState(host, () => this.of(host));
  }
}

/** Whose page is opened: that of the VM, else of this PC, whose tray it mostly comes from. */
function whose(event: Extract<AppEvent, { kind: 'open' | 'wizard' }>): HostId {
  if (event.host !== undefined) return event.host;
  if (event.kind === 'open') return event.vm === undefined ? thisPc : rootOf(event.vm);
  const [first] = event.goal.kind === 'vms' ? event.goal.wants : [];
  return first ? rootOf(first.vm) : thisPc;
}

export const app = new App();

/** What a page says, in the language of the window as it is when it is asked. */
export const t: Translator = new Proxy(translator('en'), {
  apply: (_, self, said): unknown => Reflect.apply(app.words, self, said),
  get: (_, name): unknown => Reflect.get(app.words, name),
});
