/** A virtual hard disk that a step makes on this PC. Known by its DiskIdentifier, at the path where it was made. */
import type { Thing, ThingToMake } from '../machine/goal.js';
import type { Disk, Machine } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { fileOf } from '../machine/paths.js';
import { UNKNOWN, type Row } from './thing-row.js';

const isFileThere = (disks: Machine['disks'], path: string): boolean =>
  ifRead(disks, false, (all) => all.some((one) => one.path === path && one.id !== null));

/** undefined: there is none. */
export function madeDisk(
  { at, disk }: Pick<ThingToMake<'disk'>, 'at' | 'disk'>,
  { id, fileSize }: Disk,
): Thing<'disk'> | undefined {
  // What is written to a copy may need no more room than it has.
  const size = disk.kind === 'copy' ? null : (fileSize ?? null);
  return id === null ? undefined : { what: 'disk', at, id, path: disk.path, fileSize: size };
}

export const ofDisk: Row<'disk'> = {
  problem: ({ disks }, { disk: { path } }) =>
    isFileThere(disks, path) ? { key: 'create.diskExists', params: { path } } : null,
  make: ({ disk, at }) => {
    const { path: Path } = disk;
    const file = fileOf(Path);
    switch (disk.kind) {
      case 'empty':
        return {
          title: { key: 'create.makeDisk', params: { file, size: disk.size } },
          call: { cmdlet: 'New-VHD', params: { Path, SizeBytes: String(disk.size) }, at },
        };
      case 'differencing':
        return {
          title: { key: 'create.makeDifferencing', params: { file, from: fileOf(disk.from) } },
          call: { cmdlet: 'New-VHD/Differencing', params: { Path, ParentPath: disk.from }, at },
        };
      case 'copy':
        return {
          title: { key: 'create.makeCopy', params: { file, from: fileOf(disk.from) } },
          call: { cmdlet: 'Convert-VHD', params: { Path: disk.from, DestinationPath: Path }, at },
        };
    }
  },
  why: ({ disk }) => ({ key: 'create.diskWhy', params: { path: disk.path } }),
  foreseen: ({ at, disk: { path } }) => ({ what: 'disk', at, id: UNKNOWN, path, fileSize: null }),
  add: (home) => home,
  ids: ({ disks }) => ifRead(disks, undefined, (all) => all.flatMap(({ id }) => id ?? [])),
  find: ({ disks }, { at, disk }, isIt) => {
    const found = ifRead(disks, undefined, (all) =>
      all.find(({ path, id }) => path === disk.path && id !== null && isIt(id)),
    );
    return found && madeDisk({ at, disk }, found);
  },
  isSame: ({ disks }, { id, path }) =>
    ifRead(disks, false, (all) => all.some((one) => one.id === id && one.path === path)),
  remove: (_, { id, path, at }) => ({
    title: { key: 'create.removeDisk', params: { file: fileOf(path) } },
    call: { cmdlet: 'Remove-Item/Disk', params: {}, at, on: { disk: { path, id } } },
  }),
  nameOf: ({ path }) => ({ key: 'create.madeDisk', params: { file: fileOf(path) } }),
  kindName: { key: 'create.nameMadeDisk' },
};
