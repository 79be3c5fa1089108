/** The files of a simulated PC that a VM can be made from. */
import { filesOf, smallest } from '../files.js';
import type { SimulatedFile, SimulatedFiles, SimulatedFolder } from '../world.js';

const GiB = 2 ** 30;

/** Where Windows puts the disks of VMs unless it is told. */
export const diskFolder = 'C:\\ProgramData\\Microsoft\\Windows\\Virtual Hard Disks';
export const downloads = 'C:\\Users\\dev\\Downloads';

const files = (): readonly SimulatedFile[] => [
  { path: `${downloads}\\Win11_24H2_EnglishInternational_x64.iso`, size: 5.4 * GiB, iso: 'windows' },
  { path: `${downloads}\\ubuntu-24.04.1-live-server-amd64.iso`, size: 2.6 * GiB, iso: 'linux' },
  { path: `${downloads}\\notes.txt`, size: 1200 },
  {
    path: 'C:\\Users\\dev\\VMs\\win11-base.vhdx',
    size: 14 * GiB,
    disk: {
      id: '5B1E7C02-9D34-4E6A-8F10-2C3D4E5F6A7B',
      type: 'Dynamic',
      size: 127 * GiB,
      parent: null,
      system: { kind: 'windows', machine: null },
    },
  },
  {
    path: 'C:\\Users\\dev\\VMs\\blank.vhdx',
    size: smallest,
    disk: { id: '6C2F8D13-AE45-4F7B-9021-3D4E5F6A7B8C', type: 'Dynamic', size: 64 * GiB, parent: null, system: null },
  },
];

/** As on a PC where somebody has downloaded two images and has two disks. `free`: bytes free on C:. */
export const home = (free = 212 * GiB, folder: Partial<SimulatedFolder> = {}): SimulatedFiles =>
  filesOf({ 'c:': free }, [{ path: diskFolder, mayWrite: true, ...folder }, `${downloads}\\new`], files());
