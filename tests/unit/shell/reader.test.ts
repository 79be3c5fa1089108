import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, test } from 'vitest';
import { accessOf } from '../../../src/core/machine/access.js';
import { checksOfHost, checksOfVm } from '../../../src/core/checks/all.js';
import { applyPatch, isEmpty } from '../../../src/core/machine/patch.js';
import type { Host } from '../../../src/core/cmdlets/call.js';
import { MachineReader } from '../../../src/shell/reader.js';
import { manualClock } from '../../../simulator/clock.js';
import { simulatedHost } from '../../../simulator/host.js';
import { createScenario } from '../../../simulator/scenarios/scenarios.js';
import { readWorld, worldOf, type ReadWorld } from './a-machine.js';

const nothing = { all: false, vms: [] } as const;

/** The cmdlets that Windows is asked to run from now on. */
function asked({ simulator }: ReadWorld): string[] {
  const names: string[] = [];
  simulator.on((event) => {
    if (event.kind === 'call') names.push(event.request.cmdlet);
  });
  return names;
}

/** Moves the simulated time until it is done. */
async function passing<T>(world: ReadWorld, work: Promise<T>): Promise<T> {
  await world.clock.advance(1);
  return await work;
}

test('the first reading knows every VM, without a call for each', async () => {
  const world = worldOf('lab-of-500');
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(world.machine().vms).toHaveLength(500);
  expect(names.length).toBeLessThan(30);
});

test('where nothing has changed a tick is one query, and the window is told no more than the time', async () => {
  const world = await readWorld('empty');
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(names).toEqual(['Get-CimInstance']);
  const last = world.readings.at(-1);
  expect(last && isEmpty(last.patch)).toBe(true);
});

test('what somebody else has changed is read in full, and nothing else is', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  await passing(world, world.reader.read(nothing)); // the second sample, which tells what runs inside
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(true);
  expect(world.readings.at(-1)?.patch.changed?.map((vm) => vm.id)).toEqual([id]);
});

test('a VM that came, went or was renamed is noticed', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  world.simulator.outside.remove(world.vm('k8s-node-2').id);
  world.simulator.outside.rename(world.vm('dev-box').id, 'renamed');
  await passing(world, world.reader.read(nothing));
  const names = world.machine().vms?.map(({ name }) => name);
  expect(names).toContain('renamed');
  expect(names).not.toContain('k8s-node-2');
});

test('a hypervisor inside is known soon after the start, not only after ten minutes', async () => {
  const world = await readWorld();
  expect(world.vm('构建机').inside).toBe('unknown');
  await world.clock.advance(2);
  await passing(world, world.reader.read(nothing));
  expect(world.vm('构建机').inside).toBe('probably');
});

test('a reading that one session began and another, without rights, has ended takes no VM away', async () => {
  const clock = manualClock({ auto: true });
  const simulator = createScenario('not-admin', { clock });
  const [allowed, blind] = [simulatedHost(simulator, { elevated: true }), simulatedHost(simulator)];
  let now: Host = allowed;
  const host: Host = {
    get handshake() {
      return now.handshake;
    },
    async call(calls, signal) {
      const results = await now.call(calls, signal);
      if (isSwitched && calls[0]?.cmdlet === 'Get-CimInstance/Msvm_ComputerSystem') now = blind;
      return results;
    },
    close: () => Promise.resolve(),
  };
  let isSwitched = false;
  const reader = new MachineReader(
    host,
    thisPc,
    { now: () => clock.now(), date: () => new Date(clock.now()) },
    () => undefined,
  );
  await reader.read(nothing);
  const before = reader.machine?.vms;
  isSwitched = true;
  const dev = before?.find(({ name }) => name === 'dev-box')?.id ?? '';
  simulator.outside.set(dev, { nesting: true });
  await reader.read(nothing);
  expect(now).toBe(blind);
  expect(reader.machine?.vms).toBe(before);
});

