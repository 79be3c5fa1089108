/** Rows and failures of one call. */
import type { CallResult, Failure } from './call.js';
import type { CmdletName, RowOf } from './catalog.js';

/** A call that failed has no rows, and no rows with an error are no answer, not "none". */
export interface Read<Name extends CmdletName> {
  readonly rows: readonly RowOf<Name>[] | undefined;
  readonly errors: readonly Failure[];
}

export function readOf<Name extends CmdletName>(result: CallResult<Name> | undefined): Read<Name> {
  if (!result) return { rows: undefined, errors: [] };
  if ('rows' in result) {
    const isRefused = result.rows.length === 0 && result.errors.some(isOfWholeCall);
    return { rows: isRefused ? undefined : result.rows, errors: result.errors };
  }
  return { rows: undefined, errors: ['failed' in result ? result.failed : result.failure] };
}

/** Of one property it says which; the rest of the rows can be trusted then. */
export const isOfWholeCall = ({ property }: Failure): boolean => property === undefined;
