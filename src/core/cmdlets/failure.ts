/**
 * Error record → failure. Decided by error id, category and HRESULT, never by words, which are localised. The ids are those
 * of simulator/facts/errors.json (Hyper-V module's own mapping), about_* pages for PowerShell's, and of bridge.ps1 (`Bridge.*`).
 */
import type { Message } from '../../text/index.js';
import type { ErrorRecord, Failure, FailureKind } from './call.js';
import type { CmdletName } from './catalog.js';

/** What a word of somebody else's says: a guest may choose `constructor`, which every object has. */
function table(kinds: Readonly<Record<string, FailureKind>>): (word: string) => FailureKind | undefined {
  return (word) => (Object.hasOwn(kinds, word) ? kinds[word] : undefined);
}

/** By the first part of the FullyQualifiedErrorId. */
const byId = table({
  // Hyper-V: one identifier for each WMI return code and exception type
  ObjectNotFound: 'not-found',
  FileNotFound: 'not-found',
  DeviceNotFound: 'not-found',
  AccessDenied: 'access-denied',
  InvalidState: 'wrong-state',
  InvalidOperation: 'wrong-state',
  NotSupported: 'not-supported',
  StatusIncorrectType: 'not-supported',
  ObjectInUse: 'in-use',
  StatusUnavailable: 'in-use',
  InvalidParameter: 'invalid-argument',
  OutOfMemory: 'no-memory',
  OperationTimeout: 'timed-out',
  // PowerShell Direct: one id for all that ends a session; what tells them apart is the exception (below)
  InvalidVMState: 'wrong-state',
  InvalidVMIdNotSingle: 'not-found',
  // A question that nobody can answer: the guest is locked, or the VM is in no state for it.
  HostFunctionNotImplemented: 'wrong-state',
  // PowerShell
  CommandNotFoundException: 'module-missing',
  Modules_ModuleNotFound: 'module-missing',
  Modules_ModuleWithVersionNotFound: 'module-missing',
  // Calls name no module, so it was found and could not be loaded.
  CouldNotAutoLoadModule: 'module-blocked',
  // A module that has the command is there, and could not be loaded (seen on SMA 7.6.9).
  CouldNotAutoloadMatchingModule: 'module-blocked',
  HyperVModuleNotAvailable: 'module-missing',
  // the bridge and the session
  'Bridge.TimedOut': 'timed-out',
  'Bridge.KeepNotOne': 'not-found',
  'Bridge.NoObjects': 'not-found',
  'Bridge.NotAllowed': 'invalid-argument',
  'Bridge.BadCall': 'invalid-argument',
  'Bridge.BadLane': 'invalid-argument',
  'Bridge.NotAdministrator': 'not-administrator',
  'Bridge.UpdatesDiffer': 'updates-differ',
  'Session.NoCredentials': 'no-credentials',
  'Session.Lost': 'session-lost',
  'Session.Cancelled': 'cancelled',
  'Bridge.GuestAnswersWrongly': 'guest-answers-wrongly',
  'Session.GuestAnswersWrongly': 'guest-answers-wrongly',
  'Bridge.GuestBusy': 'guest-busy',
  // Antivirus, through AMSI: whatever the text of the error is
  ScriptContainedMaliciousContent: 'antivirus',
});

/** Where the id says nothing (Unspecified, OperationFailed, HRESULT …): WMI, RPC and Win32 codes. */
const byHresult: Readonly<Record<number, FailureKind>> = {
  0x80041003: 'access-denied', // WBEM_E_ACCESS_DENIED
  0x80070005: 'access-denied', // E_ACCESSDENIED
  0x800702e4: 'access-denied', // ERROR_ELEVATION_REQUIRED (DISM)
  0x8004100e: 'module-missing', // WBEM_E_INVALID_NAMESPACE: the Hyper-V platform is not installed
  0x80041010: 'not-supported', // WBEM_E_INVALID_CLASS
  0x80041002: 'not-found', // WBEM_E_NOT_FOUND
  0x80070490: 'not-found', // ERROR_NOT_FOUND
  0x80070057: 'invalid-argument', // E_INVALIDARG
  0x80070002: 'not-found', // ERROR_FILE_NOT_FOUND
  0x80070003: 'not-found', // ERROR_PATH_NOT_FOUND
  0x8007000f: 'not-found', // ERROR_INVALID_DRIVE
  0x80070015: 'not-found', // ERROR_NOT_READY: a drive with nothing in it
  0x80070035: 'not-found', // ERROR_BAD_NETPATH
  0x80070043: 'not-found', // ERROR_BAD_NET_NAME
  0x80070020: 'in-use', // ERROR_SHARING_VIOLATION
  0x80070050: 'exists', // ERROR_FILE_EXISTS
  0x800700b7: 'exists', // ERROR_ALREADY_EXISTS
  0x80070070: 'disk-full', // ERROR_DISK_FULL
  0x80070027: 'disk-full', // ERROR_HANDLE_DISK_FULL
};

