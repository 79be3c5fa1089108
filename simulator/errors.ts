/** The errors of the facts as they travel: identifier, category, text. Texts are localised as on Windows; ids are not. */
import type { WireError } from './wire.js';
import { texts, type TextId } from './texts.js';

export type Locale = 'en' | 'de' | 'zh';

interface ErrorShape {
  readonly id: string;
  readonly category: string;
  readonly text: TextId;
  readonly exception?: string;
  readonly hresult?: number;
}

const hyperV = (id: string, category: string, text: TextId): ErrorShape => ({ id, category, text });
const cim = (hresult: number, category: string, text: TextId): ErrorShape => ({
  id: `HRESULT 0x${(hresult >>> 0).toString(16)}`,
  category,
  text,
  exception: 'Microsoft.Management.Infrastructure.CimException',
  hresult: hresult | 0,
});
const binding = (id: string, text: TextId): ErrorShape => ({
  id,
  category: 'InvalidArgument',
  text,
  exception: 'System.Management.Automation.ParameterBindingException',
});

const win32 = (code: number, category: string, text: TextId): ErrorShape => ({
  id: `Windows System Error ${String(code)}`,
  category,
  text,
  exception: 'Microsoft.Management.Infrastructure.CimException',
  hresult: (0x80070000 + code) | 0,
});
/** The whole identifier is the class of the cmdlet (facts: elevation-dism). */
const dism = (hresult: number, text: TextId): ErrorShape => ({
  id: 'Microsoft.Dism.Commands.{command}Command',
  category: 'NotSpecified',
  text,
  exception: 'System.Runtime.InteropServices.COMException',
  hresult: hresult | 0,
});
const resolver = (id: string, category: string, text: TextId, code: number): ErrorShape => ({
  id,
  category,
  text,
  exception: 'System.ComponentModel.Win32Exception',
  hresult: (0x80070000 + code) | 0,
});
const session = (id: string, category: string, text: TextId, exception?: string): ErrorShape => ({
  id,
  category,
  text,
  exception: exception ? `System.Management.Automation.Remoting.${exception}` : 'System.ArgumentException',
});

const service = (id: string, category: string, text: TextId): ErrorShape => ({
  id,
  category,
  text,
  exception: 'Microsoft.PowerShell.Commands.ServiceCommandException',
});

