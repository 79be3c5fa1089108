import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallResult, ErrorRecord, Failure, HostCall } from '../../../src/core/cmdlets/call.js';
import { cmdlets, type CatalogEntry, type CmdletName } from '../../../src/core/cmdlets/catalog.js';
import { checksOfHost, checksOfVm } from '../../../src/core/checks/all.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { answersTo } from '../../../src/core/cmdlets/batch.js';
import { assembleMachine, snapshotCalls, type SnapshotAnswers } from '../../../src/core/machine/snapshot.js';
import { assembleVms, vmCalls } from '../../../src/core/machine/vm-reading.js';
import { changedBy, tickCalls, tickOf, withSamples, withVms } from '../../../src/core/machine/tick.js';
import { insideAsRead, insideOf, samplesOf, type Samples } from '../../../src/core/machine/running-inside.js';
import { withGuest } from '../../../src/core/machine/tree.js';
import { adapterId, guid, handshakeOf, now, stranger } from './worlds.js';

const record: ErrorRecord = {
  id: 'Unspecified,Microsoft.HyperV.PowerShell.Commands.GetVM',
  category: 'NotSpecified',
  target: null,
  exception: '',
  hresult: null,
  message: 'no',
};
const refused: Failure = { kind: 'unexpected', record };
const gone: Failure = { kind: 'not-found', record };
const rows = (...list: object[]) => ({ rows: list, errors: [] });
const GB = 2 ** 30;

const vmRow = (n: number, but: object = {}) => ({
  Id: guid(n).toUpperCase(),
  Name: `vm-${String(n)}`,
  State: 'Off',
  Version: '12.0',
  Generation: 2,
  CreationTime: now,
  Uptime: 0,
  Heartbeat: null,
  PrimaryOperationalStatus: 'Ok',
  PrimaryStatusDescription: 'Operating normally',
  ProcessorCount: 4,
  DynamicMemoryEnabled: false,
  MemoryStartup: 4 * GB,
  MemoryMinimum: GB,
  MemoryMaximum: 8 * GB,
  MemoryAssigned: 0,
  MemoryDemand: 0,
  AutomaticStopAction: 'ShutDown',
  AutomaticCheckpointsEnabled: false,
  CheckpointType: 'Production',
  ParentSnapshotId: null,
  ...but,
});
const processorRow = (n: number, on: boolean | undefined) => ({
  VMId: guid(n),
  Count: 4,
  ExposeVirtualizationExtensions: on,
});
const adapterRow = (n: number, but: object = {}) => ({
  VMId: guid(n),
  Id: adapterId(n),
  Name: 'Network Adapter',
  MacAddress: '00155D000001',
  MacAddressSpoofing: 'Off',
  Connected: true,
  SwitchId: guid(500),
  SwitchName: 'LAN',
  IPAddresses: [],
  ...but,
});
const counter = (name: string, entries: string | undefined, vp = 0) => ({
  Name: `${name}:Hv VP ${String(vp)}`,
  NestedVMEntriesPersec: entries,
});

