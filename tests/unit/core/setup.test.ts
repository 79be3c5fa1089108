import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purposes, rolesFor, type Purpose } from '../../../src/core/checks/purposes.js';
import { eachRole } from '../../../src/core/machine/roles.js';
import { isSetUp, setupOf, stepIds, type SetupStep, type StepId } from '../../../src/core/change/setup.js';
import { planWants } from '../../../src/core/change/plan.js';
import { candidatesOf } from '../../../src/core/change/candidates.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import type { VmWant } from '../../../src/core/machine/goal.js';
import { translator } from '../../../src/text/index.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { readyOf, scenarioWorld, type RunWorld } from './run-world.js';
import { hostOf, machineOf, stranger, vmOf } from './worlds.js';

const GiB = 2 ** 30;
const t = translator('en');

const guestOf = (
  roles: Partial<NonNullable<Machine['inside']>['roles']> = {},
  host = {},
  vms: readonly Vm[] = [],
): Machine => ({
  ...machineOf({ services: {}, switches: [], hypervisorProcessors: 4, ...host }, vms),
  inside: {
    roles: { ...eachRole(() => 'Disabled'), ...roles },
    freeDisk: 40 * GiB,
  },
});

function stepsOf(purpose: Purpose | null, vm?: Vm, machine: Machine = machineOf({}, vm ? [vm] : [vmOf(1)])) {
  const steps = setupOf({ purpose, machine, vm });
  return (id: StepId): SetupStep => {
    const step = steps.find((one) => one.id === id);
    if (!step) throw new Error(`no step ${id}`);
    return step;
  };
}
const statesOf = (purpose: Purpose | null, vm?: Vm, machine?: Machine) => {
  const step = stepsOf(purpose, vm, machine);
  return Object.fromEntries(stepIds.map((id) => [id, step(id).state]));
};

