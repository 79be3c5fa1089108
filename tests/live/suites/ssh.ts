/** This Windows as a host over SSH, by its own server (tests/live/sshd.ps1). Only where the folder of a key is given. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { hostSteps } from '../../../src/core/machine/hosts.js';
import { windowsFolder } from '../../../src/powershell/find.js';
import { acceptKey, openKnownHost, testHost } from '../../../src/powershell/host-test.js';
import { windowsSsh, type SshWay } from '../../../src/powershell/ssh.js';
import type { Live } from '../suite.js';

const folder = process.env['HYPERNEST_LIVE_SSH'] ?? '';

export const hasSsh = folder !== '';

export function sshSuite(live: () => Live): void {
  describe('this machine over SSH', () => {
    it('shows its key, is accepted, passes every step, and sees our VM', async () => {
      const { make, recorder, target } = live();
      const name = await make('ssh');
      const way: SshWay = {
        ssh: { ...windowsSsh(process.env, windowsFolder(process.env)), before: ['-F', path.resolve(folder, 'config')] },
        address: { user: os.userInfo().username, name: '127.0.0.1' },
        keys: path.resolve(folder, 'accepted keys'),
      };
      const options = { ...target.setup, standIn: undefined, readyWithin: 120_000 };
      const first = await testHost(way, options);
      expect(first.failed).toMatchObject({ step: 'host-key', failure: 'host-key-new' });
      expect(fs.readFileSync(path.join(folder, 'fingerprint'), 'utf8')).toContain(first.fingerprint?.sha256);
      if (first.fingerprint) expect(await acceptKey(way, first.fingerprint)).toBe(true);
      const began = performance.now();
      const passed = await testHost(way, options);
      recorder.seconds('test of a host over SSH', (performance.now() - began) / 1000);
      expect(passed).toMatchObject({ passed: hostSteps, machine: { name: os.hostname() } });
      const host = await openKnownHost(way, passed.machine?.id ?? '', options);
      // An administrator over SSH is elevated from the start.
      expect(host.handshake.identity?.isElevated).toBe(true);
      const [list] = await host.call([{ cmdlet: 'Get-VM', params: {}, at: thisPc }]);
      expect(readOf(list).rows?.map(({ Name }) => Name)).toContain(name);
      await host.close();
    });
  });
}
