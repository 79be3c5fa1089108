/** A plan is the difference between a snapshot and a goal, as ordered steps. It is shown, then carried out, then undone. */
import type { Message } from '../../text/index.js';
import type { AdapterId, Guid, HostCall, MachineRef } from '../cmdlets/call.js';
import { checksOfHost, checksOfVm } from '../checks/all.js';
import type { Check, CheckId } from '../checks/check.js';
import { memoryBeyond, memoryFit, memoryOrder, memoryRemarks } from '../checks/memory.js';
import type { ChangePath, Consent, Goal, ThingToMake, VmGoal, VmWant } from '../machine/goal.js';
import { insideBlockers, insideParts, outsideWantOf } from './inside.js';
import { keyOf, keyOfVm, machineAt, withMachine, type PathKey } from '../machine/tree.js';
import { isMemory, memoryAfter, memoryChanges, memorySteps, memoryWantOf } from './memory.js';
import type { Machine, Role, Vm, VmState } from '../machine/machine.js';
import { foreseen, withThing } from '../network/things.js';
import {
  compareVersions,
  lowestVersion,
  memoryNeedsOff,
  newestOf,
  plainState,
  type MemoryOffReason,
} from '../machine/vm-state.js';
import {
  adapterPath,
  isOneWay,
  mergeWants,
  parsePath,
  pathOf,
  powerOf,
  settings,
  valueAt,
  wantFor,
  withValue,
  writeOf,
  type Power,
} from './settings.js';

type PlanId = string;
export type StepId = string;
/** A catalogued value. Bytes and versions as Windows gives them; null: not known before. */
export type Value = string | number | boolean | null;

export interface Change {
  readonly path: ChangePath;
  readonly from: Value;
  readonly to: Value;
}

/**
 * `answers`: the guest's heartbeat is there, so that it can be asked to shut down. `role`: what it is to run is ready inside,
 * or off.
 */
type Condition =
  { readonly vm: Guid; readonly answers: true } | { readonly vm: Guid; readonly role: Role; readonly is: boolean };

export interface Step {
  readonly id: StepId;
  /** Counts from 1 over the whole plan: the same number in power line, table, script and run. */
  readonly number: number;
  readonly vm: Guid;
  readonly title: Message;
  readonly do: { readonly call: HostCall } | { readonly wait: Condition; /** seconds */ readonly atMost: number };
  readonly kind: 'power' | 'setting' | 'inside' | 'one-way';
  readonly changes: readonly Change[];
  /** What it makes; its id is known when it is done. */
  readonly makes?: ThingToMake;
}

/** The off-period of one VM, for the power line. Estimates in seconds; undefined: never measured. */
export interface PowerLine {
  readonly before: Power;
  readonly after: 'running' | 'off';
  /** Steps that bring it down, that run while it is off, and that bring it up. */
  readonly down: readonly StepId[];
  readonly off: readonly StepId[];
  readonly up: readonly StepId[];
  readonly estimate: Estimate;
}
/** Seconds, as measured in earlier runs. */
export interface Estimate {
  readonly down?: number;
  readonly off?: number;
  readonly up?: number;
}

/** The steps of one VM, in order. A failure stops its own chain only. */
export interface Chain {
  /** The machine that the VM is in; absent: this PC. */
  readonly at?: MachineRef;
  readonly vm: Guid;
  readonly name: string;
  readonly steps: readonly Step[];
  /** null: nothing starts or stops. */
  readonly power: PowerLine | null;
  /** Facts the chain rests on, read again before each step: if one changed, it is planned anew. */
  readonly basis: readonly { readonly path: ChangePath; readonly value: Value }[];
  /** Nested VMs that run or are saved inside and go down with it. */
  readonly nested: readonly { readonly name: string; readonly state: VmState }[];
}

