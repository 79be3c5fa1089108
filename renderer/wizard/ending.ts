/** What the last page of a run says. */
import type { Translator, Words } from '../../src/text/index.js';
import { parsePath, rolePath } from '../../src/core/change/paths.js';
import type { Plan } from '../../src/core/change/step.js';
import type { Check } from '../../src/core/checks/check.js';
import { idleInside } from '../../src/core/checks/ready-inside.js';
import type { ChangePath, NewVm } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { roleNames, type Role } from '../../src/core/machine/roles.js';
import { nameOfThing } from '../../src/core/network/things.js';
import { nameOfSetting } from '../../src/core/change/values.js';
import type { ChainProgress, Outcome, Progress } from '../../src/core/run/progress.js';
import { hasTouched } from '../../src/core/run/step-kinds.js';
import { countsOf, leftOff, offSeconds, outcomesOf } from '../../src/core/run/progress.js';
import { hypervisorLine } from '../machines/inside-lines.js';
import type { ByHand } from '../network/by-hand.js';
import { makesOf } from './made.js';
import { settingOf } from './path.js';
import { portHeadline } from './sentences.js';
import type { UndoGoal } from './undo-goal.js';

export interface Ending {
  readonly isGood: boolean;
  /** Above the headline: how long, or where it stopped. */
  readonly above: string;
  readonly headline: string;
  readonly lead: string;
}

const secondsBetween = (from: string | undefined, to: string | undefined): number =>
  from === undefined || to === undefined ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** What was made of it, by name. */
const madeSoFar = (t: Translator, { steps }: ChainProgress): readonly Words[] =>
  steps.flatMap(({ made }) => (made ? [t.message(nameOfThing(made))] : []));

export function endingOf(t: Translator, plan: Plan, progress: Progress): Ending {
  const [only, ...others] = progress.chains;
  const isGood = isWell(progress);
  const time = secondsBetween(progress.began, progress.ended);
  if (only === undefined) return { isGood, above: '', headline: '', lead: '' };
  const names = leftOff(progress);
  const off = names.length === 0 ? [] : [t(names.length === 1 ? 'wizard.leftOff' : 'wizard.leftOffMany', { names })];
  if (others.length > 0) return endingOfMany(t, plan, progress, isGood, time, off);
  return isGood
    ? {
        isGood,
        above: t('wizard.doneIn', { time }),
        headline: goodHeadline(t, plan, only),
        lead:
          plan.goal.kind === 'create'
            ? createdLead(t, plan.goal.vm)
            : [
                ...networkLead(t, only, connectionsOf(only)),
                ...(interruptsOf(plan) ? [] : [goodLead(t, only, progress.endedAfter)]),
              ].join(t('wizard.between')),
      }
    : { isGood, ...badWords(t, plan, only, off) };
}

/** Ended as planned, and every value is as it was asked for. */
const isWell = (progress: Progress): boolean => progress.outcome === 'done' && progress.chains.every(took);

const took = (chain: ChainProgress): boolean => outcomesOf(chain).every((one) => one.took === 'yes');

function goodHeadline(t: Translator, plan: Plan, only: ChainProgress): string {
  const { name } = only.chain;
  const outcomes = outcomesOf(only);
  if (plan.goal.kind === 'create') return t(plan.goal.vm.start ? 'create.doneStarted' : 'create.done', { name });
  if (plan.goal.kind === 'undo') return undoneHeadline(t, plan.goal, outcomes.length + makesOf(only.chain).length);
  const nesting = outcomes.find(({ change }) => settingOf(change.path).key === 'nesting');
  if (nesting) return t(nesting.change.to === true ? 'wizard.doneNestingOn' : 'wizard.doneNestingOff', { name });
  const network = networkHeadline(t, plan, only);
  if (network !== undefined) return network;
  const roles = outcomes.filter(({ change }) => settingOf(change.path).key === 'role');
  const [role, ...more] = roles;
  if (role && more.length > 0) return t('inside.doneMany', { name, count: roles.length });
  if (role)
    return t(role.change.to === 'Enabled' ? 'inside.doneOn' : 'inside.doneOff', {
      name,
      role: t.message(nameOfSetting(role.change.path)),
    });
  const change = outcomes.findLast((one) => serviceIn(one.change.path) !== undefined)?.change;
  const service = change && serviceIn(change.path);
  if (service !== undefined)
    return t(change?.to === 'Running' ? 'inside.doneService' : 'inside.doneServiceAllowed', { service, name });
  if (outcomes.length > 0) return t('wizard.doneOne', { name });
  return t(only.chain.power?.after === 'off' ? 'wizard.doneOff' : 'wizard.doneStarted', { name });
}

