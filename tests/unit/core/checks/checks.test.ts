import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksOfHost, checksOfVm, verdictOf } from '../../../../src/core/checks/all.js';
import { checkIds, type Check, type CheckId, type Verdict } from '../../../../src/core/checks/check.js';
import { memoryChecks } from '../../../../src/core/checks/memory.js';
import type { HostFacts, Machine, Network, ThirdParty, Vm } from '../../../../src/core/machine/machine.js';
import { translator } from '../../../../src/text/index.js';
import type { ScenarioName } from '../../../../simulator/scenarios/scenarios.js';
import { scenarioWorld } from '../run-world.js';
import { otherPc } from '../other-pc.js';
import { guid, hostOf, machineOf, mei, stranger, vmOf } from '../worlds.js';

const GB = 2 ** 30;
const cpu = hostOf().processor;
const pc = hostOf().computer;
const win = hostOf().windows;
if (!cpu || !pc || !win) throw new Error('the world of the tests lacks its facts');
const amd = { ...cpu, vendor: 'amd' as const };
const asGuest = { ...pc, manufacturer: 'Microsoft Corporation', model: 'Virtual Machine' };
const onKvm = { ...pc, manufacturer: 'QEMU', model: 'Standard PC' };
const bare = { ...pc, hypervisorPresent: false };
/** No hypervisor of its own is counted. */
const none = { hypervisorProcessors: 0 };
const by = (manufacturer: string, model: string) => ({ ...pc, manufacturer, model });
const x64 = (over: Partial<typeof cpu>) => ({ ...cpu, vendor: 'other' as const, ...over });
const azure = { services: { ...hostOf().services, WindowsAzureGuestAgent: { state: 'Running', startMode: 'Auto' } } };
const there = { ...cpu, slat: true, vmMonitorMode: true, firmwareEnabled: true };

function found(checks: readonly Check[], id: CheckId): Check {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  return check;
}

