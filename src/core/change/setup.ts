/**
 * Guided setup: from what somebody wants to run, this PC and a VM to the ordered steps. Always derived from what was read,
 * never kept. No rule of its own: the checks say what stands in the way, the planner what is so already.
 */
import { vmIn } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import { adviseNetwork } from '../network/advice.js';
import { networkWant, type NestedAdapter } from '../network/resolve.js';
import { checksOfHost, checksOfVm } from '../checks/all.js';
import { prerequisitesOf, sizesOf, type Prerequisite } from '../checks/ready-inside.js';
import type { VmWant } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { roleName, turnedOn } from '../machine/roles.js';
import { planWants } from './plan.js';
import type { PlanResult } from './step.js';
import { isForLinux, notHere, purposeRow, rolesFor, type Purpose } from '../checks/purposes.js';
import { canTurnNestingOn } from '../machine/nesting.js';
import { readinessOfAll } from '../machine/role-state.js';
import { candidateOf, cannot } from './candidates.js';
import { ifRead } from '../machine/reading.js';
import { isRunningInside } from '../machine/vm-state.js';

/** The network comes last: without Hyper-V inside there is nothing to connect. */
export const stepIds = ['purpose', 'pc', 'machine', 'nesting', 'memory', 'inside', 'network'] as const;
export type StepId = (typeof stepIds)[number];

export interface SetupStep {
  readonly id: StepId;
  readonly state: 'done' | 'open' | 'blocked' | 'not-needed' | 'unknown';
  /** What the state rests on, what needs something first before what is fine. */
  readonly evidence: readonly Prerequisite[];
  /** In one sentence. */
  readonly because: Message;
  /** What carries it out, for the one wizard. */
  readonly want?: VmWant;
}

export interface SetupFacts {
  readonly purpose: Purpose | null;
  /** null: this PC has not been read yet. */
  readonly machine: Machine | null;
  /** The chosen VM of this PC; undefined: none, or it is not there any more. */
  readonly vm: Vm | undefined;
}

export function setupOf({ purpose, machine, vm }: SetupFacts): readonly SetupStep[] {
  const wanted = purpose ?? 'hyper-v';
  const pc = pcStep(machine);
  const first: readonly SetupStep[] = [purposeStep(purpose), pc, machineStep(machine, pc, wanted, vm)];
  const later = laterIds.map((id): SetupStep => {
    if (!isNeeded(id, wanted)) return { id, state: 'not-needed', evidence: [], because: { key: 'setup.notNeeded' } };
    if (!machine || !vm) return { id, state: 'unknown', evidence: [], because: { key: 'setup.machineFirst' } };
    return stepOf[id]({ machine, vm, purpose: wanted });
  });
  return [...first, ...later];
}

/** Nothing is left to do. */
export const isSetUp = (steps: readonly SetupStep[]): boolean =>
  steps.every(({ state }) => state === 'done' || state === 'not-needed');

type LaterId = Exclude<StepId, 'purpose' | 'pc' | 'machine'>;
const laterIds: readonly LaterId[] = ['nesting', 'memory', 'inside', 'network'];

function isNeeded(id: LaterId, purpose: Purpose): boolean {
  if (id === 'network') return purposeRow(purpose).hasNetwork === true;
  return id !== 'inside' || !isForLinux(purpose);
}

const purposeStep = (purpose: Purpose | null): SetupStep => ({
  id: 'purpose',
  state: purpose === null ? 'open' : 'done',
  evidence: [],
  because: purpose === null ? { key: 'setup.purposeOpen' } : purposeRow(purpose).name,
});
const order: readonly Prerequisite['verdict'][] = ['blocker', 'warning', 'advice', 'unknown', 'ok'];
const byUrgency = (checks: readonly Prerequisite[]): readonly Prerequisite[] =>
  checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
const isBlocker = ({ verdict }: Prerequisite): boolean => verdict === 'blocker';

function pcStep(machine: Machine | null): SetupStep {
  const id = 'pc';
  if (!machine) return { id, state: 'unknown', evidence: [], because: { key: 'setup.pcReading' } };
  // The module comes with the role: where both are missing the role is first.
  const checks = checksOfHost(machine).toSorted((a, b) => Number(a.id === 'module') - Number(b.id === 'module'));
  const evidence = byUrgency(checks);
  const [blocker] = checks.filter(isBlocker);
  return blocker
    ? { id, state: 'blocked', evidence, because: blocker.title }
    : { id, state: 'done', evidence, because: { key: 'setup.pcFine' } };
}

