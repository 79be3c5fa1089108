/** What is done inside a machine, planned, carried out and undone on simulated PCs that differ in their network. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { rolesFor } from '../../../src/core/checks/purposes.js';
import { eachRole, turnedOn } from '../../../src/core/machine/roles.js';
import { describe, expect, it } from 'vitest';
import { adviseNetwork } from '../../../src/core/network/advice.js';
import { networkWant, type NestedAdapter } from '../../../src/core/network/resolve.js';
import { choiceOf, editsOf, problemOf, wantOf as chosen, type Edits } from '../../../renderer/network/choice.js';
import type { Consent, NetworkWant, VmWant } from '../../../src/core/machine/goal.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import type { Plan } from '../../../src/core/change/step.js';
import type { RunHappening, RunRecord } from '../../../src/core/run/record.js';
import { afterTrying } from '../../../src/core/run/tried-inside.js';
import { sleep } from '../../../simulator/clock.js';
import { windowsGuest } from '../../../simulator/scenarios/guests.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import type { SimulatedMachine } from '../../../simulator/world.js';
import { planWants } from '../../../src/core/change/plan.js';
import { prerequisitesOf } from '../../../src/core/checks/ready-inside.js';
import { progressOf } from '../../../src/core/run/progress.js';
import { readinessOf } from '../../../src/core/machine/role-state.js';
import { readyOf, scenarioWorld, story, type Carried, type RunWorld } from './run-world.js';

const lab = { userName: 'dev', password: 'lab' };
const labWin = { userName: 'dev', password: 'lab-win' };
const consents: readonly Consent[] = ['shut-down', 'interrupt-guest-network'];

interface Lab {
  readonly pc: RunWorld;
  /** As it is now, looked into. */
  readonly l1: () => Promise<Vm>;
}

async function entered(name: ScenarioName): Promise<Lab> {
  const pc = scenarioWorld(name);
  const id = pc.id('lab');
  await pc.enter(vmIn(thisPc, id), lab);
  const win = vmAt(pc.reader.machine, vmIn(thisPc, id))?.guest?.vms?.find((vm) => vm.name === 'lab-win');
  if (!win) throw new Error('no lab-win');
  await pc.enter(vmIn(vmIn(thisPc, id), win.id), labWin);
  const l1 = async (): Promise<Vm> => {
    const vm = vmAt(await pc.readInside(), vmIn(thisPc, id));
    if (!vm) throw new Error('no lab');
    return vm;
  };
  return { pc, l1 };
}

const adaptersIn = (l1: Vm): readonly NestedAdapter[] =>
  (l1.guest?.vms ?? []).flatMap((vm) => (vm.adapters ?? []).slice(0, 1).map((adapter) => ({ vm, adapter })));

const rootOf = ({ pc }: Lab): Machine => {
  if (!pc.reader.machine) throw new Error('nothing was read');
  return pc.reader.machine;
};

async function wantOf(one: Lab, kind: NetworkWant['kind']): Promise<VmWant | undefined> {
  const vm = await one.l1();
  const network = networkWant(rootOf(one), vm, kind, adaptersIn(vm));
  return network && { network };
}

/** What a network can change, by name and id, without what the clock changes. */
function valuesOf(l1: Vm) {
  const { guest } = l1;
  const own = (machine: Machine | undefined) => ({
    switches: machine?.host.switches?.map(({ id, name }) => `${name ?? ''} ${id}`).toSorted(),
    nats: machine?.network?.nats,
    addresses: machine?.network?.addresses?.map(({ address, adapter }) => `${adapter} ${address}`).toSorted(),
    dns: machine?.network?.dns?.map(({ index, servers }) => `${String(index)} ${servers.join(' ')}`).toSorted(),
    dhcp: machine?.network?.adapters?.map(({ name, dhcp }) => `${name} ${String(dhcp)}`).toSorted(),
  });
  return {
    spoofing: l1.adapters?.map(({ macSpoofing }) => macSpoofing),
    inside: own(guest),
    nested: guest?.vms?.map((vm) => [vm.name, vm.adapters?.map(({ switchId }) => switchId), own(vm.guest)]),
  };
}

const cmdletsOf = (plan: Plan): readonly string[] =>
  plan.chains.flatMap(({ steps }) => steps.map(({ do: act }) => ('call' in act ? act.call.cmdlet : 'wait')));

const undoAll = async ({ pc }: Lab, run: Carried): Promise<void> => {
  const plan = await pc.undoPlan(run);
  if (plan.kind === 'already-so') return;
  expect((await pc.carryOut(readyOf(plan))).outcome).toBe('done');
};

/** Stops the run when so many steps are done. */
function after(steps: number): { signal: AbortSignal; heard: (happening: RunHappening) => void } {
  const stop = new AbortController();
  let done = 0;
  if (steps === 0) stop.abort();
  return {
    signal: stop.signal,
    heard: (happening) => {
      if (happening.kind === 'step' && happening.state === 'done' && ++done >= steps) stop.abort();
    },
  };
}

