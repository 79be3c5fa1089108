/** A VM that is made: its steps from the disk to the first start. */
import { hostOf, vmIn, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { HostCall, Target } from '../cmdlets/call.js';
import { newVmBlockers, newVmRemarks, type LookedAt } from '../checks/new-vm.js';
import type { ChangePath, Goal, NewVm, Thing } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { UNKNOWN } from '../network/thing-row.js';
import { numbered, powerPart } from './chain.js';
import { pathOf } from './paths.js';
import type { Change, Chain, Part, Plan, PlanResult, Step } from './step.js';
import { makingPart } from './thing-parts.js';

/** Stands for the VM until Windows has given it an id. */
export const toBeMadeIn = (at: MachineRef): VmRef => vmIn(at, UNKNOWN);

type CreateGoal = Extract<Goal, { kind: 'create' }>;

export function planNewVm(machine: Machine, goal: CreateGoal, files: LookedAt, id: string): PlanResult {
  const { vm } = goal;
  const { at } = machine;
  const toBeMade = toBeMadeIn(at);
  const blockers = newVmBlockers(machine, vm, files);
  if (blockers.length > 0) return { kind: 'blocked', by: [{ vm: toBeMade, name: vm.name, checks: blockers }] };
  const remarks = newVmRemarks(machine, vm);
  const [steps = []] = numbered([partsOf(vm, at)], toBeMade, { plan: id, first: 1 });
  const start = steps.find(({ kind }) => kind === 'power');
  const chain: Chain = {
    vm: toBeMade,
    name: vm.name,
    steps,
    power: start ? { before: 'off', after: 'running', down: [], off: [], up: [start.id], estimate: {} } : null,
    basis: [],
    nested: [],
  };
  const plan: Plan = {
    id,
    goal,
    wants: [],
    readAt: machine.host.readAt,
    chains: [chain],
    consents: [],
    oneWay: [],
    ...(remarks.length > 0 ? { remarks } : {}),
    blocked: [],
  };
  return { kind: 'ready', plan };
}

const on: Target = { vm: UNKNOWN };
const value = (property: Parameters<typeof pathOf>[1], to: Change['to']): Change => ({
  path: pathOf(UNKNOWN, property),
  from: null,
  to,
});

const part = (title: Part['title'], call: HostCall, changes: readonly Change[] = []): Part => ({
  title,
  do: { call },
  kind: 'setting',
  changes,
});

function partsOf(vm: NewVm, at: MachineRef): readonly Part[] {
  const { name, processors: count } = vm;
  return [
    makingPart({ what: 'disk', at, disk: vm.disk }, 'setting'),
    makingPart({ what: 'vm', at, name, memory: vm.memory, disk: vm.disk.path, switchName: vm.switchName }, 'setting'),
    part(
      { key: vm.nesting ? 'create.setNesting' : 'create.setProcessors', params: { count } },
      {
        cmdlet: 'Set-VMProcessor',
        params: { Count: count, ...(vm.nesting && { ExposeVirtualizationExtensions: true }) },
        at,
        on,
      },
      vm.nesting ? [value('nesting', true)] : [],
    ),
    part({ key: 'create.setMemory' }, { cmdlet: 'Set-VMMemory', params: { DynamicMemoryEnabled: false }, at, on }, [
      value('memory.dynamic', false),
    ]),
    part(
      { key: 'create.setDefaults' },
      { cmdlet: 'Set-VM', params: { AutomaticStopAction: 'ShutDown', AutomaticCheckpointsEnabled: false }, at, on },
      [value('stopAction', 'ShutDown'), value('automaticCheckpoints', false)],
    ),
    ...bootParts(vm, at),
    ...(vm.start
      ? [powerPart(at, { id: UNKNOWN, name }, 'Start-VM', 'plan.start', { from: 'off', to: 'running' })]
      : []),
  ];
}

/** What it starts from, and what it shows Windows of itself then. */
function bootParts({ secureBoot, tpm, iso }: NewVm, at: MachineRef): readonly Part[] {
  return [
    part(
      { key: bootTitles[secureBoot] },
      {
        cmdlet: 'Set-VMFirmware',
        params:
          secureBoot === 'off'
            ? { EnableSecureBoot: 'Off' }
            : { EnableSecureBoot: 'On', SecureBootTemplate: templates[secureBoot] },
        at,
        on,
      },
    ),
    ...(tpm
      ? [
          part({ key: 'create.setKeyProtector' }, { cmdlet: 'Set-VMKeyProtector', params: {}, at, on }),
          part({ key: 'create.setTpm' }, { cmdlet: 'Enable-VMTPM', params: {}, at, on }),
        ]
      : []),
    ...(iso === undefined
      ? []
      : [
          part({ key: 'create.addDvd' }, { cmdlet: 'Add-VMDvdDrive', params: { Path: iso }, at, on }),
          part(
            { key: 'create.bootDvd' },
            { cmdlet: 'Set-VMFirmware/BootDvd', params: {}, at, on: { vm: UNKNOWN, dvd: true } },
          ),
        ]),
  ];
}

const bootTitles = { windows: 'create.bootWindows', linux: 'create.bootLinux', off: 'create.bootOff' } as const;
/** As Windows calls them. */
export const templates = { windows: 'MicrosoftWindows', linux: 'MicrosoftUEFICertificateAuthority' } as const;

/** The chain with the id that Windows has given to the VM in the place of what stood for it. */
export function bound(chain: Chain, steps: readonly Step[], id: string): Chain {
  const vm = vmIn(hostOf(chain.vm), id);
  return {
    ...chain,
    vm,
    steps: steps.map((step) => ({
      ...step,
      vm,
      do: 'call' in step.do ? { call: withId(step.do.call, id) } : step.do,
      changes: step.changes.map((change) => ({ ...change, path: pathWithId(change.path, id) })),
    })),
  };
}
const withId = <Call extends HostCall>(call: Call, id: string): Call =>
  call.on && 'vm' in call.on && call.on.vm === UNKNOWN ? { ...call, on: { ...call.on, vm: id } } : call;
const pathWithId = (path: ChangePath, id: string): ChangePath =>
  path.startsWith(`${UNKNOWN}/`) ? (`${id}${path.slice(UNKNOWN.length)}` as ChangePath) : path;

export const isOfVm = (thing: Pick<Thing, 'what'> | undefined): boolean =>
  thing?.what === 'vm' || thing?.what === 'disk';