const hostCases: readonly [CheckId, string, Verdict, Partial<HostFacts>, (Check['fix'] & { kind: 'act' })['act']?][] = [
  ['rights', 'in the group', 'ok', {}],
  ['rights', 'elevated', 'ok', { identity: { ...stranger, isElevated: true } }],
  ['rights', 'joined, not signed out', 'blocker', { identity: { ...stranger, isMember: true } }, 'sign-out'],
  ['rights', 'none', 'blocker', { identity: stranger }, 'join-group'],
  ['rights', 'not known', 'unknown', { identity: undefined }],
  ['administrator-protection', 'on', 'ok', { identity: { ...stranger, approvalMode: 2 } }],
  ['administrator-protection', 'not read', 'unknown', { identity: { ...stranger, approvalMode: null } }],
  ['administrator-protection', 'nobody said who asks', 'unknown', { identity: undefined }],
  ['module', 'loaded', 'ok', {}],
  ['module', 'blocked', 'blocker', { modules: { 'Hyper-V': 'blocked' } }],
  ['module', 'missing', 'blocker', { modules: { 'Hyper-V': 'missing' } }, 'enable-hyper-v'],
  ['module', 'not known', 'unknown', { modules: {} }],
  ['language-mode', 'constrained', 'blocker', { languageMode: 'ConstrainedLanguage' }],
  ['language-mode', 'not known', 'unknown', { languageMode: undefined }],
  ['architecture', 'x64', 'ok', {}],
  ['architecture', 'ARM64', 'blocker', { processor: { ...cpu, architecture: 12, vendor: 'other' } }],
  ['architecture', 'x86', 'blocker', { processor: { ...cpu, architecture: 0 } }],
  ['architecture', 'not known', 'unknown', { processor: undefined }],
  ['windows', 'Windows 11 on Intel', 'ok', {}],
  ['windows', 'Windows 10 1607 on Intel', 'ok', { windows: { ...win, build: 14393 } }],
  ['windows', 'Windows 10 1511 on Intel', 'blocker', { windows: { ...win, build: 10586 } }],
  ['windows', 'Windows 10 22H2 on AMD', 'blocker', { windows: { ...win, build: 19045 }, processor: amd }],
  ['windows', 'Windows 11 on AMD', 'ok', { windows: { ...win, build: 22000 }, processor: amd }],
  ['windows', 'Server 2019 on AMD', 'blocker', { windows: { ...win, build: 17763, server: true }, processor: amd }],
  ['windows', 'Server 2022 on AMD', 'ok', { windows: { ...win, build: 20348, server: true }, processor: amd }],
  ['windows', 'another x64', 'unknown', { processor: x64({}) }],
  ['windows', 'on ARM64: in the way of nothing', 'ok', { processor: x64({ architecture: 12 }) }],
  ['windows', 'processor not known', 'unknown', { processor: undefined }],
  ['windows', 'not known', 'unknown', { windows: undefined }],
  ['edition', 'Pro', 'ok', {}],
  ['edition', 'Home', 'blocker', { windows: { ...win, sku: 101 } }],
  ['edition', 'Home Single Language', 'blocker', { windows: { ...win, sku: 100 } }],
  ['edition', 'not known', 'unknown', { windows: undefined }],
  ['processor', 'Intel', 'ok', {}],
  ['processor', 'AMD', 'ok', { processor: amd }],
  ['processor', 'another', 'unknown', { processor: { ...cpu, vendor: 'other' } }],
  ['processor', 'ARM64: its architecture is in the way, not its maker', 'ok', { processor: x64({ architecture: 12 }) }],
  ['processor', 'not known', 'unknown', { processor: undefined }],
  // While a hypervisor runs Windows reads all three as False: this PC's own is the evidence, one below it is none.
  ['extensions', 'used by the hypervisor', 'ok', {}],
  ['extensions', 'used by the hypervisor of a VM', 'ok', { computer: onKvm }],
  ['extensions', 'used on a Hygon', 'ok', { processor: x64({ name: 'Hygon C86 7285' }) }],
  ['extensions', 'whose hypervisor it is was not read', 'unknown', { hypervisorProcessors: undefined }],
  ['extensions', 'there, none runs', 'ok', { ...none, computer: bare, processor: there }],
  [
    'extensions',
    'off in firmware',
    'blocker',
    { ...none, computer: bare, processor: { ...there, firmwareEnabled: false } },
  ],
  ['extensions', 'no SLAT', 'blocker', { ...none, computer: bare, processor: { ...there, slat: false } }],
  ['extensions', 'no VT-x', 'blocker', { ...none, computer: bare, processor: { ...there, vmMonitorMode: false } }],
  ['extensions', 'not said', 'unknown', { ...none, computer: bare, processor: { ...there, firmwareEnabled: null } }],
  ['extensions', 'in a guest', 'unknown', { ...none, computer: onKvm }],
  ['extensions', 'not known', 'unknown', { hypervisorProcessors: undefined, computer: undefined }],
  ['hypervisor-below', 'nothing seen', 'ok', {}],
  ['hypervisor-below', 'Hyper-V', 'advice', { computer: asGuest }],
  ['hypervisor-below', 'Azure', 'advice', { ...azure, computer: asGuest }],
  [
    'hypervisor-below',
    'Azure that says American Megatrends (crmsh#865)',
    'advice',
    { ...azure, computer: by('American Megatrends Inc.', '7.0') },
  ],
  ['hypervisor-below', 'KVM', 'warning', { computer: onKvm }],
  ['hypervisor-below', 'VMware', 'warning', { computer: by('VMware, Inc.', 'VMware20,1') }],
  [
    'hypervisor-below',
    'Alibaba Cloud (systemd#43347)',
    'warning',
    { computer: by('Alibaba Cloud', 'Alibaba Cloud ECS') },
  ],
  ['hypervisor-below', 'bare metal of Alibaba Cloud', 'ok', { computer: by('Alibaba Cloud', 'ebmg7') }],
  ['hypervisor-below', 'Amazon EC2', 'warning', { computer: by('Amazon EC2', 'm7i.large') }],
  [
    'hypervisor-below',
    'bare metal of Amazon EC2 (systemd#27267)',
    'ok',
    { computer: by('Amazon EC2', 'c7i.metal-24xl') },
  ],
  [
    'hypervisor-below',
    'Google, whose bare metal says the same (systemd#38125)',
    'ok',
    { computer: by('Google', 'Google Compute Engine') },
  ],
  ['hypervisor-below', 'a node of Nutanix is no VM of it', 'ok', { computer: by('Nutanix', 'NX-1065-G8') }],
  ['hypervisor-below', 'a VM of Nutanix', 'warning', { computer: by('Nutanix', 'AHV') }],
  ['hypervisor-below', 'Hetzner', 'warning', { computer: by('Hetzner', 'vServer') }],
  ['hypervisor-below', 'bhyve', 'warning', { computer: by('FreeBSD', 'BHYVE') }],
  ['hypervisor-below', 'a maker that says nothing', 'unknown', { computer: by('', ' ') }],
  ['hypervisor-below', 'a Surface is no guest', 'ok', { computer: { ...asGuest, model: 'Surface Laptop 7' } }],
  ['hypervisor-below', 'not known', 'unknown', { computer: undefined }],
  ['hyper-v-role', 'on', 'ok', {}],
  ['hyper-v-role', 'off', 'blocker', { features: { 'Microsoft-Hyper-V': 'disabled' }, services: {} }, 'enable-hyper-v'],
  ['hyper-v-role', 'not read', 'unknown', { features: undefined, services: undefined }],
  ['hyper-v-role', 'features not read, no service', 'unknown', { features: undefined, services: {} }],
  ['hypervisor', 'runs', 'ok', {}],
  ['hypervisor', 'runs in a VM', 'ok', { computer: asGuest }],
  ['hypervisor', 'does not', 'blocker', { ...none, computer: bare }, 'hypervisor-auto'],
  [
    'hypervisor',
    'does not in a VM, where Windows always says yes',
    'blocker',
    { ...none, computer: asGuest },
    'hypervisor-auto',
  ],
  ['hypervisor', 'none counted by who may not see it', 'unknown', { ...none, computer: asGuest, identity: stranger }],
  ['hypervisor', 'one runs, and whose it is was not read', 'unknown', { hypervisorProcessors: undefined }],
  ['hypervisor', 'not known', 'unknown', { hypervisorProcessors: undefined, computer: undefined }],
  ['management-service', 'runs', 'ok', {}],
  [
    'management-service',
    'stopped',
    'blocker',
    { services: { vmms: { state: 'Stopped', startMode: 'Auto' } } },
    'start-service',
  ],
  [
    'management-service',
    'disabled',
    'blocker',
    { services: { vmms: { state: 'Stopped', startMode: 'Disabled' } } },
    'start-service',
  ],
  ['management-service', 'absent', 'blocker', { services: {} }],
  ['management-service', 'not known', 'unknown', { services: undefined }],
  ['virtualization-based-security', 'runs, and is fine', 'ok', { vbsStatus: 2 }],
  ['virtualization-based-security', 'does not, and that is fine', 'ok', { vbsStatus: 0 }],
];

