/**
 * What people paste when nesting does not work: symptom → cause → what of this PC bears on it → what mends it.
 * Texts: domain pages and simulator/facts/errors.json. Codes and error ids are the same in every language, texts are not.
 */
import type { Message } from '../text/index.js';
import type { CheckId } from './checks/check.js';
import type { Machine, Vm } from './machine.js';

export interface Topic {
  readonly id: string;
  readonly cause: Message;
  readonly why: Message;
  /** Parts of what Windows writes, in lower case, or an error id; `…` stands for anything between two parts. */
  readonly says: readonly string[];
  /** HRESULTs, WMI return codes, and Win32 codes as HRESULTs. */
  readonly codes: readonly number[];
  /** Codes that stand for much else too. */
  readonly vagueCodes?: readonly number[];
  /** Checks of this PC that bear on it. */
  readonly checks: readonly CheckId[];
  /** What mends it at one VM. */
  readonly mends?: 'nesting-on' | 'nesting-off';
  /** Memory that is free on this PC bears on it. */
  readonly needsMemory?: true;
  /** Services of the drivers by which an application of another maker is found inside a machine. */
  readonly drivers?: readonly string[];
  /** What is typed in a console, where the error was seen. */
  readonly commands?: readonly { readonly command: string; readonly why: Message }[];
}

const win32 = (code: number): number => 0x80070000 + code;
const platformCommand = {
  command: 'Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform -All',
  why: { key: 'errors.commandPlatform' },
} as const;