/** Each PC with each way that is open there. */
const cases: readonly (readonly [ScenarioName, NetworkWant['kind']])[] = [
  ['wifi-laptop', 'nat'],
  ['wifi-laptop', 'default-switch'],
  ['wifi-laptop', 'external'],
  ['vpn-overlap', 'nat'],
  ['docker-owns-the-nat', 'nat'],
  ['two-adapters', 'external'],
  ['server-l1', 'external'],
  ['server-l1', 'nat'],
  ['cloud-host', 'nat'],
];

describe.each(cases)('%s, %s', (name, kind) => {
  it('is made, is so afterwards, is not made twice, and is undone to what was', async () => {
    const one = await entered(name);
    const before = valuesOf(await one.l1());
    const want = await wantOf(one, kind);
    if (!want) throw new Error(`${kind} is not open on ${name}`);
    const plan = readyOf(await one.pc.plan('lab', want, consents));
    const run = await one.pc.carryOut(plan);
    expect([run.outcome, story(run)]).toEqual(['done', cmdletsOf(plan).map((cmdlet) => `done ${cmdlet}`)]);
    expect((await one.pc.plan('lab', want, consents)).kind).toBe('already-so');
    expect(new Set(Object.values(await one.pc.verdicts(run)))).toEqual(new Set(['undo']));
    await undoAll(one, run);
    expect(valuesOf(await one.l1())).toEqual(before);
    expect(new Set(Object.values(await one.pc.verdicts(run)))).toEqual(new Set(['already-so']));
  });

  it('is undone to what was after any number of its steps', async () => {
    const whole = await entered(name);
    const { length } = cmdletsOf(readyOf(await whole.pc.plan('lab', (await wantOf(whole, kind)) ?? {}, consents)));
    for (let steps = 0; steps < length; steps++) {
      const one = await entered(name);
      const before = valuesOf(await one.l1());
      const plan = readyOf(await one.pc.plan('lab', (await wantOf(one, kind)) ?? {}, consents));
      const run = await one.pc.carryOut(plan, after(steps));
      expect(run.outcome).not.toBe('done');
      await undoAll(one, run);
      expect([steps, valuesOf(await one.l1())]).toEqual([steps, before]);
    }
  });

  it('is undone to what was after an undo that ended after any number of its steps', async () => {
    for (let steps = 0, length = Infinity; steps < length; steps++) {
      const one = await entered(name);
      const before = valuesOf(await one.l1());
      const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', (await wantOf(one, kind)) ?? {}, consents)));
      const undo = readyOf(await one.pc.undoPlan(run));
      ({ length } = cmdletsOf(undo));
      await one.pc.carryOut(undo, after(steps));
      const rest = await one.pc.undoPlan(run);
      expect((await one.pc.carryOut(readyOf(rest))).outcome).toBe('done');
      expect([steps, valuesOf(await one.l1())]).toEqual([steps, before]);
    }
  });

  it('leaves what somebody else has made, also of the same name', async () => {
    const one = await entered(name);
    const plan = readyOf(await one.pc.plan('lab', (await wantOf(one, kind)) ?? {}, consents));
    const run = await one.pc.carryOut(plan);
    const theirs = await one.pc.makeSwitch('lab', 'VmNAT');
    await undoAll(one, run);
    const { guest } = await one.l1();
    expect(guest?.host.switches?.map(({ id }) => id)).toContain(theirs);
  });
});

/** Page, offer and planner are asked for the same network: what one of them takes up none of the others makes a second time. */
describe('a NAT network that a run has made by half', () => {
  const fresh: Edits = { kind: 'nat', connected: {}, addresses: {} };

  it.each<[string, number, 'kept' | 'fresh']>([
    ['the switch', 1, 'kept'],
    ['the switch', 1, 'fresh'],
    ['the switch and its address', 2, 'kept'],
    ['the switch and its address', 2, 'fresh'],
  ])('%s: the rest is offered, chosen and planned alike (%i made, %s)', async (_, made, which) => {
    const one = await entered('wifi-laptop');
    const want = (await wantOf(one, 'nat')) ?? {};
    const { network } = want;
    if (network?.kind !== 'nat') throw new Error('no NAT network is offered');
    await one.pc.carryOut(readyOf(await one.pc.plan('lab', want, consents)), after(made));
    const vm = await one.l1();
    const advice = adviseNetwork(rootOf(one), vm);
    const { switchName, natName, prefix } = network;
    expect(advice.nat).toMatchObject({ switchName, natName, prefix, existing: false });
    const choice = choiceOf(rootOf(one), vm, advice, which === 'kept' ? editsOf(network) : fresh);
    if (!choice) throw new Error('nothing can be chosen');
    expect([problemOf(choice), choice.makes]).toEqual([null, 3 - made]);
    const plan = readyOf(await one.pc.plan('lab', { network: chosen(choice) }, consents));
    expect(plan.chains.flatMap(({ steps }) => steps.flatMap(({ makes }) => makes ?? []))).toHaveLength(3 - made);
    await one.pc.carryOut(plan);
    const { guest } = await one.l1();
    const internal = guest?.host.switches?.filter(({ type, name }) => type === 'Internal' && name?.startsWith('VmNAT'));
    expect(internal?.map(({ name }) => name)).toEqual([switchName]);
  });

  it('is not finished on a switch that has been given another address: page and planner say so alike', async () => {
    const one = await entered('wifi-laptop');
    const want = (await wantOf(one, 'nat')) ?? {};
    const { network } = want;
    if (network?.kind !== 'nat') throw new Error('no NAT network is offered');
    await one.pc.carryOut(readyOf(await one.pc.plan('lab', want, consents)), after(2));
    const other: NetworkWant = { ...network, prefix: '10.77.0.0/24', nested: [] };
    const vm = await one.l1();
    const advice = adviseNetwork(rootOf(one), vm);
    const choice = choiceOf(rootOf(one), vm, advice, editsOf(other));
    expect(choice && problemOf(choice)?.key).toBe('advice.nameTaken');
    const result = await one.pc.plan('lab', { network: other }, consents);
    expect(result.kind === 'blocked' && result.by[0]?.checks[0]?.title.key).toBe('advice.nameTaken');
  });
});

