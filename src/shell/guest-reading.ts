/** Reads what is inside a machine: the same snapshot as of the host, and what only matters inside. */
import type { MachineRef } from '../core/cmdlets/ref.js';
import { ask } from '../core/cmdlets/batch.js';
import type { CallResult, Failure, FailureKind, Handshake, Host } from '../core/cmdlets/call.js';
import type { Machine } from '../core/machine/machine.js';
import { assembleInside, assembleNetwork, insideCalls, networkCalls } from '../core/machine/network-snapshot.js';
import { assembleMachine, snapshotCalls } from '../core/machine/snapshot.js';
import { assembleThirdParty, thirdPartyCalls } from '../core/machine/third-party.js';

/** Who is inside is an administrator there: the bridge lets nobody else in. Modules load by themselves. */
const insideHandshake: Handshake = {
  shellVersion: '',
  edition: 'Desktop',
  languageMode: 'FullLanguage',
  pid: 0,
  modules: [],
  identity: { account: '', sid: '', inToken: true, isMember: null, isElevated: true, isAdministrator: true },
};

/** Nobody was reached: what a single cmdlet refuses inside is another matter. */
const refusals: ReadonlySet<FailureKind> = new Set([
  'no-credentials',
  'credential-refused',
  'guest-not-answering',
  'guest-answers-wrongly',
  'guest-busy',
  'updates-differ',
  'not-administrator',
  'session-lost',
  'cancelled',
  'timed-out',
]);

/** Failures of one call that say that all of them failed so. */
function refusalIn(answers: Readonly<Record<string, CallResult>>): Failure | undefined {
  const failures = Object.values(answers).map((result) => ('failed' in result ? result.failed : undefined));
  const [first] = failures;
  if (first === undefined || failures.includes(undefined)) return undefined;
  return failures.find((failure) => failure && refusals.has(failure.kind)) ?? first;
}

/**
 * `known`: what was read before. Its roles, and what is installed, are kept unless they are asked for again: DISM takes
 * seconds for each role.
 */
export async function readGuest(
  host: Host,
  at: MachineRef,
  now: string,
  { known, roles }: { readonly known: Machine | undefined; readonly roles: boolean },
): Promise<Machine | Failure> {
  const snapshot = await ask(host, snapshotCalls(at));
  const refused = refusalIn(snapshot);
  if (refused) return refused;
  const network = await ask(host, networkCalls(at));
  const needsRoles = roles || known?.inside === undefined;
  const inside = needsRoles ? await ask(host, insideCalls(at)) : undefined;
  const others = needsRoles ? await ask(host, thirdPartyCalls(at)) : undefined;
  const lost = refusalIn(network) ?? (inside && refusalIn(inside)) ?? (others && refusalIn(others));
  if (lost) return lost;
  const context = { handshake: insideHandshake, now, ...(known && { previous: known }) };
  const facts = inside ? assembleInside(inside) : known?.inside;
  return {
    ...assembleMachine(at, snapshot, context),
    network: assembleNetwork(network, now),
    ...(facts && { inside: facts }),
    ...(others && { thirdParty: assembleThirdParty(others, now) }),
  };
}
