/** Every read of the catalog, with the types that the catalog says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cmdlets, type CatalogEntry, type CmdletName } from '../../../src/core/cmdlets/catalog.js';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import { membersOf } from '../recording.js';
import type { Live } from '../suite.js';
import { diskOf, size } from './making.js';

type Row = Readonly<Record<string, unknown>>;

const reads = Object.entries<CatalogEntry>(cmdlets).flatMap(([name, entry]) =>
  // By construction a name of the catalog.
  entry.kind === 'read' ? [{ name: name as CmdletName, entry }] : [],
);

/** What a PC need not have; all else has rows here. */
const mayBeEmpty: ReadonlySet<string> = new Set<CmdletName>([
  'Get-CimInstance/Win32_SystemDriver',
  'Get-CimInstance/ThirdPartyService',
  'Get-CimInstance/MSFT_NetNat',
  'Get-NetNat',
  'Get-CimInstance/MSFT_NetNatStaticMapping',
  'Get-NetNatStaticMapping',
  // Of a VM that was made without one.
  'Get-VMHardDiskDrive',
]);
/** Of a feature that this Windows does not know there is no row, or an error. */
const mayBeUnknown = (name: string): boolean => name.startsWith('Get-WindowsOptionalFeature/');

const params: Readonly<Record<string, Row>> = {
  'Test-NetConnection/Ping': { ComputerName: '8.8.8.8' },
  'Test-NetConnection/Port': { ComputerName: '8.8.8.8', Port: 443 },
  'Resolve-DnsName': { Name: 'dns.google' },
};

/** What a row has that is not as the catalog says. */
function faultsIn({ reads: wanted }: CatalogEntry, row: Row): readonly string[] {
  return Object.entries(wanted).flatMap(([property, type]) => {
    const value = row[property];
    if (value === undefined) return [`${property} is no ${type}`];
    const known = membersOf(type);
    return known && typeof value === 'string' && !known.includes(value)
      ? [`${property}: ${type} has no ${value} in the catalog`]
      : [];
  });
}

export function readsSuite(live: () => Live): void {
  describe('every read of the catalog', () => {
    let vm = '';
    let disk = '';
    const answered: string[] = [];
    beforeAll(async () => {
      vm = await live().make('read');
      await live().act('checkpoint', vm);
      disk = await diskOf(live(), 'read');
      await live().ask('New-VHD', { Path: disk, SizeBytes: size });
      await live().ask('Add-VMDvdDrive', {}, { vm: live().pc.id(vm) });
      await live().ask('Start-VM', {}, { vm: live().pc.id(vm) });
    });
    afterAll(() =>
      console.log(`Reads of the catalog answered as it says: ${String(answered.length)} of ${String(reads.length)}`),
    );

    it.each(reads)('$name', async ({ name, entry }) => {
      const { ask, pc } = live();
      const { rows = [], errors } = readOf(
        await ask(
          name,
          name === 'Get-VHD' ? { Path: disk } : (params[name] ?? {}),
          entry.takes ? { vm: pc.id(vm) } : undefined,
        ),
      );
      if (mayBeUnknown(name) && rows.length === 0)
        expect(errors.filter(({ kind }) => kind === 'unexpected')).toEqual([]);
      else expect(errors).toEqual([]);
      if (!mayBeEmpty.has(name) && !mayBeUnknown(name)) expect(rows.length).toBeGreaterThan(0);
      expect((rows as readonly Row[]).flatMap((row) => faultsIn(entry, row))).toEqual([]);
      answered.push(name);
    });
  });
}
