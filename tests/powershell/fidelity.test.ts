/** Where the simulated modules must answer as Windows does, or say that they do not. */
import { describe, expect, it } from 'vitest';
import { account, caught, oneShots } from './one-shots.js';
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

  it.each([
    'Set-VMProcessor dev-box -Count 1 -WhatIf',
    'Set-VM dev-box -AutomaticStopAction TurnOff -WhatIf',
    '$WhatIfPreference = $true; Set-VMProcessor dev-box -Count 1',
    'New-NetNat -Name one -InternalIPInterfaceAddressPrefix 10.77.0.0/24 -WhatIf',
    '$WhatIfPreference = $true; New-NetNat -Name one -InternalIPInterfaceAddressPrefix 10.77.0.0/24',
    'Get-NetAdapter -AsJob',
    'Get-NetNat -ThrottleLimit 1',
  ])('refuse %s, and do nothing', async (statement) => {
    const { lines, simulator } = await oneShots('workstation', { HYPERNEST_ELEVATED: '1' });
    const world = () => JSON.stringify([[...simulator.world.host.vms.values()], simulator.world.host.network.nats]);
    const before = world();
    expect((await lines(caught(`${statement} -ErrorAction Stop`))).at(-1)).toMatch(/ is not simulated\.$/);
    expect(world()).toBe(before);
  });

  it('give objects that are live: what was changed since is read of the old ones, and none is written to', async () => {
    const { lines } = await oneShots('workstation');
    const objects =
      '$vm = Get-VM dev-box; $processor = Get-VMProcessor dev-box; $adapter = Get-VMNetworkAdapter dev-box';
    const change =
      'Set-VMProcessor dev-box -Count 3; Set-VMNetworkAdapter $adapter -MacAddressSpoofing On; Start-VM $vm';
    const said = '"$($vm.State) $($vm.ProcessorCount) $($processor.Count) $($adapter.MacAddressSpoofing)"';
    expect(await lines(`${objects}; ${change}; ${said}`)).toEqual(['Running 3 3 On']);
    const paused =
      '$vm = Get-VM \'archive-2019 "cold"\'; Resume-VM $vm; while ("$($vm.State)" -ne \'Running\') { Start-Sleep -Milliseconds 50 }; "$($vm.State)"';
    expect(await lines(paused.replaceAll('\\"', '"'))).toEqual(['Running']);
    expect((await lines(caught("(Get-VM dev-box).State = 'Off'"))).at(-1)).toBe("'State' is a ReadOnly property.");
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

  it('show tables and texts of objects as Windows does, and checkpoints by their other name', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const box = simulator.outside.vm('dev-box');
    simulator.outside.checkpoint(box.id, 'one');
    const head = async (statement: string) => (await lines(statement))[0]?.trim().split(/\s+/);
    expect(await head('Get-VM')).toEqual(['Name', 'State', 'CPUUsage(%)', 'MemoryAssigned(M)', 'Uptime', 'Status', 'Version']); // prettier-ignore
    expect(await head('Get-VMSwitch')).toEqual(['Name', 'SwitchType', 'NetAdapterInterfaceDescription']);
    expect(await head('Get-VMCheckpoint *')).toEqual(['VMName', 'Name', 'SnapshotType', 'CreationTime', 'ParentSnapshotName']); // prettier-ignore
    const [lan, adapter, ...threw] = await lines(
      `"$(Get-VMSwitch LAN)"; "$(Get-VMNetworkAdapter dev-box)"; ${caught('(Get-VMSnapshot dev-box).ToString()')}`,
    );
    expect(lan).toMatch(/^VMSwitch \(Name = 'LAN'\) \[Id = '[-0-9a-f]{36}'\]$/);
    expect(adapter).toContain(`VMNetworkAdapter (Name = 'Network Adapter', VMName = 'dev-box') [Id = 'Microsoft:`);
    expect(threw.at(-1)).toContain('The text of VMSnapshot is not simulated.');
  });

  it('give numbers of CIM as wide as they are', async () => {
    const { lines } = await oneShots('workstation');
    const types = '$_.NumberOfCores.GetType().Name; $_.Architecture.GetType().Name';
    expect(await lines(`Get-CimInstance Win32_Processor | ForEach-Object { ${types} }`)).toEqual(['UInt32', 'UInt16']);
  });

  it('take into a guest what $using: names, and mark what comes back', async () => {
    const { lines } = await oneShots('workstation');
    const into = `Import-Module Hyper-V; $x = 5; $more = @{ a = 7 }; Invoke-Command -VMName 构建机 -Credential ${account('builder', 'build-01')}`;
    const said = `${into} { "$using:x $($using:more.a) \${using:x} $('$using:x')" } | ForEach-Object { "$_ $($_.PSComputerName)" }`;
    expect(await lines(said)).toEqual(['5 7 5 $using:x 构建机']);
    expect((await lines(caught(`${into} { $using:none }`)))[0]).toBe(
      'UsingVariableIsUndefined,Microsoft.PowerShell.Commands.InvokeCommandCommand',
    );
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
