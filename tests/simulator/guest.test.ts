import { describe, expect, it } from 'vitest';
import { manualClock, sleep } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../simulator/simulator.js';
import { call, ref, small } from './world.js';

const counters = async (simulator: Simulator, name: string) => {
  const { rows } = await call(simulator, 'Get-CimInstance', {
    ClassName: 'Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor',
    Namespace: 'root/cimv2',
  });
  const own = rows.filter((row) => String(row['Name']).startsWith(`${name}:Hv VP`));
  return own.length === 0 ? null : own.reduce((sum, row) => sum + Number(row['NestedVMEntriesPersec']), 0);
};
/** Assigned and demanded, in bytes. */
const memory = async (simulator: Simulator, name: string): Promise<readonly [number, number]> => {
  const [row] = (await call(simulator, 'Get-VM', { Name: name })).rows;
  return [Number(row?.['MemoryAssigned']), Number(row?.['MemoryDemand'])];
};
const GiB = 2 ** 30;

describe('what a guest does as time passes', () => {
  const clock = manualClock();
  const simulator = createScenario('workstation', { clock });

  it('counts entries into nested VMs only where a hypervisor runs inside (domain §3)', async () => {
    const before = [
      await counters(simulator, '构建机'),
      await counters(simulator, 'k8s-node-1'),
      await counters(simulator, 'dev-box'),
    ];
    await clock.advance(5);
    const after = [
      await counters(simulator, '构建机'),
      await counters(simulator, 'k8s-node-1'),
      await counters(simulator, 'dev-box'),
    ];
    expect(Number(after[0])).toBeGreaterThan(Number(before[0]));
    // Nesting alone is permission only; a VM that is off has no counters.
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(after[2]).toBeNull();
  });

  it('moves dynamic memory with demand, and freezes it while a hypervisor runs inside', async () => {
    const [moving] = await memory(simulator, 'Lab DC 01');
    const [frozen] = await memory(simulator, '构建机');
    await clock.advance(30);
    expect((await memory(simulator, 'Lab DC 01'))[0]).not.toBe(moving);
    expect((await memory(simulator, '构建机'))[0]).toBe(frozen);
  });

  it('demands more and less all the same: of fixed memory and of frozen memory too', async () => {
    const frozen = small({
      state: 'Running',
      up: 600,
      settings: { nesting: true, dynamicMemory: true, startup: 4 * GiB, minimum: GiB, maximum: 8 * GiB },
      guest: { startsHypervisor: true, demand: { rest: GiB, peak: 3 * GiB } },
    });
    const fixed = small({ state: 'Running', up: 600, guest: { demand: { rest: GiB, peak: 3 * GiB } } });
    for (const { simulator: one, vm } of [frozen, fixed]) {
      const before = await memory(one, vm.name);
      await sleep(one.clock, 40);
      const after = await memory(one, vm.name);
      expect(after[0]).toBe(before[0]);
      expect(after[1]).not.toBe(before[1]);
      expect([before[1], after[1]].every((bytes) => bytes > 0 && bytes <= 3 * GiB)).toBe(true);
    }
    // Nobody is there yet, or any more, who could say.
    expect(await memory(simulator, 'dev-box')).toEqual([0, 0]);
    expect((await memory(simulator, 'archive-2019 "cold"'))[1]).toBe(0);
  });

  it('boots for some seconds, in which it neither answers nor has an address', async () => {
    const vm = simulator.outside.vm('dev-box');
    const started = call(simulator, 'Start-VM', { VM: ref(vm) });
    await clock.advance(2);
    await started;
    const read = async () => [
      (await call(simulator, 'Get-VM', { Id: vm.id })).rows[0]?.['Heartbeat'],
      (await call(simulator, 'Get-VMNetworkAdapter', { VM: ref(vm) })).rows[0]?.['IPAddresses'],
    ];
    expect(await read()).toEqual(['NoContact', []]);
    await clock.advance(10);
    expect(await read()).toEqual(['OkApplicationsHealthy', [expect.stringMatching(/^172\./)]]);
  });

  it('takes the VMs inside down with it when it is turned off', async () => {
    const vm = simulator.outside.vm('构建机');
    const inner = [...(vm.guest.machine?.vms.values() ?? [])];
    expect(inner.map(({ state }) => state)).toEqual(['Running', 'Saved', 'Running']);
    simulator.outside.put(vm.id, 'Off');
    expect(inner.map(({ state }) => state)).toEqual(['Off', 'Saved', 'Off']);
  });
});

describe('Msvm_ComputerSystem', () => {
  it('shows by its times which VM changed, in one query', async () => {
    const clock = manualClock();
    const simulator = createScenario('workstation', { clock });
    const tick = async () =>
      (
        await call(simulator, 'Get-CimInstance', {
          ClassName: 'Msvm_ComputerSystem',
          Namespace: 'root/virtualization/v2',
        })
      ).rows;
    const before = await tick();
    await clock.advance(60);
    const vm = simulator.outside.vm('dev-box');
    simulator.outside.set(vm.id, { nesting: true });
    const changed = (await tick()).filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[index]));
    expect(changed).toMatchObject([{ Name: vm.id.toUpperCase() }]);
    expect(before).toHaveLength(9);
  });
});
