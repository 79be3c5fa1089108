/** What a call works on: objects by their id, or those that an earlier call of the batch has found. */
import type { ErrorRecord, Failure, Target } from '../src/core/cmdlets/call.js';
import { wireError } from './errors.js';
import { bridgeRecord, recordOf } from './records.js';
import type { WireReply } from './wire.js';

export type Outcome =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly errors: readonly Failure[] }
  | { readonly failed: Failure }
  | { readonly unknown: true; readonly failure: Failure };

/** Objects that an earlier call of a batch has returned, to be piped on. */
export interface Piped {
  readonly type: string;
  readonly ids: readonly string[];
}
export const reference = ({ type, ids }: Piped) => ids.map((id) => ({ $ref: { type, id } }));

export interface Batch {
  readonly outcomes: Outcome[];
  /** By index of the call; made when it is asked for. */
  readonly piped: ((() => Piped | undefined) | undefined)[];
  /** In a batch Get-VM -Id runs once for each VM. */
  readonly vms: Map<string, Promise<WireReply>>;
}

export function pipedFrom(reply: WireReply): Piped | undefined {
  if (reply.type === undefined) return undefined;
  return { type: reply.type, ids: reply.rows.map((row) => String(row['Id'] ?? row['InstanceID'])) };
}

/** Parameters that the bridge gives by itself. */
interface Given {
  readonly given: Readonly<Record<string, unknown>>;
}
type Send = (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<WireReply>;
type Found = Piped | { readonly error: ErrorRecord };
const notOne = (count: number, of: string) => ({ error: bridgeRecord('KeepNotOne', `${String(count)} objects ${of}`) });

export async function resolveTarget(
  target: Target,
  batch: Batch,
  send: Send,
): Promise<Found | Given | { readonly failed: Failure }> {
  if ('call' in target) {
    const outcome = batch.outcomes[target.call];
    if (outcome && 'failed' in outcome) return { failed: outcome.failed };
    return batch.piped[target.call]?.() ?? { type: 'VirtualMachine', ids: [] };
  }
  if ('switch' in target) {
    const found = await send('Get-VMSwitch', { Id: target.switch });
    const [failed] = found.errors;
    return failed ? { error: recordOf(failed, 'Get-VMSwitch') } : (pipedFrom(found) ?? { type: 'VMSwitch', ids: [] });
  }
  if ('disk' in target) {
    const found = await send('Get-VHD', { Path: target.disk.path });
    const [failed] = found.errors;
    if (failed) return { error: recordOf(failed, 'Get-VHD') };
    const same = found.rows.filter(
      (row) => String(row['DiskIdentifier']).toLowerCase() === target.disk.id.toLowerCase(),
    );
    if (same.length !== 1) return notOne(same.length, `with DiskIdentifier equal to ${target.disk.id}`);
    const [free] = same.filter((row) => row['Attached'] === false);
    return free ? { given: { LiteralPath: free['Path'] } } : notOne(0, 'with Attached equal to False');
  }
  if ('nat' in target) return oneWith('Get-NetNat', 'InstanceID', target.nat, 'MSFT_NetNat', send);
  if ('mapping' in target)
    return oneWith('Get-NetNatStaticMapping', 'StaticMappingID', target.mapping, 'MSFT_NetNatStaticMapping', send);
  const asked = batch.vms.get(target.vm) ?? send('Get-VM', { Id: target.vm });
  batch.vms.set(target.vm, asked);
  const vm = await asked;
  const [error] = vm.errors;
  if (error) return { error: recordOf(error, 'Get-VM') };
  const found = pipedFrom(vm) ?? { type: 'VirtualMachine', ids: [] };
  // An answer with nothing in it: there is nothing to change.
  if (found.ids.length === 0)
    return { error: recordOf(wireError('en', 'vm-not-found-id', { vmid: target.vm }), 'Get-VM') };
  if ('dvd' in target) {
    const drives = await send('Get-VMDvdDrive', { VM: reference(found) });
    const [driveError] = drives.errors;
    if (driveError) return { error: recordOf(driveError, 'Get-VMDvdDrive') };
    const ids = pipedFrom(drives)?.ids ?? [];
    if (ids.length === 0) return { error: bridgeRecord('NoObjects', 'nothing for Set-VMFirmware to work on') };
    const [FirstBootDevice] = reference({ type: 'DvdDrive', ids });
    return ids.length === 1
      ? { given: { VM: reference(found), FirstBootDevice } }
      : notOne(ids.length, 'for Set-VMFirmware');
  }
  if ('adapter' in target) return partOf(found, 'Get-VMNetworkAdapter', 'VMNetworkAdapter', target.adapter, send);
  if ('checkpoint' in target) return partOf(found, 'Get-VMSnapshot', 'VMSnapshot', target.checkpoint, send);
  return found;
}

/** The one object that a read lists with that value. */
async function oneWith(read: string, property: string, wanted: string, type: string, send: Send): Promise<Found> {
  const listed = await send(read, {});
  const [error] = listed.errors;
  if (error) return { error: recordOf(error, read) };
  const ids = listed.rows.flatMap((row) => (String(row[property]) === wanted ? [String(row['InstanceID'])] : []));
  return ids.length === 1 ? { type, ids } : notOne(ids.length, `with ${property} equal to ${wanted}`);
}

/** The one of that id among what a read of the VM lists. */
async function partOf(vm: Piped, read: string, type: string, wanted: string, send: Send): Promise<Found> {
  const listed = await send(read, { VM: reference(vm) });
  const [error] = listed.errors;
  if (error) return { error: recordOf(error, read) };
  const ids = (pipedFrom(listed)?.ids ?? []).filter((id) => id.toLowerCase() === wanted.toLowerCase());
  if (ids.length === 1) return { type, ids };
  return notOne(ids.length, `with Id equal to ${wanted}`);
}
