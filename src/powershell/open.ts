/** Opens a shell of this machine as a Host; where policy restricts PowerShell, a host that says so in place of a time-out. */
import { spawn } from 'node:child_process';
import type { CallResult, Handshake, Host } from '../core/cmdlets/call.js';
import type { FoundShell } from './find.js';
import { bootstrapOf, type SetupOptions } from './bootstrap.js';
import { NotReady, openSession, type SessionOptions } from './session.js';
import { childTransport } from './transport.js';

export async function openShell(
  found: FoundShell,
  {
    identity,
    membership,
    ...options
  }: Pick<SetupOptions, 'identity' | 'membership'> & Omit<SessionOptions, 'transport'>,
): Promise<Host> {
  try {
    const transport = childTransport({
      ...found,
      bootstrap: bootstrapOf({ identity, membership, standIn: found.standIn }),
    });
    return await openSession({ ...options, transport });
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    // In ConstrainedLanguage the bootstrap itself fails and nothing is ever ready: a statement that is allowed there asks.
    const mode = await languageModeOf(found);
    if (mode === undefined || mode === 'FullLanguage') throw error;
    return restrictedHost(mode);
  }
}

/** undefined: the shell did not answer at all. */
function languageModeOf({ executable, env, cwd }: FoundShell): Promise<string | undefined> {
  return new Promise((resolve) => {
    const command = '$ExecutionContext.SessionState.LanguageMode.ToString()';
    const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-Command', command], {
      env,
      cwd,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 15_000,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(/\b\w+Language\b/.exec(text)?.[0]));
  });
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
  return {
    handshake,
    call(calls) {
      const results = calls.map(({ cmdlet }): CallResult => ({ failed: { kind: 'module-blocked', cmdlet } }));
      return Promise.resolve(
        results as unknown as { [I in keyof typeof calls]: CallResult<(typeof calls)[I]['cmdlet']> },
      );
    },
    close: () => Promise.resolve(),
  };
}