describe('the steps', () => {
  it('are the same seven, in the order in which they can be done', () =>
    expect(setupOf({ purpose: null, machine: null, vm: undefined }).map(({ id }) => id)).toEqual([
      'purpose', 'pc', 'machine', 'nesting', 'memory', 'inside', 'network',
    ])); // prettier-ignore

  it('claim nothing before anything was read', () =>
    expect(statesOf(null, undefined, { ...machineOf(), vms: undefined })).toMatchObject({
      purpose: 'open',
      machine: 'unknown',
      nesting: 'unknown',
    }));

  it.each([
    ['wsl', 'unknown', 'not-needed'],
    ['hyper-v', 'unknown', 'unknown'],
    ['android', 'unknown', 'not-needed'],
    ['kvm', 'not-needed', 'not-needed'],
    ['docker', 'unknown', 'not-needed'],
    ['agents', 'unknown', 'not-needed'],
    ['docker-sandboxes', 'unknown', 'not-needed'],
    ['lab', 'unknown', 'unknown'],
    ['visual-studio', 'unknown', 'not-needed'],
    ['windows-sandbox', 'unknown', 'not-needed'],
    ['windows-containers', 'unknown', 'not-needed'],
  ] as const)('of %s leave out what it does not need', (purpose, inside, network) => {
    expect(statesOf(purpose, vmOf(1))).toEqual({
      purpose: 'done',
      pc: 'done',
      machine: 'done',
      nesting: 'open',
      memory: 'done',
      inside,
      network,
    });
  });

  it('are done for KVM as soon as nesting is on', () =>
    expect(isSetUp(setupOf({ purpose: 'kvm', machine: machineOf(), vm: vmOf(1, { nesting: true }) }))).toBe(true));

  it.each([
    ['wsl', 'virtual-machine-platform'],
    ['android', 'hypervisor-platform'],
  ] as const)('of %s are done when its role is on inside', (purpose, role) => {
    const off = vmOf(1, { nesting: true, state: 'Running', guest: guestOf() });
    expect(stepsOf(purpose, off)('inside')).toMatchObject({ state: 'open', want: { roles: { [role]: true } } });
    const pending = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({ [role]: 'EnablePending' }) });
    expect(stepsOf(purpose, pending)('inside')).toMatchObject({
      state: 'open',
      because: { key: 'setup.insidePending' },
    });
    const on = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({ [role]: 'Enabled' }) });
    expect(isSetUp(setupOf({ purpose, machine: machineOf({}, [on]), vm: on }))).toBe(true);
  });

  it('of containers ask for both of their features, and are done when both are on', () => {
    const services = { vmms: { state: 'Running', startMode: 'Auto' } };
    const step = (roles: Parameters<typeof guestOf>[0]) =>
      stepsOf('windows-containers', vmOf(1, { nesting: true, state: 'Running', guest: guestOf(roles, { services }) }))('inside'); // prettier-ignore
    const want = { roles: { 'hyper-v': true, containers: true } };
    expect(step({})).toMatchObject({ state: 'open', want, because: { key: 'setup.insideOff' } });
    expect(step({ 'hyper-v': 'Enabled' })).toMatchObject({ state: 'open', because: { key: 'setup.insideOff' } });
    const both = { 'hyper-v': 'Enabled', containers: 'Enabled' } as const;
    const because = { key: 'setup.insideOn', params: { roles: ['Hyper-V', 'Containers'] } };
    expect(step(both)).toMatchObject({ state: 'done', because });
  });

  it.each([
    ['wsl', 'virtual-machine-platform'],
    ['android', 'hypervisor-platform'],
    ['hyper-v', 'hyper-v'],
  ] as const)('of %s never say ready while no hypervisor runs inside (WSL#11117)', (purpose, role) => {
    const services = { vmms: { state: 'Running', startMode: 'Auto' } };
    const of = (hypervisorProcessors: number | undefined, nesting = true): Vm =>
      vmOf(1, { nesting, state: 'Running', guest: guestOf({ [role]: 'Enabled' }, { services, hypervisorProcessors }) });
    const isReady = (vm: Vm): boolean => isSetUp(setupOf({ purpose, machine: machineOf({}, [vm]), vm }));
    const off = of(0);
    expect(isReady(off)).toBe(false);
    expect(stepsOf(purpose, off)('inside')).toMatchObject({ state: 'blocked', because: { key: 'inside.launchOff' } });
    const [check] = stepsOf(purpose, off)('inside').evidence;
    expect(check?.commands?.map(({ command }) => command)).toEqual([
      'bcdedit /set hypervisorlaunchtype auto',
      'Restart-Computer',
      'bcdedit /set hypervisorlaunchtype off',
    ]);
    expect(stepsOf(purpose, of(0, false))('inside').because.key).toBe('setup.insideNesting');
    expect(stepsOf(purpose, of(undefined))('inside')).toMatchObject({
      state: 'unknown',
      because: { key: 'inside.hypervisorUnread' },
    });
  });

  it.each([
    ['stopped', { state: 'Stopped', startMode: 'Auto' }, ['Start-Service/vmms']],
    ['disabled', { state: 'Stopped', startMode: 'Disabled' }, ['Set-Service/vmms', 'Start-Service/vmms']],
    ['to be started by hand', { state: 'Stopped', startMode: 'Manual' }, ['Set-Service/vmms', 'Start-Service/vmms']],
  ] as const)('name a service inside that is %s before what follows from it, and mend it', (_, vmms, cmdlets) => {
    const guest = guestOf(
      { 'hyper-v': 'Enabled' },
      { services: { vmms }, switches: undefined, hypervisorProcessors: 0 },
    );
    const vm = vmOf(1, { nesting: true, state: 'Running', guest });
    const step = stepsOf('hyper-v', vm)('inside');
    expect(step).toMatchObject({ state: 'open', because: { key: 'inside.serviceIdle' } });
    expect(step.evidence[0]).toMatchObject({ id: 'guest-service', fix: { want: step.want } });
    const wants = [{ vm: vmIn(thisPc, vm.id), want: step.want ?? {} }];
    const plan = planWants(machineOf({}, [vm]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' });
    if (plan.kind !== 'ready') throw new Error(plan.kind);
    const [chain] = plan.plan.chains;
    expect(chain?.steps.map(({ do: act }) => 'call' in act && act.call.cmdlet)).toEqual(cmdlets);
    expect([chain?.power, plan.plan.consents, plan.plan.oneWay]).toEqual([null, [], []]);
    expect(stepsOf('hyper-v', vm)('network').state).toBe('blocked');
  });

  it.each(['Start Pending', 'Stop Pending', 'Paused', 'Unknown'])('leave alone a service that is %s', (state) => {
    const services = { vmms: { state, startMode: 'Manual' } };
    const vm = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({ 'hyper-v': 'Enabled' }, { services }) });
    const step = stepsOf('hyper-v', vm)('inside');
    expect(step).toMatchObject({ state: 'blocked', because: { key: 'inside.serviceIdle' } });
    expect(step.evidence[0]?.why.key).toBe('inside.serviceBetweenWhy');
    const wants = [{ vm: vmIn(thisPc, vm.id), want: { roles: { 'hyper-v': true } } }];
    const plan = planWants(machineOf({}, [vm]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' });
    expect(plan.kind).toBe('blocked');
  });

  it('start nothing that is not there', () => {
    const guest = guestOf({ 'hyper-v': 'Enabled' }, { services: {} });
    const vm = vmOf(1, { nesting: true, state: 'Running', guest });
    const step = stepsOf('hyper-v', vm)('inside');
    expect(step).toMatchObject({ state: 'blocked', because: { key: 'inside.serviceIdle' } });
    expect(step.evidence[0]?.why).toEqual(expect.objectContaining({ key: 'inside.serviceAbsentWhy' }));
  });

  it('say ready in the planner only by the same rule', () => {
    const vm = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({ 'virtual-machine-platform': 'Enabled' }, { hypervisorProcessors: 0 }) }); // prettier-ignore
    const wants = [{ vm: vmIn(thisPc, vm.id), want: { roles: { 'virtual-machine-platform': true } } }];
    const plan = planWants(machineOf({}, [vm]), { kind: 'vms', wants, consents: [] }, wants, { id: 'p' });
    expect(plan.kind === 'blocked' && plan.by.flatMap(({ checks }) => checks.map(({ id }) => id))).toEqual([
      'guest-hypervisor',
    ]);
  });

  it('never call a role on that could not be read', () => {
    const vm = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({ 'hyper-v': undefined }) });
    expect(stepsOf('hyper-v', vm)('inside').state).toBe('unknown');
  });

  it('say where the Windows inside has no Hyper-V', () => {
    const home = { windows: { caption: 'Microsoft Windows 11 Home', build: 26100, sku: 101, server: false } };
    const vm = vmOf(1, { nesting: true, state: 'Running', guest: guestOf({}, home) });
    expect(stepsOf('hyper-v', vm)('machine').state).toBe('blocked');
    expect(stepsOf('hyper-v', vm)('inside')).toMatchObject({
      state: 'blocked',
      because: { key: 'inside.editionLacks' },
    });
    expect(stepsOf('wsl', vm)('inside').state).toBe('open');
  });

  it('take startup memory that is too little along, in the same off-period', () => {
    const memory = { dynamic: false, startup: 2 * GiB, minimum: GiB, maximum: 8 * GiB, assigned: 0, demand: undefined };
    const step = stepsOf('wsl', vmOf(1, { memory: { ...vmOf(1).memory, ...memory } }));
    expect(step('memory').state).toBe('open');
    expect(step('nesting').want).toEqual({ nesting: true, memory: { startup: 4 * GiB } });
  });

  it('upgrade a version that is too old on the way, and stop where none is newer', () => {
    expect(stepsOf('wsl', vmOf(1, { version: '5.0' }))('nesting').want).toMatchObject({
      nesting: true,
      version: '12.0',
    });
    const machine = machineOf({ supportedVersions: ['5.0'] }, [vmOf(1, { version: '5.0' })]);
    expect(stepsOf('wsl', vmOf(1, { version: '5.0' }), machine)('nesting').state).toBe('blocked');
  });

  it('wait where this PC blocks, whoever is chosen', () => {
    for (const host of [{ identity: stranger }, { features: {}, services: {} }, { processor: undefined }]) {
      const { pc } = statesOf('wsl', undefined, machineOf(host, undefined));
      expect(pc).toBe(host.processor === undefined && 'processor' in host ? 'done' : 'blocked');
    }
  });

  it('say where Hyper-V waits for a restart, not that it is to be turned on again', () => {
    const host = {
      features: { 'Microsoft-Hyper-V': 'enabled' as const },
      services: {},
      modules: { 'Hyper-V': 'missing' as const },
    };
    const pc = stepsOf('wsl', undefined, machineOf(host, undefined))('pc');
    const fixes = pc.evidence.flatMap(({ fix }) => (fix?.kind === 'act' ? [fix.act] : []));
    expect(pc.because).toEqual({ key: 'checks.roleWaits' });
    expect(new Set(fixes)).toEqual(new Set(['restart']));
  });

  it('say so too where Windows still calls the feature off, and it was turned on from here', async () => {
    const pc = scenarioWorld('no-hyper-v');
    const before = (await pc.read()).host;
    const startedAt = '1970-01-01T00:00:00.000Z';
    const tried = [{ act: 'enable-hyper-v', time: before.readAt, startedAt }] as const;
    const read = await pc.read();
    const machine = { ...read, host: { ...read.host, tried, startedAt } };
    const step = setupOf({ purpose: 'wsl', machine, vm: undefined }).find(({ id }) => id === 'pc');
    expect(step?.because).toEqual({ key: 'checks.roleWaits' });
  });

  it('say that there is no machine, and never choose one that is gone', () => {
    expect(stepsOf('wsl', undefined, machineOf({}, []))('machine')).toMatchObject({
      state: 'blocked',
      because: { key: 'setup.machineNone' },
    });
    expect(stepsOf('wsl')('machine').state).toBe('open');
  });
});

