/** What main has told the window: one value, replaced in parts by events. All pages derive from it. */
import { thisPc, idOf, hostOf, isWithin, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Failure, Guid } from '../../src/core/cmdlets/call.js';
import { titleOfFailure } from '../../src/core/errors/failures.js';
import { vmAt } from '../../src/core/machine/tree.js';
import type { Vm, VmState } from '../../src/core/machine/machine.js';
import type { AppEvent, AppState, Ended } from '../../src/ipc/schema.js';
import { learn, translator, type Language, type Message, type Translator } from '../../src/text/index.js';
import { api, listen } from '../api.js';
import { afterEvent, type StateEvent } from './events.js';
import { route } from './route.svelte.js';
import { stateKey } from '../../src/core/machine/state-words.js';
import { ifRead } from '../../src/core/machine/reading.js';
import { viewOf } from './view.js';

/** `learned` only has it done again: the words of a language come after it. */
const wordsOf = ({ language }: { language: Language; learned: Language }): Translator => translator(language);

class App {
  /** null until main has answered. */
  state = $state.raw<AppState | null>(null);
  /** Milliseconds; moves once a second while somebody can see it, for ages and countdowns. */
  now = $state(Date.now());
  // Each part by itself: what hangs on one is not made anew when another changes, all words of a page least of all.
  readonly #language = $derived(this.state?.language ?? 'en');
  #learned = $state.raw<Language>('en');
  readonly words = $derived(wordsOf({ language: this.#language, learned: this.#learned }));
  readonly #vms = $derived(this.state?.machine?.vms);
  readonly #byId = $derived(new Map(ifRead(this.#vms, [], (all) => all.map((vm) => [vm.id, vm]))));
  readonly #running = $derived(this.state?.running);

  /** The runs that are being carried out now. */
  readonly running: ReadonlySet<string> = $derived(new Set(this.#running ?? []));

  readonly #changing = $derived(
    (this.state?.runs ?? [])
      .filter(({ id }) => this.running.has(id))
      .flatMap(({ plan }) => plan.chains.map(({ vm }) => vm)),
  );

  /** A run is changing this VM, what it is in, or what is in it. */
  isBusy(vm: VmRef): boolean {
    return this.#changing.some((one) => isWithin(one, vm) || isWithin(vm, one));
  }

  /** Why nothing can be done with this VM now; null: with any. */
  whyOff(vm: VmRef | null): string | undefined {
    if (this.ended) return this.words('rights.endedOff');
    return vm !== null && this.isBusy(vm) ? this.words('machines.busy') : undefined;
  }

  /** What was allowed for this session has ended: the VMs are old, and nothing can be done with them. */
  readonly ended: Ended | undefined = $derived.by(() => {
    const view = viewOf(this.state);
    return view.kind === 'list' ? view.ended : undefined;
  });

  vm(ref: VmRef): Vm | undefined {
    return hostOf(ref) === thisPc ? this.own(idOf(ref)) : vmAt(this.state?.machine ?? null, ref);
  }

  /** A VM of this PC. */
  own(id: Guid | undefined): Vm | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
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
    if (event.kind === 'run' || event.kind === 'machine') return this.#takeLater(event);
    this.#take();
    if (event.kind === 'open') route.open(event);
    else if (event.kind === 'wizard') {
      const { goal, review } = event;
      route.go({ page: 'wizard', goal, ...(review !== undefined && { review }) });
    } else if (this.state) {
      this.state = afterEvent(this.state, event);
      void this.#learn(this.state.language);
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
    const { state } = this;
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    if (state) this.state = events.reduce(afterEvent, state);
    this.#due = setTimeout(() => this.#take(), 100);
  }
}

export const app = new App();

/** What a page says, in the language of the window as it is when it is asked. */
export const t: Translator = new Proxy(translator('en'), {
  apply: (_, self, said): unknown => Reflect.apply(app.words, self, said),
  get: (_, name): unknown => Reflect.get(app.words, name),
});