describe('what stands in the way', () => {
  const blockedBy = async (one: Lab, want: VmWant): Promise<readonly string[]> => {
    const result = await one.pc.plan('lab', want, consents);
    return result.kind === 'blocked'
      ? result.by.flatMap(({ checks }) => checks.map(({ title }) => title.key))
      : [result.kind];
  };

  it('is said where nobody is signed in: nothing is planned blind', async () => {
    const pc = scenarioWorld('server-l1');
    const want: VmWant = { roles: { 'virtual-machine-platform': true } };
    await expect(pc.plan('lab', want)).rejects.toThrow('no-credentials');
    const wants = [{ vm: vmIn(thisPc, pc.id('lab')), want }];
    const result = planWants(await pc.read(), { kind: 'vms', wants, consents }, wants, { id: 'plan' });
    expect(result).toMatchObject({ kind: 'blocked', by: [{ checks: [{ title: { key: 'advice.notSignedIn' } }] }] });
  });

  it.each<[ScenarioName, string, string]>([
    ['vpn-overlap', '10.99.7.0/24', 'advice.prefixOverlaps'],
    ['vpn-overlap', '192.168.100.0/24', 'advice.prefixOverlaps'],
    ['docker-owns-the-nat', '192.168.100.0/24', 'advice.natOther'],
    ['server-l1', '8.8.8.0/24', 'advice.prefixNotPrivate'],
  ])('%s refuses %s', async (name, prefix, key) => {
    const one = await entered(name);
    const network: NetworkWant = { kind: 'nat', switchName: 'VmNAT', natName: 'LocalNAT', prefix, nested: [] };
    expect(await blockedBy(one, { network })).toEqual([key]);
  });

  it('is found just before it is made: a prefix that was taken meanwhile stops the run, and is said', async () => {
    const one = await entered('server-l1');
    const plan = readyOf(await one.pc.plan('lab', (await wantOf(one, 'nat')) ?? {}, consents));
    await one.pc.takeNat('lab', 'Theirs', '192.168.100.0/24');
    const run = await one.pc.carryOut(plan);
    expect(run.outcome).toBe('partly');
    expect(run.events.find(({ kind }) => kind === 'stopped')).toMatchObject({ why: { key: 'advice.natOther' } });
    await undoAll(one, run);
    const { guest } = await one.l1();
    expect(guest?.network?.nats).toMatchObject([{ name: 'Theirs' }]);
  });

  it('is found just before it is made on this PC too: a VPN that came up meanwhile', async () => {
    const one = await entered('server-l1');
    const plan = readyOf(await one.pc.plan('lab', (await wantOf(one, 'nat')) ?? {}, consents));
    const { network } = one.pc.simulator.world.host;
    network.routes.push({ prefix: '192.168.96.0/20', nextHop: '0.0.0.0', index: network.cards[0]?.index ?? 0 });
    const run = await one.pc.carryOut(plan);
    expect(run.events.find(({ kind }) => kind === 'stopped')).toMatchObject({ why: { key: 'advice.prefixOverlaps' } });
    await undoAll(one, run);
    expect((await one.l1()).guest?.host.switches).toEqual([]);
  });
});

describe('put back', () => {
  it('says what cannot be known when the account has gone, and undoes the rest', async () => {
    const one = await entered('server-l1');
    const run = await one.pc.carryOut(
      readyOf(await one.pc.plan('lab', (await wantOf(one, 'external')) ?? {}, consents)),
    );
    one.pc.accounts.clear();
    await one.pc.reader.forgetGuest(vmIn(thisPc, one.pc.id('lab')));
    const verdicts = await one.pc.verdicts(run);
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['undo', 'unknown']));
    await undoAll(one, run);
    expect((await one.pc.vm('lab')).adapters?.map(({ macSpoofing }) => macSpoofing)).toEqual(['Off']);
  });

  it('has nothing left to do when the machine was deleted with all that was in it', async () => {
    const one = await entered('server-l1');
    const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', (await wantOf(one, 'nat')) ?? {}, consents)));
    one.pc.accounts.clear();
    one.pc.simulator.outside.remove(one.pc.id('lab'));
    expect(new Set(Object.values(await one.pc.verdicts(run)))).toEqual(new Set(['gone']));
    expect((await one.pc.undoPlan(run)).kind).toBe('already-so');
  });
});

