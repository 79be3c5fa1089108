/** A VM with a disk of its own: made, given what an installation needs, and taken away with its disk. */
import { describe, expect, it } from 'vitest';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import { failureOf, type Live } from '../suite.js';

/** Where this PC puts the disks of VMs; `clean` of live.ps1 takes away what of ours is left there. */
export async function diskOf({ ask, target }: Live, name: string): Promise<string> {
  const [row] = readOf(await ask('Get-VMHost', {})).rows ?? [];
  return `${row?.VirtualHardDiskPath ?? ''}\\${target.prefix}-${name}.vhdx`;
}
export const size = String(2 ** 30);

export function makingSuite(live: () => Live): void {
  describe('a VM that is made', () => {
    it('has its disk, boots its drive first, has a TPM, and goes with its disk', async () => {
      const { ask, pc, target } = live();
      const name = `${target.prefix}-made`;
      const path = await diskOf(live(), 'made');
      const done = { rows: [], errors: [] };
      expect(await ask('New-VHD', { Path: path, SizeBytes: size })).toEqual(done);
      const [disk] = readOf(await ask('Get-VHD', { Path: path })).rows ?? [];
      expect(disk).toMatchObject({ VhdType: 'Dynamic', Size: size, ParentPath: '', Attached: false });
      const [made] = readOf(await ask('New-VM', { Name: name, MemoryStartupBytes: 2 ** 29, VHDPath: path })).rows ?? [];
      await pc.read();
      expect(made?.Id).toBe(pc.id(name));
      const on = { vm: made?.Id ?? '' };
      expect(await ask('Set-VMProcessor', { Count: 2 }, on)).toEqual(done);
      expect(await ask('Set-VMFirmware', { EnableSecureBoot: 'On', SecureBootTemplate: 'MicrosoftUEFICertificateAuthority' }, on)).toEqual(done); // prettier-ignore
      expect(failureOf(await ask('Set-VMFirmware/BootDvd', {}, { ...on, dvd: true })).kind).toBe('not-found');
      expect(await ask('Add-VMDvdDrive', {}, on)).toEqual(done);
      expect(await ask('Set-VMFirmware/BootDvd', {}, { ...on, dvd: true })).toEqual(done);
      expect(failureOf(await ask('Enable-VMTPM', {}, on)).kind).toBe('unexpected');
      expect(await ask('Set-VMKeyProtector', {}, on)).toEqual(done);
      expect(await ask('Enable-VMTPM', {}, on)).toEqual(done);
      expect(await ask('Get-VMSecurity', {}, on)).toMatchObject({ rows: [{ TpmEnabled: true }] });
      expect(await ask('Get-VMFirmware', {}, on)).toMatchObject({ rows: [{ SecureBoot: 'On', SecureBootTemplate: 'MicrosoftUEFICertificateAuthority' }] }); // prettier-ignore
      expect(await ask('Get-VMHardDiskDrive', {}, on)).toMatchObject({ rows: [{ VMId: on.vm, Path: path }] });
      expect(await ask('Get-VMDvdDrive', {}, on)).toMatchObject({ rows: [{ VMId: on.vm, Path: '' }] });
      expect(await ask('Remove-VM', {}, on)).toEqual(done);
      const gone = { path, id: disk?.DiskIdentifier ?? '' };
      expect(failureOf(await ask('Remove-Item/Disk', {}, { disk: { path, id: on.vm } })).kind).toBe('not-found');
      expect(await ask('Remove-Item/Disk', {}, { disk: gone })).toEqual(done);
      expect(failureOf(await ask('Get-VHD', { Path: path })).kind).toBe('bad-disk');
    });

    it('is refused what is not there, what is there already, and what is no disk', async () => {
      const { ask, target } = live();
      const path = await diskOf(live(), 'base');
      const [child, copy] = [await diskOf(live(), 'child'), await diskOf(live(), 'copy')];
      const kind = async (result: ReturnType<typeof ask>) => failureOf(await result).kind;
      await ask('New-VHD', { Path: path, SizeBytes: size });
      expect(await kind(ask('New-VHD', { Path: path, SizeBytes: size }))).toBe('exists');
      expect(await kind(ask('New-VHD', { Path: `${path}\\no\\folder.vhdx`, SizeBytes: size }))).toBe('not-found');
      expect(readOf(await ask('New-VHD/Differencing', { Path: child, ParentPath: path })).errors).toEqual([]);
      expect(readOf(await ask('Get-VHD', { Path: child })).rows).toMatchObject([{ VhdType: 'Differencing', ParentPath: path }]); // prettier-ignore
      expect(readOf(await ask('Convert-VHD', { Path: path, DestinationPath: copy })).errors).toEqual([]);
      expect(readOf(await ask('Get-VHD', { Path: copy })).rows).toMatchObject([{ ParentPath: '', Size: size }]);
      const missing = await diskOf(live(), 'missing');
      expect(await kind(ask('New-VM', { Name: `${target.prefix}-none`, VHDPath: missing }))).toBe('not-found');
    });
  });
}
