/** An address that stays, of a VM of this PC: planned, carried out and undone on simulated PCs that differ in their network. */
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { elevationBlockers } from '../../../src/core/change/elevation.js';
import type { Plan } from '../../../src/core/change/step.js';
import type { AddressWant } from '../../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import { addressAt } from '../../../src/core/network/addresses.js';
import { addressWant, resolveAddress } from '../../../src/core/network/own-address.js';
import type { RunHappening } from '../../../src/core/run/record.js';
import { threeWay } from '../../../src/core/run/undo.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { otherPc } from './other-pc.js';
import { readyOf, RunWorld, scenarioWorld, story, type Carried } from './run-world.js';

const account = { userName: 'dev', password: 'lab' };

interface Lab {
  readonly pc: RunWorld;
  readonly now: () => Promise<{ readonly machine: Machine; readonly vm: Vm }>;
}

async function lab(name: ScenarioName, { isEntered = true, elevated = true } = {}): Promise<Lab> {
  const pc = scenarioWorld(name, { elevated });
  await pc.read();
  const ref = vmIn(thisPc, pc.id('lab'));
  if (isEntered) await pc.enter(ref, account);
  const now = async () => {
    await pc.reader.readNetwork();
    const machine = await pc.readInside();
    const vm = vmAt(machine, ref);
    if (!vm) throw new Error('no lab');
    return { machine, vm };
  };
  return { pc, now };
}

async function wantOf({ now }: Lab): Promise<AddressWant> {
  const { machine, vm } = await now();
  const want = addressWant(machine, vm);
  if (!want) throw new Error(JSON.stringify(resolveAddress(machine, vm).problem));
  return want;
}

const cmdletsOf = ({ chains }: Plan): readonly string[] =>
  chains.flatMap(({ steps }) => steps.map(({ do: act }) => ('call' in act ? act.call.cmdlet : 'wait')));

/** What it can change, by name and id, on this PC and inside. */
async function valuesOf({ now }: Lab) {
  const { machine, vm } = await now();
  const own = ({ host, network }: Machine) => ({
    switches: host.switches?.map(({ id, name }) => `${name ?? ''} ${id}`).toSorted(),
    nats: network?.nats,
    addresses: network?.addresses?.map(({ address, adapter }) => `${adapter} ${address}`).toSorted(),
    dns: network?.dns?.map(({ index, servers }) => `${String(index)} ${servers.join(' ')}`).toSorted(),
    dhcp: network?.adapters?.map(({ name, dhcp }) => `${name} ${String(dhcp)}`).toSorted(),
  });
  return { pc: own(machine), guest: vm.guest && own(vm.guest), on: vm.adapters?.map(({ switchName }) => switchName) };
}

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

async function undoAll({ pc }: Lab, run: Carried): Promise<void> {
  const plan = await pc.undoPlan(run);
  if (plan.kind !== 'already-so') expect((await pc.carryOut(readyOf(plan))).outcome).toBe('done');
}

const whole = [
  'New-VMSwitch/Internal',
  'New-NetIPAddress/Alias',
  'New-NetNat',
  'Connect-VMNetworkAdapter',
  'New-NetIPAddress/Index',
  'Set-DnsClientServerAddress',
];

describe.each<ScenarioName>(['wifi-laptop', 'vpn-overlap', 'server-l1', 'two-adapters'])('%s', (name) => {
  it('is made, is so afterwards, is not made twice, and is undone to what was', async () => {
    const one = await lab(name);
    const before = await valuesOf(one);
    const address = await wantOf(one);
    const plan = readyOf(await one.pc.plan('lab', { address }));
    expect(cmdletsOf(plan)).toEqual(whole);
    const run = await one.pc.carryOut(plan);
    expect([run.outcome, story(run)]).toEqual(['done', whole.map((cmdlet) => `done ${cmdlet}`)]);
    const { vm } = await one.now();
    expect(addressAt(vm, address.adapter)).toBe(
      `${address.address?.address ?? ''}/24 via ${address.address?.gateway ?? ''}`,
    );
    expect((await one.pc.plan('lab', { address })).kind).toBe('already-so');
    expect(await wantOf(one)).toEqual(address);
    expect(new Set(Object.values(await one.pc.verdicts(run)))).toEqual(new Set(['undo']));
    await undoAll(one, run);
    expect(await valuesOf(one)).toEqual(before);
    expect(new Set(Object.values(await one.pc.verdicts(run)))).toEqual(new Set(['already-so']));
  });

  it('is undone to what was after any number of its steps', async () => {
    for (let steps = 0; steps < whole.length; steps++) {
      const one = await lab(name);
      const before = await valuesOf(one);
      const plan = readyOf(await one.pc.plan('lab', { address: await wantOf(one) }));
      const run = await one.pc.carryOut(plan, after(steps));
      expect(run.outcome).not.toBe('done');
      await undoAll(one, run);
      expect([steps, await valuesOf(one)]).toEqual([steps, before]);
    }
  });

  it('is undone to what was after an undo that ended after any number of its steps', async () => {
    for (let steps = 0, length = Infinity; steps < length; steps++) {
      const one = await lab(name);
      const before = await valuesOf(one);
      const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address: await wantOf(one) })));
      const undo = readyOf(await one.pc.undoPlan(run));
      ({ length } = cmdletsOf(undo));
      await one.pc.carryOut(undo, after(steps));
      expect((await one.pc.carryOut(readyOf(await one.pc.undoPlan(run)))).outcome).toBe('done');
      expect([steps, await valuesOf(one)]).toEqual([steps, before]);
    }
  });
});