/** What Windows answers to `snapshotCalls`, by cmdlet. */
const whole: Readonly<Partial<Record<CmdletName, unknown>>> = {
  'Get-VM': rows(vmRow(1), vmRow(2, { State: 'Running' })),
  'Get-VMProcessor': rows(processorRow(1, false), processorRow(2, true)),
  'Get-VMNetworkAdapter': rows(adapterRow(1), adapterRow(2)),
  'Get-VMSnapshot': rows(),
  'Get-CimInstance/HyperVHypervisorVirtualProcessor': rows(counter('vm-2', '10')),
  'Get-VMHost': rows({
    Name: 'DEV-PC',
    LogicalProcessorCount: 32,
    MemoryCapacity: 64 * GB,
    SupportedVmVersions: ['9.0', '12.0'],
    VirtualHardDiskPath: 'D:\\Disks',
    VirtualMachinePath: 'D:\\VMs',
  }),
  'Get-VMSwitch': rows({
    Id: guid(500),
    Name: 'LAN',
    SwitchType: 'External',
    AllowManagementOS: true,
    NetAdapterInterfaceDescription: 'x',
  }),
  'Get-CimInstance/Win32_Processor': rows({
    Name: ' Intel Core ',
    Manufacturer: 'GenuineIntel',
    Architecture: 9,
    NumberOfCores: 24,
    NumberOfLogicalProcessors: 32,
    SecondLevelAddressTranslationExtensions: false,
    VMMonitorModeExtensions: false,
    VirtualizationFirmwareEnabled: false,
  }),
  'Get-CimInstance/Win32_ComputerSystem': rows({
    Name: 'DEV-PC',
    Manufacturer: 'Contoso',
    Model: 'W7',
    HypervisorPresent: true,
    TotalPhysicalMemory: String(64 * GB),
  }),
  'Get-CimInstance/Win32_OperatingSystem': rows({
    Caption: 'Windows 11 Pro',
    Version: '10.0.26100',
    BuildNumber: '26100',
    OperatingSystemSKU: 48,
    ProductType: 1,
    FreePhysicalMemory: '1024',
  }),
  'Get-CimInstance/Win32_OptionalFeature': rows({ Name: 'Microsoft-Hyper-V', InstallState: 1 }),
  'Get-CimInstance/Win32_Service': rows({ Name: 'vmms', State: 'Running', StartMode: 'Auto' }),
  'Get-CimInstance/Win32_DeviceGuard': rows({ VirtualizationBasedSecurityStatus: 2 }),
  'Get-CimInstance/HyperVHypervisor': rows({ LogicalProcessors: '32' }),
};
/** An answer for each call of a snapshot. */
const answersBy = (answer: (cmdlet: CmdletName) => unknown): SnapshotAnswers => {
  const calls = snapshotCalls(thisPc);
  return answersTo(
    calls,
    Object.values(calls).map(({ cmdlet }) => answer(cmdlet) as CallResult),
  );
};
const answers = (but: Readonly<Partial<Record<CmdletName, unknown>>> = {}): SnapshotAnswers =>
  answersBy((cmdlet) => ({ ...whole, ...but })[cmdlet]);
const read = (but: Readonly<Partial<Record<CmdletName, unknown>>> = {}, context: object = {}): Machine =>
  assembleMachine(thisPc, answers(but), { handshake: handshakeOf(), now, ...context });
const vm = (machine: Machine, n: number): Vm => {
  const found = machine.vms?.find(({ id }) => id === guid(n));
  if (!found) throw new Error(`vm ${String(n)} is missing`);
  return found;
};

describe('a snapshot', () => {
  it('is one batch, whatever the number of VMs', () => {
    const calls: readonly HostCall[] = Object.values(snapshotCalls(thisPc));
    expect(calls.filter(({ on }) => on !== undefined).every(({ on }) => on && 'call' in on && on.call === 0)).toBe(
      true,
    );
    expect(calls.every(({ cmdlet }) => (cmdlets[cmdlet] as CatalogEntry).kind === 'read')).toBe(true);
  });

  it('has every value where it belongs', () => {
    const machine = read();
    expect(machine.vms?.map(({ name }) => name)).toEqual(['vm-1', 'vm-2']);
    expect(vm(machine, 1)).toMatchObject({ nesting: false, inside: 'no', version: '12.0', problem: null, unread: [] });
    expect(vm(machine, 2)).toMatchObject({ nesting: true, state: 'Running' });
    expect(machine.host).toMatchObject({
      folders: { disks: 'D:\\Disks', machines: 'D:\\VMs' },
      name: 'DEV-PC',
      windows: { build: 26100, sku: 48, server: false },
      processor: { name: 'Intel Core', vendor: 'intel', architecture: 9 },
      freeMemory: 2 ** 20,
      features: { 'Microsoft-Hyper-V': 'enabled' },
      services: { vmms: { state: 'Running', startMode: 'Auto' } },
      vbsStatus: 2,
      unread: [],
    });
  });

  it('sorts names as a person would: vm-2 before vm-10', () => {
    const machine = read({ 'Get-VM': rows(vmRow(3, { Name: 'vm-10' }), vmRow(4, { Name: 'VM-2' })) });
    expect(machine.vms?.map(({ name }) => name)).toEqual(['VM-2', 'vm-10']);
  });
});

it('goes by as much of a name as Windows takes: a longer one, which no honest machine has, holds nobody up', () => {
  const names = ['b', 'a'].map((end, index) => vmRow(index + 1, { Name: 'x'.repeat(100) + end }));
  expect(read({ 'Get-VM': rows(...names) }).vms?.map(({ id }) => id)).toEqual([guid(1), guid(2)]);
});

