/** What no reading of a VM shows is asked for once, when it has been made: its size, its network, its firmware, its TPM and its drives. */
import { hostOf, idOf, type VmRef } from '../cmdlets/ref.js';
import { readOf } from '../cmdlets/reads.js';
import type { Host } from '../cmdlets/call.js';
import { facts, type Fact } from '../checks/check.js';
import { templates } from '../change/new-vm.js';
import type { NewVm } from '../machine/goal.js';
import { isSamePath } from '../machine/paths.js';

/** What is otherwise than asked for, as Windows says it; what cannot be read is null. Empty: all of it is so. */
export async function otherwiseThan(host: Pick<Host, 'call'>, ref: VmRef, asked: NewVm): Promise<readonly Fact[]> {
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
  const wire = readOf(adapters).rows?.[0];
  const boot = readOf(firmware).rows?.[0];
  const tpm = readOf(security).rows?.[0]?.TpmEnabled;
  const template = asked.secureBoot === 'off' ? undefined : templates[asked.secureBoot];
  return [
    ...unless(vm?.ProcessorCount === asked.processors, 'Get-VM ProcessorCount', vm?.ProcessorCount),
    ...unless(vm?.MemoryStartup === asked.memory, 'Get-VM MemoryStartup', vm?.MemoryStartup),
    ...unless(
      (wire?.SwitchName ?? '') === (asked.switchName ?? ''),
      'Get-VMNetworkAdapter SwitchName',
      wire?.SwitchName,
    ),
    ...unless(
      boot?.SecureBoot === (asked.secureBoot === 'off' ? 'Off' : 'On'),
      'Get-VMFirmware SecureBoot',
      boot?.SecureBoot,
    ),
    ...unless(
      template === undefined || boot?.SecureBootTemplate === template,
      'Get-VMFirmware SecureBootTemplate',
      boot?.SecureBootTemplate,
    ),
    ...unless(tpm === asked.tpm, 'Get-VMSecurity TpmEnabled', tpm),
    ...unless(hasPath(readOf(disk).rows, asked.disk.path), 'Get-VMHardDiskDrive Path', readOf(disk).rows?.[0]?.Path),
    ...unless(
      asked.iso === undefined || hasPath(readOf(dvd).rows, asked.iso),
      'Get-VMDvdDrive Path',
      readOf(dvd).rows?.[0]?.Path,
    ),
  ];
}

const unless = (isSo: boolean, source: string, value: Fact['value'] | undefined): readonly Fact[] =>
  isSo ? [] : facts(source, value);

const hasPath = (rows: readonly { readonly Path: string | undefined }[] | undefined, path: string): boolean =>
  rows?.some(({ Path }) => Path !== undefined && isSamePath(Path, path)) ?? false;