/** A setup on an ISO file begins only if a key is pressed in time. */
function createdLead(t: Translator, vm: NewVm): string {
  if (!vm.start) return t('create.doneNotStarted');
  return vm.iso === undefined ? '' : t('create.doneIso');
}
const undoneHeadline = (t: Translator, { checkpoints }: UndoGoal, count: number): string =>
  t(checkpoints ? 'checkpoint.removed' : 'wizard.doneUndone', { count });

/** What the VMs inside have from now on, not how many steps that took. */
function networkHeadline(t: Translator, plan: Plan, { chain }: ChainProgress): string | undefined {
  const { name } = chain;
  const port = portHeadline(t, plan, chain);
  if (port !== undefined) return port;
  const own = plan.wants.find((want) => want.vm === chain.vm)?.want.address;
  if (own)
    return own.address
      ? t('network.doneStays', { name, address: own.address.address })
      : t('network.doneStaysByHand', { name, prefix: own.prefix });
  const network = plan.wants.find((want) => want.vm === chain.vm)?.want.network;
  switch (network?.kind) {
    case 'nat':
      return t('network.doneNat', { name, prefix: network.prefix });
    case 'external':
      return t('network.doneExternal', { name });
    case 'default-switch':
      return t('network.doneDefaultSwitch', { name });
    case undefined:
      return undefined;
  }
}

/** What it took: made and connected. */
function networkLead(t: Translator, { chain }: ChainProgress, connected: number): string[] {
  const made = makesOf(chain).length;
  return [
    ...(made > 0 ? [t('network.doneMade', { count: made })] : []),
    ...(connected > 0 ? [t('network.doneConnected', { count: connected })] : []),
  ];
}

/** The network of a machine stopped for seconds: that is not nothing. */
const interruptsOf = (plan: Plan): boolean =>
  plan.consents.some(({ consent }) => consent === 'interrupt-guest-network');

const connectionsOf = (chain: ChainProgress): number =>
  outcomesOf(chain).filter(({ change }) => settingOf(change.path).key === 'switch' && change.to !== '').length;

function goodLead(t: Translator, only: ChainProgress, endedAfter = 0): string {
  const { power } = only.chain;
  if (power === null) return t('wizard.doneNothingStopped');
  if (power.after === 'off') return outcomesOf(only).length > 0 ? t('wizard.doneStaysOff') : '';
  const seconds = offSeconds(only, 0, endedAfter);
  // Less than a second is a simulated machine in a hurry: no length to speak of.
  return power.before === 'off' || seconds === undefined || seconds < 1
    ? t('wizard.doneRuns')
    : t('wizard.doneRunsAgain', { time: seconds });
}

function badWords(t: Translator, plan: Plan, only: ChainProgress, off: readonly string[]): Omit<Ending, 'isGood'> {
  const { name } = only.chain;
  const bad = only.steps.find(({ state }) => state === 'failed' || state === 'unknown');
  const cancelled = only.steps.find(({ state }) => state === 'cancelled');
  const at = bad ?? cancelled ?? only.steps.find(({ state }) => state === 'skipped');
  const inPlace = outcomesOf(only).filter((one) => one.took === 'yes').length;
  const above = at
    ? t('wizard.failedAt', { number: only.steps.indexOf(at) + 1, all: only.steps.length })
    : t('wizard.failedSome', { count: 1 });
  const things = plan.goal.kind === 'create' ? madeSoFar(t, only) : [];
  const done =
    things.length > 0
      ? t('create.failedLeft', { things })
      : inPlace === 0
        ? t('wizard.failedLeadNone')
        : t('wizard.failedLeadSome', { count: inPlace });
  const lead = [done, ...off].join(t('wizard.between'));
  if (bad)
    return {
      above,
      headline: t(bad.state === 'unknown' ? 'wizard.unknownOne' : 'wizard.failedOne', {
        name,
        step: t.message(bad.step.title),
      }),
      lead,
    };
  return {
    above,
    headline: t(cancelled && !only.stopped ? 'wizard.cancelledOne' : 'wizard.stoppedOne', { name }),
    lead,
  };
}