const alive = [{ name: 'l2', state: 'Running' as const }];
const [adapter] = vmOf(1).adapters ?? [];
if (!adapter) throw new Error('the VM of the tests lacks its adapter');
const checkpoint = { id: guid(50), name: 'before', automatic: false, created: '2026-01-01T00:00:00Z', parent: null };
const refused = { kind: 'unexpected' as const };

/** What was found inside: VMs with this memory. */
const holding = (...memories: readonly Partial<Vm['memory']>[]): Machine =>
  machineOf(
    {},
    memories.map((memory, index) => vmOf(20 + index, { memory: { ...vmOf(1).memory, ...memory } })),
  );

const vmCases: readonly [CheckId, string, Verdict, Partial<Vm>, Partial<HostFacts>, object?][] = [
  ['vm-state', 'off', 'ok', {}, {}],
  ['vm-state', 'running', 'advice', { state: 'Running' }, {}],
  ['vm-state', 'paused', 'warning', { state: 'Paused' }, {}],
  ['vm-state', 'saved', 'blocker', { state: 'Saved' }, {}],
  ['vm-state', 'busy', 'warning', { state: 'Starting' }, {}],
  ['vm-state', 'not known', 'unknown', { state: undefined }, {}],
  ['vm-health', 'fine', 'ok', {}, {}],
  ['vm-health', 'a problem', 'warning', { problem: 'Disk not found' }, {}],
  ['vm-health', 'values not read', 'unknown', { unread: [refused] }, {}],
  ['vm-health', 'not known', 'unknown', { problem: undefined }, {}],
  ['configuration-version', 'Intel 8.0', 'ok', { version: '8.0' }, {}],
  ['configuration-version', 'Intel 5.0', 'blocker', { version: '5.0' }, {}, { version: '12.0' }],
  ['configuration-version', 'AMD 9.2', 'blocker', { version: '9.2' }, { processor: amd }, { version: '12.0' }],
  ['configuration-version', 'AMD 9.3', 'ok', { version: '9.3' }, { processor: amd }],
  ['configuration-version', 'AMD 10.0', 'ok', { version: '10.0' }, { processor: amd }],
  [
    'configuration-version',
    'old, and this PC has no newer',
    'blocker',
    { version: '5.0' },
    { supportedVersions: ['5.0'] },
  ],
  [
    'configuration-version',
    'old, and what this PC has is not known',
    'blocker',
    { version: '5.0' },
    { supportedVersions: undefined },
  ],
  ['configuration-version', 'not known', 'unknown', { version: undefined }, {}],
  ['configuration-version', 'processor not known', 'unknown', {}, { processor: undefined }],
  ['startup-memory', '4 GB', 'ok', {}, {}],
  [
    'startup-memory',
    '2 GB',
    'advice',
    { memory: { ...vmOf(1).memory, startup: 2 * GB } },
    {},
    { memory: { startup: 4 * GB } },
  ],
  ['startup-memory', 'not known', 'unknown', { memory: { ...vmOf(1).memory, startup: undefined } }, {}],
  // Never a prerequisite: explained, and advice while it is frozen, which is as it should be.
  ['dynamic-memory', 'off', 'ok', {}, {}],
  ['dynamic-memory', 'on', 'ok', { memory: { ...vmOf(1).memory, dynamic: true }, nesting: true }, {}],
  ['dynamic-memory', 'frozen', 'advice', { memory: { ...vmOf(1).memory, dynamic: true }, inside: 'probably' }, {}],
  ['dynamic-memory', 'fixed, a hypervisor inside', 'advice', { inside: 'certainly' }, {}],
  ['dynamic-memory', 'whether a hypervisor runs inside is not known', 'unknown', { inside: 'unknown' }, {}],
  ['dynamic-memory', 'not known', 'unknown', { memory: { ...vmOf(1).memory, dynamic: undefined } }, {}],
  ['nested-memory', 'more than it has', 'advice', { guest: holding({ startup: 3 * GB }, { startup: 2 * GB }) }, {}],
  [
    'nested-memory',
    'even the least of dynamic memory is more than it has',
    'advice',
    { guest: holding({ startup: 3 * GB }, { dynamic: true, startup: 8 * GB, minimum: 2 * GB }) },
    {},
  ],
  [
    'nested-memory',
    'frozen with less than it starts with',
    'advice',
    { guest: holding({ startup: 3 * GB }), memory: { ...vmOf(1).memory, assigned: 2 * GB } },
    {},
  ],
  ['nested-memory', 'not known of one inside', 'unknown', { guest: holding({ startup: undefined }) }, {}],
  [
    'nested-memory',
    'its own is not known',
    'unknown',
    { guest: holding({}), memory: { ...vmOf(1).memory, startup: undefined, assigned: undefined } },
    {},
  ],
  ['processor-count', '4', 'ok', {}, {}],
  ['processor-count', '1', 'advice', { processors: 1 }, {}],
  ['processor-count', 'not known', 'unknown', { processors: undefined }, {}],
  ['checkpoints', 'none', 'ok', {}, {}],
  ['checkpoints', 'some', 'advice', { checkpoints: [checkpoint] }, {}],
  ['checkpoints', 'taken at each start', 'advice', { automaticCheckpoints: true }, {}, { automaticCheckpoints: false }],
  ['checkpoints', 'not known', 'unknown', { checkpoints: undefined }, {}],
  ['stop-action', 'shut down', 'ok', {}, {}],
  ['stop-action', 'save', 'advice', { stopAction: 'Save' }, {}, { stopAction: 'ShutDown' }],
  ['stop-action', 'turn off', 'advice', { stopAction: 'TurnOff' }, {}, { stopAction: 'ShutDown' }],
  ['stop-action', 'not known', 'unknown', { stopAction: undefined }, {}],
  ['nested-inside', 'nothing', 'ok', {}, {}],
  ['nested-inside', 'a VM runs inside', 'advice', { nested: alive, inside: 'certainly' }, {}],
  [
    'nested-inside',
    'a VM is saved inside',
    'advice',
    { nested: [{ name: 'l2', state: 'Saved' }], inside: 'certainly' },
    {},
  ],
  ['nested-inside', 'a hypervisor runs, probably', 'advice', { inside: 'probably' }, {}],
  ['nested-inside', 'not known', 'unknown', { inside: 'unknown' }, {}],
  ['nested-inside', 'saved', 'unknown', { state: 'Saved', inside: 'unknown', insideEvidence: { kind: 'no-counters' } }, {}], // prettier-ignore
  ['nested-inside', 'a name of two', 'unknown', { inside: 'unknown', insideEvidence: { kind: 'shared-name' } }, {}],
  ['nested-inside', 'nesting not read', 'unknown', { inside: 'unknown', insideEvidence: { kind: 'not-read' } }, {}],
  ['nested-inside', 'one sample', 'unknown', { inside: 'unknown', insideEvidence: { kind: 'not-measured' } }, {}],
  ['nested-inside', 'counters stand still', 'ok', { insideEvidence: { kind: 'counters', earlier: '7', later: '7', seconds: 2 } }, {}], // prettier-ignore
  ['nested-inside', 'read inside', 'advice', { inside: 'certainly', insideEvidence: { kind: 'inside', processors: 4 } }, {}], // prettier-ignore
  [
    'nested-network',
    'one that runs inside is on no switch',
    'warning',
    {
      guest: machineOf({}, [
        vmOf(20, { state: 'Running', adapters: [{ ...adapter, switchId: null }] }),
        vmOf(21, { state: 'Running' }),
      ]),
    },
    {},
    { network: 'choose' },
  ],
  ['switch', 'connected', 'ok', {}, {}],
  ['switch', 'not connected', 'advice', { adapters: [{ ...adapter, switchId: null }] }, {}],
  ['switch', 'adapters not read', 'unknown', { adapters: undefined }, {}],
  ['switch', 'switch not read', 'unknown', { adapters: [{ ...adapter, switchId: undefined }] }, {}],
];