describe('the network', () => {
  const nested = (switchId: string | null): Vm =>
    vmOf(7, { name: 'inner', adapters: (vmOf(7).adapters ?? []).map((one) => ({ ...one, switchId })) });
  const hyperV = { services: { vmms: { state: 'Running', startMode: 'Auto' } } };
  const defaultSwitch = {
    id: 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444',
    name: 'Default Switch',
    type: 'Internal',
    adapterDescription: '',
  } as const;
  const l1 = (switches: readonly (typeof defaultSwitch)[], vms: readonly Vm[] = []): Vm =>
    vmOf(1, {
      nesting: true,
      state: 'Running',
      guest: guestOf({ 'hyper-v': 'Enabled' }, { ...hyperV, switches }, vms),
    });

  it('comes after Hyper-V inside', () => {
    const vm = vmOf(1, { nesting: true, state: 'Running', guest: guestOf() });
    expect(stepsOf('hyper-v', vm)('network')).toMatchObject({
      state: 'blocked',
      because: { key: 'setup.networkAfter' },
    });
  });

  it('is there with a Default Switch, for VMs that are on a switch', () => {
    expect(stepsOf('hyper-v', l1([defaultSwitch]))('network').because).toEqual({
      key: 'setup.networkDefaultSwitch',
      params: { name: 'vm-1' },
    });
    expect(stepsOf('hyper-v', l1([defaultSwitch], [nested(defaultSwitch.id)]))('network').state).toBe('done');
  });

  it('is open for a VM inside that is on none', () =>
    expect(stepsOf('hyper-v', l1([defaultSwitch], [nested(null)]))('network')).toMatchObject({
      state: 'open',
      because: { key: 'setup.networkUnconnected', params: { count: 1 } },
      want: { network: { kind: 'default-switch', nested: [{ vm: nested(null).id }] } },
    }));
});

