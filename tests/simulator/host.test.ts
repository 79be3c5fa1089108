import { thisPc } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/cmdlets/call.js';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';

function open(name: ScenarioName = 'workstation') {
  const lost: string[] = [];
  const simulator = createScenario(name, { clock: manualClock({ auto: true }) });
  const host = simulatedHost(simulator, { onLost: () => lost.push('lost') });
  const id = (vm: string) => simulator.outside.vm(vm).id;
  return { simulator, host, id, lost };
}

const start = (vm: string) => ({ cmdlet: 'Start-VM', params: {}, at: thisPc, on: { vm } }) as const;
const nest = (vm: string, ExposeVirtualizationExtensions = true) =>
  ({ cmdlet: 'Set-VMProcessor', params: { ExposeVirtualizationExtensions }, at: thisPc, on: { vm } }) as const;
const readState = async (host: Host, vm: string) => {
  const [result] = await host.call([{ cmdlet: 'Get-VM', params: { Id: vm }, at: thisPc }]);
  return 'rows' in result ? result.rows[0]?.State : undefined;
};

describe('the simulator called directly', () => {
  it('reads a whole snapshot in one batch; each call takes the VMs of the first, which run once', async () => {
    const { host, simulator } = open();
    const asked: string[] = [];
    simulator.on((event) => event.kind === 'call' && asked.push(event.request.cmdlet));
    const [vms, processors, adapters] = await host.call([
      { cmdlet: 'Get-VM', params: {}, at: thisPc },
      { cmdlet: 'Get-VMProcessor', params: {}, at: thisPc, on: { call: 0 } },
      { cmdlet: 'Get-VMNetworkAdapter', params: {}, at: thisPc, on: { call: 0 } },
    ]);
    expect([vms, processors, adapters].map((result) => 'rows' in result && result.rows.length)).toEqual([8, 8, 8]);
    expect(asked).toEqual(['Get-VM', 'Get-VMProcessor', 'Get-VMNetworkAdapter']);
    if (!('rows' in processors)) throw new Error('no rows');
    expect(Object.keys(processors.rows[0] ?? {})).toEqual(['VMId', 'Count', 'ExposeVirtualizationExtensions']);
  });

  it('pipes nothing on when nothing was found: no error for a read, not-found for a change', async () => {
    const { host } = open('empty');
    const [vms, processors, start] = await host.call([
      { cmdlet: 'Get-VM', params: {}, at: thisPc },
      { cmdlet: 'Get-VMProcessor', params: {}, at: thisPc, on: { call: 0 } },
      { cmdlet: 'Start-VM', params: {}, at: thisPc, on: { call: 0 } },
    ]);
    expect([vms, processors]).toEqual([
      { rows: [], errors: [] },
      { rows: [], errors: [] },
    ]);
    expect(start).toMatchObject({ failed: { kind: 'not-found', record: { id: 'Bridge.NoObjects' } } });
  });

  it('carries numbers beyond 2^53 as text, times as ISO 8601, spans as seconds', async () => {
    const { host, id } = open();
    const [system, vm, counters] = await host.call([
      { cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at: thisPc },
      { cmdlet: 'Get-VM', params: { Id: id('k8s-node-1') }, at: thisPc },
      { cmdlet: 'Get-CimInstance/HyperVHypervisorVirtualProcessor', params: {}, at: thisPc },
    ]);
    expect(system).toMatchObject({ rows: [{ TotalPhysicalMemory: String(64 * 2 ** 30) }] });
    expect(vm).toMatchObject({ rows: [{ Uptime: 7200, CreationTime: expect.stringMatching(/^2026-.*Z$/) as string }] });
    expect('rows' in counters && typeof counters.rows[0]?.NestedVMEntriesPersec).toBe('string');
  });

  it('changes one VM and reads it again, in order', async () => {
    const { host, id } = open();
    const results = await host.call([
      nest(id('dev-box')),
      start(id('dev-box')),
      { cmdlet: 'Get-VMProcessor', params: {}, at: thisPc, on: { vm: id('dev-box') } },
    ]);
    expect(results).toMatchObject([{ rows: [] }, { rows: [] }, { rows: [{ ExposeVirtualizationExtensions: true }] }]);
    expect(await readState(host, id('dev-box'))).toBe('Running');
  });

  it('stops a batch of changes at the first error; what was not reached is cancelled', async () => {
    const { host, id, simulator } = open();
    const [refused, never] = await host.call([nest(id('k8s-node-1'), false), start(id('k8s-node-1'))]);
    expect(refused).toMatchObject({
      failed: {
        cmdlet: 'Set-VMProcessor',
        record: { id: 'InvalidState,Microsoft.HyperV.PowerShell.Commands.SetVMProcessor' },
      },
    });
    expect(never).toMatchObject({ failed: { kind: 'cancelled' } });
    expect(simulator.outside.vm('k8s-node-1').settings.nesting).toBe(true);
  });

  it('keeps the order per VM: a second batch for a VM waits for the first, another VM does not', async () => {
    const { host, id, simulator } = open();
    const seen: string[] = [];
    simulator.on((event) => event.kind === 'changed' && seen.push(`${event.vm.name} ${event.state}`));
    const off = { cmdlet: 'Stop-VM/TurnOff', params: {}, at: thisPc, on: { vm: id('dev-box') } } as const;
    await Promise.all([host.call([start(id('dev-box'))]), host.call([off]), host.call([start(id('k8s-node-2'))])]);
    expect(seen.filter((line) => line.startsWith('dev'))).toEqual([
      'dev-box Starting',
      'dev-box Running',
      'dev-box Stopping',
      'dev-box Off',
    ]);
    expect(seen.indexOf('k8s-node-2 Starting')).toBeLessThan(seen.indexOf('dev-box Running'));
  });

  it('reads while a change takes its time', async () => {
    const { host, id, simulator } = open();
    const begun = simulator.once((event) => event.kind === 'changed');
    const change = host.call([start(id('dev-box'))]);
    await begun;
    expect(await readState(host, id('dev-box'))).toBe('Starting');
    await change;
  });

  it('answers for a VM that is gone with not-found, for an adapter too', async () => {
    const { host, id, simulator } = open();
    const gone = id('dev-box');
    simulator.outside.remove(gone);
    const adapter = simulator.outside.vm('k8s-node-2').settings.adapters[0]?.id ?? '';
    const fresh = simulator.outside.importAgain(id('k8s-node-2'));
    const [first] = await host.call([start(gone)]);
    const [second] = await host.call([
      { cmdlet: 'Set-VMNetworkAdapter', params: { MacAddressSpoofing: 'On' }, at: thisPc, on: { vm: fresh, adapter } },
    ]);
    for (const result of [first, second]) expect(result).toMatchObject({ failed: { kind: 'not-found' } });
  });

  it('one broken VM never hides the others: rows, and a failure for each property that cannot be read', async () => {
    const { host } = open('one-broken-vm');
    const [vms, processors] = await host.call([
      { cmdlet: 'Get-VM', params: {}, at: thisPc },
      { cmdlet: 'Get-VMProcessor', params: {}, at: thisPc, on: { call: 0 } },
    ]);
    if (!('rows' in vms) || !('rows' in processors)) throw new Error('no rows');
    expect(vms.rows).toHaveLength(8);
    expect(vms.rows.find(({ Name }) => Name === 'archive-2019')).toMatchObject({
      State: 'OffCritical',
      Version: undefined,
    });
    expect(processors.errors).toMatchObject([
      { property: 'Count', objects: 1 },
      { property: 'ExposeVirtualizationExtensions', objects: 1 },
    ]);
  });

  it('gives a read up at its deadline, and calls a change unknown', async () => {
    const { host, id, simulator } = open();
    simulator.fault({ cmdlet: 'Get-VMHost', effect: { kind: 'hang' } });
    simulator.fault({ cmdlet: 'Set-VMProcessor', effect: { kind: 'hang', after: true } });
    const before = simulator.clock.now();
    const [read] = await host.call([{ cmdlet: 'Get-VMHost', params: {}, at: thisPc }]);
    expect(read).toMatchObject({ failed: { kind: 'timed-out' } });
    expect(simulator.clock.now() - before).toBe(20_000);
    const [change] = await host.call([nest(id('dev-box'))]);
    expect(change).toMatchObject({ unknown: true, failure: { kind: 'timed-out' } });
    expect(simulator.outside.vm('dev-box').settings.nesting).toBe(true);
  });

  it('can be cancelled: what was not sent is cancelled, what was sent is unknown', async () => {
    const { host, id, simulator } = open();
    const stop = new AbortController();
    const sent = simulator.once((event) => event.kind === 'changed');
    const change = host.call([start(id('dev-box')), nest(id('dev-box'))], stop.signal);
    await sent;
    stop.abort();
    expect(await change).toMatchObject([
      { unknown: true, failure: { kind: 'cancelled' } },
      { failed: { kind: 'cancelled' } },
    ]);
    expect(await host.call([nest(id('k8s-node-2'))], stop.signal)).toMatchObject([{ failed: { kind: 'cancelled' } }]);
  });

  it('answers everything that waits when the session dies, and everything after', async () => {
    const { host, id, lost } = open('session-lost');
    const results = await host.call([nest(id('dev-box')), start(id('dev-box'))]);
    expect(results).toMatchObject([
      { unknown: true, failure: { kind: 'session-lost' } },
      { failed: { kind: 'cancelled' } },
    ]);
    expect(await host.call([{ cmdlet: 'Get-VM', params: {}, at: thisPc }])).toMatchObject([
      { failed: { kind: 'session-lost' } },
    ]);
    expect(lost).toEqual(['lost']);
  });

  it('says who runs it and which modules are there', () => {
    const ready = open().host.handshake;
    expect(ready).toMatchObject({ languageMode: 'FullLanguage', identity: { account: 'DEV-PC\\mei', inToken: true } });
    expect(open('module-blocked').host.handshake.modules[0]).toMatchObject({
      name: 'Hyper-V',
      state: 'blocked',
      record: { category: 'SecurityError' },
    });
    expect(open('constrained-language').host.handshake).toMatchObject({
      languageMode: 'ConstrainedLanguage',
      identity: null,
    });
  });
});
