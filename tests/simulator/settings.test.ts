import { describe, expect, it } from 'vitest';
import { assignedMemory, freeMemory, runsHypervisor } from '../../simulator/guest.js';
import { call, ref, refused, scenario, small } from './world.js';

const GiB = 2 ** 30;

describe('Set-VMProcessor', () => {
  it.each(['Running', 'Paused', 'Saved'] as const)(
    'refuses nesting while the VM is %s (set-processor-running)',
    async (state) => {
      const { run, vm } = small({ state });
      expect(refused(await run('Set-VMProcessor', { ExposeVirtualizationExtensions: true }))).toEqual([
        'InvalidState/InvalidOperation',
      ]);
      expect(vm.settings.nesting).toBe(false);
    },
  );

  it('sets it when off, on any processor: the CPU is not checked (nestdoc)', async () => {
    for (const name of ['workstation', 'arm64', 'amd-on-windows-10'] as const) {
      const simulator = scenario(name);
      const vm = simulator.outside.vm('dev-box');
      expect(
        await call(simulator, 'Set-VMProcessor', { VM: ref(vm), ExposeVirtualizationExtensions: true }),
      ).toMatchObject({ errors: [] });
      expect(vm.settings.nesting).toBe(true);
    }
  });
});

describe('Set-VMMemory', () => {
  it('changes an off VM, and a running one with fixed memory', async () => {
    for (const state of ['Off', 'Running'] as const) {
      const { run, vm } = small({ state });
      expect(await run('Set-VMMemory', { StartupBytes: 6 * GiB })).toMatchObject({ errors: [] });
      expect(vm.settings.startup).toBe(6 * GiB);
    }
  });

  it('fails on a running VM in which a hypervisor runs (set-memory-nested-running)', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('构建机');
    expect(runsHypervisor(vm, simulator.clock)).toBe(true);
    const reply = await call(simulator, 'Set-VMMemory', { VM: ref(vm), StartupBytes: 8 * GiB });
    expect(refused(reply)).toEqual(['InvalidState/InvalidOperation']);
    expect(vm.settings.startup).toBe(16 * GiB);
  });

  it('fails on a saved VM, and for the start value of a running VM with dynamic memory', async () => {
    const saved = small({ state: 'Saved' });
    const dynamic = small({ state: 'Running', settings: { dynamicMemory: true } });
    for (const { run } of [saved, dynamic])
      expect(refused(await run('Set-VMMemory', { StartupBytes: 6 * GiB }))).toEqual(['InvalidState/InvalidOperation']);
    expect(await dynamic.run('Set-VMMemory', { MaximumBytes: 2 ** 41 })).toMatchObject({ errors: [] });
  });

  it('refuses limits without dynamic memory (set-memory-mismatch) and odd sizes (memory-not-2mb)', async () => {
    const { run, vm } = small();
    const before = vm.settings;
    for (const wish of [{ MaximumBytes: 8 * GiB }, { StartupBytes: 4 * GiB + 1 }, { StartupBytes: 2 ** 20 }])
      expect(refused(await run('Set-VMMemory', wish))).toEqual(['InvalidParameter/InvalidArgument']);
    expect(vm.settings).toBe(before);
  });

  it('refuses a start value above the limit of dynamic memory, unless the limit is raised with it', async () => {
    const { run } = small({ settings: { dynamicMemory: true, startup: 2 * GiB, maximum: 3 * GiB } });
    expect(refused(await run('Set-VMMemory', { StartupBytes: 4 * GiB }))).toEqual(['InvalidParameter/InvalidArgument']);
    expect(await run('Set-VMMemory', { StartupBytes: 4 * GiB, MaximumBytes: 4 * GiB })).toMatchObject({ errors: [] });
  });

  it('turns dynamic memory on and off only while the VM is off (set-memory-dynamic-running)', async () => {
    for (const state of ['Running', 'Paused', 'Saved'] as const) {
      const { run, vm } = small({ state });
      expect(refused(await run('Set-VMMemory', { DynamicMemoryEnabled: true }))).toEqual([
        'InvalidState/InvalidOperation',
      ]);
      expect(vm.settings.dynamicMemory).toBe(false);
    }
    const { run, vm } = small();
    const wish = { DynamicMemoryEnabled: true, StartupBytes: 2 * GiB, MinimumBytes: GiB, MaximumBytes: 4 * GiB };
    expect(await run('Set-VMMemory', wish)).toMatchObject({ errors: [] });
    expect(vm.settings).toMatchObject({ dynamicMemory: true, startup: 2 * GiB, minimum: GiB, maximum: 4 * GiB });
    // Off again, with limits in the same call: without dynamic memory Windows takes none (set-memory-mismatch).
    expect(refused(await run('Set-VMMemory', { DynamicMemoryEnabled: false, MinimumBytes: 2 * GiB }))).toEqual([
      'InvalidParameter/InvalidArgument',
    ]);
    expect(await run('Set-VMMemory', { DynamicMemoryEnabled: false })).toMatchObject({ errors: [] });
    expect(vm.settings).toMatchObject({ dynamicMemory: false, startup: 2 * GiB, minimum: GiB, maximum: 4 * GiB });
  });

  it('as it runs moves the limits of dynamic memory only further apart', async () => {
    const { run, vm } = small({ state: 'Running', settings: { dynamicMemory: true, minimum: GiB, maximum: 8 * GiB } });
    for (const narrower of [{ MinimumBytes: 2 * GiB }, { MaximumBytes: 6 * GiB }])
      expect(refused(await run('Set-VMMemory', narrower))).toEqual(['InvalidState/InvalidOperation']);
    expect(await run('Set-VMMemory', { MinimumBytes: GiB / 2, MaximumBytes: 16 * GiB })).toMatchObject({ errors: [] });
    expect(vm.settings).toMatchObject({ minimum: GiB / 2, maximum: 16 * GiB });
  });

  it('gives a running VM no more than is free, and one before version 6.2 nothing', async () => {
    const { run, vm, simulator } = small({ state: 'Running' });
    const free = freeMemory(simulator.world.host, simulator.clock);
    expect(refused(await run('Set-VMMemory', { StartupBytes: free + 8 * GiB }))).toEqual(['OutOfMemory/FromStdErr']);
    expect(assignedMemory(vm, simulator.clock)).toBe(vm.settings.startup);
    const old = small({ state: 'Running', version: '5.0' });
    expect(refused(await old.run('Set-VMMemory', { StartupBytes: 2 * GiB }))).toEqual([
      'InvalidState/InvalidOperation',
    ]);
  });

  it('lets the limits of fixed memory follow where the world says so: what Windows does is not known', async () => {
    const { run, vm, simulator } = small({ settings: { dynamicMemory: true, minimum: GiB, maximum: 8 * GiB } });
    simulator.world.folklore.fixedLimits = 'follow';
    await run('Set-VMMemory', { DynamicMemoryEnabled: false, StartupBytes: 4 * GiB });
    expect(vm.settings).toMatchObject({ startup: 4 * GiB, minimum: 4 * GiB, maximum: 4 * GiB });
  });
});