describe('a role', () => {
  it('is turned on with a restart, is proven, and is turned off again', async () => {
    const one = await entered('server-l1');
    const want: VmWant = { roles: { 'virtual-machine-platform': true } };
    const plan = readyOf(await one.pc.plan('lab', want, consents));
    expect(cmdletsOf(plan)).toEqual([
      'Enable-WindowsOptionalFeature/VirtualMachinePlatform',
      'Stop-VM',
      'Start-VM',
      'wait',
    ]);
    expect(plan.consents.map(({ consent }) => consent)).toEqual(['shut-down']);
    const run = await one.pc.carryOut(plan);
    expect(run.outcome).toBe('done');
    expect((await one.l1()).guest?.inside?.roles['virtual-machine-platform']).toBe('Enabled');
    expect((await one.pc.plan('lab', want, consents)).kind).toBe('already-so');
    await undoAll(one, run);
    expect((await one.l1()).guest?.inside?.roles['virtual-machine-platform']).toBe('Disabled');
  });

  it.each([
    ['containers with Hyper-V isolation', 'windows-containers'],
    ['Windows Sandbox', 'windows-sandbox'],
    ['emulators of Visual Studio', 'visual-studio'],
  ] as const)('of %s is all that it needs in one restart, with a hypervisor, and undone', async (_, purpose) => {
    const one = await entered('docker-owns-the-nat');
    const roles = rolesFor(purpose);
    const statesOf = async () => {
      const { inside, host } = (await one.l1()).guest ?? {};
      return { states: roles.map((role) => inside?.roles[role]), runs: (host?.hypervisorProcessors ?? 0) > 0 };
    };
    await one.pc.do('lab', { roles: eachRole(() => false) }, consents); // prettier-ignore
    expect((await statesOf()).runs).toBe(false);
    const plan = readyOf(await one.pc.plan('lab', { roles: turnedOn(roles) }, consents));
    expect(cmdletsOf(plan).filter((cmdlet) => cmdlet === 'Start-VM')).toHaveLength(1);
    const run = await one.pc.carryOut(plan);
    expect(run.outcome).toBe('done');
    expect(await statesOf()).toEqual({ states: roles.map(() => 'Enabled'), runs: true });
    await undoAll(one, run);
    // Hyper-V stays: the VMs in it could not start any more.
    expect((await statesOf()).states).toEqual(roles.map((role) => (role === 'hyper-v' ? 'Enabled' : 'Disabled')));
  });

  it('that this edition lacks is not planned', async () => {
    const one = await entered('server-l1');
    const result = await one.pc.plan('lab', { roles: { 'windows-sandbox': true } }, consents);
    expect(result).toMatchObject({ kind: 'blocked', by: [{ checks: [{ title: { key: 'advice.roleAbsent' } }] }] });
  });

  it('that is no Hyper-V is on once its feature is: nobody waits for a service that is disabled', async () => {
    const one = await entered('server-l1');
    const { machine } = one.pc.simulator.outside.vm('lab').guest;
    if (!machine) throw new Error('no Windows in lab');
    machine.services['vmcompute'] = { state: 'Stopped', startMode: 'Disabled' };
    const began = one.pc.seconds;
    const run = await one.pc.do('lab', { roles: { 'virtual-machine-platform': true } }, consents);
    expect(run.outcome).toBe('done');
    expect(one.pc.seconds - began).toBeLessThan(900);
  });

  it('is undone after any number of its steps, pending or not', async () => {
    const want: VmWant = { roles: { 'virtual-machine-platform': true } };
    for (let steps = 0; steps < 4; steps++) {
      const one = await entered('server-l1');
      const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', want, consents)), after(steps));
      // Off in the middle: nobody can look inside until it runs again.
      if ((await one.pc.vm('lab')).state === 'Off') {
        await one.pc.reader.forgetGuest(vmIn(thisPc, one.pc.id('lab')));
        expect(Object.values(await one.pc.verdicts(run))).toContain('unknown');
        await one.pc.do('lab', { power: 'running' });
      }
      // Until it has booted.
      await sleep(one.pc.simulator.clock, 60);
      await undoAll(one, run);
      const now = await one.l1();
      expect([steps, now.state, now.guest?.inside?.roles['virtual-machine-platform']]).toEqual([
        steps,
        'Running',
        'Disabled',
      ]);
    }
  });

  it('that waits for its restart has no VMs to ask about, and is undone', async () => {
    const pc = scenarioWorld('workstation');
    const name = 'win11 $(nested)';
    await pc.enter(vmIn(thisPc, pc.id(name)), { userName: 'dev', password: 'nested' });
    const wanted = readyOf(await pc.plan(name, { roles: { 'hyper-v': true } }, consents));
    const run = await pc.carryOut(wanted, after(1));
    const roles = async () => vmAt(await pc.readInside(), vmIn(thisPc, pc.id(name)))?.guest?.inside?.roles;
    expect(await roles()).toMatchObject({ 'hyper-v': 'EnablePending' });
    expect(await pc.verdicts(run)).toEqual({ 'roles/hyper-v': 'undo' });
    expect((await pc.carryOut(readyOf(await pc.undoPlan(run)))).record.outcome).toBe('done');
    expect(await roles()).toMatchObject({ 'hyper-v': 'Disabled' });
  });

  it('that VMs need by now is kept unless it is ticked', async () => {
    const pc = scenarioWorld('workstation');
    const name = 'win11 $(nested)';
    await pc.enter(vmIn(thisPc, pc.id(name)), { userName: 'dev', password: 'nested' });
    const run = await pc.do(name, { roles: { 'hyper-v': true } }, consents);
    expect(run.outcome).toBe('done');
    expect(vmAt(await pc.readInside(), vmIn(thisPc, pc.id(name)))?.inside).toBe('certainly');
    pc.makeVm(name, 'stranded');
    expect(await pc.verdicts(run)).toMatchObject({ 'roles/hyper-v': 'somebody-else' });
    expect((await pc.undoPlan(run)).kind).toBe('already-so');
  });
});

