/**
 * The catalog: every cmdlet the app may use, and the only place that names one. The types of a call, the allow-list inside
 * the bridge, the PowerShell text shown and the schema of what comes back are derived from it. Checked against the facts of
 * the real modules by tests/unit/core/cmdlets.test.ts.
 */

/** Members of the enumerations that the catalog uses, as Windows names them. */
export const enums = {
  // prettier-ignore
  VMState: ['Other', 'Running', 'Off', 'Stopping', 'Saved', 'Paused', 'Starting', 'Reset', 'Saving', 'Pausing', 'Resuming',
    'FastSaved', 'FastSaving', 'ForceShutdown', 'ForceReboot', 'Hibernated', 'ComponentServicing', 'RunningCritical',
    'OffCritical', 'StoppingCritical', 'SavedCritical', 'PausedCritical', 'StartingCritical', 'ResetCritical',
    'SavingCritical', 'PausingCritical', 'ResumingCritical', 'FastSavedCritical', 'FastSavingCritical'],
  StopAction: ['TurnOff', 'Save', 'ShutDown'],
  OnOffState: ['On', 'Off'],
  CheckpointType: ['Disabled', 'Production', 'ProductionOnly', 'Standard'],
  SnapshotType: ['Standard', 'Recovery', 'Planned', 'Missing', 'Replica', 'AppConsistentReplica', 'SyncedReplica'],
  VMSwitchType: ['Private', 'Internal', 'External'],
  // prettier-ignore
  VMHeartbeatStatus: ['Unknown', 'Disabled', 'NoContact', 'Error', 'LostCommunication', 'OkApplicationsUnknown',
    'OkApplicationsHealthy', 'OkApplicationsCritical', 'Paused'],
  // prettier-ignore
  VMIntegrationComponentOperationalStatus: ['Ok', 'Degraded', 'Error', 'NonRecoverableError', 'NoContact',
    'LostCommunication', 'ProtocolMismatch', 'ApplicationCritical', 'CommunicationTimedOut', 'CommunicationFailed',
    'Disabled'],
  // prettier-ignore
  FeatureState: ['Disabled', 'DisablePending', 'Enabled', 'EnablePending', 'Superseded', 'PartiallyInstalled',
    'DisabledWithPayloadRemoved'],
  VhdType: ['Unknown', 'Fixed', 'Dynamic', 'Differencing'],
} as const satisfies Record<string, readonly string[]>;

/** Texts of which no others are ever sent: the bridge refuses them. */
export const words = {
  SecureBootTemplate: ['MicrosoftWindows', 'MicrosoftUEFICertificateAuthority'],
} as const satisfies Record<string, readonly string[]>;

type EnumName = keyof typeof enums;
type WordName = keyof typeof words;
/** .NET types as the facts name them. A trailing ? is a value that Windows may leave empty. */
type PlainType = 'String' | 'String[]' | 'Guid' | 'Boolean' | 'SwitchParameter' | 'DateTime' | 'TimeSpan' | NumberType;
type NumberType = 'Byte' | 'Int32' | 'Int64' | 'UInt16' | 'UInt32' | 'UInt64';
export type ValueType = PlainType | EnumName | WordName | `${PlainType | EnumName}?`;

/** Deadline classes in seconds (design: read 20 s, set 30 s, power 10 min, feature 15 min, a copy of a disk 4 h). */
export const deadlines = { read: 20, set: 30, power: 600, feature: 900, copy: 14_400 } as const;

export interface CatalogEntry {
  /** The cmdlet, where the entry's own name carries a suffix (`Get-CimInstance/Win32_Processor`). */
  readonly cmdlet?: string;
  readonly module: string;
  readonly kind: 'read' | 'change';
  readonly deadline: keyof typeof deadlines;
  /** The parameter that takes the objects of the call before it (piped, or of an earlier call of the batch). */
  readonly takes?: string;
  /** `takes` is given by the bridge alone, from the one object that is left of exactly these stages. */
  readonly after?: After;
  readonly params: Readonly<Record<string, ValueType>>;
  /** Parameters that always have this value; the bridge refuses any other. */
  readonly fixed?: Readonly<Record<string, string | boolean | number | readonly string[]>>;
  /** Used only inside a guest, where PowerShell loads its module by itself: no session waits for it. */
  readonly inside?: true;
  /** Used on this PC too, but only by an elevated shell: Windows asks an administrator for it, whatever groups an account is in. */
  readonly elevated?: true;
  /** Its module is a part of PowerShell that is always there: no session loads it. */
  readonly core?: true;
  /** Properties that are read back, in this order. */
  readonly reads: Readonly<Record<string, ValueType>>;
}

