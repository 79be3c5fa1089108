/** Files of a PC that a VM can be created from, and which of the disks among them are a VM's already. */
import type { Host } from '../core/cmdlets/call.js';
import { readDiskUsers } from '../core/machine/disk-users.js';
import type { FoundFiles } from '../core/machine/files.js';
import type { Machine } from '../core/machine/machine.js';
import { ifRead } from '../core/machine/reading.js';
import type { Place } from './place.js';

/** `uses`: whether a VM uses a disk is asked too, which takes a call for each VM; where it cannot be read it is not known. */
export async function foundFiles(
  { files, downloads }: Pick<Place, 'files' | 'downloads'>,
  machine: Machine | null,
  host: Pick<Host, 'call'>,
  { uses }: { readonly uses: boolean },
): Promise<FoundFiles> {
  const folders = [downloads(), machine?.host.folders?.disks].filter((one) => one !== undefined);
  const found = await files.find(folders);
  const vms = uses && found.disks.length > 0 ? ifRead(machine?.vms, undefined, (all) => all.map(({ id }) => id)) : [];
  const users = uses && vms && machine ? await readDiskUsers(host, machine.at, vms) : undefined;
  if (!users) return found;
  const isUsed = (path: string): boolean => (users.get(path.toLowerCase())?.size ?? 0) > 0;
  return { ...found, disks: found.disks.map((disk) => ({ ...disk, isUsed: isUsed(disk.path) })) };
}
