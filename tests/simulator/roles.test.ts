import { describe, expect, it } from 'vitest';
import { runsHypervisor } from '../../simulator/guest.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { SimulatedVm } from '../../simulator/world.js';
import { labOf, machineOf } from './lab.js';
import { call, ref, refused, scenario } from './world.js';

const inside = (simulator: Simulator, vm: SimulatedVm) => {
  const run = (cmdlet: string, parameters: Readonly<Record<string, unknown>> = {}) =>
    simulator.invoke({ machine: vm.id, elevated: false, cmdlet, parameters });
  return {
    run,
    state: async (FeatureName: string) =>
      (await run('Get-WindowsOptionalFeature', { Online: true, FeatureName })).rows[0]?.['State'],
    processors: async () => {
      const { rows, errors } = await run('Get-CimInstance', {
        ClassName: 'Win32_PerfRawData_HvStats_HyperVHypervisor',
      });
      return errors[0]?.id ?? rows[0]?.['LogicalProcessors'] ?? 0;
    },
    restart: async () => {
      await call(simulator, 'Stop-VM', { VM: ref(vm), Confirm: false });
      await call(simulator, 'Start-VM', { VM: ref(vm) });
      vm.bootedAt = simulator.clock.now();
    },
  };
};
const features = (...FeatureName: string[]) => ({ Online: true, FeatureName, NoRestart: true });
const hyperV = features('Microsoft-Hyper-V', 'Microsoft-Hyper-V-Management-PowerShell');

