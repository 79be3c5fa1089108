import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario, scenarioNames } from '../../simulator/scenarios/scenarios.js';
import { call, scenario } from './world.js';
import { violations } from './invariants.js';

describe('scenarios', () => {
  it('are those that the app offers', () => {
    expect(scenarioNames).toEqual(
      // prettier-ignore
      expect.arrayContaining(['workstation', 'amd-on-windows-10', 'amd-on-windows-11', 'arm64', 'no-hyper-v', 'not-admin', 'joined-not-signed-out', 'inside-another-hypervisor', 'one-broken-vm', 'empty', 'lab-of-1000', 'module-blocked', 'windows-home', 'session-lost', 'locked-guest', 'wifi-laptop', 'docker-owns-the-nat', 'vpn-overlap', 'two-adapters', 'linux-guest', 'server-l1', 'cloud-host', 'cloud-pc']),
    );
  });

  it.each(scenarioNames)('%s is legal, and the same each time', (name) => {
    const [one, two] = [scenario(name), scenario(name)];
    expect(violations(one)).toEqual([]);
    expect([...one.world.host.vms.entries()]).toEqual([...two.world.host.vms.entries()]);
  });

  it('workstation shows each kind of VM that a person meets', () => {
    const { host } = scenario('workstation').world;
    const all = [...host.vms.values()];
    expect(all).toHaveLength(8);
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(['Running', 'Off', 'Saved', 'Paused']));
    expect(all.filter(({ version }) => version === '5.0')).toHaveLength(1);
    expect(all.some(({ settings }) => settings.dynamicMemory)).toBe(true);
    const names = all.map(({ name }) => name).join('\n');
    for (const odd of [' ', '"', '$(', '构建机']) expect(names).toContain(odd);
    expect(all.find(({ name }) => name === '构建机')?.guest.machine?.vms.size).toBe(3);
  });

  it('are of the age they say, whatever the time', async () => {
    const later = createScenario('workstation', { clock: manualClock({ start: Date.UTC(2031, 0, 1) }) });
    const { rows } = await call(later, 'Get-VM', { Name: 'k8s-node-1' });
    expect(rows).toMatchObject([{ Uptime: 7200, Heartbeat: 'OkApplicationsUnknown' }]);
  });

  it('lab-of-1000 answers a snapshot of a thousand VMs with one reply a cmdlet', async () => {
    const simulator = scenario('lab-of-1000');
    let calls = 0;
    simulator.on((event) => (calls += Number(event.kind === 'call')));
    for (const cmdlet of ['Get-VM', 'Get-CimInstance'])
      expect(
        (
          await call(
            simulator,
            cmdlet,
            cmdlet === 'Get-VM' ? {} : { ClassName: 'Msvm_ComputerSystem', Namespace: 'root/virtualization/v2' },
          )
        ).rows.length,
      ).toBeGreaterThanOrEqual(1000);
    expect(calls).toBe(2);
  });
});
