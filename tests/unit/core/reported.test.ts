/** What people reported in public, of the kinds that were once answered wrongly: ready without a hypervisor, a VM unseen, unread for none, Intel's words for all. */
import { describe, expect, it } from 'vitest';
import { checksOfHost } from '../../../src/core/checks/all.js';
import type { HostFacts, Machine } from '../../../src/core/machine/machine.js';
import { belowOf, keepsForeignFrames } from '../../../src/core/machine/platform.js';
import type { Role } from '../../../src/core/machine/roles.js';
import { readinessOf } from '../../../src/core/machine/role-state.js';
import { adviseNetwork } from '../../../src/core/network/advice.js';
import { DEFAULT_SWITCH } from '../../../src/core/network/uplinks.js';
import { guid, hostOf, machineOf, vmOf } from './worlds.js';

const server: HostFacts['windows'] = {
  caption: 'Microsoft Windows Server 2016 Standard',
  build: 14393,
  sku: 7,
  server: true,
};
const guestOf = (host: Partial<HostFacts>, roles: readonly Role[]): Machine => ({
  ...machineOf({ name: 'LAB', ...host }, []),
  inside: {
    roles: {
      'hyper-v': roles.includes('hyper-v') ? 'Enabled' : 'Disabled',
      'virtual-machine-platform': roles.includes('virtual-machine-platform') ? 'Enabled' : 'Disabled',
      'hypervisor-platform': roles.includes('hypervisor-platform') ? 'Enabled' : 'Disabled',
      containers: 'Disabled',
      'windows-sandbox': 'Disabled',
    },
    freeDisk: 40 * 2 ** 30,
  },
}); // prettier-ignore
const all: readonly Role[] = ['hyper-v', 'virtual-machine-platform', 'hypervisor-platform'];

describe('every feature is on, and yet it is not ready', () => {
  it.each([
    { source: 'microsoft/WSL#14435', says: 'features on, launch type auto, no hypervisor', host: { hypervisorProcessors: 0 }, is: { kind: 'hypervisor', cause: 'launch-type' } },
    { source: 'microsoft/WSL#11775', says: 'a program turned Hyper-V off; installing it again did not help', host: { hypervisorProcessors: 0, services: { vmms: { state: 'Running', startMode: 'Auto' } } }, is: { kind: 'hypervisor', cause: 'launch-type' } },
    { source: 'kubernetes/minikube#4169', says: 'the service does not exist as an installed service', host: { services: {} }, is: { kind: 'service', service: 'vmms', state: 'Absent' } },
    { source: 'kubernetes/minikube#5691', says: 'verify that the Virtual Machine Management service is running', host: { services: { vmms: { state: 'Stopped', startMode: 'Auto' } }, hypervisorProcessors: 0 }, is: { kind: 'service', service: 'vmms', state: 'Stopped' } },
  ])('$source: $says', ({ host, is }) =>
    expect(readinessOf({ guest: guestOf(host, all), nesting: true }, 'hyper-v')).toMatchObject(is)); // prettier-ignore
});

describe('what this computer is', () => {
  const of = (manufacturer: string, model: string) =>
    hostOf({ computer: { manufacturer, model, hypervisorPresent: false, memory: 2 ** 34 } });

  it.each([
    ['systemd/systemd#21468', 'Microsoft Corporation', 'Surface Laptop 3', 'none-seen', false],
    ['systemd/systemd#21816', 'Microsoft Corporation', 'Virtual Machine', 'hyper-v', true],
    ['systemd/systemd#23116', 'OpenStack Foundation', 'OpenStack Nova', 'other', true],
    // The same words on bare metal and in a VM: neither is claimed, but its network is a cloud's.
    ['systemd/systemd#38125', 'Google', 'Google Compute Engine', 'none-seen', true],
    // A provider of VMs that writes names of its own: nothing is seen, which is not "physical".
    ['systemd/systemd#5318', 'Tilaa', 'VPS', 'none-seen', false],
  ] as const)('%s: %s %s', (_source, maker, model, below, isKept) => {
    expect(belowOf(of(maker, model))).toBe(below);
    expect(keepsForeignFrames(of(maker, model))).toBe(isKept);
  });
});

describe('switches inside', () => {
  const running = { vmms: { state: 'Running', startMode: 'Auto' } };
  const wayOf = (host: Partial<HostFacts>) => {
    const vm = vmOf(1, { state: 'Running', nesting: true, guest: guestOf({ services: running, ...host }, all) });
    return adviseNetwork(machineOf({}, [vm]), vm).ways.find(({ kind }) => kind === 'default-switch');
  };

  it.each([
    { source: 'eryph-org/eryph#176', says: 'the service runs, and is not ready yet', host: { switches: undefined }, key: 'advice.switchesUnread' },
    { source: 'canonical/multipass#1323', says: 'Server has none', host: { switches: [], windows: server }, key: 'advice.noDefaultSwitchServer' },
    { source: 'canonical/multipass#3580', says: 'another one of its name', host: { switches: [{ id: guid(9), name: 'Default Switch', type: 'Internal', adapterDescription: '' }] }, key: 'advice.noDefaultSwitch' },
  ] as const)('$source: $says', ({ host, key }) =>
    expect(wayOf(host)).toMatchObject({ verdict: 'not-here', reason: { key } })); // prettier-ignore

  it('canonical/multipass#1833: a French Windows has it under its ID all the same', () =>
    expect(
      wayOf({ switches: [{ id: DEFAULT_SWITCH, name: 'Commutateur par défaut', type: 'Internal', adapterDescription: '' }] }),
    ).toMatchObject({ verdict: 'recommended' })); // prettier-ignore
});

describe('the processor of this PC', () => {
  const textsOf = (processor: Partial<NonNullable<HostFacts['processor']>>, windows = hostOf().windows) => {
    const host = hostOf();
    const facts = { windows, processor: host.processor && { ...host.processor, ...processor } };
    return checksOfHost(machineOf(facts)).filter(({ id }) => ['architecture', 'processor', 'extensions', 'windows'].includes(id));
  }; // prettier-ignore

  it.each([
    ['microsoft/WSL#13796', { name: 'Snapdragon(R) X Elite', vendor: 'other', architecture: 12 }],
    ['microsoft/WSL#40233', { name: 'Snapdragon(R) X2 Elite', vendor: 'other', architecture: 12 }],
  ] as const)('%s: ARM64 is stopped by its architecture, and hears nothing of Intel', (_source, processor) => {
    const checks = textsOf(processor);
    expect(checks.find(({ id }) => id === 'architecture')?.verdict).toBe('blocker');
    expect(JSON.stringify(checks)).not.toMatch(/vt-?x|intel/i);
  });

  it('M2Team/NanaBox#3: AMD on Windows 10 is stopped by its Windows, before a VM fails at its start', () => {
    const checks = textsOf(
      { name: 'AMD Ryzen 9 3900X', vendor: 'amd' },
      { caption: 'Microsoft Windows 10 Pro', build: 19045, sku: 48, server: false },
    );
    expect(checks.filter(({ verdict }) => verdict === 'blocker').map(({ id }) => id)).toEqual(['windows']);
  });
});