const hostCheck = (id: CheckId, host: Partial<HostFacts>): Check => found(checksOfHost(machineOf(host)), id);
const vmCheck = (id: CheckId, vm: Partial<Vm>, host: Partial<HostFacts>): Check =>
  found(checksOfVm(machineOf(host), vmOf(1, vm)), id);

describe('a check of this PC', () => {
  it.each(hostCases)('%s, %s: %s', (id, _, verdict, host, act) => {
    const check = hostCheck(id, host);
    expect(check.verdict).toBe(verdict);
    expect(check.fix).toEqual(act === undefined ? undefined : { kind: 'act', act });
    expect(check.vm).toBeUndefined();
  });

  it('offers a Home edition no feature that it does not have', () => {
    expect(
      hostCheck('hyper-v-role', { features: {}, services: {}, windows: { ...win, sku: 101 } }).fix,
    ).toBeUndefined();
  });
  it('starts the hypervisor at boot only where Hyper-V is installed', () => {
    expect(hostCheck('hypervisor', { computer: bare, services: {} }).fix).toBeUndefined();
  });
});

describe('a check of a VM', () => {
  it.each(vmCases)('%s, %s: %s', (id, _, verdict, vm, host, want) => {
    const check = vmCheck(id, vm, host);
    expect(check.verdict).toBe(verdict);
    expect(check.fix).toEqual(want === undefined ? undefined : { kind: 'vm', want });
    expect(check.vm).toBe(guid(1));
  });
});

