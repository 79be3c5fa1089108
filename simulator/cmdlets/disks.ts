/** Virtual hard disks as files: looked at, made, copied, and removed. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import {
  diskAt,
  dropFile,
  fileAt,
  folderAt,
  folderOf,
  isAttached,
  isHeld,
  smallest,
  systemOn,
  troubleValues,
  writeFile,
} from '../files.js';
import type { Row } from '../objects.js';
import { strings } from '../parameters.js';
import type { SimulatedDisk, SimulatedFile } from '../world.js';
import { confirmed, serving, type Invocation, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';

const MiB = 2 ** 20;
/** Most that a VHDX holds. */
const most = 64 * 2 ** 40;
/** bytes a second of a copy */
const speed = 200 * MiB;

function diskRow({ machine }: Invocation, { path, size, disk }: SimulatedFile & { readonly disk: SimulatedDisk }): Row {
  return {
    ComputerName: machine.name,
    Path: path,
    VhdFormat: /\.vhd$/i.test(path) ? 'VHD' : 'VHDX',
    VhdType: disk.type,
    FileSize: size,
    Size: disk.size,
    MinimumSize: null,
    LogicalSectorSize: 512,
    PhysicalSectorSize: 4096,
    BlockSize: 32 * MiB,
    ParentPath: disk.parent ?? '',
    DiskIdentifier: disk.id,
    FragmentationPercentage: null,
    Alignment: 1,
    Attached: isAttached(machine, path),
    DiskNumber: null,
  };
}

const mayUse = ({ allowed, machine }: Invocation) => {
  if (!allowed) throw new CmdletError('access-denied', { host: machine.name });
};
const pathOf = ({ parameters }: Invocation, name: string): string => strings(parameters[name])[0] ?? '';

const get: SimulatedCmdlet = (invocation) => {
  mayUse(invocation);
  return {
    type: 'VirtualHardDisk',
    rows: [diskRow(invocation, diskAt(invocation.machine, pathOf(invocation, 'Path')))],
  };
};

/** The new file, as Windows answers it. */
function written(invocation: Invocation, file: SimulatedFile & { readonly disk: SimulatedDisk }) {
  const trouble = writeFile(invocation.machine, file);
  if (trouble) throw new CmdletError('vhd-not-created', troubleValues(trouble, file.path));
  return { type: 'VirtualHardDisk', rows: [diskRow(invocation, file)] };
}

const make: SimulatedCmdlet = (invocation) => {
  mayUse(invocation);
  const { machine, world, parameters } = invocation;
  const path = pathOf(invocation, 'Path');
  const id = world.newId().toUpperCase();
  if ('ParentPath' in parameters) {
    if ('SizeBytes' in parameters) throw new CmdletError('not-simulated', { cmdlet: 'A size beside a parent' });
    const parent = diskAt(machine, pathOf(invocation, 'ParentPath'));
    const disk = { id, type: 'Differencing', size: parent.disk.size, parent: parent.path, system: null } as const;
    return written(invocation, { path, size: smallest, disk: { ...disk } });
  }
  // As it comes: a number, or the text of one.
  const size = Number(parameters['SizeBytes']);
  if (!Number.isSafeInteger(size) || size % 512 !== 0 || size < 3 * MiB || size > most)
    throw new CmdletError('vhd-not-found', { path });
  return written(invocation, { path, size: smallest, disk: { id, type: 'Dynamic', size, parent: null, system: null } });
};

/** Of the same type (documented: the type of the source is the default); as long as the copy takes. */
const convert: SimulatedCmdlet = async (invocation) => {
  mayUse(invocation);
  const { machine, world, clock } = invocation;
  const { size, disk, path } = diskAt(machine, pathOf(invocation, 'Path'));
  const to = pathOf(invocation, 'DestinationPath');
  if (disk.type === 'Differencing') throw new CmdletError('not-simulated', { cmdlet: 'A copy of a disk that differs' });
  if (isAttached(machine, path)) throw new CmdletError('object-in-use');
  const system = systemOn(machine, path);
  await sleep(clock, size / speed);
  const copy = { id: world.newId().toUpperCase(), type: disk.type, size: disk.size, parent: null } as const;
  written(invocation, { path: to, size, disk: { ...copy, system } });
  return {};
};

/** One file by its very path. Not of Hyper-V: the rights are those to the folder. */
const removeItem: SimulatedCmdlet = (invocation) => {
  const { machine } = invocation;
  const path = pathOf(invocation, 'LiteralPath');
  if (!fileAt(machine, path)) throw new CmdletError('item-not-found', { path }, path);
  if (isHeld(machine, path)) throw new CmdletError('item-in-use', { path }, path);
  if (!folderAt(machine, folderOf(path))?.mayWrite) throw new CmdletError('item-denied', { path }, path);
  dropFile(machine, path);
  return {};
};

export const disks: Readonly<Record<string, ServedCmdlet>> = {
  'Get-VHD': serving(get, 'Path'),
  'New-VHD': serving(make, 'Path SizeBytes ParentPath', { Dynamic: [true], Differencing: [true], ...confirmed }),
  'Convert-VHD': serving(convert, 'Path DestinationPath', confirmed),
};
export const removal: Readonly<Record<string, ServedCmdlet>> = {
  'Remove-Item': serving(removeItem, 'LiteralPath', confirmed),
};