describe('a VM that was started again', () => {
  const startedAgain = async (heard?: (one: Lab, happening: RunHappening, stop: () => void) => void) => {
    const one = await entered('server-l1');
    const { network } = (await wantOf(one, 'nat')) ?? {};
    if (!network) throw new Error('no network');
    // Those inside are off afterwards: nobody can set their addresses.
    const nested = network.nested.map(({ vm, adapter }) => ({ vm, adapter }));
    const want: VmWant = { network: { ...network, nested }, memory: { startup: 12 * 2 ** 30 } };
    const stop = new AbortController();
    const plan = readyOf(await one.pc.plan('lab', want, consents));
    const began = one.pc.seconds;
    const run = await one.pc.carryOut(plan, {
      signal: stop.signal,
      heard: (happening) => heard?.(one, happening, () => stop.abort()),
    });
    return { run, plan, seconds: one.pc.seconds - began };
  };

  it('is looked into once it answers, though no role is waited for', async () => {
    const { run, plan } = await startedAgain();
    expect(story(run)).toEqual(cmdletsOf(plan).map((cmdlet) => `done ${cmdlet}`));
    expect(story(run)).not.toContain('done wait');
  });

  it('is waited for no longer than a person wants to', async () => {
    let done = 0;
    const { run, seconds } = await startedAgain(({ pc }, happening, stop) => {
      if (happening.kind !== 'step' || happening.state !== 'done' || ++done < 3) return;
      pc.accounts.set(vmIn(thisPc, pc.id('lab')), { ...lab, password: 'changed meanwhile' });
      pc.simulator.clock.after(20_000, stop);
    });
    expect(story(run).slice(2, 4)).toEqual(['done Start-VM', 'cancelled New-VMSwitch/Internal']);
    expect(seconds).toBeLessThan(120);
  });
});

describe('a list that could not be read', () => {
  const unread = { cmdlet: 'Get-VMSwitch', onwards: true, effect: { kind: 'error', error: 'vmms-stopped' } } as const;

  it('lets nothing be made: nobody could tell afterwards what was', async () => {
    const one = await entered('server-l1');
    const plan = readyOf(await one.pc.plan('lab', (await wantOf(one, 'nat')) ?? {}, consents));
    const heal = one.pc.simulator.fault(unread);
    const run = await one.pc.carryOut(plan);
    expect(run.events.find(({ kind }) => kind === 'stopped')).toMatchObject({ why: { key: 'advice.natUnread' } });
    heal();
    expect((await one.l1()).guest?.host.switches).toEqual([]);
  });

  it('is no proof that nothing was made: of a step that was cut short it is not known', async () => {
    const one = await entered('server-l1');
    const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', (await wantOf(one, 'nat')) ?? {}, consents)));
    const began = run.events.findIndex((event) => event.kind === 'step' && event.state === 'running');
    const events = run.events.slice(0, began + 1);
    const cut = { ...run, events, record: { ...run.record, events } };
    const heal = one.pc.simulator.fault(unread);
    expect(Object.values(await one.pc.verdicts(cut))).toEqual(['unknown']);
    heal();
    expect(Object.values(await one.pc.verdicts(cut))).toEqual(['undo']);
  });
});