export interface Plan {
  readonly id: PlanId;
  readonly goal: Goal;
  /** What the goal means for each VM (a undo resolved to wants). */
  readonly wants: readonly VmGoal[];
  /** ISO 8601: when the facts were read that it rests on. */
  readonly readAt: string;
  readonly chains: readonly Chain[];
  /** What must be agreed to before it runs, for which VMs; `given` when the goal has it already. */
  readonly consents: readonly {
    readonly consent: Consent;
    readonly vms: readonly PathKey[];
    readonly given: boolean;
  }[];
  /** What cannot be undone, said before. */
  readonly oneWay: readonly { readonly vm: PathKey; readonly path: ChangePath; readonly reason: Message }[];
  /** What should be known of it before it runs; in the way of nothing. */
  readonly remarks?: readonly Check[];
  /** VMs that are left out, and why. */
  readonly blocked: readonly { readonly vm: PathKey; readonly name: string; readonly by: readonly Check[] }[];
  /** VMs that are left out because they are not there any more. */
  readonly gone?: readonly Gone[];
}

export interface Gone {
  readonly vm: PathKey;
  /** As it was called last; the beginning of its id where nobody knows. */
  readonly name: string;
}

export type PlanResult =
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'already-so'; readonly gone?: readonly Gone[] }
  | {
      readonly kind: 'blocked';
      readonly by: readonly { readonly vm: PathKey; readonly name: string; readonly checks: readonly Check[] }[];
      readonly gone?: readonly Gone[];
    };

export interface PlanOptions {
  readonly id: PlanId;
  readonly estimates?: ReadonlyMap<PathKey, Estimate>;
  /** Where the numbers go on, for a chain that is planned anew. */
  readonly firstNumber?: number;
  /** VMs whose guest was asked in vain: only these are turned off. Absent: the goal's consents say so. */
  readonly askedInVain?: ReadonlySet<PathKey>;
  /** VMs whose memory Windows refused to change while they ran: it is changed while they are off. */
  readonly refusedRunning?: ReadonlySet<PathKey>;
  /** How VMs that are gone were called. */
  readonly names?: ReadonlyMap<PathKey, string>;
}

/** Seconds that a guest may take until it answers after it was resumed from a saved state. */
const ANSWER_WITHIN = 300;

/** Plans the wants for their VMs. `goal` is kept with it; a VM that is not in the snapshot is left out, and named. */
export function planWants(machine: Machine, goal: Goal, wants: readonly VmGoal[], options: PlanOptions): PlanResult {
  const numbers = counter(options.firstNumber ?? 1, options.id);
  const chains: Chain[] = [];
  const blocked: Plan['blocked'][number][] = [];
  const gone: Gone[] = [];
  const needs: { consent: Consent; vm: PathKey }[] = [];
  const remarks: Check[] = [];
  for (const { at, vm: id, want } of wants) {
    const key = keyOf([...at, id]);
    const around = machineAt(machine, at);
    const vm = around?.vms?.find((one) => one.id === id);
    if (!around || !vm) {
      gone.push({ vm: key, name: options.names?.get(key) ?? id.slice(0, 8) });
      continue;
    }
    const { askedInVain } = options;
    const given = goal.consents.filter((consent) => consent !== 'turn-off' || (askedInVain?.has(key) ?? true));
    const difference = differenceOf(around, vm, mergeWants(want, outsideWantOf(want)));
    const memoryOff = memoryOffReason(vm, difference, options.refusedRunning?.has(key) === true);
    const isOffOnly = needsOff(memoryOff);
    const by = [
      ...insideBlockers(around, vm, want),
      ...blockersOf(around, vm, want, difference, isOffOnly, given, goal.kind),
    ];
    if (by.length > 0) {
      blocked.push({ vm: key, name: vm.name, by });
      continue;
    }
    const made = chainOf(
      around,
      at,
      vm,
      want,
      difference,
      isOffOnly,
      given,
      numbers,
      options.estimates?.get(key) ?? {},
    );
    if (made.chain.steps.length === 0) continue;
    if (difference.some(isMemory)) {
      const { power } = made.chain;
      const goesDown = power !== null && power.before !== 'off';
      const then = memoryAfter(vm, difference);
      if (goesDown && memoryOff !== null) remarks.push(...memoryRemarks(vm, memoryOff));
      remarks.push(...memoryFit(around, vm, then, power?.after ?? powerOf(vm)));
    }
    chains.push(made.chain);
    needs.push(...made.consents.map((consent) => ({ consent, vm: key })));
  }
  const left = gone.length > 0 ? { gone } : {};
  if (chains.length === 0) {
    if (blocked.length === 0) return { kind: 'already-so', ...left };
    return { kind: 'blocked', by: blocked.map(({ vm, name, by }) => ({ vm, name, checks: by })), ...left };
  }
  const consents = [...new Set(needs.map(({ consent }) => consent))].map((consent) => ({
    consent,
    vms: needs.filter((need) => need.consent === consent).map(({ vm }) => vm),
    // Asking for a plan that turns off is not yet agreeing to it: that is a tick of its own, when the plan is seen.
    given: consent !== 'turn-off' && goal.consents.includes(consent),
  }));
  const planned = new Set(chains.map(keyOfVm));
  return {
    kind: 'ready',
    plan: {
      id: options.id,
      goal,
      wants: wants.filter((want) => planned.has(keyOfVm(want))),
      readAt: machine.host.readAt,
      chains,
      consents,
      oneWay: chains.flatMap(oneWayOf),
      ...(remarks.length > 0 ? { remarks } : {}),
      blocked,
      ...left,
    },
  };
}

