/** PCs that differ from the workstation in what they are: processor, Windows, edition, what they stand on. */
import { defaultSwitch } from '../roles.js';
import type { SimulatedMachine, World } from '../world.js';
import {
  amdProcessor,
  byId,
  externalSwitch,
  GiB,
  featuresOf,
  idsFrom,
  machine,
  vm,
  windows11,
  world,
  type VmWish,
} from './build.js';
import { home } from './homes.js';

/** The few VMs that these PCs hold. */
const fewVms = (version: string): readonly VmWish[] => [
  { name: 'dev-box', version, settings: { startup: 4 * GiB } },
  { name: 'k8s-node-1', version, state: 'Running', settings: { startup: 4 * GiB }, guest: { kind: 'linux' } },
  { name: 'old-lab', version: '8.0', settings: { startup: 2 * GiB } },
];

function pc(name: string, seed: number, version: string, over: Partial<SimulatedMachine>): World {
  const newId = idsFrom(seed);
  const lan = newId();
  const vms = byId(fewVms(version).map((wish) => vm(newId, wish)));
  return world(name, newId, machine({ vms, switches: [defaultSwitch, externalSwitch(lan)], ...over }));
}

/** Nesting on AMD needs Windows 11: here it can be set and the VM then fails to start. */
export const amdOnWindows10 = () =>
  pc('amd-on-windows-10', 21, '9.2', {
    processor: amdProcessor,
    windows: { caption: 'Microsoft Windows 10 Pro', build: 19045, sku: 48, productType: 1 },
  });

/** In German: nothing may be found by its text or by a localised name. */
export const amdOnWindows11 = () =>
  pc('amd-on-windows-11', 22, '10.0', {
    locale: 'de',
    processor: amdProcessor,
    windows: { caption: 'Microsoft Windows 11 Pro', build: 22631, sku: 48, productType: 1 },
  });

export const arm64 = () =>
  pc('arm64', 23, '11.0', {
    computer: { manufacturer: 'Microsoft Corporation', model: 'Surface Pro, 11th Edition', memory: 32 * GiB },
    processor: {
      name: 'Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Oryon(TM) CPU',
      manufacturer: 'Qualcomm Technologies Inc',
      architecture: 12,
      cores: 12,
      logicalProcessors: 12,
      extensions: true,
    },
  });

/** In Chinese, and a guest of VMware. */
export const insideAnotherHypervisor = () =>
  pc('inside-another-hypervisor', 24, '12.0', {
    locale: 'zh',
    computer: { manufacturer: 'VMware, Inc.', model: 'VMware20,1', memory: 32 * GiB },
    below: 'other-hypervisor',
  });

/** A cloud whose name no list has; its own Hyper-V runs. */
export const cloudPc = () =>
  pc('cloud-pc', 28, '12.0', {
    computer: { manufacturer: 'Contoso Cloud', model: 'cp4.large', memory: 64 * GiB },
    below: 'other-hypervisor',
  });

/** Every feature is on, and no hypervisor starts, even set to at boot. */
export function hypervisorOff(): World {
  const newId = idsFrom(29);
  const lan = newId();
  const vms = byId(fewVms('12.0').map((wish) => vm(newId, { ...wish, state: 'Off' })));
  const host = machine({
    vms,
    switches: [defaultSwitch, externalSwitch(lan)],
    hypervisorRunning: false,
    vbsStatus: 0,
  });
  const made = world('hypervisor-off', newId, host);
  return { ...made, folklore: { ...made.folklore, hypervisorStarts: false } };
}

const withoutHyperV: Partial<SimulatedMachine> = {
  vms: new Map(),
  switches: [],
  services: {},
  hypervisorRunning: false,
  vbsStatus: 0,
};

export const noHyperV = () =>
  pc('no-hyper-v', 25, '12.0', {
    ...withoutHyperV,
    features: featuresOf(windows11, 'Disabled'),
    modules: { 'Hyper-V': 'missing', CimCmdlets: 'loaded' },
  });

/** Home has no Hyper-V role at all. */
export const windowsHome = () =>
  pc('windows-home', 26, '12.0', {
    ...withoutHyperV,
    windows: { ...windows11, caption: 'Microsoft Windows 11 Home', sku: 101 },
    features: {},
    modules: { 'Hyper-V': 'missing', CimCmdlets: 'loaded' },
  });

const withoutVms = { vms: new Map<string, never>(), switches: [defaultSwitch] };

export const empty = () => pc('empty', 27, '12.0', withoutVms);

/** Not even a new disk, which takes 4 MB, has room. */
export const diskFull = () => pc('disk-full', 42, '12.0', { ...withoutVms, files: home(2 * 2 ** 20) });

/** The folder where Windows puts disks is not this account's to write in. */
export const noRightToFolder = () =>
  pc('no-right-to-folder', 43, '12.0', { ...withoutVms, files: home(undefined, { mayWrite: false }) });
