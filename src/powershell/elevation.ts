/** How what runs elevated is started, and the session over it. The Windows side is not checked on Windows: see docs/windows-check.md. */
import { randomBytes, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { askText, encoded, isSid, loaderText, TAKEN } from './elevated-texts.js';
import { bridgeText, setupOf, type SetupOptions } from './bootstrap.js';
import { openSession, type Session, type SessionOptions } from './session.js';
import { pipeTransport } from './transport.js';
import type { FoundShell } from './find.js';

/** Milliseconds without use, then it ends itself: a net below the app's own ten minutes, which come first and are said. */
const IDLE = 660_000;

interface Served {
  readonly name: string;
  /** What Node connects to. */
  readonly address: string;
}

function newPipe(platform: NodeJS.Platform): Served {
  const name = `Hypernest-${randomUUID()}`;
  // Under this prefix only an elevated process can serve: nobody can be there before it.
  if (platform === 'win32') {
    const full = `ProtectedPrefix\\Administrators\\${name}`;
    return { name: full, address: `\\\\.\\pipe\\${full}` };
  }
  // A rooted name is the path of a Unix socket to .NET.
  const file = path.join(tmpdir(), `${name.slice(0, 30)}.sock`);
  return { name: file, address: file };
}

export type Answer =
  | {
      readonly kind: 'started';
      /** Its exit code: of a one-shot 0 or an HRESULT; null: not known. */
      readonly ended: Promise<number | null>;
      /** How it ends is not asked any more. */
      readonly leave: () => void;
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly detail: string };

/** Starts a PowerShell script elevated. The real one asks Windows, the simulated one its scenario. */
export type Elevate = (script: string) => Promise<Answer>;

/** ERROR_CANCELLED: the person answered the prompt with No. Known by its number; its text is localised. */
const CANCELLED = 1223;

/** What askText's shell has said so far; null: nothing of the kind. */
export function answerOf(output: string): Exclude<Answer, { kind: 'started' }> | 'started' | null {
  const [, word, number] = /^(failed|started) (-?\d+)\s*$/m.exec(output) ?? [];
  const code = Number(number);
  if (word === 'failed') return code === CANCELLED ? { kind: 'refused' } : { kind: 'failed', detail: `Win32 ${code}` };
  return word === 'started' ? word : null;
}

/** How the elevated shell has ended, in its words. */
export function exitCodeOf(output: string): number | null {
  const [, code] = /^ended (-?\d+)\s*$/m.exec(output) ?? [];
  return code === undefined ? null : Number(code);
}

/** Windows: the unelevated shell asks for the elevated one. Not checked on Windows. */
export function windowsElevate({ executable, env, cwd }: FoundShell, owner: () => bigint | undefined): Elevate {
  return (script) =>
    new Promise((resolve) => {
      const ask = encoded(askText(script, owner()));
      const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-EncodedCommand', ask], {
        env,
        cwd,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let output = '';
      const ended = new Promise<number | null>((tell) => child.once('close', () => tell(exitCodeOf(output))));
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const answer = answerOf(output);
        if (answer === 'started') resolve({ kind: 'started', ended, leave: () => void child.kill() });
        else if (answer) resolve(answer);
      });
      child.once('error', (error) => resolve({ kind: 'failed', detail: error.message }));
      child.once('close', (code) =>
        resolve({ kind: 'failed', detail: `the shell that asks ended with ${String(code)}` }),
      );
    });
}

/** Starts the shell of this machine as if it were elevated: for the simulated world, after its scenario has agreed. */
export function childElevate({ executable, env, cwd }: FoundShell, agreed: () => boolean): Elevate {
  return (script) => {
    if (!agreed()) return Promise.resolve({ kind: 'refused' });
    const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded(script)], {
      env,
      cwd,
      stdio: 'ignore',
      // Like a shell of another account: it does not end with us, but by the end of its pipe.
      detached: true,
    });
    child.unref();
    const ended = new Promise<number | null>((tell) => child.once('exit', tell));
    return new Promise((resolve) => {
      child.once('error', (error) => resolve({ kind: 'failed', detail: error.message }));
      child.once('spawn', () => resolve({ kind: 'started', ended, leave: () => undefined }));
    });
  };
}

