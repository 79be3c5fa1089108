/** The pages on which something is chosen, and the goal that each comes to with the VMs as they are now. */
import { checksOfVm } from '../../src/core/checks/all.js';
import type { Check } from '../../src/core/checks/check.js';
import type { GuestSystem } from '../../src/core/checks/purposes.js';
import type { FoundFiles } from '../../src/core/machine/files.js';
import type { Goal, VmGoal, VmWant, Wish } from '../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { adviseNetwork, type NetworkAdvice } from '../../src/core/network/advice.js';
import {
  addressWant,
  resolveAddress,
  type AddressWish,
  type ResolvedAddress,
} from '../../src/core/network/own-address.js';
import { fill, type Draft as NewVmDraft, type Filled as FilledVm } from '../create/draft.js';
import { choiceOf, editsOf, problemOf, wantOf, type Choice, type Edits } from '../network/choice.js';
import {
  draftOf,
  goalOf,
  recommendationsOf,
  tickedBy,
  withoutRecommended,
  withRecommended,
  type Draft,
  type Placed,
  type Recommendation,
} from './choices.js';
import { chosenPurpose, readyingOf, readyWant, type Ready, type GuestSetupDraft } from './ready.js';

export type Form =
  | { readonly page: 'settings'; readonly draft: Draft }
  /** What to run inside. */
  | { readonly page: 'inside'; readonly readying: GuestSetupDraft }
  /** What differs from the advised network. */
  | { readonly page: 'network'; readonly edits: Edits }
  /** What differs from the network that is offered for an address that stays. */
  | { readonly page: 'address'; readonly wish: AddressWish };

/** A VM to be made; `found`: undefined while it is looked for. */
export interface CreateForm {
  readonly page: 'create';
  readonly draft: NewVmDraft;
  readonly found: FoundFiles | undefined;
}

/** The form that a goal is chosen on. `vm`: the first that it is for. */
export function formOf(wants: readonly VmGoal<Wish>[], vm: Vm | undefined): Form {
  const [first, ...others] = wants;
  if (first && others.length === 0) {
    const { want } = first;
    if (want.roles !== undefined) return { page: 'inside', readying: readyingOf(want, vm) };
    if (want.network) return { page: 'network', edits: editsOf(want.network) };
    if (want.address) return { page: 'address', wish: want.address === 'choose' ? {} : want.address };
  }
  return { page: 'settings', draft: draftOf(wants) };
}

/** What a form is about. */
export interface Subject {
  readonly wants: readonly VmGoal<Wish>[];
  /** The machine that the VMs are in; of several PCs, that of the first. */
  readonly machine: Machine;
  readonly placed: readonly Placed[];
  /** What is known of the system inside the first VM. */
  readonly system: GuestSystem | undefined;
  /** The first VM runs, so that it could be entered. */
  readonly isRunning: boolean;
}

interface Filled {
  readonly machine: Machine;
  /** null: nothing is asked for, or not yet. */
  readonly goal: Goal | null;
}
type SettingsForm = Filled & Extract<Form, { page: 'settings' }> & FilledSettings;
export type FilledForm =
  | SettingsForm
  | (Filled & Extract<Form, { page: 'inside' }> & { readonly vm: Vm; readonly ready: Ready })
  | (Filled & Extract<Form, { page: 'network' }> & FilledNetwork)
  | (Filled & Extract<Form, { page: 'address' }> & { readonly vm: Vm; readonly resolved: ResolvedAddress })
  | (Filled & CreateForm & { readonly filled: FilledVm });
interface FilledSettings {
  readonly placed: readonly Placed[];
  readonly recommended: readonly Recommendation[];
}
interface FilledNetwork {
  readonly vm: Vm;
  readonly advice: NetworkAdvice;
  readonly choice: Choice | undefined;
}

/** undefined: this PC has not been read. */
export function fillInVm(form: CreateForm, machine: Machine | undefined): FilledForm | undefined {
  if (!machine) return undefined;
  const filled = fill(form.draft, machine, form.found);
  return { ...form, machine, filled, goal: filled.vm && { kind: 'create', vm: filled.vm, consents: [] } };
}

/** undefined: what the form is for is not there. */
export function fillIn(form: Form, subject: Subject | undefined): FilledForm | undefined {
  const filled = subject && filledOf(form, subject);
  if (!filled?.goal || filled.goal.kind !== 'vms' || !subject?.wants.some(({ want }) => want.checkpoint)) return filled;
  // It was ticked in the review, which this page is before.
  const wants = filled.goal.wants.map((goal): VmGoal => ({ ...goal, want: { ...goal.want, checkpoint: true } }));
  return { ...filled, goal: { ...filled.goal, wants } };
}

function filledOf(form: Form, subject: Subject): FilledForm | undefined {
  const { wants, machine, placed } = subject;
  const vm = placed[0]?.vm;
  if (form.page === 'settings') {
    const recommended = recommendationsOf(checksIf(form.draft, placed));
    return { ...form, machine, placed, recommended, goal: goalOf(placed, form.draft) };
  }
  if (!vm) return undefined;
  if (form.page === 'inside') {
    const purpose = chosenPurpose(form.readying, vm, subject.system);
    const ready = readyWant(form.readying, purpose, vm, subject.isRunning);
    return { ...form, machine, vm, ready, goal: ready.kind === 'goal' ? goalWith(wants, () => ready.want) : null };
  }
  if (form.page === 'address') {
    const address = addressWant(machine, vm, form.wish);
    const goal = address ? goalWith(wants, () => ({ address })) : null;
    return { ...form, machine, vm, resolved: resolveAddress(machine, vm, form.wish), goal };
  }
  const advice = adviseNetwork(machine, vm);
  const choice = choiceOf(machine, vm, advice, form.edits);
  const network = choice && problemOf(choice) === null ? wantOf(choice) : undefined;
  return {
    ...form,
    machine,
    vm,
    advice,
    choice,
    goal: network ? goalWith(wants, ({ address: _address, ...want }) => ({ ...want, network })) : null,
  };
}

function goalWith([first]: readonly VmGoal<Wish>[], wantFrom: (want: Wish) => VmWant): Goal | null {
  return first ? { kind: 'vms', wants: [{ ...first, want: wantFrom(first.want) }], consents: [] } : null;
}

/** The checks as they would be with nesting chosen. What is advised is advised for nesting: without it there is none. */
export const checksIf = (draft: Draft, placed: readonly Placed[]): readonly Check[] =>
  placed.flatMap(({ vm, machine }) =>
    (draft.nesting ?? vm.nesting) === true ? checksOfVm(machine, { ...vm, nesting: true }) : [],
  );

/** A tick on the page of settings. What nesting recommends comes and goes with it. */
export function redraft({ draft, recommended, placed }: SettingsForm, change: Partial<Draft>): Draft {
  const next = { ...draft, ...change };
  if (!('nesting' in change)) return next;
  const now = tickedBy(placed, recommendationsOf(checksIf(next, placed)));
  return withRecommended(withoutRecommended(next, recommended), now);
}
