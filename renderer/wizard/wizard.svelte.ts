/** What a wizard does: choose → plan → review → run → done. Its stages are in stages.ts, its words beside it. */
import { hostOf, rootOf, type VmRef, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { untrack } from 'svelte';
import type { Consent } from '../../src/core/machine/goal.js';
import type { Plan } from '../../src/core/change/step.js';
import type { StepId } from '../../src/core/change/setup.js';
import type { Words } from '../../src/text/index.js';
import { api } from '../api.js';
import { guestAt, isClosed, isOff } from '../inside/guest.js';
import { addressesOf } from '../network/choice.js';
import { testOf } from '../network/from.js';
import { app, t } from '../state/app.svelte.js';
import { goTo } from '../state/quick.js';
import { route, type Route } from '../state/route.svelte.js';
import { findRun } from '../state/runs.js';
import { goalAgain, planFor, startOf } from './asking.js';
import { askedFor, byHandFor, firstStage, formAt, machineOf, madeOn, pageOf, placedOf, titleOf } from './begin.js';
import type { Draft } from './choices.js';
import { consentsOf, waitsFor } from './consents.js';
import type { WayOn } from './ending.js';
import { redraft, type CreateForm, type Form } from './forms.js';
import { nothingBack } from './nothing-back.js';
import { aboutOf, closesTo, crumbsOf, memoryPageOf, type Opening, type Origin } from './origin.js';
import {
  accountClosed,
  askedNow,
  askedOf,
  losesChoice,
  notStarted,
  onlyOf,
  pageOfReview,
  pageOfRun,
  planIn,
  placeOf,
  planningOf,
  reviewOf,
  stagesOf,
  runOf,
  troubleOf,
  withForm,
  withNewVm,
  type Asked,
  type Page,
  type Planning,
  type Stage,
} from './stages.js';
import { vmsOfUndo } from './three-way.js';
import { toggled } from './undo-goal.js';

export class WizardController {
  readonly #opening: Opening;
  readonly setup: StepId | undefined;
  /** It began with something to choose. */
  readonly #isAsked: boolean;
  /** As written on the page of the network: kept for those that a person sets. */
  #addresses: ReturnType<typeof addressesOf> = new Map();
  #stage: Stage;
  /** Something was carried out here before what is asked for now. */
  hasRun = $state(false);

  constructor(opening: Opening, setup?: StepId) {
    this.#opening = opening;
    this.setup = setup;
    const first = firstStage(opening, setup);
    this.#isAsked = first.kind === 'choosing';
    this.#stage = $state.raw(first);
    this.hasRun = first.kind === 'run';
    this.#enter(first);
  }

  get stage(): Stage {
    return this.#stage;
  }

  readonly #goal = $derived.by(() => askedOf(this.#stage)?.goal);
  readonly #wants = $derived(this.#goal?.kind === 'vms' ? this.#goal.wants : []);
  /** The VM that was made here, and is there. */
  readonly made = $derived.by(() => madeOn(this.page));
  /** The machine that the VMs are in. */
  readonly within: MachineRef = $derived(this.#wants[0] ? hostOf(this.#wants[0].vm) : app.at);
  /** None of the VMs is there any more. */
  readonly #isGone = $derived(
    this.#goal?.kind === 'vms' && placedOf(this.#wants).length === 0 && machineOf(this.#wants) !== undefined,
  );

  readonly #record = $derived.by(() => (this.#stage.kind === 'run' ? findRun(this.#stage.run) : undefined));

  /** The form with what it is about; undefined: that is not there. */
  readonly form = $derived.by(() => formAt(this.#stage));

  readonly page = $derived.by((): Page => {
    const stage = this.#stage;
    if (stage.kind === 'run') return pageOfRun(stage, this.#record);
    if (this.#isGone) return { kind: 'vm-gone' };
    if (stage.kind === 'choosing') return this.form ? { kind: 'form', form: this.form } : { kind: 'planning' };
    return stage.kind === 'review' ? pageOfReview(stage) : stage;
  });

  readonly place = $derived.by(() => placeOf(this.#stage, this.page));
  /** Beside the steps of the setup there are no others. */
  readonly stages = $derived.by(() => (this.setup ? [] : stagesOf(this.#stage)));
  readonly #plan = $derived.by((): Plan | undefined =>
    this.#stage.kind === 'review' ? planIn(this.#stage.shown) : 'plan' in this.page ? this.page.plan : undefined,
  );
  readonly byHand = $derived(this.#plan ? byHandFor(this.#plan, this.#addresses) : []);
  /** Why the button of the review waits. null: it does not. */
  readonly waits = $derived.by(() =>
    this.#plan && this.#stage.kind === 'review' ? waitsFor(consentsOf(t, this.#plan), this.#stage.kept.given) : null,
  );
  /** An undo that has nothing to do, and why. */
  readonly nothing = $derived(
    this.#goal?.kind === 'undo' && this.page.kind === 'already-so'
      ? nothingBack(
          t,
          this.page.review.shown.threeWay ?? [],
          onlyOf(this.page.review),
          isClosed,
          isOff,
          this.#goal.checkpoints,
        )
      : undefined,
  );

  readonly title: Words = $derived(titleOf(this.#record, this.#goal));
  readonly #origin: Origin = $derived.by(() => {
    const [{ made, setup }, page] = [this, pageOf(this.#wants)];
    const [placed] = placedOf(this.#wants);
    const at = placed ? rootOf(placed.ref) : app.at;
    return { at, opening: this.#opening, setup, goal: this.#goal ?? undefined, page, made };
  });
  readonly crumbs = $derived(crumbsOf(t, this.#origin));

  readonly about = $derived(aboutOf([...this.#wants, ...(this.#plan?.chains ?? [])], app.at));

  close(): void {
    goTo(closesTo(this.#origin, this.hasRun));
  }

  /** Closed now, it forgets what was chosen. The page of the memory has it still. */
  get losesChoice(): boolean {
    return losesChoice(this.#stage, this.page) && (this.hasRun || !this.#chosenOn);
  }

  fill(form: Form): void {
    this.#stage = withForm(this.#stage, form);
  }

  /** A change on the page of a VM to be made, or the files that were found for it. */
  fillVm(change: Partial<Omit<CreateForm, 'page'>>): void {
    this.#stage = withNewVm(this.#stage, change);
  }

  /** A tick on the page of settings. */
  choose(change: Partial<Draft>): void {
    const { form } = this;
    if (form?.page === 'settings') this.fill({ page: 'settings', draft: redraft(form, change) });
  }

  toReview(): void {
    const { form } = this;
    const asked = askedNow(this.#stage, form?.goal ?? null);
    if (form?.page === 'network' && form.choice) this.#addresses = addressesOf(form.choice);
    if (asked) this.#enter(planningOf(asked));
  }

  /** The page that has all that was chosen: nothing was asked here. */
  get #chosenOn(): Route | undefined {
    return this.#isAsked ? undefined : memoryPageOf(this.#opening);
  }

  /** Back to where it was chosen, with what was chosen there. */
  toChoose(): void {
    const asked = askedOf(this.#stage);
    if (!asked?.form) this.close();
    else if (this.#chosenOn) goTo(this.#chosenOn);
    else this.#stage = { kind: 'choosing', asked };
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    if (stage.kind === 'planning') void this.#makePlan(stage);
  }

  async #makePlan(planning: Planning): Promise<void> {
    const answer = await planFor(planning.asked.goal);
    // Somebody has gone on meanwhile.
    if (this.#stage !== planning) return;
    const { asked, kept } = planning;
    this.#stage = answer.kind === 'shown' ? reviewOf(planning, answer.shown) : troubleOf(asked, kept, answer.failure);
  }

  /** The same once more, after the plan could not be made. */
  retry(): void {
    const stage = this.#stage;
    if (stage.kind === 'trouble') this.#enter(planningOf(stage.asked, stage.kept));
  }

  consent(one: Consent, isGiven: boolean): void {
    const stage = this.#stage;
    if (stage.kind === 'review')
      this.#stage = { ...stage, kept: { ...stage.kept, given: toggled(stage.kept.given, one, isGiven) } };
  }

  /** Something of the review is ticked: what is shown stays in sight while it is planned. `all`: the VMs of an undo. */
  async askElse(change: (asked: Asked, all: readonly VmRef[]) => Asked): Promise<void> {
    const stage = this.#stage;
    if (stage.kind !== 'review' || stage.busy === 'starting') return;
    const asked = change(stage.asked, vmsOfUndo(stage.shown));
    this.#stage = { ...stage, asked, busy: 'planning' };
    const answer = await planFor(asked.goal);
    const now = this.#stage;
    if (now.kind !== 'review' || now.asked !== asked) return;
    this.#stage =
      answer.kind === 'shown'
        ? { ...now, shown: answer.shown, busy: null }
        : troubleOf(asked, now.kept, answer.failure);
  }

  async start(): Promise<void> {
    const stage = this.#stage;
    const plan = stage.kind === 'review' && planIn(stage.shown);
    if (!plan || stage.busy !== null) return;
    this.#stage = { ...stage, kept: { ...stage.kept, isLost: false }, busy: 'starting' };
    const answer = await startOf(plan, stage.kept.given);
    const now = this.#stage;
    this.hasRun ||= answer.kind === 'started';
    if (answer.kind === 'started') this.#stage = runOf(answer.run, stage);
    // Whoever went back meanwhile is not called to a review again.
    else if (now.kind === 'review' && now.shown === stage.shown) this.#enter(notStarted(now, plan, answer));
  }

  async stop(): Promise<void> {
    const stage = this.#stage;
    if (stage.kind !== 'run') return;
    this.#stage = { ...stage, isStopping: true };
    await api.cancel({ run: stage.run });
  }

  /** The same wants of one VM again, or of all. */
  again(only?: VmRef, consents: readonly Consent[] = []): void {
    if (this.#plan) this.#enter(planningOf(askedFor(goalAgain(this.#plan, this.#record, only, consents))));
  }

  chooseWay(way: WayOn): void {
    const stage = this.#stage;
    if (stage.kind === 'run') this.#stage = { ...stage, way };
  }

  /** The way that is chosen, or the recommended one. */
  goOn(): void {
    if (this.page.kind !== 'done') return;
    if (this.page.way === 'undo') this.undo();
    else this.again(undefined, this.page.way === 'turn-off' ? ['turn-off'] : []);
  }

  undo(): void {
    if (this.#stage.kind === 'run') route.go({ page: 'undo', run: this.#stage.run });
  }

  /** Starts a VM that a run has left off, or that has to run before one can look inside. */
  startVm(vm: VmRef): void {
    const wants = [{ vm, want: { power: 'running' as const } }];
    this.#enter(planningOf(askedFor({ kind: 'vms', wants, consents: [] })));
  }

  async connect(vm: VmRef): Promise<void> {
    const { ok } = await api.connect({ vm });
    const stage = this.#stage;
    if (ok || stage.kind !== 'run') return;
    this.#stage = { ...stage, unreached: this.#plan?.chains.find((chain) => chain.vm === vm)?.name ?? '' };
  }

  /** From a nested VM that was connected, if it can be entered; else the machine stands for it. */
  prove(vm: VmRef): void {
    const want = this.#plan?.wants.find((one) => one.vm === vm);
    if (!want) return;
    goTo({ ...testOf(want, app.vm(vm)?.guest), ...(this.setup && { setup: this.setup }) });
  }

  /** Asks for the account of the machine whose inside could not be read. */
  askAccount(): void {
    const stage = this.#stage;
    const inside = this.nothing?.inside;
    if (stage.kind === 'review' && inside) this.#stage = { ...stage, account: { ...inside, isOpen: true } };
  }

  closeAccount(): void {
    this.#stage = accountClosed(this.#stage);
  }

  /** Plans again once the inside that was waited for has been read. */
  onInsideRead(): void {
    const stage = this.#stage;
    if (stage.kind !== 'review' || !stage.account) return;
    const { at } = stage.account;
    if (guestAt(at).status !== 'open' || !app.vm(at)?.guest) return;
    untrack(() => this.#enter(planningOf(stage.asked, stage.kept)));
  }
}
