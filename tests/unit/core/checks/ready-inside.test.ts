import { describe, expect, it } from 'vitest';
import { prerequisitesOf } from '../../../../src/core/checks/ready-inside.js';
import type { HostFacts, InsideFacts, Machine, Vm } from '../../../../src/core/machine/machine.js';
import { notHere, purposes, recommendedPurpose, stranded, systemOf } from '../../../../src/core/checks/purposes.js';
import { vmOf } from '../../renderer/fixtures.js';

const GiB = 2 ** 30;
const windows = {
  pro: { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, server: false },
  home: { caption: 'Microsoft Windows 11 Home', build: 26100, sku: 101, server: false },
  old: { caption: 'Microsoft Windows 10 Pro', build: 17763, sku: 48, server: false },
  server2019: { caption: 'Microsoft Windows Server 2019 Standard', build: 17763, sku: 7, server: true },
  server: { caption: 'Microsoft Windows Server 2025 Standard', build: 26100, sku: 7, server: true },
} as const;

const host: HostFacts = {
  name: 'LAB',
  windows: windows.pro,
  processor: undefined,
  computer: undefined,
  freeMemory: undefined,
  features: undefined,
  services: undefined,
  hypervisorProcessors: 0,
  vbsStatus: undefined,
  supportedVersions: undefined,
  switches: [],
  identity: undefined,
  modules: {},
  languageMode: undefined,
  unread: [],
  readAt: '2026-11-24T08:00:00Z',
};

interface Wish {
  readonly of?: HostFacts['windows'];
  readonly inside?: Partial<InsideFacts>;
  readonly nats?: 'missing' | readonly { id: string; name: string; prefix: string }[];
  readonly vm?: Partial<Vm>;
}
function guestIn({ of = windows.pro, inside = {}, nats = [], vm = {} }: Wish = {}): Vm {
  const guest: Machine = {
    at: [vmOf().id],
    host: { ...host, windows: of },
    vms: [],
    network: {
      adapters: [],
      addresses: [],
      routes: [],
      dns: [],
      nats,
      unread: [],
      readAt: host.readAt,
    },
    inside: {
      roles: { 'hyper-v': 'Disabled', 'virtual-machine-platform': 'Disabled', 'hypervisor-platform': 'Disabled' },
      freeDisk: 64 * GiB,
      ...inside,
    },
  };
  return vmOf({ nesting: true, guest, ...vm });
}

const verdictOf = (id: string, checks: ReturnType<typeof prerequisitesOf>): string | undefined =>
  checks.find((check) => check.id === id)?.verdict;

