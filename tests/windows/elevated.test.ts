/**
 * What runs elevated, started by ShellExecute with the verb runas, over a pipe below ProtectedPrefix. Where Windows would ask a person
 * nothing of it runs. Wine has no UAC and no lists of rights: there it shows that the way works, and not who is kept off it.
 */
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { openElevatedSession, Taken, type Answer } from '../../src/powershell/elevation.js';
import { isGone } from '../powershell/killed-parent.js';
import { attemptFor, elevateOf, elevatesUnasked, foundShell, opened } from './this-windows.js';

const system = { cmdlet: 'Get-CimInstance/Win32_OperatingSystem', params: {}, at: thisPc } as const;

async function asked() {
  const shell = await foundShell();
  const { handshake } = await opened(shell);
  return { shell, handshake, elevate: elevateOf(shell, handshake) };
}
const exitCode = async (answer: Answer): Promise<number | null> => {
  if (answer.kind !== 'started') throw new Error(JSON.stringify(answer));
  return await answer.ended;
};

describe.runIf(await elevatesUnasked())('what runs elevated', () => {
  it('says how it ended, an HRESULT too', async () => {
    const { elevate } = await asked();
    expect(await exitCode(await elevate('exit 0'))).toBe(0);
    expect(await exitCode(await elevate('exit 4'))).toBe(4);
    const denied = 'trap { exit $_.Exception.HResult }\nthrow [UnauthorizedAccessException]::new()';
    expect(((await exitCode(await elevate(denied))) ?? 0) | 0).toBe(-2147024891);
  });

  it('serves who asked over a protected pipe, and ends with it', async () => {
    const { shell, handshake, elevate } = await asked();
    const attempt = attemptFor(shell, handshake);
    expect(attempt.address).toMatch(/^\\\\\.\\pipe\\ProtectedPrefix\\Administrators\\/);
    const session = await openElevatedSession(elevate, attempt);
    expect(session.handshake.identity?.isElevated).toBe(true);
    const [result] = await session.call([system]);
    expect(result).toMatchObject({ rows: [{ Caption: expect.stringContaining('Windows') as string }], errors: [] });
    await session.close();
    expect(await isGone(session.handshake.pid, 3000)).toBe(true);
  });

  it('gives another program that was there first nothing, and that is told', async () => {
    const { shell, handshake, elevate } = await asked();
    const attempt = attemptFor(shell, handshake);
    let heard = '';
    const taken = openElevatedSession(async (script) => {
      const answer = await elevate(script);
      const socket = await connected(attempt.address);
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.end('x'.repeat(attempt.payload.length * 2));
      return answer;
    }, attempt);
    await expect(taken).rejects.toBeInstanceOf(Taken);
    expect(heard).toBe('');
  });
});

/** The shell tells nobody when it begins to listen. */
async function connected(address: string): Promise<net.Socket> {
  for (;;) {
    const socket = net.connect(address);
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect'] as const),
      once(socket, 'error').then(() => ['error'] as const),
    ]).catch(() => ['error'] as const);
    if (event === 'connect') return socket;
  }
}