describe('whether a hypervisor runs inside', () => {
  /** What a tick knows of it, so many seconds after the one before. */
  async function ticks(world: ReadWorld, name: string, seconds: number, count: number): Promise<string[]> {
    const seen: string[] = [];
    for (let n = 0; n < count; n++) {
      await world.clock.advance(seconds - 1);
      await passing(world, world.reader.read(nothing));
      seen.push(world.vm(name).inside);
    }
    return seen;
  }

  // A watcher's pace while somebody looks, hidden, and with nobody at the PC.
  test.each([2, 15, 60])(
    'is known within two ticks of %d seconds, when it begins and when it ends',
    async (seconds) => {
      const world = await readWorld('linux-guest');
      const { id } = world.vm('ubuntu-kvm');
      world.simulator.outside.hypervisor(id, false);
      expect((await ticks(world, 'ubuntu-kvm', seconds, 2)).at(-1)).toBe('no');
      world.simulator.outside.hypervisor(id, true);
      expect((await ticks(world, 'ubuntu-kvm', seconds, 2)).at(-1)).toBe('probably');
      world.simulator.outside.hypervisor(id, false);
      expect((await ticks(world, 'ubuntu-kvm', seconds, 2)).at(-1)).toBe('no');
    },
  );

  test('is asked for all VMs in one query, and not at all where none with nesting on runs', async () => {
    const world = await readWorld('workstation');
    await ticks(world, '构建机', 2, 1);
    const names = asked(world);
    await ticks(world, '构建机', 2, 1);
    expect(names).toEqual(['Get-CimInstance', 'Get-CimInstance']);
    for (const vm of world.machine().vms ?? []) if (vm.nesting) world.simulator.outside.put(vm.id, 'Off');
    await ticks(world, '构建机', 2, 1);
    names.length = 0;
    await ticks(world, '构建机', 2, 1);
    expect(names).toEqual(['Get-CimInstance']);
  });

  test('stays as it is without a word to the window, however the counters grow', async () => {
    const world = await readWorld('linux-guest');
    await ticks(world, 'ubuntu-kvm', 2, 2);
    const before = world.vm('ubuntu-kvm');
    await ticks(world, 'ubuntu-kvm', 2, 5);
    expect(world.vm('ubuntu-kvm')).toBe(before);
  });

  test('of a VM that was saved or paused, or whose name another has too, is not known', async () => {
    const world = await readWorld('linux-guest');
    const { id } = world.vm('ubuntu-kvm');
    expect(await ticks(world, 'ubuntu-kvm', 2, 1)).toEqual(['probably']);
    for (const state of ['Paused', 'Saved'] as const) {
      world.simulator.outside.put(id, state);
      expect(await ticks(world, 'ubuntu-kvm', 2, 1), state).toEqual(['unknown']);
      expect(world.vm('ubuntu-kvm').insideEvidence.kind).toBe('no-counters');
    }
    world.simulator.outside.put(id, 'Running');
    expect((await ticks(world, 'ubuntu-kvm', 2, 3)).at(-1)).toBe('probably');
    world.simulator.outside.rename(world.vm('dev-box').id, 'ubuntu-kvm');
    await ticks(world, 'ubuntu-kvm', 2, 1);
    const shared = world.machine().vms?.find((vm) => vm.id === id);
    expect(shared).toMatchObject({ inside: 'unknown', insideEvidence: { kind: 'shared-name' } });
  });
});

describe('what keeps the VMs away later on is noticed with the next tick, and so is its end', () => {
  const tick = (world: ReadWorld) => passing(world, world.reader.read(nothing));
  const accessNow = (world: ReadWorld) => accessOf(world.connection, world.machine()).kind;

  test('the management service is stopped, and runs again', async () => {
    const world = await readWorld();
    world.simulator.outside.service('vmms', 'Stopped');
    await tick(world);
    expect(accessNow(world)).toBe('service-stopped');
    const check = checksOfHost(world.machine()).find(({ id }) => id === 'management-service');
    expect(check).toMatchObject({ verdict: 'blocker', fix: { act: 'start-service' } });
    world.simulator.outside.service('vmms', 'Running');
    await tick(world);
    expect(accessNow(world)).toBe('ok');
    expect(world.vm('dev-box').state).toBe('Off');
  });

  test('a right is taken away: the list is not empty, it is refused', async () => {
    const world = await readWorld();
    world.simulator.outside.loseGroup();
    await tick(world);
    expect(world.machine().vms).toBeUndefined();
    expect(accessNow(world)).toBe('no-access');
    const check = checksOfHost(world.machine()).find(({ id }) => id === 'rights');
    expect(check).toMatchObject({ verdict: 'blocker', title: { key: 'checks.rightsRefused' } });
  });

  test('while they are away a tick asks for little', async () => {
    const world = await readWorld('service-stopped');
    const names = asked(world);
    await tick(world);
    await tick(world);
    expect(names).toHaveLength(4);
  });

  test('the last VM that goes is gone, not refused', async () => {
    const world = await readWorld();
    for (const { id } of world.machine().vms ?? []) world.simulator.outside.remove(id);
    await tick(world);
    expect(world.machine().vms).toEqual([]);
    expect(accessNow(world)).toBe('ok');
  });
});