/**
 * `stages`: each a cmdlet, or a property that was compared (`=False`: that it is not so). What is left is given as it is, or as a
 * property of it; `and`: the parameter that takes what the first stage has found.
 */
export interface After {
  readonly stages: string;
  readonly property?: string;
  readonly and?: string;
}

const vmRead = { module: 'Hyper-V', kind: 'read', deadline: 'read', takes: 'VM', params: {} } as const;
const vmSet = { module: 'Hyper-V', kind: 'change', deadline: 'set', takes: 'VM', reads: {} } as const;
const vmPower = { ...vmSet, deadline: 'power', params: {} } as const;
const cimRead = {
  cmdlet: 'Get-CimInstance',
  module: 'CimCmdlets',
  kind: 'read',
  deadline: 'read',
  params: {},
} as const;
const standard = <const Name extends string>(ClassName: Name) =>
  ({ ClassName, Namespace: 'root/StandardCimv2' }) as const;
const makesHere = { kind: 'change', deadline: 'set', params: {}, reads: {} } as const;
const makes = { ...makesHere, inside: true } as const;
/** Of a guest's own management only: another service, or another way to start, cannot be asked for. */
const service = { ...makes, module: 'Microsoft.PowerShell.Management', core: true } as const;
const setService = { ...service, cmdlet: 'Set-Service' } as const;
const feature = { module: 'Dism', params: {}, inside: true } as const;
/** Needs elevation even to read: an administrator's session in a guest has it. */
const featureRead = <const Name extends string>(FeatureName: Name) =>
  ({
    ...feature,
    cmdlet: 'Get-WindowsOptionalFeature',
    kind: 'read',
    deadline: 'power',
    fixed: { Online: true, FeatureName },
    reads: { FeatureName: 'String', State: 'FeatureState' },
  }) as const;
const featureOn = <const Names extends readonly string[]>(...FeatureName: Names) =>
  ({
    ...feature,
    cmdlet: 'Enable-WindowsOptionalFeature',
    kind: 'change',
    deadline: 'feature',
    fixed: { Online: true, FeatureName, All: true, NoRestart: true },
    reads: {},
  }) as const;
const featureOff = <const Names extends readonly string[]>(...FeatureName: Names) =>
  ({
    ...feature,
    cmdlet: 'Disable-WindowsOptionalFeature',
    kind: 'change',
    deadline: 'feature',
    fixed: { Online: true, FeatureName, NoRestart: true },
    reads: {},
  }) as const;

