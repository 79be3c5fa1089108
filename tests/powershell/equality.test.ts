/** The same calls through engine and modules, and through the simulator alone, give equal replies. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { createScenario, type ScenarioName } from '../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import type { CmdletName, Params } from '../../src/core/cmdlets/catalog.js';
import { snapshotCalls } from '../../src/core/machine/snapshot.js';
import { tickCalls } from '../../src/core/machine/tick.js';
import { vmCalls } from '../../src/core/machine/vm-reading.js';
import { thirdPartyCalls } from '../../src/core/machine/third-party.js';
import { comparable } from './comparable.js';
import { hasPowerShell } from './runtime.js';
import { makingCases, type Case } from './making-cases.js';
import { behindEngine, guidOf, type Behind } from './world.js';

/** One engine for all cases; what it asks is answered by the world of the case, which nobody has touched. */
let world = createScenario('workstation', { clock: manualClock({ auto: true }) });
const ofCase = new Proxy(world, {
  get(_, name) {
    const value: unknown = Reflect.get(world, name);
    return typeof value === 'function' ? (value.bind(world) as unknown) : value;
  },
});
let engine: Behind | undefined;
afterAll(() => engine?.close());

const withCheckpoint = (simulator: Simulator) =>
  void simulator.outside.checkpoint(guidOf(simulator, 'dev-box'), 'mine');
const at = thisPc;
// Of one cmdlet: TypeScript no longer tells so many apart by their names alone.
const change = <Name extends CmdletName>(cmdlet: Name, params: Params<Name>, vm: string) =>
  ({ cmdlet, params, at, on: { vm } }) as unknown as HostCall;
const nobody = '00000000-0000-4000-8000-000000000000';

const cases: readonly Case[] = [
  ...makingCases,
  { name: 'a first snapshot', calls: () => Object.values(snapshotCalls(at)) },
  { name: 'a tick', calls: () => tickCalls(at) },
  { name: 'virtualization of other makers', calls: () => Object.values(thirdPartyCalls(at)) },
  { name: 'two VMs in full', calls: (id) => vmCalls(at, [id('dev-box'), id('Lab DC 01')]) },
  { name: 'a VM that is not there', calls: () => vmCalls(at, [nobody]) },
  {
    name: 'nesting on, while off',
    calls: (id) => [change('Set-VMProcessor', { ExposeVirtualizationExtensions: true }, id('dev-box'))],
  },
  {
    name: 'nesting on, while running',
    calls: (id) => [change('Set-VMProcessor', { ExposeVirtualizationExtensions: true }, id('Lab DC 01'))],
  },
  {
    name: 'nesting on, while saved',
    calls: (id) => [change('Set-VMProcessor', { ExposeVirtualizationExtensions: true }, id('legacy-2012r2'))],
  },
  {
    name: 'its adapter goes over to a new internal switch, and away from it',
    calls: (id, adapter) => [
      { cmdlet: 'New-VMSwitch/Internal', params: { Name: 'VmNAT' }, at },
      {
        cmdlet: 'Connect-VMNetworkAdapter',
        params: { SwitchName: 'VmNAT' },
        at,
        on: { vm: id('dev-box'), adapter: adapter('dev-box') },
      },
      { cmdlet: 'Disconnect-VMNetworkAdapter', params: {}, at, on: { vm: id('dev-box'), adapter: adapter('dev-box') } },
    ],
  },
  {
    name: 'a change of a VM that is not there',
    calls: () => [change('Set-VM', { AutomaticStopAction: 'ShutDown' }, nobody)],
  },
  {
    name: 'stop action and checkpoints',
    calls: (id) => [
      change('Set-VM', { AutomaticStopAction: 'ShutDown', AutomaticCheckpointsEnabled: false }, id('dev-box')),
    ],
  },
  { name: 'startup memory', calls: (id) => [change('Set-VMMemory', { StartupBytes: 2 ** 32 }, id('dev-box'))] },
  {
    name: 'startup memory, not a multiple of 2 MB',
    calls: (id) => [change('Set-VMMemory', { StartupBytes: 2 ** 32 + 1 }, id('dev-box'))],
  },
  {
    name: 'dynamic memory on with its limits, and off again',
    calls: (id) => [
      change(
        'Set-VMMemory',
        { DynamicMemoryEnabled: true, StartupBytes: 2 ** 32, MinimumBytes: 2 ** 31, MaximumBytes: 2 ** 33 },
        id('dev-box'),
      ),
      ...vmCalls(at, [id('dev-box')]),
      change('Set-VMMemory', { DynamicMemoryEnabled: false }, id('dev-box')),
    ],
  },
  {
    name: 'limits without dynamic memory',
    calls: (id) => [change('Set-VMMemory', { MaximumBytes: 2 ** 33 }, id('dev-box'))],
  },
  {
    name: 'memory while a hypervisor runs inside',
    calls: (id) => [change('Set-VMMemory', { StartupBytes: 2 ** 33 }, id('构建机'))],
  },
  {
    name: 'fixed memory as it runs, less and more than there is',
    calls: (id) => [
      change('Set-VMMemory', { StartupBytes: 2 ** 31 }, id('k8s-node-1')),
      change('Set-VMMemory', { StartupBytes: 2 ** 36 }, id('k8s-node-1')),
    ],
  },
  {
    name: 'limits of dynamic memory as it runs, wider and closer',
    calls: (id) => [
      change('Set-VMMemory', { MinimumBytes: 2 ** 29, MaximumBytes: 2 ** 33 }, id('Lab DC 01')),
      change('Set-VMMemory', { MaximumBytes: 2 ** 32 }, id('Lab DC 01')),
      change('Set-VMMemory', { DynamicMemoryEnabled: false }, id('Lab DC 01')),
    ],
  },
  {
    name: 'spoofing of one adapter',
    calls: (id, adapter) => [
      {
        cmdlet: 'Set-VMNetworkAdapter',
        params: { MacAddressSpoofing: 'On' },
        at,
        on: { vm: id('dev-box'), adapter: adapter('dev-box') },
      },
    ],
  },
  {
    name: 'spoofing of an adapter that is not there',
    calls: (id) => [
      {
        cmdlet: 'Set-VMNetworkAdapter',
        params: { MacAddressSpoofing: 'On' },
        at,
        on: { vm: id('dev-box'), adapter: 'Microsoft:0\\1' },
      },
    ],
  },
  {
    name: 'start and shut down',
    calls: (id) => [change('Start-VM', {}, id('k8s-node-2')), change('Stop-VM', {}, id('k8s-node-2'))],
  },
  { name: 'start what runs', calls: (id) => [change('Start-VM', {}, id('Lab DC 01'))] },
  { name: 'resume what is off', calls: (id) => [change('Resume-VM', {}, id('dev-box'))] },
  { name: 'turn off what runs', calls: (id) => [change('Stop-VM/TurnOff', {}, id('Lab DC 01'))] },
  { name: 'drop a saved state', calls: (id) => [change('Remove-VMSavedState', {}, id('legacy-2012r2'))] },
  { name: 'upgrade the version', calls: (id) => [change('Update-VMVersion', {}, id('dev-box')), ...vmCalls(at, [])] },
  { name: 'upgrade while running', calls: (id) => [change('Update-VMVersion', {}, id('Lab DC 01'))] },
  {
    name: 'a checkpoint of one that is off, of one that runs, and of one that is saved',
    calls: (id) => [
      ...['dev-box', 'Lab DC 01', 'legacy-2012r2'].map((name) =>
        change('Checkpoint-VM', { SnapshotName: "before: it's “so”" }, id(name)),
      ),
      ...vmCalls(at, [id('dev-box'), id('Lab DC 01')]),
    ],
  },
  {
    name: 'a checkpoint that was taken is taken away',
    before: withCheckpoint,
    calls: (id, _, checkpoint) => [
      { cmdlet: 'Remove-VMSnapshot', params: {}, at, on: { vm: id('dev-box'), checkpoint: checkpoint('dev-box') } },
      ...vmCalls(at, [id('dev-box')]),
      { cmdlet: 'Remove-VMSnapshot', params: {}, at, on: { vm: id('dev-box'), checkpoint: checkpoint('dev-box') } },
    ],
  },
  {
    name: 'a checkpoint that is not there, or of another VM',
    before: withCheckpoint,
    calls: (id, _, checkpoint) => [
      { cmdlet: 'Remove-VMSnapshot', params: {}, at, on: { vm: id('k8s-node-2'), checkpoint: checkpoint('dev-box') } },
    ],
  },
  {
    name: 'a checkpoint where there are none to be',
    before: (simulator) => simulator.outside.set(guidOf(simulator, 'dev-box'), { checkpointType: 'Disabled' }),
    calls: (id) => [change('Checkpoint-VM', { SnapshotName: 'never' }, id('dev-box'))],
  },
  {
    name: 'a batch that fails in the middle',
    calls: (id) => [
      change('Resume-VM', {}, id('dev-box')),
      change('Set-VM', { AutomaticStopAction: 'Save' }, id('dev-box')),
    ],
  },
];

