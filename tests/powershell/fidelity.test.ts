/** Where the simulated modules must answer as Windows does, or say that they do not. */
import { describe, expect, it } from 'vitest';
import { caught, oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

describe.skipIf(!(await hasPowerShell()))('the simulated modules', () => {
  it('refuse a parameter that they do not serve, and change nothing', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const settings = () => JSON.stringify([...simulator.world.host.vms.values()]);
    const before = settings();
    for (const statement of [
      'Set-VMProcessor dev-box -ExposeVirtualizationExtensions $true -Reserve 10',
      'Set-VM dev-box -NewVMName other',
      'Set-VMNetworkAdapter -ManagementOS -MacAddressSpoofing On',
      'Start-VM dev-box -AsJob',
      'Get-VM dev-box | Get-VM',
      "Get-CimInstance -Query 'SELECT * FROM Win32_Processor'",
    ])
      expect([statement, (await lines(caught(`${statement} -ErrorAction Stop`))).at(-1)]).toEqual([
        statement,
        expect.stringMatching(/ is not simulated\.$/),
      ]);
    expect(settings()).toBe(before);
  });

  it('change the VM alone whose processor is piped on', async () => {
    const { lines, simulator } = await oneShots('workstation');
    expect(await lines('Get-VMProcessor dev-box | Set-VMProcessor -Count 1')).toEqual([]);
    const counts = [...simulator.world.host.vms.values()].filter(({ settings }) => settings.processors === 1);
    expect(counts.map(({ name }) => name)).toEqual(['dev-box']);
  });

  // By a method call: PowerShell itself swallows what a getter throws.
  it('throw for a property that is not simulated, and have those that are other names of one', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const [vm, id, threw, text] = await lines(
      '$vm = Get-VM dev-box; $vm.VMName; [string] $vm.VMId; try { $vm.get_NetworkAdapters() } catch { $_.Exception.GetBaseException().Message }; "$vm"',
    );
    const box = simulator.outside.vm('dev-box');
    expect([vm, id, threw, text]).toEqual([
      'dev-box',
      box.id,
      'NetworkAdapters of VirtualMachine is not simulated.',
      `VirtualMachine (Name = 'dev-box') [Id = '${box.id}']`,
    ]);
    simulator.outside.checkpoint(box.id, 'one');
    expect(await lines('[string] (Get-VM dev-box).ParentCheckpointId')).toEqual([box.parentCheckpoint]);
  });

  it('ask as Windows asks: by the impact of the change, or by a question that only -Force answers', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const box = simulator.outside.vm('dev-box');
    box.version = '9.0';
    await lines('Update-VMVersion dev-box');
    expect(box.version).toBe('9.0');
    await lines("$ConfirmPreference = 'None'; Update-VMVersion dev-box");
    expect(box.version).toBe('12.0');
    const names = () => simulator.world.host.switches.map(({ name }) => name);
    await lines('New-VMSwitch -Name Lab -SwitchType Internal | Out-Null');
    await lines("$ConfirmPreference = 'None'; Remove-VMSwitch Lab -Confirm:$false");
    expect(names()).toContain('Lab');
    await lines('Remove-VMSwitch Lab -Force');
    expect(names()).not.toContain('Lab');
  });

  it('take only the kinds of switch that can be made by kind', async () => {
    const { lines } = await oneShots('workstation');
    const said = await lines(caught('New-VMSwitch -Name Out -SwitchType External -ErrorAction Stop'));
    expect(said[0]).toBe('ParameterArgumentValidationError,Microsoft.HyperV.PowerShell.Commands.NewVMSwitch');
  });

  it('list every VM where a name holds half a pair of surrogates', async () => {
    const { lines, simulator } = await oneShots('workstation');
    simulator.outside.rename(simulator.outside.vm('dev-box').id, 'a\ud800\t"b');
    expect(await lines("(Get-VM | ForEach-Object { [string] $_.Name.Length }) -join ' '")).toEqual([
      [...simulator.world.host.vms.values()].map(({ name }) => String(name.length)).join(' '),
    ]);
  });

  it('remove a NAT network that CIM has listed, and no other', async () => {
    const { lines, simulator } = await oneShots('workstation', { HYPERNEST_ELEVATED: '1' });
    simulator.world.host.network.nats.push(
      { id: 'one;0', name: 'one', prefix: '10.77.0.0/24' },
      { id: 'two;0', name: 'two', prefix: '10.78.0.0/24' },
    );
    const listed = "Get-CimInstance -Namespace root/StandardCimv2 -ClassName MSFT_NetNat | Where-Object Name -eq 'one'";
    expect(await lines(`${listed} | Remove-NetNat -Confirm:$false`)).toEqual([]);
    expect(simulator.world.host.network.nats.map(({ name }) => name)).toEqual(['two']);
  });
});
