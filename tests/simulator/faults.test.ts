import { describe, expect, it } from 'vitest';
import { GarbageReply, SessionDied } from '../../simulator/faults.js';
import { call, ref, refused, scenario } from './world.js';

describe('faults', () => {
  const nested = { ExposeVirtualizationExtensions: true };

  it('fails only the n-th call of that cmdlet, with the chosen error, and changes nothing then', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('dev-box');
    simulator.fault({ cmdlet: 'Set-VMProcessor', nth: 2, effect: { kind: 'error', error: 'object-in-use' } });
    const set = (on: boolean) =>
      call(simulator, 'Set-VMProcessor', { VM: ref(vm), ExposeVirtualizationExtensions: on });
    expect(refused(await set(true))).toEqual([]);
    expect(refused(await set(false))).toEqual(['ObjectInUse/ResourceBusy']);
    expect(vm.settings.nesting).toBe(true);
    expect(refused(await set(false))).toEqual([]);
  });

  it('can be about one VM, last from then on, and be taken back', async () => {
    const simulator = scenario('workstation');
    const [one, two] = [simulator.outside.vm('dev-box'), simulator.outside.vm('k8s-node-2')];
    const takeBack = simulator.fault({
      cmdlet: 'Start-VM',
      vm: one.id,
      onwards: true,
      effect: { kind: 'error', error: 'start-no-memory' },
    });
    expect(refused(await call(simulator, 'Start-VM', { VM: ref(two) }))).toEqual([]);
    for (let i = 0; i < 2; i++) expect(refused(await call(simulator, 'Start-VM', { VM: ref(one) }))).toHaveLength(1);
    takeBack();
    expect(refused(await call(simulator, 'Start-VM', { VM: ref(one) }))).toEqual([]);
  });

  it('lets the session die before the change or after it', async () => {
    for (const after of [false, true]) {
      const simulator = scenario('workstation');
      const vm = simulator.outside.vm('dev-box');
      simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'die', after } });
      await expect(call(simulator, 'Set-VMProcessor', { VM: ref(vm), ...nested })).rejects.toBeInstanceOf(SessionDied);
      expect(vm.settings.nesting).toBe(after);
    }
  });

  it('answers with garbage, answers late, and lets somebody else be quicker', async () => {
    const simulator = scenario('workstation');
    simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'garbage' } });
    await expect(call(simulator, 'Get-VM')).rejects.toBeInstanceOf(GarbageReply);
    const before = simulator.clock.now();
    simulator.fault({ cmdlet: 'Get-VM', effect: { kind: 'slow', seconds: 7 } });
    await call(simulator, 'Get-VM');
    expect(simulator.clock.now() - before).toBe(7000);
    const vm = simulator.outside.vm('dev-box');
    simulator.fault({
      cmdlet: 'Set-VMProcessor',
      effect: { kind: 'meanwhile', act: () => simulator.outside.put(vm.id, 'Running') },
    });
    expect(refused(await call(simulator, 'Set-VMProcessor', { VM: ref(vm), ...nested }))).toEqual([
      'InvalidState/InvalidOperation',
    ]);
  });

  it('says that all is well and changes nothing, as a setting that does not stay', async () => {
    const simulator = scenario('workstation');
    const vm = simulator.outside.vm('dev-box');
    simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'no-effect' } });
    expect(refused(await call(simulator, 'Set-VMProcessor', { VM: ref(vm), ...nested }))).toEqual([]);
    expect(vm.settings.nesting).toBe(false);
  });

  it('one broken VM: some of its properties throw, and all others are there', async () => {
    const simulator = scenario('one-broken-vm');
    const { rows, errors } = await call(simulator, 'Get-VM');
    expect(errors).toEqual([]);
    expect(rows).toHaveLength(8);
    const broken = rows.filter((row) => JSON.stringify(row).includes('$throws'));
    expect(broken).toMatchObject([
      { Name: 'archive-2019', State: 'OffCritical', Version: { $throws: { id: 'ObjectNotFound' } } },
    ]);
  });
});
