/** A VM from its disk to its first answer, and what a simulated PC refuses on the way. */
import { describe, expect, it } from 'vitest';
import { sleep } from '../../simulator/clock.js';
import { fileAt } from '../../simulator/files.js';
import { installSeconds } from '../../simulator/install.js';
import type { ScenarioName } from '../../simulator/scenarios/scenarios.js';
import { call, ref, refused, scenario } from './world.js';

type Parameters = Readonly<Record<string, unknown>>;
const folder = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';
const disk = `${folder}\\new.vhdx`;
const iso = 'C:\\Users\\dev\\Downloads\\Win11_24H2_EnglishInternational_x64.iso';
const ubuntu = 'C:\\Users\\dev\\Downloads\\ubuntu-24.04.1-live-server-amd64.iso';
const base = 'C:\\Users\\dev\\VMs\\win11-base.vhdx';
const blank = 'C:\\Users\\dev\\VMs\\blank.vhdx';

function pc(name: ScenarioName = 'empty') {
  const simulator = scenario(name);
  const run = (cmdlet: string, parameters: Parameters = {}) => call(simulator, cmdlet, parameters);
  const made = async (path: string, image?: string, firmware: Parameters = {}) => {
    const { rows } = await run('New-VM', { Name: 'new', MemoryStartupBytes: 2 ** 32, Generation: 2, VHDPath: path });
    const vm = [...simulator.world.host.vms.values()].find(({ id }) => id === rows[0]?.['Id']);
    if (!vm) throw new Error('no VM was made');
    const on = { VM: ref(vm) };
    if (image !== undefined) await run('Add-VMDvdDrive', { ...on, Path: image });
    if (Object.keys(firmware).length > 0) await run('Set-VMFirmware', { ...on, ...firmware });
    const beats = async () => (await run('Get-VM', { Id: vm.id })).rows[0]?.['Heartbeat'];
    return { vm, on, beats, start: () => run('Start-VM', on), stop: () => run('Stop-VM', { ...on, TurnOff: true }) };
  };
  return {
    simulator,
    host: simulator.world.host,
    run,
    made,
    wait: (seconds: number) => sleep(simulator.clock, seconds),
  };
}
const uefi = { SecureBootTemplate: 'MicrosoftUEFICertificateAuthority' };