/** What putting the whole plan back would run, as if it had been carried out: for the review, before anything runs. */
export function inverseOf(machine: Machine, plan: Plan): Pick<Plan, 'chains'> {
  const after = plan.chains.reduce((all, chain) => carriedOut(all, chain), machine);
  const wants = plan.chains.map(({ at = [], vm, steps }): VmGoal => {
    const first = new Map<ChangePath, Value>();
    for (const { path, from } of steps.flatMap((step) => step.changes)) if (!first.has(path)) first.set(path, from);
    const want = [...first.keys()]
      .filter((path) => !isOneWay(path))
      .reduce<VmWant>((all, path) => mergeWants(all, wantFor(path, first.get(path) ?? null)), {});
    const remove = steps.flatMap(({ makes }) => (makes ? [foreseen(makes)] : []));
    return { at, vm, want: remove.length > 0 ? { ...want, remove } : want };
  });
  const goal: Goal = { kind: 'undo', run: plan.id, consents: [] };
  const result = planWants(after, goal, wants, { id: `${plan.id}-back` });
  return { chains: result.kind === 'ready' ? result.plan.chains : [] };
}

/** The machine as a chain will have left it: values written, things made. */
function carriedOut(root: Machine, { at = [], vm: id, steps }: Chain): Machine {
  const around = machineAt(root, at);
  if (!around) return root;
  const vms = around.vms?.map((vm) => {
    if (vm.id !== id) return vm;
    const written = steps
      .flatMap(({ changes }) => changes)
      .reduce((made, { path, to }) => withValue(made, path, to), vm);
    const { guest } = written;
    const makes = steps.flatMap((step) => step.makes ?? []);
    return guest && makes.length > 0 ? { ...written, guest: makes.reduce(withThing, guest) } : written;
  });
  return withMachine(root, at, { ...around, vms });
}

interface Numbers {
  next(): { readonly id: StepId; readonly number: number };
}
function counter(first: number, prefix: string): Numbers {
  let number = first - 1;
  return { next: () => ({ number: ++number, id: `${prefix}-${String(number)}` }) };
}