describe('advice', () => {
  it.each<[ScenarioName, NetworkWant['kind'], readonly string[]]>([
    ['wifi-laptop', 'default-switch', ['advice.defaultSwitch', 'advice.nat', 'advice.wireless']],
    ['server-l1', 'external', ['advice.noDefaultSwitchServer', 'advice.nat', 'advice.wired']],
    ['cloud-host', 'nat', ['advice.noDefaultSwitchServer', 'advice.nat', 'advice.internal']],
    ['docker-owns-the-nat', 'default-switch', ['advice.defaultSwitch', 'advice.natThere', 'advice.wired']],
  ])('on %s recommends %s, and says why and why not', async (name, kind, reasons) => {
    const one = await entered(name);
    const { ways } = adviseNetwork(rootOf(one), await one.l1());
    expect(ways.filter(({ verdict }) => verdict === 'recommended').map((way) => way.kind)).toEqual([kind]);
    expect(ways.map(({ reason }) => reason.key)).toEqual(reasons);
  });
});

describe('a VM inside another that is changed', () => {
  const changing = async () => {
    const { pc, l1 } = await entered('server-l1');
    const { id, guest } = await l1();
    const win = guest?.vms?.find(({ name }) => name === 'lab-win');
    const model = win && pc.simulator.outside.vm('lab').guest.machine?.vms.get(win.id);
    if (!win || !model) throw new Error('no lab-win');
    const want: VmWant = { automaticCheckpoints: win.automaticCheckpoints !== true, stopAction: 'ShutDown' };
    const plan = readyOf(
      await pc.planGoal({ kind: 'vms', wants: [{ vm: vmIn(vmIn(thisPc, id), win.id), want }], consents }),
    );
    return { pc, plan, vm: vmIn(vmIn(thisPc, id), win.id), model, want };
  };
  const chainsOf = ({ record, events }: Carried) =>
    progressOf(record.plan, events).chains.map(({ chain, state }) => [chain.vm, state]);

  it('by somebody else first is looked up where it is, and nothing is left of its chain', async () => {
    const { pc, plan, vm, model, want } = await changing();
    Object.assign(model.settings, want);
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['replanned']);
    expect(chainsOf(done)).toEqual([[vm, 'done']]);
  });

  it('by somebody else in part is planned anew where it is', async () => {
    const { pc, plan, vm, model, want } = await changing();
    Object.assign(model.settings, { stopAction: want.stopAction });
    const done = await pc.carryOut(plan);
    expect(story(done)).toEqual(['replanned', 'done Set-VM']);
    expect([done.outcome, chainsOf(done)]).toEqual(['done', [[vm, 'done']]]);
  });

  it('gets a network whose prefix is free in the machine that it is in, whatever this PC uses: the run asks as the plan did', async () => {
    const pc = scenarioWorld('server-l1');
    const id = pc.id('lab');
    await pc.enter(vmIn(thisPc, id), lab);
    const win = vmAt(pc.reader.machine, vmIn(thisPc, id))?.guest?.vms?.find(({ name }) => name === 'lab-win');
    const model = win && pc.simulator.outside.vm('lab').guest.machine?.vms.get(win.id);
    if (!win || !model?.guest.machine) throw new Error('no lab-win');
    const { users } = model.guest.machine;
    Object.assign(model.guest.machine, windowsGuest({ name: 'LAB-WIN', users, hyperV: true }), {
      network: model.guest.machine.network,
    });
    await pc.enter(vmIn(vmIn(thisPc, id), win.id), labWin);
    const { network } = pc.simulator.world.host;
    network.routes.push({ prefix: '10.33.0.0/16', nextHop: '0.0.0.0', index: network.cards[0]?.index ?? 0 });
    await pc.reader.readNetwork();
    const want: VmWant = {
      network: { kind: 'nat', nested: [], switchName: 'VmNAT', natName: 'LocalNAT', prefix: '10.33.1.0/24' },
    };
    const plan = readyOf(
      await pc.planGoal({ kind: 'vms', wants: [{ vm: vmIn(vmIn(thisPc, id), win.id), want }], consents }),
    );
    const run = await pc.carryOut(plan);
    expect([run.outcome, story(run)]).toEqual([
      'done',
      ['done New-VMSwitch/Internal', 'done New-NetIPAddress/Alias', 'done New-NetNat'],
    ]);
  });
});