describe('no access is never taken for no VMs', () => {
  it('an empty list without rights', () => {
    expect(read({ 'Get-VM': rows() }, { handshake: handshakeOf({ identity: stranger }) }).vms).toBeUndefined();
    expect(read({ 'Get-VM': rows() }, { handshake: handshakeOf({ identity: null }) }).vms).toBeUndefined();
  });
  it('an empty list with rights is an empty list', () => expect(read({ 'Get-VM': rows() }).vms).toEqual([]));
  it.each([
    ['the call failed', { failed: refused }],
    ['no row and an error', { rows: [], errors: [refused] }],
    ['no reply', { unknown: true, failure: refused }],
  ])('%s', (_, answer) => {
    const machine = read({ 'Get-VM': answer });
    expect(machine.vms).toBeUndefined();
    expect(machine.host.unread).toContainEqual(refused);
  });
});

describe('one broken VM', () => {
  const broken = { ...refused, property: 'MemoryStartup', objects: 1 };
  it('does not hide the others, and says what of it could not be read', () => {
    const machine = read({
      'Get-VM': { rows: [vmRow(1, { MemoryStartup: undefined }), vmRow(2)], errors: [broken] },
      'Get-VMProcessor': { rows: [processorRow(2, true)], errors: [refused] },
      'Get-VMNetworkAdapter': { rows: [adapterRow(2)], errors: [refused] },
      'Get-VMSnapshot': { rows: [], errors: [refused] },
    });
    expect(vm(machine, 1)).toMatchObject({
      nesting: undefined,
      inside: 'unknown',
      adapters: undefined,
      checkpoints: undefined,
    });
    expect(vm(machine, 1).memory.startup).toBeUndefined();
    expect(vm(machine, 1).unread).toContainEqual(broken);
    expect(vm(machine, 2)).toMatchObject({ nesting: true });
    expect(vm(machine, 2).adapters).toHaveLength(1);
    expect(vm(machine, 2).memory.startup).toBe(4 * GB);
  });

  it('an id that is named twice is one VM: the first, which says that the list is wrong', () => {
    const machine = read({ 'Get-VM': rows(vmRow(1), vmRow(2), { ...vmRow(1), Id: guid(1), Name: 'second' }) });
    expect(machine.vms?.map(({ name }) => name)).toEqual(['vm-1', 'vm-2']);
    expect(vm(machine, 1).unread).toEqual([{ kind: 'guest-answers-wrongly', cmdlet: 'Get-VM' }]);
    expect(vm(machine, 2).unread).toEqual([]);
  });

  it('says a few of the errors of a list, however many there are: each VM without its rows has them', () => {
    const errors = Array.from({ length: 500 }, () => refused);
    const lists = { rows: [], errors };
    const machine = read({
      'Get-VM': {
        rows: [vmRow(1, { MemoryStartup: undefined }), vmRow(2)],
        errors: Array.from({ length: 500 }, () => broken),
      },
      'Get-VMProcessor': lists,
      'Get-VMNetworkAdapter': lists,
      'Get-VMSnapshot': lists,
    });
    expect(vm(machine, 1).unread).toContainEqual(broken);
    for (const n of [1, 2]) expect(vm(machine, n).unread.length).toBeLessThanOrEqual(10);
  });

  it('an adapter without its id is an unread list, not a VM without adapters', () => {
    const machine = read({ 'Get-VMNetworkAdapter': rows(adapterRow(1, { Id: undefined }), adapterRow(2)) });
    expect(vm(machine, 1).adapters).toBeUndefined();
    expect(vm(machine, 2).adapters).toHaveLength(1);
  });

  it('a list of a VM that names one id twice has it once: the first', () => {
    const machine = read({
      'Get-VMNetworkAdapter': rows(adapterRow(1), adapterRow(1, { Name: 'second' }), adapterRow(2)),
      'Get-VMSnapshot': rows(
        { VMId: guid(1), Id: guid(9), Name: 'first' },
        { VMId: guid(1), Id: guid(9).toUpperCase(), Name: 'second' },
      ),
    });
    expect(vm(machine, 1).adapters?.map(({ name }) => name)).toEqual(['Network Adapter']);
    expect(vm(machine, 1).checkpoints?.map(({ name }) => name)).toEqual(['first']);
  });

  it('a row that does not say whose it is may be anybody’s', () => {
    const machine = read({ 'Get-VMNetworkAdapter': rows(adapterRow(1, { VMId: undefined }), adapterRow(2)) });
    expect(vm(machine, 1).adapters).toBeUndefined();
    expect(vm(machine, 2).adapters).toBeUndefined();
  });
});