describe.skipIf(!(await hasPowerShell()))('engine and simulator alone agree', () => {
  it.each(cases)('$name', async ({ calls, before }) => {
    world = createScenario('workstation', { clock: manualClock({ auto: true }) });
    engine ??= await behindEngine(ofCase);
    const { session } = engine;
    const direct = createScenario('workstation', { clock: manualClock({ auto: true }) });
    before?.(world);
    before?.(direct);
    const find = (name: string) => [...direct.world.host.vms.values()].find((vm) => vm.name === name);
    const list = calls(
      (name) => guidOf(direct, name),
      (name) => find(name)?.settings.adapters[0]?.id ?? '',
      (name) => find(name)?.checkpoints[0]?.id ?? '',
    );
    const [real, alone] = await Promise.all([session.call(list), simulatedHost(direct).call(list)]);
    expect(real.map(comparable)).toEqual(alone.map(comparable));
    // What it did to the world is the same too.
    const after = Object.values(snapshotCalls(at)).slice(0, 4);
    const [realAfter, aloneAfter] = await Promise.all([session.call(after), simulatedHost(direct).call(after)]);
    expect(realAfter.map(comparable)).toEqual(aloneAfter.map(comparable));
  });

  it.each<ScenarioName>([
    'not-admin',
    'one-broken-vm',
    'service-stopped',
    'amd-on-windows-11',
    'inside-another-hypervisor',
    'hostile-names',
    'empty',
  ])('a first snapshot of %s', async (scenario) => {
    const { session, close } = await behindEngine(scenario);
    onTestFinished(close);
    const direct = createScenario(scenario, { clock: manualClock({ auto: true }) });
    const host = simulatedHost(direct);
    const list = Object.values(snapshotCalls(at));
    const [real, alone] = await Promise.all([session.call(list), host.call(list)]);
    expect(real.map(comparable)).toEqual(alone.map(comparable));
    expect(session.handshake.identity).toEqual(host.handshake.identity);
  });
});
