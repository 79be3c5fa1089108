import { describe, expect, it } from 'vitest';
import { call, ref, refused, scenario, small } from './world.js';

// Facts: objects.json → Get-VM → stateTransitions.
describe('transitions', () => {
  it('warns and does not fail when the VM is already there', async () => {
    const { run, vm } = small({ state: 'Running' });
    expect(await run('Start-VM')).toMatchObject({
      errors: [],
      warnings: ['The virtual machine is already in the specified state.'],
    });
    const off = small();
    for (const [cmdlet, more] of [
      ['Stop-VM', { TurnOff: true }],
      ['Stop-VM', {}],
      ['Remove-VMSavedState', {}],
    ] as const)
      expect(await off.run(cmdlet, more)).toMatchObject({ errors: [], warnings: [expect.stringContaining('already')] });
    expect([vm.state, off.vm.state]).toEqual(['Running', 'Off']);
  });

  it.each([
    ['Stop-VM', 'Paused'],
    ['Stop-VM', 'Saved'],
    ['Resume-VM', 'Off'],
    ['Resume-VM', 'Saved'],
    ['Remove-VMSavedState', 'Running'],
    ['Remove-VMSavedState', 'Paused'],
  ] as const)('refuses %s from %s with InvalidState and leaves the VM alone', async (cmdlet, state) => {
    const { run, vm } = small({ state });
    expect(refused(await run(cmdlet))).toEqual(['InvalidState/InvalidOperation']);
    expect(vm.state).toBe(state);
  });

  it('resumes a paused VM that is started, after a warning (start-paused)', async () => {
    const { run, vm } = small({ state: 'Paused' });
    expect(await run('Start-VM')).toMatchObject({ errors: [], warnings: [expect.stringContaining('was paused')] });
    expect(vm.state).toBe('Running');
  });

  it('drops the saved state when a saved VM is turned off or its state is removed, and keeps it when it is started', async () => {
    for (const [cmdlet, more, after] of [
      ['Stop-VM', { TurnOff: true }, 'Off'],
      ['Remove-VMSavedState', {}, 'Off'],
      ['Start-VM', {}, 'Running'],
    ] as const) {
      const { run, vm } = small({ state: 'Saved', up: 500 });
      await run(cmdlet, more);
      expect([cmdlet, vm.state, vm.ranBefore]).toEqual([cmdlet, after, after === 'Off' ? 0 : 500_000]);
    }
  });

  it('passes through Starting and Stopping, so that a watcher sees them', async () => {
    const { simulator, run } = small();
    const seen: string[] = [];
    simulator.on((event) => event.kind === 'changed' && seen.push(event.state));
    await run('Start-VM');
    await run('Stop-VM', { TurnOff: true });
    expect(seen).toEqual(['Starting', 'Running', 'Stopping', 'Off']);
  });

  // sideEffects
  it('takes an automatic checkpoint before a start when there is none, and deletes it when the VM goes off', async () => {
    const { run, vm } = small({ settings: { automaticCheckpoints: true } });
    await run('Start-VM');
    expect(vm.checkpoints).toMatchObject([{ automatic: true, parent: null }]);
    expect(vm.parentCheckpoint).toBe(vm.checkpoints[0]?.id);
    await run('Stop-VM', { TurnOff: true });
    expect([vm.checkpoints, vm.parentCheckpoint]).toEqual([[], null]);
  });

  it('takes no automatic checkpoint on top of one that somebody made, and never deletes that', async () => {
    const { simulator, run, vm } = small({ settings: { automaticCheckpoints: true } });
    const mine = simulator.outside.checkpoint(vm.id, 'before the update');
    await run('Start-VM');
    await run('Stop-VM', { TurnOff: true });
    expect(vm.checkpoints.map(({ id }) => id)).toEqual([mine]);
  });
});