describe('roles inside a guest', () => {
  it('are pending until the guest has been shut down and started; then Hyper-V is there with all that it brings', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('win11 $(nested)');
    const { run, state, processors, restart } = inside(simulator, vm);
    expect(await state('Microsoft-Hyper-V')).toBe('Disabled');
    expect(refused(await run('Get-VM'))).toEqual(['CommandNotFoundException/ObjectNotFound']);
    expect(await processors()).toBe('HRESULT 0x80041010');
    const made = await run('Enable-WindowsOptionalFeature', { ...hyperV, All: true });
    expect(made.rows).toMatchObject([{ RestartNeeded: true }]);
    expect(await state('Microsoft-Hyper-V')).toBe('EnablePending');
    expect(refused(await run('Get-VM'))).toEqual(['CommandNotFoundException/ObjectNotFound']);
    await restart();
    expect(await state('Microsoft-Hyper-V')).toBe('Enabled');
    expect(await run('Get-VM')).toMatchObject({ type: 'VirtualMachine', errors: [] });
    expect((await run('Get-VMSwitch')).rows).toMatchObject([{ Name: 'Default Switch' }]);
    expect(
      (await run('Get-CimInstance', { ClassName: 'MSFT_NetNat', Namespace: 'root/StandardCimv2' })).errors,
    ).toEqual([]);
    expect(await processors()).toBe(vm.settings.processors);
    expect(runsHypervisor(vm, simulator.clock)).toBe(true);
  });

  it('a Server gets no Default Switch', async () => {
    const { simulator, l1, inner } = labOf('server-l1');
    const { run, restart } = inside(simulator, l1);
    await run('Disable-WindowsOptionalFeature', features('Microsoft-Hyper-V'));
    await restart();
    expect(inner.services['vmms']).toBeUndefined();
    await run('Enable-WindowsOptionalFeature', { ...hyperV, All: true });
    await restart();
    expect((await run('Get-VMSwitch')).rows).toEqual([]);
    expect(inner.vms.size).toBe(2);
  });

  it.each([
    ['Automatic', 'Running'],
    ['Manual', 'Stopped'],
    ['Disabled', 'Stopped'],
  ])('a management service that is set to start as %s is %s after a restart', async (StartupType, state) => {
    const { simulator, l1, inner } = labOf('server-l1');
    const { run, restart } = inside(simulator, l1);
    await run('Set-Service', { Name: 'vmms', StartupType, Confirm: false });
    expect(inner.services['vmms']?.state).toBe('Running');
    await restart();
    expect([inner.services['vmms']?.state, inner.services['vmcompute']?.state]).toEqual([state, 'Running']);
  });

  it('the service that starts VMs stays with the platform of WSL 2 when Hyper-V goes', async () => {
    const { simulator, l1, inner } = labOf('server-l1');
    const { run, restart } = inside(simulator, l1);
    await run('Enable-WindowsOptionalFeature', { ...features('VirtualMachinePlatform'), All: true });
    await run('Disable-WindowsOptionalFeature', features('Microsoft-Hyper-V'));
    await restart();
    expect(Object.keys(inner.services)).toContain('vmcompute');
    expect(Object.keys(inner.services)).not.toContain('vmms');
    await run('Disable-WindowsOptionalFeature', features('VirtualMachinePlatform'));
    await restart();
    expect(Object.keys(inner.services)).not.toContain('vmcompute');
  });

  it('without nesting the hypervisor does not start, and nested VMs neither', async () => {
    const { simulator, l1, windows } = labOf('wifi-laptop');
    const { run, processors, restart } = inside(simulator, l1);
    await call(simulator, 'Stop-VM', { VM: ref(l1), Confirm: false });
    await call(simulator, 'Set-VMProcessor', { VM: ref(l1), ExposeVirtualizationExtensions: false });
    await restart();
    expect(await processors()).toBe(0);
    expect(refused(await run('Start-VM', { VM: ref(windows) }))).toEqual(['OperationFailed/NotSpecified']);
  });

  it('the platform of WSL 2 starts a hypervisor too; taking back before the restart leaves nothing pending', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('win11 $(nested)');
    const { run, state, processors, restart } = inside(simulator, vm);
    const name = 'VirtualMachinePlatform';
    await run('Enable-WindowsOptionalFeature', { ...features(name), All: true });
    await run('Disable-WindowsOptionalFeature', features(name));
    expect(await state(name)).toBe('Disabled');
    await run('Enable-WindowsOptionalFeature', { ...features(name), All: true });
    await restart();
    expect([await state(name), await processors()]).toEqual(['Enabled', vm.settings.processors]);
    await run('Disable-WindowsOptionalFeature', features(name));
    expect([await state(name), await processors()]).toEqual(['DisablePending', vm.settings.processors]);
    await restart();
    expect([await state(name), await processors()]).toEqual(['Disabled', 'HRESULT 0x80041010']);
  });

  it('Windows Sandbox starts a hypervisor, without a Hyper-V to manage; containers alone start none', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('win11 $(nested)');
    const { run, state, processors, restart } = inside(simulator, vm);
    await run('Enable-WindowsOptionalFeature', { ...features('Containers'), All: true });
    await restart();
    expect([await state('Containers'), await processors()]).toEqual(['Enabled', 'HRESULT 0x80041010']);
    const sandbox = 'Containers-DisposableClientVM';
    await run('Enable-WindowsOptionalFeature', { ...features(sandbox), All: true });
    await restart();
    expect([await state(sandbox), await processors()]).toEqual(['Enabled', vm.settings.processors]);
    expect(refused(await run('Get-VM'))).toEqual(['CommandNotFoundException/ObjectNotFound']);
  });

  it('a Server has containers and no sandbox', () => {
    const { features: has } = labOf('server-l1').inner;
    expect([has['Containers'], has['Containers-DisposableClientVM']]).toEqual(['Disabled', undefined]);
  });

  it('a feature that this Windows lacks answers with nothing, and cannot be asked for', async () => {
    const { simulator, l1, inner } = labOf('wifi-laptop');
    delete inner.features['HypervisorPlatform'];
    const { run } = inside(simulator, l1);
    const wanted = features('HypervisorPlatform');
    expect(await run('Get-WindowsOptionalFeature', { Online: true, FeatureName: 'HypervisorPlatform' })).toMatchObject({ rows: [], errors: [] }); // prettier-ignore
    expect((await run('Enable-WindowsOptionalFeature', { ...wanted, All: true })).errors).toMatchObject([
      { id: 'Microsoft.Dism.Commands.EnableWindowsOptionalFeatureCommand', hresult: 0x800f080c | 0 },
    ]);
  });

  it('the prefix of the Default Switch moves when the guest starts', async () => {
    const { simulator, l1, run } = labOf('wifi-laptop');
    const own = async () =>
      (await run('Get-CimInstance', { ClassName: 'MSFT_NetIPAddress', Namespace: 'root/StandardCimv2' })).rows.find(
        (row) => row['InterfaceAlias'] === 'vEthernet (Default Switch)' && row['AddressFamily'] === 2,
      )?.['IPAddress'];
    const before = await own();
    await inside(simulator, l1).restart();
    expect(before).toMatch(/^172\./);
    expect(await own()).not.toBe(before);
    expect(machineOf(l1).network.starts).toBe(2);
  });
});