describe('a VM that is made', () => {
  it('is installed from an image, and answers when that is over, and after the next start too', async () => {
    const { run, made, wait, host } = pc();
    await run('New-VHD', { Path: disk, SizeBytes: 64 * 2 ** 30 });
    const { vm, beats, start, stop } = await made(disk, iso);
    expect(await beats()).toBeNull();
    await start();
    await wait(installSeconds - 10);
    expect(await beats()).toBe('NoContact');
    await wait(20);
    expect(await beats()).toBe('OkApplicationsHealthy');
    expect(vm.guest.machine?.windows.caption).toContain('Windows 11');
    await stop();
    // The disk of before again, with what was written since.
    expect(vm.settings.disks).toEqual([disk]);
    expect(fileAt(host, disk)?.disk?.system?.kind).toBe('windows');
    await start();
    await wait(20);
    expect(await beats()).toBe('OkApplicationsHealthy');
  });

  it('begins anew when it was turned off before the end', async () => {
    const { run, made, wait } = pc();
    await run('New-VHD', { Path: disk, SizeBytes: 64 * 2 ** 30 });
    const { beats, start, stop } = await made(disk, iso);
    await start();
    await wait(installSeconds / 2);
    await stop();
    await start();
    await wait(installSeconds - 10);
    expect(await beats()).toBe('NoContact');
  });

  it.each([
    ['Linux with the template of Windows', ubuntu, {}, 'NoContact'],
    ['Linux with its own template', ubuntu, uefi, 'OkApplicationsUnknown'],
    ['Linux without Secure Boot', ubuntu, { EnableSecureBoot: 'Off' }, 'OkApplicationsUnknown'],
    ['an empty disk alone', undefined, {}, 'NoContact'],
  ])('boots what it may: %s', async (_, image, firmware, answer) => {
    const { made, wait } = pc();
    const { beats, start } = await made(blank, image, firmware);
    await start();
    await wait(2 * installSeconds);
    expect(await beats()).toBe(answer);
  });

  it('has the system of its disk at once, of a copy, and of one that differs from it', async () => {
    const { run, made, wait, host } = pc();
    await run('Convert-VHD', { Path: base, DestinationPath: disk });
    expect(fileAt(host, disk)?.size).toBe(fileAt(host, base)?.size);
    await run('New-VHD', { Path: `${folder}\\child.vhdx`, ParentPath: disk, Differencing: true });
    for (const path of [base, disk, `${folder}\\child.vhdx`]) {
      const { beats, start, stop, on } = await made(path);
      await start();
      await wait(20);
      expect(await beats()).toBe('OkApplicationsHealthy');
      await stop();
      await run('Remove-VM', { ...on, Force: true });
    }
  });

  it('writes to another disk from an automatic checkpoint on, and its disk is held while it runs', async () => {
    const { run, made } = pc();
    const { vm, on, start, stop } = await made(base);
    await start();
    const { rows } = await run('Get-VMHardDiskDrive', on);
    expect(rows[0]?.['Path']).toMatch(/^C:\\Users\\dev\\VMs\\win11-base_[0-9A-F-]{36}\.avhdx$/);
    expect(refused(await run('Remove-Item', { LiteralPath: base }))).toEqual([
      'RemoveFileSystemItemIOError/WriteError',
    ]);
    await stop();
    expect(vm.settings.disks).toEqual([base]);
    expect(refused(await run('Remove-Item', { LiteralPath: base }))).toEqual([]);
    expect(refused(await start())).toEqual(['OperationFailed/NotSpecified']);
  });

  it('has a TPM only with a key protector, and only while it is off', async () => {
    const { run, made } = pc();
    const { on, start } = await made(base);
    const tpm = async () => (await run('Get-VMSecurity', on)).rows[0]?.['TpmEnabled'];
    expect(refused(await run('Enable-VMTPM', on))).toEqual(['OperationFailed/NotSpecified']);
    await run('Set-VMKeyProtector', { ...on, NewLocalKeyProtector: true });
    expect(await tpm()).toBe(false);
    await run('Enable-VMTPM', on);
    expect(await tpm()).toBe(true);
    await start();
    expect(refused(await run('Set-VMKeyProtector', { ...on, NewLocalKeyProtector: true }))).toEqual(['InvalidState/InvalidOperation']); // prettier-ignore
  });
});

describe('a disk is refused', () => {
  const make = (name: ScenarioName, path = disk) => pc(name).run('New-VHD', { Path: path, SizeBytes: 64 * 2 ** 30 });
  it.each<[string, ScenarioName, string, string]>([
    ['where the drive is full', 'disk-full', disk, '0x80070070'],
    ['where nobody may write', 'no-right-to-folder', disk, '0x80070005'],
    ['where a file is, whatever its case', 'empty', base.toUpperCase(), '0x80070050'],
    ['in a folder that is not there', 'empty', 'C:\\none\\new.vhdx', '0x80070003'],
    ['on a drive that is not there', 'empty', 'Q:\\new.vhdx', '0x80070003'],
  ])('%s', async (_, name, path, code) => {
    const { errors } = await make(name, path);
    expect(errors).toMatchObject([{ id: 'OperationFailed', category: 'NotSpecified' }]);
    expect(errors[0]?.message).toContain(`(${code})`);
  });

  it('as a whole: a copy that has no room leaves nothing behind', async () => {
    const { run, host } = pc('disk-full');
    const free = host.files.drives['c:'];
    expect(refused(await run('Convert-VHD', { Path: base, DestinationPath: disk }))).toHaveLength(1);
    expect(fileAt(host, disk)).toBeUndefined();
    expect(host.files.drives['c:']).toBe(free);
  });

  it('by an account without the rights of Hyper-V', async () => {
    expect(refused(await make('not-admin'))).toEqual(['Unspecified/NotSpecified']);
  });
});
