/** Memory and processors for what runs inside: advice from nesting on, a warning only while a hypervisor runs inside (domain §3). */
import type { Message, MessageKey } from '../../text/index.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { MemoryOffReason } from '../machine/vm-state.js';
import { facts, say, type Check } from './check.js';
import { ifRead } from '../machine/reading.js';
import { isRunningInside } from '../machine/vm-state.js';

/** Below it nested VMs may not start (Microsoft's own tool says so). */
export const ADVISED_MEMORY = 4 * 2 ** 30;

export function memoryChecks(vm: Vm): readonly Check[] {
  return [startup(vm), dynamic(vm), ...nestedMemory(vm, vm.memory), ...processors(vm)];
}

/** Sizes that Windows takes: whole 2 MB (facts), for one VM from 32 MB to 12 TB. */
export const STEP = 2 * 2 ** 20;
export const leastMemory = 32 * 2 ** 20;
export const mostMemory = 12 * 2 ** 40;
export const isMemorySize = (bytes: number): boolean =>
  bytes % STEP === 0 && bytes >= leastMemory && bytes <= mostMemory;

/** What Windows would refuse: a size that is none, or dynamic memory whose limits and startup are out of order. Empty: it would not. */
export function memoryOrder(vm: Vm, after: Vm['memory']): readonly Check[] {
  const { dynamic, startup, minimum, maximum } = after;
  const evidence = [
    ...facts('Get-VM MemoryMinimum', vm.memory.minimum),
    ...facts('Get-VM MemoryStartup', vm.memory.startup),
    ...facts('Get-VM MemoryMaximum', vm.memory.maximum),
  ];
  const odd = (['startup', 'minimum', 'maximum'] as const)
    .flatMap((field) => (after[field] === vm.memory[field] ? [] : (after[field] ?? [])))
    .find((bytes) => !isMemorySize(bytes));
  if (odd !== undefined)
    return [
      {
        id: 'startup-memory',
        vm: vm.id,
        ...say('blocker', 'checks.memorySize', { memory: odd, least: leastMemory, most: mostMemory, step: STEP }),
        evidence,
      },
    ];
  const isCrossed = minimum !== undefined && maximum !== undefined && minimum > maximum;
  const isAsked = minimum !== vm.memory.minimum || maximum !== vm.memory.maximum;
  const title =
    isCrossed && (isAsked || dynamic === true)
      ? ({ key: 'checks.memoryCrossed', params: { minimum, maximum } } as const)
      : dynamic === true
        ? orderOf(startup, minimum, maximum)
        : undefined;
  if (!title) return [];
  return [
    { id: 'dynamic-memory', vm: vm.id, verdict: 'blocker', title, why: { key: 'checks.memoryOrderWhy' }, evidence },
  ];
}

function orderOf(
  startup: number | undefined,
  minimum: number | undefined,
  maximum: number | undefined,
): Message | undefined {
  if (startup !== undefined && minimum !== undefined && startup < minimum)
    return { key: 'checks.memoryBelow', params: { memory: startup, minimum } };
  if (startup !== undefined && maximum !== undefined && startup > maximum)
    return { key: 'checks.memoryAbove', params: { memory: startup, maximum } };
  return undefined;
}

/** More than there is: Windows would take the number, and the VM could never start. */
export function memoryBeyond({ host }: Machine, vm: Vm, { startup }: Vm['memory']): readonly Check[] {
  const there = host.computer?.memory;
  if (startup === undefined || startup === vm.memory.startup || there === undefined || startup <= there) return [];
  return [
    {
      id: 'startup-memory',
      vm: vm.id,
      ...say('blocker', 'checks.memoryBeyond', { vm: vm.name, memory: startup, there }),
      evidence: facts('Win32_ComputerSystem TotalPhysicalMemory', there),
    },
  ];
}

/** What the memory would mean once the VM runs with it. It may still fit then: others may have given some back. */
export function memoryFit(
  machine: Machine,
  vm: Vm,
  after: Vm['memory'],
  power: 'running' | 'paused' | 'saved' | 'off' | undefined,
): readonly Check[] {
  const inside =
    after.startup === vm.memory.startup ? [] : nestedMemory(vm, after).filter(({ verdict }) => verdict !== 'unknown');
  return [...(power === 'running' ? freeMemory(machine, vm, after) : []), ...inside];
}

function freeMemory({ host, vms }: Machine, vm: Vm, { startup }: Vm['memory']): readonly Check[] {
  const free = host.freeMemory;
  // What it holds now comes back when it goes down, or stays its own while it is resized.
  const held = vm.memory.assigned ?? 0;
  if (free === undefined || startup === undefined || startup === vm.memory.startup || startup <= free + held) return [];
  const others = ifRead(vms, [], (all) => all.filter(({ id, memory }) => id !== vm.id && (memory.assigned ?? 0) > 0));
  const total = others.reduce((sum, { memory }) => sum + (memory.assigned ?? 0), 0);
  return [
    {
      id: 'startup-memory',
      vm: vm.id,
      verdict: 'warning',
      title: { key: 'checks.memoryNotFree', params: { vm: vm.name, memory: startup, free: free + held } },
      why:
        others.length > 0
          ? { key: 'checks.memoryNotFreeWhy', params: { count: others.length, total } }
          : { key: 'checks.memoryNotFreeAlone' },
      evidence: [
        ...facts('Win32_OperatingSystem FreePhysicalMemory', free),
        ...facts('Get-VM MemoryAssigned', vm.memory.assigned),
        ...others.map(({ name, memory }) => ({ source: name, value: memory.assigned ?? null })),
      ],
    },
  ];
}

