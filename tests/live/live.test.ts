/**
 * The app's bridge, planner, run and undo on the Hyper-V of this Windows (HYPERNEST_LIVE=1), or on the simulated one behind the real
 * engine. It makes VMs of its own and touches nothing else. docs/live.md says what it shows.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cmdlets, type CatalogEntry } from '../../src/core/cmdlets/catalog.js';
import { ifRead } from '../../src/core/machine/reading.js';
import { makingSuite } from './suites/making.js';
import { networkSuite } from './suites/network.js';
import { powerSuite } from './suites/power.js';
import { readsSuite } from './suites/reads.js';
import { serviceSuite } from './suites/service.js';
import { settingsSuite } from './suites/settings.js';
import { shellsSuite } from './suites/shells.js';
import { hasSsh, sshSuite } from './suites/ssh.js';
import { liveDuring } from './suite.js';
import { keptRecordings } from './recording.js';
import { decisions, differences } from './replay.js';
import { hasTarget, isLive } from './target.js';

/** Changes of the catalog that were carried out, and those that need a guest, a restart or the network of this PC. */
function sayChanges(asked: ReadonlySet<string>): void {
  const changes = Object.entries<CatalogEntry>(cmdlets).flatMap(([name, { kind }]) =>
    kind === 'change' ? [name] : [],
  );
  const left = changes.filter((name) => !asked.has(name));
  console.log(
    `Changes of the catalog carried out: ${String(changes.length - left.length)} of ${String(changes.length)}; not ${left.join(', ')}`,
  );
}

describe.skipIf(!(await hasTarget()))('Hyper-V', () => {
  const live = liveDuring();
  /** Of what is not ours. */
  const foreign = async () => {
    const { pc, target } = live();
    const { vms, host } = await pc.read();
    const isOurs = (name: string | undefined): boolean => name?.startsWith(target.prefix) === true;
    return {
      vms: (vms ?? [])
        .filter(({ name }) => !isOurs(name))
        .map(({ id, state, nesting, stopAction, memory, adapters }) => ({ id, state, nesting, stopAction, startup: memory.startup, adapters: (adapters ?? []).map((one) => [one.macSpoofing, one.switchId]) })), // prettier-ignore
      switches: ifRead(host.switches, [], (all) => all.filter(({ name }) => !isOurs(name)).map(({ id }) => id)),
    };
  };
  let before: Awaited<ReturnType<typeof foreign>> | undefined;
  beforeAll(async () => void (before = await foreign()));
  afterAll(() => sayChanges(live().recorder.cmdlets));

  const suites = [readsSuite, settingsSuite, powerSuite, makingSuite, networkSuite, shellsSuite, serviceSuite];
  for (const suite of hasSsh ? [...suites, sshSuite] : suites)
    describe(suite.name, () => {
      suite(live);
      // What is left of it would be read along with all that follows.
      afterAll(() => live().clean());
    });

  describe('what is not ours', () => {
    it('is as it was, and of ours nothing is left after cleaning up twice', async () => {
      const { target, pc } = live();
      expect(await foreign()).toEqual(before);
      await expect(target.act('suspend', 'nobody')).rejects.toThrow('Command failed');
      await target.act('clean');
      await target.act('clean');
      const { vms, host } = await pc.read();
      const names = [
        ...(vms ?? []).map(({ name }) => name),
        ...ifRead(host.switches, [], (all) => all.map(({ name }) => name ?? '')),
      ];
      expect(names.filter((name) => name.startsWith(target.prefix))).toEqual([]);
    });
  });

  if (!isLive)
    describe('recordings of a real Windows', () => {
      it('are compared with what is simulated, and each difference is printed', () => {
        const own = live().recorder.recording({});
        expect(own.calls.length).toBeGreaterThan(100);
        const kept = keptRecordings();
        if (kept.length === 0)
          console.log('No recording of a real Windows is checked in: nothing simulated was compared with one.');
        for (const { name, recording } of kept) {
          const found = differences(recording, own);
          console.log([`${name}: ${String(found.length)} differences`, ...found, ...decisions(recording)].join('\n  '));
        }
      });
    });
});
