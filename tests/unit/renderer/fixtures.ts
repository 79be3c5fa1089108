/** Small worlds for the logic of the window. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Check } from '../../../src/core/checks/check.js';
import type { ChangePath } from '../../../src/core/machine/goal.js';
import type { Vm } from '../../../src/core/machine/machine.js';
import type { Chain, Change, Plan, PowerLine, Step } from '../../../src/core/change/step.js';
import type { ErrorRecord } from '../../../src/core/cmdlets/call.js';
import type { RunEvent, RunHappening, RunRecord, StepState } from '../../../src/core/run/record.js';
import type { ShownPlan } from '../../../src/ipc/schema.js';

export const ids = {
  lab: 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42',
  box: '5ac1e90b-42d7-4f3e-8b16-7e0c9d54a1f2',
} as const;
export const adapterOf = (vm: string): string => `Microsoft:${vm.toUpperCase()}\\7D91F3B0-64AE-4B0C-8F5A-0C3E52D7A916`;

export function vmOf(change: Partial<Vm> = {}): Vm {
  const id = change.id ?? ids.lab;
  return {
    id,
    name: 'Lab DC 01',
    state: 'Running',
    problem: null,
    version: '11.0',
    generation: 2,
    created: '2026-01-01T00:00:00Z',
    uptime: 60,
    heartbeat: 'OkApplicationsHealthy',
    processors: 4,
    nesting: false,
    inside: 'no',
    insideEvidence: { kind: 'nesting-off' },
    memory: {
      dynamic: false,
      startup: 2 ** 32,
      minimum: 2 ** 29,
      maximum: 2 ** 33,
      assigned: 2 ** 32,
      demand: 2 ** 31,
    },
    stopAction: 'Save',
    automaticCheckpoints: true,
    checkpointType: 'Production',
    parentCheckpoint: null,
    checkpoints: [],
    adapters: [
      {
        id: adapterOf(id),
        name: 'Network Adapter',
        macAddress: '00155D000001',
        macSpoofing: 'Off',
        switchId: null,
        switchName: 'LAN',
        addresses: [],
      },
    ],
    shutdownService: 'ok',
    nested: null,
    readAt: '2026-11-24T08:00:00Z',
    unread: [],
    ...change,
  };
}

/** Its words are plain: spreading all messages there are would be beyond the compiler. */
export function checkOf(change: Partial<Omit<Check, 'why'>>): Check {
  return {
    id: 'stop-action',
    vm: ids.lab,
    verdict: 'advice',
    title: { key: 'app.name' },
    why: { key: 'app.name' },
    evidence: [],
    ...change,
  };
}

export const changeOf = (vm: string, setting: string, from: Change['from'], to: Change['to']): Change => ({
  path: `${vm}/${setting}` as ChangePath,
  from,
  to,
});

let counted = 0;
export function stepOf(vm: string, number: number, kind: Step['kind'], changes: readonly Change[] = []): Step {
  counted += 1;
  return {
    id: `s${String(counted)}`,
    number,
    vm: vmIn(thisPc, vm),
    title: { key: 'app.name' },
    do: { wait: { vm: vmIn(thisPc, vm), answers: true }, atMost: 600 },
    kind,
    changes,
  };
}

export function chainOf(steps: readonly Step[], change: Partial<Chain> = {}): Chain {
  return {
    vm: steps[0]?.vm ?? vmIn(thisPc, ids.lab),
    name: 'Lab DC 01',
    steps,
    power: null,
    basis: [],
    nested: [],
    ...change,
  };
}

/** A restart with nesting and the stop action changed meanwhile. */
export function restartChain(vm: string = ids.lab, first = 1, name = 'Lab DC 01'): Chain {
  const steps = [
    stepOf(vm, first, 'power', [changeOf(vm, 'power', 'running', 'off')]),
    stepOf(vm, first + 1, 'setting', [changeOf(vm, 'nesting', false, true)]),
    stepOf(vm, first + 2, 'setting', [changeOf(vm, 'stopAction', 'Save', 'ShutDown')]),
    stepOf(vm, first + 3, 'power', [changeOf(vm, 'power', 'off', 'running')]),
  ];
  const [down, nesting, stop, up] = steps.map(({ id }) => id);
  const power: PowerLine = {
    before: 'running',
    after: 'running',
    down: [down ?? ''],
    off: [nesting ?? '', stop ?? ''],
    up: [up ?? ''],
    estimate: { down: 48, off: 1, up: 35 },
  };
  return chainOf(steps, { vm: vmIn(thisPc, vm), name, power });
}

export function planOf(chains: readonly Chain[], change: Partial<Plan> = {}): Plan {
  const wants = chains.map(({ vm }) => ({ vm: vm, want: { nesting: true } }));
  return {
    id: 'p1',
    goal: { kind: 'vms', wants, consents: [] },
    wants,
    readAt: '2026-11-24T08:00:00Z',
    chains,
    consents: [],
    oneWay: [],
    blocked: [],
    ...change,
  };
}

/** Events of one run, a second apart. */
export function eventsOf(...events: readonly RunHappening[]): RunEvent[] {
  return events.map((event, seq) => ({
    ...event,
    run: 'r1',
    seq,
    time: new Date(Date.UTC(2026, 10, 24, 8, 0, seq)).toISOString(),
    elapsed: seq,
  }));
}

export const stepEvent = (chain: Chain, at: number, state: StepState, more: object = {}) => ({
  kind: 'step' as const,
  vm: chain.vm,
  step: chain.steps[at]?.id ?? '',
  state,
  ...more,
});

export function runOf(plan: Plan, events: readonly RunEvent[], change: Partial<RunRecord> = {}): RunRecord {
  return { id: 'r1', schema: 1, order: 1, appVersion: '0.1.0', goal: plan.goal, plan, events, ...change };
}

/** A plan as main shows it, each step a line of PowerShell. */
export const shownOf = (plan: Plan, change: Partial<ShownPlan> = {}): ShownPlan => ({
  result: { kind: 'ready', plan },
  script: plan.chains.flatMap((chain) =>
    chain.steps.map((step) => ({
      step: step.id,
      number: step.number,
      at: thisPc,
      lines: [[{ kind: 'cmdlet' as const, text: `Cmdlet-${String(step.number)}` }]],
    })),
  ),
  undoScript: [],
  ...change,
});

/** What Windows says where memory cannot change while the VM runs. */
export const refusedMemory: ErrorRecord = {
  id: 'InvalidState,Microsoft.HyperV.PowerShell.Commands.SetVMMemory',
  category: 'InvalidOperation',
  target: null,
  exception: 'Microsoft.HyperV.PowerShell.VirtualizationException',
  hresult: null,
  message: '无法修改设备“内存”。',
};