function machineStep(machine: Machine | null, pc: SetupStep, purpose: Purpose, vm: Vm | undefined): SetupStep {
  const id = 'machine';
  if (vm && machine) {
    const { fit, because } = candidateOf(machine, purpose, vm);
    if (fit === 'no') return { id, state: 'blocked', evidence: [], because };
    return { id, state: 'done', evidence: [], because: { key: 'setup.machineChosen', params: { name: vm.name } } };
  }
  if (pc.state !== 'done' || machine?.vms === undefined)
    return { id, state: 'unknown', evidence: [], because: pc.because };
  return machine.vms.length === 0
    ? { id, state: 'blocked', evidence: [], because: { key: 'setup.machineNone' } }
    : { id, state: 'open', evidence: [], because: { key: 'setup.machineOpen' } };
}

interface Chosen {
  readonly machine: Machine;
  readonly vm: Vm;
  readonly purpose: Purpose;
}
const stepOf: Readonly<Record<LaterId, (chosen: Chosen) => SetupStep>> = {
  nesting: nestingStep,
  memory: memoryStep,
  inside: insideStep,
  network: networkStep,
};

/** What bears on turning nesting on, of all that is checked at a VM. */
const forNesting: readonly string[] = ['vm-state', 'configuration-version', 'vm-health'];

function nestingStep({ machine, vm, purpose }: Chosen): SetupStep {
  const id = 'nesting';
  const [nesting] = prerequisitesOf(purpose, vm);
  if (!nesting) return { id, state: 'unknown', evidence: [], because: { key: 'inside.nestingUnread' } };
  if (nesting.verdict === 'ok') return { id, state: 'done', evidence: [nesting], because: nesting.title };
  const bearing = checksOfVm(machine, vm).filter(({ id: check }) => forNesting.includes(check));
  const evidence = byUrgency([nesting, ...bearing]);
  const can = canTurnNestingOn(machine, vm);
  if (can.can === 'no') {
    const state = can.because === 'unread' || can.because === 'transitional' ? 'unknown' : 'blocked';
    return { id, state, evidence, because: cannot(can.because, vm) };
  }
  // What is too old goes up in the same off-period; so does startup memory that is too little.
  const fixes = bearing.flatMap((check) => (isBlocker(check) && check.fix?.kind === 'vm' ? [check.fix.want] : []));
  const { version } = Object.assign({}, ...fixes) as VmWant;
  if (can.can === 'review' && can.because === 'version' && version === undefined)
    return { id, state: 'blocked', evidence, because: nesting.title };
  const memory = memoryStep({ vm }).want?.memory;
  const want: VmWant = { nesting: true, ...(version === undefined ? {} : { version }), ...(memory ? { memory } : {}) };
  return { id, state: 'open', evidence, because: nesting.title, want };
}

function memoryStep({ vm }: Pick<Chosen, 'vm'>): SetupStep {
  const id = 'memory';
  const evidence = sizesOf(vm);
  const startup = evidence.find((check) => check.id === 'startup-memory');
  if (!startup || startup.verdict === 'unknown')
    return { id, state: 'unknown', evidence, because: startup?.title ?? { key: 'checks.memoryUnreadWhy' } };
  const memory = startup.fix?.kind === 'vm' ? startup.fix.want.memory : undefined;
  if (!memory) return { id, state: 'done', evidence, because: startup.title };
  return { id, state: 'open', evidence: byUrgency(evidence), because: startup.title, want: { memory } };
}

/** What the planner says of a wish for this VM. */
function planned({ machine, vm }: Chosen, want: VmWant) {
  const wants = [{ vm: vmIn(machine.at, vm.id), want }];
  return planWants(machine, { kind: 'vms', wants, consents: [] }, wants, { id: 'setup' });
}

function insideStep(chosen: Chosen): SetupStep {
  const { vm, purpose } = chosen;
  const id = 'inside';
  const { name } = vm;
  const roles = rolesFor(purpose);
  const named = { name, roles: roles.map(roleName) };
  const evidence = byUrgency(
    prerequisitesOf(purpose, vm).filter(
      (check) => !['nesting', 'startup-memory', 'processor-count'].includes(check.id),
    ),
  );
  if (roles.length === 0) return { id, state: 'not-needed', evidence, because: { key: 'setup.notNeeded' } };
  const not = notHere(purpose, vm);
  // What a plan mends is a step to take.
  const blocker = evidence.find((check) => isBlocker(check) && check.fix === undefined);
  if (not ?? blocker)
    return { id, state: 'blocked', evidence, because: not ?? blocker?.title ?? { key: 'setup.notNeeded' } };
  const want: VmWant = { roles: turnedOn(roles) };
  // What installs itself is done once its hypervisor runs, whoever turned it on.
  const isSeen = isRunningInside(vm);
  if (!vm.guest && isSeen && purposeRow(purpose).hasShortWay)
    return { id, state: 'done', evidence, because: { key: 'setup.insideSeen', params: { name } } };
  if (!vm.guest)
    return {
      id,
      state: 'unknown',
      evidence,
      because:
        vm.state === 'Running'
          ? { key: 'setup.insideSignIn', params: { name } }
          : { key: 'setup.insideStart', params: { name } },
      want,
    };
  const readiness = readinessOfAll(vm, roles);
  if (readiness.kind === 'unknown')
    return {
      id,
      state: 'unknown',
      evidence,
      because: readiness.of === 'hypervisor' ? { key: 'inside.hypervisorUnread' } : { key: 'setup.insideUnread' },
      want,
    };
  if (readiness.kind === 'hypervisor')
    return { id, state: 'blocked', evidence, because: { key: 'setup.insideNesting', params: { name } } };
  if (readiness.kind === 'ready')
    return { id, state: 'done', evidence, because: { key: 'setup.insideOn', params: named } };
  const mended = evidence.find(isBlocker)?.title;
  const key = readiness.kind === 'pending' ? 'setup.insidePending' : 'setup.insideOff';
  return insideStepOf(planned(chosen, want), { evidence, want, because: mended ?? { key, params: named } });
}