/** Everything that an attempt at an elevated session runs, chosen before it is shown: its pipe, and the hash of what goes over it. */
export interface Attempt {
  /** Who asks: the SID of the unelevated handshake. */
  readonly callerSid: string;
  readonly text: string;
  readonly address: string;
  /** The proof in it is of this attempt alone, and leaves the app only over the pipe: the text that is shown, and that every process can read on a command line, has its hash. */
  readonly payload: string;
}

export function newAttempt(callerSid: string, setup: SetupOptions, platform = process.platform): Attempt {
  const { name, address } = newPipe(platform);
  const proof = randomBytes(32).toString('base64');
  const payload = [bridgeText, setupOf({ idleMs: IDLE, elevated: true, ...setup }), proof].join('\0');
  const kept = setup.standIn?.variables ?? [];
  return { callerSid, text: loaderText({ pipe: name, callerSid, payload, platform, kept }), address, payload };
}

/** What was shown last is what runs, and runs once. Nothing runs that was not shown. */
export class Attempts {
  #shown: Attempt | undefined;
  #madeFor = '';

  constructor(private readonly setup: () => SetupOptions) {}

  /** The text of the next attempt: the same one until it is taken, as long as it is for the same. */
  show(callerSid: string): string {
    const setup = this.setup();
    const madeFor = `${callerSid} ${setupOf(setup)}`;
    if (!this.#shown || this.#madeFor !== madeFor) this.#shown = newAttempt(callerSid, setup);
    this.#madeFor = madeFor;
    return this.#shown.text;
  }

  take(): Attempt {
    const shown = this.#shown;
    if (!shown) throw new Error('not shown before it is asked for');
    this.#shown = undefined;
    return shown;
  }
}

export class Refused extends Error {}

/** The prompt was answered, and the shell has no more rights than before. */
export class NotElevated extends Error {}

/** Another program was connected to the elevated shell before us. It has not run anything for it, and has ended. */
export class Taken extends Error {}

/**
 * The same bridge in an elevated shell, over a protected pipe. Rejects with Refused, NotElevated, Taken, or with what went wrong.
 * It may run as another account: an administrator's whose password was typed, or with Administrator Protection the one that
 * Windows keeps for this person. VMs belong to the PC, not to an account; the pipe lets in who asked, and the hash decides
 * what runs and for whom. So whoever answered the prompt has allowed just what was shown.
 */
export async function openElevatedSession(
  elevate: Elevate,
  { callerSid, text, address, payload }: Attempt,
  options: Omit<SessionOptions, 'transport'> = {},
): Promise<Session> {
  if (!isSid(callerSid)) throw new Error('not known who asks');
  const answer = await elevate(text);
  if (answer.kind === 'refused') throw new Refused('the prompt was refused');
  if (answer.kind === 'failed') throw new Error(answer.detail);
  const gone = new AbortController();
  void answer.ended.then(() => gone.abort());
  try {
    const transport = await pipeTransport(address, 30_000, gone.signal);
    transport.write(payload);
    const session = await openSession({ ...options, transport });
    if (session.handshake.identity?.isElevated !== false) return session;
    await session.close();
  } catch (error) {
    // The pipe only breaks off. Who else was at it says the exit code, which no other program can give.
    if (TAKEN.includes((await soon(answer.ended)) ?? 0)) throw new Taken('another program has the connection');
    throw error;
  } finally {
    answer.leave();
  }
  throw new NotElevated('the shell is not elevated');
}

/** Milliseconds after the end of its pipe in which an elevated shell is sure to have ended. */
const ENDS_WITHIN = 3000;

async function soon(ended: Promise<number | null>): Promise<number | null> {
  const late = new AbortController();
  try {
    return await Promise.race([ended, setTimeout(ENDS_WITHIN, null, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}