describe('Set-VM and Set-VMNetworkAdapter', () => {
  it('set while the VM runs, and count as a change of configuration', async () => {
    const { run, vm, simulator } = small({ state: 'Running' });
    const before = vm.lastConfigurationChange;
    await run('Set-VM', { AutomaticCheckpointsEnabled: true });
    const adapters = await run('Get-VMNetworkAdapter');
    const id = String(adapters.rows[0]?.['Id']);
    await call(simulator, 'Set-VMNetworkAdapter', {
      VMNetworkAdapter: [ref({ id }, 'VMNetworkAdapter')],
      MacAddressSpoofing: 'On',
    });
    expect(vm.settings).toMatchObject({ automaticCheckpoints: true, adapters: [{ macSpoofing: 'On' }] });
    expect(vm.lastConfigurationChange).toBeGreaterThan(before);
  });

  it('says that an adapter is gone when its VM was imported again with a new id', async () => {
    const { run, vm, simulator } = small();
    const id = String((await run('Get-VMNetworkAdapter')).rows[0]?.['Id']);
    simulator.outside.importAgain(vm.id);
    const reply = await call(simulator, 'Set-VMNetworkAdapter', {
      VMNetworkAdapter: ref({ id }, 'VMNetworkAdapter'),
      MacAddressSpoofing: 'On',
    });
    expect(refused(reply)).toEqual(['ObjectNotFound/ObjectNotFound']);
  });
});

describe('checkpoints', () => {
  it('hold their own settings: applying one brings nesting, memory and stop action back (domain §2)', async () => {
    const { run, vm, simulator } = small({ settings: { startup: 2 * GiB, stopAction: 'Save' } });
    const checkpoint = simulator.outside.checkpoint(vm.id, 'clean');
    await run('Set-VMProcessor', { ExposeVirtualizationExtensions: true });
    await run('Set-VMMemory', { StartupBytes: 4 * GiB });
    await run('Set-VM', { AutomaticStopAction: 'ShutDown' });
    expect(vm.settings).toMatchObject({ nesting: true, startup: 4 * GiB, stopAction: 'ShutDown' });
    simulator.outside.applyCheckpoint(vm.id, checkpoint);
    expect(vm.settings).toMatchObject({ nesting: false, startup: 2 * GiB, stopAction: 'Save' });
  });
});