/** The more special one comes first: what it says may hold what a later one says. */
export const topics: readonly Topic[] = [
  {
    id: 'nesting-off',
    cause: { key: 'errors.nestingOff' },
    why: { key: 'errors.nestingOffWhy' },
    says: [
      'enable the virtual machine platform windows feature and ensure virtualization is enabled in the bios',
      '启用虚拟机平台 windows 功能…bios 中启用虚拟化',
    ],
    codes: [0x80370102],
    checks: ['extensions', 'hypervisor'],
    mends: 'nesting-on',
    commands: [platformCommand],
  },
  {
    id: 'platform',
    cause: { key: 'errors.platform' },
    why: { key: 'errors.platformWhy' },
    says: ['this platform does not support nested virtualization'],
    codes: [],
    vagueCodes: [0x80004005],
    checks: ['architecture', 'processor', 'windows', 'hypervisor-below'],
    mends: 'nesting-off',
  },
  {
    id: 'component',
    cause: { key: 'errors.component' },
    why: { key: 'errors.componentWhy' },
    says: ['one of the hyper-v components is not running'],
    codes: [],
    checks: ['hypervisor'],
    mends: 'nesting-on',
    commands: [{ command: 'bcdedit /set hypervisorlaunchtype auto', why: { key: 'errors.commandLaunch' } }],
  },
  {
    id: 'preview',
    cause: { key: 'errors.preview' },
    why: { key: 'errors.previewWhy' },
    says: ['virtualizationbasedsecurityoptout'],
    codes: [],
    checks: ['windows'],
  },
  {
    id: 'role-gate',
    cause: { key: 'errors.roleGate' },
    why: { key: 'errors.roleGateWhy' },
    says: ['hyper-v cannot be installed', 'a hypervisor is already running'],
    codes: [],
    checks: [],
    commands: [
      {
        command:
          'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V,Microsoft-Hyper-V-Management-PowerShell -All -NoRestart',
        why: { key: 'errors.commandRole' },
      },
    ],
  },
  {
    id: 'wsl',
    cause: { key: 'errors.wsl' },
    why: { key: 'errors.wslWhy' },
    says: ['nested virtualization is not supported on this machine', 'wsl…不支持嵌套虚拟化'],
    codes: [],
    checks: ['architecture', 'processor', 'extensions', 'windows'],
  },
  {
    id: 'old-script',
    cause: { key: 'errors.oldScript' },
    why: { key: 'errors.oldScriptWhy' },
    says: ['get-nestedvirtstatus', 'virtualization based security is running'],
    codes: [],
    checks: ['processor', 'virtualization-based-security'],
  },
  {
    id: 'elevation',
    cause: { key: 'errors.elevation' },
    why: { key: 'errors.elevationWhy' },
    says: ['the requested operation requires elevation'],
    codes: [win32(740)],
    checks: [],
  },
  {
    id: 'rights',
    cause: { key: 'errors.rights' },
    why: { key: 'errors.rightsWhy' },
    says: [
      'do not have the required permission to complete this task',
      'you do not have permission to perform the operation',
      'accessdenied,microsoft.hyperv',
    ],
    codes: [32769, 0x80041003],
    vagueCodes: [win32(5)],
    checks: ['rights'],
  },
  {
    id: 'module',
    cause: { key: 'errors.module' },
    why: { key: 'errors.moduleWhy' },
    says: [
      "the term 'get-vm' is not recognized",
      "the module 'hyper-v' could not be loaded",
      "the specified module 'hyper-v' was not loaded",
      'the hyper-v module for powershell is not available',
      'hypervmodulenotavailable',
    ],
    codes: [],
    checks: ['module', 'hyper-v-role', 'edition'],
  },
  {
    id: 'nat-service',
    cause: { key: 'errors.natService' },
    why: { key: 'errors.natServiceWhy' },
    says: ['new-netnat…invalid class', 'hresult 0x80041010,new-netnat'],
    codes: [],
    vagueCodes: [0x80041010],
    checks: ['hyper-v-role'],
  },
  {
    id: 'role',
    cause: { key: 'errors.role' },
    why: { key: 'errors.roleWhy' },
    says: ['hyper-v has not been installed on computer', 'could not access an expected wmi class'],
    codes: [0x8004100e],
    checks: ['hyper-v-role', 'edition'],
  },
  {
    id: 'service',
    cause: { key: 'errors.service' },
    why: { key: 'errors.serviceWhy' },
    says: [
      'the virtual machine management service is not running',
      'hyper-v encountered an error trying to access an object on computer',
    ],
    codes: [],
    vagueCodes: [win32(1722)],
    checks: ['management-service', 'rights'],
  },
  {
    id: 'memory',
    cause: { key: 'errors.memory' },
    why: { key: 'errors.memoryWhy' },
    says: ['not enough memory in the system to start', 'unable to allocate…mb of ram', 'outofmemory,microsoft.hyperv'],
    codes: [win32(14), win32(1450)],
    checks: [],
    needsMemory: true,
  },
  {
    id: 'memory-running',
    cause: { key: 'errors.memoryRunning' },
    why: { key: 'errors.memoryRunningWhy' },
    says: ["failed to modify device 'memory'", 'invalidstate,microsoft.hyperv.powershell.commands.setvmmemory'],
    codes: [],
    checks: [],
  },
  {
    id: 'running',
    cause: { key: 'errors.running' },
    why: { key: 'errors.runningWhy' },
    says: [
      "failed to modify device 'processor'",
      'cannot be performed while the virtual machine is in its current state',
      'invalidstate,microsoft.hyperv',
    ],
    codes: [32775],
    checks: [],
    mends: 'nesting-on',
  },
  {
    id: 'address',
    cause: { key: 'errors.address' },
    why: { key: 'errors.addressWhy' },
    says: [
      'instance msft_netipaddress already exists',
      'windows system error 87,new-netipaddress',
      'windows system error 5010',
    ],
    codes: [win32(5010)],
    checks: [],
    commands: [{ command: 'Get-NetIPAddress -AddressFamily IPv4', why: { key: 'errors.commandAddress' } }],
  },
  {
    id: 'nat',
    cause: { key: 'errors.nat' },
    why: { key: 'errors.natWhy' },
    says: [
      'new-netnat…the parameter is incorrect',
      'windows system error 87,new-netnat',
      'windows system error 52,new-netnat',
    ],
    codes: [],
    vagueCodes: [win32(87), win32(52)],
    checks: [],
    commands: [
      { command: 'Get-NetNat', why: { key: 'errors.commandNat' } },
      { command: 'Get-NetRoute -AddressFamily IPv4', why: { key: 'errors.commandRoutes' } },
    ],
  },
  {
    id: 'account',
    cause: { key: 'errors.account' },
    why: { key: 'errors.accountWhy' },
    says: ['the credential is invalid', 'the input username cannot be empty'],
    codes: [],
    checks: [],
  },
  {
    id: 'not-running',
    cause: { key: 'errors.notRunning' },
    why: { key: 'errors.notRunningWhy' },
    says: ['is not in running state', 'invalidvmstate,microsoft.powershell'],
    codes: [],
    checks: [],
  },
  {
    id: 'updates',
    cause: { key: 'errors.updates' },
    why: { key: 'errors.updatesWhy' },
    says: ['negotiating a secure connection to hyper-v failed'],
    codes: [],
    checks: ['windows'],
  },
  {
    id: 'session',
    cause: { key: 'errors.session' },
    why: { key: 'errors.sessionWhy' },
    says: ['an error has occurred which…powershell cannot handle', 'the hyper-v socket target process has ended'],
    codes: [],
    checks: [],
  },
  {
    id: 'virtualbox',
    cause: { key: 'errors.virtualBox' },
    why: { key: 'errors.virtualBoxWhy' },
    says: ['verr_vmx_no_vmx', 'verr_svm_no_svm', 'verr_nem_not_available'],
    drivers: ['VBoxSup', 'VBoxDrv'],
    codes: [],
    checks: [],
  },
  {
    id: 'vmware',
    cause: { key: 'errors.vmware' },
    why: { key: 'errors.vmwareWhy' },
    says: ['vmware…not compatible', 'virtualized intel vt-x/ept is not supported on this platform'],
    drivers: ['vmx86', 'hcmon'],
    codes: [],
    checks: [],
  },
  {
    id: 'android',
    cause: { key: 'errors.android' },
    why: { key: 'errors.androidWhy' },
    says: ['haxm is not installed', 'haxm is required', 'hax is not working', 'android emulator hypervisor driver'],
    drivers: ['IntelHaxm', 'aehd', 'gvm'],
    codes: [],
    checks: [],
    mends: 'nesting-on',
    commands: [
      {
        command: 'Enable-WindowsOptionalFeature -Online -FeatureName HypervisorPlatform -All',
        why: { key: 'errors.commandWhpx' },
      },
    ],
  },
];