describe('what has to be so before something runs inside', () => {
  it('is nesting first, which can be turned on; never said to be fine when it was not read', () => {
    for (const purpose of purposes) {
      expect(verdictOf('nesting', prerequisitesOf(purpose, guestIn()))).toBe('ok');
      expect(verdictOf('nesting', prerequisitesOf(purpose, guestIn({ vm: { nesting: undefined } })))).toBe('unknown');
      const off = prerequisitesOf(purpose, guestIn({ vm: { nesting: false } })).find(({ id }) => id === 'nesting');
      expect(off).toMatchObject({ verdict: 'blocker', fix: { kind: 'vm', want: { nesting: true } } });
    }
  });

  it('says of a machine that nobody looked into only what is known from outside', () => {
    const ids = prerequisitesOf('hyper-v', vmOf({ nesting: true })).map(({ id }) => id);
    expect(ids).toEqual(['nesting', 'startup-memory', 'processor-count']);
  });

  it('blocks Hyper-V in a Home edition, and WSL 2 in a Windows that is too old for it', () => {
    const verdict = (purpose: 'wsl' | 'hyper-v' | 'android', of: HostFacts['windows']): string | undefined =>
      verdictOf('guest-windows', prerequisitesOf(purpose, guestIn({ of })));
    expect(verdict('hyper-v', windows.home)).toBe('blocker');
    expect(verdict('wsl', windows.home)).toBe('ok');
    expect(verdict('wsl', windows.old)).toBe('blocker');
    expect(verdict('wsl', windows.server2019)).toBe('blocker');
    expect(verdict('hyper-v', windows.server2019)).toBe('ok');
    expect(verdict('android', windows.server2019)).toBe('ok');
  });

  it('asks nothing of a Windows for Linux KVM', () => {
    expect(verdictOf('guest-windows', prerequisitesOf('kvm', guestIn({ of: windows.old })))).toBeUndefined();
  });

  it('advises free space and never calls unread space enough', () => {
    const verdict = (freeDisk: number | undefined): string | undefined =>
      verdictOf('guest-disk', prerequisitesOf('wsl', guestIn({ inside: { freeDisk } })));
    expect(verdict(10 * GiB)).toBe('ok');
    expect(verdict(10 * GiB - 1)).toBe('advice');
    expect(verdict(undefined)).toBe('unknown');
  });

  it('warns of more processors than Server 2019 takes as a host, and not of newer ones', () => {
    const verdict = (of: HostFacts['windows']): string | undefined =>
      verdictOf('guest-limit', prerequisitesOf('hyper-v', guestIn({ of, vm: { processors: 240 } })));
    expect(verdict(windows.server2019)).toBe('warning');
    expect(verdict(windows.server)).toBeUndefined();
  });

  it('warns of other virtualization that is installed inside', () => {
    const found = (names: readonly string[]): Vm => {
      const made = guestIn();
      if (!made.guest) throw new Error('it was looked into');
      const drivers = names.map((name) => ({ name, state: 'Running' }));
      const thirdParty = { drivers, services: [], programs: [], readAt: host.readAt };
      return { ...made, guest: { ...made.guest, thirdParty } };
    };
    expect(verdictOf('aehd', prerequisitesOf('android', found(['AEHD'])))).toBe('warning');
    expect(prerequisitesOf('android', found([])).map(({ id }) => id)).not.toContain('third-party');
  });
});

describe('what can be run inside', () => {
  it('is told from the heartbeat as probable only, and from inside for certain', () => {
    expect(systemOf(vmOf({ heartbeat: 'OkApplicationsHealthy' }))).toEqual({ isWindows: true, isSure: false });
    expect(systemOf(vmOf({ heartbeat: 'OkApplicationsUnknown' }))).toEqual({ isWindows: false, isSure: false });
    expect(systemOf(vmOf({ heartbeat: 'NoContact' }))).toBeUndefined();
    expect(systemOf(guestIn())).toEqual({ isWindows: true, isSure: true });
    expect(systemOf(vmOf({ heartbeat: 'NoContact' }), 'not-windows')).toEqual({ isWindows: false, isSure: false });
  });

  it('is refused only for a reason that was read inside', () => {
    for (const purpose of purposes) expect(notHere(purpose, vmOf())).toBeNull();
    expect(notHere('kvm', guestIn())?.key).toBe('inside.kvmOnWindows');
    expect(notHere('hyper-v', guestIn({ of: windows.home }))?.key).toBe('inside.homeHasNone');
    const roles = { 'hyper-v': 'Disabled', 'virtual-machine-platform': 'Disabled', 'hypervisor-platform': 'Absent' };
    expect(notHere('android', guestIn({ inside: { roles: roles as InsideFacts['roles'] } }))?.key).toBe(
      'inside.featureAbsent',
    );
  });

  it('is recommended with a reason, and not at all without one', () => {
    const of = (vm: Vm): string | undefined => recommendedPurpose(vm, systemOf(vm))?.purpose;
    expect(of(vmOf({ heartbeat: 'OkApplicationsUnknown' }))).toBe('kvm');
    expect(of(guestIn({ of: windows.server }))).toBe('hyper-v');
    expect(of(guestIn({ nats: [{ id: 'n', name: 'NAT', prefix: '192.168.100.0/24' }] }))).toBe('hyper-v');
    expect(of(guestIn({ of: windows.home }))).toBe('wsl');
    expect(of(guestIn())).toBeUndefined();
    expect(of(vmOf())).toBeUndefined();
  });

  it('strands nested VMs only where Hyper-V goes', () => {
    const nested = vmOf({ name: 'web' });
    const vm = guestIn();
    const full: Vm = { ...vm, ...(vm.guest ? { guest: { ...vm.guest, vms: [nested] } } : {}) };
    expect(stranded('hyper-v', full)).toEqual([nested]);
    expect(stranded('virtual-machine-platform', full)).toEqual([]);
  });
});
