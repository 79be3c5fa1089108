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
  'memory-not-2mb': hyperV('InvalidParameter', 'InvalidArgument', 'deviceMemory'),
  // own: the frame of the facts; the unmapped code makes it Unspecified
  'start-nested-unsupported': hyperV('Unspecified', 'NotSpecified', 'startNestedUnsupported'),
  'start-no-memory': hyperV('OutOfMemory', 'FromStdErr', 'startNoMemory'),
  'start-no-hypervisor': hyperV('OperationFailed', 'NotSpecified', 'startNoHypervisor'),
  // own: a disk that is gone; the mapping of a missing file (general.byException)
  'start-no-disk': hyperV('OperationFailed', 'NotSpecified', 'startNoDisk'),
  'state-invalid': hyperV('InvalidState', 'InvalidOperation', 'stateInvalid'),
  'state-change-failed': hyperV('Unspecified', 'NotSpecified', 'stateChangeFailed'),
  'stop-exclusive': hyperV('InvalidParameter', 'InvalidArgument', 'stopExclusive'),
  'update-version-running': hyperV('InvalidState', 'InvalidOperation', 'stateInvalid'),
  'object-in-use': hyperV('ObjectInUse', 'ResourceBusy', 'inUse'),
  'operation-timeout': hyperV('OperationTimeout', 'OperationTimeout', 'timeout'),
  // own: a prompt under -NonInteractive (PowerShell: PSInvalidOperationException)
  'prompt-noninteractive': {
    id: 'InvalidOperation',
    category: 'InvalidOperation',
    text: 'nonInteractive',
    exception: 'System.Management.Automation.PSInvalidOperationException',
  },
  'bind-unknown-parameter': binding('NamedParameterNotFound', 'unknownParameter'),
  // own: PowerShell's parameter binder
  'bind-ambiguous': binding('AmbiguousParameterSet', 'ambiguousParameterSet'),
  'bind-missing': binding('MissingMandatoryParameter', 'missingParameter'),
  // own: WBEM codes as CimCmdlets shows them
  'cim-invalid-namespace': cim(0x8004100e, 'ObjectNotFound', 'invalidNamespace'),
  'cim-invalid-class': cim(0x80041010, 'MetadataError', 'invalidClass'),
  'not-simulated': hyperV('NotSupported', 'InvalidOperation', 'notSimulated'),
} as const satisfies Record<string, ErrorShape>;

export type ErrorId = keyof typeof errors;

/** Values of the placeholders {vm} {vmid} {host} {name} {mb} {code} {cmdlet} {property}. */
export type TextValues = Readonly<Record<string, string | number>>;

export function sayText(locale: Locale, text: TextId, values: TextValues = {}): string {
  const { en, de, zh } = texts[text];
  const template = locale === 'de' ? (de ?? en) : locale === 'zh' ? (zh ?? en) : en;
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

export function wireError(
  locale: Locale,
  id: ErrorId,
  values: TextValues = {},
  target: string | null = null,
): WireError {
  const shape: ErrorShape = errors[id];
  return {
    id: shape.id,
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