/** What the plan says of turning a role on. */
function insideStepOf(
  plan: PlanResult,
  {
    evidence,
    want,
    because: open,
  }: {
    readonly evidence: SetupStep['evidence'];
    readonly want: VmWant;
    readonly because: Message;
  },
): SetupStep {
  const id = 'inside';
  switch (plan.kind) {
    case 'already-so':
      return { id, state: 'unknown', evidence, because: { key: 'setup.insideUnread' }, want };
    case 'ready':
      return { id, state: 'open', evidence, because: open, want };
    case 'blocked': {
      const by = plan.by.flatMap(({ checks }) => checks);
      const because = by[0]?.title ?? { key: 'setup.insideUnread' };
      return { id, state: 'blocked', evidence: byUrgency([...by, ...evidence]), because };
    }
  }
}

/** Nested adapters that are on no switch. */
const unconnected = ({ guest }: Vm): readonly NestedAdapter[] =>
  ifRead(guest?.vms, [], (vms) =>
    vms.flatMap((vm) =>
      ifRead(vm.adapters, [], (all) => all.flatMap((adapter) => (adapter.switchId === null ? [{ vm, adapter }] : []))),
    ),
  );

/** What nested VMs are connected to is known: without it, none of them is known to need a switch. */
const isConnectionRead = ({ guest }: Vm): boolean =>
  ifRead(guest?.vms, false, (all) =>
    all.every(({ adapters }) => ifRead(adapters, false, (own) => own.every(({ switchId }) => switchId !== undefined))),
  );

function networkStep(chosen: Chosen): SetupStep {
  const { machine, vm, purpose } = chosen;
  const id = 'network';
  const { name, guest } = vm;
  if (!guest) return { id, state: 'unknown', evidence: [], because: { key: 'setup.networkUnknown', params: { name } } };
  if (insideStep({ machine, vm, purpose }).state !== 'done')
    return { id, state: 'blocked', evidence: [], because: { key: 'setup.networkAfter', params: { name } } };
  if (!isConnectionRead(vm))
    return { id, state: 'unknown', evidence: [], because: { key: 'setup.networkUnread', params: { name } } };
  const { ways } = adviseNetwork(machine, vm);
  const open = ways.filter(({ verdict }) => verdict !== 'not-here');
  const left = unconnected(vm);
  const ready =
    left.length === 0 &&
    open.find(({ kind }) => {
      const network = networkWant(machine, vm, kind, []);
      return network !== undefined && planned(chosen, { network }).kind === 'already-so';
    });
  if (ready) return { id, state: 'done', evidence: [], because: networkNames[ready.kind](name) };
  const best = open.find(({ verdict }) => verdict === 'recommended') ?? open[0];
  const network = best && networkWant(machine, vm, best.kind, left);
  if (!network)
    return { id, state: 'blocked', evidence: [], because: ways[0]?.reason ?? { key: 'setup.insideUnread' } };
  const plan = planned(chosen, { network });
  if (plan.kind === 'blocked') {
    const by = plan.by.flatMap(({ checks }) => checks);
    return { id, state: 'blocked', evidence: by, because: by[0]?.title ?? best.reason };
  }
  const because: Message =
    left.length > 0
      ? { key: 'setup.networkUnconnected', params: { count: new Set(left.map((one) => one.vm.id)).size, name } }
      : { key: 'setup.networkOpen', params: { name } };
  return { id, state: 'open', evidence: [], because, want: { network } };
}
const networkNames = {
  'default-switch': (name: string): Message => ({ key: 'setup.networkDefaultSwitch', params: { name } }),
  nat: (name: string): Message => ({ key: 'setup.networkNat', params: { name } }),
  external: (name: string): Message => ({ key: 'setup.networkExternal', params: { name } }),
} as const;
