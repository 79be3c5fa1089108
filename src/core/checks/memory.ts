/** Memory and processors for what runs inside: advice from nesting on, a warning only while a hypervisor runs inside (domain §3). */
import type { Vm } from '../machine.js';
import { facts, type Check } from './check.js';

/** Below it nested VMs may not start (Microsoft's own tool says so). */
const ADVISED_MEMORY = 4 * 2 ** 30;

export function memoryChecks(vm: Vm): readonly Check[] {
  return [startup(vm), dynamic(vm), ...processors(vm)];
}

/** What Windows would refuse: of dynamic memory, a startup that does not lie between the limits. Empty: it would not. */
export function memoryOrder(vm: Vm, { dynamic, startup, minimum, maximum }: Vm['memory']): readonly Check[] {
  if (dynamic !== true || startup === undefined) return [];
  const isBelow = minimum !== undefined && startup < minimum;
  const isAbove = maximum !== undefined && startup > maximum;
  if (!isBelow && !isAbove) return [];
  return [
    {
      id: 'dynamic-memory',
      vm: vm.id,
      verdict: 'blocker',
      title: isBelow
        ? { key: 'checks.memoryBelow', params: { memory: startup, minimum } }
        : { key: 'checks.memoryAbove', params: { memory: startup, maximum: maximum ?? startup } },
      why: { key: 'checks.memoryOrderWhy' },
      evidence: [
        ...facts('Get-VM MemoryMinimum', vm.memory.minimum),
        ...facts('Get-VM MemoryStartup', vm.memory.startup),
        ...facts('Get-VM MemoryMaximum', vm.memory.maximum),
      ],
    },
  ];
}

function startup(vm: Vm): Check {
  const { startup: bytes } = vm.memory;
  const base = { id: 'startup-memory', vm: vm.id, evidence: facts('Get-VM MemoryStartup', bytes) } as const;
  if (bytes === undefined)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.memoryUnread', params: { vm: vm.name } },
      why: { key: 'checks.memoryUnreadWhy' },
    };
  if (bytes >= ADVISED_MEMORY)
    return {
      ...base,
      verdict: 'ok',
      title: { key: 'checks.memoryEnough', params: { memory: bytes } },
      why: { key: 'checks.memoryEnoughWhy', params: { advised: ADVISED_MEMORY } },
    };
  return {
    ...base,
    verdict: 'advice',
    title: { key: 'checks.memoryLittle', params: { memory: bytes } },
    why: { key: 'checks.memoryLittleWhy', params: { vm: vm.name, advised: ADVISED_MEMORY } },
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
  const isFrozen = vm.inside === 'certainly' || vm.inside === 'probably';
  if (vm.memory.dynamic === undefined)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.dynamicUnread', params },
      why: { key: 'checks.dynamicUnreadWhy' },
    };
  if (isFrozen)
    return vm.memory.dynamic
      ? {
          ...base,
          verdict: 'warning',
          title: { key: 'checks.dynamicFrozen', params },
          why: { key: 'checks.dynamicFrozenWhy' },
        }
      : {
          ...base,
          verdict: 'warning',
          title: { key: 'checks.staticFrozen', params },
          why: { key: 'checks.staticFrozenWhy' },
        };
  if (vm.inside === 'unknown')
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.frozenUnknown', params },
      why: { key: 'checks.frozenUnknownWhy' },
    };
  return vm.memory.dynamic
    ? { ...base, verdict: 'ok', title: { key: 'checks.dynamicOn' }, why: { key: 'checks.dynamicOnWhy' } }
    : { ...base, verdict: 'ok', title: { key: 'checks.dynamicOff' }, why: { key: 'checks.dynamicOffWhy' } };
}

function processors(vm: Vm): readonly Check[] {
  const base = { id: 'processor-count', vm: vm.id, evidence: facts('Get-VM ProcessorCount', vm.processors) } as const;
  if (vm.processors === undefined)
    return [
      {
        ...base,
        verdict: 'unknown',
        title: { key: 'checks.processorsUnread', params: { vm: vm.name } },
        why: { key: 'checks.processorsUnreadWhy' },
      },
    ];
  const params = { count: vm.processors };
  return vm.processors >= 2
    ? [
        {
          ...base,
          verdict: 'ok',
          title: { key: 'checks.processorsFine', params },
          why: { key: 'checks.processorsFineWhy' },
        },
      ]
    : [
        {
          ...base,
          verdict: 'advice',
          title: { key: 'checks.processorsFew', params },
          why: { key: 'checks.processorsFewWhy', params: { vm: vm.name } },
        },
      ];
}