test('where Windows does not answer in time, what was known stays and the reading counts as failed', async () => {
  const world = await readWorld();
  const before = world.machine();
  const mend = world.simulator.fault({ cmdlet: 'Get-CimInstance', onwards: true, effect: { kind: 'hang' } });
  const read = expect(world.reader.read(nothing)).rejects.toThrow();
  await world.clock.advance(60);
  await read;
  expect(world.machine()).toBe(before);
  const heard = world.readings.length;
  mend();
  await passing(world, world.reader.read(nothing));
  expect(world.readings).toHaveLength(heard + 1);
});

test('what was read inside is forgotten with the run of the VM that it was read in', async () => {
  const world = worldOf('server-l1', { credentials: () => [{ userName: 'dev', password: 'lab' }] });
  await passing(world, world.reader.read(nothing));
  const { id } = world.vm('lab');
  const look = world.reader.readGuest(vmIn(thisPc, id), { roles: false });
  await world.clock.advance(10);
  await look;
  expect(world.vm('lab')).toMatchObject({ inside: 'certainly', insideEvidence: { kind: 'inside', processors: 6 } });
  // Counters of later ticks do not make it less sure, and a look that finds the same is no news.
  for (let n = 0; n < 3; n++) await passing(world, world.reader.read(nothing));
  expect(world.vm('lab').inside).toBe('certainly');
  world.simulator.outside.put(id, 'Off');
  world.simulator.outside.put(id, 'Running');
  await passing(world, world.reader.read(nothing));
  expect(world.vm('lab').guest).toBeUndefined();
  expect(world.vm('lab').inside).toBe('unknown');
});

test('after ten minutes everything is read again', async () => {
  const world = await readWorld();
  await world.clock.advance(600);
  const names = asked(world);
  await passing(world, world.reader.read(nothing));
  expect(names).toContain('Get-VMHost');
});

test('a VM that could not be read is tried again with the next tick', async () => {
  const world = await readWorld();
  await world.clock.advance(5);
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  const mend = world.simulator.fault({
    cmdlet: 'Get-VM',
    effect: { kind: 'error', error: 'access-denied' },
    onwards: true,
  });
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(false);
  mend();
  await passing(world, world.reader.read(nothing));
  expect(world.vm('dev-box').nesting).toBe(true);
});

describe('a session that is gone', () => {
  test('leaves what was known as it was, and is heard as no news', async () => {
    const world = await readWorld();
    const before = world.machine();
    const heard = world.readings.length;
    await world.host.close();
    await passing(world, world.reader.read({ all: true, vms: [] }));
    expect(world.machine()).toBe(before);
    expect(world.readings).toHaveLength(heard);
  });

  test('is answered as a failure to who wants a VM now', async () => {
    const world = await readWorld();
    await world.host.close();
    expect(await passing(world, world.reader.readVms([world.vm('dev-box').id], { at: thisPc }))).toHaveProperty('kind');
  });
});

test('a VM read before a change goes into what all others see', async () => {
  const world = await readWorld();
  const { id } = world.vm('dev-box');
  world.simulator.outside.set(id, { nesting: true });
  const read = await passing(world, world.reader.readVms([id], { at: thisPc }));
  expect(read).toEqual([expect.objectContaining({ id, nesting: true })]);
  expect(world.vm('dev-box').nesting).toBe(true);
});

