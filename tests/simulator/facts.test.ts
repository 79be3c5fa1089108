import { describe, expect, it } from 'vitest';
import errorFacts from '../../simulator/facts/errors.json' with { type: 'json' };
import cmdletFacts from '../../simulator/facts/cmdlets.json' with { type: 'json' };
import objectFacts from '../../simulator/facts/objects.json' with { type: 'json' };
import cimFacts from '../../simulator/facts/cim.json' with { type: 'json' };
import { errors, wireError, type ErrorId } from '../../simulator/errors.js';
import { cmdlets as catalog, type CatalogEntry } from '../../src/core/cmdlets/catalog.js';
import { oneDisk, withFiles } from './walks-making.js';
import { call, ref, scenario } from './world.js';

const known = new Map(errorFacts.errors.map((error) => [error.id, error]));
const samples = {
  vm: '{vm}',
  vmid: '{vmid}',
  host: '{host}',
  name: '{name}',
  mb: '{mb}',
  cmdlet: 'Get-VM',
  code: 32788,
  command: 'GetWindowsOptionalFeature',
  guid: '{guid}',
  property: '{property}',
};
interface RealObject {
  readonly properties: object;
  readonly cimClass?: string;
  readonly etsProperties?: object;
  readonly newerProperties?: object;
}
const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('the simulator agrees with the facts', () => {
  const ids = (Object.keys(errors) as ErrorId[]).filter((id) => known.has(id));

  it.each(ids)('%s: identifier, category and text are those of the facts', (id) => {
    const fact = known.get(id);
    const {
      id: identifier,
      category,
      message,
    } = wireError('en', id, id === 'import-module-missing' ? { name: 'Hyper-V' } : samples);
    // What the facts mark as unknown or as a guess is ours.
    // Of several cmdlets of PowerShell Direct the facts name several; ours are those of New-PSSession.
    const ids = fact?.fullyQualifiedErrorId?.startsWith('as ')
      ? known.get(fact.fullyQualifiedErrorId.slice(3))?.fullyQualifiedErrorId
      : fact?.fullyQualifiedErrorId;
    if (ids && !/^unknown/.test(ids))
      expect(ids.split(/[,|]/).map((one) => one.trim().replace(/ \(.*\)$/, ''))).toContain(identifier.split(',')[0]);
    if (fact?.category && !/^unknown/.test(fact.category))
      expect(fact.category.split(':')[0]?.split(' ')[0]).toBe(category);
    if (fact?.message && !/unknown|inferred|\.\.\./.test(fact.message))
      expect(squeezed(message)).toBe(squeezed(fact.message));
  });

  it('knows every cmdlet of the catalog', () => {
    const missing = Object.entries(catalog)
      .map(([name, entry]: [string, CatalogEntry]) => entry.cmdlet ?? name)
      .filter((name) => !(name in cmdletFacts.cmdlets));
    expect(missing).toEqual([]);
  });

  it('writes every property that the catalog reads, and none that the real object lacks', async () => {
    const simulator = scenario('workstation');
    const { guest, id: l1 } = simulator.outside.vm('构建机');
    const inner = guest.machine;
    const [vm] = inner?.vms.values() ?? [];
    if (!inner || !vm) throw new Error('the workstation has a machine with VMs inside');
    inner.drivers['VBoxSup'] = 'Running';
    withFiles({ inner, windows: vm });
    inner.services['VBoxSDS'] = { state: 'Stopped', startMode: 'Manual' };
    inner.network.nats.push({ id: 'one;0', name: 'one', prefix: '10.77.0.0/24' });
    inner.network.ports.mappings.push({ id: 0, natName: 'one', protocol: 'TCP', hostPort: 8081, address: '10.77.0.2', vmPort: 80 }); // prettier-ignore
    vm.checkpoints.push({ id: vm.id, name: 'one', automatic: false, created: 0, parent: null, settings: vm.settings, version: '12.0' }); // prettier-ignore
    const objects: Readonly<Record<string, RealObject>> = { ...objectFacts.objects, ...cimFacts.objects };
    const values = { ComputerName: '8.8.8.8', Port: 443, Name: 'dns.google' };
    for (const [name, entry] of Object.entries(catalog) as [string, CatalogEntry][]) {
      if (entry.kind !== 'read') continue;
      const cmdlet = entry.cmdlet ?? name;
      const given = Object.entries(values).filter(([parameter]) => entry.inside && parameter in entry.params);
      const { rows, errors: refusals } = await simulator.invoke({
        machine: l1,
        elevated: true,
        cmdlet,
        parameters: {
          ...entry.fixed,
          ...(cmdlet.startsWith('Get-NetNat') ? {} : Object.fromEntries(given)),
          ...(cmdlet === 'Get-VHD' ? { Path: oneDisk } : {}),
          ...(entry.takes ? { VM: ref(vm) } : {}),
        },
      });
      expect([name, refusals, rows.length > 0]).toEqual([name, [], true]);
      for (const property of Object.keys(entry.reads)) expect(rows[0], name).toHaveProperty(property);
      const wanted = String(entry.fixed?.['ClassName'] ?? cmdlet);
      const facts = objects[wanted] ?? Object.values(objects).find(({ cimClass }) => cimClass?.endsWith(`/${wanted}`));
      const real = new Set(Object.keys({ ...facts?.properties, ...facts?.etsProperties, ...facts?.newerProperties }));
      expect([name, Object.keys(rows[0] ?? {}).filter((property) => !real.has(property))]).toEqual([name, []]);
    }
  });

  it('writes only members of the real enumerations', async () => {
    const members: Readonly<Record<string, { readonly members: object }>> = objectFacts.enums;
    for (const name of ['workstation', 'one-broken-vm', 'locked-guest', 'lab-of-1000'] as const) {
      const simulator = scenario(name);
      const all = [...simulator.world.host.vms.values()].map((vm) => ref(vm));
      for (const cmdlet of ['Get-VM', 'Get-VMNetworkAdapter', 'Get-VMIntegrationService'] as const) {
        const { rows } = await call(simulator, cmdlet, cmdlet === 'Get-VM' ? {} : { VM: all });
        for (const [property, { type }] of Object.entries<{ type: string }>(objectFacts.objects[cmdlet].properties)) {
          const values = members[type.replace('?', '')]?.members;
          if (!values) continue;
          const odd = rows
            .map((row) => row[property] ?? null)
            .filter((value) => value !== null && typeof value === 'string' && !(value in values));
          expect([name, cmdlet, property, odd]).toEqual([name, cmdlet, property, []]);
        }
      }
    }
  });

  it('offers the configuration versions that are documented for each Windows', async () => {
    const versions = async (name: 'workstation' | 'amd-on-windows-11' | 'amd-on-windows-10') =>
      (await call(scenario(name), 'Get-VMHost')).rows[0]?.['SupportedVmVersions'];
    expect(await versions('workstation')).toEqual([
      '8.0',
      '8.1',
      '8.2',
      '8.3',
      '9.0',
      '9.1',
      '9.2',
      '9.3',
      '10.0',
      '11.0',
      '12.0',
    ]);
    expect(await versions('amd-on-windows-11')).not.toContain('12.0');
    expect(await versions('amd-on-windows-10')).not.toContain('9.3');
  });
});
