/** What a script reads again of what it made in a machine, or took away there. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { ThingKind } from '../machine/goal.js';
import { parsePath } from './paths.js';
import type { Chain } from './step.js';
import { cmdlet, pipe, plain, type ScriptLine } from './tokens.js';

/** As a list: one table for objects of several kinds shows the columns of the first alone. */
export const select = (properties: string): ScriptLine => [
  cmdlet('Select-Object'),
  plain(` ${properties}`),
  pipe,
  cmdlet('Format-List'),
];

const reads: Readonly<Partial<Record<ThingKind, ScriptLine>>> = {
  switch: [cmdlet('Get-VMSwitch'), pipe, ...select('Name, Id, SwitchType')],
  nat: [cmdlet('Get-NetNat'), pipe, ...select('Name, InternalIPInterfaceAddressPrefix')],
  mapping: [
    cmdlet('Get-NetNatStaticMapping'),
    pipe,
    ...select('StaticMappingID, Protocol, ExternalPort, InternalIPAddress, InternalPort'),
  ],
};

export function readMade({ steps }: Chain, at: MachineRef): readonly ScriptLine[] {
  const kinds = new Set<string>(
    steps.flatMap(({ makes, changes, do: act }) => [
      ...(makes?.at === at ? [makes.what] : []),
      // A host port that is given up is listed no more.
      ...('call' in act && act.call.at === at && changes.some(({ path }) => parsePath(path)?.port) ? ['mapping'] : []),
    ]),
  );
  return Object.entries(reads).flatMap(([what, line]) => (kinds.has(what) ? [line] : []));
}
