/** What of a VM could not be read. A call for all VMs does not say of which of them an error is: each that lacks something has it. */
import type { Failure } from '../cmdlets/call.js';
import { cmdlets, type RowOf } from '../cmdlets/catalog.js';
import type { Read } from '../cmdlets/reads.js';
import type { Vm } from './machine.js';
import { ifRead } from './reading.js';

export interface VmReads {
  readonly list: Read<'Get-VM'>;
  readonly processors: Read<'Get-VMProcessor'>;
  readonly adapters: Read<'Get-VMNetworkAdapter'>;
  readonly checkpoints: Read<'Get-VMSnapshot'>;
  readonly services?: Read<'Get-VMIntegrationService'>;
}

/** Of one VM. With all of them, a small answer of many VMs and many errors would come to its square. */
export const mostFailures = 10;

/** It names a VM twice, or another one than was asked for. */
export const answersWrongly: Failure = { kind: 'guest-answers-wrongly', cmdlet: 'Get-VM' };

/** Of these reads, those that may be a VM's: of a property that its row lacks, of a call that has no rows of it. */
export function failuresIn(reads: VmReads): (vm: Vm, row: RowOf<'Get-VM'>) => readonly Failure[] {
  const few = (
    read: Read<'Get-VMProcessor' | 'Get-VMNetworkAdapter' | 'Get-VMSnapshot' | 'Get-VMIntegrationService'> | undefined,
  ) => read?.errors.slice(0, mostFailures) ?? [];
  // The bridge says each property once.
  const ofProperties = new Map(
    reads.list.errors.flatMap((failure) => (isOfRow(failure.property) ? ([[failure.property, failure]] as const) : [])),
  );
  const [processors, adapters] = [few(reads.processors), few(reads.adapters)];
  const [checkpoints, services] = [few(reads.checkpoints), few(reads.services)];
  return (vm, row) => {
    const lacking = [...ofProperties].flatMap(([property, failure]) => (row[property] === undefined ? [failure] : []));
    const hasAdapters = ifRead(vm.adapters, false, (all) =>
      all.every(({ macSpoofing, switchId }) => macSpoofing !== undefined && switchId !== undefined),
    );
    return [
      ...lacking,
      ...(vm.nesting === undefined ? processors : []),
      ...(hasAdapters ? [] : adapters),
      ...(vm.checkpoints === undefined ? checkpoints : []),
      ...(reads.services && vm.shutdownService === undefined ? services : []),
    ];
  };
}

const isOfRow = (property: string | undefined): property is keyof RowOf<'Get-VM'> =>
  property !== undefined && Object.hasOwn(cmdlets['Get-VM'].reads, property);