/** The values that differ, in the order in which they are written: the version first, since nesting may need it. */
function differenceOf({ host }: Machine, vm: Vm, want: VmWant): readonly Change[] {
  const change = (path: ChangePath, to: Value | undefined): readonly Change[] => {
    if (to === undefined) return [];
    const from = valueAt(vm, path);
    return from === to ? [] : [{ path, from: from ?? null, to }];
  };
  const newest = newestOf(host.supportedVersions);
  // Windows upgrades to its newest version only, and never down.
  const version =
    want.version === undefined || !isNewer(want.version, vm.version) ? undefined : (newest ?? want.version);
  return [
    ...change(pathOf(vm.id, 'version'), version),
    ...memoryChanges(vm, want),
    ...change(pathOf(vm.id, 'nesting'), want.nesting),
    ...change(pathOf(vm.id, 'stopAction'), want.stopAction),
    ...change(pathOf(vm.id, 'automaticCheckpoints'), want.automaticCheckpoints),
    ...Object.entries(want.adapters ?? {}).flatMap(
      ([id, { macSpoofing }]: [AdapterId, { macSpoofing?: 'On' | 'Off' }]) =>
        change(adapterPath(vm.id, id), macSpoofing),
    ),
  ];
}

const isNewer = (wanted: string, has: string | undefined): boolean =>
  has === undefined || compareVersions(wanted, has) > 0;

type MemoryOff = MemoryOffReason | 'refused' | null;

function memoryOffReason(vm: Vm, difference: readonly Change[], wasRefused: boolean): MemoryOff {
  if (!difference.some(isMemory)) return null;
  const isRefused = powerOf(vm) === 'running' && wasRefused;
  return memoryNeedsOff(vm, memoryWantOf(vm, difference)) ?? (isRefused ? 'refused' : null);
}

/** Which changes of a VM are made only while it is off. */
const needsOff =
  (memoryOff: MemoryOff) =>
  ({ path }: Change): boolean => {
    const needs = settings[parsePath(path)?.property ?? 'power'].needsOff;
    return needs === 'at-times' ? memoryOff !== null : needs;
  };
type IsOffOnly = ReturnType<typeof needsOff>;

/** A guest that hangs while it shuts down is on its way for ever: once turning off is agreed to, it is one that runs. */
const startOf = (vm: Vm, given: readonly Consent[]): Power | undefined =>
  powerOf(vm) ?? (given.includes('turn-off') && vm.state?.startsWith('Stopping') ? 'running' : undefined);

/** Checks of this PC that nesting cannot do without; the rest of the host's checks keep no setting from being written. */
const forNesting: readonly CheckId[] = ['architecture', 'windows', 'extensions'];

function blockersOf(
  machine: Machine,
  vm: Vm,
  want: VmWant,
  difference: readonly Change[],
  isOffOnly: IsOffOnly,
  consents: readonly Consent[],
  goal: Goal['kind'],
): readonly Check[] {
  const touches = difference.length > 0 || want.power !== undefined || want.savedState !== undefined;
  if (!touches) return [];
  const own = checksOfVm(machine, vm);
  const power = startOf(vm, consents);
  const state = own.filter(({ id }) => id === 'vm-state');
  // Unknown or on its way: nothing is changed.
  if (power === undefined) return state;
  if (power === 'saved' && difference.some(isOffOnly) && want.savedState === undefined) return state;
  if (power === 'saved' && want.power === 'off' && want.savedState === undefined) return state;
  if (difference.some(isMemory)) {
    const then = memoryAfter(vm, difference);
    // What was there before is undone, whether it could start or not.
    const refused = [...memoryOrder(vm, then), ...(goal === 'undo' ? [] : memoryBeyond(machine, vm, then))];
    if (refused.length > 0) return refused;
  }
  if (want.nesting !== true || !difference.some(({ path }) => path === pathOf(vm.id, 'nesting'))) return [];
  const host = checksOfHost(machine).filter(({ id, verdict }) => forNesting.includes(id) && verdict === 'blocker');
  const vendor = machine.host.processor?.vendor ?? 'other';
  const after = difference.find(({ path }) => path === pathOf(vm.id, 'version'))?.to ?? vm.version;
  const isOld = typeof after === 'string' && compareVersions(after, lowestVersion(vendor)) < 0;
  return [
    ...host,
    ...own.filter(({ id, verdict }) => id === 'configuration-version' && verdict === 'blocker' && isOld),
  ];
}