it('needs an elevated session: nothing is planned without it, and the undo neither', async () => {
  const one = await lab('wifi-laptop', { elevated: false });
  const result = await one.pc.plan('lab', { address: await wantOf(one) });
  expect(result).toMatchObject({
    kind: 'blocked',
    by: [{ checks: [{ id: 'elevated', fix: { act: 'allow-session' } }] }],
  });
});

it('on another PC, an account that is no administrator there is told so, and no session of this PC helps', async () => {
  const one = await lab('wifi-laptop', { elevated: false });
  const [chain] = readyOf(await (await lab('wifi-laptop')).pc.plan('lab', { address: await wantOf(one) })).chains;
  if (!chain) throw new Error('no chain');
  const [check] = elevationBlockers({ ...(await one.now()).machine, at: otherPc }, chain);
  expect(check).toMatchObject({ id: 'elevated', verdict: 'blocker', title: { key: 'checks.elevatedThere' } });
  expect(check).not.toHaveProperty('fix');
});

it('without an account inside, the switch is connected, and the address is left to a person', async () => {
  const one = await lab('wifi-laptop', { isEntered: false });
  const address = await wantOf(one);
  expect(address.address).toBeUndefined();
  const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address })));
  expect(story(run)).toEqual(whole.slice(0, 4).map((cmdlet) => `done ${cmdlet}`));
  await undoAll(one, run);
  expect((await one.now()).machine.network?.nats).toEqual([]);
});

it('a second VM goes behind the same NAT network, and undoing the first one leaves what the second needs', async () => {
  const one = await lab('wifi-laptop');
  const first = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address: await wantOf(one) })));
  const { machine } = await one.now();
  const other = machine.vms?.find(({ name, adapters }) => name !== 'lab' && (adapters?.length ?? 0) > 0);
  const address = other && addressWant(machine, other);
  if (!address) throw new Error('no other VM');
  const plan = readyOf(await one.pc.plan(other.name, { address }));
  expect(cmdletsOf(plan)).toEqual(['Connect-VMNetworkAdapter']);
  const second = await one.pc.carryOut(plan);
  // Ticked it goes all the same.
  expect(
    new Set(
      Object.entries(await one.pc.verdicts(first))
        .filter(([path]) => path.startsWith('around/'))
        .map(([, verdict]) => verdict),
    ),
  ).toEqual(new Set(['somebody-else']));
  const undone = await one.pc.carryOut(readyOf(await one.pc.undoPlan(first)));
  expect(undone.outcome).toBe('done');
  expect((await one.now()).machine.network?.nats).toHaveLength(1);
  await undoAll(one, second);
  await undoAll(one, first);
  expect((await one.now()).machine.network?.nats).toEqual([]);
});

it('a NAT network of another program is in the way: Windows supports one, and it is never removed', async () => {
  const one = await lab('wifi-laptop');
  const address = await wantOf(one);
  const { invoke } = one.pc.simulator;
  await invoke.call(one.pc.simulator, {
    machine: '',
    elevated: true,
    cmdlet: 'New-NetNat',
    parameters: { Name: 'Theirs', InternalIPInterfaceAddressPrefix: '10.77.0.0/24' },
  });
  const result = await one.pc.plan('lab', { address });
  expect(result).toMatchObject({ kind: 'blocked', by: [{ checks: [{ title: { key: 'advice.natOther' } }] }] });
});

const around = async ({ pc }: Lab, run: Carried): Promise<readonly string[]> =>
  Object.entries(await pc.verdicts(run)).flatMap(([path, verdict]) => (path.startsWith('around/') ? [verdict] : []));

/** What this PC has for it; of the VM nothing is left. */
async function networkOf({ pc }: Lab) {
  await pc.reader.readNetwork();
  const { host, network } = await pc.read();
  const addresses = network?.addresses?.map(({ address, adapter }) => `${adapter} ${address}`).toSorted();
  return { switches: host.switches?.map(({ id }) => id).toSorted(), nats: network?.nats, addresses };
}

