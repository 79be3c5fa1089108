/** Errors of the wire as PowerShell's records, and those that the bridge makes itself. */
import type { ErrorRecord } from '../src/core/cmdlets/call.js';
import { cmdlets, type CatalogEntry } from '../src/core/cmdlets/catalog.js';
import type { WireError } from './wire.js';

const modules: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(cmdlets).map(([name, entry]: [string, CatalogEntry]) => [entry.cmdlet ?? name, entry.module]),
);

/** Cmdlets that are made from a CIM class name themselves; others the class of the cmdlet. */
function ownerOf(cmdlet: string): string {
  const type = cmdlet.replace('-', '');
  if (cmdlet === 'Get-CimInstance') return 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand';
  if (cmdlet === 'New-PSSession') return 'Microsoft.PowerShell.Commands.NewPSSessionCommand';
  if (cmdlet === 'Resolve-DnsName') return 'Microsoft.DnsClient.Commands.ResolveDnsName';
  // Seen: GetVHD, NewVhd, MountVhd.
  if (cmdlet.endsWith('-VHD'))
    return `Microsoft.Vhd.PowerShell.Cmdlets.${cmdlet === 'Get-VHD' ? type : type.replace('VHD', 'Vhd')}`;
  const module = modules[cmdlet];
  if (module === 'Microsoft.PowerShell.Management') return `Microsoft.PowerShell.Commands.${type}Command`;
  return module === 'Hyper-V' || module === undefined ? `Microsoft.HyperV.PowerShell.Commands.${type}` : cmdlet;
}

/** The last part of a FullyQualifiedErrorId is the class of the cmdlet, except where PowerShell itself speaks. */
export function recordOf(error: WireError, cmdlet: string): ErrorRecord {
  const whole =
    error.id.includes(',') ||
    error.id.startsWith('Microsoft.Dism.') ||
    // Of a session that was not opened, or has ended: made without the cmdlet.
    error.id.startsWith('PSSession') ||
    error.exception === 'System.Management.Automation.CommandNotFoundException';
  return {
    id: whole ? error.id : `${error.id},${ownerOf(cmdlet)}`,
    category: error.category,
    target: error.target,
    exception: error.exception ?? 'Microsoft.HyperV.PowerShell.VirtualizationException',
    hresult: error.hresult ?? null,
    message: error.message,
  };
}

/** What the bridge itself refuses. */
export const bridgeRecord = (id: string, message: string): ErrorRecord => ({
  id: `Bridge.${id}`,
  category: 'InvalidOperation',
  target: null,
  exception: 'System.InvalidOperationException',
  hresult: null,
  message,
});