function chainOf(
  around: Machine,
  at: MachineRef,
  vm: Vm,
  want: VmWant,
  difference: readonly Change[],
  isOffOnly: IsOffOnly,
  given: readonly Consent[],
  numbers: Numbers,
  estimate: Estimate,
): { readonly chain: Chain; readonly consents: readonly Consent[] } {
  const before = startOf(vm, given) ?? 'off';
  // Numbered in the order in which they are carried out: what comes before the VM goes down is made first.
  const make = (part: Omit<Step, 'id' | 'number' | 'vm'>): Step => ({ ...numbers.next(), vm: vm.id, ...part });
  const inside = insideParts(around, at, vm, want, make);
  const offChanges = difference.filter(isOffOnly);
  const dropsOnly = want.savedState === 'drop' && before === 'saved';
  const goesDown = before !== 'off' && (offChanges.length > 0 || want.power === 'off' || dropsOnly || inside.restarts);
  const after = want.power ?? (before === 'running' || before === 'paused' ? 'running' : 'off');
  // What is paused and need not go down stays paused, unless running is asked for.
  const comesUp = after === 'running' && (goesDown || want.power === 'running');
  const consents = new Set<Consent>(inside.consents);
  const power = (
    cmdlet: 'Start-VM' | 'Stop-VM' | 'Stop-VM/TurnOff' | 'Resume-VM',
    title: Message,
    from: Power,
    to: Power,
  ): Step =>
    make({
      title,
      do: { call: { cmdlet, params: {}, at, on: { vm: vm.id } } },
      kind: 'power',
      changes: [{ path: pathOf(vm.id, 'power'), from, to }],
    });
  const names = { vm: vm.name };

  const down: Step[] = [];
  if (goesDown && before === 'saved' && want.savedState === 'drop') {
    consents.add('drop-saved-state');
    down.push(
      make({
        title: { key: 'plan.dropSavedState', params: names },
        do: { call: { cmdlet: 'Remove-VMSavedState', params: {}, at, on: { vm: vm.id } } },
        kind: 'one-way',
        changes: [
          { path: pathOf(vm.id, 'savedState'), from: true, to: false },
          { path: pathOf(vm.id, 'power'), from: 'saved', to: 'off' },
        ],
      }),
    );
  } else if (goesDown && given.includes('turn-off') && before !== 'saved') {
    consents.add('turn-off');
    down.push(power('Stop-VM/TurnOff', { key: 'plan.turnOff', params: names }, before, 'off'));
  } else if (goesDown) {
    consents.add('shut-down');
    if (before === 'saved') down.push(power('Start-VM', { key: 'plan.startSaved', params: names }, 'saved', 'running'));
    if (before === 'paused') down.push(power('Resume-VM', { key: 'plan.resume', params: names }, 'paused', 'running'));
    if (before === 'saved')
      down.push(
        make({
          title: { key: 'plan.waitAnswer', params: names },
          do: { wait: { vm: vm.id, answers: true }, atMost: ANSWER_WITHIN },
          kind: 'power',
          changes: [],
        }),
      );
    down.push(power('Stop-VM', { key: 'plan.shutDown', params: names }, 'running', 'off'));
  }

  const off = settingSteps(
    at,
    vm,
    goesDown || before === 'off' ? difference : difference.filter((c) => !isOffOnly(c)),
    make,
  );
  if (off.some(({ kind }) => kind === 'one-way')) consents.add('upgrade-version');

  const up: Step[] = [];
  const here = goesDown ? 'off' : before;
  if (comesUp && here !== 'running')
    up.push(
      here === 'paused'
        ? power('Resume-VM', { key: 'plan.resume', params: names }, 'paused', 'running')
        : power('Start-VM', { key: 'plan.start', params: names }, here, 'running'),
    );
  const steps = renumbered([...inside.before, ...down, ...off, ...up, ...inside.after]);
  const ids = (list: readonly Step[], from: number): readonly StepId[] =>
    steps.slice(from, from + list.length).map(({ id }) => id);
  const first = inside.before.length;
  const paths = new Set<ChangePath>([
    ...steps.flatMap((step) => step.changes.map(({ path }) => path)),
    pathOf(vm.id, 'power'),
  ]);
  return {
    consents: [...consents],
    chain: {
      ...(at.length > 0 ? { at } : {}),
      vm: vm.id,
      name: vm.name,
      steps,
      power:
        down.length + up.length === 0
          ? null
          : {
              before,
              after,
              down: ids(down, first),
              off: ids(off, first + down.length),
              up: ids(up, first + down.length + off.length),
              estimate,
            },
      basis: [...paths].flatMap((path) => {
        const value = valueAt(vm, path);
        return value === undefined ? [] : [{ path, value }];
      }),
      nested: goesDown ? (vm.nested ?? []).filter(({ state }) => plainState(state) !== 'Off') : [],
    },
  };
}

