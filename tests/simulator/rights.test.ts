import { thisPc } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { simulatedHost } from '../../simulator/host.js';
import { call, refused, scenario } from './world.js';

describe('without rights (domain §8)', () => {
  it.each(['not-admin', 'joined-not-signed-out'] as const)(
    '%s: the list is empty and no error says why',
    async (name) => {
      const simulator = scenario(name);
      for (const cmdlet of ['Get-VM', 'Get-VMSwitch'])
        expect(await call(simulator, cmdlet)).toMatchObject({ rows: [], errors: [] });
      const tick = await call(simulator, 'Get-CimInstance', {
        ClassName: 'Msvm_ComputerSystem',
        Namespace: 'root/virtualization/v2',
      });
      expect(tick.rows).toMatchObject([{ Name: 'DEV-PC' }]);
    },
  );

  // A name without rights: minikube#6732.
  it.each([
    ['Get-VM', { Name: 'dev-box' }],
    ['Get-VM', { Name: 'none' }],
    ['Get-VMProcessor', { VMName: 'dev-box' }],
    ['Get-VMSwitch', { Name: 'Default Switch' }],
  ])('%s of one that is named is refused, and says why', async (cmdlet, named) => {
    const reply = await call(scenario('not-admin'), cmdlet, named);
    expect(refused(reply)).toEqual(['Unspecified/NotSpecified']);
    expect(reply.errors[0]?.message).toContain('You do not have the required permission to complete this task.');
  });

  it('a wildcard names none, and finds none', async () => {
    for (const cmdlet of ['Get-VM', 'Get-VMSwitch'])
      expect(await call(scenario('not-admin'), cmdlet, { Name: '*' })).toMatchObject({ rows: [], errors: [] });
  });

  it('changes are refused with AccessDenied, and change nothing', async () => {
    const simulator = scenario('not-admin');
    const reply = await call(simulator, 'Set-VMProcessor', { VMName: 'dev-box', ExposeVirtualizationExtensions: true });
    expect(refused(reply)).toEqual(['AccessDenied/PermissionDenied']);
    expect(simulator.outside.vm('dev-box').settings.nesting).toBe(false);
  });

  it('an elevated shell sees and changes all', async () => {
    const simulator = scenario('not-admin');
    expect((await call(simulator, 'Get-VM', {}, true)).rows).toHaveLength(8);
    const host = simulatedHost(simulator, { elevated: true });
    expect(host.handshake.identity).toMatchObject({ isElevated: true, inToken: false });
    const dev = simulator.outside.vm('dev-box');
    const [set] = await host.call([
      { cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions: true }, at: thisPc, on: { vm: dev.id } },
    ]);
    expect(set).toEqual({ rows: [], errors: [] });
  });
});

describe('getting rights', () => {
  it('joining the group works after signing out and in, not before', async () => {
    const simulator = scenario('not-admin');
    expect(simulator.act('join-group')).toEqual({ kind: 'done' });
    expect(simulatedHost(simulator).handshake.identity).toMatchObject({ isMember: true, inToken: false });
    expect((await call(simulator, 'Get-VM')).rows).toEqual([]);
    simulator.signOut();
    expect((await call(simulator, 'Get-VM')).rows).toHaveLength(8);
  });

  it('a refused prompt changes nothing', () => {
    const refusing = scenario('prompt-refused');
    expect(refusing.act('join-group')).toEqual({ kind: 'refused' });
    expect(refusing.world.host.identity.isMember).toBe(false);
  });

  it('whoever answers the prompt, it is the account that asked which joins, as the text names it by its SID', () => {
    const simulator = scenario('other-account');
    const { account } = simulator.world.host.identity;
    expect(simulator.act('join-group')).toEqual({ kind: 'done' });
    expect(simulator.world.host.identity).toMatchObject({ account, isMember: true });
    expect(simulatedHost(simulator, { elevated: true }).handshake.identity).toMatchObject({
      account: 'DEV-PC\\admin',
      isElevated: true,
      isMember: false,
    });
  });

  it('enabling Hyper-V works after a restart', async () => {
    const simulator = scenario('no-hyper-v');
    expect(refused(await call(simulator, 'Get-VM'))).toEqual(['CommandNotFoundException/ObjectNotFound']);
    expect(simulatedHost(simulator).handshake.modules).toContainEqual(
      expect.objectContaining({ name: 'Hyper-V', state: 'missing' }),
    );
    simulator.act('enable-hyper-v');
    simulator.restart();
    expect(await call(simulator, 'Get-VM')).toMatchObject({ type: 'VirtualMachine', errors: [] });
  });

  it('a stopped management service says so by its id, and answers once it is started', async () => {
    const simulator = scenario('service-stopped');
    expect(refused(await call(simulator, 'Get-VM'))).toEqual(['ObjectNotFound/ObjectNotFound']);
    simulator.act('start-service');
    expect((await call(simulator, 'Get-VM')).rows).toHaveLength(8);
    // One that is disabled is allowed to start before.
    simulator.world.host.services['vmms'] = { state: 'Stopped', startMode: 'Disabled' };
    simulator.act('start-service');
    expect(simulator.world.host.services['vmms']).toEqual({ state: 'Running', startMode: 'Auto' });
  });
});
