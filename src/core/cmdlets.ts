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
} as const satisfies Record<string, readonly string[]>;

type EnumName = keyof typeof enums;
/** .NET types as the facts name them. A trailing ? is a value that Windows may leave empty. */
type PlainType = 'String' | 'String[]' | 'Guid' | 'Boolean' | 'SwitchParameter' | 'DateTime' | 'TimeSpan' | NumberType;
type NumberType = 'Int32' | 'Int64' | 'UInt16' | 'UInt32' | 'UInt64';
export type ValueType = PlainType | EnumName | `${PlainType | EnumName}?`;

/** Deadline classes in seconds (design: read 20 s, set 30 s, power 10 min, feature 15 min). */
export const deadlines = { read: 20, set: 30, power: 600, feature: 900 } as const;

export interface CatalogEntry {
  /** The cmdlet, where the entry's own name carries a suffix (`Get-CimInstance/Win32_Processor`). */
  readonly cmdlet?: string;
  readonly module: string;
  readonly kind: 'read' | 'change';
  readonly deadline: keyof typeof deadlines;
  /** The parameter that takes the objects of the call before it (piped, or of an earlier call of the batch). */
  readonly takes?: string;
  readonly params: Readonly<Record<string, ValueType>>;
  /** Parameters that always have this value; the bridge refuses any other. */
  readonly fixed?: Readonly<Record<string, string | boolean>>;
  /** Properties that are read back, in this order. */
  readonly reads: Readonly<Record<string, ValueType>>;
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
    },
  },
  'Get-VMSwitch': {
    module: 'Hyper-V',
    kind: 'read',
    deadline: 'read',
    params: {},
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
    fixed: { ClassName: 'Win32_Service', Namespace: 'root/cimv2', Filter: "Name='vmms' OR Name='vmcompute'" },
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

  'Set-VMProcessor': { ...vmSet, params: { ExposeVirtualizationExtensions: 'Boolean' } },
  'Set-VMMemory': { ...vmSet, params: { StartupBytes: 'Int64', MaximumBytes: 'Int64' } },
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