/** What is inside is planned first and partly carried out last: the numbers follow the order of the steps. */
function renumbered(steps: readonly Step[]): readonly Step[] {
  const numbers = steps.map(({ id, number }) => ({ id, number })).toSorted((a, b) => a.number - b.number);
  return steps.map((step, index) => ({ ...step, ...numbers[index] }));
}

function settingSteps(
  at: MachineRef,
  vm: Vm,
  changes: readonly Change[],
  make: (part: Omit<Step, 'id' | 'number' | 'vm'>) => Step,
): readonly Step[] {
  const memory = changes.filter(isMemory);
  const steps: Step[] = [];
  for (const change of changes) {
    if (isMemory(change)) {
      // Startup and its limits go together: one without the others can be refused.
      if (change === memory[0]) steps.push(...memorySteps(at, vm, memory).map(make));
      continue;
    }
    const parsed = parsePath(change.path);
    const call = parsed && writeOf(at, parsed, change.to);
    if (!parsed || !call) continue;
    steps.push(
      make({
        title: titleOf(change),
        do: { call },
        kind: settings[parsed.property].oneWay ? 'one-way' : 'setting',
        changes: [change],
      }),
    );
  }
  return steps;
}

function titleOf({ path, to }: Change): Message {
  switch (parsePath(path)?.property) {
    case 'version':
      return { key: 'plan.upgradeVersion', params: { to: String(to) } };
    case 'nesting':
      return to === true ? { key: 'plan.nestingOn' } : { key: 'plan.nestingOff' };
    case 'stopAction':
      return { key: 'plan.setStopAction' };
    case 'automaticCheckpoints':
      return to === true ? { key: 'plan.checkpointsOn' } : { key: 'plan.checkpointsOff' };
    case 'macSpoofing':
      return to === 'On' ? { key: 'plan.spoofingOn' } : { key: 'plan.spoofingOff' };
    default:
      return { key: 'plan.setting' };
  }
}

function oneWayOf(chain: Chain): Plan['oneWay'] {
  const { steps, power } = chain;
  const vm = keyOfVm(chain);
  return steps.flatMap((step) =>
    step.changes.flatMap(({ path, from }): Plan['oneWay'] => {
      const property = parsePath(path)?.property;
      if (property === 'version') return [{ vm, path, reason: { key: 'plan.oneWayVersion' } }];
      if (property === 'savedState') return [{ vm, path, reason: { key: 'plan.oneWaySavedState' } }];
      // What was in memory is worked off, kept by the guest, but the saved state itself is gone.
      if (
        property === 'power' &&
        (from === 'saved' || from === 'paused') &&
        power?.before === from &&
        step.kind === 'power'
      )
        return [{ vm, path, reason: { key: 'plan.oneWayPower' } }];
      return [];
    }),
  );
}
