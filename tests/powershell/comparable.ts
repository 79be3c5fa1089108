/** What engine and simulator alone must agree on. */
import type { CallResult, Failure } from '../../src/core/cmdlets/call.js';

/** What .NET adds by itself to every exception is not the simulator's to say: the HRESULT, and the target as text. */
const failureOf = ({ kind, cmdlet, property, objects, record }: Failure) => ({
  kind,
  cmdlet,
  property,
  objects,
  id: record?.id,
  category: record?.category,
  exception: record?.exception,
  message: record?.message,
});

export function comparable(result: CallResult): unknown {
  if ('failed' in result) return { failed: failureOf(result.failed) };
  if ('unknown' in result) return { unknown: failureOf(result.failure) };
  // Time goes on between the two worlds: how long a machine has run is not compared.
  const rows = result.rows.map((row) => ({ ...row, Uptime: undefined, NestedVMEntriesPersec: undefined }));
  return { rows, errors: result.errors.map(failureOf) };
}
