/** Files of a simulated PC, as far as disks and images go: paths of Windows, in which case does not count. */
import { CmdletError } from './errors.js';
import { holdsMemory } from './guest.js';
import type { SimulatedDisk, SimulatedFile, SimulatedFiles, SimulatedFolder, SimulatedMachine, SimulatedVm, System } from './world.js'; // prettier-ignore

export const keyOf = (path: string): string =>
  path
    .replaceAll('/', '\\')
    .replace(/(?!^)\\{2,}/g, '\\')
    .replace(/\\$/, '')
    .toLowerCase();
/** What a path is in; of a drive, itself. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('\\'), 2));
const driveOf = (path: string): string => keyOf(path).slice(0, 2);
export const fileAt = ({ files }: SimulatedMachine, path: string): SimulatedFile | undefined =>
  files.files.get(keyOf(path));
export const folderAt = ({ files }: SimulatedMachine, path: string): SimulatedFolder | undefined =>
  files.folders.get(keyOf(path));

/** Free space by drive, and folders with all that they are in. Who writes in one writes in what is below. */
export function filesOf(
  drives: Readonly<Record<string, number>>,
  folders: readonly (string | SimulatedFolder)[],
  files: readonly SimulatedFile[] = [],
): SimulatedFiles {
  const made: SimulatedFiles = { files: new Map(), folders: new Map(), drives: { ...drives } };
  for (const drive of Object.keys(drives))
    made.folders.set(drive, { path: `${drive.toUpperCase()}\\`, mayWrite: true });
  const add = ({ path, mayWrite }: SimulatedFolder) => {
    for (let at = folderOf(path); !made.folders.has(keyOf(at)); at = folderOf(at))
      made.folders.set(keyOf(at), { path: at, mayWrite: true });
    made.folders.set(keyOf(path), { path, mayWrite });
  };
  for (const one of folders) add(typeof one === 'string' ? { path: one, mayWrite: true } : one);
  for (const file of files) {
    if (!made.folders.has(keyOf(folderOf(file.path)))) add({ path: folderOf(file.path), mayWrite: true });
    made.files.set(keyOf(file.path), file);
  }
  return made;
}

/** What Windows says of a file, in the words of Win32. */
const fileTroubles = {
  exists: { code: 0x80070050, why: 'The file exists.' },
  'no-file': { code: 0x80070002, why: 'The system cannot find the file specified.' },
  'no-path': { code: 0x80070003, why: 'The system cannot find the path specified.' },
  denied: { code: 0x80070005, why: 'Access is denied.' },
  'in-use': {
    code: 0x80070020,
    why: 'The process cannot access the file because it is being used by another process.',
  },
  full: { code: 0x80070070, why: 'There is not enough space on the disk.' },
} as const;
export type FileTrouble = keyof typeof fileTroubles;

/** As the values of an error's text. */
export const troubleValues = (trouble: FileTrouble, path: string) => {
  const { code, why } = fileTroubles[trouble];
  return { path, why, code: `0x${code.toString(16).toUpperCase().padStart(8, '0')}` };
};

/** Writes it, or says why not: then nothing is left behind. */
export function writeFile(machine: SimulatedMachine, file: SimulatedFile): FileTrouble | undefined {
  const { files } = machine;
  const key = keyOf(file.path);
  const folder = folderAt(machine, folderOf(file.path));
  if (!folder) return 'no-path';
  if (files.files.has(key) || files.folders.has(key)) return 'exists';
  if (!folder.mayWrite) return 'denied';
  const free = files.drives[driveOf(key)] ?? 0;
  if (file.size > free) return 'full';
  files.drives[driveOf(key)] = free - file.size;
  files.files.set(key, file);
  return undefined;
}

export function dropFile({ files }: SimulatedMachine, path: string): void {
  const file = files.files.get(keyOf(path));
  if (!file) return;
  files.files.delete(keyOf(path));
  files.drives[driveOf(path)] = (files.drives[driveOf(path)] ?? 0) + file.size;
}

/** A disk and all that it differs from, itself first. */
function chainOf(machine: SimulatedMachine, path: string): readonly SimulatedFile[] {
  const file = fileAt(machine, path);
  const parent = file?.disk?.parent;
  return file ? [file, ...(parent === null || parent === undefined ? [] : chainOf(machine, parent))] : [];
}

/** What a VM finds on it; null: nothing. */
export const systemOn = (machine: SimulatedMachine, path: string): System | null =>
  chainOf(machine, path).find(({ disk }) => disk?.system)?.disk?.system ?? null;

/** A VM that is on has it: as its disk, or as what its disk differs from. */
export const isHeld = (machine: SimulatedMachine, path: string): boolean =>
  [...machine.vms.values()].some(
    (vm) =>
      holdsMemory(vm) &&
      vm.settings.disks.some((disk) => chainOf(machine, disk).some((one) => keyOf(one.path) === keyOf(path))),
  );
export const isAttached = (machine: SimulatedMachine, path: string): boolean =>
  [...machine.vms.values()].some(
    (vm) => holdsMemory(vm) && vm.settings.disks.some((disk) => keyOf(disk) === keyOf(path)),
  );

/** The disk that is there; else what the look-up of a disk says. */
export function diskAt(machine: SimulatedMachine, path: string): SimulatedFile & { readonly disk: SimulatedDisk } {
  const file = fileAt(machine, path);
  if (!file?.disk) throw new CmdletError('vhd-not-found', { path });
  return { ...file, disk: file.disk };
}

/** bytes of a new disk that grows, and of one that differs from another */
export const smallest = 4 * 2 ** 20;

/** A checkpoint: what is written from now on goes to disks that differ from those of before. */
export function branchDisks(machine: SimulatedMachine, vm: SimulatedVm, newId: () => string): readonly string[] {
  return vm.settings.disks.map((path) => {
    const file = fileAt(machine, path);
    if (!file?.disk) return path;
    const id = newId().toUpperCase();
    const branch = `${path.replace(/(_[0-9A-F-]{36})?\.a?vhdx?$/i, '')}_${id}.avhdx`;
    const disk = {
      id: newId().toUpperCase(),
      type: 'Differencing',
      size: file.disk.size,
      parent: path,
      system: null,
    } as const;
    return writeFile(machine, { path: branch, size: smallest, disk: { ...disk } }) ? path : branch;
  });
}

/** The last checkpoint goes: what was written since is in the disk of before. */
export function mergeDisks(machine: SimulatedMachine, vm: SimulatedVm): readonly string[] {
  return vm.settings.disks.map((path) => {
    const disk = fileAt(machine, path)?.disk;
    const parent = disk?.parent ?? null;
    if (!disk || parent === null || !/\.avhdx$/i.test(path)) return path;
    const below = fileAt(machine, parent)?.disk;
    if (below) below.system = disk.system ?? below.system;
    dropFile(machine, path);
    return parent;
  });
}
