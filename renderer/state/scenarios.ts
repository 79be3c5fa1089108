/** The name of a simulated PC as it is read; one that is new here is shown as it is written. */
import type { Translator } from '../../src/text/index.js';
import type { Raw } from '../../src/text/shown.js';

const keys = {
  workstation: 'scenarios.workstation',
  'amd-on-windows-10': 'scenarios.amdOnWindows10',
  'amd-on-windows-11': 'scenarios.amdOnWindows11',
  arm64: 'scenarios.arm64',
  'no-hyper-v': 'scenarios.noHyperV',
  'windows-home': 'scenarios.windowsHome',
  'hypervisor-off': 'scenarios.hypervisorOff',
  'not-admin': 'scenarios.notAdmin',
  'prompt-refused': 'scenarios.promptRefused',
  'other-account': 'scenarios.otherAccount',
  'administrator-protection': 'scenarios.administratorProtection',
  'joined-not-signed-out': 'scenarios.joinedNotSignedOut',
  'inside-another-hypervisor': 'scenarios.insideAnotherHypervisor',
  'one-broken-vm': 'scenarios.oneBrokenVm',
  empty: 'scenarios.empty',
  'disk-full': 'scenarios.diskFull',
  'no-right-to-folder': 'scenarios.noRightToFolder',
  'tpm-refused': 'scenarios.tpmRefused',
  'lab-of-10': 'scenarios.labOf10',
  'lab-of-300': 'scenarios.labOf300',
  'lab-of-500': 'scenarios.labOf500',
  'lab-of-1000': 'scenarios.labOf1000',
  'lab-of-3-hosts': 'scenarios.labOf3Hosts',
  'lab-of-20-hosts': 'scenarios.labOf20Hosts',
  'hostile-names': 'scenarios.hostileNames',
  'module-blocked': 'scenarios.moduleBlocked',
  'constrained-language': 'scenarios.constrainedLanguage',
  'service-stopped': 'scenarios.serviceStopped',
  'session-lost': 'scenarios.sessionLost',
  'locked-guest': 'scenarios.lockedGuest',
  'wifi-laptop': 'scenarios.wifiLaptop',
  'docker-owns-the-nat': 'scenarios.dockerOwnsTheNat',
  'vpn-overlap': 'scenarios.vpnOverlap',
  'two-adapters': 'scenarios.twoAdapters',
  'linux-guest': 'scenarios.linuxGuest',
  'server-l1': 'scenarios.serverL1',
  'nat-refused': 'scenarios.natRefused',
  'feature-refused': 'scenarios.featureRefused',
  'service-off-inside': 'scenarios.serviceOffInside',
  'cloud-host': 'scenarios.cloudHost',
  'cloud-pc': 'scenarios.cloudPc',
  'other-virtualization': 'scenarios.otherVirtualization',
} as const;

const isKnown = (name: string): name is keyof typeof keys => Object.hasOwn(keys, name);

export const scenarioName = (t: Translator, name: string): Raw => (isKnown(name) ? t(keys[name]) : name);
