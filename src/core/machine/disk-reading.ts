/** A virtual hard disk as Windows says it, by its path. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { CallResult, Failure, Host, HostCall } from '../cmdlets/call.js';
import type { Disk } from './machine.js';

export const diskCall = (at: MachineRef, path: string): HostCall<'Get-VHD'> => ({
  cmdlet: 'Get-VHD',
  params: { Path: path },
  at,
});

/** There is none where Windows says that nothing is there, or that what is there is no disk. */
export function diskOf(path: string, result: CallResult<'Get-VHD'> | undefined): Disk | Failure {
  if (!result) return { kind: 'session-lost' };
  if (!('rows' in result)) return 'failed' in result ? result.failed : result.failure;
  const [row] = result.rows;
  if (row?.DiskIdentifier !== undefined) {
    const fileSize = row.FileSize === undefined ? undefined : Number(row.FileSize);
    return { path, id: row.DiskIdentifier, ...(fileSize !== undefined && { fileSize }) };
  }
  const [error] = result.errors;
  return error && error.kind !== 'not-found' && error.kind !== 'bad-disk' ? error : { path, id: null };
}

/** Virtual disks of a machine, each by its path. */
export async function readDisks(
  host: Pick<Host, 'call'>,
  at: MachineRef,
  paths: readonly string[],
): Promise<readonly Disk[] | Failure> {
  const results = await host.call(paths.map((path) => diskCall(at, path)));
  const disks: Disk[] = [];
  for (const [index, path] of paths.entries()) {
    const disk = diskOf(path, results[index]);
    if ('kind' in disk) return disk;
    disks.push(disk);
  }
  return disks;
}
