/** A whole machine, as tests of core begin from it: everything was read, nothing is in the way. */
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Handshake, Identity } from '../../../src/core/cmdlets/call.js';
import type { HostFacts, Machine, Vm } from '../../../src/core/machine/machine.js';

const GB = 2 ** 30;
export const now = '2026-11-24T08:00:00.000Z';

export const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const adapterId = (n: number): string => `Microsoft:${guid(n).toUpperCase()}\\${guid(900 + n).toUpperCase()}`;

export const mei: Identity = {
  account: 'DEV-PC\\mei',
  sid: 'S-1-5-21-1-2-3-1001',
  inToken: true,
  isMember: true,
  isElevated: false,
  isAdministrator: true,
};
export const stranger: Identity = { ...mei, inToken: false, isMember: false };

export const handshakeOf = (but: Partial<Handshake> = {}): Handshake => ({
  shellVersion: '5.1.26100.1',
  edition: 'Desktop',
  languageMode: 'FullLanguage',
  pid: 4711,
  modules: [
    { name: 'Hyper-V', state: 'loaded' },
    { name: 'CimCmdlets', state: 'loaded' },
  ],
  identity: mei,
  ...but,
});

export const vmOf = (n: number, but: Partial<Vm> = {}): Vm => ({
  id: guid(n),
  name: `vm-${String(n)}`,
  state: 'Off',
  problem: null,
  version: '12.0',
  generation: 2,
  created: '2026-01-05T08:00:00.000Z',
  uptime: 0,
  heartbeat: null,
  processors: 4,
  nesting: false,
  inside: 'no',
  insideEvidence: { kind: 'nesting-off' },
  memory: { dynamic: false, startup: 4 * GB, minimum: GB / 2, maximum: 8 * GB, assigned: 0, demand: 0 },
  stopAction: 'ShutDown',
  automaticCheckpoints: false,
  checkpointType: 'Production',
  parentCheckpoint: null,
  checkpoints: [],
  adapters: [
    {
      id: adapterId(n),
      name: 'Network Adapter',
      macAddress: '00155D000001',
      macSpoofing: 'Off',
      switchId: guid(500),
      switchName: 'LAN',
      addresses: [],
    },
  ],
  shutdownService: 'ok',
  nested: null,
  readAt: now,
  unread: [],
  ...but,
});

export const hostOf = (but: Partial<HostFacts> = {}): HostFacts => ({
  name: 'DEV-PC',
  windows: { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, server: false },
  processor: {
    name: 'Intel(R) Core(TM) i9-13900K',
    vendor: 'intel',
    architecture: 9,
    slat: false,
    vmMonitorMode: false,
    firmwareEnabled: false,
    logicalProcessors: 32,
  },
  computer: { manufacturer: 'Contoso', model: 'Workstation 7', hypervisorPresent: true, memory: 64 * GB },
  freeMemory: 19 * GB,
  features: { 'Microsoft-Hyper-V': 'enabled' },
  services: {
    vmms: { state: 'Running', startMode: 'Auto' },
    vmcompute: { state: 'Running', startMode: 'Manual' },
  },
  hypervisorProcessors: 32,
  vbsStatus: 2,
  supportedVersions: ['8.0', '9.0', '9.3', '10.0', '11.0', '12.0'],
  switches: [{ id: guid(500), name: 'LAN', type: 'External', adapterDescription: 'Ethernet' }],
  identity: mei,
  modules: { 'Hyper-V': 'loaded', CimCmdlets: 'loaded' },
  languageMode: 'FullLanguage',
  unread: [],
  readAt: now,
  ...but,
});

export const machineOf = (host: Partial<HostFacts> = {}, vms: readonly Vm[] | undefined = [vmOf(1)]): Machine => ({
  at: thisPc,
  host: hostOf(host),
  vms,
});