export interface TopicMatch {
  readonly topic: Topic;
  /** What of the text it was recognised by, as it is written there. */
  readonly by: string;
  /** `vague`: a code alone that stands for much else too. */
  readonly sure: 'certain' | 'vague';
}

/** The most certain first; none: the text is not known. Each topic once. */
export function recognise(text: string): readonly TopicMatch[] {
  const plain = text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
  const codes = codesIn(plain);
  const matches = topics.flatMap((topic): TopicMatch[] => {
    const said = topic.says.map((part) => find(plain, part)).find((found) => found !== undefined);
    const code = codes.find(({ code: one }) => topic.codes.includes(one));
    const vague = codes.find(({ code: one }) => topic.vagueCodes?.includes(one));
    const by = code?.written ?? said ?? vague?.written;
    return by === undefined ? [] : [{ topic, by, sure: code || said !== undefined ? 'certain' : 'vague' }];
  });
  return [...matches.filter(({ sure }) => sure === 'certain'), ...matches.filter(({ sure }) => sure === 'vague')];
}

function find(text: string, says: string): string | undefined {
  const lower = text.toLowerCase();
  let start: number | undefined;
  let end = 0;
  for (const part of says.split('…')) {
    const at = lower.indexOf(part, end);
    if (at < 0) return undefined;
    start ??= at;
    end = at + part.length;
  }
  return text.slice(start, end);
}

interface Code {
  readonly code: number;
  readonly written: string;
}

/** In hexadecimal with or without 0x, or decimal; a small number only where it is said to be an error, or is all there is. */
export function codesIn(text: string): readonly Code[] {
  const found = text.matchAll(/(?<![\w.-])(?:0x[0-9a-f]{1,8}|8[0-9a-f]{7}|-?\d{1,10})(?![\w-]|\.\d)/gi);
  return [...found].flatMap(({ 0: written, index }): Code[] => {
    const isHex = /^0x/i.test(written) || /^8[0-9a-f]{7}$/i.test(written);
    const number = isHex ? Number.parseInt(written.replace(/^0x/i, ''), 16) : Number(written);
    const code = number < 0 ? number + 2 ** 32 : number;
    // An HRESULT has its highest bit set; 32768 to 32799 are what WMI methods of Hyper-V return.
    if (code >= 2 ** 31 && code < 2 ** 32) return [{ code, written }];
    if (code >= 32768 && code < 32800) return [{ code, written }];
    const isError =
      isHex ||
      written === text ||
      /(?:error|code|win32|错误|代码|fehler|erreur|error de|ошибк\S*|エラー)\W{0,4}$/iu.test(text.slice(0, index));
    return isError && code > 0 && code < 16000 ? [{ code: win32(code), written }] : [];
  });
}

/** The machines that it can be mended at; undefined: the list, or its nesting, could not be read. */
export function mendable({ mends }: Topic, machine: Machine): readonly Vm[] | undefined {
  if (mends === undefined) return [];
  const vms = machine.vms?.filter(({ nesting }) => nesting === (mends === 'nesting-off'));
  return vms?.length === 0 && machine.vms?.some(({ nesting }) => nesting === undefined) ? undefined : vms;
}

/** Applications of other makers that need the extensions themselves. */
export const thirdParty: readonly Topic[] = topics.filter(({ drivers }) => drivers !== undefined);

/** The machines in which it is known to be installed. */
export function foundIn({ drivers = [] }: Topic, machine: Machine): readonly Vm[] {
  const names = new Set(drivers.map((driver) => driver.toLowerCase()));
  return (machine.vms ?? []).filter((vm) =>
    vm.guest?.inside?.thirdParty?.some((name) => names.has(name.toLowerCase())),
  );
}
