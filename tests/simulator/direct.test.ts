import { vmIn, thisPc, depthOf, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import type { Credential } from '../../simulator/sessions.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { SimulatedVm } from '../../simulator/world.js';

const builder = { userName: 'builder', password: 'build-01' };
const runner = { userName: 'builder', password: 'runner-w' };

/** The workstation, with accounts by the length of the path. */
function open(accounts: readonly Credential[] | undefined = [builder, runner]) {
  const simulator = createScenario('workstation', { clock: manualClock({ auto: true }) });
  const known: { accounts: readonly Credential[] | undefined } = { accounts };
  const host = simulatedHost(simulator, {
    credentials: (at: MachineRef) => known.accounts?.slice(0, depthOf(at)),
  });
  const l1 = simulator.outside.vm('构建机');
  const inner = l1.guest.machine;
  const l2 = [...(inner?.vms.values() ?? [])].find(({ name }) => name === 'runner-w');
  if (!inner || !l2) throw new Error('the workstation has a machine with a Windows VM inside');
  const ask = async (...ids: readonly [Guid, ...Guid[]]) =>
    (await host.call([{ cmdlet: 'Get-VM', params: {}, at: ids.reduce<MachineRef>(vmIn, thisPc) }]))[0];
  const asked: string[] = [];
  simulator.on((event) => event.kind === 'call' && asked.push(event.request.cmdlet));
  return { simulator, host, known, l1, l2, inner, ask, asked };
}
const kind = (result: object) =>
  'failed' in result ? (result.failed as { readonly kind: string; readonly record?: { readonly id: string } }) : result;

describe('going inside a guest', () => {
  it('opens one session, keeps it, and sees what is inside', async () => {
    const { ask, l1, asked } = open();
    expect(await ask(l1.id)).toMatchObject({
      rows: [{ Name: 'runner-a' }, { Name: 'runner-b' }, { Name: 'runner-w', State: 'Running' }],
    });
    await ask(l1.id);
    expect(asked).toEqual(['New-PSSession', 'Get-VM', 'Get-VM']);
  });

  it('goes through the first guest into the second, the same way again', async () => {
    const { host, l1, l2, asked } = open();
    const [system] = await host.call([
      { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at: vmIn(vmIn(thisPc, l1.id), l2.id) },
    ]);
    expect(system).toMatchObject({ rows: [{ Name: 'RUNNER-W', Model: 'Virtual Machine' }] });
    expect(asked.slice(0, 2)).toEqual(['New-PSSession', 'New-PSSession']);
  });

  it('never asks without an account', async () => {
    const { ask, l1, known, asked } = open();
    known.accounts = undefined;
    expect(kind(await ask(l1.id))).toMatchObject({ kind: 'no-credentials' });
    known.accounts = [builder];
    expect(kind(await ask(l1.id, 'another'))).toMatchObject({ kind: 'no-credentials' });
    expect(asked).toEqual([]);
  });

  it('takes a new password from then on', async () => {
    const { ask, l1, known } = open([{ ...builder, password: 'wrong' }]);
    expect(kind(await ask(l1.id))).toMatchObject({
      kind: 'credential-refused',
      record: { id: 'PSSessionOpenFailed' },
    });
    known.accounts = [builder];
    expect(await ask(l1.id)).toHaveProperty('rows');
  });

  const refusals: readonly (readonly [string, string, (vm: SimulatedVm) => Partial<Credential>])[] = [
    ['a name that is not there', 'credential-refused', () => ({ userName: 'nobody' })],
    ['an empty name', 'no-credentials', () => ({ userName: '' })],
    ['another machine in front of the name', 'credential-refused', () => ({ userName: 'OTHER\\builder' })],
    ['an account that is no administrator', 'not-administrator', () => ({ userName: 'guest', password: 'guest' })],
    ['a VM that is off', 'wrong-state', (vm) => ((vm.state = 'Off'), {})],
    ['a guest that has not booted', 'guest-not-answering', (vm) => ((vm.bootedAt = Number.MAX_SAFE_INTEGER), {})],
    ['a service that is off', 'guest-not-answering', (vm) => (vm.guest.machine && (vm.guest.machine.services['vmicvmsession'] = { state: 'Stopped', startMode: 'Disabled' }), {})], // prettier-ignore
    ['updates of another age', 'updates-differ', (vm) => (vm.guest.machine && (vm.guest.machine.updates = 'before-2025-09'), {})], // prettier-ignore
    ['a blank password', 'credential-refused', (vm) => (vm.guest.machine && (vm.guest.machine.users = [{ name: 'builder', password: '', isAdministrator: true, kind: 'local' }]), { password: '' })], // prettier-ignore
    ['an Entra account', 'credential-refused', (vm) => (vm.guest.machine && (vm.guest.machine.users = [{ name: 'builder', password: 'build-01', isAdministrator: true, kind: 'entra' }]), {})], // prettier-ignore
  ];
  it.each(refusals)('is refused: %s', async (_, expected, make) => {
    const { ask, l1, known } = open();
    known.accounts = [{ ...builder, ...make(l1) }];
    expect(kind(await ask(l1.id))).toMatchObject({ kind: expected });
  });

  it('takes a Microsoft account by its own form only, a local one with the machine before it', async () => {
    const { ask, l1, inner, known } = open([{ ...builder, userName: 'BUILD-01\\Builder' }]);
    expect(await ask(l1.id)).toHaveProperty('rows');
    inner.users = [{ name: 'mei@outlook.com', password: 'secret', isAdministrator: true, kind: 'microsoft' }];
    known.accounts = [{ userName: 'mei@outlook.com', password: 'secret' }];
    expect(kind(await ask(l1.id))).toMatchObject({ kind: 'credential-refused' });
    known.accounts = [{ userName: 'MicrosoftAccount\\mei@outlook.com', password: 'secret' }];
    expect(await ask(l1.id)).toHaveProperty('rows');
  });

  it('does not go into Linux, nor into a VM that is gone', async () => {
    const { ask, simulator, host, l1 } = open();
    expect(kind(await ask(simulator.outside.vm('k8s-node-1').id))).toMatchObject({ kind: 'guest-not-answering' });
    simulator.outside.remove(l1.id);
    expect(kind(await ask(l1.id))).toMatchObject({ kind: 'not-found' });
    await host.close();
  });

  it('loses what was on its way when the VM is turned off, and opens anew when it is back', async () => {
    const { host, simulator, l1, ask } = open();
    await ask(l1.id);
    simulator.fault({ cmdlet: 'New-VMSwitch', effect: { kind: 'meanwhile', act: () => simulator.outside.put(l1.id, 'Off') } }); // prettier-ignore
    const [made, read] = await host.call([
      { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'one' }, at: vmIn(thisPc, l1.id) },
      { cmdlet: 'Get-VMSwitch', params: {}, at: vmIn(thisPc, l1.id) },
    ]);
    expect(made).toMatchObject({ unknown: true, failure: { kind: 'session-lost' } });
    expect(read).toMatchObject({ failed: { kind: 'session-lost' } });
    simulator.outside.put(l1.id, 'Running');
    l1.bootedAt = 0;
    expect(await ask(l1.id)).toHaveProperty('rows');
  });

  it('lets nobody who listens see a password', async () => {
    const { simulator, ask, l1 } = open();
    const seen: string[] = [];
    simulator.on((event) => seen.push(JSON.stringify('request' in event ? event.request : '')));
    await ask(l1.id);
    expect(seen.join('\n')).toContain('New-PSSession');
    expect(seen.join('\n')).not.toContain('build-01');
  });
});