describe('services and features that were not read are not absent', () => {
  it.each(['Get-CimInstance/Win32_Service', 'Get-CimInstance/Win32_OptionalFeature'] as const)('%s', (cmdlet) => {
    for (const answer of [{ failed: refused }, { rows: [], errors: [refused] }, rows({ Name: 'vmms' })]) {
      const { host } = read({ [cmdlet]: answer });
      expect(cmdlet.endsWith('Service') ? host.services : host.features).toBeUndefined();
    }
  });
});

describe('whether a hypervisor runs inside', () => {
  const running = {
    ...whole,
    'Get-VM': rows(vmRow(2, { State: 'Running', Uptime: 60 })),
    'Get-VMProcessor': rows(processorRow(2, true)),
  };
  const counters = 'Get-CimInstance/HyperVHypervisorVirtualProcessor';
  const first = samplesOf(rows(counter('vm-2', '10'), counter('vm-2', '5', 1)) as never, 0);
  const second = (...list: object[]) =>
    vm(read({ ...running, [counters]: rows(...list) }, { samples: first, at: 2000 }), 2).inside;

  it('probably, when nested entries grow', () => {
    expect(second(counter('vm-2', '10'), counter('vm-2', '6', 1))).toBe('probably');
  });
  it('no, when they stand still', () => expect(second(counter('vm-2', '10'), counter('vm-2', '5', 1))).toBe('no'));
  it.each<[string, () => string]>([
    ['of one sample alone', () => vm(read(running), 2).inside],
    ['counters began anew: it was restarted', () => second(counter('vm-2', '1'), counter('vm-2', '1', 1))],
    ['counters of another name', () => second(counter('vm-3', '99'))],
    [
      'a processor of which the counter could not be read',
      () => second(counter('vm-2', '10'), counter('vm-2', undefined, 1)),
    ],
    ['a counter that is no number', () => second(counter('vm-2', '10'), counter('vm-2', 'many', 1))],
    [
      'two VMs of one name share their counters',
      () =>
        vm(
          read(
            {
              ...running,
              'Get-VM': rows(vmRow(2, { State: 'Running' }), vmRow(3, { Name: 'vm-2' })),
              [counters]: rows(counter('vm-2', '99')),
            },
            { samples: first, at: 2000 },
          ),
          2,
        ).inside,
    ],
    ['saved with nesting on', () => vm(read({ ...running, 'Get-VM': rows(vmRow(2, { State: 'Saved' })) }), 2).inside],
    ['paused with nesting on', () => vm(read({ ...running, 'Get-VM': rows(vmRow(2, { State: 'Paused' })) }), 2).inside],
    ['nesting not read', () => vm(read({ ...running, 'Get-VMProcessor': rows(processorRow(2, undefined)) }), 2).inside],
    ['the state not read', () => vm(read({ ...running, 'Get-VM': rows(vmRow(2, { State: undefined })) }), 2).inside],
  ])('unknown: %s', (_, inside) => expect(inside()).toBe('unknown'));

  it('no, when nesting is off, also while it is saved', () => {
    expect(vm(read({ 'Get-VM': rows(vmRow(1, { State: 'Saved' })) }), 1).inside).toBe('no');
  });

  it('a name that holds the separator is still found', () => {
    expect(samplesOf(rows(counter('a:Hv VP 1', '7')) as never, 0)?.sums.get('a:Hv VP 1')).toBe(7n);
  });

  it('what was known stays while it runs on, and not over a restart nobody saw', () => {
    const previous = read(
      { ...running, [counters]: rows(counter('vm-2', '11'), counter('vm-2', '5', 1)) },
      { samples: first, at: 2000 },
    );
    expect(vm(previous, 2).inside).toBe('probably');
    const unread = { ...running, [counters]: { failed: refused } };
    expect(vm(read(unread, { previous }), 2).inside).toBe('probably');
    const restarted = { ...unread, 'Get-VM': rows(vmRow(2, { State: 'Running', Uptime: 3 })) };
    expect(vm(read(restarted, { previous }), 2).inside).toBe('unknown');
  });

  it('two samples alone are enough, nothing else is read again', () => {
    const machine = read(running);
    const later = samplesOf(rows(counter('vm-2', '10'), counter('vm-2', '9', 1)) as never, 2000);
    if (!first || !later) throw new Error('no samples');
    expect(vm(withSamples(machine, later, first), 2)).toMatchObject({
      inside: 'probably',
      insideEvidence: { kind: 'counters', earlier: '15', later: '19', seconds: 2 },
    });
  });

  describe('counters beside what was read inside', () => {
    const at = (seconds: number, sum: bigint): Samples => ({ at: seconds * 1000, sums: new Map([['vm-2', sum]]) });
    const guest = (hypervisorProcessors: number): Machine => {
      const machine = read();
      return { ...machine, at: vmIn(thisPc, guid(2)), host: { ...machine.host, hypervisorProcessors } };
    };
    const looked = (processors: number): Machine => {
      const machine = read(running);
      return {
        ...machine,
        vms: machine.vms?.map((one) => (one.id === guid(2) ? withGuest(one, guest(processors)) : one)),
      };
    };
    /** Samples of every two seconds, one after the other. */
    const after = (machine: Machine, ...sums: bigint[]): Vm =>
      vm(
        sums.slice(1).reduce((now, sum, n) => withSamples(now, at(2 * n + 2, sum), at(2 * n, sums[n] ?? 0n)), machine),
        2,
      );

    it('certainly stays certainly, however often they are read', () => {
      expect(after(looked(4), 10n, 20n, 30n).inside).toBe('certainly');
      // Where they never say what the inside says they are no measure here.
      expect(after(looked(4), 10n, 10n, 10n).inside).toBe('certainly');
      expect(after(looked(0), 10n, 20n, 30n).inside).toBe('no');
    });

    it('they turn over: what was read inside is old, and is not said any more', () => {
      const ended = after(looked(4), 10n, 20n, 20n);
      expect(ended).toMatchObject({ inside: 'no', insideEvidence: { kind: 'counters' } });
      expect(ended.guest?.host.hypervisorProcessors).toBeUndefined();
      expect(after(looked(0), 10n, 10n, 20n).inside).toBe('probably');
    });

    it('after a restart nothing of it is known', () => {
      const before = vm(looked(4), 2);
      const anew = { nesting: true, state: 'Running', name: 'vm-2', isShared: false, before } as const;
      expect(insideOf({ ...anew, uptime: 3 }, {}).inside).toBe('unknown');
      expect(insideOf({ ...anew, uptime: 70 }, {}).inside).toBe('certainly');
    });

    it('samples of before a long sleep tell what was, not what is', () => {
      const [machine, early, late] = [read(running), at(0, 10n), at(3600, 99n)];
      expect(vm(withSamples(machine, late, early), 2).inside).toBe('unknown');
    });

    it('a tick that tells nothing new is no change of the VM', () => {
      const probably = withSamples(read(running), at(2, 20n), at(0, 10n));
      expect(vm(withSamples(probably, at(4, 30n), at(2, 20n)), 2)).toBe(vm(probably, 2));
      expect(insideAsRead(vm(probably, 2), undefined).inside).toBe('probably');
    });
  });
});

