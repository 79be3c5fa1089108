/** Where a wizard was opened from: the way that stands above it, and the page that it closes to. */
import { rootsOf } from '../../src/core/change/span.js';
import { vmIn, type HostId, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { StepId } from '../../src/core/change/setup.js';
import type { RunId, WishedGoal } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { shown, type Translator, type Words } from '../../src/text/index.js';
import type { Route } from '../state/route.svelte.js';

export type Opening =
  | {
      readonly kind: 'goal';
      readonly goal: WishedGoal;
      /** The page on which everything was chosen already. */
      readonly from?: 'memory' | undefined;
    }
  /** A VM to be made. */
  | { readonly kind: 'create' }
  /** A run to look at. */
  | { readonly kind: 'run'; readonly run: RunId };

export interface Origin {
  /** The PC that is shown. */
  readonly at: HostId;
  readonly opening: Opening;
  /** The step of the setup that it was opened from, and leads back to. */
  readonly setup: StepId | undefined;
  /** What is wanted now. */
  readonly goal: WishedGoal | undefined;
  /** The VM on whose page it is: a nested VM is on the page of the machine that it is in. undefined: several, or none. */
  readonly page: Vm | undefined;
  /** The VM that was made here. */
  readonly made?: VmRef | undefined;
}

export interface Crumb {
  readonly words: Words;
  readonly to: Route;
}

/** The PC that these VMs are on, or that is shown where there are none; null: they are on several. */
export function aboutOf(all: readonly { readonly vm: VmRef }[], at: HostId): HostId | null {
  const [pc = at, ...others] = rootsOf(all.map(({ vm }) => vm));
  return others.length > 0 ? null : pc;
}

const isOfHistory = ({ opening, goal }: Origin): boolean => opening.kind === 'run' || goal?.kind === 'undo';

export function crumbsOf(t: Translator, origin: Origin): readonly Crumb[] {
  if (isOfHistory(origin)) return [{ words: t('wizard.activity'), to: { page: 'activity' } }];
  const { at, opening, setup, page } = origin;
  if (setup) return [{ words: t('setup.entryWhat'), to: { page: 'setup', after: setup } }];
  const all: Crumb = { words: t('wizard.machines'), to: { page: 'machines' } };
  if (!page) return [all];
  const memory = memoryPageOf(opening);
  return [
    all,
    { words: shown(page.name), to: { page: 'machines', vm: vmIn(at, page.id) } },
    ...(memory ? [{ words: t('machines.memory'), to: memory }] : []),
  ];
}

/** `hasRun`: something was carried out. */
export function closesTo(origin: Origin, hasRun: boolean): Route {
  const { at, opening, setup, page, made } = origin;
  if (setup) return { page: 'setup', after: setup, ...(made !== undefined && { vm: made }) };
  if (made !== undefined) return { page: 'machines', vm: made };
  if (isOfHistory(origin)) return { page: 'activity' };
  const memory = memoryPageOf(opening);
  // What was carried out is no edit any more.
  if (memory) return hasRun ? { page: 'memory', vm: memory.vm } : memory;
  return page ? { page: 'machines', vm: vmIn(at, page.id) } : { page: 'machines' };
}

/** The page of the memory, which it came from, as it was left. */
export function memoryPageOf(opening: Opening): Extract<Route, { page: 'memory' }> | undefined {
  if (opening.kind !== 'goal' || opening.from !== 'memory' || opening.goal.kind !== 'vms') return undefined;
  const [first] = opening.goal.wants;
  return first && { page: 'memory', vm: first.vm, ...(first.want.memory ? { edits: first.want.memory } : {}) };
}