describe('sessions on the wire', () => {
  it('refuse a call once they have ended, and say whose they are', async () => {
    const { simulator, l1, l2 } = open();
    const wire = (cmdlet: string, parameters: object, machine = '', session?: string) =>
      simulator.invoke({ machine, elevated: false, cmdlet, parameters: { ...parameters }, ...(session ? { session } : {}) }); // prettier-ignore
    const enter = async (vm: string, account: Credential, machine = '', through?: string) => {
      const { rows } = await wire('New-PSSession', { VMId: vm, UserName: account.userName, Password: account.password }, machine, through); // prettier-ignore
      return String(rows[0]?.['Id']);
    };
    const outer = await enter(l1.id, builder);
    const inner = await enter(l2.id, runner, l1.id, outer);
    expect(simulator.identityOf(false, inner)).toMatchObject({ account: 'RUNNER-W\\builder', isAdministrator: true });
    const path = `${l1.id}/${l2.id}`;
    const system = { ClassName: 'Win32_ComputerSystem', Namespace: 'root/cimv2' };
    expect((await wire('Get-CimInstance', system, path, inner)).rows).toHaveLength(1);
    await wire('Remove-PSSession', { Id: outer });
    expect((await wire('Get-PSSession', { Id: inner }, l1.id)).rows).toMatchObject([{ State: 'Broken' }]);
    expect((await wire('Get-CimInstance', system, path, inner)).errors).toMatchObject([{ id: 'PSSessionStateBroken' }]);
  });
});