describe('a NAT network that meets another network later on', () => {
  const nat = { id: 'lab;0', name: 'LabNAT', prefix: '192.168.100.0/24' };
  /** The PC with a VM in which a run has made a NAT network; nobody is signed in there. */
  async function withNat() {
    const world = worldOf('server-l1', { made: (id) => ({ nats: new Map([[vmIn(thisPc, id('lab')), [nat]]]) }) });
    await passing(world, world.reader.read(nothing));
    return world;
  }
  const found = (world: ReadWorld) => ({
    vm: checksOfVm(world.machine(), world.vm('lab')).find(({ id }) => id === 'nat-overlap'),
    host: checksOfHost(world.machine()).find(({ id }) => id === 'nested-nat-overlap'),
  });
  const minute = async (world: ReadWorld) => {
    await world.clock.advance(60);
    await passing(world, world.reader.read(nothing));
  };

  test('is a check of the VM and of this PC within a minute after a VPN connects, and none after it has gone', async () => {
    const world = await withNat();
    expect(found(world)).toEqual({ vm: undefined, host: undefined });
    world.simulator.outside.connectVpn('Contoso VPN', '10.8.14.3', ['192.168.96.0/20']);
    await minute(world);
    const { vm, host } = found(world);
    expect(vm).toMatchObject({ verdict: 'warning', title: { key: 'checks.natOverlap' } });
    expect(vm?.evidence).toEqual([
      { source: 'lab: MSFT_NetNat LabNAT', value: '192.168.100.0/24' },
      { source: 'MSFT_NetRoute Contoso VPN', value: '192.168.96.0/20' },
    ]);
    expect(host).toMatchObject({ verdict: 'warning', why: { params: { names: ['lab'], name: 'Contoso VPN' } } });
    world.simulator.outside.disconnectVpn('Contoso VPN');
    await minute(world);
    expect(found(world)).toEqual({ vm: undefined, host: undefined });
  });

  test('is found at once when the PC is unlocked in another Wi-Fi', async () => {
    const world = await withNat();
    world.simulator.outside.joinNetwork('Hotel', '192.168.100.0/24');
    await passing(world, world.reader.read(nothing));
    expect(found(world).vm).toBeUndefined();
    await passing(world, world.reader.read({ ...nothing, isBack: true }));
    expect(found(world).vm?.evidence).toContainEqual(expect.objectContaining({ value: '192.168.100.0/24' }));
  });

  test('costs nothing where no NAT network is known, and no word to the window where nothing has changed', async () => {
    const without = await readWorld('workstation');
    const names = asked(without);
    await minute(without);
    expect(names.filter((name) => name === 'Get-CimInstance')).toHaveLength(2);
    const world = await withNat();
    await minute(world);
    const heard = world.readings.length;
    await minute(world);
    expect(world.readings.slice(heard).every(({ patch }) => isEmpty(patch))).toBe(true);
  });

  test('of this PC itself is told from its own end', async () => {
    const world = await readWorld('cloud-host');
    const own = () => checksOfHost(world.machine()).find(({ id }) => id === 'nat-overlap');
    expect(own()).toBeUndefined();
    world.simulator.outside.connectVpn('Office', '10.9.0.2', ['10.200.0.0/16']);
    await minute(world);
    expect(own()?.evidence).toEqual([
      { source: 'MSFT_NetNat NAT', value: '10.200.0.0/24' },
      { source: 'MSFT_NetRoute Office', value: '10.200.0.0/16' },
    ]);
  });
});

describe('virtualization of other makers', () => {
  const read = (world: ReadWorld, all = false): Promise<void> => passing(world, world.reader.readThirdParty({ all }));

  test('is looked for once, and again when everything is asked for; no tick does', async () => {
    const world = await readWorld('other-virtualization');
    const names = asked(world);
    await read(world);
    expect(names).toEqual(['Get-CimInstance', 'Get-CimInstance', 'Get-ItemProperty']);
    expect(world.machine().thirdParty?.programs).toEqual(['VMware Workstation', 'Docker Desktop']);
    await read(world);
    await passing(world, world.reader.read(nothing));
    expect(names.filter((name) => name === 'Get-ItemProperty')).toHaveLength(1);
    await read(world, true);
    expect(names.filter((name) => name === 'Get-ItemProperty')).toHaveLength(2);
    // A tick that comes meanwhile does not ask a second time.
    await Promise.all([read(world, true), read(world, true)]);
    expect(names.filter((name) => name === 'Get-ItemProperty')).toHaveLength(3);
  });

  test('crosses to the window alone, and outlives a full reading', async () => {
    const world = await readWorld('other-virtualization');
    const before = world.machine();
    await read(world);
    const { patch } = world.readings.at(-1) ?? {};
    expect(Object.keys(patch ?? {}).toSorted()).toEqual(['readAt', 'thirdParty']);
    expect(patch && applyPatch(before, patch).thirdParty).toEqual(world.machine().thirdParty);
    await passing(world, world.reader.read({ all: true, vms: [] }));
    expect(world.machine().thirdParty?.drivers).toEqual([{ name: 'vmx86', state: 'Running' }]);
  });

  test('stays not known where the session does not answer', async () => {
    const world = await readWorld('other-virtualization');
    world.simulator.fault({ cmdlet: 'Get-ItemProperty', effect: { kind: 'die' } });
    await read(world);
    expect(world.machine()).not.toHaveProperty('thirdParty');
  });
});