const nothing: ThirdParty = { drivers: [], services: [], programs: [], readAt: '2026-11-24T08:00:00Z' };
const service = (name: string) => [{ name, state: 'Running' }];
/** What was found; the verdict of it on this PC, and inside a VM. */
const thirdPartyCases: readonly [CheckId, string, Verdict, Verdict, Partial<ThirdParty>][] = [
  ['virtualbox', 'its driver', 'advice', 'warning', { drivers: service('vboxsup') }],
  ['virtualbox', 'its service', 'advice', 'warning', { services: service('VBoxSDS') }],
  ['virtualbox', 'as a program', 'advice', 'warning', { programs: ['Oracle VM VirtualBox 6.1.50'] }],
  ['vmware', 'its driver', 'advice', 'warning', { drivers: service('vmx86') }],
  ['vmware', 'as a program', 'advice', 'warning', { programs: ['VMware Workstation'] }],
  ['haxm', 'its driver', 'advice', 'warning', { drivers: service('IntelHaxm') }],
  ['aehd', 'its driver of before', 'advice', 'warning', { drivers: service('gvm') }],
  ['docker', 'its service', 'ok', 'advice', { services: service('com.docker.service') }],
  ['third-party', 'nothing', 'ok', 'ok', {}],
  ['third-party', 'programs not read', 'unknown', 'unknown', { programs: undefined }],
  [
    'third-party',
    'drivers not read, something found',
    'unknown',
    'unknown',
    { drivers: undefined, programs: ['Docker Desktop'] },
  ],
];
const onPc = (id: CheckId, what: Partial<ThirdParty>): Check =>
  found(checksOfHost({ ...machineOf({}), thirdParty: { ...nothing, ...what } }), id);
function inVm(id: CheckId, what: Partial<ThirdParty>): Check {
  const guest = { ...machineOf({}), thirdParty: { ...nothing, ...what } };
  return found(checksOfVm(machineOf({}), vmOf(1, { guest })), id);
}