/** Keys are the ids of facts/errors.json; those marked "own" are not there and say where they come from. */
export const errors = {
  'vm-not-found-get': hyperV('InvalidParameter', 'InvalidArgument', 'vmNotFoundName'),
  'vm-not-found-other': hyperV('ObjectNotFound', 'ObjectNotFound', 'vmNotFoundName'),
  'vm-not-found-id': hyperV('ObjectNotFound', 'ObjectNotFound', 'vmNotFoundId'),
  'switch-not-found': hyperV('InvalidParameter', 'InvalidArgument', 'switchNotFound'),
  'switch-not-found-id': hyperV('ObjectNotFound', 'ObjectNotFound', 'switchNotFoundId'),
  'snapshot-not-found': hyperV('ObjectNotFound', 'ObjectNotFound', 'snapshotNotFound'),
  'access-denied': hyperV('Unspecified', 'NotSpecified', 'accessDenied'),
  'access-denied-operation': hyperV('AccessDenied', 'PermissionDenied', 'accessDeniedOperation'),
  'vmms-stopped': hyperV('ObjectNotFound', 'ObjectNotFound', 'vmmsStopped'),
  'platform-not-installed': hyperV('Unspecified', 'NotSpecified', 'platformNotInstalled'),
  'module-missing-51': {
    id: 'CommandNotFoundException',
    category: 'ObjectNotFound',
    text: 'commandNotFound',
    exception: 'System.Management.Automation.CommandNotFoundException',
  },
  'import-module-missing': {
    id: 'Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand',
    category: 'ResourceUnavailable',
    text: 'moduleNotFound',
    exception: 'System.IO.FileNotFoundException',
  },
  // own: execution policy by Group Policy refuses a module's scripts (about_Execution_Policies; id of PSSecurityException)
  'module-blocked': {
    id: 'UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand',
    category: 'SecurityError',
    text: 'moduleBlocked',
    exception: 'System.Management.Automation.PSSecurityException',
  },
  // own: the first call of a command whose module was refused (PowerShell: CouldNotAutoImportModule)
  'module-blocked-call': {
    id: 'CouldNotAutoLoadModule',
    category: 'ObjectNotFound',
    text: 'moduleNotAutoLoaded',
    exception: 'System.Management.Automation.CommandNotFoundException',
  },
  'set-processor-running': hyperV('InvalidState', 'InvalidOperation', 'deviceProcessor'),
  'set-processor-vbs': hyperV('NotSupported', 'InvalidOperation', 'deviceProcessorVbs'),
  'set-memory-invalid-state': hyperV('InvalidState', 'InvalidOperation', 'deviceMemory'),
  'set-memory-nested-running': hyperV('InvalidState', 'InvalidOperation', 'deviceMemory'),
  'set-memory-mismatch': hyperV('InvalidParameter', 'InvalidArgument', 'memoryMismatch'),
  // own: WMI 32778 (facts: general.errorIdentifiers)
  'set-memory-no-memory': hyperV('OutOfMemory', 'FromStdErr', 'deviceMemory'),
  'memory-not-2mb': hyperV('InvalidParameter', 'InvalidArgument', 'deviceMemory'),
  // own: the frame of the facts; the unmapped code makes it Unspecified
  'start-nested-unsupported': hyperV('Unspecified', 'NotSpecified', 'startNestedUnsupported'),
  'start-no-memory': hyperV('OutOfMemory', 'FromStdErr', 'startNoMemory'),
  'start-no-hypervisor': hyperV('OperationFailed', 'NotSpecified', 'startNoHypervisor'),
  // own: New-VHD and Convert-VHD name a code of Win32 in their text alone (seen: 0x80070050 minikube, 0x80070299 AutomatedLab#266)
  'vhd-not-created': hyperV('OperationFailed', 'NotSpecified', 'vhdNotCreated'),
  // own: seen (openzfs#381): whether nothing is there or no disk
  'vhd-not-found': hyperV('InvalidParameter', 'InvalidArgument', 'vhdNotFound'),
  // own: seen of an image that was not there (packer-plugin-hyperv#140); its identifier was not, that of another one was (terraform-provider-hyperv#206)
  'dvd-not-added': hyperV('Unspecified', 'NotSpecified', 'dvdNotAdded'),
  // own: in the frame of dvd-not-added
  'disk-not-added': hyperV('Unspecified', 'NotSpecified', 'diskNotAdded'),
  // own: its text seen (vagrant#11978), the identifier not
  'tpm-no-protector': hyperV('OperationFailed', 'NotSpecified', 'tpmNoProtector'),
  'gen1-firmware': hyperV('NotSupported', 'InvalidOperation', 'gen1Firmware'),
  // own: PowerShell's file system (identifiers of its source; the second seen: ps-vagabond#27)
  'item-not-found': {
    id: 'PathNotFound',
    category: 'ObjectNotFound',
    text: 'itemNotFound',
    exception: 'System.Management.Automation.ItemNotFoundException',
  },
  'item-in-use': {
    id: 'RemoveFileSystemItemIOError',
    category: 'WriteError',
    text: 'itemInUse',
    exception: 'System.IO.IOException',
    hresult: 0x80070020 | 0,
  },
  'item-denied': {
    id: 'RemoveFileSystemItemUnAuthorizedAccess',
    category: 'PermissionDenied',
    text: 'itemDenied',
    exception: 'System.UnauthorizedAccessException',
    hresult: 0x80070005 | 0,
  },
  // own: a disk that is gone; the mapping of a missing file (general.byException)
  'start-no-disk': hyperV('OperationFailed', 'NotSpecified', 'startNoDisk'),
  'state-invalid': hyperV('InvalidState', 'InvalidOperation', 'stateInvalid'),
  // own: the text as Vagrant#9977 has it; its id was not shown, WMI's 32768 is inferred
  'checkpoints-disabled': hyperV('OperationFailed', 'NotSpecified', 'checkpointsDisabled'),
  'state-change-failed': hyperV('Unspecified', 'NotSpecified', 'stateChangeFailed'),
  'stop-exclusive': hyperV('InvalidParameter', 'InvalidArgument', 'stopExclusive'),
  'update-version-running': hyperV('InvalidState', 'InvalidOperation', 'stateInvalid'),
  'object-in-use': hyperV('ObjectInUse', 'ResourceBusy', 'inUse'),
  'operation-timeout': hyperV('OperationTimeout', 'OperationTimeout', 'timeout'),
  // own: a question in a runspace of its own, as the bridge's lanes are: nobody is there to be asked (seen on SMA 7.6.9)
  'prompt-noninteractive': {
    id: 'HostFunctionNotImplemented',
    category: 'NotImplemented',
    text: 'noPrompt',
    exception: 'System.Management.Automation.Host.HostException',
  },
  'bind-unknown-parameter': binding('NamedParameterNotFound', 'unknownParameter'),
  // own: PowerShell's parameter binder
  'bind-ambiguous': binding('AmbiguousParameterSet', 'ambiguousParameterSet'),
  'bind-missing': binding('MissingMandatoryParameter', 'missingParameter'),
  // own: WBEM codes as CimCmdlets shows them
  'cim-invalid-namespace': cim(0x8004100e, 'ObjectNotFound', 'invalidNamespace'),
  'cim-invalid-class': cim(0x80041010, 'MetadataError', 'invalidClass'),
  // Windows' network through CIM: owner of the id is the cmdlet itself (host.ts)
  'nat-87': win32(87, 'InvalidArgument', 'wrongParameter'),
  'nat-52': win32(52, 'NotSpecified', 'duplicateName'),
  'nat-class': cim(0x80041010, 'MetadataError', 'invalidClass'),
  // own: seen of ports in a range that Windows keeps, and of ports that a program uses (windows-powershell-docs#1594); a second mapping is inferred
  'mapping-32': win32(32, 'NotSpecified', 'sharingViolation'),
  // own: inferred
  'mapping-1168': win32(1168, 'ObjectNotFound', 'elementNotFound'),
  'ip-exists-87': win32(87, 'InvalidArgument', 'addressExistsOld'),
  'ip-exists-5010': win32(5010, 'NotSpecified', 'objectExists'),
  'ip-element-not-found': win32(1168, 'ObjectNotFound', 'elementNotFound'),
  // own: a second gateway on one card (well known); an address or length that is none
  'gateway-exists': win32(87, 'InvalidArgument', 'gatewayExists'),
  'ip-87': win32(87, 'InvalidArgument', 'wrongParameter'),
  // own: not elevated
  'cim-denied': win32(5, 'PermissionDenied', 'cimAccessDenied'),
  'cim-not-found-name': {
    id: 'CmdletizationQuery_NotFound_{property}',
    category: 'ObjectNotFound',
    text: 'cimNotFound',
    exception: 'Microsoft.PowerShell.Cmdletization.Cim.CimJobException',
  },
  'elevation-dism': dism(0x800702e4, 'elevationNeeded'),
  // own: 0x800f080c CBS_E_UNKNOWN_UPDATE
  'feature-unknown': dism(0x800f080c, 'featureUnknown'),
  'switch-ambiguous': hyperV('InvalidParameter', 'InvalidArgument', 'switchAmbiguous'),
  'switch-external-bind': { ...hyperV('ObjectNotFound', 'ObjectNotFound', 'switchBind'), hresult: 0x80070490 | 0 },
  'switch-external-noadapter': hyperV('InvalidOperation', 'InvalidOperation', 'switchNoAdapter'),
  // own: seen in a public report (OSX-Hyper-V#35)
  'adapter-not-found': hyperV('ObjectNotFound', 'ObjectNotFound', 'adapterNotFound'),
  // own: WMI cannot read a filter
  'cim-invalid-query': cim(0x80041017, 'InvalidArgument', 'invalidQuery'),
  'switch-default-readonly': hyperV('Unspecified', 'NotSpecified', 'switchReadOnly'),
  // own: look-ups of others than Get-VMSwitch say ObjectNotFound, as for VMs (vm-not-found-other)
  'switch-not-found-other': hyperV('ObjectNotFound', 'ObjectNotFound', 'switchNotFound'),
  // own: Resolve-DnsName names the Win32 code
  'dns-timeout': resolver('ERROR_TIMEOUT', 'OperationTimeout', 'dnsTimeout', 1460),
  'dns-no-name': resolver('DNS_ERROR_RCODE_NAME_ERROR', 'ResourceUnavailable', 'dnsNoName', 9003),
  'psd-no-vmid': session('InvalidVMIdNotSingle', 'InvalidArgument', 'directNoVm'),
  'psd-not-running': session('InvalidVMState', 'InvalidArgument', 'directNotRunning'),
  'psd-module': session('HyperVModuleNotAvailable', 'NotInstalled', 'directModule'),
  'psd-credential': session('PSSessionOpenFailed', 'OpenError', 'directCredential', 'PSDirectException'),
  'psd-user-empty': session('PSSessionOpenFailed', 'OpenError', 'directUserEmpty', 'PSDirectException'),
  'psd-negotiation': session('PSSessionOpenFailed', 'OpenError', 'directNegotiation', 'PSDirectException'),
  // own ids: the facts name those of Invoke-Command; New-PSSession says PSSessionOpenFailed for whatever ends its opening (pscode)
  'psd-not-opened': session('PSSessionOpenFailed', 'OpenError', 'directEnded', 'PSRemotingDataStructureException'),
  'psd-ended-51': session('PSSessionStateBroken', 'OpenError', 'directEnded', 'PSRemotingDataStructureException'),
  // own: ids as consoles of Windows PowerShell 5.1 show them (PowerShell's tests; many public reports)
  'service-not-found': service('NoServiceFoundForGivenName', 'ObjectNotFound', 'serviceNotFound'),
  'service-not-started': service('CouldNotStartService', 'OpenError', 'serviceNotStarted'),
  'service-not-opened': service('CouldNotStartService', 'OpenError', 'serviceNotOpened'),
  'service-not-closed': service('CouldNotStopService', 'CloseError', 'serviceNotClosed'),
  'service-not-set': service('CouldNotSetService', 'PermissionDenied', 'serviceNotSet'),
  'not-simulated': hyperV('NotSupported', 'InvalidOperation', 'notSimulated'),
} as const satisfies Record<string, ErrorShape>;