describe('chosen VMs, read in full', () => {
  const full = (n: number, services: unknown, state = 'Running'): CallResult[] =>
    [
      rows(vmRow(n, { State: state })),
      rows(processorRow(n, true)),
      rows(adapterRow(n)),
      rows(),
      services,
    ] as CallResult[];
  const service = (but: object = {}) =>
    rows({
      VMId: guid(1),
      Id: `Microsoft:${guid(1)}\\9F8233AC-BE49-4C79-8EE3-E7E1985B2077`,
      Enabled: true,
      PrimaryOperationalStatus: 'Ok',
      ...but,
    });
  const one = (services: unknown) =>
    assembleVms(thisPc, full(1, services), [guid(1)], { handshake: handshakeOf(), now }).vms[0];

  it('are one batch', () => {
    const calls = vmCalls(thisPc, [guid(1), guid(2)]);
    expect(calls).toHaveLength(10);
    expect(calls.map((call: HostCall) => (call.on && 'call' in call.on ? call.on.call : null)).slice(5)).toEqual([
      null,
      5,
      5,
      5,
      5,
    ]);
  });

  it.each([
    ['ok', service()],
    ['off', service({ Enabled: false })],
    ['off', rows()],
    ['not-answering', service({ PrimaryOperationalStatus: 'NoContact' })],
    ['not-answering', service({ PrimaryOperationalStatus: null })],
    [undefined, service({ PrimaryOperationalStatus: undefined })],
    [undefined, { failed: refused }],
    [undefined, { rows: [], errors: [refused] }],
  ])('the guest can be asked to shut down: %s', (said, services) => expect(one(services)?.shutdownService).toBe(said));

  it('tells those that are gone from those that could not be read', () => {
    const lost = (failure: Failure): CallResult[] =>
      [{ rows: [], errors: [failure] }, rows(), rows(), rows(), rows()] as CallResult[];
    const read = assembleVms(
      thisPc,
      [...lost(gone), ...lost(refused), ...full(1, service())],
      [guid(7), guid(8), guid(1)],
      {
        handshake: handshakeOf(),
        now,
      },
    );
    expect(read.gone).toEqual([guid(7)]);
    expect(read.failed).toEqual([{ vm: guid(8), failure: refused }]);
    expect(read.vms.map(({ id }) => id)).toEqual([guid(1)]);
  });

  it('are each the one that was asked for: the row of another VM is no answer', () => {
    const another = full(2, service());
    const context = { handshake: handshakeOf(), now };
    const wrong: Failure = { kind: 'guest-answers-wrongly', cmdlet: 'Get-VM' };
    const read = assembleVms(thisPc, [...another, ...full(2, service())], [guid(1), guid(2)], context);
    expect(read.vms.map(({ id }) => id)).toEqual([guid(2)]);
    expect(read.failed).toEqual([{ vm: guid(1), failure: wrong }]);
    const both = [rows(vmRow(2), vmRow(1)), ...another.slice(1)] as CallResult[];
    expect(assembleVms(thisPc, both, [guid(1)], context).vms.map(({ id }) => id)).toEqual([guid(1)]);
    const nameless = [{ rows: [vmRow(1, { Id: undefined })], errors: [refused] }, ...another.slice(1)] as CallResult[];
    expect(assembleVms(thisPc, nameless, [guid(1)], context).failed).toEqual([{ vm: guid(1), failure: refused }]);
  });

  it('stand in the machine once, however often they are asked for', () => {
    const twice = [...full(1, service()), ...full(1, service())];
    const { vms } = assembleVms(thisPc, twice, [guid(1), guid(1)], { handshake: handshakeOf(), now });
    expect(withVms(read(), vms, []).vms?.map(({ id }) => id)).toEqual([guid(1), guid(2)]);
  });

  it('take their place in the machine, the rest stays as it was', () => {
    const machine = read();
    const { vms } = assembleVms(thisPc, full(1, service()), [guid(1)], {
      handshake: handshakeOf(),
      now,
      previous: machine,
    });
    const next = withVms(machine, vms, []);
    expect(vm(next, 1).state).toBe('Running');
    expect(vm(next, 2)).toBe(vm(machine, 2));
    expect(withVms(next, [], [guid(2)]).vms?.map(({ id }) => id)).toEqual([guid(1)]);
  });
});

