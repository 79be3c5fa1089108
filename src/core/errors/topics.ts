/**
 * What people paste when nesting does not work: symptom → cause → what of this PC bears on it → what mends it.
 * Texts: domain pages and simulator/facts/errors.json. Codes and error ids are the same in every language, texts are not.
 */
import type { Message } from '../../text/index.js';
import type { CheckId } from '../checks/check.js';

/**
 * What mends it at one VM, or leads to where it is seen: turning nesting on or off, starting the VM, its memory, the network
 * of its nested VMs, the account that is used inside, and what is turned on inside for a purpose.
 */
export type Mend =
  'nesting-on' | 'nesting-off' | 'start' | 'memory' | 'network' | 'account' | 'wsl' | 'hyper-v' | 'android';

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
  /** The likeliest first. */
  readonly mends?: readonly Mend[];
  /** Memory that is free on this PC bears on it. */
  readonly needsMemory?: true;
  /** Of an application: it is looked for on this PC and inside, and Learn tells of it. */
  readonly app?: ThirdPartyApp;
  /** What is typed in a console, where the error was seen. */
  readonly commands?: readonly { readonly command: string; readonly why: Message }[];
}

const win32 = (code: number): number => 0x80070000 + code;
const platformCommand = {
  command: 'Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform -All',
  why: { key: 'errors.commandPlatform' },
} as const;

