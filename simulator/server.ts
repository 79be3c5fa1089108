/** Serves a simulator to the simulated PowerShell modules: a line of JSON each way, strictly in turn on each connection. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { wireError } from './errors.js';
import { GarbageReply, SessionDied } from './faults.js';
import { actOutside } from './outside-acts.js';
import type { Simulator } from './simulator.js';
import type { WireReply, WireRequest } from './wire.js';

export interface SimulatorServer {
  /** For HYPERNEST_SIMULATOR: the name of a pipe on Windows, the path of a socket elsewhere. */
  readonly address: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** A fault killed the session: whoever started the shell ends it. The connection is closed in any case. */
  readonly onDied?: () => void;
}

export async function serveSimulator(simulator: Simulator, { onDied }: ServerOptions = {}): Promise<SimulatorServer> {
  const windows = process.platform === 'win32';
  // A folder of our own (0700), so that nobody can reach the socket before its mode is set.
  const folder = windows ? null : mkdtempSync(path.join(tmpdir(), 'hn-'));
  const address = folder === null ? `hypernest-${randomUUID()}` : path.join(folder, 's');
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serveConnection(simulator, socket, onDied);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(windows ? `\\\\.\\pipe\\${address}` : address, resolve);
  });
  if (!windows) chmodSync(address, 0o600);
  return {
    address,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serveConnection(simulator: Simulator, socket: net.Socket, onDied: (() => void) | undefined): void {
  let rest = '';
  let turn = Promise.resolve();
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      turn = turn.then(async () => {
        const answer = await answerTo(simulator, line);
        if (answer === null) {
          // The shell first: it must not live to see its connection break.
          onDied?.();
          socket.destroy();
        } else if (!socket.destroyed) socket.write(`${answer}\n`);
      });
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A request as it stands in its line; undefined when it is none. */
function parseRequest(line: string): WireRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { machine, elevated, session, live, cmdlet, parameters } = value;
  if (typeof machine !== 'string' || typeof cmdlet !== 'string' || !isRecord(parameters)) return undefined;
  return {
    machine,
    elevated: elevated === true,
    cmdlet,
    parameters,
    ...(typeof session === 'string' ? { session } : {}),
    ...(live === true ? { live } : {}),
  };
}

/** No cmdlet of Windows either: what another user does meanwhile. */
function outsideReply({ outside }: Simulator, { parameters }: WireRequest): WireReply {
  try {
    actOutside(outside, parameters);
    return { rows: [], warnings: [], errors: [] };
  } catch (error) {
    return { rows: [], warnings: [], errors: [wireError('en', 'not-simulated', { cmdlet: String(error) })] };
  }
}

/** null: the session dies. */
async function answerTo(simulator: Simulator, line: string): Promise<string | null> {
  const request = parseRequest(line);
  if (!request) {
    const refused: WireReply = {
      rows: [],
      warnings: [],
      errors: [wireError('en', 'not-simulated', { cmdlet: line.slice(0, 80) })],
    };
    return JSON.stringify(refused);
  }
  // No cmdlet of Windows: what identity.ps1 asks there, the simulated shell asks here.
  if (request.cmdlet === 'Get-SimulatedIdentity') {
    const identity: WireReply = {
      type: 'Identity',
      rows: [{ ...simulator.identityOf(request.elevated, request.session) }],
      warnings: [],
      errors: [],
    };
    return JSON.stringify(identity);
  }
  if (request.cmdlet === 'Invoke-SimulatedOutside') return JSON.stringify(outsideReply(simulator, request));
  try {
    return JSON.stringify(await simulator.invoke(request));
  } catch (error) {
    if (error instanceof GarbageReply) return '\u0007<garbage>{';
    if (error instanceof SessionDied) return null;
    throw error;
  }
}