describe('the machines that are offered', () => {
  const names = (purpose: Purpose, vms: readonly Vm[]) =>
    candidatesOf(machineOf({}, vms), purpose).map(({ vm, fit }) => `${vm.name} ${fit}`);
  const running = vmOf(2, { name: 'running', state: 'Running', heartbeat: 'OkApplicationsHealthy' });
  const off = vmOf(3, { name: 'off' });
  const saved = vmOf(4, { name: 'saved', state: 'Saved' });
  const broken = vmOf(5, { name: 'broken', state: 'OffCritical', nesting: undefined });
  const nests = vmOf(6, { name: 'nests', nesting: true });

  it('begin with what can go right away', () =>
    expect(names('wsl', [broken, saved, running, nests, off])).toEqual([
      'off ready', 'nests on', 'running shut-down', 'saved decision', 'broken unknown',
    ])); // prettier-ignore

  it('put what is probably the wrong system behind', () => {
    const linux = vmOf(7, { name: 'linux', state: 'Running', heartbeat: 'OkApplicationsUnknown' });
    expect(names('wsl', [linux, running])).toEqual(['running shut-down', 'linux shut-down']);
    expect(names('kvm', [running, linux])).toEqual(['linux shut-down', 'running shut-down']);
  });

  it('refuse what is read to be the wrong one', () => {
    const windows = vmOf(8, { name: 'windows', state: 'Running', guest: guestOf() });
    expect(names('kvm', [windows])).toEqual(['windows no']);
  });

  it('are none on a PC that offers no nesting', () => {
    const machine: Machine = {
      ...machineOf({}, [off]),
      host: hostOf({
        processor: { ...hostOf().processor, architecture: 12 } as NonNullable<Machine['host']['processor']>,
      }),
    };
    expect(candidatesOf(machine, 'wsl').map(({ fit }) => fit)).toEqual(['no']);
  });
});

