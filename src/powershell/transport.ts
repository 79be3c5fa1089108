/** The way to a shell: lines out, lines in, and its end. A child process through node-powershell, a program such as ssh, or the pipe of an elevated shell. */
import { ChildProcess, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import net from 'node:net';
import { PowerShell } from 'node-powershell';
import { LONGEST_LINE } from './frames.js';

/** How it ended: with a number, by a signal, before it began, (a pipe) by its closing, or by us, as it wrote far too much. */
export interface TransportEnd {
  readonly by: 'exit' | 'signal' | 'no-start' | 'close' | 'flood';
  readonly code: string;
}

export interface Transport {
  readonly pid: number | undefined;
  write(line: string): void;
  onLine(listener: (line: string) => void): void;
  /** Called with the last of what stands on its error stream, each time there is more. */
  onSaid(listener: (last: string) => void): void;
  /** Never rejects. */
  readonly ended: Promise<TransportEnd>;
  /** Asks it to leave: the bridge leaves at the end of its input. */
  end(): void;
  kill(): void;
}

/** node-powershell with its traps taken out; only protected members are overridden. */
class Shell extends PowerShell {
  /** The environment variable NODE_POWERSHELL beats every option in the stock method. */
  protected override setExecutable({ executable }: { executable?: string }): string {
    return executable ?? '';
  }
}

/**
 * Splits a stream into lines, whatever its chunks are. Of a line that is too long only the beginning is passed on, as soon as it
 * is too long: whoever waits for it is told, and nothing of it is kept.
 */
export function lineSplitter(listener: (line: string) => void, longest = LONGEST_LINE): (chunk: string) => void {
  let parts: string[] = [];
  let length = 0;
  let isSkipped = false;
  const take = (part: string): void => {
    if (isSkipped) return;
    parts.push(part);
    length += part.length;
    if (length <= longest) return;
    listener(parts.join('').slice(0, HEAD));
    parts = [];
    isSkipped = true;
  };
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf('\n', from); at >= 0; at = chunk.indexOf('\n', from)) {
      take(chunk.slice(from, at));
      from = at + 1;
      const line = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
      if (!isSkipped) listener(line.endsWith('\r') ? line.slice(0, -1) : line);
      parts = [];
      length = 0;
      isSkipped = false;
    }
    if (from < chunk.length) take(chunk.slice(from));
  };
}
/** Enough for a frame's id. */
const HEAD = 64;

/** Characters of an error stream that are kept: its last words. */
const LAST_WORDS = 1000;
/** Milliseconds for what is still in the pipe when it has ended. */
const LAST_WORDS_WITHIN = 200;

export interface ChildOptions {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The one statement that starts the bridge. */
  readonly bootstrap: string;
}

export function childTransport({ executable, env, cwd, bootstrap }: ChildOptions): Transport {
  const shell = new Shell({
    executable,
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    spawnOptions: { env, windowsHide: true, ...(cwd === undefined ? {} : { cwd }) },
    throwOnInvocationError: false,
  });
  const { stderr } = shell.streams;
  // Private in the typings of node-powershell: how it ended is only known there.
  const child: unknown = shell['process'];
  if (!(child instanceof ChildProcess)) throw new Error('node-powershell has no process');
  // child-shell unpipes its own collector of stderr after three chunks, which pauses the stream: a full pipe would block the shell.
  stderr.on('pause', () => stderr.resume());
  return transportOver(child, shell.streams, {
    // With nobody on exitPromise an ENOENT would be an unhandled rejection, which ends the app.
    exited: shell['exitPromise'],
    kill: () => void shell.dispose('SIGKILL').catch(() => undefined),
    first: bootstrap,
  });
}

/** Any program that hands our lines on to a shell and its lines to us. `most`: see transportOver. */
export function programTransport({
  executable,
  args,
  env,
  cwd,
  bootstrap,
  most,
  isError,
}: ChildOptions & { readonly args: readonly string[]; readonly most: number } & Pick<Over, 'isError'>): Transport {
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(executable, args, { env, windowsHide: true, ...(cwd === undefined ? {} : { cwd }) });
  } catch (error) {
    return notStarted(error);
  }
  child.stdout.setEncoding('utf8');
  const exited = new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  return transportOver(child, child, {
    exited,
    kill: () => void child.kill('SIGKILL'),
    first: bootstrap,
    most,
    isError,
  });
}

/** Some errors of a start are thrown at once, others told later. */
const notStarted = (error: unknown): Transport => ({
  pid: undefined,
  write: () => undefined,
  onLine: () => undefined,
  onSaid: () => undefined,
  ended: Promise.resolve({ by: 'no-start', code: codeOf(error) }),
  end: () => undefined,
  kill: () => undefined,
});