/** VMs inside that cannot all run at once: what each needs at least is added up. Where they fit there is nothing to say. */
function nestedMemory(vm: Vm, { startup }: Vm['memory']): readonly Check[] {
  const nested = vm.guest?.vms;
  if (nested === undefined || nested.length === 0) return [];
  const needs = nested.map(leastOf);
  const known = needs.filter((bytes) => bytes !== undefined);
  // What it has as it runs; once it is given another startup, that.
  const has = startup === vm.memory.startup ? vm.memory.assigned || startup : startup;
  const sum = known.reduce((all, bytes) => all + bytes, 0);
  const base = {
    id: 'nested-memory',
    vm: vm.id,
    evidence: nested.map(({ name }, index) => ({ source: name, value: needs[index] ?? null })),
  } as const;
  if (has !== undefined && sum > has)
    return [{ ...base, ...say('advice', 'checks.nestedMemory', { count: nested.length, sum, vm: vm.name, has }) }];
  if (has !== undefined && known.length === needs.length) return [];
  return [{ ...base, ...say('unknown', 'checks.nestedMemoryUnread', { vm: vm.name }) }];
}

/** Fixed memory is held whole; dynamic memory can shrink to its minimum once it has started. */
const leastOf = ({ memory: { dynamic, startup, minimum } }: Vm): number | undefined =>
  dynamic === undefined ? undefined : dynamic ? minimum : startup;

/** Why the VM goes down for its memory, where that is not plain. */
export function memoryRemarks(vm: Vm, reason: MemoryOffReason | 'refused'): readonly Check[] {
  const words = offWords[reason];
  if (!words) return [];
  const params = { vm: vm.name };
  return [
    {
      id: 'dynamic-memory',
      vm: vm.id,
      verdict: words.verdict,
      title: { key: words.title, params },
      why: { key: words.why, params },
      evidence: [
        ...facts('Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor', vm.inside),
        ...facts('Get-VM DynamicMemoryEnabled', vm.memory.dynamic),
      ],
    },
  ];
}

type ResizeKey = MessageKey & `checks.resize${string}`;
const offWords: Readonly<
  Partial<Record<MemoryOffReason | 'refused', { verdict: 'advice' | 'unknown'; title: ResizeKey; why: ResizeKey }>>
> = {
  inside: { verdict: 'advice', title: 'checks.resizeInside', why: 'checks.resizeInsideWhy' },
  'inside-unknown': { verdict: 'unknown', title: 'checks.resizeUnknown', why: 'checks.resizeUnknownWhy' },
  dynamic: { verdict: 'advice', title: 'checks.resizeDynamic', why: 'checks.resizeOffWhy' },
  startup: { verdict: 'advice', title: 'checks.resizeStartup', why: 'checks.resizeOffWhy' },
  narrower: { verdict: 'advice', title: 'checks.resizeNarrower', why: 'checks.resizeOffWhy' },
  version: { verdict: 'advice', title: 'checks.resizeVersion', why: 'checks.resizeOffWhy' },
  refused: { verdict: 'advice', title: 'checks.resizeRefused', why: 'checks.resizeRefusedWhy' },
};

function startup(vm: Vm): Check {
  const { startup: bytes } = vm.memory;
  const base = { id: 'startup-memory', vm: vm.id, evidence: facts('Get-VM MemoryStartup', bytes) } as const;
  if (bytes === undefined) return { ...base, ...say('unknown', 'checks.memoryUnread', { vm: vm.name }) };
  if (bytes >= ADVISED_MEMORY)
    return { ...base, ...say('ok', 'checks.memoryEnough', { memory: bytes, advised: ADVISED_MEMORY }) };
  return {
    ...base,
    ...say('advice', 'checks.memoryLittle', { vm: vm.name, memory: bytes, advised: ADVISED_MEMORY }),
    fix: { kind: 'vm', want: { memory: { startup: ADVISED_MEMORY } } },
    fixLabel: { key: 'checks.fixMemory', params: { memory: ADVISED_MEMORY } },
  };
}

/** Never a prerequisite: it stays on, and does not move while Hyper-V runs inside. */
function dynamic(vm: Vm): Check {
  const base = {
    id: 'dynamic-memory',
    vm: vm.id,
    evidence: [
      ...facts('Get-VM DynamicMemoryEnabled', vm.memory.dynamic),
      ...facts('Get-VM MemoryAssigned', vm.memory.assigned),
    ],
  } as const;
  const params = { vm: vm.name };
  const isFrozen = isRunningInside(vm);
  if (vm.memory.dynamic === undefined) return { ...base, ...say('unknown', 'checks.dynamicUnread', params) };
  if (isFrozen)
    return vm.memory.dynamic
      ? { ...base, ...say('advice', 'checks.dynamicFrozen', params) }
      : { ...base, ...say('advice', 'checks.staticFrozen', params) };
  if (vm.inside === 'unknown') return { ...base, ...say('unknown', 'checks.frozenUnknown', params) };
  return vm.memory.dynamic
    ? { ...base, ...say('ok', 'checks.dynamicOn') }
    : { ...base, ...say('ok', 'checks.dynamicOff') };
}

function processors(vm: Vm): readonly Check[] {
  const base = { id: 'processor-count', vm: vm.id, evidence: facts('Get-VM ProcessorCount', vm.processors) } as const;
  if (vm.processors === undefined) return [{ ...base, ...say('unknown', 'checks.processorsUnread', { vm: vm.name }) }];
  const params = { count: vm.processors };
  return vm.processors >= 2
    ? [{ ...base, ...say('ok', 'checks.processorsFine', params) }]
    : [{ ...base, ...say('advice', 'checks.processorsFew', { ...params, vm: vm.name }) }];
}