describe('a tick', () => {
  const row = (Name: string, EnabledState = 3) => ({
    Name,
    EnabledState,
    HealthState: 5,
    TimeOfLastStateChange: now,
    TimeOfLastConfigurationChange: now,
  });
  const tick = (...list: object[]) => tickOf(rows(...list) as never) ?? new Map<string, never>();

  it('is one query', () => expect(tickCalls(thisPc)).toHaveLength(1));
  it('names the VMs that changed, came or went; the row of the host is none', () => {
    const before = tick(row('DEV-PC', 2), row(guid(1).toUpperCase()), row(guid(2)), row(guid(3)));
    const after = tick(row('DEV-PC', 5), row(guid(1)), row(guid(2), 2), row(guid(4)));
    expect(changedBy(after, before)).toEqual({ changed: [guid(2), guid(4)], removed: [guid(3)] });
  });
  it('that was refused is no tick, not one without VMs', () => {
    expect(tickOf({ rows: [], errors: [refused] })).toBeUndefined();
    expect(tickOf({ failed: refused })).toBeUndefined();
  });
});

/** Any of the answers fails or loses properties: what Windows may do to a snapshot. */
const damage = fc.record({
  failing: fc.subarray(Object.values(snapshotCalls(thisPc)).map(({ cmdlet }): CmdletName => cmdlet)),
  how: fc.constantFrom('failed', 'refused', 'unknown', 'lossy'),
  lost: fc.array(fc.nat(200), { maxLength: 12 }),
});
function damaged({ failing, how, lost }: typeof damage extends fc.Arbitrary<infer T> ? T : never): SnapshotAnswers {
  return answersBy((cmdlet) => {
    const answer = whole[cmdlet] as { readonly rows: readonly object[] };
    if (!failing.includes(cmdlet)) return answer;
    if (how === 'failed') return { failed: refused };
    if (how === 'refused') return { rows: [], errors: [refused] };
    if (how === 'unknown') return { unknown: true, failure: refused };
    const names = Object.keys((cmdlets[cmdlet] as CatalogEntry).reads);
    const isLost = (property: string): boolean => lost.some((n) => names[n % names.length] === property);
    return {
      rows: answer.rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [key, isLost(key) ? undefined : (value as unknown)]),
        ),
      ),
      errors: names.filter(isLost).map((property) => ({ ...refused, property, objects: 1 })),
    };
  });
}

