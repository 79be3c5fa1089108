/** The workstation with one thing wrong: rights, policy, a broken VM, a guest that does not obey, a session that dies. */
import type { Identity } from '../../src/core/cmdlets/call.js';
import type { Guest, SimulatedMachine, World } from '../world.js';
import { defaultSwitch } from '../roles.js';
import { byId, externalSwitch, GiB, idsFrom, machine, vm, world } from './build.js';
import { workstationVms } from './workstation.js';

function workstationLike(name: string, seed: number, over: Partial<SimulatedMachine> = {}): World {
  const newId = idsFrom(seed);
  const lan = newId();
  const vms = byId(workstationVms(newId, lan));
  return world(name, newId, machine({ vms, switches: [defaultSwitch, externalSwitch(lan)], ...over }));
}

const stranger: Identity = {
  account: 'DEV-PC\\mei',
  sid: 'S-1-5-21-1004336348-1177238915-682003330-1001',
  inToken: false,
  isMember: false,
  isElevated: false,
  isAdministrator: true,
  approvalMode: 1,
};

/** An administrator whose token does not hold the group: a default Windows 11. */
export const notAdmin = () => workstationLike('not-admin', 31, { identity: stranger });

/** The same, and whoever answers the prompt refuses it. */
export const promptRefused = (): World => ({
  ...notAdmin(),
  name: 'prompt-refused',
  elevation: { answer: 'refused', account: stranger.account, sid: stranger.sid },
});

/** The same without an administrator: another account is elevated, as with a password typed over the shoulder. */
export const otherAccount = (): World => ({
  ...workstationLike('other-account', 31, { identity: { ...stranger, isAdministrator: false } }),
  elevation: {
    answer: 'other-account',
    account: 'DEV-PC\\admin',
    sid: 'S-1-5-21-1004336348-1177238915-682003330-1002',
  },
});

/** A default Windows 11 with Administrator Protection: what is elevated runs as an account that Windows keeps for this person. */
export const administratorProtection = (): World => ({
  ...workstationLike('administrator-protection', 31, { identity: { ...stranger, approvalMode: 2 } }),
  elevation: {
    answer: 'other-account',
    account: 'DEV-PC\\ADMIN_mei',
    sid: 'S-1-5-21-1004336348-1177238915-682003330-1013',
  },
});

export const joinedNotSignedOut = () =>
  workstationLike('joined-not-signed-out', 33, { identity: { ...stranger, isMember: true } });

export const moduleBlocked = () =>
  workstationLike('module-blocked', 34, { modules: { 'Hyper-V': 'blocked', CimCmdlets: 'loaded' } });

export const constrainedLanguage = () =>
  workstationLike('constrained-language', 35, {
    languageMode: 'ConstrainedLanguage',
    modules: { 'Hyper-V': 'blocked', CimCmdlets: 'loaded' },
  });

export const serviceStopped = () =>
  workstationLike('service-stopped', 36, {
    services: {
      vmms: { state: 'Stopped', startMode: 'Auto' },
      vmcompute: { state: 'Stopped', startMode: 'Manual' },
    },
  });

/** The disk with its configuration is gone: some of its properties throw, the others can be read, and so can all other VMs. */
export function oneBrokenVm(): World {
  const made = workstationLike('one-broken-vm', 37);
  const broken = vm(made.newId, {
    name: 'archive-2019',
    state: 'OffCritical',
    settings: { startup: 2 * GiB },
    problem: { status: 'CriticalIoError', text: 'statusDisk', health: 25 },
    broken: {
      'Get-VM': ['Version', 'MemoryMaximum', 'AutomaticStopAction'],
      'Get-VMProcessor': ['Count', 'ExposeVirtualizationExtensions'],
      'Get-VMNetworkAdapter': ['MacAddressSpoofing'],
    },
  });
  for (const one of made.host.vms.values()) if (one.name.startsWith('archive')) made.host.vms.delete(one.id);
  made.host.vms.set(broken.id, broken);
  return made;
}

/** Each running guest refuses to shut down in its own way. */
export function lockedGuest(): World {
  const made = workstationLike('locked-guest', 38);
  const answers = new Map<string, Guest['obeys']>([
    ['k8s-node-1', 'updating'],
    ['Lab DC 01', 'locked'],
    ['win11 $(nested)', 'hung'],
  ]);
  for (const one of made.host.vms.values()) one.guest.obeys = answers.get(one.name) ?? 'yes';
  return made;
}

export const sessionLost = () => workstationLike('session-lost', 39);

/** Room for a thousand, every kind by turns; some are as odd as names can be. */
export function labOf(count: number, name = 'LAB-HOST'): World {
  const newId = idsFrom(40);
  const lan = newId();
  const states = ['Running', 'Off', 'Off', 'Saved', 'Running', 'Paused'] as const;
  const vms = Array.from({ length: count }, (_, index) => {
    const state = states[index % states.length] ?? 'Off';
    return vm(newId, {
      name: `lab-${String(index + 1).padStart(4, '0')}`,
      state,
      switchId: lan,
      up: 600 + index * 7,
      settings: {
        startup: GiB,
        processors: 2,
        nesting: index % 3 === 0,
        dynamicMemory: index % 4 === 0,
        minimum: GiB / 2,
      },
      guest: { kind: index % 2 === 0 ? 'windows' : 'linux', startsHypervisor: index % 6 === 0 },
    });
  });
  return world(
    `lab-of-${count}`,
    newId,
    machine({
      name,
      computer: { manufacturer: 'Dell Inc.', model: 'PowerEdge R760', memory: 2048 * GiB },
      vms: byId(vms),
      switches: [defaultSwitch, externalSwitch(lan)],
    }),
  );
}

/** Names that would be code, another name or a mess if anything pasted them: quotes of PowerShell, ends of lines, directions. */
const names = [
  "it's",
  '‘left’ ‚low‘ ‛high',
  '“double„ ”quotes"',
  '$(Remove-VM *)',
  '`$env:PATH `n ${x}',
  'two\r\nlines\ttab',
  '\u202Eright to left\u202C',
  '<img src=x onerror=alert(1)>',
  '%USERNAME% & calc | more; exit',
  'n'.repeat(100),
  '虚拟机，名字',
  ' ',
] as const;

export function hostileNames(): World {
  const newId = idsFrom(41);
  const vms = names.map((name) => vm(newId, { name, settings: { startup: 2 * GiB } }));
  return world('hostile-names', newId, machine({ vms: byId(vms), switches: [defaultSwitch] }));
}
