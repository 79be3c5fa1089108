/**
 * Another program of the same account at the pipe of the elevated shell. It reads the command line, knows the app's own text, and is
 * always there first: the app is told of the start only when it has its connection.
 */
import { createHash } from 'node:crypto';
import net from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { newAttempt, openElevatedSession, Taken, type Attempt, type Elevate } from '../../src/powershell/elevation.js';
import { elevateIn, hasPowerShell, shellFor } from './runtime.js';
import { IDENTITY } from './world.js';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const callerSid = 'S-1-5-21-1004336348-1177238915-682003330-1001';

async function stranger() {
  const simulator = createScenario('not-admin', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  closing.push(() => server.close());
  const asked: string[] = [];
  simulator.on((event) => {
    if (event.kind === 'call') asked.push(event.request.cmdlet);
  });
  const shell = await shellFor(simulator, server.address, { elevated: true });
  const attempt = () => newAttempt(callerSid, { identity: IDENTITY, standIn: shell.standIn });
  return { asked, attempt, start: elevateIn(shell) };
}

/** undefined: it is over before that. */
async function connected(address: string, isOver: () => boolean): Promise<net.Socket | undefined> {
  while (!isOver()) {
    const socket = net.connect(address);
    const isOpen = await new Promise<boolean>((tell) => {
      socket.once('connect', () => tell(true));
      socket.once('error', () => tell(false));
    });
    if (isOpen) return socket;
  }
  return undefined;
}

interface Intruder {
  readonly connections: number;
  readonly says: (socket: net.Socket, older: Attempt) => void;
}
const write = (socket: net.Socket, text: string): void => void socket.write(text);
/** As it would have to be, with another proof. */
const guessed = ({ payload }: Attempt): string =>
  payload.slice(0, payload.lastIndexOf('\0') + 1).padEnd(payload.length, 'A');

const intruders: Readonly<Record<string, Intruder>> = {
  'with a payload of an older attempt': { connections: 1, says: (socket, older) => write(socket, older.payload) },
  'with a proof that it has guessed': { connections: 1, says: (socket, older) => write(socket, guessed(older)) },
  'with commands of the bridge': { connections: 1, says: (socket) => write(socket, '#call 1 read 9 []\n'.repeat(9)) },
  'that says nothing': { connections: 1, says: () => undefined },
  'that says a byte at a time': {
    connections: 1,
    says: (socket, { payload }) => {
      const drip = async (): Promise<void> => {
        for (const byte of payload) {
          if (socket.destroyed) return;
          write(socket, byte);
          await setTimeout(50);
        }
      };
      void drip();
    },
  },
  'that never ends': {
    connections: 1,
    says: (socket) => {
      const flood = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
        if (!socket.destroyed) socket.once('drain', flood);
      };
      flood();
    },
  },
  'that hangs up': { connections: 1, says: (socket) => void socket.end('x') },
  'many times over': { connections: 20, says: (socket, older) => write(socket, older.payload) },
};

describe.skipIf(!(await hasPowerShell()))('another program at the pipe of the elevated shell', () => {
  it.each(Object.entries(intruders))('%s gets nothing, and the person is told', async (_, { connections, says }) => {
    const { asked, attempt, start } = await stranger();
    const [older, mine] = [attempt(), attempt()];
    let heard = '';
    let isOver = false;
    closing.push(() => void (isOver = true));
    const comes = async (): Promise<void> => {
      const socket = await connected(mine.address, () => isOver);
      if (!socket) return;
      closing.push(() => void socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      says(socket, older);
    };
    const elevate: Elevate = async (script) => {
      const answer = await start(script);
      const all = Array.from({ length: connections }, comes);
      // A socket lets all of them in, to wait; a pipe of Windows one.
      await (process.platform === 'win32' ? Promise.any(all) : Promise.all(all));
      return answer;
    };
    await expect(openElevatedSession(elevate, mine)).rejects.toBeInstanceOf(Taken);
    expect(heard).toBe('');
    expect(asked).toEqual([]);
  });

  it('is not blamed for a shell that ends by itself', async () => {
    const { attempt, start } = await stranger();
    const failed = openElevatedSession(() => start('[Environment]::Exit(7)'), attempt());
    await expect(failed).rejects.not.toBeInstanceOf(Taken);
  });
});

describe('the proof of who drives an elevated shell', () => {
  it('is of one attempt, and stands in no text that is shown or on a command line', () => {
    const proofs = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const { text, payload } = newAttempt(callerSid, { identity: IDENTITY });
      const proof = payload.slice(payload.lastIndexOf('\0') + 1);
      expect(Buffer.from(proof, 'base64')).toHaveLength(32);
      expect(text).not.toContain(proof);
      expect(text).toContain(createHash('sha256').update(payload).digest('hex').toUpperCase());
      proofs.add(proof);
    }
    expect(proofs.size).toBe(50);
  });
});
