/** What makes a VM, takes it away again, or is refused: the same through engine and simulator. */
import type { Simulator } from '../../simulator/simulator.js';
import type { HostCall, Target } from '../../src/core/cmdlets/call.js';
import type { CmdletName, Params } from '../../src/core/cmdlets/catalog.js';
import { thisPc } from '../../src/core/cmdlets/ref.js';

export interface Case {
  readonly name: string;
  /** What was done to both worlds before. */
  readonly before?: (simulator: Simulator) => void;
  readonly calls: (
    id: (name: string) => string,
    adapter: (name: string) => string,
    checkpoint: (name: string) => string,
  ) => readonly HostCall[];
}

const call = <Name extends CmdletName>(cmdlet: Name, params: Params<Name>, on?: Target) =>
  ({ cmdlet, params, at: thisPc, ...(on ? { on } : {}) }) as unknown as HostCall;

const folder = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';
const disk = `${folder}\\it's [new].vhdx`;
const blank = { path: 'C:\\Users\\dev\\VMs\\blank.vhdx', id: '6C2F8D13-AE45-4F7B-9021-3D4E5F6A7B8C' };
const base = { path: 'C:\\Users\\dev\\VMs\\win11-base.vhdx', id: '5B1E7C02-9D34-4E6A-8F10-2C3D4E5F6A7B' };
const iso = 'C:\\Users\\dev\\Downloads\\Win11_24H2_EnglishInternational_x64.iso';
const size = '68719476736';
const look = (Path: string) => call('Get-VHD', { Path });
const drop = (of: { readonly path: string; readonly id: string }) => call('Remove-Item/Disk', {}, { disk: of });

export const makingCases: readonly Case[] = [
  { name: 'a disk that grows', calls: () => [call('New-VHD', { Path: disk, SizeBytes: size }), look(disk)] },
  {
    name: 'a disk that differs from another',
    calls: () => [call('New-VHD/Differencing', { Path: disk, ParentPath: base.path }), look(disk)],
  },
  {
    name: 'a copy of a disk',
    calls: () => [call('Convert-VHD', { Path: base.path, DestinationPath: disk }), look(disk)],
  },
  { name: 'a disk where one is', calls: () => [call('New-VHD', { Path: base.path, SizeBytes: size })] },
  { name: 'a disk in no folder', calls: () => [call('New-VHD', { Path: 'C:\\none\\a.vhdx', SizeBytes: size })] },
  { name: 'a copy of what is no disk', calls: () => [call('Convert-VHD', { Path: iso, DestinationPath: disk })] },
  { name: 'a look at no disk', calls: () => [look(iso), look(`${folder}\\none.vhdx`)] },
  {
    name: 'a VM with a disk and a switch',
    calls: () => [
      call('New-VM', { Name: "it's `$(new)", MemoryStartupBytes: 2 ** 32, VHDPath: blank.path, SwitchName: 'LAN' }),
      call('Get-VM', {}),
    ],
  },
  {
    name: 'a VM without its disk',
    calls: () => [call('New-VM', { Name: 'new', VHDPath: disk, SwitchName: 'LAN' }), call('Get-VM', {})],
  },
  {
    name: 'a VM without its switch',
    calls: () => [call('New-VM', { Name: 'new', VHDPath: blank.path, SwitchName: 'none' }), call('Get-VM', {})],
  },
  {
    name: 'an image, booted first, with a TPM',
    calls: (id) => {
      const on = { vm: id('dev-box') };
      return [
        call('Add-VMDvdDrive', { Path: iso }, on),
        call('Set-VMFirmware', { EnableSecureBoot: 'On', SecureBootTemplate: 'MicrosoftUEFICertificateAuthority' }, on),
        call('Set-VMFirmware/BootDvd', {}, { ...on, dvd: true }),
        call('Set-VMKeyProtector', {}, on),
        call('Enable-VMTPM', {}, on),
        call('Set-VMProcessor', { Count: 6 }, on),
        call('Get-VMFirmware', {}, on),
        call('Get-VMSecurity', {}, on),
        call('Get-VMDvdDrive', {}, on),
        call('Get-VMHardDiskDrive', {}, on),
      ];
    },
  },
  {
    name: 'an image that is not there',
    calls: (id) => [call('Add-VMDvdDrive', { Path: disk }, { vm: id('dev-box') })],
  },
  {
    name: 'booting from a drive that is not there',
    calls: (id) => [call('Set-VMFirmware/BootDvd', {}, { vm: id('dev-box'), dvd: true })],
  },
  {
    name: 'booting from one of two drives',
    calls: (id) => [
      call('Add-VMDvdDrive', { Path: iso }, { vm: id('dev-box') }),
      call('Add-VMDvdDrive', { Path: iso }, { vm: id('dev-box') }),
      call('Set-VMFirmware/BootDvd', {}, { vm: id('dev-box'), dvd: true }),
    ],
  },
  { name: 'a TPM without a key protector', calls: (id) => [call('Enable-VMTPM', {}, { vm: id('dev-box') })] },
  {
    name: 'a TPM of a VM that runs',
    calls: (id) => [call('Set-VMKeyProtector', {}, { vm: id('Lab DC 01') })],
  },
  {
    name: 'firmware of the first generation',
    calls: (id) => [call('Get-VMFirmware', {}, { vm: id('legacy-2012r2') })],
  },
  { name: 'a VM goes', calls: (id) => [call('Remove-VM', {}, { vm: id('dev-box') }), call('Get-VM', {})] },
  { name: 'a VM that runs stays', calls: (id) => [call('Remove-VM', {}, { vm: id('Lab DC 01') })] },
  { name: 'a disk goes', calls: () => [drop({ ...blank, id: blank.id.toLowerCase() }), look(blank.path)] },
  { name: 'a disk that is another one stays', calls: () => [drop({ ...blank, id: base.id }), look(blank.path)] },
  { name: 'what is no disk stays', calls: () => [drop({ path: iso, id: base.id })] },
];
