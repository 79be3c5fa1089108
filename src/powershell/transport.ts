/** The way to a shell: lines out, lines in, and its end. A child process through node-powershell, or the pipe of an elevated shell. */
import { ChildProcess } from 'node:child_process';
import net from 'node:net';
import { PowerShell } from 'node-powershell';

export interface Transport {
  readonly pid: number | undefined;
  write(line: string): void;
  onLine(listener: (line: string) => void): void;
  /** Resolves with how it ended; never rejects. */
  readonly ended: Promise<string>;
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

/** Splits a stream into lines, whatever its chunks are. */
function lineSplitter(listener: (line: string) => void): (chunk: string) => void {
  let parts: string[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf('\n', from); at >= 0; at = chunk.indexOf('\n', from)) {
      parts.push(chunk.slice(from, at));
      from = at + 1;
      const line = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
      parts = [];
      listener(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    if (from < chunk.length) parts.push(chunk.slice(from));
  };
}

export interface ChildOptions {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  /** The one statement that starts the bridge. */
  readonly bootstrap: string;
}

export function childTransport({ executable, env, bootstrap }: ChildOptions): Transport {
  const shell = new Shell({
    executable,
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    spawnOptions: { env, windowsHide: true },
    throwOnInvocationError: false,
  });
  const { stdin, stdout, stderr } = shell.streams;
  // Private in the typings of node-powershell: how it ended is only known there.
  const child: unknown = shell['process'];
  if (!(child instanceof ChildProcess)) throw new Error('node-powershell has no process');
  const listeners: ((line: string) => void)[] = [];
  stdout.on(
    'data',
    lineSplitter((line) => listeners.forEach((listener) => listener(line))),
  );
  // child-shell unpipes its own collector of stderr after three chunks, which pauses the stream: a full pipe would block the shell.
  stderr.on('data', () => undefined);
  stderr.on('pause', () => stderr.resume());
  // The shell can end while a line is under way: `ended` says so.
  stdin.on('error', () => undefined);
  // With nobody on exitPromise an ENOENT would be an unhandled rejection, which ends the app.
  const exit: unknown = shell['exitPromise'];
  const ended = Promise.resolve(exit).then(
    () => `exit ${String(child.exitCode ?? child.signalCode)}`,
    (error: unknown) => `${codeOf(error)}exit ${String(child.exitCode ?? child.signalCode)}`,
  );
  stdin.write(bootstrap);
  return {
    pid: child.pid,
    write: (line) => void stdin.write(`${line}\n`),
    onLine: (listener) => void listeners.push(listener),
    ended,
    end: () => void stdin.end(),
    kill: () => void shell.dispose('SIGKILL').catch(() => undefined),
  };
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && 'originalError' in error ? error.originalError : error;
  return cause instanceof Error && 'code' in cause ? `${String(cause.code)} ` : '';
}

/** A connection to a shell that serves a pipe (Windows) or a Unix socket. Rejects when nobody serves it within the time. */
export async function pipeTransport(address: string, within: number, signal?: AbortSignal): Promise<Transport> {
  const socket = await connected(address, Date.now() + within, signal);
  socket.setEncoding('utf8');
  const listeners: ((line: string) => void)[] = [];
  const split = lineSplitter((line) => listeners.forEach((listener) => listener(line)));
  socket.on('data', (chunk) => split(String(chunk)));
  let why = 'pipe closed';
  socket.on('error', (error) => {
    why = error.message;
  });
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(why)));
  return {
    pid: undefined,
    write: (line) => void socket.write(`${line}\n`),
    onLine: (listener) => void listeners.push(listener),
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
