/** What no reading of a VM shows is asked for once, when it has been made: its size, its network, its firmware, its TPM and its drives. */
import { hostOf, idOf, type VmRef } from '../cmdlets/ref.js';
import { readOf } from '../cmdlets/reads.js';
import type { Host } from '../cmdlets/call.js';
import type { Message } from '../../text/index.js';
import { templates } from '../change/new-vm.js';
import type { NewVm } from '../machine/goal.js';
import { isSamePath } from '../machine/paths.js';

/** One thing that was asked for. `now`: as Windows says it; undefined: it could not be read. */
interface Compared {
  readonly source: string;
  readonly now: string | number | boolean | undefined;
  readonly isSo: boolean;
}

/** What is otherwise than asked for; else what could not be read. undefined: all of it is so. */
export async function otherwiseThan(host: Pick<Host, 'call'>, ref: VmRef, asked: NewVm): Promise<Message | undefined> {
  const all = await compared(host, ref, asked);
  const vm = asked.name;
  const other = all.filter(({ now, isSo }) => now !== undefined && !isSo);
  if (other.length > 0) {
    // Of what is not there nothing is written.
    const what = other.map(({ source, now }) => `${source}: ${now === '' ? '–' : String(now)}`).join(', ');
    return { key: 'create.otherwise', params: { vm, what } };
  }
  const unread = all.filter(({ now }) => now === undefined).map(({ source }) => source);
  return unread.length === 0 ? undefined : { key: 'create.unread', params: { vm, what: unread.join(', ') } };
}

async function compared(host: Pick<Host, 'call'>, ref: VmRef, asked: NewVm): Promise<readonly Compared[]> {
  const [at, id] = [hostOf(ref), idOf(ref)];
  const of = { params: {}, at, on: { vm: id } } as const;
  const results = await host.call([
    { cmdlet: 'Get-VM', params: { Id: id }, at },
    { cmdlet: 'Get-VMNetworkAdapter', ...of },
    { cmdlet: 'Get-VMFirmware', ...of },
    { cmdlet: 'Get-VMSecurity', ...of },
    { cmdlet: 'Get-VMHardDiskDrive', ...of },
    { cmdlet: 'Get-VMDvdDrive', ...of },
  ]);
  const [own, adapters, firmware, security, disk, dvd] = results;
  const vm = readOf(own).rows?.[0];
  const wires = readOf(adapters).rows;
  const boot = readOf(firmware).rows?.[0];
  const { secureBoot, iso } = asked;
  return [
    is('Get-VM ProcessorCount', vm?.ProcessorCount, asked.processors),
    is('Get-VM MemoryStartup', vm?.MemoryStartup, asked.memory),
    is('Get-VMNetworkAdapter SwitchName', wires && (wires[0]?.SwitchName ?? ''), asked.switchName ?? ''),
    is('Get-VMFirmware SecureBoot', boot?.SecureBoot, secureBoot === 'off' ? 'Off' : 'On'),
    ...(secureBoot === 'off'
      ? []
      : [is('Get-VMFirmware SecureBootTemplate', boot?.SecureBootTemplate, templates[secureBoot])]),
    is('Get-VMSecurity TpmEnabled', readOf(security).rows?.[0]?.TpmEnabled, asked.tpm),
    hasPath('Get-VMHardDiskDrive Path', readOf(disk).rows, asked.disk.path),
    ...(iso === undefined ? [] : [hasPath('Get-VMDvdDrive Path', readOf(dvd).rows, iso)]),
  ];
}

const is = (source: string, now: Compared['now'], wanted: Compared['now']): Compared => ({
  source,
  now,
  isSo: now === wanted,
});

/** One drive of them has it. */
function hasPath(
  source: string,
  drives: readonly { readonly Path: string | undefined }[] | undefined,
  path: string,
): Compared {
  const paths = drives?.map(({ Path }) => Path);
  const isSo = paths?.some((one) => one !== undefined && isSamePath(one, path)) === true;
  const isUnread = !isSo && (paths === undefined || paths.includes(undefined));
  return { source, now: isUnread ? undefined : paths.join(', '), isSo };
}
