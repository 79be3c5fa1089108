/** Which page the window shows. Kept here and nowhere else: the window has no addresses. */
import { untrack } from 'svelte';
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { MemoryWant, RunId, WishedGoal } from '../../src/core/machine/goal.js';
import type { AppEvent, ElevatedAct } from '../../src/ipc/schema.js';
import type { StepId } from '../../src/core/change/setup.js';
import { wslSays, type PickedSymptom } from '../../src/core/errors/symptoms.js';
import type { LearnTopic } from './learn.js';

export type Route =
  /** `find`: with the cursor in the filter. */
  | { readonly page: 'machines'; readonly vm?: VmRef; readonly find?: true }
  /** The memory of a VM of this PC; `edits`: what was changed there before its review. */
  | { readonly page: 'memory'; readonly vm: VmRef; readonly edits?: MemoryWant }
  | { readonly page: 'host' }
  /** Where there is more than one PC. `adding`: with the dialog for another one. */
  | { readonly page: 'hosts'; readonly adding?: true }
  | { readonly page: 'activity'; readonly run?: RunId }
  /** `from`: a page that was opened there is closed again, and its button has the focus. */
  | { readonly page: 'settings'; readonly from?: 'report' }
  /** What an error means; `text`: what was pasted before; `symptom`: what is seen without one. */
  | { readonly page: 'errors'; readonly text?: string; readonly symptom?: PickedSymptom }
  /** The report of a problem; `pasted`: the error that it is about. */
  | { readonly page: 'report'; readonly from: 'settings' | 'host' | 'errors'; readonly pasted?: string }
  | { readonly page: 'learn'; readonly topic?: LearnTopic }
  /** Guided setup; `after`: a step of it has been seen to, it goes on from there; `vm`: with this one. */
  | { readonly page: 'setup'; readonly after?: StepId; readonly vm?: VmRef }
  /** A VM to be made; `setup`: the step of the setup that asked for it. */
  | { readonly page: 'create'; readonly setup?: StepId }
  /** One wizard for every goal; `run`: one that runs or ran. `from`: a page on which everything was chosen already; `setup`: a step of the setup. */
  | WizardRoute
  | { readonly page: 'run'; readonly run: RunId }
  /** `only`: the VMs that are ticked to begin with; absent: all of the run. `checkpoints`: only those that it has taken go. */
  | { readonly page: 'undo'; readonly run: RunId; readonly only?: readonly VmRef[]; readonly checkpoints?: true }
  /** A run that was cut short. */
  | { readonly page: 'recover'; readonly run: RunId }
  /** The test of a network inside a machine; from a nested VM, or null: from the machine itself. */
  | { readonly page: 'proof'; readonly at: VmRef; readonly vm: VmRef | null; readonly setup?: StepId }
  /** Our page before the prompt of Windows. */
  | {
      readonly page: 'elevate';
      readonly act: ElevatedAct;
      readonly from: ElevatedFrom;
      /** What goes on by itself once it is allowed. */
      readonly then?: WizardRoute;
    };
export interface WizardRoute {
  readonly page: 'wizard';
  readonly goal: WishedGoal;
  readonly from?: 'memory';
  readonly setup?: StepId;
  /** A console waits for what comes of it. */
  readonly review?: string;
}
/** Where an elevated act was asked for. */
export type ElevatedFrom = 'machines' | 'host' | 'settings' | 'setup';

/** What is begun there is left by its own buttons: nobody goes back into it. */
const begun: ReadonlySet<Route['page']> = new Set([
  'create',
  'wizard',
  'run',
  'undo',
  'recover',
  'elevate',
  'report',
  'proof',
]);
/** The same whichever PC is shown. */
const ofNoPc: ReadonlySet<Route['page']> = new Set(['hosts', 'settings', 'errors', 'learn']);
const longestPast = 50;

/** The list with another VM beside it is no other page; the memory of another VM is. */
const isSamePage = (one: Route, other: Route): boolean =>
  one.page === other.page && (one.page !== 'memory' || other.page !== 'memory' || one.vm === other.vm);

class Router {
  now = $state.raw<Route>({ page: 'machines' });
  /** Counts: a page that is opened again is made anew. */
  visit = $state(0);
  #vm: VmRef | undefined;
  #past: readonly Route[] = [];
  /** False until a person or main has chosen a page: the first start may lead to This PC. */
  isChosen = $state(false);

  /** The VM that was opened last. */
  get opened(): VmRef | undefined {
    return this.#vm;
  }

  go(to: Route): void {
    // From one VM of the list to the next is no way to go back.
    if (!begun.has(this.now.page) && this.now.page !== to.page)
      this.#past = [...this.#past, this.now].slice(-longestPast);
    this.#show(to);
  }

  /** On by itself from a page that nobody comes back to. */
  replace(to: Route): void {
    this.#show(to);
  }

  /** What was written on the page that is shown: whoever comes back finds it there. */
  keep(now: Route): void {
    if (untrack(() => this.now.page) === now.page) this.now = now;
  }

  /** The page before, as it was left. What was begun on a page leads back to it: its place before is passed over. */
  back(): void {
    const at = this.#past.findLastIndex((one) => !isSamePage(one, this.now));
    const to = this.#past[at];
    if (!to) return;
    this.#past = this.#past.slice(0, at);
    this.#show(to);
  }

  #show(to: Route): void {
    if (to.page === 'machines' && to.vm !== undefined) this.#vm = to.vm;
    this.now = to;
    this.visit += 1;
    this.isChosen = true;
  }

  /** The page of the start, which is nobody's choice. */
  begin(to: Route): void {
    this.now = to;
    this.isChosen = true;
  }

  /** Another PC is shown: what was open of the one before is not there. `opened`: the VM that was open there last. */
  ofAnother(opened?: VmRef): void {
    this.#vm = opened;
    this.#past = this.#past.filter(({ page }) => ofNoPc.has(page));
    const { page } = untrack(() => this.now);
    const isOfAny = page === 'host' || page === 'hosts' || page === 'activity';
    this.#show({ page: isOfAny ? page : 'machines' });
  }

  /** The page of machines with the VM that was open last. */
  goBack(): void {
    this.go(this.#vm === undefined ? { page: 'machines' } : { page: 'machines', vm: this.#vm });
  }

  /** Where VMs are looked for, with the one that was open last beside it. */
  find(): void {
    this.go({ page: 'machines', ...(this.#vm !== undefined && { vm: this.#vm }), find: true });
  }

  open({ page, vm, run, symptom, text, find }: Extract<AppEvent, { kind: 'open' }>): void {
    if (find) this.find();
    else if (page === 'machines') this.go(vm === undefined ? { page } : { page, vm });
    // Memory is of one machine.
    else if (page === 'memory') this.go(vm === undefined ? { page: 'machines' } : { page, vm });
    else if (page === 'activity') this.go(run === undefined ? { page } : { page, run });
    else if (page === 'errors' && text !== undefined) this.go({ page, text });
    // What WSL prints is explained as if it had been pasted.
    else if (page === 'errors')
      this.go(symptom === 'wsl-off' ? { page, text: wslSays } : symptom === undefined ? { page } : { page, symptom });
    else if (page === 'allow') this.go({ page: 'elevate', act: 'allow-session', from: 'machines' });
    else this.go({ page });
  }
}

export const route = new Router();
