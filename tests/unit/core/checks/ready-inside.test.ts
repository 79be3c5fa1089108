import { vmIn, thisPc } from '../../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { prerequisitesOf } from '../../../../src/core/checks/ready-inside.js';
import type { HostFacts, InsideFacts, Machine, Vm } from '../../../../src/core/machine/machine.js';
import {
  notHere,
  purposeOf,
  purposes,
  recommendedPurpose,
  rolesFor,
  shortWayOf,
  stranded,
  systemOf,
  type Purpose,
} from '../../../../src/core/checks/purposes.js';
import { readinessOfAll } from '../../../../src/core/machine/role-state.js';
import { eachRole, roleNames, type Role } from '../../../../src/core/machine/roles.js';
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
    at: vmIn(thisPc, vmOf().id),
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
      roles: eachRole(() => 'Disabled'),
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

describe('what each purpose turns on', () => {
  const turnsOn: Readonly<Record<Purpose, readonly Role[]>> = {
    wsl: ['virtual-machine-platform'],
    'hyper-v': ['hyper-v'],
    android: ['hypervisor-platform'],
    kvm: [],
    'visual-studio': ['hyper-v', 'hypervisor-platform'],
    'windows-sandbox': ['windows-sandbox'],
    'windows-containers': ['hyper-v', 'containers'],
    docker: ['virtual-machine-platform'],
    agents: ['virtual-machine-platform'],
    'docker-sandboxes': ['hypervisor-platform'],
    lab: ['hyper-v'],
  };
  it('is what it needs, and no more', () =>
    expect(Object.fromEntries(purposes.map((one) => [one, rolesFor(one)]))).toEqual(turnsOn));

  it('is had by each way of asking: a role stands for its own purpose', () => {
    for (const role of roleNames) expect(rolesFor(purposeOf([role]))).toContain(role);
    for (const purpose of purposes) expect(rolesFor(purposeOf(rolesFor(purpose)))).toEqual(rolesFor(purpose));
  });

  it('is not to be had in an edition that lacks it, with the name of what it lacks', () => {
    const of = (purpose: Purpose, found: HostFacts['windows']) => {
      const vm = guestIn({ of: found });
      const not = notHere(purpose, vm);
      expect(verdictOf('guest-windows', prerequisitesOf(purpose, vm))).toBe(not ? 'blocker' : 'ok');
      return not && 'params' in not ? Object.values(not.params) : not;
    };
    expect(of('windows-sandbox', windows.home)).toEqual(['Windows 11 Home', 'Windows Sandbox']);
    expect(of('windows-sandbox', windows.server)).toEqual(['Windows Server 2025 Standard', 'Windows Sandbox']);
    expect(of('windows-sandbox', windows.pro)).toBeNull();
    expect(of('windows-containers', windows.home)).toEqual(['Windows 11 Home', 'Hyper-V']);
    expect(of('windows-containers', windows.server)).toBeNull();
    expect(of('visual-studio', windows.home)).toEqual(['Windows 11 Home', 'Hyper-V']);
    expect(of('docker-sandboxes', windows.home)).toBeNull();
  });

  it('is too new for a Windows older than the youngest of its features', () => {
    const old = { ...windows.pro, build: 17134 };
    expect(verdictOf('guest-windows', prerequisitesOf('windows-sandbox', guestIn({ of: old })))).toBe('blocker');
    expect(verdictOf('guest-windows', prerequisitesOf('windows-containers', guestIn({ of: old })))).toBe('ok');
    const older = { ...windows.pro, build: 16299 };
    expect(verdictOf('guest-windows', prerequisitesOf('visual-studio', guestIn({ of: older })))).toBe('blocker');
  });

  it('counts as on when all of it is, and says what still is not', () => {
    const kind = (of: Partial<InsideFacts['roles']>, purpose: Purpose = 'windows-containers') => {
      const made = guestIn({ inside: { roles: { ...eachRole(() => 'Disabled'), ...of } } });
      const services = { vmms: { state: 'Running', startMode: 'Auto' } };
      const guest = made.guest && { ...made.guest, host: { ...made.guest.host, services, hypervisorProcessors: 4 } };
      return readinessOfAll({ ...made, ...(guest ? { guest } : {}) }, rolesFor(purpose)).kind;
    };
    expect(kind({})).toBe('off');
    expect(kind({ 'hyper-v': 'Enabled' })).toBe('off');
    expect(kind({ containers: 'Enabled' })).toBe('off');
    expect(kind({ 'hyper-v': 'Enabled', containers: 'EnablePending' })).toBe('pending');
    expect(kind({ 'hyper-v': 'EnablePending' })).toBe('off');
    expect(kind({ 'hyper-v': 'Enabled', containers: 'Enabled' })).toBe('ready');
    expect(kind({ 'hyper-v': undefined, containers: 'Enabled' })).toBe('unknown');
    expect(kind({ 'windows-sandbox': 'Enabled' }, 'windows-sandbox')).toBe('ready');
  });
});

describe('the short way', () => {
  it('is one command that does all of it, offered where nesting is on and it is not done', () => {
    const command = (purpose: Purpose, wish: Wish = {}) => shortWayOf(purpose, guestIn(wish))?.command;
    expect(command('wsl')).toBe('wsl --install');
    expect(command('docker')).toBe('wsl --install --no-distribution');
    for (const purpose of purposes.filter((one) => one !== 'wsl' && one !== 'docker'))
      expect(command(purpose), purpose).toBeUndefined();
    expect(command('wsl', { vm: { nesting: false } })).toBeUndefined();
    expect(command('wsl', { vm: { nesting: undefined } })).toBeUndefined();
    const on = { ...eachRole(() => 'Disabled' as const), 'virtual-machine-platform': 'Enabled' as const };
    expect(command('wsl', { inside: { roles: on } })).toBeUndefined();
    expect(shortWayOf('wsl', vmOf({ nesting: true }))?.command).toBe('wsl --install');
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
    expect(notHere('hyper-v', guestIn({ of: windows.home }))?.key).toBe('inside.editionLacks');
    const roles = { ...eachRole(() => 'Disabled' as const), 'hypervisor-platform': 'Absent' as const };
    expect(notHere('android', guestIn({ inside: { roles } }))?.key).toBe('inside.featureAbsent');
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