const byCode = (code: number): FailureKind | undefined =>
  byHresult[code >>> 0] ?? (code >>> 16 === 0xc03a ? 'bad-disk' : undefined); // FACILITY_VIRTUALDISK

/**
 * The exception of what the management service says of a file has no code of its own; its text ends in one, the same in every
 * language: `… (0x80070050)` (seen: AutomatedLab#266, packer-plugin-hyperv#140). A name before it may hold another, so the last counts.
 */
const ofFiles = /^Microsoft\.Vhd\.PowerShell\.Cmdlets\.|\.(NewVM|AddVMDvdDrive)$/;
function codeIn(message: string): number | undefined {
  const last = [...message.matchAll(/\((0x[0-9a-f]{8})\)/gi)].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}

const byCategory = table({
  PermissionDenied: 'access-denied',
  SecurityError: 'access-denied',
  ObjectNotFound: 'not-found',
  InvalidArgument: 'invalid-argument',
  InvalidData: 'invalid-argument',
  ResourceBusy: 'in-use',
  NotInstalled: 'module-missing',
  NotImplemented: 'not-supported',
  OperationTimeout: 'timed-out',
});

/** The get- look-ups say InvalidParameter, with the name as target, for a name that does not exist (facts: vm-not-found-get). */
const isLookUp = (owner: string): boolean => /\.Get(VM|VMSwitch)$/.test(owner);

/** PowerShell Direct (domain §5): its texts are localised, its exceptions are not. */
const byException = table({
  'System.Management.Automation.Remoting.PSDirectException': 'credential-refused',
  'System.Management.Automation.Remoting.PSRemotingDataStructureException': 'guest-not-answering',
});

export function failureKindOf(record: ErrorRecord): FailureKind {
  const [id = '', owner = ''] = record.id.split(',');
  if (id === 'InvalidParameter' && isLookUp(owner) && record.target) return 'not-found';
  // "… is not an existing virtual hard disk file" (seen: openzfs#381)
  if (id === 'InvalidParameter' && owner.endsWith('.GetVHD')) return 'bad-disk';
  // A module that is there and could not be loaded, whatever its own error says.
  if (owner.endsWith('ImportModuleCommand')) return byId(id) ?? 'module-blocked';
  // A script that policy refuses to run; any other refusal is one of rights.
  if (id === 'UnauthorizedAccess')
    return record.exception.endsWith('PSSecurityException') ? 'module-blocked' : 'access-denied';
  return (
    byId(id) ??
    byException(record.exception) ??
    (record.hresult === null ? undefined : byCode(record.hresult)) ??
    (ofFiles.test(owner) ? byCode(codeIn(record.message) ?? 0) : undefined) ??
    byCategory(record.category) ??
    'unexpected'
  );
}

export function failureOf(record: ErrorRecord, cmdlet?: CmdletName): Failure {
  return { kind: failureKindOf(record), record, ...(cmdlet === undefined ? {} : { cmdlet }) };
}

/** Why the shell of this PC is gone: of what we ended, that it was us. */
export function lostWhy({ kind, shell }: Failure): Message {
  if (kind === 'antivirus') return { key: 'machines.lostAntivirus' };
  const params = { code: shell?.code ?? '' };
  switch (shell?.how) {
    case 'not-started':
      return { key: 'machines.lostNotStarted', params };
    case 'said-nothing':
      return { key: 'machines.lostSaidNothing' };
    case 'only-errors':
      return { key: 'machines.lostOnlyErrors' };
    case 'not-understood':
      return { key: 'machines.lostNotUnderstood' };
    case 'hung':
      return { key: 'machines.lostHung' };
    case 'ended':
      return { key: 'machines.lostEnded' };
    case 'failed':
      return { key: 'machines.lostFailed', params };
    case 'killed':
      return { key: 'machines.lostKilled', params };
    case 'disconnected':
      return { key: 'machines.lostDisconnected' };
    case undefined:
      return { key: 'machines.lostSomehow' };
  }
}