export const cmdlets = {
  'Get-VM': {
    module: 'Hyper-V',
    kind: 'read',
    deadline: 'read',
    params: { Id: 'Guid' },
    reads: {
      Id: 'Guid',
      Name: 'String',
      State: 'VMState',
      Version: 'String',
      Generation: 'Int32',
      CreationTime: 'DateTime',
      Uptime: 'TimeSpan',
      Heartbeat: 'VMHeartbeatStatus?',
      PrimaryOperationalStatus: 'String?',
      PrimaryStatusDescription: 'String',
      ProcessorCount: 'Int64',
      DynamicMemoryEnabled: 'Boolean',
      MemoryStartup: 'Int64',
      MemoryMinimum: 'Int64',
      MemoryMaximum: 'Int64',
      MemoryAssigned: 'Int64',
      MemoryDemand: 'Int64',
      AutomaticStopAction: 'StopAction',
      AutomaticCheckpointsEnabled: 'Boolean',
      CheckpointType: 'CheckpointType',
      ParentSnapshotId: 'Guid?',
    },
  },
  'Get-VMProcessor': {
    ...vmRead,
    reads: { VMId: 'Guid', Count: 'Int64', ExposeVirtualizationExtensions: 'Boolean' },
  },
  'Get-VMNetworkAdapter': {
    ...vmRead,
    reads: {
      VMId: 'Guid',
      Id: 'String',
      Name: 'String',
      MacAddress: 'String',
      MacAddressSpoofing: 'OnOffState',
      Connected: 'Boolean',
      SwitchId: 'Guid?',
      SwitchName: 'String',
      IPAddresses: 'String[]',
    },
  },
  'Get-VMSnapshot': {
    ...vmRead,
    reads: {
      VMId: 'Guid',
      Id: 'Guid',
      Name: 'String',
      SnapshotType: 'SnapshotType',
      IsAutomaticCheckpoint: 'Boolean',
      CreationTime: 'DateTime',
      ParentSnapshotId: 'Guid?',
    },
  },
  'Get-VMIntegrationService': {
    ...vmRead,
    reads: {
      VMId: 'Guid',
      Id: 'String',
      Enabled: 'Boolean',
      PrimaryOperationalStatus: 'VMIntegrationComponentOperationalStatus?',
    },
  },
  'Get-VMHost': {
    module: 'Hyper-V',
    kind: 'read',
    deadline: 'read',
    params: {},
    reads: {
      Name: 'String',
      LogicalProcessorCount: 'Int32',
      MemoryCapacity: 'Int64',
      SupportedVmVersions: 'String[]',
      VirtualHardDiskPath: 'String',
      VirtualMachinePath: 'String',
    },
  },
  'Get-VMSwitch': {
    module: 'Hyper-V',
    kind: 'read',
    deadline: 'read',
    params: { Id: 'Guid' },
    reads: {
      Id: 'Guid',
      Name: 'String',
      SwitchType: 'VMSwitchType',
      AllowManagementOS: 'Boolean',
      NetAdapterInterfaceDescription: 'String',
    },
  },
  'Get-CimInstance/Win32_Processor': {
    ...cimRead,
    fixed: { ClassName: 'Win32_Processor', Namespace: 'root/cimv2' },
    reads: {
      Name: 'String',
      Manufacturer: 'String',
      Architecture: 'UInt16',
      NumberOfCores: 'UInt32',
      NumberOfLogicalProcessors: 'UInt32',
      SecondLevelAddressTranslationExtensions: 'Boolean?',
      VMMonitorModeExtensions: 'Boolean?',
      VirtualizationFirmwareEnabled: 'Boolean?',
    },
  },
  'Get-CimInstance/Win32_ComputerSystem': {
    ...cimRead,
    fixed: { ClassName: 'Win32_ComputerSystem', Namespace: 'root/cimv2' },
    reads: {
      Name: 'String',
      Manufacturer: 'String',
      Model: 'String',
      HypervisorPresent: 'Boolean',
      TotalPhysicalMemory: 'UInt64',
    },
  },
  /** Which machine it is: a host that is reached by an address may be another one tomorrow. */
  'Get-CimInstance/Win32_ComputerSystemProduct': {
    ...cimRead,
    fixed: { ClassName: 'Win32_ComputerSystemProduct', Namespace: 'root/cimv2' },
    reads: { UUID: 'String?' },
  },
  'Get-CimInstance/Win32_OperatingSystem': {
    ...cimRead,
    fixed: { ClassName: 'Win32_OperatingSystem', Namespace: 'root/cimv2' },
    reads: {
      Caption: 'String',
      Version: 'String',
      BuildNumber: 'String',
      OperatingSystemSKU: 'UInt32',
      ProductType: 'UInt32',
      FreePhysicalMemory: 'UInt64',
    },
  },
  'Get-CimInstance/Win32_OptionalFeature': {
    ...cimRead,
    fixed: { ClassName: 'Win32_OptionalFeature', Namespace: 'root/cimv2', Filter: "Name LIKE 'Microsoft-Hyper-V%'" },
    reads: { Name: 'String', InstallState: 'UInt32' },
  },
  'Get-CimInstance/Win32_Service': {
    ...cimRead,
    fixed: {
      ClassName: 'Win32_Service',
      Namespace: 'root/cimv2',
      Filter: "Name='vmms' OR Name='vmcompute' OR Name='WindowsAzureGuestAgent'",
    },
    reads: { Name: 'String', State: 'String', StartMode: 'String' },
  },
  'Get-CimInstance/Win32_DeviceGuard': {
    ...cimRead,
    fixed: { ClassName: 'Win32_DeviceGuard', Namespace: 'root/Microsoft/Windows/DeviceGuard' },
    reads: { VirtualizationBasedSecurityStatus: 'UInt32' },
  },
  /** The watcher's tick: one query, whatever the number of VMs (domain: WAC#120, ExHyperV#289). Rows whose Name is no GUID are the host. */
  'Get-CimInstance/Msvm_ComputerSystem': {
    ...cimRead,
    fixed: { ClassName: 'Msvm_ComputerSystem', Namespace: 'root/virtualization/v2' },
    reads: {
      Name: 'String',
      EnabledState: 'UInt16',
      HealthState: 'UInt16',
      TimeOfLastStateChange: 'DateTime?',
      TimeOfLastConfigurationChange: 'DateTime?',
    },
  },
  /** Two samples tell whether a hypervisor probably runs inside a VM (domain §3). */
  'Get-CimInstance/HyperVHypervisorVirtualProcessor': {
    ...cimRead,
    fixed: {
      ClassName: 'Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor',
      Namespace: 'root/cimv2',
    },
    reads: { Name: 'String', NestedVMEntriesPersec: 'UInt64' },
  },

  // ── Networks and what else runs: of this PC and of a guest. Binary reads: no policy stops them (domain §8) ──
  'Get-CimInstance/MSFT_NetAdapter': {
    ...cimRead,
    fixed: standard('MSFT_NetAdapter'),
    reads: {
      Name: 'String',
      InterfaceDescription: 'String',
      InterfaceGuid: 'String',
      InterfaceIndex: 'UInt32',
      PermanentAddress: 'String?',
      NdisPhysicalMedium: 'UInt32?',
      HardwareInterface: 'Boolean?',
      Virtual: 'Boolean?',
      /** 1 connected, 2 not */
      MediaConnectState: 'UInt32?',
    },
  },
  'Get-CimInstance/MSFT_NetIPAddress': {
    ...cimRead,
    fixed: standard('MSFT_NetIPAddress'),
    reads: {
      IPAddress: 'String',
      PrefixLength: 'Byte',
      InterfaceAlias: 'String',
      InterfaceIndex: 'UInt32',
      /** 2 IPv4, 23 IPv6 */
      AddressFamily: 'UInt16',
      /** 1 by hand, 3 DHCP */
      PrefixOrigin: 'UInt16?',
      /** 1 in use now, 0 kept for the next start */
      Store: 'Byte?',
    },
  },
  'Get-CimInstance/MSFT_NetRoute': {
    ...cimRead,
    fixed: standard('MSFT_NetRoute'),
    reads: {
      DestinationPrefix: 'String',
      NextHop: 'String',
      InterfaceAlias: 'String',
      InterfaceIndex: 'UInt32',
      AddressFamily: 'UInt16',
      Store: 'Byte?',
    },
  },
  'Get-CimInstance/MSFT_DNSClientServerAddress': {
    ...cimRead,
    fixed: standard('MSFT_DNSClientServerAddress'),
    reads: { InterfaceAlias: 'String', InterfaceIndex: 'UInt32', AddressFamily: 'UInt16', ServerAddresses: 'String[]' },
  },
  'Get-CimInstance/MSFT_NetNat': {
    ...cimRead,
    fixed: standard('MSFT_NetNat'),
    reads: { Name: 'String', InstanceID: 'String', InternalIPInterfaceAddressPrefix: 'String' },
  },
  'Get-CimInstance/MSFT_NetIPInterface': {
    ...cimRead,
    fixed: standard('MSFT_NetIPInterface'),
    reads: { InterfaceIndex: 'UInt32', AddressFamily: 'UInt16', /** 1 on */ Dhcp: 'Byte?' },
  },
  'Get-CimInstance/Win32_LogicalDisk': {
    ...cimRead,
    fixed: { ClassName: 'Win32_LogicalDisk', Namespace: 'root/cimv2', Filter: "DeviceID='C:'" },
    reads: { DeviceID: 'String', FreeSpace: 'UInt64' },
  },
  /** Only a root partition has it: a hypervisor runs here for certain (domain §3). */
  'Get-CimInstance/HyperVHypervisor': {
    ...cimRead,
    fixed: { ClassName: 'Win32_PerfRawData_HvStats_HyperVHypervisor', Namespace: 'root/cimv2' },
    reads: { LogicalProcessors: 'UInt64' },
  },
  // ── Virtualization of other makers (domain §6): the names are those of core/errors/topics.ts, a test compares them ──
  'Get-CimInstance/Win32_SystemDriver': {
    ...cimRead,
    fixed: {
      ClassName: 'Win32_SystemDriver',
      Namespace: 'root/cimv2',
      Filter: "Name='VBoxSup' OR Name='VBoxDrv' OR Name='vmx86' OR Name='IntelHaxm' OR Name='aehd' OR Name='gvm'",
    },
    reads: { Name: 'String', State: 'String' },
  },
  'Get-CimInstance/ThirdPartyService': {
    ...cimRead,
    fixed: {
      ClassName: 'Win32_Service',
      Namespace: 'root/cimv2',
      Filter: "Name='VBoxSDS' OR Name='VMAuthdService' OR Name='com.docker.service'",
    },
    reads: { Name: 'String', State: 'String' },
  },
  /**
   * What Windows lists as installed, for all users. Not Win32_Product, which checks and repairs each package as it lists
   * it. The name ends in a star: only that value is touched then (one of a wrong length stops all the rest in 5.1,
   * PowerShell#9552), and a key that lacks it is passed over without an error.
   */
  'Get-ItemProperty/Uninstall': {
    cmdlet: 'Get-ItemProperty',
    module: 'Microsoft.PowerShell.Management',
    kind: 'read',
    deadline: 'read',
    params: {},
    fixed: {
      Path: [
        'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*',
        'HKLM:\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*',
      ],
      Name: ['DisplayName*'],
    },
    core: true,
    reads: { DisplayName: 'String' },
  },
  'Get-WindowsOptionalFeature/Hyper-V': featureRead('Microsoft-Hyper-V'),
  'Get-WindowsOptionalFeature/VirtualMachinePlatform': featureRead('VirtualMachinePlatform'),
  'Get-WindowsOptionalFeature/HypervisorPlatform': featureRead('HypervisorPlatform'),
  'Get-WindowsOptionalFeature/Containers': featureRead('Containers'),
  'Get-WindowsOptionalFeature/WindowsSandbox': featureRead('Containers-DisposableClientVM'),

  // ── Proof of a network: a test of a port in vain takes 21 s by itself ──
  'Test-NetConnection/Ping': {
    cmdlet: 'Test-NetConnection',
    module: 'NetTCPIP',
    kind: 'read',
    deadline: 'set',
    params: { ComputerName: 'String' },
    reads: { PingSucceeded: 'Boolean', RemoteAddress: 'String' },
    inside: true,
  },
  /** A connection that nobody takes: 21 seconds, and then a ping. */
  'Test-NetConnection/Port': {
    cmdlet: 'Test-NetConnection',
    module: 'NetTCPIP',
    kind: 'read',
    deadline: 'set',
    params: { ComputerName: 'String', Port: 'Int32' },
    reads: { TcpTestSucceeded: 'Boolean', RemoteAddress: 'String' },
    inside: true,
  },
  'Resolve-DnsName': {
    module: 'DnsClient',
    kind: 'read',
    deadline: 'set',
    params: { Name: 'String', Server: 'String' },
    fixed: { Type: 'A', DnsOnly: true, QuickTimeout: true },
    reads: { Name: 'String', IPAddress: 'String?' },
    inside: true,
  },

  'Set-VMProcessor': { ...vmSet, params: { ExposeVirtualizationExtensions: 'Boolean', Count: 'Int64' } },
  'Set-VMMemory': {
    ...vmSet,
    params: { DynamicMemoryEnabled: 'Boolean', StartupBytes: 'Int64', MinimumBytes: 'Int64', MaximumBytes: 'Int64' },
  },
  'Set-VM': { ...vmSet, params: { AutomaticStopAction: 'StopAction', AutomaticCheckpointsEnabled: 'Boolean' } },
  'Set-VMNetworkAdapter': { ...vmSet, takes: 'VMNetworkAdapter', params: { MacAddressSpoofing: 'OnOffState' } },
  'Start-VM': vmPower,
  /** Asks the guest to shut down. Never -Force: it turns the VM off when shutting down fails (domain §2). */
  'Stop-VM': { ...vmPower, fixed: { Confirm: false } },
  'Stop-VM/TurnOff': { ...vmPower, cmdlet: 'Stop-VM', fixed: { TurnOff: true, Confirm: false } },
  'Resume-VM': vmPower,
  'Remove-VMSavedState': { ...vmSet, params: {} },
  /** One-way, to the newest version of this host. */
  'Update-VMVersion': { ...vmSet, params: {}, fixed: { Confirm: false } },

  // ── A checkpoint before a change ──
  'Checkpoint-VM': { ...vmPower, params: { SnapshotName: 'String' } },
  /** Found by its id only, and never with those that hang on it: Windows merges what it held. */
  'Remove-VMSnapshot': { ...vmPower, takes: 'VMSnapshot', fixed: { Confirm: false } },

  // ── A VM that is made ──
  /** Of one disk, in use or not. What is no virtual hard disk, or is not there, is refused (InvalidParameter). */
  'Get-VHD': {
    module: 'Hyper-V',
    kind: 'read',
    deadline: 'read',
    params: { Path: 'String' },
    reads: {
      Path: 'String',
      DiskIdentifier: 'String',
      VhdType: 'VhdType',
      FileSize: 'UInt64',
      Size: 'UInt64',
      ParentPath: 'String',
      Attached: 'Boolean',
    },
  },
  /** A file of that name is never written over: it is refused (0x80070050). */
  'New-VHD': {
    module: 'Hyper-V',
    kind: 'change',
    deadline: 'set',
    params: { Path: 'String', SizeBytes: 'UInt64' },
    fixed: { Dynamic: true },
    reads: {},
  },
  'New-VHD/Differencing': {
    cmdlet: 'New-VHD',
    module: 'Hyper-V',
    kind: 'change',
    deadline: 'set',
    params: { Path: 'String', ParentPath: 'String' },
    fixed: { Differencing: true },
    reads: {},
  },
  /** A copy of a whole disk: as long as that takes. */
  'Convert-VHD': {
    module: 'Hyper-V',
    kind: 'change',
    deadline: 'copy',
    params: { Path: 'String', DestinationPath: 'String' },
    fixed: { Confirm: false },
    reads: {},
  },
  /** Only a disk that we have made, by the identity that it was given then, and that nobody has attached: no path can be sent. */
  'Remove-Item/Disk': {
    cmdlet: 'Remove-Item',
    module: 'Microsoft.PowerShell.Management',
    kind: 'change',
    deadline: 'set',
    takes: 'LiteralPath',
    after: { stages: 'Get-VHD DiskIdentifier Attached=False', property: 'Path' },
    params: {},
    core: true,
    reads: {},
  },
  /** Says the id of what it has made: two VMs may have one name. */
  'New-VM': {
    module: 'Hyper-V',
    kind: 'change',
    deadline: 'set',
    params: { Name: 'String', MemoryStartupBytes: 'Int64', VHDPath: 'String', SwitchName: 'String' },
    fixed: { Generation: 2 },
    reads: { Id: 'Guid' },
  },
  /** Asks a person unless it is forced; its disks stay. */
  'Remove-VM': { ...vmSet, params: {}, fixed: { Force: true } },
  'Set-VMFirmware': { ...vmSet, params: { EnableSecureBoot: 'OnOffState', SecureBootTemplate: 'SecureBootTemplate' } },
  'Set-VMFirmware/BootDvd': {
    ...vmSet,
    cmdlet: 'Set-VMFirmware',
    takes: 'FirstBootDevice',
    after: { stages: 'Get-VM Get-VMDvdDrive', and: 'VM' },
    params: {},
  },
  'Add-VMDvdDrive': { ...vmSet, params: { Path: 'String' } },
  'Set-VMKeyProtector': { ...vmSet, params: {}, fixed: { NewLocalKeyProtector: true } },
  'Enable-VMTPM': { ...vmSet, params: {} },
  'Get-VMFirmware': {
    ...vmRead,
    reads: { VMId: 'Guid', SecureBoot: 'OnOffState', SecureBootTemplate: 'String' },
  },
  /** Says nothing of whose it is: asked of one VM at a time. */
  'Get-VMSecurity': { ...vmRead, reads: { TpmEnabled: 'Boolean' } },
  'Get-VMDvdDrive': { ...vmRead, reads: { VMId: 'Guid', Path: 'String' } },
  'Get-VMHardDiskDrive': { ...vmRead, reads: { VMId: 'Guid', Path: 'String' } },

  // ── A network for nested VMs (domain §4) ──
  'New-VMSwitch/Internal': {
    cmdlet: 'New-VMSwitch',
    module: 'Hyper-V',
    ...makesHere,
    params: { Name: 'String' },
    fixed: { SwitchType: 'Internal' },
  },
  'New-VMSwitch/External': {
    cmdlet: 'New-VMSwitch',
    module: 'Hyper-V',
    ...makes,
    // A Boolean, no switch: it is written with its value.
    params: { Name: 'String', NetAdapterName: 'String', AllowManagementOS: 'Boolean' },
    fixed: { AllowManagementOS: true },
  },
  /** Asks a person unless it is forced; found by its id only (facts: shouldContinue). */
  'Remove-VMSwitch': { module: 'Hyper-V', ...makesHere, takes: 'VMSwitch', fixed: { Force: true } },
  'Connect-VMNetworkAdapter': {
    module: 'Hyper-V',
    ...makesHere,
    takes: 'VMNetworkAdapter',
    params: { SwitchName: 'String' },
  },
  'Disconnect-VMNetworkAdapter': { module: 'Hyper-V', ...makesHere, takes: 'VMNetworkAdapter' },
  'New-NetNat': {
    module: 'NetNat',
    ...makes,
    elevated: true,
    params: { Name: 'String', InternalIPInterfaceAddressPrefix: 'String' },
  },
  'Remove-NetNat': { module: 'NetNat', ...makes, elevated: true, takes: 'InputObject', fixed: { Confirm: false } },
  /** Source of what Remove-NetNat takes. */
  'Get-NetNat': {
    module: 'NetNat',
    kind: 'read',
    deadline: 'read',
    params: {},
    reads: { Name: 'String', InstanceID: 'String', InternalIPInterfaceAddressPrefix: 'String' },
    inside: true,
    elevated: true,
  },
  /** A gateway, on the host adapter that an internal switch brings: `vEthernet (<switch>)` in every language. */
  'New-NetIPAddress/Alias': {
    cmdlet: 'New-NetIPAddress',
    module: 'NetTCPIP',
    ...makes,
    elevated: true,
    params: { InterfaceAlias: 'String', IPAddress: 'String', PrefixLength: 'Byte' },
    fixed: { AddressFamily: 'IPv4' },
  },
  'New-NetIPAddress/Index': {
    cmdlet: 'New-NetIPAddress',
    module: 'NetTCPIP',
    ...makes,
    params: { InterfaceIndex: 'UInt32', IPAddress: 'String', PrefixLength: 'Byte', DefaultGateway: 'String' },
    fixed: { AddressFamily: 'IPv4' },
  },
  'Remove-NetIPAddress': {
    module: 'NetTCPIP',
    ...makes,
    elevated: true,
    params: { InterfaceIndex: 'UInt32', IPAddress: 'String' },
    fixed: { Confirm: false },
  },
  /** Its gateway with it: of a VM's own adapter, inside. */
  'Remove-NetIPAddress/Gateway': {
    cmdlet: 'Remove-NetIPAddress',
    module: 'NetTCPIP',
    ...makes,
    params: { InterfaceIndex: 'UInt32', IPAddress: 'String', DefaultGateway: 'String' },
    fixed: { Confirm: false },
  },
  'Set-NetIPInterface/Dhcp': {
    cmdlet: 'Set-NetIPInterface',
    module: 'NetTCPIP',
    ...makes,
    params: { InterfaceIndex: 'UInt32' },
    fixed: { AddressFamily: 'IPv4', Dhcp: 'Enabled' },
  },
  'Set-DnsClientServerAddress': {
    module: 'DnsClient',
    ...makes,
    params: { InterfaceIndex: 'UInt32', ServerAddresses: 'String[]' },
  },
  'Set-DnsClientServerAddress/Reset': {
    cmdlet: 'Set-DnsClientServerAddress',
    module: 'DnsClient',
    ...makes,
    params: { InterfaceIndex: 'UInt32' },
    fixed: { ResetServerAddresses: true },
  },

  // ── Roles inside: through optional features, not the role installer with its BIOS gate (domain §2) ──
  'Enable-WindowsOptionalFeature/Hyper-V': featureOn('Microsoft-Hyper-V', 'Microsoft-Hyper-V-Management-PowerShell'),
  'Enable-WindowsOptionalFeature/VirtualMachinePlatform': featureOn('VirtualMachinePlatform'),
  'Enable-WindowsOptionalFeature/HypervisorPlatform': featureOn('HypervisorPlatform'),
  'Enable-WindowsOptionalFeature/Containers': featureOn('Containers'),
  'Enable-WindowsOptionalFeature/WindowsSandbox': featureOn('Containers-DisposableClientVM'),
  'Disable-WindowsOptionalFeature/Hyper-V': featureOff('Microsoft-Hyper-V'),
  'Disable-WindowsOptionalFeature/VirtualMachinePlatform': featureOff('VirtualMachinePlatform'),
  'Disable-WindowsOptionalFeature/HypervisorPlatform': featureOff('HypervisorPlatform'),
  'Disable-WindowsOptionalFeature/Containers': featureOff('Containers'),
  'Disable-WindowsOptionalFeature/WindowsSandbox': featureOff('Containers-DisposableClientVM'),

  // ── Services inside, without which a feature that is on cannot be used: a start is waited for ──
  'Set-Service/vmms': { ...setService, fixed: { Name: 'vmms', StartupType: 'Automatic' } },
  'Set-Service/vmms-manual': { ...setService, fixed: { Name: 'vmms', StartupType: 'Manual' } },
  'Set-Service/vmms-disabled': { ...setService, fixed: { Name: 'vmms', StartupType: 'Disabled' } },
  'Set-Service/vmcompute': { ...setService, fixed: { Name: 'vmcompute', StartupType: 'Manual' } },
  'Set-Service/vmcompute-disabled': { ...setService, fixed: { Name: 'vmcompute', StartupType: 'Disabled' } },
  'Start-Service/vmms': { ...service, cmdlet: 'Start-Service', deadline: 'power', fixed: { Name: 'vmms' } },
  'Stop-Service/vmms': { ...service, cmdlet: 'Stop-Service', deadline: 'power', fixed: { Name: 'vmms' } },
} as const satisfies Record<string, CatalogEntry>;

