/** Named worlds. Each call makes a fresh one. */
import { realClock, type Clock } from '../clock.js';
import { Simulator } from '../simulator.js';
import type { World } from '../world.js';
import { moveTo } from './build.js';
import {
  amdOnWindows10,
  amdOnWindows11,
  arm64,
  cloudPc,
  diskFull,
  empty,
  hypervisorOff,
  insideAnotherHypervisor,
  noHyperV,
  noRightToFolder,
  tpmRefused,
  windowsHome,
} from './hosts.js';
import {
  cloudHost,
  dockerOwnsTheNat,
  linuxGuest,
  featureRefused,
  natRefused,
  serverL1,
  serviceOffInside,
  twoAdapters,
  vpnOverlap,
  wifiLaptop,
} from './networks.js';
import { otherVirtualization } from './others.js';
import {
  administratorProtection,
  constrainedLanguage,
  hostileNames,
  joinedNotSignedOut,
  labOf,
  lockedGuest,
  moduleBlocked,
  notAdmin,
  oneBrokenVm,
  otherAccount,
  promptRefused,
  serviceStopped,
  sessionLost,
} from './trouble.js';
import { workstation } from './workstation.js';

const scenarios = {
  workstation,
  'amd-on-windows-10': amdOnWindows10,
  'amd-on-windows-11': amdOnWindows11,
  arm64,
  'no-hyper-v': noHyperV,
  'windows-home': windowsHome,
  'hypervisor-off': hypervisorOff,
  'not-admin': notAdmin,
  'prompt-refused': promptRefused,
  'other-account': otherAccount,
  'administrator-protection': administratorProtection,
  'joined-not-signed-out': joinedNotSignedOut,
  'inside-another-hypervisor': insideAnotherHypervisor,
  'one-broken-vm': oneBrokenVm,
  empty,
  'disk-full': diskFull,
  'no-right-to-folder': noRightToFolder,
  'tpm-refused': tpmRefused,
  'lab-of-10': () => labOf(10),
  'lab-of-300': () => labOf(300),
  'lab-of-500': () => labOf(500),
  'lab-of-1000': () => labOf(1000),
  'lab-of-3-hosts': workstation,
  'lab-of-20-hosts': workstation,
  'hostile-names': hostileNames,
  'module-blocked': moduleBlocked,
  'constrained-language': constrainedLanguage,
  'service-stopped': serviceStopped,
  'session-lost': sessionLost,
  'locked-guest': lockedGuest,
  'wifi-laptop': wifiLaptop,
  'docker-owns-the-nat': dockerOwnsTheNat,
  'vpn-overlap': vpnOverlap,
  'two-adapters': twoAdapters,
  'linux-guest': linuxGuest,
  'server-l1': serverL1,
  'nat-refused': natRefused,
  'feature-refused': featureRefused,
  'service-off-inside': serviceOffInside,
  'cloud-host': cloudHost,
  'cloud-pc': cloudPc,
  'other-virtualization': otherVirtualization,
} as const satisfies Record<string, () => World>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];
export const isScenario = (name: string): name is ScenarioName => name in scenarios;

export function createScenario(name: ScenarioName, { clock = realClock() }: { clock?: Clock } = {}): Simulator {
  const simulator = simulate(scenarios[name](), clock);
  // The session dies in the middle of the first change, after it was made: its outcome is unknown until it is read.
  if (name === 'session-lost')
    for (const cmdlet of ['Set-VMProcessor', 'Start-VM'])
      simulator.fault({ cmdlet, effect: { kind: 'die', after: true } });
  // Half of a NAT network is made, the rest is refused: what was made is undone.
  if (name === 'nat-refused')
    simulator.fault({ cmdlet: 'New-NetNat', onwards: true, effect: { kind: 'error', error: 'nat-87' } });
  // The first feature waits for a restart, the second is refused: the first is undone.
  if (name === 'feature-refused')
    simulator.fault({
      cmdlet: 'Enable-WindowsOptionalFeature',
      nth: 2,
      onwards: true,
      effect: { kind: 'error', error: 'feature-unknown' },
    });
  // A VM is made, and one of its settings is refused.
  if (name === 'tpm-refused')
    simulator.fault({ cmdlet: 'Enable-VMTPM', onwards: true, effect: { kind: 'error', error: 'tpm-no-protector' } });
  return simulator;
}

/** Any world, as of the clock's time. */
export function simulate(world: World, clock: Clock): Simulator {
  moveTo(world.host, clock.now());
  return new Simulator(world, clock);
}
