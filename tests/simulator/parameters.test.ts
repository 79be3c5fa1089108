import { describe, expect, it } from 'vitest';
import { like } from '../../simulator/parameters.js';
import { call, ref, refused, scenario } from './world.js';

const names = async (parameters: Readonly<Record<string, unknown>>, simulator = scenario('workstation')) =>
  (await call(simulator, 'Get-VM', parameters)).rows.map((row) => row['Name']);

describe('which VMs a call means', () => {
  it('by name with wildcards and without regard to case, by several names, by id', async () => {
    expect(await names({ Name: 'K8S-*' })).toEqual(['k8s-node-1', 'k8s-node-2']);
    expect(await names({ VMName: ['dev-box', '构建?'] })).toEqual(['dev-box', '构建机']);
    expect(await names({ Name: 'win11 $(nested)' })).toEqual(['win11 $(nested)']);
    expect(await names({ Name: 'k8s-node-[2-9]' })).toEqual(['k8s-node-2']);
  });

  it('reads a name literally where it only looks like a pattern', () => {
    for (const name of ['a.b', 'win11 $(nested)', 'x^y|z', '构建机', 'a-b', 'tick\n2']) {
      expect(like(name)(name)).toBe(true);
      expect(like(name)(`${name}x`)).toBe(false);
    }
    expect(like('a`*b')('a*b')).toBe(true);
    expect(like('a`*b')('axb')).toBe(false);
  });

  it('says which name was not found: as a read does, as a change does; a wildcard without a match is no error', async () => {
    const simulator = scenario('workstation');
    const missing = await call(simulator, 'Get-VM', { Name: 'nope' });
    expect(missing.errors).toMatchObject([{ id: 'InvalidParameter', category: 'InvalidArgument', target: 'nope' }]);
    expect(refused(await call(simulator, 'Start-VM', { Name: 'nope' }))).toEqual(['ObjectNotFound/ObjectNotFound']);
    expect(refused(await call(simulator, 'Get-VM', { Id: '00000000-0000-0000-0000-000000000001' }))).toEqual([
      'ObjectNotFound/ObjectNotFound',
    ]);
    expect(await call(simulator, 'Get-VM', { Name: 'nope*' })).toMatchObject({ rows: [], errors: [] });
  });

  it('says that the VM of a kept object is gone', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('dev-box');
    simulator.outside.remove(vm.id);
    expect(refused(await call(simulator, 'Get-VMProcessor', { VM: ref(vm) }))).toEqual([
      'ObjectNotFound/ObjectNotFound',
    ]);
  });

  it('refuses what the parameter binder refuses', async () => {
    const simulator = scenario('workstation');
    const vm = ref(simulator.outside.vm('dev-box'));
    expect(refused(await call(simulator, 'Get-VM', { Nmae: 'x' }))).toEqual(['NamedParameterNotFound/InvalidArgument']);
    expect(refused(await call(simulator, 'Get-VMProcessor', { VM: vm, VMName: 'x' }))).toEqual([
      'AmbiguousParameterSet/InvalidArgument',
    ]);
    expect(refused(await call(simulator, 'Set-VMProcessor', { Count: 2 }))).toEqual([
      'MissingMandatoryParameter/InvalidArgument',
    ]);
  });
});

describe('texts', () => {
  it('are localised; ids are not', async () => {
    const german = scenario('amd-on-windows-11');
    const chinese = scenario('inside-another-hypervisor');
    const english = scenario('workstation');
    const replies = await Promise.all([english, german, chinese].map((one) => call(one, 'Get-VM', { Name: 'nope' })));
    expect(new Set(replies.map(({ errors }) => errors[0]?.message)).size).toBe(3);
    expect(new Set(replies.map(({ errors }) => errors[0]?.id)).size).toBe(1);
  });

  it('localise the names of integration services, whose ids stay', async () => {
    const of = async (name: 'workstation' | 'amd-on-windows-11') => {
      const simulator = scenario(name);
      return (await call(simulator, 'Get-VMIntegrationService', { VM: ref(simulator.outside.vm('k8s-node-1')) })).rows;
    };
    const [english, german] = [await of('workstation'), await of('amd-on-windows-11')];
    const shutdown = (rows: typeof english) =>
      rows.find((row) => String(row['Id']).endsWith('9F8233AC-BE49-4C79-8EE3-E7E1985B2077'));
    expect([shutdown(english)?.['Name'], shutdown(german)?.['Name']]).toEqual(['Shutdown', 'Herunterfahren']);
  });
});