/** Made, and then somebody deletes its VM. */
async function orphaned(name: ScenarioName) {
  const one = await lab(name, { isEntered: false });
  const before = await networkOf(one);
  const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address: await wantOf(one) })));
  one.pc.simulator.outside.remove(one.pc.id('lab'));
  return { one, before, run };
}

const removal = ['Remove-NetNat', 'Remove-NetIPAddress', 'Remove-VMSwitch'];

describe('of a VM that somebody has deleted', () => {
  it.each<ScenarioName>(['wifi-laptop', 'vpn-overlap', 'server-l1', 'two-adapters'])(
    'what was made on %s is removed by its id, after any number of steps of an undo that ended',
    async (name) => {
      for (let steps = 0; steps < removal.length; steps++) {
        const { one, before, run } = await orphaned(name);
        expect(await around(one, run)).toEqual(['undo', 'undo', 'undo']);
        const undo = readyOf(await one.pc.undoPlan(run));
        expect([cmdletsOf(undo), undo.consents, undo.chains[0]?.name]).toEqual([removal, [], 'lab']);
        await one.pc.carryOut(undo, after(steps));
        const rest = readyOf(await one.pc.undoPlan(run));
        expect(cmdletsOf(rest)).toEqual(removal.slice(steps));
        const undone = await one.pc.carryOut(rest);
        expect([undone.outcome, story(undone)]).toEqual([
          'done',
          removal.slice(steps).map((cmdlet) => `done ${cmdlet}`),
        ]);
        expect([steps, await networkOf(one)]).toEqual([steps, before]);
        expect(await around(one, run)).toEqual(['already-so', 'already-so', 'already-so']);
        expect((await one.pc.undoPlan(run)).kind).toBe('already-so');
      }
    },
  );

  it('what another VM uses stays, unless it is ticked', async () => {
    const { one, before, run } = await orphaned('wifi-laptop');
    await one.pc.reader.readNetwork();
    const machine = await one.pc.read();
    const second = machine.vms?.find(({ adapters }) => (adapters?.length ?? 0) > 0);
    const address = second && addressWant(machine, second);
    if (!address) throw new Error('no other VM');
    await one.pc.carryOut(readyOf(await one.pc.plan(second.name, { address })));
    expect(await around(one, run)).toEqual(['somebody-else', 'somebody-else', 'somebody-else']);
    expect((await one.pc.undoPlan(run)).kind).toBe('already-so');
    expect((await networkOf(one)).nats).toHaveLength(1);
    one.pc.simulator.outside.remove(one.pc.id(second.name));
    await undoAll(one, run);
    expect(await networkOf(one)).toEqual(before);
  });

  it('what has another id by now, or another name, is not removed', async () => {
    const { one, run } = await orphaned('wifi-laptop');
    const { host } = one.pc.simulator.world;
    host.switches = host.switches.map((each) => (each.type === 'Internal' ? { ...each, name: 'Mine' } : each));
    const undo = readyOf(await one.pc.undoPlan(run));
    expect(cmdletsOf(undo)).not.toContain('Remove-VMSwitch');
  });

  it('is not taken for gone while the list of VMs, or of switches, cannot be read', async () => {
    const { one, run } = await orphaned('wifi-laptop');
    await one.pc.reader.readNetwork();
    const machine = await one.pc.read();
    const verdictsIn = (seen: Machine): readonly string[] =>
      threeWay(run.record, seen).flatMap(({ path, verdict }) => (path.includes('/around/') ? [verdict] : []));
    expect(verdictsIn(machine)).toEqual(['undo', 'undo', 'undo']);
    expect(verdictsIn({ ...machine, vms: undefined })).toEqual(['unknown', 'unknown', 'unknown']);
    const host = { ...machine.host, switches: undefined };
    expect(verdictsIn({ ...machine, host })).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('it needs an elevated session', async () => {
    const { one, run } = await orphaned('wifi-laptop');
    const plain = new RunWorld(one.pc.simulator);
    await plain.read();
    const result = await plain.undoPlan(run);
    expect(result).toMatchObject({ kind: 'blocked', by: [{ name: 'lab', checks: [{ id: 'elevated' }] }] });
  });

  it('or deletes in the middle of the undo: the rest is offered again', async () => {
    const one = await lab('wifi-laptop', { isEntered: false });
    const before = await networkOf(one);
    const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address: await wantOf(one) })));
    const undo = readyOf(await one.pc.undoPlan(run));
    const id = one.pc.id('lab');
    const { outside, world } = one.pc.simulator;
    const heard = (happening: RunHappening): void => {
      if (happening.kind === 'step' && happening.state === 'done' && world.host.vms.has(id)) outside.remove(id);
    };
    expect((await one.pc.carryOut(undo, { heard })).outcome).toBe('partly');
    await undoAll(one, run);
    expect(await networkOf(one)).toEqual(before);
  });
});
