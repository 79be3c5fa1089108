/** What a process and all that it has started hold of the machine, as Linux counts it. */
import fs from 'node:fs';
import path from 'node:path';

export interface Measured {
  /** bytes */
  readonly memory: number;
  readonly handles: number;
  readonly processes: number;
  readonly threads: number;
}

const read = (...parts: readonly string[]): string => {
  try {
    return fs.readFileSync(path.join('/proc', ...parts), 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
};
const listed = (...parts: readonly string[]): readonly string[] => {
  try {
    return fs.readdirSync(path.join('/proc', ...parts));
  } catch {
    return [];
  }
};
const fieldOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);

function familyOf(pid: number): readonly string[] {
  const parents = new Map(
    listed()
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [name, fieldOf(read(name, 'status'), 'PPid')] as const),
  );
  const family = [String(pid)];
  for (const one of family)
    family.push(...[...parents].filter(([, parent]) => String(parent) === one).map(([name]) => name));
  return family;
}

export function measure(pid: number): Measured {
  const all = familyOf(pid).map((one) => ({ status: read(one, 'status'), handles: listed(one, 'fd').length }));
  const alive = all.filter(({ status }) => fieldOf(status, 'VmRSS') > 0);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    memory: sum(alive.map(({ status }) => fieldOf(status, 'VmRSS') * 1024)),
    handles: sum(alive.map(({ handles }) => handles)),
    processes: alive.length,
    threads: sum(alive.map(({ status }) => fieldOf(status, 'Threads'))),
  };
}
