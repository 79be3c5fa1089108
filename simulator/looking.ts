/** How the files of a simulated PC look to who works there: the very answers that a look at a real one gives. */
import { fileAt, folderAt, folderOf, keyOf } from './files.js';
import type { SimulatedFile, SimulatedMachine } from './world.js';

export function lookAt(machine: SimulatedMachine, path: string) {
  const file = fileAt(machine, path);
  if (file) return { kind: 'file', size: file.size, holds: holdsOf(file) } as const;
  const folder = folderAt(machine, path);
  if (!folder) return { kind: 'none' } as const;
  return { kind: 'folder', mayWrite: folder.mayWrite, free: machine.files.drives[keyOf(path).slice(0, 2)] } as const;
}

const holdsOf = ({ iso, disk }: SimulatedFile) => (iso !== undefined ? 'iso' : disk ? 'vhdx' : 'other');

/** Images and disks in these folders themselves. */
export function findIn({ files }: SimulatedMachine, folders: readonly string[]) {
  const wanted = new Set(folders.map(keyOf));
  const inside = [...files.files.values()].filter(({ path }) => wanted.has(keyOf(folderOf(path))));
  const named = (ending: RegExp) =>
    inside.filter(({ path }) => ending.test(path)).map(({ path, size }) => ({ path, size }));
  return { isos: named(/\.iso$/i), disks: named(/\.vhdx$/i) };
}
