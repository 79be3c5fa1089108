/** A VM as it is started, refuses, is saved, paused and turned off. It has no system in it: it runs in its firmware. */
import { describe, expect, it } from 'vitest';
import { readyOf, story } from '../../pc.js';
import { failureOf, type Live } from '../suite.js';

const MiB = 2 ** 20;

export function powerSuite(live: () => Live): void {
  const started = async (name: string): Promise<string> => {
    const { pc, make } = live();
    const full = await make(name);
    const record = await pc.run(await pc.ready(full, { power: 'running' }));
    expect([record.outcome, (await pc.vm(full)).state]).toEqual(['done', 'Running']);
    return full;
  };

  describe('a VM that runs', () => {
    it('refuses what needs it to be off, each by an error that is understood', async () => {
      const { pc, ask } = live();
      const on = { vm: pc.id(await started('refuses')) };
      const refusals = {
        nesting: failureOf(await ask('Set-VMProcessor', { ExposeVirtualizationExtensions: true }, on)),
        dynamic: failureOf(await ask('Set-VMMemory', { DynamicMemoryEnabled: true }, on)),
        shutDown: failureOf(await ask('Stop-VM', {}, on)),
        savedState: failureOf(await ask('Remove-VMSavedState', {}, on)),
        resumed: failureOf(await ask('Resume-VM', {}, { vm: pc.id(await live().make('off')) })),
        limits: failureOf(await ask('Set-VMMemory', { MinimumBytes: 256 * MiB }, on)),
      };
      const stopAction = await ask('Set-VM', { AutomaticStopAction: 'TurnOff' }, on);
      live().recorder.found('stop action while it runs', 'rows' in stopAction ? 'taken' : (failureOf(stopAction).record?.id ?? '')); // prettier-ignore
      for (const [what, { record }] of Object.entries(refusals))
        live().recorder.found(`refused ${what}`, record?.id ?? '');
      expect(Object.entries(refusals).map(([what, { kind }]) => [what, kind])).toEqual([
        ['nesting', 'wrong-state'],
        ['dynamic', 'wrong-state'],
        ['shutDown', 'wrong-state'],
        ['savedState', 'wrong-state'],
        ['resumed', 'wrong-state'],
        ['limits', 'invalid-argument'],
      ]);
    });

    it('is not turned off by asking it to shut down, which it cannot, and is when that is agreed to', async () => {
      const { pc } = live();
      const name = await started('power');
      const asked = await pc.run(await pc.ready(name, { power: 'off' }, ['shut-down']));
      expect([asked.outcome, story(asked).at(-1), (await pc.vm(name)).state]).toEqual([
        'failed',
        'stopped, offer turn-off',
        'Running',
      ]);
      const turned = await pc.run(await pc.ready(name, { power: 'off' }, ['shut-down', 'turn-off']));
      expect([turned.outcome, (await pc.vm(name)).state]).toEqual(['done', 'Off']);
    });

    it('that was saved is changed when its saved state is dropped', async () => {
      const { pc, act } = live();
      const name = await started('saved');
      await act('save', name);
      expect((await pc.vm(name)).state).toBe('Saved');
      const want = { nesting: true, savedState: 'drop' } as const;
      const record = await pc.run(await pc.ready(name, want, ['drop-saved-state']));
      expect(record.outcome).toBe('done');
      expect(await pc.vm(name)).toMatchObject({ state: 'Off', nesting: true });
    });

    it('that was paused goes on when it is to run', async () => {
      const { pc, act } = live();
      const name = await started('paused');
      await act('suspend', name);
      expect((await pc.vm(name)).state).toBe('Paused');
      const record = await pc.run(await pc.ready(name, { power: 'running' }));
      expect([record.outcome, (await pc.vm(name)).state]).toEqual(['done', 'Running']);
    });

    it('is counted by the hypervisor, and counts no VMs of its own', async () => {
      const { pc, ask } = live();
      const name = await started('counted');
      const counters = await ask('Get-CimInstance/HyperVHypervisorVirtualProcessor', {});
      const own = ('rows' in counters ? counters.rows : []).filter((row) => row.Name?.startsWith(`${name}:Hv VP `));
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter(({ NestedVMEntriesPersec }) => !/^\d+$/.test(NestedVMEntriesPersec ?? ''))).toEqual([]);
      const hypervisor = await ask('Get-CimInstance/HyperVHypervisor', {});
      const processors = ('rows' in hypervisor ? hypervisor.rows : []).map((row) => Number(row.LogicalProcessors));
      expect(processors.some((count) => count > 0)).toBe(true);
      expect(await pc.vm(name)).toMatchObject({ nesting: false, inside: 'no' });
    });
  });

  describe('a VM that is started', () => {
    it('with nesting on runs, or is refused where the hypervisor underneath does not give it on', async () => {
      const { pc, make, recorder } = live();
      const name = await make('nested');
      await pc.run(await pc.ready(name, { nesting: true }));
      const record = await pc.run(await pc.ready(name, { power: 'running' }));
      const { state } = await pc.vm(name);
      recorder.found('nesting on, started', state ?? 'unread');
      const expected = process.env['HYPERNEST_LIVE_EXPOSE'] === 'refused' ? ['failed', 'Off'] : ['done', 'Running'];
      expect([record.outcome, state]).toEqual(expected);
    });

    it('with more memory than there is stays off, for want of memory', async () => {
      const { pc, make, ask, recorder } = live();
      const name = await make('large');
      const { computer } = (await pc.read()).host;
      const startup = Math.floor((computer?.memory ?? 0) / 2 ** 30 + 8) * 2 ** 30;
      await ask('Set-VMMemory', { StartupBytes: startup }, { vm: pc.id(name) });
      const failure = failureOf(await ask('Start-VM', {}, { vm: pc.id(name) }));
      recorder.found('refused for want of memory', failure.record?.id ?? '');
      expect([failure.kind, (await pc.vm(name)).state]).toEqual(['no-memory', 'Off']);
      expect(readyOf(await pc.plan(name, { memory: { startup: 512 * MiB } })).chains).toHaveLength(1);
    });
  });
}