export type ErrorId = keyof typeof errors;

/** Values of the placeholders: {vm} {vmid} {host} {name} {mb} {code} {cmdlet} {command} {class} {property} {guid} {port} {path} {why}. */
export type TextValues = Readonly<Record<string, string | number>>;

export function sayText(locale: Locale, text: TextId, values: TextValues = {}): string {
  const { en, de, zh } = texts[text];
  const template = locale === 'de' ? (de ?? en) : locale === 'zh' ? (zh ?? en) : en;
  return fill(template, values);
}

const fill = (template: string, values: TextValues) =>
  template.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));

export function wireError(
  locale: Locale,
  id: ErrorId,
  values: TextValues = {},
  target: string | null = null,
): WireError {
  const shape: ErrorShape = errors[id];
  return {
    id: fill(shape.id, values),
    category: shape.category,
    message: sayText(locale, shape.text, values),
    target,
    ...(shape.exception === undefined ? {} : { exception: shape.exception }),
    ...(shape.hresult === undefined ? {} : { hresult: shape.hresult }),
  };
}

/** Thrown inside a cmdlet: ends it with this error. */
export class CmdletError extends Error {
  constructor(
    readonly error: ErrorId,
    readonly values: TextValues = {},
    readonly target: string | null = null,
  ) {
    super(error);
  }
}
