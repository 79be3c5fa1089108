/** Whatever a host answers to a reading, the list of all PCs has its VMs, and those of the PCs after it. */
import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import fc from 'fast-check';
import { tick } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import App from '../../renderer/App.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { answersTo } from '../../src/core/cmdlets/batch.js';
import { cmdlets, enums, type CatalogEntry, type CmdletName } from '../../src/core/cmdlets/catalog.js';
import { textOf, thisPc, vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import type { Machine } from '../../src/core/machine/machine.js';
import { assembleMachine, snapshotCalls } from '../../src/core/machine/snapshot.js';
import type { HostState } from '../../src/ipc/schema.js';
import { framesIn, replyOf } from '../../src/powershell/frames.js';
import { resultsOf } from '../../src/powershell/protocol.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { guid, handshakeOf, hostOf, machineOf, now, vmOf } from '../unit/core/worlds.js';
import { fakeMain, ready } from './bridge.js';

const honest = hostNamed('host-ba9876543210');
const calls = snapshotCalls(otherPc);
const list = Object.values(calls);

/** Values that are right, nearly right, and nothing of the kind; few ids, so that many come twice. */
const value = fc.constantFrom<unknown>(
  ...Object.values(enums).flatMap((members) => members.slice(0, 3)),
  ...['Bogus', 'constructor', '', '10.0', '9'.repeat(30), '2026-01-01', '+275760-09-13T00:00:00Z', [1, 2], null],
  ...[0, -1, 2, 2 ** 53, 1e308, true, false],
);
const rowFor = (name: CmdletName): fc.Arbitrary<unknown[]> => {
  const { reads }: CatalogEntry = cmdlets[name];
  const id = fc.integer({ min: 1, max: 3 }).map(guid);
  return fc.tuple(...Object.keys(reads).map((column) => (['Id', 'VMId'].includes(column) ? id : value)));
};
const results = fc.tuple(
  ...list.map(({ cmdlet }) =>
    fc.record({
      rows: fc.array(rowFor(cmdlet), { maxLength: 4 }),
      errors: fc.array(fc.record({ fqid: fc.constantFrom('x', 'constructor') }), { maxLength: 2 }),
    }),
  ),
);

function machineFrom(told: unknown): Machine {
  const [frame] = framesIn(JSON.stringify({ id: 1, ok: true, results: told }));
  if (!frame) throw new Error('no frame');
  const answers = answersTo(calls, resultsOf(replyOf(frame, 0, list.length, true), list));
  const machine = assembleMachine(otherPc, answers, { handshake: handshakeOf(), now });
  // A PC that lacks what VMs need lists none.
  return { ...machine, host: hostOf() };
}
const known = (machine: Machine): HostState => ({
  ...nothingKnown({ kind: 'host' }),
  connection: { kind: 'ready', handshake: handshakeOf(), elevated: false },
  machine,
});
const rows = (): readonly string[] =>
  screen.queryAllByRole('option').map(({ id }) => id.replace(/^.*?-(?=this-pc|host-)/, ''));
const leave = (): void => {
  cleanup();
  app.show(thisPc);
  app.state = null;
  route.go({ page: 'machines' });
};
afterEach(leave);

it('has them', async () => {
  await fc.assert(
    fc.asyncProperty(results, async (told) => {
      leave();
      const machine = machineFrom(told);
      const others: readonly (readonly [HostId, Machine])[] = [
        [otherPc, machine],
        [honest, { ...machineOf(), at: honest }],
      ];
      const state = ready([vmOf(1)], {
        hosts: others.map(([id]) => ({ id, label: textOf(id), address: textOf(id) })),
        others: Object.fromEntries(others.map(([id, of]) => [textOf(id), known(of)])),
      });
      fakeMain({ memoryHistory: () => [], state: () => state });
      render(App);
      await waitFor(() => expect(app.state).not.toBeNull());
      app.showAll();
      await tick();
      const all = [
        vmIn(thisPc, guid(1)),
        ...(machine.vms ?? []).map(({ id }) => vmIn(otherPc, id)),
        vmIn(honest, guid(1)),
      ];
      expect(rows().toSorted()).toEqual(all.map(textOf).toSorted());
    }),
    { numRuns: 10 },
  );
});