describe('virtualization of other makers', () => {
  it.each(thirdPartyCases)('%s, %s: %s on this PC, %s inside', (id, _, verdict, inside, what) => {
    expect(onPc(id, what)).toMatchObject({ verdict });
    expect(onPc(id, what)).not.toHaveProperty('vm');
    expect(inVm(id, what)).toMatchObject({ verdict: inside, vm: guid(1) });
    for (const check of [onPc(id, what), inVm(id, what)]) expect(check.evidence.length).toBeGreaterThan(0);
  });

  it('is not what a guest of theirs has: their tools run in every VM of theirs', () => {
    for (const program of ['VMware Tools', 'Oracle VM VirtualBox Guest Additions 7.0.14', 'VMware Horizon Client'])
      expect(onPc('third-party', { programs: [program] }).verdict).toBe('ok');
  });

  it('is not spoken of where nobody has looked', () => {
    expect(checksOfHost(machineOf({})).map(({ id }) => id)).not.toContain('third-party');
    expect(checksOfVm(machineOf({}), vmOf(1)).map(({ id }) => id)).not.toContain('third-party');
  });

  it('stands in the way of no plan', () => {
    for (const [id, , , , what] of thirdPartyCases) expect(onPc(id, what).verdict).not.toBe('blocker');
  });
});

it('says by which counters, or by what was read inside, it is known that a hypervisor runs', () => {
  const evidence = (vm: Partial<Vm>) => vmCheck('nested-inside', vm, {}).evidence;
  expect(
    evidence({ inside: 'probably', insideEvidence: { kind: 'counters', earlier: '120', later: '980', seconds: 2.04 } }),
  ).toEqual([
    {
      source: 'Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor.NestedVMEntriesPersec',
      value: '120 → 980, 2.0 s',
    },
  ]);
  expect(evidence({ inside: 'certainly', insideEvidence: { kind: 'inside', processors: 4 } })).toEqual([
    { source: 'vm-1: Win32_PerfRawData_HvStats_HyperVHypervisor.LogicalProcessors', value: 4 },
  ]);
});

const network: Network = {
  adapters: [],
  addresses: [{ address: '192.168.178.20', prefixLength: 24, adapter: 'Ethernet', index: 9 }],
  routes: [{ prefix: '0.0.0.0/0', nextHop: '192.168.178.1', adapter: 'Ethernet', index: 9 }],
  dns: [],
  nats: [],
  unread: [],
  readAt: '2026-11-24T08:00:00.000Z',
};
const vpn = { prefix: '192.168.100.0/23', nextHop: '0.0.0.0', adapter: 'Contoso VPN', index: 60 };
const inner = { id: 'a;0', name: 'LabNAT', prefix: '192.168.100.0/24' };
const withVpn = { ...network, routes: [vpn] };
const natChecks = (of: Network | undefined, vm: Partial<Vm>): readonly Check[] => {
  const machine: Machine = { ...machineOf({}, [vmOf(1, vm)]), ...(of && { network: of }) };
  const all = [...checksOfHost(machine), ...checksOfVm(machine, vmOf(1, vm))];
  return all.filter(({ id }) => id === 'nat-overlap' || id === 'nested-nat-overlap');
};

describe('NAT networks and what this PC reaches', () => {
  it('are no matter while nothing overlaps, or nothing is known', () => {
    expect(natChecks(network, { nats: [inner] })).toEqual([]);
    expect(natChecks(undefined, { nats: [inner] })).toEqual([]);
    expect(natChecks(withVpn, {})).toEqual([]);
  });
  it('warn where a VPN lies over one inside a VM, at the VM and at this PC', () => {
    const [host, vm] = natChecks(withVpn, { nats: [inner] });
    expect([host?.verdict, vm?.verdict]).toEqual(['warning', 'warning']);
    expect(host?.vm).toBeUndefined();
    expect(vm?.fix?.kind).toBe('vm');
  });
  it('do not warn of a route that leads to the VM itself', () => {
    const way = { ...vpn, prefix: '192.168.100.0/24', nextHop: '192.168.178.50' };
    const adapters = [{ ...adapter, addresses: ['192.168.178.50'] }];
    expect(natChecks({ ...network, routes: [way] }, { nats: [inner], adapters })).toEqual([]);
  });
  it('of this PC: its own end is no other network, a Wi-Fi of the same prefix is', () => {
    const end = { address: '192.168.100.1', prefixLength: 24, adapter: 'vEthernet (NAT)', index: 24 };
    const wifi = { address: '192.168.100.37', prefixLength: 24, adapter: 'Wi-Fi', index: 14 };
    const card = { name: 'Wi-Fi', description: undefined, id: guid(14), index: 14, macAddress: null, wireless: true, hardware: true, connected: true, dhcp: true }; // prettier-ignore
    const own = { ...network, adapters: [card], nats: [inner] };
    expect(natChecks({ ...own, addresses: [end] }, {})).toEqual([]);
    expect(natChecks({ ...own, addresses: [wifi, end] }, {})[0]?.evidence).toEqual([
      { source: 'MSFT_NetNat LabNAT', value: '192.168.100.0/24' },
      { source: 'MSFT_NetIPAddress Wi-Fi', value: '192.168.100.0/24' },
    ]);
  });
});

