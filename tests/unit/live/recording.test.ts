/** What tests/live writes down of a Hyper-V: no name of anything, whatever the answers hold; and what it is compared with. */
import { describe, expect, it } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { CallResult, HostCall } from '../../../src/core/cmdlets/call.js';
import { snapshotCalls } from '../../../src/core/machine/snapshot.js';
import { networkCalls } from '../../../src/core/machine/network-snapshot.js';
import { simulatedHost } from '../../../simulator/host.js';
import { rightToLeft } from '../../hostile.js';
import { keptRecordings, namesIn, Recorder, recordingSchema, type Recording } from '../../live/recording.js';
import { decisions, differences } from '../../live/replay.js';
import { scenarioWorld } from '../core/run-world.js';

const list: HostCall = { cmdlet: 'Get-VM', params: {}, at: thisPc };
const change: HostCall = { cmdlet: 'Set-VM', params: {}, at: thisPc };

const failing = (id: string, target: string, message: string): CallResult => ({
  failed: { kind: 'wrong-state', cmdlet: 'Set-VM', record: { id, category: 'InvalidOperation', target, exception: 'System.Exception', hresult: -2147024809, message } },
}); // prettier-ignore

function recorded(...answers: readonly (readonly [HostCall, CallResult])[]): Recording {
  const recorder = new Recorder('windows');
  recorder.step = 'a step';
  for (const [call, result] of answers) recorder.take([call], [result], 12);
  return recorder.recording({});
}

describe('a recording', () => {
  it.each(['workstation', 'hostile-names', 'two-adapters', 'one-broken-vm'] as const)(
    'of %s holds no name of a VM, a switch, a network, an account or a computer',
    async (scenario) => {
      const { simulator } = scenarioWorld(scenario);
      const host = simulatedHost(simulator);
      const recorder = new Recorder('simulated');
      recorder.step = 'all';
      for (const calls of [snapshotCalls(thisPc), networkCalls(thisPc)])
        recorder.take(Object.values(calls), await host.call(Object.values(calls)), 1);
      const text = JSON.stringify(recorder.recording({}));
      const { host: pc } = simulator.world;
      const { account, sid } = pc.identity;
      const vms = [...pc.vms.values()];
      const names = [
        pc.name,
        account,
        ...account.split('\\'),
        sid,
        ...vms.flatMap(({ id, name, settings }) => [
          id,
          name,
          ...settings.adapters.flatMap((one) => [one.id, one.macAddress]),
        ]),
        ...pc.switches.flatMap(({ id, name }) => [id, name]),
        ...pc.network.cards.flatMap(({ id, name, description }) => [id, name, description]),
      ];
      expect(names.length).toBeGreaterThan(8);
      expect(recorder.recording({}).calls.length).toBeGreaterThan(10);
      // Shorter ones stand in many a word.
      expect(
        namesIn(
          text,
          names.filter((name) => name.length > 3),
        ),
      ).toEqual([]);
    },
  );

  it('keeps the ids of errors, and nothing that a script says in the place of one', () => {
    const ids = ['InvalidState,Microsoft.HyperV.PowerShell.Commands.SetVM', 'HRESULT 0x80041010,Get-CimInstance', 'Windows System Error 87,New-NetNat']; // prettier-ignore
    const { calls } = recorded(...ids.map((id) => [change, failing(id, 'dev-box', 'no')] as const));
    expect(calls[0]?.errors.map(({ id }) => id)).toEqual(ids);
    for (const name of ['win11 $(nested)', 'archive "cold"', '构建机', 'lab, 2', rightToLeft('dev-box')]) {
      const text = JSON.stringify(recorded([change, failing(`${name} is in the way`, name, name)]));
      expect(text).toContain('of its own');
      expect(namesIn(text, [name])).toEqual([]);
    }
  });

  it('is not made where a name has got into it', () => {
    const recorder = new Recorder('windows');
    recorder.step = 'the PC build-7';
    recorder.hide('build-7', undefined, 'abc');
    recorder.take([list], [{ rows: [], errors: [] }], 1);
    expect(() => recorder.recording({})).toThrow('1 names are in the recording');
  });

  it('says of each property what it was, once, and how long the requests took', () => {
    const row = { Id: 'x', Name: 'dev-box', State: 'Running', Heartbeat: null, Uptime: 3, MemoryStartup: undefined };
    const other = { ...row, State: 'Melting' };
    const recorder = new Recorder('windows');
    recorder.take([list], [{ rows: [row, other] as never, errors: [] }], 12.4);
    recorder.take([list], [{ failed: { kind: 'timed-out' } }], 40);
    const [call] = recorder.recording({}).calls;
    expect(call).toMatchObject({
      times: 2,
      outcomes: ['failed', 'rows'],
      milliseconds: { least: 12, most: 40 },
      reads: { Name: ['text'], State: ['Running', 'no member that is known'], Heartbeat: ['null'], Uptime: ['number'], MemoryStartup: ['unread'] }, // prettier-ignore
      errors: [{ id: '', kind: 'timed-out' }],
    });
  });
});

describe('a replay', () => {
  const row = { State: 'Running', Uptime: 3 } as never;
  const simulated = recorded([list, { rows: [row], errors: [] }], [change, failing('InvalidState,a.b', '', '')]);

  it('finds nothing where the simulator answers as Windows did', () => {
    expect(differences(simulated, simulated)).toEqual([]);
  });

  it('names each thing that Windows did otherwise', () => {
    const real: Recording = {
      ...recorded(
        [list, { rows: [{ State: 'Off', Uptime: undefined }], errors: [] }],
        [change, failing('OperationFailed,a.b', '', '')],
        [
          { cmdlet: 'Get-VMHost', params: {}, at: thisPc },
          { rows: [], errors: [] },
        ],
      ),
      found: { 'second NAT network': 'taken' },
    };
    expect(differences(real, simulated)).toEqual([
      'a step: Get-VM: State is Off, simulated Running',
      'a step: Get-VM: Uptime is unread, simulated number',
      'a step: Set-VM: errors OperationFailed,a.b (InvalidOperation) 0x80070057, to the app wrong-state, simulated InvalidState,a.b (InvalidOperation) 0x80070057, to the app wrong-state', // prettier-ignore
      'a step: Get-VMHost: not asked of the simulator',
      'second NAT network: taken, simulated not known',
    ]);
    expect(differences(simulated, real)).toContain('a step: Get-VMHost: not asked of Windows');
  });

  it.each([
    [
      { start: 4, lane: 1, tick: 0.2, snapshot: 1 },
      'lanes stay as they are',
      'within what the app waits',
      'cheap beside',
    ],
    [
      { start: 31, lane: 1.1, tick: 0.6, snapshot: 1 },
      'a lane must be ready',
      'longer than the app waits',
      'no cheaper',
    ],
    [{}, 'lane: not measured', 'start: not measured', 'tick: not measured'],
  ])('says what its times decide: %o', (seconds, ...said) => {
    const text = decisions({ ...simulated, seconds }).join('\n');
    for (const one of said) expect(text).toContain(one);
  });

  it('reads what is checked in, which is of real Windows alone', () => {
    for (const { name, recording } of keptRecordings()) expect([name, recording.of]).toEqual([name, 'windows']);
    expect(recordingSchema.safeParse({ ...simulated, schema: 2 }).success).toBe(false);
  });
});
