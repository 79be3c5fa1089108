/**
 * What people paste, and what our own runs meet: symptom → cause → what of this PC bears on it → what mends it. Codes, symbolic
 * names, error ids and links are the same in every language and come first; of sentences only the English ones are kept.
 */
import type { ThirdPartyApp } from '../machine/makers.js';
import type { Message } from '../../text/index.js';
import type { CheckId } from '../checks/check.js';

/**
 * What mends it at one VM, or leads to where it is seen: turning nesting on or off, starting the VM, its memory, the network
 * of its nested VMs, the account that is used inside, and what is turned on inside for a purpose.
 */
export type Mend =
  'nesting-on' | 'nesting-off' | 'start' | 'memory' | 'network' | 'account' | 'wsl' | 'hyper-v' | 'android';

/** A code, or a part of a text in lower case: a symbolic name, an error id, a link, a sentence; `…` stands for anything between. */
export type Sign = number | string;

/** Counts only where one of `near` stands in the text too, and none of `unless`. */
interface Narrowed {
  readonly sign: Sign;
  readonly near?: readonly string[];
  readonly unless?: readonly string[];
}
export type Mark = Sign | Narrowed;

export interface Topic {
  readonly id: string;
  readonly cause: Message;
  readonly why: Message;
  /** Each of them proves it. Codes: HRESULTs and NTSTATUSes, what WMI methods return, and Win32 codes as HRESULTs. */
  readonly marks: readonly Mark[];
  /** Signs of other topics too: alone they decide nothing. */
  readonly shared?: readonly Mark[];
  /** What tells it apart from what else such a sign stands for. */
  readonly tell?: Message;
  /** Checks of this PC that bear on it. */
  readonly checks: readonly CheckId[];
  /** Where all of these are fine, it is hardly the cause on this PC. */
  readonly refutedBy?: readonly CheckId[];
  /** The likeliest first. */
  readonly mends?: readonly Mend[];
  /** Memory that is free on this PC bears on it. */
  readonly needsMemory?: true;
  /** Of an application: it is looked for on this PC and inside, and Learn tells of it. */
  readonly app?: ThirdPartyApp['id'];
  /** What is typed in a console, where the error was seen. */
  readonly commands?: readonly { readonly command: string; readonly why: Message }[];
}

const win32 = (code: number): number => 0x80070000 + code;
const near = (sign: Sign, ...words: readonly string[]): Narrowed => ({ sign, near: words });
const unless = (sign: Sign, ...words: readonly string[]): Narrowed => ({ sign, unless: words });
const hyperV = (id: string, cmdlet = ''): string => `${id},microsoft.hyperv.powershell.commands.${cmdlet}`;

const accessDenied = win32(5);
const elementNotFound = win32(1168);
const noResources = win32(1450);
const invalidArgument = win32(87);
const failed = 0x80004005;

/** Of WSL, Docker and others that start VMs of their own through the Host Compute Service. */
const ofComputeService = ['wsl/', '/hcs', 'hcswaitfor', 'hcsshim', 'hcs operation'];
/** Names of cmdlets that Hyper-V and its networks bring. */
const ofHyperV = ['-vm', '-vhd', 'hyper-v\\', 'netnat', 'netipaddress', 'netadapter'];
const ofDiskFile = ['.vhd', 'attachment', 'scsi controller', 'ide controller'];
const ofNetworkClasses = ['standardcimv2', 'netnat', 'netipaddress'];

/** A record of PowerShell says by its command and id what a code alone does not. */
const aRecord = 'fullyqualifiederrorid';

const platformCommand = {
  command: 'Enable-WindowsOptionalFeature -Online -FeatureName VirtualMachinePlatform -All',
  why: { key: 'errors.commandPlatform' },
} as const;

const launchCommand = {
  command: 'bcdedit /set hypervisorlaunchtype auto',
  why: { key: 'errors.commandLaunch' },
} as const;

const whpxCommand = {
  command: 'Enable-WindowsOptionalFeature -Online -FeatureName HypervisorPlatform -All',
  why: { key: 'errors.commandWhpx' },
} as const;

const vmmsCommand = { command: 'Restart-Service vmms', why: { key: 'errors.commandVmms' } } as const;