const every = [
  ...thirdPartyCases.flatMap(([id, , , , what]) => [onPc(id, what), inVm(id, what)]),
  ...natChecks({ ...withVpn, nats: [inner] }, { nats: [inner] }),
  ...hostCases.map(([id, , , host]) => hostCheck(id, host)),
  ...vmCases.map(([id, , , vm, host]) => vmCheck(id, vm, host)),
];

describe('every check', () => {
  it('is tested for each of its verdicts', () => {
    expect(checkIds.filter((id) => !every.some((check) => check.id === id))).toEqual([]);
  });

  it('says in both languages what is so and why, with no hole in a sentence', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const t = translator(language);
      for (const { title, why, fixLabel } of every) {
        // Said one by one: an array of messages is beyond the compiler.
        const said = [t.message(title), t.message(why), fixLabel === undefined ? '-' : t.message(fixLabel)];
        expect(said, title.key).not.toContain('');
        expect(said.join('\n'), title.key).not.toMatch(/\{|\}|undefined|null|NaN|\[object/);
      }
    }
  });

  it('shows what it rests on, and a button wherever it has a fix', () => {
    for (const check of every) {
      if (check.verdict !== 'unknown') expect(check.evidence.length, check.id).toBeGreaterThan(0);
      expect(check.fixLabel !== undefined, check.id).toBe(check.fix !== undefined);
      if (check.fix) expect(check.verdict, check.id).not.toBe('ok');
    }
  });

  it('says nothing of the network of VMs inside that are off, or whose adapters could not be read', () => {
    const quiet = [{ state: 'Off' as const, adapters: [{ ...adapter, switchId: null }] }, { state: 'Running' as const, adapters: undefined }]; // prettier-ignore
    for (const one of quiet) {
      const guest = machineOf({}, [vmOf(20, one)]);
      expect(checksOfVm(machineOf(), vmOf(1, { guest })).map(({ id }) => id)).not.toContain('nested-network');
    }
  });

  it('says nothing of VMs inside that fit, or that nobody has looked for', () => {
    for (const vm of [{ guest: holding({ startup: 2 * GB }, { startup: 2 * GB }) }, { guest: holding() }, {}])
      expect(checksOfVm(machineOf(), vmOf(1, vm)).map(({ id }) => id)).not.toContain('nested-memory');
  });

  it('of memory warns of nothing that nesting alone brings', () => {
    for (const dynamic of [true, false])
      for (const state of ['Off', 'Running'] as const) {
        const vm = vmOf(1, { nesting: true, state, memory: { ...vmOf(1).memory, dynamic, startup: GB } });
        const verdicts = memoryChecks(vm).map(({ verdict }) => verdict);
        expect(verdicts).toEqual(['advice', 'ok', 'ok']);
      }
  });

  it('of a whole PC and a VM that is off is fine', () => {
    const machine = machineOf();
    expect(verdictOf(checksOfHost(machine))).toBe('ok');
    expect(verdictOf(checksOfVm(machine, vmOf(1)))).toBe('ok');
  });

  it('the worst verdict of several is theirs, and of none it is ok', () => {
    const of = (...verdicts: Verdict[]): Verdict =>
      verdictOf(verdicts.map((verdict) => ({ ...hostCheck('rights', {}), verdict })));
    expect(of('ok', 'advice', 'unknown')).toBe('unknown');
    expect(of('unknown', 'warning')).toBe('warning');
    expect(of('warning', 'blocker')).toBe('blocker');
    expect(of()).toBe('ok');
  });
});

const vmFacts = ['state', 'problem', 'version', 'processors', 'nesting', 'stopAction', 'automaticCheckpoints', 'checkpoints', 'adapters'] as const; // prettier-ignore
const hostFactNames = ['windows', 'processor', 'computer', 'features', 'services', 'identity', 'languageMode', 'supportedVersions', 'switches'] as const; // prettier-ignore