/** Of an error stream: what is listened to is told the last of it, each time there is more. */
function lastWords(isError: Over['isError']) {
  const listeners: ((last: string) => void)[] = [];
  let said = '';
  const keep = (text: string): void => {
    said = `${said}${text.slice(-LAST_WORDS)}`.slice(-LAST_WORDS);
    listeners.forEach((listener) => listener(said));
  };
  const take = isError
    ? lineSplitter((line) => {
        if (isError(line)) keep(`${line}\n`);
      }, LAST_WORDS)
    : keep;
  return {
    take,
    /** The last line may have no end. */
    end: () => {
      if (isError) take('\n');
    },
    listen: (listener: (last: string) => void) => void listeners.push(listener),
  };
}

interface Over {
  /** Settles when it has ended, or could not be started. */
  readonly exited: unknown;
  readonly kill: () => void;
  readonly first: string;
  /** Characters that it may write between two lines of ours, errors too: whoever writes more is ended. */
  readonly most?: number;
  /** Whether a line of its error stream is one of its last words; not given: all are. */
  readonly isError?: ((line: string) => boolean) | undefined;
}

/** Counts what both streams write: what comes after too much is not taken. */
function floodGuard(most: number, kill: () => void) {
  let heard = 0;
  return {
    get isOver() {
      return heard > most;
    },
    /** A line of ours: what answers it has the whole limit. */
    begin: () => {
      if (heard <= most) heard = 0;
    },
    taking: (take: (text: string) => void) => (chunk: unknown) => {
      if (heard > most) return;
      const text = String(chunk);
      heard += text.length;
      if (heard > most) kill();
      else take(text);
    },
  };
}

function transportOver(
  child: ChildProcess,
  { stdin, stdout, stderr }: Pick<ChildProcessWithoutNullStreams, 'stdin' | 'stdout' | 'stderr'>,
  { exited, kill, first, most = Infinity, isError }: Over,
): Transport {
  const listeners: ((line: string) => void)[] = [];
  const split = lineSplitter((line) => listeners.forEach((listener) => listener(line)));
  const flood = floodGuard(most, kill);
  stdout.on('data', flood.taking(split));
  const words = lastWords(isError);
  stderr.on('data', flood.taking(words.take));
  // The shell can end while a line is under way: `ended` says so.
  stdin.on('error', () => undefined);
  const endOf = (error?: unknown): TransportEnd => {
    if (flood.isOver) return { by: 'flood', code: '' };
    if (child.signalCode !== null) return { by: 'signal', code: child.signalCode };
    if (child.exitCode !== null && child.exitCode >= 0) return { by: 'exit', code: String(child.exitCode) };
    return { by: 'no-start', code: codeOf(error) };
  };
  // Its last words may come after it; but who has its streams from it may keep them open.
  const silent = Promise.all([stdout, stderr].map((one) => new Promise((resolve) => one.once('close', resolve))));
  const ended = Promise.resolve(exited)
    .then(() => endOf(), endOf)
    .then(async (end) => {
      let stop: NodeJS.Timeout | undefined;
      await Promise.race([silent, new Promise((resolve) => (stop = setTimeout(resolve, LAST_WORDS_WITHIN)))]);
      clearTimeout(stop);
      words.end();
      stdout.destroy();
      stderr.destroy();
      return end;
    });
  stdin.write(first);
  return {
    pid: child.pid,
    write: (line) => {
      flood.begin();
      stdin.write(`${line}\n`);
    },
    onLine: (listener) => void listeners.push(listener),
    onSaid: words.listen,
    ended,
    end: () => void stdin.end(),
    kill,
  };
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && 'originalError' in error ? error.originalError : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** A connection to a shell that serves a pipe (Windows) or a Unix socket. Rejects when nobody serves it within the time. */
export async function pipeTransport(address: string, within: number, signal?: AbortSignal): Promise<Transport> {
  const socket = await connected(address, Date.now() + within, signal);
  socket.setEncoding('utf8');
  const listeners: ((line: string) => void)[] = [];
  const split = lineSplitter((line) => listeners.forEach((listener) => listener(line)));
  socket.on('data', (chunk) => split(String(chunk)));
  let why = '';
  socket.on('error', (error) => {
    why = error.message;
  });
  const ended = new Promise<TransportEnd>((resolve) => socket.once('close', () => resolve({ by: 'close', code: why })));
  return {
    pid: undefined,
    write: (line) => void socket.write(`${line}\n`),
    onLine: (listener) => void listeners.push(listener),
    // An elevated shell has no error stream that we hold.
    onSaid: () => undefined,
    ended,
    end: () => void socket.end(),
    // An unelevated process cannot end an elevated one: it ends itself when its pipe closes.
    kill: () => void socket.destroy(),
  };
}

/** The server of the pipe is another process that tells nobody when it begins to listen: asked again every 50 ms. */
async function connected(address: string, until: number, signal: AbortSignal | undefined): Promise<net.Socket> {
  for (;;) {
    try {
      return await new Promise<net.Socket>((resolve, reject) => {
        const socket = net.connect(address);
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      });
    } catch (error) {
      if (signal?.aborted || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
