/** Applications of other makers that meet Hyper-V: what they are found by, and what is said of them. */
import type { Message } from '../../text/index.js';

/** An application of another maker that virtualizes, and what it is found by: nothing of it is localised. */
export interface ThirdPartyApp {
  readonly id: 'virtualbox' | 'vmware' | 'haxm' | 'aehd' | 'docker';
  /** As its maker writes it. */
  readonly name: string;
  /** Services of its drivers. */
  readonly drivers: readonly string[];
  readonly services: readonly string[];
  /** The names under which Windows lists it; not its tools for guests, which are in every guest of it. */
  readonly programs: RegExp;
  /** It wants the processor's extensions for itself: inside a Hyper-V VM it is not supported (domain §6). */
  readonly wantsExtensions: boolean;
  /** What is so where it is found, and what to use instead: on this PC, and inside a VM. */
  readonly onPc: Message;
  readonly inside: Message;
}

export const thirdPartyApps: readonly ThirdPartyApp[] = [
  {
    id: 'virtualbox',
    name: 'VirtualBox',
    drivers: ['VBoxSup', 'VBoxDrv'],
    services: ['VBoxSDS'],
    programs: /^Oracle (?:VM )?VirtualBox \d/i,
    wantsExtensions: true,
    onPc: { key: 'makers.virtualBoxPc' },
    inside: { key: 'makers.virtualBoxInside' },
  },
  {
    id: 'vmware',
    name: 'VMware',
    drivers: ['vmx86'],
    services: ['VMAuthdService'],
    programs: /^VMware (?:Workstation|Player)\b/i,
    wantsExtensions: true,
    onPc: { key: 'makers.vmwarePc' },
    inside: { key: 'makers.vmwareInside' },
  },
  {
    id: 'haxm',
    name: 'Intel HAXM',
    drivers: ['IntelHaxm'],
    services: [],
    programs: /^Intel\S* Hardware Accelerated Execution Manager/i,
    wantsExtensions: true,
    onPc: { key: 'makers.haxmPc' },
    inside: { key: 'makers.haxmInside' },
  },
  {
    id: 'aehd',
    name: 'AEHD',
    drivers: ['aehd', 'gvm'],
    services: [],
    programs: /^Android Emulator hypervisor driver/i,
    wantsExtensions: true,
    onPc: { key: 'makers.haxmPc' },
    inside: { key: 'makers.haxmInside' },
  },
  {
    id: 'docker',
    name: 'Docker Desktop',
    drivers: [],
    services: ['com.docker.service'],
    programs: /^Docker Desktop\b/i,
    wantsExtensions: false,
    onPc: { key: 'makers.dockerPc' },
    inside: { key: 'makers.dockerInside' },
  },
];
