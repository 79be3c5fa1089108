/** What cmdlets of WinNAT have in common: they find objects by name, and remove those that they are given. */
import { CmdletError } from '../errors.js';
import { like, references, strings } from '../parameters.js';
import { hasWinNat } from '../roles.js';
import { problem, type Invocation, type SimulatedCmdlet } from './cmdlet.js';

type Row = Readonly<Record<string, unknown>>;

export const isOneOf = (names: readonly string[], name: string): boolean => names.some((one) => like(one)(name));

/** All of the class, or those of the names that are given; a name that none has is said. */
export const readingByName =
  (type: string, property: string, rowsOf: (invocation: Invocation) => readonly Row[]): SimulatedCmdlet =>
  (invocation) => {
    if (!hasWinNat(invocation.machine)) throw new CmdletError('nat-class');
    const names = strings(invocation.parameters[property]);
    const rows = rowsOf(invocation);
    const nameOf = (row: Row): string => String(row[property]);
    for (const name of names)
      if (!rows.some((row) => isOneOf([name], nameOf(row))))
        problem(invocation, 'cim-not-found-name', { class: type, property, name }, name);
    return { type, rows: rows.filter((row) => names.length === 0 || isOneOf(names, nameOf(row))) };
  };

/** Of the objects that a removal is given. undefined: it is given none. */
export const idsIn = (parameters: Row): ReadonlySet<string> | undefined =>
  'InputObject' in parameters ? new Set(references(parameters['InputObject']).map(({ id }) => id)) : undefined;

/** ConfirmImpact High in the module's definition: it asks. */
export function mustBeSure(parameters: Row): void {
  if (parameters['Confirm'] !== false) throw new CmdletError('prompt-noninteractive');
}

/** Of a removal that has found none: it was asked for all, not for these. */
export function mustBeAll(
  ids: ReadonlySet<string> | undefined,
  names: readonly string[],
  what: { readonly class: string; readonly property: string },
): void {
  if (ids || names.length > 0)
    throw new CmdletError('cim-not-found-name', { ...what, name: [...(ids ?? []), ...names].join(', ') });
}