describe('whatever there is', () => {
  const states = ['Off', 'Running', 'Saved', 'Paused', 'Starting', 'OffCritical', undefined] as const;
  const anyVm = fc
    .record({
      state: fc.constantFrom(...states),
      nesting: fc.constantFrom(true, false, undefined),
      version: fc.constantFrom('5.0', '8.0', '12.0', undefined),
      startup: fc.constantFrom(GiB, 4 * GiB, undefined),
      role: fc.constantFrom('Enabled', 'EnablePending', 'Disabled', 'Absent', undefined, null),
    })
    .map(({ state, nesting, version, startup, role }) =>
      vmOf(1, {
        state,
        nesting,
        version,
        memory: { ...vmOf(1).memory, startup },
        ...(role === null
          ? {}
          : { guest: guestOf(role === undefined ? { 'hyper-v': undefined } : { 'hyper-v': role }) }),
      }),
    );

  it('each step says in one sentence why it stands as it does, and offers nothing for what is done', () =>
    fc.assert(
      fc.property(anyVm, fc.constantFrom(...purposes), (vm, purpose) => {
        for (const step of setupOf({ purpose, machine: machineOf({}, [vm]), vm })) {
          expect(t.message(step.because)).not.toBe('');
          if (step.state === 'done' || step.state === 'not-needed') expect(step.want).toBeUndefined();
          if (step.state === 'open' && !['purpose', 'machine'].includes(step.id)) expect(step.want).toBeDefined();
          if (step.id === 'nesting' && step.state === 'done') expect(vm.nesting).toBe(true);
          if (step.id === 'memory' && step.state === 'done') expect(vm.memory.startup).toBeGreaterThanOrEqual(4 * GiB);
        }
      }),
    ));
});

/** Carries out what each open step wants, in order, as somebody does who follows the setup. */
async function follow(pc: RunWorld, name: string, purpose: Purpose, account?: { userName: string; password: string }) {
  const id = pc.id(name);
  const read = async (): Promise<Machine> => {
    await pc.read();
    return pc.accounts.size > 0 ? pc.readInside() : pc.read();
  };
  const steps = async (): Promise<readonly SetupStep[]> => {
    const machine = await read();
    return setupOf({ purpose, machine, vm: machine.vms?.find((vm) => vm.id === id) });
  };
  const run = async (want: VmWant): Promise<void> => {
    const vm = await pc.vm(name);
    const full: VmWant = vm.state === 'Saved' && want.nesting ? { ...want, savedState: 'resume' } : want;
    const plan = readyOf(
      await pc.plan(name, full, ['shut-down', 'upgrade-version', 'interrupt-guest-network', 'drop-saved-state']),
    );
    expect((await pc.carryOut(plan)).outcome).toBe('done');
  };
  const done: string[] = [];
  for (const step of ['nesting', 'memory', 'inside', 'network'] as const) {
    if (step === 'inside' && rolesFor(purpose).length > 0 && account) {
      if ((await pc.vm(name)).state !== 'Running') await run({ power: 'running' });
      await pc.enter(vmIn(thisPc, id), account);
    }
    const now = (await steps()).find((one) => one.id === step);
    if (now?.state !== 'open' || !now.want) continue;
    await run(now.want);
    done.push(step);
  }
  return { done, steps: await steps() };
}

describe('following the steps in order', () => {
  const dev = { userName: 'dev', password: 'lab' };
  const cases: readonly (readonly [
    ScenarioName,
    string,
    Purpose,
    { userName: string; password: string } | undefined,
  ])[] = [
    ['server-l1', 'lab', 'hyper-v', dev],
    ['wifi-laptop', 'lab', 'hyper-v', dev],
    ['cloud-host', 'lab', 'hyper-v', dev],
    ['wifi-laptop', 'lab', 'wsl', dev],
    ['server-l1', 'lab', 'android', dev],
    ['workstation', 'win11 $(nested)', 'hyper-v', { userName: 'dev', password: 'nested' }],
    ['workstation', 'win11 $(nested)', 'wsl', { userName: 'dev', password: 'nested' }],
    ['workstation', '构建机', 'hyper-v', { userName: 'builder', password: 'build-01' }],
    ['workstation', 'dev-box', 'kvm', undefined],
    ['workstation', 'Lab DC 01', 'kvm', undefined],
    ['workstation', 'legacy-2012r2', 'kvm', undefined],
    ['workstation', 'archive-2019 "cold"', 'kvm', undefined],
    ['linux-guest', 'ubuntu-kvm', 'kvm', undefined],
    ['amd-on-windows-11', 'dev-box', 'kvm', undefined],
  ];

  it.each(cases)('%s, %s, for %s: all is done', async (scenario, name, purpose, account) => {
    const { steps } = await follow(scenarioWorld(scenario), name, purpose, account);
    const left = steps.filter(({ state }) => state !== 'done' && state !== 'not-needed');
    expect(left.map(({ id, state, because }) => `${id} ${state}: ${t.message(because)}`)).toEqual([]);
    expect(isSetUp(steps)).toBe(true);
  });
});
