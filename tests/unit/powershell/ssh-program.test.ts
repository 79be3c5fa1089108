/** How ssh is started, spoken with and ended, with a program in its place. */
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { HostTest } from '../../../src/core/machine/hosts.js';
import { openKnownHost, testHost } from '../../../src/powershell/host-test.js';
import { firstContact } from '../../../src/powershell/ssh.js';
import { first, folder, key, mine, options, says, second, shellThat, wayTo, whyNot } from './ssh-stand-in.js';

describe('ssh', () => {
  it('gives ssh the file as it is called, whatever ssh reads into its name', async () => {
    const way = wayTo('console.log(JSON.stringify(process.argv))');
    const { lines } = await firstContact(way, '/data of 50%h/keys.new');
    expect(JSON.parse(lines.join('\n'))).toEqual(
      expect.arrayContaining([
        'UserKnownHostsFile="/data of 50%%h/keys.new"',
        'GlobalKnownHostsFile="/data of 50%h/keys.new"',
      ]),
    );
  });

  // Not seen to pass under Wine yet.
  it.skipIf(process.platform === 'win32')(
    'ends when ssh has, though the ssh of a jump host holds its error stream',
    async () => {
      const pidFile = path.join(folder, 'holder.pid');
      const program = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const holder = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600000)'], { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
holder.unref();
writeFileSync(${JSON.stringify(pidFile)}, String(holder.pid));
${says('ssh: connect to host lab port 22: Connection refused')}`;
      const { failed } = await testHost(wayTo(program), options);
      // It lives, and holds the stream: nobody has waited for it.
      process.kill(Number(fs.readFileSync(pidFile, 'utf8')), 'SIGKILL');
      expect(failed?.failure).toBe('host-port-closed');
    },
  );

  it('tells an ssh that takes too long from one that is not there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const ended: HostTest[] = [];
      void testHost(wayTo('setInterval(() => 0, 1000);'), options).then((test) => ended.push(test));
      // It asks for the version of ssh before.
      for (; ended.length === 0; vi.advanceTimersByTime(30_000)) await setImmediate();
      expect(ended[0]?.failed).toMatchObject({ step: 'port', failure: 'host-not-answering' });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['/nowhere/ssh', 'nobody\0'])(
    'says that there is no ssh at %j, however it is not started',
    async (executable) => {
      for (const keys of [undefined, key(mine)]) {
        const way = wayTo('', keys);
        const { failed } = await testHost({ ...way, ssh: { ...way.ssh, executable } }, options);
        expect(failed).toMatchObject({ step: 'ssh-there', failure: 'ssh-missing' });
      }
    },
  );

  it.each(['stdout', 'stderr'])('is ended where its %s has no end, and nothing of it is kept', async (stream) => {
    const flood = `const more = () => process.${stream}.write('x'.repeat(1_000_000), more); more();`;
    const before = process.memoryUsage().heapUsed;
    expect(await whyNot(openKnownHost(wayTo(flood, key(mine)), first, options))).toMatchObject({
      kind: 'timed-out',
      shell: { how: 'not-understood' },
    });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(128 * 2 ** 20);
  });

  it.each(['FullLanguage', 'ConstrainedLanguage'])('is asked who it is, also where it says %s', async (mode) => {
    const way = wayTo(shellThat(mode, second), key(mine));
    expect(await whyNot(openKnownHost(way, first, options))).toEqual({ kind: 'other-machine' });
    await (await openKnownHost(way, second, options)).close();
  });

  it('is ended with its ssh where nobody waits for the test any more, and no other is begun', async () => {
    const began = path.join(folder, 'began');
    const program = `import fs from 'node:fs'; fs.appendFileSync(${JSON.stringify(began)}, process.pid + ' ');
process.stderr.write('debug1: Connection established.\\ndebug1: Remote protocol version 2.0\\n'); setInterval(() => 0, 1000);`;
    for (const keys of [undefined, key(mine)]) {
      fs.rmSync(began, { force: true });
      const stop = new AbortController();
      const heard: string[] = [];
      const test = await testHost(wayTo(program, keys), {
        ...options,
        signal: stop.signal,
        heard: (step) => {
          heard.push(step);
          if (step === 'port') stop.abort();
        },
      });
      expect(test.failed).toBeDefined();
      expect(heard).toEqual(['ssh-there', 'port']);
      const pids = fs.readFileSync(began, 'utf8').trim().split(' ').map(Number);
      expect(pids).toHaveLength(1);
      expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH');
    }
  });
});
