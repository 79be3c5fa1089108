/** Failures from error records. */
import type { ErrorRecord, Failure, FailureKind } from '../src/core/call.js';
import type { CmdletName } from '../src/core/cmdlets.js';

const kinds: Readonly<Record<string, FailureKind>> = {
  ObjectNotFound: 'not-found',
  AccessDenied: 'access-denied',
  InvalidState: 'wrong-state',
  NotSupported: 'not-supported',
  ObjectInUse: 'in-use',
  InvalidParameter: 'invalid-argument',
  CommandNotFoundException: 'module-missing',
  CouldNotAutoLoadModule: 'module-blocked',
};

export function failureOf(record: ErrorRecord, cmdlet: CmdletName): Failure {
  const [id = ''] = record.id.split(',');
  return { kind: kinds[id] ?? 'unexpected', cmdlet, record };
}