export type CmdletName = keyof typeof cmdlets;

type Scalar<T extends string> = T extends 'Boolean' | 'SwitchParameter'
  ? boolean
  : T extends 'UInt64'
    ? string // beyond 2^53: carried as text
    : T extends NumberType | 'TimeSpan'
      ? number // TimeSpan: seconds
      : T extends 'String[]'
        ? readonly string[]
        : T extends EnumName
          ? (typeof enums)[T][number]
          : T extends WordName
            ? (typeof words)[T][number]
            : string; // String, Guid, DateTime (ISO 8601, UTC)
/** The TypeScript side of a catalog type. */
export type ValueOf<T extends ValueType> = T extends `${infer Base}?` ? Scalar<Base> | null : Scalar<T>;

/** The parameters of a call: each optional, none but the catalogued ones. */
export type Params<Name extends CmdletName> = {
  readonly [P in keyof (typeof cmdlets)[Name]['params']]?: (typeof cmdlets)[Name]['params'][P] extends ValueType
    ? ValueOf<(typeof cmdlets)[Name]['params'][P]>
    : never;
};

/** What a call reads back, by property. `undefined`: could not be read (the result's errors say why). */
export type RowOf<Name extends CmdletName> = {
  readonly [P in keyof (typeof cmdlets)[Name]['reads']]:
    | ((typeof cmdlets)[Name]['reads'][P] extends ValueType ? ValueOf<(typeof cmdlets)[Name]['reads'][P]> : never)
    | undefined;
};
