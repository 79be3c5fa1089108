/** Opens a shell as a Host; where policy restricts PowerShell, a host that says so in place of a time-out. */
import type { CallResult, Failure, Handshake, Host } from '../core/cmdlets/call.js';
import type { FoundShell } from './find.js';
import { bootstrapOf, type SetupOptions } from './bootstrap.js';
import { NotReady, openSession, type SessionOptions } from './session.js';
import { childTransport, type Transport } from './transport.js';

export type OpenOptions = Pick<SetupOptions, 'identity' | 'membership'> & Omit<SessionOptions, 'transport'>;

/** A shell of this PC. */
export const openShell = (found: FoundShell, options: OpenOptions): Promise<Host> =>
  openThrough((bootstrap) => childTransport({ ...found, bootstrap }), { ...options, standIn: found.standIn });

/**
 * `start`: begins a shell with these first lines. `asksWhy`: whether a shell that did not come up is worth another one, which tells
 * why; not given, it is.
 */
export async function openThrough(
  start: (bootstrap: string) => Transport,
  {
    identity,
    membership,
    standIn,
    asksWhy = () => true,
    ...options
  }: OpenOptions & Pick<SetupOptions, 'standIn'> & { readonly asksWhy?: (failure: Failure) => boolean },
): Promise<Host> {
  try {
    return await openSession({ ...options, transport: start(bootstrapOf({ identity, membership, standIn })) });
  } catch (error) {
    if (!(error instanceof NotReady) || !asksWhy(error.failure)) throw error;
    // In ConstrainedLanguage the bootstrap itself fails and nothing is ever ready: a statement that is allowed there asks.
    const mode = await languageModeOf(start);
    if (mode === undefined || mode === 'FullLanguage') throw error;
    return restrictedHost(mode);
  }
}

/** undefined: the shell did not answer at all. */
async function languageModeOf(start: (first: string) => Transport): Promise<string | undefined> {
  const transport = start('$ExecutionContext.SessionState.LanguageMode.ToString()\nexit\n');
  let mode: string | undefined;
  transport.onLine((line) => (mode ??= /\b\w+Language\b/.exec(line)?.[0]));
  transport.end();
  const late = setTimeout(() => transport.kill(), 15_000);
  await transport.ended;
  clearTimeout(late);
  return mode;
}

function restrictedHost(languageMode: string): Host {
  const handshake: Handshake = {
    shellVersion: '',
    edition: '',
    languageMode,
    pid: 0,
    modules: [],
    identity: null,
  };
  const host: Host = {
    handshake,
    call(calls) {
      const results = calls.map(({ cmdlet }): CallResult => ({ failed: { kind: 'module-blocked', cmdlet } }));
      return Promise.resolve(
        results as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> },
      );
    },
    close: () => Promise.resolve(),
  };
  stubs.add(host);
  return host;
}

const stubs = new WeakSet<Host>();
/** Whether there is no session behind it, since policy lets none be: whatever a shell says of itself, one that answers is none. */
export const isStub = (host: Host): boolean => stubs.has(host);