/** Any world between all cases of the tables above. */
const world = fc.record({
  host: fc
    .array(fc.constantFrom(...hostCases.map(([, , , host]) => host)), { maxLength: 4 })
    .map((some) => Object.assign({}, ...some) as Partial<HostFacts>),
  vm: fc
    .array(fc.constantFrom(...vmCases.map(([, , , vm]) => vm)), { maxLength: 4 })
    .map((some) => Object.assign({}, ...some) as Partial<Vm>),
  lostOfHost: fc.subarray([...hostFactNames, 'modules' as const]),
  lostOfVm: fc.subarray([...vmFacts, 'inside' as const, 'memory' as const]),
});

describe('a fact that is taken away', () => {
  it('makes no check better: unknown is never fine', () => {
    const worse: readonly Verdict[] = ['ok', 'advice', 'warning', 'blocker'];
    const all = (machine: Machine, vm: Vm): readonly Check[] => [...checksOfHost(machine), ...checksOfVm(machine, vm)];
    fc.assert(
      fc.property(world, ({ host, vm, lostOfHost, lostOfVm }) => {
        const before = all(machineOf(host), vmOf(1, vm));
        const lostHost = Object.fromEntries(lostOfHost.map((name) => [name, name === 'modules' ? {} : undefined]));
        const noMemory = {
          dynamic: undefined,
          startup: undefined,
          minimum: undefined,
          maximum: undefined,
          assigned: undefined,
          demand: undefined,
        };
        const lostVm = Object.fromEntries(
          lostOfVm.map((name) => [name, name === 'inside' ? 'unknown' : name === 'memory' ? noMemory : undefined]),
        );
        const after = all(machineOf({ ...host, ...lostHost }), vmOf(1, { ...vm, ...lostVm }));
        for (const check of before) {
          const same = after.find(({ id }) => id === check.id);
          // A check that finds nothing amiss may have nothing to say without its facts.
          if (!same) expect(check.verdict, check.id).toBe('ok');
          else if (same.verdict !== 'unknown' && check.verdict !== 'unknown')
            expect(worse.indexOf(same.verdict), check.id).toBeGreaterThanOrEqual(worse.indexOf(check.verdict));
          else if (check.verdict === 'unknown') expect(same.verdict, check.id).not.toBe('ok');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('whoever may not see VMs is told so, whatever else is read', () => {
    expect(hostCheck('rights', { identity: { ...mei, inToken: false, isMember: null } }).verdict).toBe('blocker');
  });
});

it.each([
  ['elevated by SSH', { isElevated: true }, 'ok', 'checks.rightsThere'],
  ['a connection older than the membership', { isMember: true }, 'blocker', 'checks.rightsBefore'],
  ['Administrator Protection', { inToken: true, approvalMode: 2 }, 'ok', 'checks.rightsGroup'],
] as const)('who signs in to another PC is told nothing of this one: %s', (_, identity, verdict, key) => {
  const checks = checksOfHost({ ...machineOf({ identity: { ...stranger, ...identity } }), at: otherPc });
  expect(found(checks, 'rights')).toMatchObject({ verdict, title: { key } });
  expect(checks.filter(({ id, fix }) => id === 'administrator-protection' || fix)).toEqual([]);
});

describe('a PC as its whole scenario says', () => {
  const checksIn = async (name: ScenarioName): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      checksOfHost(await scenarioWorld(name).read()).map(({ id, verdict, title }) => [id, `${verdict} ${title.key}`]),
    );

  it('an unlisted cloud is not called physical, and its own hypervisor is proven', async () =>
    expect(await checksIn('cloud-pc')).toMatchObject({
      'hypervisor-below': 'ok checks.belowNone',
      extensions: 'ok checks.extensionsUsed',
      hypervisor: 'ok checks.hypervisorRuns',
    }));

  it('an Azure VM is told its security type and its network', async () =>
    expect(await checksIn('cloud-host')).toMatchObject({
      'hypervisor-below': 'advice checks.belowAzure',
      hypervisor: 'ok checks.hypervisorRuns',
    }));

  it('ARM64 has no words of Intel', async () =>
    expect(await checksIn('arm64')).toMatchObject({
      architecture: 'blocker checks.architectureOther',
      processor: 'ok checks.processorPlain',
      windows: 'ok checks.windowsAny',
      extensions: 'ok checks.extensionsUsedPlain',
    }));
});

it('the switch of a VM is named by its adapter where the list of switches could not be read', () => {
  const vm = vmOf(1, { adapters: [{ ...adapter, switchId: guid(500), switchName: 'LAN' }] });
  const check = found(checksOfVm(machineOf({ switches: undefined }, [vm]), vm), 'switch');
  expect(check).toMatchObject({ verdict: 'ok', why: { params: { names: ['LAN'] } } });
});
