import { expect, test, vi } from 'vitest';
import { diagnostics, problemFiles } from '../../../src/shell/diagnostics.js';
import { redactor, type Named } from '../../../src/shell/redaction.js';
import type { AppState } from '../../../src/ipc/schema.js';
import { chainOf, eventsOf, planOf, runOf, stepEvent, stepOf } from '../renderer/fixtures.js';
import { readWorld } from './a-machine.js';
import { stateOf } from './a-state.js';

vi.mock('electron', () => ({ default: {} }));

const versions = { app: '1.2.3', electron: '45', node: '24', system: 'win32' };

async function reportOf(scenario: Parameters<typeof readWorld>[0]): Promise<{ text: string; state: AppState }> {
  const world = await readWorld(scenario);
  const state = stateOf(world);
  return { text: diagnostics(state, versions), state };
}

test.each(['workstation', 'hostile-names', 'not-admin'] as const)(
  'of %s tells what was found, and nothing of whom',
  async (scenario) => {
    const { text, state } = await reportOf(scenario);
    const { machine, connection } = state;
    const identity = connection.kind === 'ready' ? connection.handshake.identity : null;
    const secret = [
      machine?.host.name,
      identity?.account.split('\\')[1],
      identity?.sid,
      ...(machine?.vms ?? []).flatMap(({ id, name, adapters }) => [
        id,
        name.length < 3 || name.trim() === '' ? undefined : JSON.stringify(name).slice(1, -1),
        ...(adapters ?? []).map(({ macAddress }) => macAddress),
      ]),
      ...(machine?.host.switches ?? []).map(({ id }) => id),
    ];
    for (const one of secret) if (one) expect(text).not.toContain(one);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(text).toContain('"verdict"');
    expect(text).toContain('1.2.3');
  },
);

test.each(['workstation', 'hostile-names'] as const)(
  'the files of a report of %s tell nothing of whom',
  async (scenario) => {
    const { state } = await reportOf(scenario);
    const vm = state.machine?.vms?.find(({ name }) => name.length > 5 && name.trim() === name);
    if (!vm) throw new Error('a VM with a name');
    const chain = chainOf(
      [
        stepOf(vm.id, 1, 'setting', [
          { path: `${vm.id}/adapters/Microsoft:${vm.id}\\1/switch`, from: 'Payroll LAN', to: null },
        ]),
        stepOf(vm.id, 2, 'inside', [{ path: `${vm.id}/made/nat/secret-nat`, from: null, to: '10.9.8.0/24' }]),
      ],
      { vm: vm.id, name: vm.name },
    );
    const failure = {
      kind: 'unknown' as const,
      record: { id: 'x', category: 'y', message: `'${vm.name}' is at 10.9.8.7` },
    };
    const run = runOf(planOf([chain]), eventsOf(stepEvent(chain, 0, 'failed', { failure })), { outcome: 'failed' });
    const account = { at: [vm.id], machine: vm.name, userName: 'CORP\\carol' };
    const log = `reading: ${vm.id}\n at D:\\VMs\\payroll old.vhdx, C:\\Users\\carol\\x.js:1`;
    const files = problemFiles({ ...state, runs: [run], accounts: [account] }, versions, log);
    expect(files.map(({ name }) => name)).toEqual(['report.json', 'runs.json', 'hypernest.log']);
    const text = files.map((file) => file.text).join('\n');
    for (const secret of [
      vm.id,
      JSON.stringify(vm.name).slice(1, -1),
      'Payroll',
      'payroll',
      'secret-nat',
      '10.9.8',
      'carol',
    ])
      expect(text).not.toContain(secret);
    const [, runs, told] = files;
    // One VM is one chip over all files.
    const chip = /reading: (<VM-\d+>)/.exec(told?.text ?? '')?.[1];
    expect(chip).toBeDefined();
    expect(runs?.text).toContain(`"vm": "${chip ?? ''}"`);
    expect(runs?.text).toContain('"state": "failed"');
  },
);

const redacted = (value: unknown, names: readonly Named[]): unknown => redactor(names)(value);

test('the same thing keeps its chip, so that the report can be followed', () => {
  const names: readonly Named[] = [
    { kind: 'VM', texts: ['11111111-0000-4000-8000-000000000001', 'dev'] },
    { kind: 'VM', texts: ['dev-box'] },
  ];
  const found = redacted(['dev', 'dev-box runs', 'id 11111111-0000-4000-8000-000000000001', 'developer'], names);
  expect(found).toEqual(['<VM-1>', '<VM-2> runs', 'id <VM-1>', 'developer']);
});

test('what nobody has named is found by its shape', () => {
  expect(redacted('00:15:5d:01:02:03 192.168.1.20 S-1-5-21-1-2-3-1001 C:\\Users\\mei\\x', [])).toBe(
    '<MAC-1> <address-1> <SID-1> C:\\Users\\<folder-1>\\x',
  );
});

test('a VM that is called like a word of the report does not take it apart', () => {
  const names: readonly Named[] = [
    { kind: 'VM', texts: ['state'] },
    { kind: 'VM', texts: ['"'] },
  ];
  expect(redacted({ state: 'it is "off"', host: 'state' }, names)).toEqual({ state: 'it is "off"', host: '<VM-1>' });
});

test('a key that names a thing is taken out, one that names a property stays', () => {
  const names: readonly Named[] = [{ kind: 'VM', texts: ['11111111-0000-4000-8000-000000000001', 'state'] }];
  expect(redacted({ state: 1, '11111111-0000-4000-8000-000000000001': 2 }, names)).toEqual({ state: 1, '<VM-1>': 2 });
});