describe('whatever could not be read', () => {
  const context = { handshake: handshakeOf(), now };
  const all = (machine: Machine) => [
    ...checksOfHost(machine),
    ...(machine.vms ?? []).flatMap((one) => checksOfVm(machine, one)),
  ];
  const key = ({ id, vm: of }: { id: string; vm?: string }) => `${of ?? ''}/${id}`;
  const fine = new Map(all(assembleMachine(thisPc, answers(), context)).map((check) => [key(check), check.verdict]));

  it('a snapshot is made, and no check becomes better than with all facts', () => {
    const rank = ['blocker', 'warning', 'unknown', 'advice', 'ok'];
    fc.assert(
      fc.property(damage, (how) => {
        const machine = assembleMachine(thisPc, damaged(how), context);
        for (const check of all(machine)) {
          const whole = fine.get(key(check));
          if (whole === undefined || check.verdict === whole || check.verdict === 'unknown') continue;
          expect(rank.indexOf(check.verdict), `${key(check)} ${check.verdict}`).toBeLessThan(rank.indexOf(whole));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('a value is the one that Windows gave, or not known; never another', () => {
    const truth = assembleMachine(thisPc, answers(), context);
    fc.assert(
      fc.property(damage, (how) => {
        const machine = assembleMachine(thisPc, damaged(how), context);
        for (const one of machine.vms ?? []) {
          const real = vm(truth, Number(one.id.slice(-3)));
          for (const property of ['state', 'nesting', 'version', 'stopAction', 'checkpoints', 'problem'] as const)
            if (one[property] !== undefined) expect(one[property]).toEqual(real[property]);
          if (one.adapters !== undefined)
            expect(one.adapters.map(({ id }) => id)).toEqual(real.adapters?.map(({ id }) => id));
          if (one.state === undefined || one.nesting === undefined) expect(one.unread.length).toBeGreaterThan(0);
        }
        expect([undefined, 'Running']).toContain(machine.host.services?.['vmms']?.state);
        for (const property of ['windows', 'features', 'vbsStatus'] as const)
          if (machine.host[property] !== undefined) expect(machine.host[property]).toEqual(truth.host[property]);
      }),
      { numRuns: 400 },
    );
  });
});

// The rows above are of the catalog: a property that it no longer reads would be tested in vain.
const reads: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(cmdlets).map(([name, { reads: properties }]) => [name, Object.keys(properties)]),
);
it('the answers of this test are those of the catalog', () => {
  for (const [name, answer] of Object.entries(whole) as [string, { readonly rows: readonly object[] }][])
    for (const row of answer.rows) expect(Object.keys(row).toSorted(), name).toEqual(reads[name]?.toSorted());
});