function endingOfMany(
  t: Translator,
  plan: Plan,
  progress: Progress,
  isGood: boolean,
  time: number,
  off: readonly string[],
): Ending {
  const counts = countsOf(progress);
  const all = progress.chains.length;
  if (isGood) {
    const back = progress.chains.flatMap(outcomesOf).length;
    return {
      isGood,
      above: t('wizard.doneIn', { time }),
      headline: plan.goal.kind === 'undo' ? undoneHeadline(t, plan.goal, back) : t('wizard.doneMany', { count: all }),
      lead: '',
    };
  }
  return {
    isGood,
    above: t('wizard.failedSome', { count: all - counts.done }),
    headline: t('wizard.donePartly', { done: counts.done, all }),
    lead: off.join(''),
  };
}

/** What is still to be done by hand, added to what was done. */
export function withByHand(t: Translator, lead: string, byHand: readonly ByHand[]): string {
  const names = [...new Set(byHand.map((one) => one.vm.name))];
  const left = t(names.length === 1 ? 'network.doneByHand' : 'network.doneByHandMany', {
    // Whole in their line: a hyphen that does not break.
    names: names.map((name) => name.replaceAll('-', '\u2011')),
  });
  return [lead, left].filter((words) => words !== '').join(t('wizard.between'));
}

/** Roles that it turned on inside, or whose services it put right. */
export function turnedOn(chain: ChainProgress, { id, guest }: Vm): readonly Role[] {
  const changes = outcomesOf(chain).map(({ change }) => change);
  const isServed = changes.some(
    ({ path, to }) => serviceIn(path) !== undefined && to !== 'Stopped' && to !== 'Disabled',
  );
  return roleNames.filter(
    (role) =>
      changes.some(({ path, to }) => path === rolePath(id, role) && to === 'Enabled') ||
      (isServed && guest?.inside?.roles[role] === 'Enabled'),
  );
}
const serviceIn = (path: ChangePath): string | undefined => parsePath(path)?.service;

/** What still keeps a role that was turned on from being used, with what mends it. */
export const idleAfter = (chain: ChainProgress, vm: Vm): Check | undefined => idleInside(turnedOn(chain, vm), vm)[0];

/** Where a role was turned on inside. */
export const hypervisorProof = (
  t: Translator,
  chain: ChainProgress,
  vm: Vm,
): ReturnType<typeof hypervisorLine> | undefined =>
  vm.guest && turnedOn(chain, vm).length > 0 ? hypervisorLine(t, vm.guest) : undefined;

/** Anything was written, or may have been: then there is something to undo. */
export const changedAnything = (progress: Progress): boolean =>
  progress.chains.some(({ steps }) => steps.some((one) => one.step.makes && hasTouched(one))) ||
  progress.chains
    .flatMap((chain): readonly Outcome[] => outcomesOf(chain))
    .some((one) => one.took === 'yes' || one.took === 'unknown' || (one.is !== undefined && one.is !== one.was));

export type WayOn = 'again' | 'review' | 'while-off' | 'turn-off' | 'undo';

/** What can be done after a run that did not end well, the recommended way first. Leaving it is always possible too. */
export function waysOn(progress: Progress, canUndo: boolean, isCreating = false): readonly WayOn[] {
  if (isWell(progress)) return [];
  const back: readonly WayOn[] = canUndo && changedAnything(progress) ? ['undo'] : [];
  // What was made of it has the name and the file that it would be made with again.
  if (isCreating && back.length > 0) return back;
  // Whoever stopped it half-way did not want it.
  if (progress.outcome === 'cancelled' && back.length > 0) return [...back, 'again'];
  const [only, ...others] = progress.chains;
  // With several, each has its own offer beside its name.
  const offer = others.length > 0 ? undefined : only?.stopped?.offer;
  if (offer === 'review' || offer === 'while-off') return [offer, ...back];
  // Like pulling the plug: offered, never recommended.
  return offer === 'turn-off' ? ['again', 'turn-off', ...back] : ['again', ...back];
}
