/** The engine and the simulated modules by themselves, as Windows PowerShell and Hyper-V would answer; and what 5.1 can read. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { caught, oneShots } from './one-shots.js';
import { hasPowerShell } from './runtime.js';

describe.skipIf(!(await hasPowerShell()))('the simulated modules', () => {
  it('list the VMs as objects of the real types', async () => {
    const { lines, simulator } = await oneShots('workstation', { TZ: 'Asia/Shanghai' });
    const said = await lines(
      `$vm = Get-VM | Where-Object Name -eq 'dev-box'; @(Get-VM).Count; $vm.GetType().FullName; $vm.State.GetType().FullName; [string] $vm.State; $vm.Id.GetType().Name; $vm.Uptime.GetType().Name; [string] $vm.CreationTime.Kind; $vm.CreationTime.ToUniversalTime().ToString('o'); ($null -eq $vm.Heartbeat)`,
    );
    const vm = [...simulator.world.host.vms.values()].find(({ name }) => name === 'dev-box');
    expect(said).toEqual([
      String(simulator.world.host.vms.size),
      'Microsoft.HyperV.PowerShell.VirtualMachine',
      'Microsoft.HyperV.PowerShell.VMState',
      'Off',
      'Guid',
      'TimeSpan',
      'Local',
      new Date(vm?.created ?? 0).toISOString().replace('Z', '0000Z'),
      'True',
    ]);
  });

  it('keep every character of a name', async () => {
    const { shell, simulator } = await oneShots('hostile-names');
    const { out } = await shell(['-Command', 'ConvertTo-Json @(Get-VM | ForEach-Object Name) -Compress']);
    const names = z.array(z.string()).parse(JSON.parse(out));
    expect(names.toSorted()).toEqual([...simulator.world.host.vms.values()].map(({ name }) => name).toSorted());
  });

  it('refuse nesting while the VM runs, with the id and exception of Hyper-V', async () => {
    const { lines } = await oneShots('workstation');
    const said = await lines(
      caught("Set-VMProcessor -VMName 'Lab DC 01' -ExposeVirtualizationExtensions $true -ErrorAction Stop"),
    );
    expect(said.slice(0, 3)).toEqual([
      'InvalidState,Microsoft.HyperV.PowerShell.Commands.SetVMProcessor',
      'InvalidOperation',
      'Microsoft.HyperV.PowerShell.VirtualizationException',
    ]);
  });

  it('change only what they are asked to, and an upgrade asks first', async () => {
    const { lines, simulator } = await oneShots('workstation');
    const vm = [...simulator.world.host.vms.values()].find(({ name }) => name === 'dev-box');
    if (vm) vm.version = '9.0';
    const before = { version: vm?.version, settings: vm?.settings };
    // Nobody is there to answer, so it fails; -Confirm:$false is what the catalog always says.
    await lines("Update-VMVersion -Name 'dev-box'");
    expect({ version: vm?.version, settings: vm?.settings }).toEqual(before);
    await lines("Update-VMVersion -Name 'dev-box' -Confirm:$false");
    expect(vm?.version).toBe('12.0');
  });

  it('take an object of another cmdlet, and refuse a value that is none of the enumeration', async () => {
    const { lines } = await oneShots('workstation');
    const said = await lines(
      `Get-VM | Where-Object Name -eq 'dev-box' | Get-VMProcessor | ForEach-Object { $_.GetType().Name; $_.Count }; ${caught("Set-VM -Name 'dev-box' -AutomaticStopAction Never -ErrorAction Stop")}`,
    );
    expect(said.slice(0, 3)).toEqual([
      'VMProcessor',
      expect.stringMatching(/^\d+$/),
      'CannotConvertArgumentNoMessage,Microsoft.HyperV.PowerShell.Commands.SetVM',
    ]);
  });

  it('say that a VM is not there as Hyper-V does', async () => {
    const { lines } = await oneShots('workstation');
    const said = await lines(caught('Get-VM -Id 00000000-0000-4000-8000-000000000000 -ErrorAction Stop'));
    expect(said.slice(0, 3)).toEqual([
      'ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM',
      'ObjectNotFound',
      'Microsoft.HyperV.PowerShell.VirtualizationException',
    ]);
  });

  it('answer CIM queries, with dates as dates', async () => {
    const { lines } = await oneShots('workstation');
    const said = await lines(
      `(Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root/cimv2).Caption; @(Get-CimInstance -ClassName Msvm_ComputerSystem -Namespace root/virtualization/v2)[1].TimeOfLastStateChange.GetType().Name; ${caught('Get-CimInstance -ClassName Nothing_Such -ErrorAction Stop')}`,
    );
    expect(said.slice(0, 5)).toEqual([
      'Microsoft Windows 11 Pro',
      'DateTime',
      'HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand',
      'MetadataError',
      'Microsoft.Management.Infrastructure.CimException',
    ]);
  });

  it.each([
    ['New-NetNat -Name x', 'New-NetNat'],
    ["Test-NetConnection 'gateway'", 'Test-NetConnection'],
    ['Set-DnsClientServerAddress -InterfaceIndex 1 -ResetServerAddresses', 'Set-DnsClientServerAddress'],
    ['Resolve-DnsName x', 'Microsoft.DnsClient.Commands.ResolveDnsName'],
    ["Get-WindowsOptionalFeature -Online -FeatureName 'x'", 'Microsoft.Dism.Commands.GetWindowsOptionalFeatureCommand'],
  ])('%s: found by its name alone, and its error is named as on Windows', async (statement, owner) => {
    const { lines, simulator } = await oneShots('workstation');
    simulator.fault({ cmdlet: statement.split(' ')[0] ?? '', effect: { kind: 'error', error: 'object-in-use' } });
    const [id] = await lines(caught(`${statement} -ErrorAction Stop`));
    expect(id).toBe(`ObjectInUse,${owner}`);
  });

  it.each([
    ['no-hyper-v', /^Modules_Module(WithVersion)?NotFound,/, 'CommandNotFoundException'],
    ['module-blocked', /^Modules_(?!Module).*,/, 'CouldNotAutoloadMatchingModule'],
  ] as const)('are as missing or refused as in %s', async (scenario, importId, callId) => {
    const { lines } = await oneShots(scenario);
    const [refused] = await lines(caught('Import-Module Hyper-V -MinimumVersion 2.0 -ErrorAction Stop'));
    expect(refused).toMatch(importId);
    const [called] = await lines(caught('Get-VM -ErrorAction Stop'));
    expect(called).toBe(callId);
  });

  it('tell who runs the shell', async () => {
    const { lines, simulator } = await oneShots('not-admin');
    const [account] = await lines('Import-Module Hypernest.Simulation; (Get-SimulatedIdentity).account');
    expect(account).toBe(simulator.world.host.identity.account);
  });
});

describe.skipIf(!(await hasPowerShell()))('the shell', () => {
  it('takes the command line of powershell.exe', async () => {
    const { shell } = await oneShots('empty');
    const encoded = Buffer.from("'grüße 世界'", 'utf16le').toString('base64');
    expect((await shell(['-EncodedCommand', encoded])).out.trim()).toBe('grüße 世界');
    expect((await shell(['-Command', 'exit 3'])).code).toBe(3);
  });

  it('gives an array from JSON as Windows PowerShell 5.1 does: assigned first', async () => {
    const { lines } = await oneShots('empty');
    expect(await lines("$a = ConvertFrom-Json '[1,2]'; $a.Count; foreach ($n in $a) { $n }")).toEqual(['2', '1', '2']);
  });
});

describe.skipIf(!(await hasPowerShell()))('Windows PowerShell 5.1', () => {
  const check = path.resolve('tools/powershell-engine/check51.ps1');
  const scripts = ['src', 'tools', 'docs'].flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ps1'))
      .map((name) => path.resolve(folder, name)),
  );

  it('can read every script of ours', async () => {
    const { shell } = await oneShots('empty');
    expect(scripts.map((file) => path.basename(file))).toContain('bridge.ps1');
    expect(await shell(['-File', check, ...scripts])).toEqual({ code: 0, out: '' });
  });

  /** A script of its own for each text, all checked by one shell. Answers what the check said of each. */
  async function checked(texts: readonly string[]): Promise<readonly (readonly string[])[]> {
    const { shell } = await oneShots('empty');
    const folder = fs.mkdtempSync(path.resolve('.cache', 'check-'));
    try {
      const files = texts.map((text, index) => {
        const file = path.join(folder, `${index}.ps1`);
        fs.writeFileSync(file, `\uFEFF'before'\n${text}\n`);
        return file;
      });
      const { code, out } = await shell(['-File', check, ...files]);
      expect(code).toBe(out === '' ? 0 : 1);
      const lines = out.split(/\r?\n/);
      return files.map((file) => lines.filter((line) => line.startsWith(`${file}:`)));
    } finally {
      fs.rmSync(folder, { recursive: true, maxRetries: 9 });
    }
  }

  it('could not read what came later, and the check says so', async () => {
    const planted = [
      '$a = $b ?? 1',
      '$a ??= 1',
      '$a = $b ? 1 : 2',
      'get-foo && get-bar',
      'get-foo || get-bar',
      '${a}?.b',
      '${a}?[0]',
      '1..3 | ForEach-Object -Parallel { 1 }',
      'get-foo &',
      'function f { process { 1 } clean { 2 } }',
      '$a = 0b101',
      '$a = 10u',
      '$a = "`u{1F600}"',
      '$a = "`e[0m"',
      'if ($a { 1 }',
    ];
    const said = await checked(planted);
    expect(planted.filter((_, index) => said[index]?.length === 0)).toEqual([]);
  });

  it('reads what the check lets pass', async () => {
    const [said] = await checked([
      '$a = 0x1F; $b = 2kb; $c = 10l; $d = 1.5d; $e = "``e `t"; if ($a -and $b) { & { 1 } }; \'a ?? b\'',
    ]);
    expect(said).toEqual([]);
  });
});