/** The more special one comes first, and of those that share a sign the likeliest. */
export const topics: readonly Topic[] = [
  {
    id: 'wsl-arm',
    cause: { key: 'errors.wslArm' },
    why: { key: 'errors.wslArmWhy' },
    marks: [near(0x80004001, ...ofComputeService), near('e_notimpl', ...ofComputeService)],
    checks: ['architecture'],
  },
  {
    id: 'wsl-setting',
    cause: { key: 'errors.wslSetting' },
    why: { key: 'errors.wslSettingWhy' },
    marks: ['wsl_e_nested_not_supported', 0x80040323, 'nested virtualization is not supported on this windows build'],
    checks: ['windows', 'processor'],
    commands: [{ command: 'notepad $HOME\\.wslconfig', why: { key: 'errors.commandWslConfig' } }],
  },
  {
    id: 'wsl-files',
    cause: { key: 'errors.wslFiles' },
    why: { key: 'errors.wslFilesWhy' },
    marks: [
      near('error_file_not_found', ...ofComputeService),
      near('error_path_not_found', ...ofComputeService),
      near(win32(2), ...ofComputeService),
      near(win32(3), ...ofComputeService),
    ],
    checks: [],
    commands: [{ command: 'wsl --update', why: { key: 'errors.commandWslUpdate' } }],
  },
  {
    id: 'compute-service',
    cause: { key: 'errors.computeService' },
    why: { key: 'errors.computeServiceWhy' },
    marks: [0x8037011e, 'hcs_e_service_disconnect'],
    checks: ['hyper-v-role'],
    commands: [{ command: 'Restart-Service vmcompute', why: { key: 'errors.commandVmcompute' } }],
  },
  {
    id: 'platform-missing',
    cause: { key: 'errors.platformMissing' },
    why: { key: 'errors.platformMissingWhy' },
    marks: [
      'hcs_e_service_not_available',
      0x80370114,
      'wsl_e_virtual_machine_platform_required',
      'the operation could not be started because a required feature is not installed',
    ],
    checks: [],
    mends: ['wsl'],
    commands: [platformCommand],
  },
  {
    id: 'nesting-off',
    cause: { key: 'errors.nestingOff' },
    why: { key: 'errors.nestingOffWhy' },
    marks: [
      0x80370102,
      'hcs_e_hyperv_not_installed',
      'aka.ms/enablevirtualization',
      'aka.ms/wsl2-install',
      'hypervisor_virt_disabled',
      'enable the virtual machine platform windows feature and ensure virtualization is enabled in the bios',
      'wsl2 is not supported with your current machine configuration',
      'wsl2 is unable to start since virtualization is not enabled',
      'the virtual machine could not be started because a required feature is not installed',
      'since hyper-v is not installed on the host',
    ],
    checks: ['extensions', 'hypervisor'],
    mends: ['nesting-on', 'wsl'],
    commands: [platformCommand, launchCommand],
  },
  {
    id: 'platform',
    cause: { key: 'errors.platform' },
    why: { key: 'errors.platformWhy' },
    marks: ['this platform does not support nested virtualization', near(failed, 'exposevirtualizationextensions')],
    shared: [
      unless(failed, 'vbox', 'wsl/', aRecord),
      near(failed, '[start-vm]'),
      hyperV('notsupported', 'setvmprocessor'),
    ],
    tell: { key: 'errors.platformTell' },
    checks: ['architecture', 'processor', 'windows', 'hypervisor-below'],
    refutedBy: ['architecture', 'processor', 'windows', 'hypervisor-below'],
    mends: ['nesting-off'],
  },
  {
    id: 'whpx',
    cause: { key: 'errors.whpx' },
    why: { key: 'errors.whpxWhy' },
    marks: [
      'failed to initialize whpx',
      'whpx: failed',
      near(0xc0350005, 'whpx', 'whv', 'emulator'),
      near(0x80370302, 'whpx', 'whv', 'emulator'),
      'android emulator does not support nested virtualization',
    ],
    shared: [0xc0350005, 0x80370302],
    tell: { key: 'errors.whpxTell' },
    checks: ['extensions'],
    mends: ['nesting-on', 'android'],
    commands: [whpxCommand],
  },
  {
    id: 'component',
    cause: { key: 'errors.component' },
    why: { key: 'errors.componentWhy' },
    marks: ['one of the hyper-v components is not running', 'no hypervisor is present', 0xc0351000],
    checks: ['hypervisor'],
    mends: ['nesting-on', 'hyper-v'],
    commands: [launchCommand],
  },
  {
    id: 'preview',
    cause: { key: 'errors.preview' },
    why: { key: 'errors.previewWhy' },
    marks: ['virtualizationbasedsecurityoptout'],
    shared: [
      near('cannot modify property', "failed to modify device 'processor'"),
      hyperV('notsupported', 'setvmprocessor'),
    ],
    tell: { key: 'errors.previewTell' },
    checks: ['windows'],
  },
  {
    id: 'role-gate',
    cause: { key: 'errors.roleGate' },
    why: { key: 'errors.roleGateWhy' },
    marks: [
      unless('hyper-v cannot be installed', 'required virtualization capabilities'),
      'a hypervisor is already running',
    ],
    shared: ['alteration_prerequisitecheck_failed'],
    tell: { key: 'errors.roleGateTell' },
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
    id: 'extensions',
    cause: { key: 'errors.extensions' },
    why: { key: 'errors.extensionsWhy' },
    marks: [
      'does not have required virtualization capabilities',
      'ensure nested virtualization is enabled in order to',
    ],
    shared: ['alteration_prerequisitecheck_failed'],
    tell: { key: 'errors.extensionsTell' },
    checks: ['extensions', 'processor'],
    mends: ['nesting-on'],
  },
  {
    id: 'wsl',
    cause: { key: 'errors.wsl' },
    why: { key: 'errors.wslWhy' },
    marks: ['nested virtualization is not supported on this machine'],
    checks: ['architecture', 'processor', 'extensions', 'windows'],
  },
  {
    id: 'kvm',
    cause: { key: 'errors.kvm' },
    why: { key: 'errors.kvmWhy' },
    marks: [
      'kvm acceleration can not be used',
      'your cpu does not support kvm extensions',
      '/dev/kvm does not exist',
      'could not access kvm kernel module',
      'failed to initialize kvm',
    ],
    checks: ['extensions', 'processor'],
    mends: ['nesting-on'],
  },
  {
    id: 'old-script',
    cause: { key: 'errors.oldScript' },
    why: { key: 'errors.oldScriptWhy' },
    marks: ['get-nestedvirtstatus', 'virtualization based security is running'],
    checks: ['processor', 'virtualization-based-security'],
  },
  {
    id: 'disk-access',
    cause: { key: 'errors.diskAccess' },
    why: { key: 'errors.diskAccessWhy' },
    marks: [
      'permission to open attachment',
      near(accessDenied, ...ofDiskFile),
      near('general access denied error', ...ofDiskFile),
    ],
    shared: [unless(accessDenied, aRecord), hyperV('accessdenied', 'startvm')],
    tell: { key: 'errors.diskAccessTell' },
    checks: [],
    commands: [
      {
        command: 'icacls "D:\\VMs\\disk.vhdx" /grant "NT VIRTUAL MACHINE\\VM-ID":F',
        why: { key: 'errors.commandDisk' },
      },
    ],
  },
  {
    id: 'logon-right',
    cause: { key: 'errors.logonRight' },
    why: { key: 'errors.logonRightWhy' },
    marks: [win32(1385), 'has not been granted the requested logon type'],
    checks: ['management-service'],
    commands: [{ command: 'gpupdate /force', why: { key: 'errors.commandPolicy' } }, vmmsCommand],
  },
  {
    id: 'elevation',
    cause: { key: 'errors.elevation' },
    why: { key: 'errors.elevationWhy' },
    marks: [
      'the requested operation requires elevation',
      win32(740),
      'windows system error 5,',
      near(0x80041003, ...ofNetworkClasses),
      'it requires admin rights. please run podman as an administrator',
    ],
    checks: [],
  },
  {
    id: 'rights',
    cause: { key: 'errors.rights' },
    why: { key: 'errors.rightsWhy' },
    marks: [
      'do not have the required permission to complete this task',
      'do not have permission to perform the operation',
      unless('accessdenied,microsoft.hyperv', 'commands.startvm'),
      32769,
      unless(0x80041003, ...ofNetworkClasses),
      0x8037011b,
      'hcs_e_access_denied',
      'hyper-v commands have to be run as an administrator',
      'unable to perform hyper-v administrative commands',
      'hyper-v machines require',
      'hyperv machines require admin',
    ],
    shared: [accessDenied, hyperV('accessdenied', 'startvm')],
    tell: { key: 'errors.rightsTell' },
    checks: ['rights'],
    refutedBy: ['rights'],
  },
  {
    id: 'powercli',
    cause: { key: 'errors.powerCli' },
    why: { key: 'errors.powerCliWhy' },
    marks: ['connect first using a connect cmdlet'],
    checks: [],
    commands: [{ command: 'Hyper-V\\Get-VM', why: { key: 'errors.commandQualified' } }],
  },
  {
    id: 'placeholder',
    cause: { key: 'errors.placeholder' },
    why: { key: 'errors.placeholderWhy' },
    marks: ["'<' operator is reserved", 'redirectionnotsupported', near('positionalparameternotfound', '–', '—')],
    checks: [],
  },
  {
    id: 'module',
    cause: { key: 'errors.module' },
    why: { key: 'errors.moduleWhy' },
    marks: [
      near('commandnotfoundexception', ...ofHyperV),
      near('not recognized as', ...ofHyperV),
      "the module 'hyper-v' could not be loaded",
      "the specified module 'hyper-v' was not loaded",
      near('modules_modulenotfound', 'hyper-v'),
      near('couldnotautoloadmodule', 'hyper-v'),
      'the hyper-v module for powershell is not available',
      'hyper-v powershell module is not available',
      'hypervmodulenotavailable',
    ],
    checks: ['module', 'hyper-v-role', 'edition'],
    refutedBy: ['module'],
    mends: ['hyper-v'],
  },
  {
    id: 'script-policy',
    cause: { key: 'errors.scriptPolicy' },
    why: { key: 'errors.scriptPolicyWhy' },
    marks: [
      'pssecurityexception',
      'running scripts is disabled on this system',
      'is not digitally signed',
      'couldnotautoloadmatchingmodule',
      near('unauthorizedaccess', 'securityerror'),
    ],
    checks: ['module'],
  },
  {
    id: 'antivirus',
    cause: { key: 'errors.antivirus' },
    why: { key: 'errors.antivirusWhy' },
    marks: ['scriptcontainedmaliciouscontent', 'has been blocked by your antivirus software'],
    checks: [],
  },
  {
    id: 'powershell-7',
    cause: { key: 'errors.powerShell7' },
    why: { key: 'errors.powerShell7Why' },
    marks: [
      "'system.string' to type 'vmstate'",
      near('class not registered', 'windowsoptionalfeature'),
      near(0x80040154, 'windowsoptionalfeature'),
    ],
    checks: [],
  },
  {
    id: 'parameter',
    cause: { key: 'errors.parameter' },
    why: { key: 'errors.parameterWhy' },
    marks: [
      'namedparameternotfound',
      'missingargument,',
      'parameterargumentvalidationerror',
      'ambiguousparameterset',
      unless('positionalparameternotfound', '–', '—'),
      'a parameter cannot be found that matches',
      'cannot validate argument on parameter',
      'parameter set cannot be resolved',
    ],
    checks: [],
  },
  {
    id: 'nat-service',
    cause: { key: 'errors.natService' },
    why: { key: 'errors.natServiceWhy' },
    marks: ['new-netnat…invalid class', 'hresult 0x80041010,new-netnat'],
    shared: [unless(0x80041010, 'microsoft.hyperv')],
    tell: { key: 'errors.natServiceTell' },
    checks: ['hyper-v-role'],
    mends: ['hyper-v'],
  },
  {
    id: 'role',
    cause: { key: 'errors.role' },
    why: { key: 'errors.roleWhy' },
    marks: [
      'hyper-v has not been installed on computer',
      'could not access an expected wmi class',
      'hyperv namespace not found',
      0x8004100e,
      near(0x80041010, 'microsoft.hyperv'),
    ],
    shared: [unless(0x80041010, 'microsoft.hyperv', 'netnat')],
    tell: { key: 'errors.roleTell' },
    checks: ['hyper-v-role', 'edition'],
    refutedBy: ['hyper-v-role'],
    mends: ['hyper-v'],
  },
  {
    id: 'default-switch',
    cause: { key: 'errors.defaultSwitch' },
    why: { key: 'errors.defaultSwitchWhy' },
    marks: ['automatic internet connection sharing switch cannot be modified'],
    checks: [],
    mends: ['network'],
  },
  {
    id: 'team',
    cause: { key: 'errors.team' },
    why: { key: 'errors.teamWhy' },
    marks: ['to an lbfo team is deprecated'],
    checks: [],
  },
  {
    id: 'switch-bind',
    cause: { key: 'errors.switchBind' },
    why: { key: 'errors.switchBindWhy' },
    marks: [
      'bind failed: element not found',
      unless('failed while adding virtual ethernet switch connections', 'lbfo'),
      near(elementNotFound, 'vmswitch', 'external switch', 'ethernet port'),
      near('sequence contains no matching element', 'vmswitch'),
    ],
    shared: [
      unless(elementNotFound, aRecord),
      hyperV('objectnotfound', 'newvmswitch'),
      hyperV('objectnotfound', 'setvmswitch'),
    ],
    tell: { key: 'errors.switchBindTell' },
    checks: [],
    commands: [{ command: 'Get-NetAdapter -Physical', why: { key: 'errors.commandAdapters' } }],
  },
  {
    id: 'adapter-late',
    cause: { key: 'errors.adapterLate' },
    why: { key: 'errors.adapterLateWhy' },
    marks: ['windows system error 1168,new-netipaddress'],
    shared: [unless(elementNotFound, aRecord)],
    tell: { key: 'errors.adapterLateTell' },
    checks: [],
    mends: ['network'],
  },
  {
    id: 'same-name',
    cause: { key: 'errors.sameName' },
    why: { key: 'errors.sameNameWhy' },
    marks: [
      'invalidvmnamemultiplevm',
      'resolves to multiple virtual machines',
      'more than one ethernet switch exists',
      near('sequence contains more than one element', ...ofHyperV),
    ],
    checks: [],
    commands: [{ command: 'Get-VM | Format-Table Name, Id, State', why: { key: 'errors.commandVms' } }],
  },
  {
    id: 'vm-folder',
    cause: { key: 'errors.vmFolder' },
    why: { key: 'errors.vmFolderWhy' },
    marks: ['failed to access configuration store'],
    checks: [],
    commands: [
      {
        command: 'Get-VMHost | Format-List VirtualMachinePath, VirtualHardDiskPath',
        why: { key: 'errors.commandFolders' },
      },
    ],
  },
  {
    id: 'restart',
    cause: { key: 'errors.restart' },
    why: { key: 'errors.restartWhy' },
    marks: [32783, win32(3010), 'needs to be rebooted in order for hyper-v'],
    checks: ['hyper-v-role'],
  },
  {
    id: 'not-found',
    cause: { key: 'errors.notFound' },
    why: { key: 'errors.notFoundWhy' },
    marks: [
      'unable to find a virtual machine with',
      'unable to find a virtual switch with',
      'no ethernet switch could be found',
      'unable to find a snapshot matching',
      'no network adapter is found with',
      'no network adapter was found with',
      hyperV('objectnotfound', 'getvmsnapshot'),
      hyperV('invalidparameter', 'getvm'),
      'invalidvmnamenotsingle',
      'invalidvmidnotsingle',
      'invalidvmnamenovm',
      'does not resolve to a single virtual machine',
      'does not resolve to any virtual machine',
    ],
    shared: [0x80041002, unless(hyperV('objectnotfound'), 'newvmswitch', 'setvmswitch')],
    tell: { key: 'errors.notFoundTell' },
    checks: ['rights'],
    commands: [{ command: 'Get-VM | Format-Table Name, Id, State', why: { key: 'errors.commandVms' } }],
  },
  {
    id: 'service',
    cause: { key: 'errors.service' },
    why: { key: 'errors.serviceWhy' },
    marks: [
      'the virtual machine management service is not running',
      'virtual machine management service (vmms) is not running',
      'hyper-v encountered an error trying to access an object on computer',
      'cannot connect to the rpc service on computer',
      near(win32(1722), '-vm', 'hyper-v'),
    ],
    shared: [win32(1722), 0x80041002, elementNotFound, unless(hyperV('objectnotfound'), 'commands.getvmsnapshot')],
    tell: { key: 'errors.serviceTell' },
    checks: ['management-service', 'rights'],
    refutedBy: ['management-service'],
    commands: [vmmsCommand],
  },
  {
    id: 'network-object',
    cause: { key: 'errors.networkObject' },
    why: { key: 'errors.networkObjectWhy' },
    marks: ['cmdletizationquery_notfound', 'objects found by cim query', 'objects found with property'],
    checks: [],
    commands: [
      { command: 'Get-NetAdapter -IncludeHidden', why: { key: 'errors.commandAdapters' } },
      { command: 'Get-NetNat', why: { key: 'errors.commandNat' } },
    ],
  },
  {
    id: 'memory',
    cause: { key: 'errors.memory' },
    why: { key: 'errors.memoryWhy' },
    marks: [
      'not enough memory in the system to start',
      'unable to allocate…mb of ram',
      'outofmemory,microsoft.hyperv',
      win32(14),
      near(noResources, 'ram:', 'mb ram', 'mb of ram'),
    ],
    shared: [noResources, 'insufficient system resources exist'],
    tell: { key: 'errors.memoryTell' },
    checks: [],
    mends: ['memory'],
    needsMemory: true,
  },
  {
    id: 'gpu',
    cause: { key: 'errors.gpu' },
    why: { key: 'errors.gpuWhy' },
    marks: ['partitionable gpu', near(noResources, 'gpu'), near('insufficient system resources exist', 'gpu')],
    shared: [noResources, 'insufficient system resources exist'],
    tell: { key: 'errors.gpuTell' },
    checks: [],
    commands: [{ command: 'Get-VM | Get-VMGpuPartitionAdapter', why: { key: 'errors.commandGpu' } }],
  },
  {
    id: 'vbs-device',
    cause: { key: 'errors.vbsDevice' },
    why: { key: 'errors.vbsDeviceWhy' },
    marks: ['virtualization-based security is not running on the host'],
    checks: ['virtualization-based-security'],
  },
  {
    id: 'memory-running',
    cause: { key: 'errors.memoryRunning' },
    why: { key: 'errors.memoryRunningWhy' },
    marks: [hyperV('invalidstate', 'setvmmemory')],
    shared: [unless("failed to modify device 'memory'", 'invalidparameter,')],
    tell: { key: 'errors.memoryRunningTell' },
    checks: [],
    mends: ['memory'],
  },
  {
    id: 'running',
    cause: { key: 'errors.running' },
    why: { key: 'errors.runningWhy' },
    marks: [hyperV('invalidstate', 'setvmprocessor'), hyperV('invalidstate', 'updatevmversion')],
    shared: [unless("failed to modify device 'processor'", 'invalidparameter,', 'cannot assign')],
    tell: { key: 'errors.runningTell' },
    checks: [],
    mends: ['nesting-on', 'nesting-off'],
  },
  {
    id: 'state',
    cause: { key: 'errors.state' },
    why: { key: 'errors.stateWhy' },
    marks: [
      'cannot be performed while the virtual machine is in its current state',
      unless(
        'invalidstate,microsoft.hyperv',
        'commands.setvmprocessor',
        'commands.setvmmemory',
        'commands.updatevmversion',
      ),
      32775,
    ],
    checks: [],
    mends: ['start'],
  },
  {
    id: 'in-use',
    cause: { key: 'errors.inUse' },
    why: { key: 'errors.inUseWhy' },
    marks: ['objectinuse,microsoft.hyperv', 32774, 'cannot be deleted because it is being used by'],
    checks: [],
  },
  {
    id: 'vm-version',
    cause: { key: 'errors.vmVersion' },
    why: { key: 'errors.vmVersionWhy' },
    marks: [32784, 'vm version is unsupported'],
    checks: ['windows'],
  },
  {
    id: 'saved-state',
    cause: { key: 'errors.savedState' },
    why: { key: 'errors.savedStateWhy' },
    marks: [
      'failed to restore virtual machine state',
      'cannot restore this virtual machine to the saved state',
      0xc0370027,
      0xc0370029,
    ],
    checks: [],
    mends: ['nesting-on'],
  },
  {
    id: 'shutdown-service',
    cause: { key: 'errors.shutdownService' },
    why: { key: 'errors.shutdownServiceWhy' },
    marks: ['because the shutdown integration service is unavailable'],
    checks: [],
    commands: [{ command: 'Get-VMIntegrationService -VMName NAME', why: { key: 'errors.commandIntegration' } }],
  },
  {
    id: 'guest-crash',
    cause: { key: 'errors.guestCrash' },
    why: { key: 'errors.guestCrashWhy' },
    marks: ['caused a triple fault'],
    checks: [],
    mends: ['nesting-off'],
  },
  {
    id: 'address',
    cause: { key: 'errors.address' },
    why: { key: 'errors.addressWhy' },
    marks: [
      'instance msft_netipaddress already exists',
      'windows system error 87,new-netipaddress',
      'windows system error 5010',
      win32(5010),
    ],
    checks: [],
    mends: ['network'],
    commands: [{ command: 'Get-NetIPAddress -AddressFamily IPv4', why: { key: 'errors.commandAddress' } }],
  },
  {
    id: 'nat',
    cause: { key: 'errors.nat' },
    why: { key: 'errors.natWhy' },
    marks: [
      'new-netnat…the parameter is incorrect',
      'windows system error 87,new-netnat',
      'windows system error 52,new-netnat',
      'you were not connected because a duplicate name exists',
    ],
    shared: [unless(invalidArgument, 'key protector', aRecord), win32(52)],
    tell: { key: 'errors.natTell' },
    checks: [],
    mends: ['network'],
    commands: [
      { command: 'Get-NetNat', why: { key: 'errors.commandNat' } },
      { command: 'Get-NetRoute -AddressFamily IPv4', why: { key: 'errors.commandRoutes' } },
    ],
  },
  {
    id: 'tpm',
    cause: { key: 'errors.tpm' },
    why: { key: 'errors.tpmWhy' },
    marks: ['key protector'],
    shared: [unless(invalidArgument, aRecord), near(invalidArgument, '[start-vm]')],
    tell: { key: 'errors.tpmTell' },
    checks: [],
    commands: [
      {
        command: 'Get-ChildItem "Cert:\\LocalMachine\\Shielded VM Local Certificates"',
        why: { key: 'errors.commandTpm' },
      },
    ],
  },
  {
    id: 'value',
    cause: { key: 'errors.value' },
    why: { key: 'errors.valueWhy' },
    marks: [
      'cannot assign the specified number of',
      unless('invalidparameter,microsoft.hyperv', 'commands.getvm'),
      'buffer settings requires dynamic memory to be enabled',
      'should be a multiple of 2 mb',
      'settings cannot be specified together',
      32773,
    ],
    shared: [invalidArgument, "failed to modify device 'processor'", "failed to modify device 'memory'"],
    tell: { key: 'errors.valueTell' },
    checks: [],
    mends: ['memory'],
  },
  {
    id: 'ports',
    cause: { key: 'errors.ports' },
    why: { key: 'errors.portsWhy' },
    marks: [win32(10013), 'access a socket in a way forbidden by its access permissions'],
    checks: [],
    commands: [
      { command: 'netsh interface ipv4 show excludedportrange protocol=tcp', why: { key: 'errors.commandPorts' } },
      { command: 'net stop winnat', why: { key: 'errors.commandWinNat' } },
    ],
  },
  {
    id: 'port-taken',
    cause: { key: 'errors.portTaken' },
    why: { key: 'errors.portTakenWhy' },
    marks: [
      'windows system error 32,add-netnatstaticmapping',
      'add-netnatstaticmapping…the process cannot access the file because it is being used by another process',
    ],
    checks: [],
    commands: [
      { command: 'Get-NetTCPConnection -State Listen', why: { key: 'errors.commandListening' } },
      { command: 'netsh interface ipv4 show excludedportrange protocol=tcp', why: { key: 'errors.commandPorts' } },
    ],
  },
  {
    id: 'feature-name',
    cause: { key: 'errors.featureName' },
    why: { key: 'errors.featureNameWhy' },
    marks: [0x800f080c, 'feature name…is unknown'],
    checks: ['edition'],
    commands: [
      {
        command: 'Get-WindowsOptionalFeature -Online | Format-Table FeatureName, State',
        why: { key: 'errors.commandFeatures' },
      },
    ],
  },
  {
    id: 'account',
    cause: { key: 'errors.account' },
    why: { key: 'errors.accountWhy' },
    marks: ['the credential is invalid', 'the input username cannot be empty'],
    shared: [
      'psdirectexception',
      unless('pssessionstatebroken', 'psdirectexception', 'datastructureexception'),
      'pssessionopenfailed',
      'createremoterunspaceforvmfailed',
    ],
    tell: { key: 'errors.accountTell' },
    checks: [],
    mends: ['account'],
  },
  {
    id: 'not-running',
    cause: { key: 'errors.notRunning' },
    why: { key: 'errors.notRunningWhy' },
    marks: ['is not in running state', 'invalidvmstate,microsoft.powershell'],
    checks: [],
    mends: ['start'],
  },
  {
    id: 'updates',
    cause: { key: 'errors.updates' },
    why: { key: 'errors.updatesWhy' },
    marks: ['negotiating a secure connection to hyper-v failed'],
    shared: ['psdirectexception'],
    tell: { key: 'errors.updatesTell' },
    checks: ['windows'],
  },
  {
    id: 'session',
    cause: { key: 'errors.session' },
    why: { key: 'errors.sessionWhy' },
    marks: [
      'an error has occurred which…powershell cannot handle',
      'the hyper-v socket target process has ended',
      'psremotingdatastructureexception',
    ],
    shared: [unless('pssessionstatebroken', 'psdirectexception'), unless('pssessionopenfailed', 'psdirectexception')],
    tell: { key: 'errors.sessionTell' },
    checks: [],
    mends: ['account'],
  },
  {
    id: 'virtualbox',
    cause: { key: 'errors.virtualBox' },
    why: { key: 'errors.virtualBoxWhy' },
    marks: [
      'verr_vmx_no_vmx',
      'verr_svm_no_svm',
      'verr_nem_',
      'verr_cpum_invalid_hwvirt',
      'verr_supdrv_no_raw_mode_hyper_v',
      "virtualbox won't boot a 64bits vm when hyper-v is activated",
    ],
    shared: [unless(failed, aRecord)],
    tell: { key: 'errors.virtualBoxTell' },
    app: 'virtualbox',
    checks: [],
  },
  {
    id: 'vmware',
    cause: { key: 'errors.vmware' },
    why: { key: 'errors.vmwareWhy' },
    marks: [
      'and device/credential guard are not compatible',
      'vmware…and hyper-v are not compatible',
      'vt-x/ept',
      'amd-v/rvi',
      "module 'monitormode' power on failed",
      "module 'hv' power on failed",
      'does not support "intel ept"',
      'vmware.com/info?id=152',
    ],
    // Not hcmon, nor the USB service: VMware's clients for remote desktops bring these as well.
    app: 'vmware',
    checks: [],
  },
  {
    id: 'android',
    cause: { key: 'errors.android' },
    why: { key: 'errors.androidWhy' },
    marks: [
      'haxm is not installed',
      'emulator runs in emulation mode',
      'haxm cannot be installed',
      'haxm installation failed',
      'x86 emulation currently requires hardware acceleration',
    ],
    app: 'haxm',
    checks: [],
    mends: ['android'],
    commands: [whpxCommand],
  },
  {
    id: 'aehd',
    cause: { key: 'errors.android' },
    why: { key: 'errors.androidWhy' },
    // Its service says so when a hypervisor runs already, or the extensions are off.
    marks: ['android emulator hypervisor driver', near(0xffffffa1, 'startservice', 'aehd', 'gvm')],
    app: 'aehd',
    checks: [],
    mends: ['android'],
    commands: [whpxCommand],
  },
  {
    id: 'docker',
    cause: { key: 'errors.docker' },
    why: { key: 'errors.dockerWhy' },
    marks: [
      'virtualization support not detected',
      'docker desktop requires virtualization support',
      'docker desktop is unable to detect a hypervisor',
      'hardware assisted virtualization and data execution protection must be enabled in the bios',
      near('no virtualization available', 'docker', 'engine linux'),
    ],
    app: 'docker',
    checks: ['extensions', 'hypervisor'],
    mends: ['nesting-on', 'wsl'],
  },
];
