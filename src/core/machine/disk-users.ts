/** Which VMs of a machine use a virtual hard disk: as a drive of theirs, or as what such a drive is based on. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Guid, Host } from '../cmdlets/call.js';
import { diskCall } from './disk-reading.js';

/** By path in lower case. */
export type DiskUsers = ReadonlyMap<string, ReadonlySet<Guid>>;

/** Disks based on disks, at most: longer chains are not followed. */
const deepest = 64;

/** undefined: of some VM or disk it could not be read. A drive whose file is missing is used by its VM all the same. */
export async function readDiskUsers(
  host: Pick<Host, 'call'>,
  at: MachineRef,
  vms: readonly Guid[],
): Promise<DiskUsers | undefined> {
  const results = await host.call(
    vms.map((vm) => ({ cmdlet: 'Get-VMHardDiskDrive', params: {}, at, on: { vm } }) as const),
  );
  const users = new Map<string, Set<Guid>>();
  let next = new Map<string, ReadonlySet<Guid>>();
  for (const [index, vm] of vms.entries()) {
    const result = results[index];
    if (!result || !('rows' in result) || result.errors.length > 0) return undefined;
    for (const { Path } of result.rows)
      if (Path !== undefined && Path !== '') next.set(Path, new Set([...(next.get(Path) ?? []), vm]));
  }
  for (let depth = 0; next.size > 0; depth++) {
    if (depth === deepest) return undefined;
    for (const [path, by] of next)
      users.set(path.toLowerCase(), new Set([...(users.get(path.toLowerCase()) ?? []), ...by]));
    const parents = await parentsOf(host, at, next);
    if (!parents) return undefined;
    next = parents;
  }
  return users;
}

async function parentsOf(
  host: Pick<Host, 'call'>,
  at: MachineRef,
  disks: ReadonlyMap<string, ReadonlySet<Guid>>,
): Promise<Map<string, ReadonlySet<Guid>> | undefined> {
  const results = await host.call([...disks.keys()].map((path) => diskCall(at, path)));
  const parents = new Map<string, ReadonlySet<Guid>>();
  for (const [index, by] of [...disks.values()].entries()) {
    const result = results[index];
    if (!result || !('rows' in result)) return undefined;
    const [error] = result.errors;
    if (error && error.kind !== 'not-found' && error.kind !== 'bad-disk') return undefined;
    const parent = result.rows[0]?.ParentPath;
    if (parent !== undefined && parent !== '') parents.set(parent, new Set([...(parents.get(parent) ?? []), ...by]));
  }
  return parents;
}