describe('shutting down', () => {
  const booted = () => small({ state: 'Running', up: 600 });

  it('waits for a guest that obeys', async () => {
    const { run, vm, simulator } = booted();
    const before = simulator.clock.now();
    expect(await run('Stop-VM', { Confirm: false })).toMatchObject({ errors: [], warnings: [] });
    expect(vm.state).toBe('Off');
    expect(simulator.clock.now() - before).toBe(5000);
  });

  it('waits for minutes while Windows installs updates', async () => {
    const { run, vm, simulator } = booted();
    vm.guest.obeys = 'updating';
    const before = simulator.clock.now();
    await run('Stop-VM', { Confirm: false });
    expect([vm.state, simulator.clock.now() - before]).toEqual(['Off', 245_000]);
  });

  it('is refused by a locked guest with 32781, and the VM runs on (domain §2)', async () => {
    const { run, vm } = booted();
    vm.guest.obeys = 'locked';
    const reply = await run('Stop-VM', { Confirm: false });
    expect(refused(reply)).toEqual(['Unspecified/NotSpecified']);
    expect(reply.errors[0]?.message).toContain('32781');
    expect(vm.state).toBe('Running');
  });

  it('asks, and so fails without a person, when the shutdown service cannot take it (stop-no-shutdown-ic)', async () => {
    const off = small({ state: 'Running', up: 600, shutdownService: false });
    const booting = small({ state: 'Running', up: 1 });
    for (const { run, vm } of [off, booting]) {
      expect(refused(await run('Stop-VM', { Confirm: false }))).toEqual(['HostFunctionNotImplemented/NotImplemented']);
      expect(vm.state).toBe('Running');
    }
  });

  it('can be ended by turning off while the guest hangs', async () => {
    const { run, vm, simulator } = booted();
    vm.guest.obeys = 'hung';
    const asked = simulator.once((event) => event.kind === 'changed');
    const shutDown = run('Stop-VM', { Confirm: false });
    await asked;
    expect(vm.state).toBe('Stopping');
    await run('Stop-VM', { TurnOff: true, Confirm: false });
    // The call that was overtaken says that the state is no longer what it asked for.
    expect(refused(await shutDown)).toEqual(['InvalidState/InvalidOperation']);
    expect(vm.state).toBe('Off');
  });

  it('refuses -Save with -TurnOff (stop-exclusive)', async () => {
    const { run } = booted();
    expect(refused(await run('Stop-VM', { Save: true, TurnOff: true }))).toEqual(['InvalidParameter/InvalidArgument']);
  });
});

describe('starting', () => {
  it('fails where the platform cannot nest, although the setting was accepted (start-nested-unsupported)', async () => {
    const simulator = scenario('amd-on-windows-10');
    const vm = simulator.outside.vm('dev-box');
    expect(
      await call(simulator, 'Set-VMProcessor', { VM: ref(vm), ExposeVirtualizationExtensions: true }),
    ).toMatchObject({ errors: [] });
    const reply = await call(simulator, 'Start-VM', { VM: ref(vm) });
    expect(reply.errors[0]?.message).toContain('does not support nested virtualization');
    expect(vm.state).toBe('Off');
    await call(simulator, 'Set-VMProcessor', { VM: ref(vm), ExposeVirtualizationExtensions: false });
    expect(await call(simulator, 'Start-VM', { VM: ref(vm) })).toMatchObject({ errors: [] });
  });

  it('works with nesting on AMD from Windows 11 and configuration version 9.3 on', async () => {
    const simulator = scenario('amd-on-windows-11');
    for (const [name, fine] of [
      ['dev-box', true],
      ['old-lab', false],
    ] as const) {
      const vm = simulator.outside.vm(name);
      simulator.outside.set(vm.id, { nesting: true });
      const { errors } = await call(simulator, 'Start-VM', { VM: ref(vm) });
      expect([name, errors.length === 0]).toEqual([name, fine]);
    }
  });

  it('fails with OutOfMemory when the host has too little (start-no-memory)', async () => {
    const { run, vm } = small({ settings: { startup: 80 * 2 ** 30 } });
    expect(refused(await run('Start-VM'))).toEqual(['OutOfMemory/FromStdErr']);
    expect(vm.state).toBe('Off');
  });

  it('fails when no hypervisor runs (start-no-hypervisor)', async () => {
    const { run } = small({}, { hypervisorRunning: false });
    expect(refused(await run('Start-VM'))).toEqual(['OperationFailed/NotSpecified']);
  });
});

describe('Update-VMVersion', () => {
  it('goes to the newest version of this host, once, and says so the second time', async () => {
    const { run, vm } = small({ version: '8.0' });
    expect(await run('Update-VMVersion', { Confirm: false })).toMatchObject({ errors: [], warnings: [] });
    expect(vm.version).toBe('12.0');
    expect(await run('Update-VMVersion', { Confirm: false })).toMatchObject({
      warnings: [expect.stringContaining('maximum level')],
    });
  });

  it('needs the VM off (update-version-running), asks without -Confirm:$false, and drops a saved state', async () => {
    const running = small({ version: '8.0', state: 'Running' });
    expect(refused(await running.run('Update-VMVersion', { Confirm: false }))).toEqual([
      'InvalidState/InvalidOperation',
    ]);
    const saved = small({ version: '8.0', state: 'Saved' });
    expect(refused(await saved.run('Update-VMVersion'))).toEqual(['HostFunctionNotImplemented/NotImplemented']);
    expect([saved.vm.version, saved.vm.state]).toEqual(['8.0', 'Saved']);
    await saved.run('Update-VMVersion', { Confirm: false });
    expect([saved.vm.version, saved.vm.state]).toEqual(['12.0', 'Off']);
  });
});
