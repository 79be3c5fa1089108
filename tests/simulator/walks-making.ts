/** How served.test.ts walks through a simulated cmdlet; and the walks of what makes a VM. */
import { keyOf } from '../../simulator/files.js';
import type { SimulatedFile } from '../../simulator/world.js';
import { makeNat, type Lab } from './lab.js';
import { ref } from './world.js';

export type Parameters = Readonly<Record<string, unknown>>;

export interface Walk {
  readonly before?: (lab: Lab) => Promise<unknown> | void;
  /** A call that is taken. */
  readonly base: (lab: Lab) => Parameters;
  /** In place of all that base has of `instead`: the same VM, switch or card, so the same answer. */
  readonly selects?: (lab: Lab) => readonly Parameters[];
  readonly instead?: readonly string[];
  /** Each of these beside base changes the answer or the world. */
  readonly sets?: Parameters;
  /** Of `sets`, and of `base` itself, what Windows refuses here. */
  readonly refuses?: readonly string[];
}

const folder = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';
export const oneDisk = `${folder}\\one.vhdx`;
const [otherDisk, image, otherImage] = [`${folder}\\other.vhdx`, `${folder}\\one.iso`, `${folder}\\other.iso`];
const dvd = { id: 'Microsoft:VM\\DVD', path: '' };

/** Two disks and two images, and a VM with a disk, an empty DVD drive and a key protector. */
export const withFiles = ({ inner, windows }: Pick<Lab, 'inner' | 'windows'>): void => {
  const disk = { type: 'Dynamic', size: 2 ** 36, parent: null, system: null } as const;
  const files: readonly SimulatedFile[] = [
    { path: oneDisk, size: 2 ** 22, disk: { ...disk, id: '5B1E7C02-9D34-4E6A-8F10-2C3D4E5F6A7B' } },
    { path: otherDisk, size: 2 ** 23, disk: { ...disk, id: '6C2F8D13-AE45-4F7B-9021-3D4E5F6A7B8C' } },
    { path: image, size: 2 ** 30, iso: 'windows' },
    { path: otherImage, size: 2 ** 30, iso: 'linux' },
  ];
  for (const file of files) inner.files.files.set(keyOf(file.path), file);
  windows.state = 'Off';
  windows.settings = { ...windows.settings, disks: [oneDisk], dvds: [dvd], keyProtector: true };
};

const ofVm = (more: Partial<Walk> = {}): Walk => ({
  before: withFiles,
  base: ({ windows }) => ({ VM: ref(windows) }),
  selects: () => [{ VMName: 'lab-win' }],
  instead: ['VM'],
  ...more,
});

export const makingWalks: Readonly<Record<string, Walk>> = {
  'Get-VHD': { before: withFiles, base: () => ({ Path: oneDisk }), sets: { Path: otherDisk } },
  'New-VHD': {
    before: withFiles,
    base: () => ({ Path: `${folder}\\new.vhdx`, SizeBytes: 2 ** 30 }),
    sets: { Path: `${folder}\\newer.vhdx`, SizeBytes: 2 ** 31, ParentPath: oneDisk },
    // A size of its own, which no call of ours has.
    refuses: ['ParentPath'],
  },
  'Convert-VHD': {
    before: withFiles,
    base: () => ({ Path: oneDisk, DestinationPath: `${folder}\\new.vhdx` }),
    sets: { Path: otherDisk, DestinationPath: `${folder}\\newer.vhdx` },
  },
  'Remove-Item': { before: withFiles, base: () => ({ LiteralPath: oneDisk }), sets: { LiteralPath: otherDisk } },
  'New-VM': {
    before: makeNat,
    base: () => ({ Name: 'new', NoVHD: true }),
    sets: { Name: 'other', MemoryStartupBytes: 2 ** 29, Generation: 2, Version: '9.0', SwitchName: 'VmNAT', VHDPath: oneDisk }, // prettier-ignore
    refuses: ['VHDPath'],
  },
  'Remove-VM': {
    ...ofVm(),
    selects: () => [{ Name: 'lab-win' }],
    base: ({ windows }) => ({ VM: ref(windows), Force: true }),
    sets: { Force: false },
    refuses: ['Force'],
  },
  'Get-VMHardDiskDrive': ofVm(),
  'Get-VMDvdDrive': ofVm(),
  'Get-VMFirmware': ofVm(),
  'Get-VMSecurity': ofVm(),
  'Set-VMFirmware': ofVm({
    base: ({ windows }) => ({ VM: ref(windows), EnableSecureBoot: 'Off' }),
    sets: {
      EnableSecureBoot: 'On',
      SecureBootTemplate: 'MicrosoftUEFICertificateAuthority',
      FirstBootDevice: ref(dvd, 'DvdDrive'),
    },
  }),
  'Add-VMDvdDrive': ofVm({
    base: ({ windows }) => ({ VM: ref(windows), Path: image }),
    sets: { Path: otherImage },
  }),
  'Set-VMKeyProtector': ofVm({ base: ({ windows }) => ({ VM: ref(windows), NewLocalKeyProtector: true }) }),
  'Enable-VMTPM': ofVm(),
};