const whpxCommand = {
  command: 'Enable-WindowsOptionalFeature -Online -FeatureName HypervisorPlatform -All',
  why: { key: 'errors.commandWhpx' },
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
      '仮想マシン プラットフォームの windows 機能を有効に…bios で仮想化が有効に',
    ],
    codes: [0x80370102],
    checks: ['extensions', 'hypervisor'],
    mends: ['nesting-on', 'wsl'],
    commands: [platformCommand],
  },
  {
    id: 'platform',
    cause: { key: 'errors.platform' },
    why: { key: 'errors.platformWhy' },
    says: ['this platform does not support nested virtualization', '此平台不支持嵌套虚拟化'],
    codes: [],
    vagueCodes: [0x80004005],
    checks: ['architecture', 'processor', 'windows', 'hypervisor-below'],
    mends: ['nesting-off'],
  },
  {
    id: 'component',
    cause: { key: 'errors.component' },
    why: { key: 'errors.componentWhy' },
    says: ['one of the hyper-v components is not running', 'hyper-v 组件未运行'],
    codes: [],
    checks: ['hypervisor'],
    mends: ['nesting-on', 'hyper-v'],
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
    says: ['hyper-v cannot be installed', 'a hypervisor is already running', '未启用虚拟化支持…无法安装 hyper-v'],
    codes: [],
    checks: [],
    mends: ['hyper-v'],
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
    says: [
      'the requested operation requires elevation',
      '请求的操作需要提升',
      '要求された操作には管理者特権が必要です',
      'der angeforderte vorgang erfordert erhöhte rechte',
    ],
    codes: [win32(740)],
    checks: [],
  },
  {
    id: 'rights',
    cause: { key: 'errors.rights' },
    why: { key: 'errors.rightsWhy' },
    says: [
      'do not have the required permission to complete this task',
      '你没有完成此任务所需的权限',
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
    mends: ['hyper-v'],
  },
  {
    id: 'nat-service',
    cause: { key: 'errors.natService' },
    why: { key: 'errors.natServiceWhy' },
    says: ['new-netnat…invalid class', 'hresult 0x80041010,new-netnat'],
    codes: [],
    vagueCodes: [0x80041010],
    checks: ['hyper-v-role'],
    mends: ['hyper-v'],
  },
  {
    id: 'role',
    cause: { key: 'errors.role' },
    why: { key: 'errors.roleWhy' },
    says: ['hyper-v has not been installed on computer', 'could not access an expected wmi class'],
    codes: [0x8004100e],
    checks: ['hyper-v-role', 'edition'],
    mends: ['hyper-v'],
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
    says: [
      'not enough memory in the system to start',
      'unable to allocate…mb of ram',
      'outofmemory,microsoft.hyperv',
      '系统内存不足，无法启动虚拟机',
    ],
    codes: [win32(14), win32(1450)],
    checks: [],
    mends: ['memory'],
    needsMemory: true,
  },
  {
    id: 'memory-running',
    cause: { key: 'errors.memoryRunning' },
    why: { key: 'errors.memoryRunningWhy' },
    says: ["failed to modify device 'memory'", 'invalidstate,microsoft.hyperv.powershell.commands.setvmmemory'],
    codes: [],
    checks: [],
    mends: ['memory'],
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
    mends: ['nesting-on', 'nesting-off'],
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
    mends: ['network'],
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
    mends: ['network'],
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
    mends: ['account'],
  },
  {
    id: 'not-running',
    cause: { key: 'errors.notRunning' },
    why: { key: 'errors.notRunningWhy' },
    says: ['is not in running state', 'invalidvmstate,microsoft.powershell'],
    codes: [],
    checks: [],
    mends: ['start'],
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
    mends: ['account'],
  },
  {
    id: 'virtualbox',
    cause: { key: 'errors.virtualBox' },
    why: { key: 'errors.virtualBoxWhy' },
    says: ['verr_vmx_no_vmx', 'verr_svm_no_svm', 'verr_nem_not_available'],
    app: {
      id: 'virtualbox',
      name: 'VirtualBox',
      drivers: ['VBoxSup', 'VBoxDrv'],
      services: ['VBoxSDS'],
      programs: /^Oracle (?:VM )?VirtualBox \d/i,
      wantsExtensions: true,
      onPc: { key: 'makers.virtualBoxPc' },
      inside: { key: 'makers.virtualBoxInside' },
    },
    codes: [],
    checks: [],
  },
  {
    id: 'vmware',
    cause: { key: 'errors.vmware' },
    why: { key: 'errors.vmwareWhy' },
    says: [
      'vmware…not compatible',
      'virtualized intel vt-x/ept is not supported on this platform',
      'virtualized amd-v/rvi is not supported on this platform',
      '此平台不支持虚拟化的 intel vt-x/ept',
      '此平台不支持虚拟化的 amd-v/rvi',
    ],
    // Not hcmon, nor the USB service: VMware's clients for remote desktops bring these as well.
    app: {
      id: 'vmware',
      name: 'VMware',
      drivers: ['vmx86'],
      services: ['VMAuthdService'],
      programs: /^VMware (?:Workstation|Player)\b/i,
      wantsExtensions: true,
      onPc: { key: 'makers.vmwarePc' },
      inside: { key: 'makers.vmwareInside' },
    },
    codes: [],
    checks: [],
  },
  {
    id: 'android',
    cause: { key: 'errors.android' },
    why: { key: 'errors.androidWhy' },
    says: ['haxm is not installed', 'haxm is required', 'hax is not working'],
    app: {
      id: 'haxm',
      name: 'Intel HAXM',
      drivers: ['IntelHaxm'],
      services: [],
      programs: /^Intel\S* Hardware Accelerated Execution Manager/i,
      wantsExtensions: true,
      onPc: { key: 'makers.haxmPc' },
      inside: { key: 'makers.haxmInside' },
    },
    codes: [],
    checks: [],
    mends: ['android'],
    commands: [whpxCommand],
  },
  {
    id: 'aehd',
    cause: { key: 'errors.android' },
    why: { key: 'errors.androidWhy' },
    says: ['android emulator hypervisor driver'],
    app: {
      id: 'aehd',
      name: 'AEHD',
      drivers: ['aehd', 'gvm'],
      services: [],
      programs: /^Android Emulator hypervisor driver/i,
      wantsExtensions: true,
      onPc: { key: 'makers.haxmPc' },
      inside: { key: 'makers.haxmInside' },
    },
    codes: [],
    checks: [],
    mends: ['android'],
    commands: [whpxCommand],
  },
  {
    id: 'docker',
    cause: { key: 'errors.docker' },
    why: { key: 'errors.dockerWhy' },
    says: [
      'docker desktop…virtualization support',
      'hardware assisted virtualization and data execution protection must be enabled in the bios',
    ],
    app: {
      id: 'docker',
      name: 'Docker Desktop',
      drivers: [],
      services: ['com.docker.service'],
      programs: /^Docker Desktop\b/i,
      wantsExtensions: false,
      onPc: { key: 'makers.dockerPc' },
      inside: { key: 'makers.dockerInside' },
    },
    codes: [],
    checks: ['extensions', 'hypervisor'],
    mends: ['nesting-on', 'wsl'],
  },
];

/** Applications of other makers that are looked for. */
export const thirdPartyTopics: readonly (Topic & { readonly app: ThirdPartyApp })[] = topics.flatMap((topic) =>
  topic.app ? [{ ...topic, app: topic.app }] : [],
);