describe('services inside that were disabled', () => {
  const want: VmWant = { roles: { 'hyper-v': true } };
  const servicesOf = (vm: Vm) => vm.guest?.host.services;
  const withoutVms = (pc: RunWorld): SimulatedMachine => {
    const inner = pc.simulator.machineAt(pc.id('lab'));
    if (!inner) throw new Error('no Windows in lab');
    inner.vms.clear();
    return inner;
  };
  const enteredLab = async (services?: Readonly<Record<string, { state: string; startMode: string }>>) => {
    const pc = scenarioWorld('service-off-inside');
    const inner = withoutVms(pc);
    Object.assign(inner.services, structuredClone(services));
    await pc.enter(vmIn(thisPc, pc.id('lab')), lab);
    return { pc, inner };
  };

  it('are allowed and started without a restart, it is ready then by the one rule, and undone to what was', async () => {
    const pc = scenarioWorld('service-off-inside');
    const id = pc.id('lab');
    const ref = vmIn(thisPc, id);
    withoutVms(pc);
    await pc.enter(ref, lab);
    const l1 = async (): Promise<Vm> => {
      const vm = vmAt(await pc.readInside(), ref);
      if (!vm) throw new Error('no lab');
      return vm;
    };
    const before = await l1();
    const plan = readyOf(await pc.plan('lab', want, []));
    expect(cmdletsOf(plan)).toEqual(['Set-Service/vmms', 'Start-Service/vmms', 'Set-Service/vmcompute']);
    expect(plan.consents).toEqual([]);
    const run = await pc.carryOut(plan);
    expect([run.outcome, story(run)]).toEqual(['done', cmdletsOf(plan).map((cmdlet) => `done ${cmdlet}`)]);
    expect(readinessOf(await l1(), 'hyper-v')).toEqual({ kind: 'ready' });
    expect((await pc.plan('lab', want, [])).kind).toBe('already-so');
    const back = await pc.carryOut(readyOf(await pc.undoPlan(run)));
    expect([back.outcome, story(back)]).toEqual([
      'done',
      ['done Stop-Service/vmms', 'done Set-Service/vmms-disabled', 'done Set-Service/vmcompute-disabled'],
    ]);
    expect(servicesOf(await l1())).toEqual(servicesOf(before));
  });

  it('are left alone by an undo where somebody has changed them since', async () => {
    const pc = scenarioWorld('service-off-inside');
    const id = pc.id('lab');
    const ref = vmIn(thisPc, id);
    withoutVms(pc);
    await pc.enter(ref, lab);
    const run = await pc.carryOut(readyOf(await pc.plan('lab', want, [])));
    const machine = pc.simulator.machineAt(id);
    if (machine) machine.services['vmcompute'] = { state: 'Running', startMode: 'Auto' };
    await pc.readInside();
    const back = await pc.carryOut(readyOf(await pc.undoPlan(run)));
    expect(story(back)).toEqual(['done Stop-Service/vmms', 'done Set-Service/vmms-disabled']);
  });

  it('that cannot be started stay failed, with what Windows said, and nothing else is tried', async () => {
    const pc = scenarioWorld('service-off-inside');
    await pc.enter(vmIn(thisPc, pc.id('lab')), lab);
    pc.simulator.fault({ cmdlet: 'Start-Service', effect: { kind: 'error', error: 'service-not-started' } });
    const run = await pc.carryOut(readyOf(await pc.plan('lab', want, [])));
    expect(run.outcome).not.toBe('done');
    expect(story(run).slice(0, 2)).toEqual(['done Set-Service/vmms', 'failed Start-Service/vmms']);
  });

  it('that stop again after a run has started them are remembered from its record, with what comes next', async () => {
    const pc = scenarioWorld('service-off-inside');
    const id = pc.id('lab');
    const ref = vmIn(thisPc, id);
    withoutVms(pc);
    await pc.enter(ref, lab);
    const run = await pc.carryOut(readyOf(await pc.plan('lab', want, [])));
    const machine = pc.simulator.machineAt(id);
    const vmms = machine?.services['vmms'];
    if (!machine || !vmms) throw new Error('no vmms');
    const found = async (records: readonly RunRecord[]) => {
      const vm = vmAt(await pc.readInside(), ref);
      if (!vm) throw new Error('no lab');
      return afterTrying(prerequisitesOf('hyper-v', vm), records, thisPc, vm).find(
        ({ id: check }) => check === 'guest-service',
      );
    };
    expect(await found([run.record])).toBeUndefined();
    machine.services['vmms'] = { ...vmms, state: 'Stopped' };
    expect(await found([])).toMatchObject({ why: { key: 'inside.serviceIdleWhy' } });
    const tried = await found([run.record]);
    expect(tried).toMatchObject({ why: { key: 'inside.serviceTriedWhy' }, fix: { want } });
    expect(tried?.commands).toHaveLength(1);
    // Taken back by its user: nothing was tried in vain.
    machine.services['vmms'] = { ...vmms, state: 'Running' };
    await pc.readInside();
    const back = await pc.carryOut(readyOf(await pc.undoPlan(run)));
    expect(await found([run.record, back.record])).toMatchObject({ why: { key: 'inside.serviceDisabledWhy' } });
  });

  const byHand = {
    vmms: { state: 'Stopped', startMode: 'Manual' },
    vmcompute: { state: 'Running', startMode: 'Manual' },
  };
  const withRoles: VmWant = { roles: { 'hyper-v': true, 'virtual-machine-platform': true, containers: true } };

  it('or were to be started by hand run over a restart of the same run, and are undone to what was', async () => {
    const { pc, inner } = await enteredLab(byHand);
    const before = structuredClone(inner.services);
    const plan = readyOf(await pc.plan('lab', withRoles, consents));
    const run = await pc.carryOut(plan);
    expect([run.outcome, story(run)]).toEqual(['done', cmdletsOf(plan).map((cmdlet) => `done ${cmdlet}`)]);
    expect(cmdletsOf(plan).slice(0, 2)).toEqual(['Set-Service/vmms', 'Start-Service/vmms']);
    expect(inner.services['vmms']).toEqual({ state: 'Running', startMode: 'Auto' });
    const back = await pc.carryOut(readyOf(await pc.undoPlan(run)));
    expect(story(back).slice(-2)).toEqual(['done Stop-Service/vmms', 'done Set-Service/vmms-manual']);
    expect([back.outcome, inner.services]).toEqual(['done', before]);
  });

  it.each(['Manual', 'Disabled'])(
    'run over a restart of the same run where they ran before, set to %s',
    async (startMode) => {
      const { pc, inner } = await enteredLab({ ...byHand, vmms: { state: 'Running', startMode } });
      const before = structuredClone(inner.services);
      expect((await pc.plan('lab', want, consents)).kind).toBe('already-so');
      const run = await pc.do('lab', withRoles, consents);
      expect([run.outcome, inner.services['vmms']]).toEqual(['done', { state: 'Running', startMode: 'Auto' }]);
      const back = await pc.carryOut(readyOf(await pc.undoPlan(run)));
      expect([back.outcome, inner.services]).toEqual(['done', before]);
    },
  );

  it('need not run yet when the guest has restarted: the run goes on', async () => {
    const { pc, inner } = await enteredLab(byHand);
    const plan = readyOf(await pc.plan('lab', withRoles, consents));
    const start = plan.chains.flatMap(({ steps }) => steps).find(({ title }) => title.key === 'plan.start');
    const run = await pc.carryOut(plan, {
      heard: (happening) => {
        if (happening.kind !== 'step' || happening.step !== start?.id || happening.state !== 'done') return;
        inner.services['vmms'] = { state: 'Stopped', startMode: 'Auto' };
      },
    });
    expect(inner.services['vmms']?.state).toBe('Stopped');
    expect([run.outcome, story(run)]).toEqual(['done', cmdletsOf(plan).map((cmdlet) => `done ${cmdlet}`)]);
  });

  it('stay by an undo where VMs inside need them by now, unless that is ticked', async () => {
    const { pc, inner } = await enteredLab();
    const run = await pc.carryOut(readyOf(await pc.plan('lab', want, [])));
    const of = (verdict: string, state = verdict) => ({
      'services/vmms/startMode': verdict,
      'services/vmms/state': state,
      'services/vmcompute/startMode': verdict,
    });
    expect(await pc.verdicts(run)).toEqual(of('undo'));
    pc.makeVm('lab', 'stranded');
    expect(await pc.verdicts(run)).toEqual(of('somebody-else'));
    expect((await pc.undoPlan(run)).kind).toBe('already-so');
    const also = run.record.plan.chains.flatMap(({ steps }) =>
      steps.flatMap(({ changes }) => changes.map(({ path }) => path)),
    );
    expect(cmdletsOf(readyOf(await pc.undoPlan(run, also)))).toHaveLength(3);
    // Just after boot nobody can say; stopped, setting it back stops nothing.
    inner.services['vmms'] = { state: 'Start Pending', startMode: 'Auto' };
    expect(await pc.verdicts(run)).toEqual(of('unknown'));
    inner.services['vmms'] = { state: 'Running', startMode: 'Auto' };
    inner.modules['Hyper-V'] = 'blocked';
    expect(await pc.verdicts(run)).toEqual(of('unknown'));
    inner.modules['Hyper-V'] = 'loaded';
    inner.services['vmms'] = { state: 'Stopped', startMode: 'Auto' };
    expect(await pc.verdicts(run)).toEqual(of('undo', 'already-so'));
  });

  it('are undone after any number of steps of the run, and of its undo', async () => {
    for (let steps = 0; steps < 3; steps++) {
      const { pc, inner } = await enteredLab();
      const before = structuredClone(inner.services);
      const run = await pc.carryOut(readyOf(await pc.plan('lab', want, [])), after(steps));
      await undoAll({ pc, l1: () => pc.vm('lab') }, run);
      expect([steps, inner.services]).toEqual([steps, { ...before, vmcompute: inner.services['vmcompute'] }]);
      const whole = await pc.carryOut(readyOf(await pc.plan('lab', want, [])));
      await pc.carryOut(readyOf(await pc.undoPlan(whole)), after(steps));
      await undoAll({ pc, l1: () => pc.vm('lab') }, whole);
      expect([steps, inner.services['vmms']]).toEqual([steps, before['vmms']]);
    }
  });

  it('are stopped when all else is undone: removing a switch needs them', async () => {
    const { pc } = await enteredLab({ vmms: { state: 'Running', startMode: 'Auto' } });
    const id = await pc.makeSwitch('lab', 'VmNAT');
    const remove = [{ what: 'switch', at: vmIn(thisPc, pc.id('lab')), id, name: 'VmNAT' }] as const;
    const services = { vmms: { state: 'Stopped', startMode: 'Disabled' } } as const;
    const plan = readyOf(await pc.plan('lab', { services, remove }, consents));
    expect(cmdletsOf(plan)).toEqual(['Remove-VMSwitch', 'Stop-Service/vmms', 'Set-Service/vmms-disabled']);
  });
});
