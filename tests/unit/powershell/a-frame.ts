/** Calls of every kind of the catalog, and what an honest bridge would answer to them. */
import { vmIn, thisPc, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import type { HostCall } from '../../../src/core/cmdlets/call.js';
import { cmdlets, type CatalogEntry, type CmdletName } from '../../../src/core/cmdlets/catalog.js';
import { framesIn, replyOf, type Reply } from '../../../src/powershell/frames.js';

/** `npm test` takes the first number, `npm run faults` says its own. */
export const FUZZ_RUNS = Number(process.env['HYPERNEST_FUZZ_RUNS'] ?? 2000);

/** Milliseconds after which so many are a hang. */
export const FUZZ_TIMEOUT = 60_000 + FUZZ_RUNS * 20;

export const outside: MachineRef = thisPc;
export const inL1: MachineRef = vmIn(thisPc, '0f3c2d1e-5a6b-4c7d-8e9f-001122334455');
export const inL2: MachineRef = vmIn(inL1, '0f3c2d1e-5a6b-4c7d-8e9f-554433221100');

export const names = Object.keys(cmdlets) as CmdletName[];
export const entryOf = (name: CmdletName): CatalogEntry => cmdlets[name];
export const callOf = (cmdlet: CmdletName, at: MachineRef = outside): HostCall =>
  ({ cmdlet, params: {}, at }) as unknown as HostCall;

/** As a line of the bridge: of this PC its own words, of a guest one text for each VM on the way. */
export function lineOf(id: number, reply: unknown, depth = 0): string {
  if (depth === 0) return JSON.stringify({ id, ...(reply as object) });
  return guestLine(id, JSON.stringify(reply), depth);
}
export function guestLine(id: number, said: string, depth = 1): string {
  let inside = said;
  for (let level = 1; level < depth; level++) inside = JSON.stringify({ inside });
  return JSON.stringify({ id, inside });
}

/** What one line says of so many calls. */
export function read(line: string, depth = 0, calls = 1): Reply | undefined {
  const [frame] = framesIn(line);
  return frame && replyOf(frame, depth, calls);
}
